"""Case and policy in, verdict out, and only then a signature."""
