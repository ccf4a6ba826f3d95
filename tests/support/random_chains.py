"""Small chains with everything in them that makes tracing hard: in-block chains, coinbases spent, values of nothing."""

from random import Random

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxOutput
from support.chains import address_script, coinbase, out, pay

_COINBASE_SATS = 5_000


def random_blocks(random: Random, most_blocks: int = 8) -> list[list[Transaction]]:
    """Blocks from height 1 on, that spend only what is there and never more than that."""
    coins: dict[OutPoint, int] = {}
    blocks = []
    for height in range(1, 1 + random.randint(1, most_blocks)):
        block = [coinbase(height, *_outputs(random, _COINBASE_SATS))]
        for _ in range(random.randint(0, 6)):
            if coins:
                spends = random.sample(sorted(coins), k=min(len(coins), random.randint(1, 4)))
                total = sum(coins.pop(each) for each in spends)
                block.append(pay(spends, *_outputs(random, total), version=random.choice((1, 2))))
                _put(coins, block[-1])
        _put(coins, block[0])  # no block may spend its own coinbase
        blocks.append(block)
    return blocks


def _outputs(random: Random, total: int) -> list[TxOutput]:
    """Outputs that leave some of `total`, or nothing, as a fee."""
    left, made = total, []
    for _ in range(random.randint(1, 5)):
        amount = random.choice((0, min(1, left), left, left // 2, random.randint(0, left)))
        left -= amount
        made.append(TxOutput(Sats(amount), _script(random)))
    return made


def _script(random: Random) -> Script:
    return Script(b"\x6a\x01\x00") if random.random() < 0.1 else address_script(random.randint(1, 12))


def _put(coins: dict[OutPoint, int], transaction: Transaction) -> None:
    for at, output in enumerate(transaction.outputs):
        if output.script[:1] != b"\x6a":
            coins[out(transaction, at)] = output.sats
