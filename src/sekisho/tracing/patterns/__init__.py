"""Shapes that tell what a transaction was for: one rule a file, each with its guard and its measured error."""
