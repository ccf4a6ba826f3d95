"""Which bitcoin: the chains a request, a wallet or an address can belong to."""

from enum import StrEnum


class Network(StrEnum):
    """The networks sekisho knows, by the names written in requests and wallet files."""

    MAIN = "main"
    TESTNET4 = "testnet4"
    SIGNET = "signet"
    REGTEST = "regtest"
