"""Transactions of any shape, for rules that look at one alone."""

from collections.abc import Iterable, Sequence
from itertools import count

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import TxOutput
from sekisho.chain.chain import ChainTransaction, SpentCoin
from sekisho.chain.columns import TxFlag
from sekisho.chain.esplora_json import parse_esplora_transaction
from support.chains import address_script
from support.shared import shared

HONEST = (
    "bare-multisig",
    "batch-withdrawal-143",
    "dust-attack-555",
    "simple-legacy-p2pkh",
    "taproot-script-path",
)
"""Real transactions that are no mixes."""


def shaped(
    inputs: Sequence[int],
    outputs: Sequence[int],
    *,
    input_scripts: Iterable[Script] = (),
    output_scripts: Iterable[Script] = (),
    flags: TxFlag = TxFlag.SEGWIT | TxFlag.VERSION_2,
    height: int | None = None,
) -> ChainTransaction:
    """A transaction of these amounts; a P2WPKH script of its own for each coin whose script is not given."""
    fresh = (address_script(number) for number in count(1))
    ins, outs = [*input_scripts], [*output_scripts]
    ins += [next(fresh) for _ in inputs[len(ins) :]]
    outs += [next(fresh) for _ in outputs[len(outs) :]]
    coins = (
        SpentCoin(OutPoint(Txid(bytes([7]) * 32), at), Sats(amount), script)
        for at, (amount, script) in enumerate(zip(inputs, ins, strict=True))
    )
    made = (TxOutput(Sats(amount), script) for amount, script in zip(outputs, outs, strict=True))
    return ChainTransaction(Txid(bytes([8]) * 32), height, None, flags, tuple(coins), tuple(made))


def p2pkh(number: int) -> Script:
    """The script of some P2PKH address."""
    return Script(b"\x76\xa9\x14" + number.to_bytes(20, "big") + b"\x88\xac")


def p2tr(number: int) -> Script:
    """The script of some P2TR output."""
    return Script(b"\x51\x20" + number.to_bytes(32, "big"))


def data(text: bytes) -> Script:
    """An OP_RETURN output that carries at most 75 bytes."""
    return Script(b"\x6a" + bytes([len(text)]) + text)


def real(name: str) -> ChainTransaction:
    """A real transaction; skips the test where there is none."""
    return parse_esplora_transaction(shared(f"data/coinjoin/esplora/{name}.json").read_bytes()).seen
