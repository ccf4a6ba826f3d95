"""A payment as the rules of a policy see it: drawn from the bytes to be signed, not from what anyone claims."""

from dataclasses import dataclass
from datetime import datetime

from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, TxOutput
from sekisho.requests.request import PaymentRequest


@dataclass(frozen=True, slots=True)
class Payment:
    """What leaves, for whom, and at whose request.

    Nothing is checked here: in a transaction that the comparison refuses anyway, amounts can be negative and `inputs`
    incomplete. Every rule has to give an answer for those too.
    """

    request: PaymentRequest
    payees: tuple[TxOutput, ...]
    """Every output of the transaction that is not proved change."""
    fee: Sats
    """Inputs minus outputs."""
    vsize: int
    """Virtual bytes of the transaction once it is signed, at the most: each input by the heaviest way to spend it."""
    inputs: tuple[Coin, ...]
    change: tuple[TxOutput, ...]
    """Outputs proved to be the wallet's own change."""
    now: datetime

    @property
    def leaving(self) -> Sats:
        """What the payees receive."""
        return Sats(sum(payee.sats for payee in self.payees))

    @property
    def cost(self) -> Sats:
        """All that the wallet loses: what the payees receive, and the fee. Own change costs nothing but its fee."""
        return Sats(self.leaving + self.fee)

    @property
    def received(self) -> tuple[tuple[Script, Sats], ...]:
        """What each script receives, all outputs to it together; in the order in which they first appear."""
        sums: dict[Script, int] = {}
        for payee in self.payees:
            sums[payee.script] = sums.get(payee.script, 0) + payee.sats
        return tuple((script, Sats(total)) for script, total in sums.items())
