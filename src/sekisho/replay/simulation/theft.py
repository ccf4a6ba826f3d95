"""A theft, and what a thief does with the loot: split, peel, mix, change chains, cash out; some of it stays."""

from collections.abc import Iterator
from typing import Protocol

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.replay.simulation import mixes, whirlpool
from sekisho.replay.simulation.everyday import cross, send
from sekisho.replay.simulation.ledger import to
from sekisho.replay.simulation.locks import LockKind
from sekisho.replay.simulation.peeling import peel
from sekisho.replay.simulation.truth import ActorKind, Kind, Stolen, Theft
from sekisho.replay.simulation.wallets import STYLES, Held, Wallet
from sekisho.replay.simulation.world import Exchange, World

_FEE = COIN // 10
"""Far too much, as in the theft from DMM."""

_PARTS = 10


class _Mix(Protocol):
    def __call__(self, world: World, *guests: Wallet) -> bool: ...


def steal(world: World, number: int, height: int) -> Iterator[None]:
    """Theft `number`: all coins but one of an exchange's cold wallet at `height`, and the laundering after it."""
    while world.ledger.height < height:
        yield
    label, cold = f"theft-{number}", world.exchanges[number - 1].cold
    name = f"thief-{number}"
    first = world.known(Wallet(name, ActorKind.THIEF, LockKind.P2PKH, STYLES[3], world.ledger.keys))
    storage = world.known(Wallet(name, ActorKind.THIEF, LockKind.P2WPKH, STYLES[2], world.ledger.keys))
    coins, cold.coins = cold.coins[1:], cold.coins[:1]
    loot = sum(each.sats for each in coins) - _FEE
    (stolen,) = world.ledger.spend(Kind.THEFT, name, cold.style, coins, [to(first, loot)])
    seed = Stolen(OutPoint(stolen.txid, 0), Sats(loot))
    world.thefts.append(Theft(label, cold.name, name, stolen.txid, (seed,)))
    yield
    first.coins.clear()
    part = (loot - world.ledger.rate * 600) // _PARTS
    parts = world.ledger.spend(Kind.SPLIT, name, first.style, [stolen], [to(storage, part) for _ in range(_PARTS)])
    yield from _wait(2)
    storage.coins.clear()
    for start, coin in zip(_WAYS, parts, strict=True):
        wallet = world.known(storage.beside())
        wallet.coins.append(coin)
        world.plans.append(start(world, wallet, coin))
        yield from _wait(world.rng.randrange(1, 4))


def _exchange(world: World) -> Exchange:
    return world.rng.choice(world.exchanges)


def _wait(blocks: int) -> Iterator[None]:
    for _ in range(blocks):
        yield


def _by_peeling(world: World, wallet: Wallet, coin: Held) -> Iterator[None]:
    yield from peel(world, wallet, coin, world.rng.randrange(15, 120), crooked=True)


def _by_wasabi_1(world: World, wallet: Wallet, _coin: Held) -> Iterator[None]:
    yield from _by_mixing(world, wallet, mixes.wasabi_1)


def _by_wasabi_2(world: World, wallet: Wallet, _coin: Held) -> Iterator[None]:
    yield from _by_mixing(world, wallet, mixes.wasabi_2)


def _by_joinmarket(world: World, wallet: Wallet, _coin: Held) -> Iterator[None]:
    yield from _by_mixing(world, wallet, mixes.joinmarket)


def _by_mixing(world: World, wallet: Wallet, mix: _Mix) -> Iterator[None]:
    rounds = 0
    for _ in range(30):
        rounds += not world.ledger.full and mix(world, wallet)
        if rounds == 4:
            break
        yield from _wait(2)
    yield from _cash_out(world, wallet)


def _by_whirlpool(world: World, wallet: Wallet, _coin: Held) -> Iterator[None]:
    pool = world.pools[-1]
    while len(pool.members) < 4 and not whirlpool.open_pool(world, pool):
        yield
    member = whirlpool.tx_zero(world, pool, wallet, 6)
    for _ in range(40):
        if member is not None and not world.ledger.full:
            whirlpool.whirl(world, pool, member)
        yield
    if member is not None:
        wallet.coins += member.postmix.coins
        member.postmix.coins.clear()
    yield from _cash_out(world, wallet)


def _by_bridge(world: World, wallet: Wallet, coin: Held) -> Iterator[None]:
    for _ in range(3):
        cross(world, wallet, coin.sats // 4)
        yield from _wait(3)


def _by_deposit(world: World, wallet: Wallet, coin: Held) -> Iterator[None]:
    amount = coin.sats // 3
    for _ in range(2):
        taken = wallet.take_for(amount + world.ledger.fee(1, 2, wallet), world.rng)
        if taken:
            send(world, Kind.DEPOSIT, wallet, taken, [_exchange(world).deposit(wallet, amount)])
        yield from _wait(4)


def _not_at_all(_world: World, _wallet: Wallet, _coin: Held) -> Iterator[None]:
    return iter(())


def _cash_out(world: World, wallet: Wallet) -> Iterator[None]:
    """Every other coin to an exchange or over the bridge, one by one; the rest stays."""
    for coin in sorted(wallet.coins)[::2]:
        amount = coin.sats - world.ledger.fee(1, 2, wallet)
        if amount < COIN // 1000:
            continue
        wallet.coins.remove(coin)
        if world.rng.randrange(3):
            world.ledger.spend(
                Kind.DEPOSIT,
                wallet.name,
                wallet.style,
                [coin],
                [_exchange(world).deposit(wallet, amount)],
            )
        else:
            alone = world.known(wallet.beside())
            alone.coins.append(coin)
            cross(world, alone, amount * 9 // 10)
        yield from _wait(world.rng.randrange(2))


_WAYS = (
    _by_peeling,
    _by_wasabi_2,
    _by_whirlpool,
    _by_bridge,
    _by_peeling,
    _by_deposit,
    _by_joinmarket,
    _by_wasabi_1,
    _by_peeling,
    _not_at_all,
)
