"""Our own reader of PSBTs: strict where libraries are not, and every record kept."""

from collections.abc import Iterator, Sequence

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.psbt.fields import GLOBAL, INPUT, OUTPUT, Field, check, need, one
from sekisho.bitcoin.psbt.records import MAGIC, MAX_PSBT_BYTES, MalformedPsbt, Map, Record, read_map, write_map
from sekisho.bitcoin.psbt.values import (
    KeyOrigin,
    PartialSignature,
    Psbt,
    PsbtInput,
    PsbtOutput,
    TaprootLeaf,
    TaprootOrigin,
    TaprootScriptSignature,
)
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import (
    MalformedTransaction,
    Transaction,
    TxInput,
    TxOutput,
    parse_output,
    parse_transaction,
    parse_witness,
)
from sekisho.bitcoin.wire import Reader

FINAL_SEQUENCE = 0xFFFFFFFF


def parse_psbt(raw: bytes) -> Psbt:
    """Read exactly one PSBT of version 0 or 2. Raises MalformedPsbt, and nothing else, whatever the bytes."""
    if len(raw) > MAX_PSBT_BYTES:
        raise MalformedPsbt(f"{len(raw)} bytes, more than {MAX_PSBT_BYTES}")
    reader = Reader(raw, MalformedPsbt)
    if reader.take(min(len(MAGIC), reader.left)) != MAGIC:
        raise MalformedPsbt("it does not start with psbt and 0xff")
    records = read_map(reader)
    stated = one(records, 0xFB)
    version = 0 if stated is None else int.from_bytes(stated, "little")
    if version not in (0, 2):
        raise MalformedPsbt(f"version {version} is neither 0 nor 2")
    check(records, GLOBAL, version)
    try:
        return _version_0(records, reader) if version == 0 else _version_2(records, reader)
    except MalformedTransaction as why:
        raise MalformedPsbt(why.why) from why


def serialize(psbt: Psbt) -> bytes:
    """The PSBT's bytes, every record as it was read."""
    maps = (psbt.records, *(each.records for each in psbt.inputs), *(each.records for each in psbt.outputs))
    return MAGIC + b"".join(map(write_map, maps))


def with_input_records(psbt: Psbt, added: Sequence[Map]) -> bytes:
    """The PSBT's bytes with further records for each input; one whose key is there already is left out."""
    inputs = []
    for each, more in zip(psbt.inputs, added, strict=True):
        present = {record.key for record in each.records}
        inputs.append((*each.records, *(record for record in more if record.key not in present)))
    return MAGIC + b"".join(map(write_map, (psbt.records, *inputs, *(each.records for each in psbt.outputs))))


def _version_0(records: Map, reader: Reader) -> Psbt:
    unsigned = parse_transaction(need(records, 0x00, GLOBAL), allow_witness=False)
    if any(each.script_sig for each in unsigned.inputs):
        raise MalformedPsbt("the unsigned transaction is signed")
    inputs = tuple(_input(_map(reader, INPUT, 0), each) for each in unsigned.inputs)
    outputs = tuple(_output(_map(reader, OUTPUT, 0)) for _ in unsigned.outputs)
    reader.end()
    return Psbt(0, unsigned, inputs, outputs, records)


def _version_2(records: Map, reader: Reader) -> Psbt:
    version = int.from_bytes(need(records, 0x02, GLOBAL), "little", signed=True)
    counts = (Reader(need(records, key_type, GLOBAL), MalformedPsbt).compact() for key_type in (0x04, 0x05))
    input_count, output_count = counts
    if input_count + output_count > reader.left:
        raise MalformedPsbt("it claims more inputs and outputs than its bytes can hold")
    input_maps = [_map(reader, INPUT, 2) for _ in range(input_count)]
    bare = tuple(_bare_input(each) for each in input_maps)
    inputs = tuple(_input(each, spent) for each, spent in zip(input_maps, bare, strict=True))
    output_maps = [_map(reader, OUTPUT, 2) for _ in range(output_count)]
    reader.end()
    locktime = _locktime(records, input_maps)
    unsigned = Transaction(version, bare, tuple(map(_bare_output, output_maps)), locktime or 0)
    return Psbt(
        2,
        unsigned,
        inputs,
        tuple(map(_output, output_maps)),
        records,
        modifiable=(one(records, 0x06) or b"\x00")[0],
        locktime_conflict=locktime is None,
    )


def _map(reader: Reader, table: dict[int, Field], version: int) -> Map:
    records = read_map(reader)
    check(records, table, version)
    return records


def _bare_input(records: Map) -> TxInput:
    outpoint = OutPoint(Txid(need(records, 0x0E, INPUT)), int.from_bytes(need(records, 0x0F, INPUT), "little"))
    sequence = one(records, 0x10)
    return TxInput(outpoint, FINAL_SEQUENCE if sequence is None else int.from_bytes(sequence, "little"))


def _bare_output(records: Map) -> TxOutput:
    amount = int.from_bytes(need(records, 0x03, OUTPUT), "little", signed=True)
    return TxOutput(Sats(amount), Script(need(records, 0x04, OUTPUT)))


def _locktime(records: Map, inputs: Sequence[Map]) -> int | None:
    """The transaction's locktime (BIP-370, "Determining Lock Time"); None where nothing satisfies every input."""
    times = [one(each, 0x11) for each in inputs]
    heights = [one(each, 0x12) for each in inputs]
    asking = [(time, height) for time, height in zip(times, heights, strict=True) if time or height]
    if not asking:
        return int.from_bytes(one(records, 0x03) or b"", "little")
    if all(height for _, height in asking):
        return max(int.from_bytes(height, "little") for _, height in asking if height)
    if all(time for time, _ in asking):
        return max(int.from_bytes(time, "little") for time, _ in asking if time)
    return None


def _input(records: Map, spent: TxInput) -> PsbtInput:
    previous, witness_utxo = one(records, 0x00), one(records, 0x01)
    non_witness_utxo = None if previous is None else parse_transaction(previous)
    if non_witness_utxo is not None and non_witness_utxo.txid != spent.outpoint.txid:
        raise MalformedPsbt(f"the previous transaction of coin {spent.outpoint} has another txid")
    sighash, witness = one(records, 0x03), one(records, 0x08)
    return PsbtInput(
        records,
        non_witness_utxo=non_witness_utxo,
        witness_utxo=None if witness_utxo is None else parse_output(witness_utxo),
        partial_signatures=tuple(PartialSignature(each.key_data, each.value) for each in _all(records, 0x02)),
        sighash_type=None if sighash is None else int.from_bytes(sighash, "little"),
        redeem_script=_script(records, 0x04),
        witness_script=_script(records, 0x05),
        derivations=tuple(map(_key_origin, _all(records, 0x06))),
        final_script_sig=one(records, 0x07),
        final_witness=None if witness is None else parse_witness(witness),
        taproot_key_signature=one(records, 0x13),
        taproot_script_signatures=tuple(
            TaprootScriptSignature(each.key_data[:32], each.key_data[32:], each.value) for each in _all(records, 0x14)
        ),
        taproot_leaf_scripts=tuple(
            TaprootLeaf(each.key_data, Script(each.value[:-1]), each.value[-1]) for each in _all(records, 0x15)
        ),
        taproot_origins=tuple(map(_taproot_origin, _all(records, 0x16))),
        taproot_internal_key=one(records, 0x17),
        taproot_merkle_root=one(records, 0x18),
    )


def _output(records: Map) -> PsbtOutput:
    return PsbtOutput(
        records,
        redeem_script=_script(records, 0x00),
        witness_script=_script(records, 0x01),
        derivations=tuple(map(_key_origin, _all(records, 0x02))),
        taproot_internal_key=one(records, 0x05),
        taproot_origins=tuple(map(_taproot_origin, _all(records, 0x07))),
    )


def _all(records: Map, key_type: int) -> Iterator[Record]:
    return (record for record in records if record.key_type == key_type)


def _script(records: Map, key_type: int) -> Script | None:
    value = one(records, key_type)
    return None if value is None else Script(value)


def _path(data: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4))


def _key_origin(record: Record) -> KeyOrigin:
    return KeyOrigin(record.key_data, record.value[:4], _path(record.value[4:]))


def _taproot_origin(record: Record) -> TaprootOrigin:
    reader = Reader(record.value, MalformedPsbt)
    leaves = tuple(reader.take(32) for _ in range(reader.count(32)))
    fingerprint = reader.take(4)
    return TaprootOrigin(record.key_data, leaves, fingerprint, _path(reader.take(reader.left)))
