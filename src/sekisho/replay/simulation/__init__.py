"""A made-up economy on a regtest chain: exchanges, users, mixes, thefts, and the truth about each transaction.

Every block goes through Bitcoin Core's validation and lies in Core's own files afterwards. The same settings give the
same bytes.
"""
