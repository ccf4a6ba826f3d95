"""What `make prove` runs: the laws, at a size that takes minutes, with the counts printed."""
