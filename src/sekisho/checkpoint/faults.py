"""What can be wrong with a PSBT apart from what it pays: one reason each, with the facts that show it."""

from dataclasses import dataclass
from typing import ClassVar

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.verdicts import Reason


@dataclass(frozen=True, slots=True)
class ReadersDisagree(Reason):
    """Two independent readers read different values from the same bytes."""

    code: ClassVar[str] = "readers-disagree"
    difference: str

    def __str__(self) -> str:
        return f"independent readers of the PSBT disagree: {self.difference}"


@dataclass(frozen=True, slots=True)
class StillModifiable(Reason):
    """The PSBT says that inputs or outputs may still be added (BIP-370, PSBT_GLOBAL_TX_MODIFIABLE)."""

    code: ClassVar[str] = "still-modifiable"
    flags: int

    def __str__(self) -> str:
        return f"the PSBT is still open to changes (modifiable flags {self.flags:#04x})"


@dataclass(frozen=True, slots=True)
class NoLocktime(Reason):
    """The inputs ask for locktimes that no transaction can satisfy together (BIP-370, "Determining Lock Time")."""

    code: ClassVar[str] = "no-locktime"

    def __str__(self) -> str:
        return "no locktime satisfies all inputs: some need a height, some a time"


@dataclass(frozen=True, slots=True)
class TooManyIndexes(Reason):
    """The PSBT claims so many address indexes that looking at them all would keep everyone else waiting."""

    code: ClassVar[str] = "too-many-indexes"
    claimed: int
    most: int

    def __str__(self) -> str:
        return f"the PSBT claims {self.claimed:,} address indexes, more than the {self.most:,} its size explains"


@dataclass(frozen=True, slots=True)
class WrongPreviousTransaction(Reason):
    """The previous transaction given is not the one that made the coin."""

    code: ClassVar[str] = "wrong-previous-transaction"
    outpoint: OutPoint

    def __str__(self) -> str:
        return f"the previous transaction given for coin {self.outpoint} is another one"


@dataclass(frozen=True, slots=True)
class PreviousTransactionMissing(Reason):
    """A segwit v0 amount that nothing proves."""

    code: ClassVar[str] = "previous-transaction-missing"
    outpoint: OutPoint

    def __str__(self) -> str:
        return f"the amount of coin {self.outpoint} is only claimed: its previous transaction is not in the PSBT"


@dataclass(frozen=True, slots=True)
class WitnessUtxoLies(Reason):
    """The claimed output differs from the one in the previous transaction."""

    code: ClassVar[str] = "witness-utxo-lies"
    outpoint: OutPoint
    claimed_sats: int
    proved_sats: int

    def __str__(self) -> str:
        return (
            f"coin {self.outpoint} is claimed to hold {self.claimed_sats:,} sats; "
            f"its previous transaction says {self.proved_sats:,}, or another script"
        )


@dataclass(frozen=True, slots=True)
class ScriptDoesNotMatch(Reason):
    """A script in the PSBT is not the one the wallet derives for this coin."""

    code: ClassVar[str] = "script-does-not-match"
    outpoint: OutPoint
    what: str

    def __str__(self) -> str:
        return f"the {self.what} given for coin {self.outpoint} is not the wallet's"


@dataclass(frozen=True, slots=True)
class SighashNotAll(Reason):
    """A signature that would not cover the whole transaction is asked for, or present."""

    code: ClassVar[str] = "sighash-not-all"
    outpoint: OutPoint
    sighash: int

    def __str__(self) -> str:
        return f"coin {self.outpoint} has sighash type {self.sighash:#04x}, which does not cover the whole transaction"


@dataclass(frozen=True, slots=True)
class ForeignSignature(Reason):
    """A signature by a key that has no place in the wallet's script."""

    code: ClassVar[str] = "foreign-signature"
    outpoint: OutPoint
    public_key: bytes

    def __str__(self) -> str:
        return f"coin {self.outpoint} carries a signature by {self.public_key.hex()}, a key not in its script"


@dataclass(frozen=True, slots=True)
class RecoverySignature(Reason):
    """A recovery key signed an ordinary spend: the same signature would open the recovery path later."""

    code: ClassVar[str] = "recovery-signature"
    outpoint: OutPoint
    public_key: bytes

    def __str__(self) -> str:
        return f"coin {self.outpoint} carries a signature by the recovery key {self.public_key.hex()}"


@dataclass(frozen=True, slots=True)
class FalseSignature(Reason):
    """A signature that does not verify over this transaction."""

    code: ClassVar[str] = "false-signature"
    outpoint: OutPoint
    public_key: bytes

    def __str__(self) -> str:
        return f"the signature by {self.public_key.hex()} on coin {self.outpoint} is not over this transaction"


@dataclass(frozen=True, slots=True)
class AlreadyFinal(Reason):
    """An input is finalised before the cosigner signed."""

    code: ClassVar[str] = "already-final"
    outpoint: OutPoint

    def __str__(self) -> str:
        return f"coin {self.outpoint} is already finalised"
