"""Bitcoin Core's own block and undo files, read while the node runs or not."""
