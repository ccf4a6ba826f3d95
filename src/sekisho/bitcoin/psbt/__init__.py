"""Partially signed transactions (BIP-174, BIP-370, BIP-371, BIP-373): read strictly, and by more than one reader."""
