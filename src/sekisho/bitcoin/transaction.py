"""Transactions as frozen values, read and written strictly."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.wire import Reader, compact_size, sized
from sekisho.errors import SekishoError

MAX_TRANSACTION_BYTES = 4_000_000
"""A block's weight limit in bytes of witness (BIP-141): nothing longer can be mined."""


class MalformedTransaction(SekishoError):
    """Bytes that are not one whole transaction and nothing else."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a transaction: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class TxInput:
    """One coin being spent, and what is offered to spend it."""

    outpoint: OutPoint
    sequence: int
    script_sig: bytes = b""
    witness: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TxOutput:
    """An amount and the script that can spend it.

    `sats` is unchecked here: a hostile transaction may claim any 64-bit number, read as signed like Bitcoin Core does.
    """

    sats: Sats
    script: Script


@dataclass(frozen=True, slots=True)
class Coin:
    """A spendable output, and where it is."""

    outpoint: OutPoint
    sats: Sats
    script: Script


@dataclass(frozen=True)
class Transaction:
    """A transaction, signed or not."""

    version: int
    inputs: tuple[TxInput, ...]
    outputs: tuple[TxOutput, ...]
    locktime: int

    @cached_property
    def txid(self) -> Txid:
        """Double SHA-256 of the serialisation without witnesses, in hashing order."""
        return Txid(sha256(sha256(self.serialize(witness=False)).digest()).digest())

    def coin(self, vout: int) -> Coin:
        """Output `vout` as a coin. Raises IndexError when there is none."""
        output = self.outputs[vout]
        return Coin(OutPoint(self.txid, vout), output.sats, output.script)

    def unsigned(self) -> "Transaction":
        """The same transaction with every scriptSig and witness removed."""
        bare = tuple(TxInput(each.outpoint, each.sequence) for each in self.inputs)
        return Transaction(self.version, bare, self.outputs, self.locktime)

    def serialize(self, *, witness: bool = True) -> bytes:
        """The wire bytes: BIP-144 with witnesses where there are any, otherwise the older form."""
        with_witness = witness and any(each.witness for each in self.inputs)
        parts = [self.version.to_bytes(4, "little", signed=True)]
        if with_witness:
            parts.append(b"\x00\x01")
        parts.append(compact_size(len(self.inputs)))
        for each in self.inputs:
            parts += (each.outpoint.txid, each.outpoint.vout.to_bytes(4, "little"), sized(each.script_sig))
            parts.append(each.sequence.to_bytes(4, "little"))
        parts.append(compact_size(len(self.outputs)))
        for output in self.outputs:
            parts += (output.sats.to_bytes(8, "little", signed=True), sized(output.script))
        if with_witness:
            for each in self.inputs:
                parts.append(compact_size(len(each.witness)))
                parts += map(sized, each.witness)
        parts.append(self.locktime.to_bytes(4, "little"))
        return b"".join(parts)

    @property
    def weight(self) -> int:
        """Weight units: three times the size without witnesses, plus the whole size (BIP-141)."""
        return 3 * len(self.serialize(witness=False)) + len(self.serialize())

    @property
    def vsize(self) -> int:
        """Virtual bytes: a quarter of the weight, rounded up (BIP-141)."""
        return -(-self.weight // 4)


def parse_transaction(raw: bytes, *, allow_witness: bool = True) -> Transaction:
    """Read exactly one transaction: every byte used, every length in its shortest form.

    With `allow_witness=False` the bytes must be in the form without witnesses, as in a PSBT's unsigned transaction
    (BIP-174, PSBT_GLOBAL_UNSIGNED_TX). Raises MalformedTransaction, and nothing else, whatever the bytes.
    """
    if len(raw) > MAX_TRANSACTION_BYTES:
        raise MalformedTransaction(f"{len(raw)} bytes is more than a block can hold")
    reader = Reader(raw, MalformedTransaction)
    transaction = read_transaction(reader, allow_witness=allow_witness)
    reader.end()
    return transaction


def read_transaction(reader: Reader, *, allow_witness: bool = True) -> Transaction:
    """Read the transaction that comes next, as in a block. Raises the reader's own error, or MalformedTransaction."""
    version = int.from_bytes(reader.take(4), "little", signed=True)
    segwit = allow_witness and reader.peek(2) == b"\x00\x01"
    if segwit:
        reader.take(2)
    inputs = [_input(reader) for _ in range(reader.count(41))]
    outputs = [read_output(reader) for _ in range(reader.count(9))]
    if segwit:
        inputs = [_with_witness(each, reader) for each in inputs]
        if not any(each.witness for each in inputs):
            raise MalformedTransaction("witness flag without a witness")
    return Transaction(version, tuple(inputs), tuple(outputs), reader.u32())


def parse_output(raw: bytes) -> TxOutput:
    """Read exactly one serialised output, as in a PSBT's witness UTXO. Raises MalformedTransaction."""
    reader = Reader(raw, MalformedTransaction)
    output = read_output(reader)
    reader.end()
    return output


def parse_witness(raw: bytes) -> tuple[bytes, ...]:
    """Read exactly one serialised witness stack. Raises MalformedTransaction."""
    reader = Reader(raw, MalformedTransaction)
    stack = tuple(reader.sized() for _ in range(reader.count(1)))
    reader.end()
    return stack


def _input(reader: Reader) -> TxInput:
    outpoint = OutPoint(Txid(reader.take(32)), reader.u32())
    script_sig = reader.sized()
    return TxInput(outpoint, reader.u32(), script_sig)


def read_output(reader: Reader) -> TxOutput:
    """Read the output that comes next. Raises the reader's own error."""
    amount = int.from_bytes(reader.take(8), "little", signed=True)
    return TxOutput(Sats(amount), Script(reader.sized()))


def _with_witness(bare: TxInput, reader: Reader) -> TxInput:
    stack = tuple(reader.sized() for _ in range(reader.count(1)))
    return TxInput(bare.outpoint, bare.sequence, bare.script_sig, stack)
