"""Repositories that are elsewhere: fetched into memory, and read before anything of them is on disk."""
