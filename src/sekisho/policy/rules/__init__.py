"""One rule, one file: what it asks about the past, what it objects to, and its reasons."""
