"""Second opinions: the same PSBT, read by code that shares none with our reader.

rust-bitcoin (through bdkpython) reads version 0, and a version 2 once we have written it as version 0; embit reads
version 2 as it stands. What they read is held against what we read, field by field; any difference is told, and the
checkpoint refuses (law 2).

Not asked of them: bdkpython ignores trailing bytes, which our reader refuses; embit misreads the locktime of version 2
where inputs require one, so that there our reader stands alone.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace

import bdkpython
from embit.psbt import PSBT

from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.bitcoin.psbt.fields import GLOBAL, INPUT, OUTPUT, Field
from sekisho.bitcoin.psbt.reader import serialize
from sekisho.bitcoin.psbt.records import MAGIC, MalformedPsbt, Map, Record, read_map
from sekisho.bitcoin.psbt.values import KeyOrigin, Psbt, PsbtInput, PsbtOutput
from sekisho.bitcoin.transaction import TxInput, TxOutput
from sekisho.bitcoin.wire import Reader

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]

_SIGHASHES = {
    "SIGHASH_DEFAULT": 0x00,
    "SIGHASH_ALL": 0x01,
    "SIGHASH_NONE": 0x02,
    "SIGHASH_SINGLE": 0x03,
    "SIGHASH_ALL|SIGHASH_ANYONECANPAY": 0x81,
    "SIGHASH_NONE|SIGHASH_ANYONECANPAY": 0x82,
    "SIGHASH_SINGLE|SIGHASH_ANYONECANPAY": 0x83,
}


def second_opinions(psbt: Psbt) -> tuple[str, ...]:
    """How other readers' values differ from ours; nothing when all agree."""
    plain = psbt if psbt.version == 0 else as_version_0(psbt)
    differences = list(_rust_bitcoin(plain))
    if psbt.version == 2:
        differences += _embit(psbt)
    return tuple(differences)


def as_version_0(psbt: Psbt) -> Psbt:
    """A version 2 PSBT as version 0: the unsigned transaction written out, and the records of version 2 left away."""
    unsigned = Record(0x00, b"", psbt.unsigned.serialize(witness=False))
    return replace(
        psbt,
        version=0,
        modifiable=0,
        records=(unsigned, *(each for each in _without(psbt.records, GLOBAL) if each.key_type != 0xFB)),
        inputs=tuple(replace(each, records=tuple(_without(each.records, INPUT))) for each in psbt.inputs),
        outputs=tuple(replace(each, records=tuple(_without(each.records, OUTPUT))) for each in psbt.outputs),
    )


def _without(records: Map, table: dict[int, Field]) -> Iterator[Record]:
    for record in records:
        field = table.get(record.key_type)
        if field is None or field.only != 2:
            yield record


def _rust_bitcoin(psbt: Psbt) -> Iterator[str]:
    raw = serialize(psbt)
    try:
        theirs = bdkpython.Psbt(base64.b64encode(raw).decode())
        again = base64.b64decode(theirs.serialize())
        document = json.loads(theirs.json_serialize())
    except (bdkpython.PsbtParseError, bdkpython.InternalError) as why:
        yield f"rust-bitcoin cannot read it ({type(why).__name__})"
        return
    if again != raw:
        yield from _same_records(psbt, again)
    yield from (f"rust-bitcoin reads another {what}" for what in _differences(psbt, document))


def _same_records(psbt: Psbt, again: bytes) -> Iterator[str]:
    """rust-bitcoin writes maps, and the leaves of a Taproot tree, in its own order; the records must be the same."""
    reader = Reader(again[len(MAGIC) :], MalformedPsbt)
    try:
        written = read_map(reader)
        inputs = [read_map(reader) for _ in psbt.inputs]
        outputs = [read_map(reader) for _ in psbt.outputs]
        reader.end()
    except MalformedPsbt as why:
        yield f"what rust-bitcoin writes back is {why}"
        return
    if not _same(psbt.records, written, ignore=0xFB):
        yield "rust-bitcoin keeps other global records"
    for index, (mine, other) in enumerate(zip(psbt.inputs, inputs, strict=True)):
        if not _same(mine.records, other):
            yield f"rust-bitcoin keeps other records of input {index}"
    for index, (made, kept) in enumerate(zip(psbt.outputs, outputs, strict=True)):
        if not _same(made.records, kept, ignore=0x06):
            yield f"rust-bitcoin keeps other records of output {index}"


def _same(ours: Map, theirs: Map, ignore: int | None = None) -> bool:
    """The same records in any order. Ignored are an explicit version 0 (0xFB) and the order of a tree (0x06)."""
    return {each for each in ours if each.key_type != ignore} == {each for each in theirs if each.key_type != ignore}


def _differences(psbt: Psbt, document: dict[str, Json]) -> Iterator[str]:
    """Our values against rust-bitcoin's own rendering of its own, field by field."""
    try:
        transaction = _object(document["unsigned_tx"])
        unsigned = psbt.unsigned
        if (transaction["version"], transaction["lock_time"]) != (unsigned.version, unsigned.locktime):
            yield "version or locktime"
        if [_object(each) for each in _list(transaction["input"])] != [_bare(each) for each in unsigned.inputs]:
            yield "list of coins"
        if _list(transaction["output"]) != [_paid(each) for each in unsigned.outputs]:
            yield "list of outputs"
        inputs, outputs = _list(document["inputs"]), _list(document["outputs"])
        if (len(inputs), len(outputs)) != (len(psbt.inputs), len(psbt.outputs)):
            yield "number of maps"
        for index, (mine, theirs) in enumerate(zip(psbt.inputs, inputs, strict=False)):
            vout = unsigned.inputs[index].outpoint.vout
            yield from (f"{name} of input {index}" for name in _input(mine, _object(theirs), vout))
        for index, (made, theirs) in enumerate(zip(psbt.outputs, outputs, strict=False)):
            yield from (f"{name} of output {index}" for name in _output(made, _object(theirs)))
    except (KeyError, TypeError, ValueError, IndexError) as why:
        yield f"shape ({type(why).__name__})"


def _bare(spent: TxInput) -> dict[str, Json]:
    outpoint = f"{show_txid(spent.outpoint.txid)}:{spent.outpoint.vout}"
    return {"previous_output": outpoint, "script_sig": "", "sequence": spent.sequence, "witness": []}


def _paid(output: TxOutput | None) -> Json:
    return None if output is None else {"value": output.sats, "script_pubkey": output.script.hex()}


def _input(mine: PsbtInput, theirs: dict[str, Json], vout: int) -> Iterator[str]:
    previous = mine.non_witness_utxo
    spent = None
    if previous is not None and theirs["non_witness_utxo"] is not None:
        paid = _list(_object(theirs["non_witness_utxo"])["output"])
        if len(paid) != len(previous.outputs):
            yield "previous transaction"
        spent = paid[vout] if vout < len(paid) else None
    expected: dict[str, Json] = {
        "witness_utxo": _paid(mine.witness_utxo),
        "sighash_type": mine.sighash_type,
        "redeem_script": _hex(mine.redeem_script),
        "witness_script": _hex(mine.witness_script),
        "final_script_sig": _hex(mine.final_script_sig),
        "final_script_witness": None if mine.final_witness is None else [each.hex() for each in mine.final_witness],
        "partial_sigs": {each.public_key.hex(): each.signature.hex() for each in mine.partial_signatures},
        "bip32_derivation": _origins(mine.derivations),
        "tap_key_sig": _hex(mine.taproot_key_signature),
        "tap_internal_key": _hex(mine.taproot_internal_key),
        "tap_merkle_root": _hex(mine.taproot_merkle_root),
    }
    found = {name: theirs[name] for name in expected}
    asked = theirs["sighash_type"]
    found["sighash_type"] = None if asked is None else _object(asked)["inner"]
    found["partial_sigs"] = {key: _signature(each) for key, each in _object(theirs["partial_sigs"]).items()}
    found["tap_key_sig"] = None if theirs["tap_key_sig"] is None else _signature(theirs["tap_key_sig"], default="")
    found["bip32_derivation"] = _sorted(theirs["bip32_derivation"])
    yield from (name for name in expected if expected[name] != found[name])
    if (previous is None) != (theirs["non_witness_utxo"] is None):
        yield "previous transaction"
    elif previous is not None and vout < len(previous.outputs) and spent != _paid(previous.outputs[vout]):
        yield "amount or script of the coin"


def _output(mine: PsbtOutput, theirs: dict[str, Json]) -> Iterator[str]:
    expected: dict[str, Json] = {
        "redeem_script": _hex(mine.redeem_script),
        "witness_script": _hex(mine.witness_script),
        "tap_internal_key": _hex(mine.taproot_internal_key),
        "bip32_derivation": _origins(mine.derivations),
    }
    found = {name: theirs[name] for name in expected}
    found["bip32_derivation"] = _sorted(theirs["bip32_derivation"])
    yield from (name for name in expected if expected[name] != found[name])


def _origins(origins: tuple[KeyOrigin, ...]) -> Json:
    rows: list[Json] = []
    for each in origins:
        path = "/".join(f"{step & 0x7FFFFFFF}{chr(39) if step >> 31 else ''}" for step in each.path)
        rows.append([each.public_key.hex(), [each.fingerprint.hex(), path]])
    return _sorted(rows)


def _sorted(rows: Json) -> Json:
    return sorted(_list(rows), key=str)


def _hex(data: bytes | None) -> str | None:
    return None if data is None else data.hex()


def _signature(rendered: Json, default: str = "00") -> str:
    """A signature as it stands in the record: followed by its sighash byte, which Taproot leaves away for DEFAULT."""
    members = _object(rendered)
    sighash = _SIGHASHES[str(members["sighash_type"])]
    suffix = f"{sighash:02x}" if sighash else default
    return f"{members['signature']}{suffix}"


def _object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _embit(psbt: Psbt) -> Iterator[str]:
    try:
        theirs = PSBT.parse(serialize(psbt))
        inputs = tuple((Txid(bytes(each.txid)[::-1]), each.vout, each.sequence) for each in theirs.inputs)
        outputs = tuple((each.value, bytes(each.script_pubkey.data)) for each in theirs.outputs)
        spent = tuple(
            None
            if each.witness_utxo is None
            else (each.witness_utxo.value, bytes(each.witness_utxo.script_pubkey.data))
            for each in theirs.inputs
        )
    except Exception as why:  # noqa: BLE001  # embit checks by assert and raises of every kind
        yield f"embit cannot read it ({type(why).__name__})"
        return
    unsigned = psbt.unsigned
    if theirs.tx_version != unsigned.version:
        yield "embit reads another transaction version"
    required = any(record.key_type in (0x11, 0x12) for each in psbt.inputs for record in each.records)
    if not required and (theirs.locktime or 0) != unsigned.locktime:
        yield "embit reads another locktime"
    if inputs != tuple((each.outpoint.txid, each.outpoint.vout, each.sequence) for each in unsigned.inputs):
        yield "embit reads another list of coins"
    if outputs != tuple((each.sats, each.script) for each in unsigned.outputs):
        yield "embit reads another list of outputs"
    if spent != tuple(
        None if each.witness_utxo is None else (each.witness_utxo.sats, each.witness_utxo.script)
        for each in psbt.inputs
    ):
        yield "embit reads other claimed amounts"
