"""Why a block does not go onto a chain."""

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats
from sekisho.errors import SekishoError


def _where(height: int | None) -> str:
    return "a loose transaction" if height is None else f"the block at height {height}"


class UnfitBlock(SekishoError):
    """A block that contradicts the chain before it, or itself."""

    def __init__(self, height: int | None, why: str) -> None:
        super().__init__(f"{_where(height)} {why}")
        self.height, self.why = height, why


class BadSpend(UnfitBlock):
    """An input that spends what it cannot. Its transaction is counted from 0 in the block."""

    def __init__(self, height: int | None, transaction: int, coin: OutPoint, why: str) -> None:
        super().__init__(height, f"spends {coin}, which {why}")
        self.transaction, self.coin = transaction, coin


class BadSum(UnfitBlock):
    """A transaction, counted from 0 in the block, whose amounts cannot be."""

    def __init__(self, height: int | None, transaction: int, why: str) -> None:
        super().__init__(height, f"has amounts that cannot be: transaction {transaction} {why}")
        self.transaction = transaction


class GreedyCoinbase(UnfitBlock):
    """A coinbase that takes more than subsidy and fees."""

    def __init__(self, height: int, claimed: Sats, allowed: Sats) -> None:
        super().__init__(height, f"claims {claimed} sats, where subsidy and fees are {allowed}")
        self.claimed, self.allowed = claimed, allowed


class OutOfOrder(UnfitBlock):
    """A block that does not stand above all before it."""

    def __init__(self, height: int | None, last: int) -> None:
        super().__init__(height, f"cannot come behind height {last}")
        self.last = last
