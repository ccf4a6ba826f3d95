"""A real block of 2014 with the coins it spends, as a chain of its own."""

from pathlib import Path

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import MalformedTransaction, Transaction, TxOutput, parse_transaction
from sekisho.bitcoin.wire import Reader
from sekisho.chain.assemble import parsed_of, told_of
from sekisho.chain.builder import Place
from sekisho.chain.chain import Chain
from sekisho.chain.store import Store
from support.chains import NO_COIN, chain_of
from support.shared import shared

HEIGHT = 300_025


def block_300025() -> Chain:
    """The block, with its undo data, in memory; skips the test where there is none."""
    transactions, told = _block()
    return chain_of([transactions], first_height=HEIGHT, told=told, network=Network.MAIN)


def stored_300025(path: Path) -> None:
    """A store that holds the block alone."""
    transactions, told = _block()
    raw, parsed = parsed_of(transactions, sha256d(b"of the block"), 1_399_703_554)
    with Store(path, Network.MAIN) as store:
        store.add(Place(HEIGHT, whole=False), raw, parsed, told_of(transactions, told))
        store.commit()


def _block() -> tuple[list[Transaction], dict[OutPoint, TxOutput]]:
    raw = shared("data/blocks/mainnet_300025.raw").read_bytes()
    undo = Reader(shared("data/blocks/mainnet_300025_undo.raw").read_bytes(), MalformedTransaction)
    transactions = list(_transactions(raw))
    spent = [each.outpoint for made in transactions for each in made.inputs if each.outpoint != NO_COIN]
    told = {
        outpoint: TxOutput(Sats(int.from_bytes(undo.take(8), "little")), Script(undo.sized())) for outpoint in spent
    }
    undo.end()
    return transactions, told


def _transactions(raw: bytes) -> list[Transaction]:
    """The block's transactions, none of which has a witness."""
    reader = Reader(raw[80:], MalformedTransaction)
    found = []
    for _ in range(reader.compact()):
        start = len(raw) - reader.left
        reader.take(4)
        for _ in range(reader.compact()):
            reader.take(36)
            reader.sized()
            reader.take(4)
        for _ in range(reader.compact()):
            reader.take(8)
            reader.sized()
        reader.take(4)
        found.append(parse_transaction(raw[start : len(raw) - reader.left]))
    reader.end()
    return found
