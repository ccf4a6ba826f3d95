"""A barrier in front of a bitcoin wallet: a payment leaves only if it is the payment that was asked for."""

__version__ = "0.1.0"
