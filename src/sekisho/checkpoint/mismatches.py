"""What the comparison can object to: one reason each, with the facts that show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats, btc
from sekisho.bitcoin.script import Script
from sekisho.policy.rules.look_alike import DEFAULT_CHARACTERS, shared
from sekisho.requests.request import Payee
from sekisho.verdicts import Reason


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an output pays to: its script, and the address people know it by where it has one."""

    script: Script
    address: str | None

    @classmethod
    def of(cls, script: Script, network: Network) -> "Destination":
        """The destination of an output on `network`."""
        return cls(script, show_address(script, network))

    def __str__(self) -> str:
        return self.address or f"script {self.script.hex() or '(empty)'}"


@dataclass(frozen=True, slots=True)
class WrongNetwork(Reason):
    """The request is for another network than the wallet."""

    code: ClassVar[str] = "wrong-network"
    request: Network
    wallet: Network

    def __str__(self) -> str:
        return f"the request is for {self.request}, the wallet is on {self.wallet}"


@dataclass(frozen=True, slots=True)
class WrongWallet(Reason):
    """The request names another wallet."""

    code: ClassVar[str] = "wrong-wallet"
    asked: bytes
    wallet: bytes

    def __str__(self) -> str:
        return f"the request asks wallet {self.asked.hex()[:16]}… to pay, this is {self.wallet.hex()[:16]}…"


@dataclass(frozen=True, slots=True)
class NoInputs(Reason):
    """The transaction spends nothing."""

    code: ClassVar[str] = "no-inputs"

    def __str__(self) -> str:
        return "the transaction spends no coin"


@dataclass(frozen=True, slots=True)
class DuplicateInput(Reason):
    """One coin is spent more than once."""

    code: ClassVar[str] = "duplicate-input"
    outpoint: OutPoint
    times: int

    def __str__(self) -> str:
        return f"coin {self.outpoint} is spent {self.times} times"


@dataclass(frozen=True, slots=True)
class UnknownCoin(Reason):
    """Nothing says what an input spends."""

    code: ClassVar[str] = "unknown-coin"
    outpoint: OutPoint

    def __str__(self) -> str:
        return f"nothing says what coin {self.outpoint} holds"


@dataclass(frozen=True, slots=True)
class ForeignInput(Reason):
    """An input spends a coin that is not the wallet's."""

    code: ClassVar[str] = "foreign-input"
    outpoint: OutPoint
    script: Script

    def __str__(self) -> str:
        return f"coin {self.outpoint} does not belong to the wallet"


@dataclass(frozen=True, slots=True)
class AmountOutOfRange(Reason):
    """An amount that cannot exist: negative, or more than all bitcoin there will ever be."""

    code: ClassVar[str] = "amount-out-of-range"
    where: str
    amount: int

    def __str__(self) -> str:
        return f"{self.where} holds {self.amount:,} sats, which cannot exist"


@dataclass(frozen=True, slots=True)
class OutputsExceedInputs(Reason):
    """The transaction pays out more than it spends."""

    code: ClassVar[str] = "outputs-exceed-inputs"
    excess: int

    def __str__(self) -> str:
        return f"the outputs hold {self.excess:,} sats more than the inputs"


@dataclass(frozen=True, slots=True)
class ChangeToReceiveAddress(Reason):
    """An output nobody asked for goes to the receive branch: ours to derive, but it may be a customer's address."""

    code: ClassVar[str] = "change-to-receive-address"
    output: int
    index: int

    def __str__(self) -> str:
        return f"output {self.output} goes to receive address {self.index}, which may be a customer's; change does not"


@dataclass(frozen=True, slots=True)
class ChangeBeyondGap(Reason):
    """Change so far along the branch that no wallet software would find it again."""

    code: ClassVar[str] = "change-beyond-gap"
    output: int
    index: int
    known: int

    def __str__(self) -> str:
        return f"output {self.output} is change at index {self.index}, too far past {self.known}, the highest known"


@dataclass(frozen=True, slots=True)
class SecondChange(Reason):
    """More than one output of change."""

    code: ClassVar[str] = "second-change"
    output: int
    sats: Sats

    def __str__(self) -> str:
        return f"output {self.output} is a second output of change ({self.sats:,} sats)"


@dataclass(frozen=True, slots=True)
class AmountAltered(Reason):
    """A payee of the request is paid another amount than was asked for."""

    code: ClassVar[str] = "amount-altered"
    output: int
    address: str
    asked_sats: Sats
    paid_sats: Sats

    def __str__(self) -> str:
        return f"output {self.output} pays {self.address} {self.paid_sats:,} sats; asked for were {self.asked_sats:,}"


@dataclass(frozen=True, slots=True)
class PayeeAltered(Reason):
    """Someone stands where a payee of the request should."""

    code: ClassVar[str] = "payee-altered"
    output: int
    asked: str
    paid: Destination
    asked_sats: Sats
    paid_sats: Sats

    def __str__(self) -> str:
        return (
            f"output {self.output} pays {btc(self.paid_sats)} to {self.paid}; "
            f"asked for was {btc(self.asked_sats)} to {self.asked}"
        )


@dataclass(frozen=True, slots=True)
class UnrequestedOutput(Reason):
    """The transaction pays someone the request never named."""

    code: ClassVar[str] = "unrequested-output"
    output: int
    paid: Destination
    sats: Sats

    def __str__(self) -> str:
        return f"output {self.output} pays {self.sats:,} sats to {self.paid}, whom the request does not name"


@dataclass(frozen=True, slots=True)
class LookAlikeOfPayee(Reason):
    """An output pays an address made to be taken for a payee's."""

    code: ClassVar[str] = "look-alike-of-payee"
    output: int
    paid: str
    payee: str
    head: int
    tail: int

    def __str__(self) -> str:
        return (
            f"{self.paid} looks like the payee {self.payee}: "
            f"{self.head} characters alike after the common prefix, {self.tail} at the end"
        )


@dataclass(frozen=True, slots=True)
class PayeeMissing(Reason):
    """A payee of the request is not paid."""

    code: ClassVar[str] = "payee-missing"
    address: str
    sats: Sats

    def __str__(self) -> str:
        return f"nothing pays {self.address} the {self.sats:,} sats asked for"


@dataclass(frozen=True, slots=True)
class FeeOverCeiling(Reason):
    """The fee is more than the request allows."""

    code: ClassVar[str] = "fee-over-ceiling"
    fee_sats: Sats
    ceiling_sats: Sats

    def __str__(self) -> str:
        return f"the fee is {self.fee_sats:,} sats; the request allows {self.ceiling_sats:,}"


@dataclass(frozen=True, slots=True)
class UnknownVersion(Reason):
    """A transaction version that nodes do not relay, or that changes how it may be replaced."""

    code: ClassVar[str] = "unknown-version"
    version: int

    def __str__(self) -> str:
        return f"transaction version {self.version} is neither 1 nor 2"


@dataclass(frozen=True, slots=True)
class LockedTooLong(Reason):
    """The transaction waits for a height that the chain will not have when the request expires."""

    code: ClassVar[str] = "locked-too-long"
    locktime: int
    height: int

    def __str__(self) -> str:
        return (
            f"it cannot be mined before block {self.locktime:,}; by the request's end there are at most {self.height:,}"
        )


@dataclass(frozen=True, slots=True)
class LocktimeIsATime(Reason):
    """The transaction waits for a time of day instead of a height."""

    code: ClassVar[str] = "locktime-is-a-time"
    locktime: int

    def __str__(self) -> str:
        return f"the locktime {self.locktime} is a time, not a height"


@dataclass(frozen=True, slots=True)
class SequenceTooLow(Reason):
    """An input carries a relative lock: the door to a recovery path."""

    code: ClassVar[str] = "sequence-too-low"
    outpoint: OutPoint
    sequence: int

    def __str__(self) -> str:
        return f"coin {self.outpoint} is spent with sequence {self.sequence:08x}, below fffffffd"


def look_alikes(output: int, paid: Destination, payees: tuple[Payee, ...]) -> Iterator[LookAlikeOfPayee]:
    """The payee that the address of an unrequested output is most like, if it could be mistaken for it."""
    if paid.address is None or not payees:
        return
    near = ((shared(address, paid.address), address) for address in dict.fromkeys(payee.address for payee in payees))
    (head, tail), payee = max(near, key=lambda each: sum(each[0]))
    if head + tail >= DEFAULT_CHARACTERS:
        yield LookAlikeOfPayee(output, paid.address, payee, head, tail)
