"""How large a simulated chain shall be, and what shall happen in it."""

from dataclasses import dataclass

from sekisho.errors import SekishoError

FIRST_SPENDABLE = 101
"""The height from which there is something to spend."""

MIN_BLOCKS = 200
MAX_BLOCKS = 20_000
MAX_BLOCK_BYTES = 1_200_000
"""More does not fit into a block for sure, as few of its bytes are witness."""

MAX_OVERTAKEN = 100
"""Within so many blocks nobody spends a reward that the other branch does not have."""


class UnfitSettings(SekishoError):
    """No chain can be so."""

    def __init__(self, why: str) -> None:
        super().__init__(f"no such chain can be simulated: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Settings:
    """The same settings give the same bytes. Raises UnfitSettings."""

    seed: int = 1
    blocks: int = 300
    megabytes: int = 5
    """Of block data, about; 10^6 bytes each."""
    thefts: int = 1
    overtaken: int = 0
    """Blocks at the end that a branch one longer takes the place of: 0 to 100."""

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**63:
            raise UnfitSettings(f"the seed {self.seed} is not between 0 and 2^63")
        if not MIN_BLOCKS <= self.blocks <= MAX_BLOCKS:
            raise UnfitSettings(f"{self.blocks} blocks; it takes {MIN_BLOCKS} to {MAX_BLOCKS}")
        most = (self.blocks - FIRST_SPENDABLE) * MAX_BLOCK_BYTES // 1_000_000
        if not 1 <= self.megabytes <= most:
            raise UnfitSettings(f"{self.megabytes} MB; {self.blocks} blocks hold 1 to {most}")
        if not 0 <= self.thefts <= 5:
            raise UnfitSettings(f"{self.thefts} thefts; there can be 0 to 5")
        if not 0 <= self.overtaken <= MAX_OVERTAKEN:
            raise UnfitSettings(f"{self.overtaken} blocks overtaken; there can be 0 to {MAX_OVERTAKEN}")

    @property
    def block_bytes(self) -> int:
        """Of transactions in each block that can have some."""
        return self.megabytes * 1_000_000 // (self.blocks - FIRST_SPENDABLE + 1)

    @property
    def users(self) -> int:
        """How many people pay each other."""
        return min(80 + 12 * self.megabytes, 4_000)

    @property
    def exchanges(self) -> int:
        """Each can be robbed once."""
        return max(2, self.thefts)
