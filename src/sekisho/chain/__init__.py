"""Where blocks come from. Here: a chain of our own, validated by Bitcoin Core's code in this process."""
