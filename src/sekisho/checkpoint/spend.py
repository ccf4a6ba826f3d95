"""What is about to be spent: a transaction, the coins behind its inputs, and where to look for our own scripts."""

from dataclasses import dataclass

from sekisho.bitcoin.transaction import Coin, Transaction


@dataclass(frozen=True, slots=True)
class Spend:
    """A transaction, finished or not, as the comparison sees it.

    `coins` stands input by input; None where nothing says what the input spends. `hints` are address indexes that the
    PSBT claims for its scripts: they say where to look first and prove nothing, since a script is ours only when
    deriving it from the wallet gives the same bytes.
    """

    transaction: Transaction
    coins: tuple[Coin | None, ...]
    hints: frozenset[int] = frozenset()
