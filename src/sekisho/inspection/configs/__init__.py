"""Configuration that runs things: what each kind of file starts, and when."""
