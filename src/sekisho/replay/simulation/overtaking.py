"""A branch that takes the place of the last blocks: a reorganisation, as importers must survive it."""

from collections.abc import Iterator

from sekisho.replay.simulation.days import miner
from sekisho.replay.simulation.ledger import Mined, Out, Spend
from sekisho.replay.simulation.truth import Kind
from sekisho.replay.simulation.world import World


def overtake(world: World) -> Iterator[bytes]:
    """The bytes of a branch that takes the place of the last blocks: theirs a block later, but for some payments of
    the last one, whose coins go back to who held them."""
    ledger = world.ledger
    losing = list(ledger.recent)
    world.stale += [each.hash for each in losing]
    last = losing[-1]
    spent = {coin.txid for each in last.spends for coin in each.coins}
    withdrawn = [
        spend
        for spend, label in zip(last.spends, last.labels, strict=True)
        if label.kind is Kind.PAYMENT and label.txid not in spent and world.rng.randrange(2)
    ]
    ledger.back_to(losing[0])
    yield ledger.close(miner(world))
    for block in losing:
        ledger.repeat(block, frozenset(each.packed.txid for each in withdrawn))
        if block is last:
            for each in withdrawn:
                _give_back(world, each, block)
        yield ledger.close(miner(world))


def _give_back(world: World, spend: Spend, block: Mined) -> None:
    """Spend the coins of a withdrawn payment to the address that the first of them had, for twice the fee."""
    payer = next(label.actor for label in block.labels if label.txid == spend.packed.txid)
    lock, worth = spend.coins[0].lock, sum(each.sats for each in spend.coins) - 2 * spend.fee
    world.ledger.spend(Kind.REPLACEMENT, payer, spend.style, spend.coins, [Out(worth, lock.script)], 0)
