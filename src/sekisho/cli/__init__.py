"""Words in, words out: the command line translates, and decides nothing."""
