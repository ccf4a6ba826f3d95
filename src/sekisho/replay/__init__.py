"""The DMM theft, act by act, against a live regtest chain of our own; and the real one, read from its transactions."""
