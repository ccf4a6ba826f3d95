"""Changing one thing in a PSBT, at the level of its records."""

from collections.abc import Callable
from dataclasses import replace

from sekisho.bitcoin.psbt.reader import parse_psbt, serialize
from sekisho.bitcoin.psbt.records import Record
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput

UNSIGNED_TX, MODIFIABLE = 0x00, 0x06
NON_WITNESS_UTXO, WITNESS_UTXO, PARTIAL_SIG, SIGHASH, REDEEM, WITNESS = 0x00, 0x01, 0x02, 0x03, 0x04, 0x05
DERIVATION, FINAL_SCRIPTSIG, FINAL_WITNESS = 0x06, 0x07, 0x08
OUT_DERIVATION = 0x02


def with_transaction(raw: bytes, change: Callable[[Transaction], Transaction]) -> bytes:
    """The PSBT (version 0) with another unsigned transaction; output maps are added or dropped to fit."""
    psbt = parse_psbt(raw)
    unsigned = change(psbt.unsigned)
    records = tuple(
        Record(UNSIGNED_TX, b"", unsigned.serialize(witness=False)) if each.key_type == UNSIGNED_TX else each
        for each in psbt.records
    )
    spare = replace(psbt.outputs[0], records=())
    outputs = (*psbt.outputs, *[spare] * len(unsigned.outputs))[: len(unsigned.outputs)]
    inputs = (*psbt.inputs, *[psbt.inputs[-1]] * len(unsigned.inputs))[: len(unsigned.inputs)]
    return serialize(replace(psbt, records=records, inputs=inputs, outputs=outputs))


def with_outputs(raw: bytes, change: Callable[[tuple[TxOutput, ...]], tuple[TxOutput, ...]]) -> bytes:
    """The PSBT with other outputs."""
    return with_transaction(raw, lambda tx: replace_tx(tx, outputs=change(tx.outputs)))


def with_inputs(raw: bytes, change: Callable[[tuple[TxInput, ...]], tuple[TxInput, ...]]) -> bytes:
    """The PSBT with other inputs."""
    return with_transaction(raw, lambda tx: replace_tx(tx, inputs=change(tx.inputs)))


def replace_tx(tx: Transaction, **changes: object) -> Transaction:
    """`dataclasses.replace`, without a cached txid."""
    fields = {"version": tx.version, "inputs": tx.inputs, "outputs": tx.outputs, "locktime": tx.locktime} | changes
    return Transaction(**fields)  # type: ignore[arg-type]


def paying(script: Script, amount: int) -> TxOutput:
    """An output."""
    return TxOutput(Sats(amount), script)


def with_input_of(raw: bytes, index: int, donor: bytes) -> bytes:
    """The PSBT with one input, map and all, in place of its own: the first of another PSBT."""
    psbt, other = parse_psbt(raw), parse_psbt(donor)
    spent, inputs = list(psbt.unsigned.inputs), list(psbt.inputs)
    spent[index], inputs[index] = other.unsigned.inputs[0], other.inputs[0]
    unsigned = replace_tx(psbt.unsigned, inputs=tuple(spent)).serialize(witness=False)
    records = _edited(psbt.records, Record(UNSIGNED_TX, b"", unsigned), None)
    return serialize(replace(psbt, records=records, inputs=tuple(inputs)))


def with_input_record(raw: bytes, index: int, record: Record | None, drop: int | None = None) -> bytes:
    """The PSBT with one record of an input put in, in place of any with the same key; or one type taken out."""
    psbt = parse_psbt(raw)
    inputs = list(psbt.inputs)
    inputs[index] = replace(inputs[index], records=_edited(inputs[index].records, record, drop))
    return serialize(replace(psbt, inputs=tuple(inputs)))


def with_output_record(raw: bytes, index: int, record: Record | None, drop: int | None = None) -> bytes:
    """The same for an output."""
    psbt = parse_psbt(raw)
    outputs = list(psbt.outputs)
    outputs[index] = replace(outputs[index], records=_edited(outputs[index].records, record, drop))
    return serialize(replace(psbt, outputs=tuple(outputs)))


def with_global_record(raw: bytes, record: Record) -> bytes:
    """The same for the global map."""
    psbt = parse_psbt(raw)
    return serialize(replace(psbt, records=_edited(psbt.records, record, None)))


def _edited(records: tuple[Record, ...], record: Record | None, drop: int | None) -> tuple[Record, ...]:
    kept = tuple(each for each in records if each.key_type != drop and (record is None or each.key != record.key))
    return kept if record is None else (*kept, record)


def signed_by(raw: bytes, *signers: object) -> bytes:
    """The PSBT with these people's signatures."""
    for signer in signers:
        raw = signer.sign(raw)  # type: ignore[attr-defined]
    return raw


def input_records(raw: bytes, index: int, key_type: int) -> tuple[Record, ...]:
    """An input's records of one type."""
    return tuple(each for each in parse_psbt(raw).inputs[index].records if each.key_type == key_type)
