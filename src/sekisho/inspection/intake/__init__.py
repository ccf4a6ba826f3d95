"""From a path to virtual files: read once, in memory, within a budget."""
