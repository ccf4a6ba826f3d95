"""Peel chains: a large coin pays a little, its change pays a little, and so on."""

from collections.abc import Iterator

from sekisho.bitcoin.sats import COIN
from sekisho.replay.simulation.ledger import DUST_LIMIT, Out, to
from sekisho.replay.simulation.truth import Kind
from sekisho.replay.simulation.wallets import Held, Wallet
from sekisho.replay.simulation.world import World


def peel(world: World, owner: Wallet, coin: Held, hops: int, *, crooked: bool) -> Iterator[None]:
    """Peel `coin`, a coin of `owner`, in some hops a block: a business to users, a thief mostly to exchanges."""
    made = world.new_peel_chain(owner)
    for _ in range(hops):
        fee = world.ledger.fee(1, 2, owner)
        least, most = (COIN // 5, 2 * COIN) if crooked else (COIN // 1000, COIN // 10)
        amount = world.rng.randrange(least, most)
        if coin.sats < amount + fee + COIN // 1000:
            break
        owner.coins.remove(coin)
        change = world.rng.randrange(2)
        outs = [_payee(world, owner, amount, crooked=crooked)]
        outs.insert(change, to(owner, coin.sats - amount - fee, owner.fresh()))
        coin = next(
            each
            for each in world.ledger.spend(Kind.PEEL, owner.name, owner.style, [coin], outs, change)
            if each.vout == change
        )
        made.append(coin.txid)
        if world.ledger.full or world.rng.randrange(3) == 0:
            yield


def _payee(world: World, owner: Wallet, amount: int, *, crooked: bool) -> Out:
    if crooked and world.rng.randrange(10) < 7:
        return world.rng.choice(world.exchanges).deposit(owner, amount)
    return to(world.rng.choice([each for each in world.users if each is not owner]), max(amount, DUST_LIMIT))
