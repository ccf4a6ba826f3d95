"""Random honest payments from random wallets, and single mutations of them."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.psbt.reader import parse_psbt, serialize
from sekisho.bitcoin.psbt.records import Record
from sekisho.bitcoin.psbt.values import Psbt, PsbtInput, PsbtOutput
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.bitcoin.wallet import Branch
from sekisho.replay.vendor import Draft, psbt_by_bdk, psbt_by_embit
from sekisho.requests.create import new_request
from sekisho.requests.request import Payee, PaymentRequest
from support.kits import NETWORK, Kit, random_kit

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Payment:
    """An honest payment: what was asked for, and the PSBT that does it."""

    kit: Kit
    request: PaymentRequest
    draft: Draft
    psbt: bytes
    maker: str


def random_script(dice: random.Random) -> Script:
    """Some payee's script, of any standard kind."""
    kind, program = dice.randrange(4), dice.randbytes(20)
    forms = (
        b"\x76\xa9\x14" + program + b"\x88\xac",
        b"\xa9\x14" + program + b"\x87",
        b"\x00\x14" + program,
        b"\x00\x20" + dice.randbytes(32),
    )
    return Script(forms[kind])


def random_payment(dice: random.Random, kit: Kit | None = None) -> Payment:
    """A payment from a fresh wallet: 1 to 5 coins, 1 to 6 payees (some twice), with and without change."""
    kit = kit or random_kit(dice)
    coins = kit.fund(
        *(dice.randrange(50_000, 50_000_000_000) for _ in range(dice.randint(1, 5))),
        branch=dice.choice(list(Branch)),
        start=dice.randrange(0, 50),
    )
    total, fee = sum(held.coin.sats for held in coins), dice.randrange(200, 5_000)
    scripts = [random_script(dice) for _ in range(dice.randint(1, 6))]
    if dice.random() < 0.2:
        scripts.append(scripts[0])
    with_change = dice.random() < 0.7
    spendable = total - fee - (1_000 if with_change else 0)
    share = spendable // (len(scripts) + (1 if with_change else 0))
    amounts = [dice.randrange(1_000, max(share, 1_001)) for _ in scripts]
    if len(scripts) > 1 and scripts[-1] == scripts[0]:
        amounts[-1] = amounts[0]
    if not with_change:
        amounts[-1] = spendable - sum(amounts[:-1])
    request = new_request(
        id="prove",
        requester="rie",
        network=NETWORK,
        wallet=kit.wallet.id,
        payees=[
            Payee(show_address(script, NETWORK) or "", script, Sats(amount))
            for script, amount in zip(scripts, amounts, strict=True)
        ],
        fee_max=Sats(fee + dice.randrange(0, 200)),
        created=NOON,
        expires=NOON + timedelta(hours=1),
        purpose="prove",
    )
    payees = tuple(TxOutput(payee.sats, payee.script) for payee in request.payees)
    index = dice.randrange(0, 900) if with_change else None
    draft = Draft(kit.wallet, coins, payees, Sats(fee), index, dice.randrange(0, 900_000))
    maker = dice.choice(list(_MAKERS))
    return Payment(kit, request, draft, _MAKERS[maker](draft), maker)


_MAKERS: dict[str, Callable[[Draft], bytes]] = {
    "embit": psbt_by_embit,
    "embit-v2": lambda draft: psbt_by_embit(draft, 2),
    "bdkpython": psbt_by_bdk,
}

Mutation = Callable[[random.Random, Psbt], bytes]


def mutate(dice: random.Random, payment: Payment) -> tuple[str, bytes]:
    """One change of one kind to the payment's PSBT; its name and the bytes."""
    psbt = parse_psbt(payment.psbt)
    name = dice.choice(list(MUTATIONS))
    return name, MUTATIONS[name](dice, psbt)


def _rebuilt(psbt: Psbt, unsigned: Transaction) -> bytes:
    """The PSBT around another transaction, in its own version."""
    outputs = (*psbt.outputs, *[PsbtOutput(())] * len(unsigned.outputs))[: len(unsigned.outputs)]
    inputs = (*psbt.inputs, *[psbt.inputs[0]] * len(unsigned.inputs))[: len(unsigned.inputs)]
    if psbt.version == 0:
        raw = unsigned.serialize(witness=False)
        records = tuple(Record(0, b"", raw) if each.key_type == 0 else each for each in psbt.records)
        return serialize(replace(psbt, records=records, inputs=inputs, outputs=outputs))
    counts = {
        0x02: unsigned.version.to_bytes(4, "little", signed=True),
        0x03: unsigned.locktime.to_bytes(4, "little"),
        0x04: bytes([len(inputs)]),
        0x05: bytes([len(outputs)]),
    }
    return serialize(
        replace(
            psbt,
            records=_put(psbt.records, counts),
            inputs=tuple(
                replace(
                    each,
                    records=_put(
                        each.records,
                        {
                            0x0E: bare.outpoint.txid,
                            0x0F: bare.outpoint.vout.to_bytes(4, "little"),
                            0x10: bare.sequence.to_bytes(4, "little"),
                        },
                    ),
                )
                for each, bare in zip(inputs, unsigned.inputs, strict=True)
            ),
            outputs=tuple(
                replace(
                    each,
                    records=_put(
                        each.records, {0x03: paid.sats.to_bytes(8, "little", signed=True), 0x04: bytes(paid.script)}
                    ),
                )
                for each, paid in zip(outputs, unsigned.outputs, strict=True)
            ),
        )
    )


def _put(records: tuple[Record, ...], values: dict[int, bytes]) -> tuple[Record, ...]:
    return (
        *(each for each in records if each.key_type not in values),
        *(Record(key_type, b"", value) for key_type, value in values.items()),
    )


def _output(change: Callable[[random.Random, TxOutput], TxOutput]) -> Mutation:
    def mutation(dice: random.Random, psbt: Psbt) -> bytes:
        outputs = list(psbt.unsigned.outputs)
        at = dice.randrange(len(outputs))
        outputs[at] = change(dice, outputs[at])
        return _rebuilt(psbt, replace(psbt.unsigned, outputs=tuple(outputs)))

    return mutation


def _outputs(change: Callable[[random.Random, list[TxOutput]], list[TxOutput]]) -> Mutation:
    return lambda dice, psbt: _rebuilt(
        psbt, replace(psbt.unsigned, outputs=tuple(change(dice, list(psbt.unsigned.outputs))))
    )


def _input(change: Callable[[random.Random, TxInput], TxInput]) -> Mutation:
    def mutation(dice: random.Random, psbt: Psbt) -> bytes:
        inputs = list(psbt.unsigned.inputs)
        at = dice.randrange(len(inputs))
        inputs[at] = change(dice, inputs[at])
        return _rebuilt(psbt, replace(psbt.unsigned, inputs=tuple(inputs)))

    return mutation


def _flipped(dice: random.Random, data: bytes) -> bytes:
    if not data:
        return dice.randbytes(1)
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]


def _merged(_: random.Random, outputs: list[TxOutput]) -> list[TxOutput]:
    if len(outputs) < 2:
        return outputs
    one, two, *rest = outputs
    return [TxOutput(Sats(one.sats + two.sats), one.script), *rest]


def _shuffled(dice: random.Random, outputs: list[TxOutput]) -> list[TxOutput]:
    dice.shuffle(outputs)
    return outputs


def _swapped_amounts(dice: random.Random, outputs: list[TxOutput]) -> list[TxOutput]:
    one, two = dice.randrange(len(outputs)), dice.randrange(len(outputs))
    scripts = [each.script for each in outputs]
    scripts[one], scripts[two] = scripts[two], scripts[one]
    return [TxOutput(each.sats, script) for each, script in zip(outputs, scripts, strict=True)]


def _moved(dice: random.Random, outputs: list[TxOutput]) -> list[TxOutput]:
    """Some satoshis from one output to another: the fee stays."""
    one, two = dice.randrange(len(outputs)), dice.randrange(len(outputs))
    some = dice.randint(1, max(1, outputs[one].sats // 2))
    outputs[one] = TxOutput(Sats(outputs[one].sats - some), outputs[one].script)
    outputs[two] = TxOutput(Sats(outputs[two].sats + some), outputs[two].script)
    return outputs


def _record(change: Callable[[random.Random, Record], Record | None]) -> Mutation:
    """Change one record of one map; None takes it out."""

    def edited(dice: random.Random, records: tuple[Record, ...]) -> tuple[Record, ...]:
        if not records:
            return records
        at = dice.randrange(len(records))
        new = change(dice, records[at])
        return (*records[:at], *(() if new is None else (new,)), *records[at + 1 :])

    def mutation(dice: random.Random, psbt: Psbt) -> bytes:
        maps: list[PsbtInput | PsbtOutput] = [*psbt.inputs, *psbt.outputs]
        at = dice.randrange(len(maps))
        maps[at] = replace(maps[at], records=edited(dice, maps[at].records))
        count = len(psbt.inputs)
        return serialize(replace(psbt, inputs=tuple(maps[:count]), outputs=tuple(maps[count:])))  # type: ignore[arg-type]

    return mutation


def _added(dice: random.Random, psbt: Psbt) -> bytes:
    """A field that was not there: a sighash, a script, a signature, something final."""
    at = dice.randrange(len(psbt.inputs))
    choices = (
        Record(0x03, b"", dice.choice((0, 2, 3, 0x81, 0x82, 0x83)).to_bytes(4, "little")),
        Record(0x04, b"", dice.randbytes(22)),
        Record(0x05, b"", dice.randbytes(40)),
        Record(0x07, b"", dice.randbytes(5)),
        Record(0x08, b"", b"\x01\x01" + dice.randbytes(1)),
        Record(0x13, b"", dice.randbytes(64)),
        Record(0x02, b"\x02" + dice.randbytes(32), b"\x30\x06\x02\x01\x01\x02\x01\x01\x01"),
    )
    inputs = list(psbt.inputs)
    new = dice.choice(choices)
    kept = tuple(each for each in inputs[at].records if each.key != new.key)
    inputs[at] = replace(inputs[at], records=(*kept, new))
    return serialize(replace(psbt, inputs=tuple(inputs)))


MUTATIONS: dict[str, Mutation] = {
    "an amount by one": _output(lambda dice, each: TxOutput(Sats(each.sats + dice.choice((-1, 1))), each.script)),
    "an amount at random": _output(lambda dice, each: TxOutput(Sats(dice.randrange(-(2**40), 2**52)), each.script)),
    "a bit of a script": _output(lambda dice, each: TxOutput(each.sats, Script(_flipped(dice, each.script)))),
    "another script": _output(lambda dice, each: TxOutput(each.sats, random_script(dice))),
    "an output dropped": _outputs(lambda dice, each: each[: dice.randrange(len(each))] or each[:0]),
    "an output added": _outputs(lambda dice, each: [*each, TxOutput(Sats(dice.randrange(5_000)), random_script(dice))]),
    "an output doubled": _outputs(lambda dice, each: [*each, dice.choice(each)]),
    "two outputs merged": _outputs(_merged),
    "outputs shuffled": _outputs(_shuffled),
    "scripts of two outputs swapped": _outputs(_swapped_amounts),
    "satoshis moved between outputs": _outputs(_moved),
    "another outpoint": _input(
        lambda dice, each: replace(
            each, outpoint=replace(each.outpoint, vout=each.outpoint.vout ^ (1 << dice.randrange(3)))
        )
    ),
    "another sequence": _input(lambda dice, each: replace(each, sequence=each.sequence ^ (1 << dice.randrange(32)))),
    "an input dropped": lambda dice, psbt: _rebuilt(psbt, replace(psbt.unsigned, inputs=psbt.unsigned.inputs[:-1])),
    "an input doubled": lambda dice, psbt: _rebuilt(
        psbt, replace(psbt.unsigned, inputs=(*psbt.unsigned.inputs, psbt.unsigned.inputs[0]))
    ),
    "another locktime": lambda dice, psbt: _rebuilt(psbt, replace(psbt.unsigned, locktime=dice.randrange(2**32))),
    "another version": lambda dice, psbt: _rebuilt(psbt, replace(psbt.unsigned, version=dice.randrange(-4, 6))),
    "a bit of a record": _record(lambda dice, each: replace(each, value=_flipped(dice, each.value))),
    "a bit of a record's key": _record(lambda dice, each: replace(each, key_data=_flipped(dice, each.key_data))),
    "a record taken out": _record(lambda dice, each: None),
    "a field put in": _added,
    "a bit anywhere": lambda dice, psbt: _flipped(dice, serialize(psbt)),
}
