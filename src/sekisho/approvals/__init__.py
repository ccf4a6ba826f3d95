"""Who may say yes, with which device, and whether enough of them did."""
