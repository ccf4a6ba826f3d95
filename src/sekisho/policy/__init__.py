"""What may leave, when, and how fast."""
