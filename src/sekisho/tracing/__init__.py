"""Where stolen coins went: exact to the satoshi, by six methods, each hop with its arithmetic."""
