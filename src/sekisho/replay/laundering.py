"""After the theft from DMM Bitcoin: a laundering run that NEVER HAPPENED, on top of the transaction that did.

Known are the theft, and ten addresses that Beosin saw the loot go to. How much went to each, in which transactions, and
where it went from there was never published in a form we could check. So everything after the theft is made up, to have
something to trace: a split to the ten addresses, a peel chain, a mix, deposits to a bridge and to an exchange.

Nothing made up can be taken for real or sent. Each input's scriptSig holds the words `sekisho: synthetic`, which makes
it invalid (BIP-141 wants it empty, P2PKH wants a signature); each transaction but the mix says them in an OP_RETURN too
(a mix with a note in it would not look like one); and beyond the ten no script is one that anybody has a key for.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from sekisho.bitcoin.address import parse_address
from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, Transaction, TxInput, TxOutput
from sekisho.bitcoin.wire import sized
from sekisho.replay import facts
from sekisho.replay.simulation.mixes import in_standard_amounts

STORAGE = (
    "bc1qx6jpnnfjrfcx9ehhdmj7qqyzpyd8pek00trrq7",
    "bc1qrtltlc7zjzj3knde2tqjt7tl2p5l2keh4l2uka",
    "bc1qr4vnu4f4tl3gwfxt6a5hgt6vuusgsd0j2cnz74",
    "bc1qgcv2j80009apvjekph40wagwutfu6l3gcm2fw0",
    "bc1qegcazuxnp5wxxxamdqvjv345fpve6656vpjln4",
    "bc1q7p3atj3v95k4pd7qxnnqlhjwu843ty2hqn9gy0",
    "bc1q3ur23g02rq5w0x6y8vek3xradjgs080nzksfje",
    "bc1q2u9m2eqy8glvrjeqr5sceqngpad6dnxrtyxlf3",
    "bc1q2tu4dxyvnaquar96mj99yqjanfzgg3fv4gzytd",
    "bc1q7pdecv2raf3x84unxlv9ghtpjfpwlam6dx27xd",
)
"""The thief's ten addresses. Source: Beosin, "More than $300 million in losses: analysis of 4502.9 BTC abnormal outflow
on DMM Bitcoin Exchange" (2024)."""

NOTICE = b"sekisho: synthetic"
PARTS = 10
FEE = Sats(20_000)
"""Of each made-up transaction but the mix."""

MEMO = f"=:ETH.ETH:0x{NOTICE.hex():0<40}"
"""As THORChain reads it: swap to ether, for an address that is our notice."""

_HOPS = 12
_MIXED_COINS = 5
_MIXED_EACH = 3 * COIN // 2
_SEQUENCE = 0xFFFFFFFD
_NOTE = TxOutput(Sats(0), Script(b"\x6a" + sized(NOTICE)))


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction of the run, in no block, with the coins it spends."""

    what: str
    """In words."""
    transaction: Transaction
    coins: tuple[Coin, ...]
    real: bool = False


@dataclass(frozen=True, slots=True)
class Laundering:
    """The run, and whom it reaches."""

    steps: tuple[Step, ...]
    """Parents first; the real theft is the first of them."""
    exchange: Script
    """The made-up exchange's address: what a stop list should know."""
    vault: Script
    """The made-up vault of the bridge."""

    def step(self, what: str) -> Step:
        """The first step that is called so. Raises KeyError."""
        return {each.what: each for each in reversed(self.steps)}[what]


def laundering() -> Laundering:
    """The theft and the run after it: always the same."""
    theft = Step("the theft (real)", facts.theft(), facts.stolen_coins(), real=True)
    exchange, vault = _script("exchange"), _script("vault")
    split = _split(theft.transaction.coin(0))
    parts = [split.transaction.coin(at) for at in range(PARTS)]
    peels = _peel(parts[0], exchange)
    prepared = _pay("coins for the mix", parts[1], [_own(f"mix {at}", _MIXED_EACH) for at in range(_MIXED_COINS)])
    mix = _mix([prepared.transaction.coin(at) for at in range(_MIXED_COINS)])
    mine = [each for each in range(len(mix.transaction.outputs)) if _is_thiefs(mix.transaction.outputs[each])]
    crossed = [_cross(mix.transaction.coin(at), vault, whole=True) for at in mine[:2]]
    deposit = _pay("a deposit to an exchange", parts[2], [TxOutput(Sats(100 * COIN), exchange)])
    bridge = _cross(parts[3], vault, whole=False)
    return Laundering((theft, split, *peels, prepared, mix, *crossed, deposit, bridge), exchange, vault)


def laundering_file(run: Laundering) -> bytes:
    """The run as Esplora tells transactions: a JSON list, with the coins each one spends."""
    return json.dumps([_esplora(each) for each in run.steps], indent=1).encode() + b"\n"


def _split(stolen: Coin) -> Step:
    """To the ten addresses: equal parts, of which the last pays the fee."""
    part = stolen.sats // PARTS
    amounts = [part] * (PARTS - 1) + [stolen.sats - part * (PARTS - 1) - FEE]
    scripts = [parse_address(each, Network.MAIN) for each in STORAGE]
    outputs = [TxOutput(Sats(amount), script) for amount, script in zip(amounts, scripts, strict=True)]
    return _step("the split to ten addresses", (stolen,), [*outputs, _NOTE])


def _peel(coin: Coin, exchange: Script) -> tuple[Step, ...]:
    steps = []
    for hop in range(_HOPS):
        amount = (2 + hop % 5) * COIN + 1_234_567 * hop
        payee = exchange if hop % 3 == 0 else _script(f"payee {hop}")
        steps.append(_pay("a hop of a peel chain", coin, [TxOutput(Sats(amount), payee)], change=f"hop {hop}"))
        coin = steps[-1].transaction.coin(1)
    return tuple(steps)


def _mix(coins: list[Coin]) -> Step:
    """The thief's coins and those of twenty others, who never were, into standard amounts: as Wasabi 2 mixes."""
    rng = Random(2024)  # noqa: S311  # always the same
    others = [
        Coin(
            OutPoint(Txid(sha256d(NOTICE + b" coin %d" % at)), at % 3),
            Sats(rng.randrange(COIN // 5, 3 * COIN)),
            _script(f"other {at}"),
        )
        for at in range(20)
    ]
    outputs = [
        _own(f"mixed {at}", amount)
        for at, amount in enumerate(in_standard_amounts(sum(each.sats for each in coins) - FEE, 8))
    ]
    for number, each in enumerate(others):
        for at, amount in enumerate(in_standard_amounts(each.sats - FEE, 6)):
            outputs.append(TxOutput(Sats(amount), _script(f"other {number} {at}")))
    ordered = sorted([*coins, *others], key=lambda each: (-each.sats, each.outpoint))
    return _step("a mix", tuple(ordered), sorted(outputs, key=lambda each: (-each.sats, each.script)))


def _cross(coin: Coin, vault: Script, *, whole: bool) -> Step:
    memo = TxOutput(Sats(0), Script(b"\x6a" + sized(MEMO.encode())))
    if whole:
        return _step("a deposit to a bridge", (coin,), [TxOutput(Sats(coin.sats - FEE), vault), memo, _NOTE])
    half = TxOutput(Sats(coin.sats // 2), vault)
    rest = _own("after the bridge", coin.sats - half.sats - FEE)
    return _step("a deposit to a bridge", (coin,), [half, rest, memo, _NOTE])


def _pay(what: str, coin: Coin, outputs: list[TxOutput], change: str = "") -> Step:
    rest = coin.sats - sum(each.sats for each in outputs) - FEE
    return _step(what, (coin,), [*outputs, _own(change or f"change of {what}", rest), _NOTE])


def _step(what: str, coins: tuple[Coin, ...], outputs: list[TxOutput]) -> Step:
    inputs = tuple(TxInput(each.outpoint, _SEQUENCE, sized(NOTICE)) for each in coins)
    return Step(what, Transaction(2, inputs, tuple(outputs), 0), coins)


def _own(name: str, amount: int) -> TxOutput:
    """An output to the thief, at a made-up address of theirs."""
    return TxOutput(Sats(amount), _script(f"thief {name}"))


def _is_thiefs(output: TxOutput) -> bool:
    return any(output.script == _script(f"thief mixed {at}") for at in range(9))


def _script(name: str) -> Script:
    """P2WPKH of a hash of words: nobody has a key for it."""
    return Script(b"\x00\x14" + sha256(NOTICE + b" " + name.encode()).digest()[:20])


def _esplora(step: Step) -> dict[str, object]:
    transaction = step.transaction
    return {
        "txid": show_txid(transaction.txid),
        "version": transaction.version,
        "locktime": transaction.locktime,
        "vin": [
            {
                "txid": show_txid(each.outpoint.txid),
                "vout": each.outpoint.vout,
                "prevout": {"scriptpubkey": coin.script.hex(), "value": coin.sats},
                "scriptsig": each.script_sig.hex(),
                "witness": [item.hex() for item in each.witness],
                "is_coinbase": False,
                "sequence": each.sequence,
            }
            for each, coin in zip(transaction.inputs, step.coins, strict=True)
        ],
        "vout": [{"scriptpubkey": each.script.hex(), "value": each.sats} for each in transaction.outputs],
        "fee": sum(each.sats for each in step.coins) - sum(each.sats for each in transaction.outputs),
        "status": {"confirmed": False},
        "what": step.what,
    }
