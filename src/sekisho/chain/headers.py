"""Block headers: proof of work, and what it is worth."""

from dataclasses import dataclass
from functools import lru_cache

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.errors import SekishoError

HEADER_BYTES = 80

GENESIS = {
    network: bytes.fromhex(shown)[::-1]
    for network, shown in {
        Network.MAIN: "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
        Network.TESTNET4: "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
        Network.SIGNET: "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
        Network.REGTEST: "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
    }.items()
}
"""The hash of each network's first block, in hashing order (Bitcoin Core, kernel/chainparams.cpp)."""

_EASIEST = {
    Network.MAIN: 0x1D00FFFF,
    Network.TESTNET4: 0x1D00FFFF,
    Network.SIGNET: 0x1E0377AE,
    Network.REGTEST: 0x207FFFFF,
}


class BadHeader(SekishoError):
    """A block header that no miner made."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a block header: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Header:
    """What a block's first 80 bytes say that tracing needs; hashes are 32 bytes in hashing order."""

    hash: bytes
    previous: bytes
    merkle_root: bytes
    time: int
    bits: int


def parse_header(raw: bytes, network: Network) -> Header:
    """Read 80 bytes whose hash meets their own target, which may not be easier than the network's easiest.

    That the target is the one the network asked for at that height is not checked: it takes the blocks before. Raises
    BadHeader.
    """
    if len(raw) != HEADER_BYTES:
        raise BadHeader(f"{len(raw)} bytes instead of {HEADER_BYTES}")
    bits = int.from_bytes(raw[72:76], "little")
    target = target_of(bits)
    if target is None or target > _easiest(network):
        raise BadHeader(f"{bits:#010x} is no target on {network}")
    digest = sha256d(raw)
    if int.from_bytes(digest, "little") > target:
        raise BadHeader("its hash is above its target")
    return Header(digest, raw[4:36], raw[36:68], int.from_bytes(raw[68:72], "little"), bits)


@lru_cache(maxsize=4096)
def target_of(bits: int) -> int | None:
    """The target that its compact form stands for; None where Bitcoin Core calls it negative, zero or too large.

    Source: arith_uint256::SetCompact, DeriveTarget.
    """
    size, mantissa = bits >> 24, bits & 0x007FFFFF
    value = mantissa << 8 * (size - 3) if size > 3 else mantissa >> 8 * (3 - size)
    negative = bits & 0x00800000
    return None if negative or value == 0 or value >= 1 << 256 else value


@lru_cache(maxsize=4096)
def work_of(bits: int) -> int:
    """How many hashes it takes on average to meet a target; 0 for one that is none (Bitcoin Core, GetBlockProof)."""
    target = target_of(bits)
    return 0 if target is None else (1 << 256) // (target + 1)


@lru_cache(maxsize=len(Network))
def _easiest(network: Network) -> int:
    return target_of(_EASIEST[network]) or 0
