"""What happened, in the order it happened, so that nobody can quietly rewrite it."""
