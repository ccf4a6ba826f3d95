"""Block after block of a simulated chain: what happens in each, and who finds it."""

from collections.abc import Callable, Iterator

from sekisho.bitcoin.sats import COIN
from sekisho.replay.simulation import everyday, mixes, whirlpool
from sekisho.replay.simulation.peeling import peel
from sekisho.replay.simulation.settings import FIRST_SPENDABLE
from sekisho.replay.simulation.theft import steal
from sekisho.replay.simulation.wallets import Wallet
from sekisho.replay.simulation.world import World

_COLD_BLOCKS = 10
"""Rewards that each exchange's cold wallet begins with."""

_EARLY = 50
"""Blocks after the first spendable one in which miners spread every reward at once."""

_REWARDS = 8
"""And how many they gather later."""

_RIPE = 12
"""Blocks after the first spendable one until mixes begin: by then users have coins."""


def blocks(world: World) -> Iterator[bytes]:
    """The bytes of each block of the chain, from height 1."""
    settings, ledger = world.settings, world.ledger
    span = settings.blocks - FIRST_SPENDABLE
    for number in range(1, settings.thefts + 1):
        height = FIRST_SPENDABLE + _COLD_BLOCKS * settings.exchanges + span * number // 10
        world.plans.append(steal(world, number, height))
    while ledger.height <= settings.blocks:
        if ledger.height >= FIRST_SPENDABLE:
            _fill(world)
        yield ledger.close(miner(world))


def miner(world: World) -> Wallet:
    """Who finds the next block: at first the exchanges, whose cold wallets begin so."""
    turn = (world.ledger.height - 1) // _COLD_BLOCKS
    if turn < len(world.exchanges):
        return world.exchanges[turn].cold
    return world.rng.choice(world.miners)


def _fill(world: World) -> None:
    ledger = world.ledger
    for each in world.miners:
        early = ledger.height < FIRST_SPENDABLE + _EARLY
        if len(each.coins) >= (1 if early else _REWARDS):
            everyday.spread(world, each)
    for plan in tuple(world.plans):
        if next(plan, _ENDED) is _ENDED:
            world.plans.remove(plan)
    started = ledger.height >= FIRST_SPENDABLE + _RIPE
    doings = _DOINGS if started else _DOINGS[:_SIMPLE]
    chances = [chance for _, chance in doings]
    idle = 0
    while ledger.size < world.settings.block_bytes and not ledger.full and idle < 1000:
        before = ledger.size
        (chosen,) = world.rng.choices(doings, chances)
        chosen[0](world)
        idle = 0 if ledger.size > before else idle + 1


def _mix_by_wasabi_1(world: World) -> None:
    mixes.wasabi_1(world)


def _mix_by_wasabi_2(world: World) -> None:
    mixes.wasabi_2(world)


def _mix_by_joinmarket(world: World) -> None:
    mixes.joinmarket(world)


def _enter_pool(world: World) -> None:
    pool = world.rng.choice(world.pools)
    if len(pool.members) < 4 and not whirlpool.open_pool(world, pool):
        return
    owner = world.rng.choice(world.users)
    if owner.coins:
        whirlpool.tx_zero(world, pool, owner)


def _whirl(world: World) -> None:
    pool = world.rng.choice(world.pools)
    if whirlpool.whirl(world, pool):
        whirlpool.leave(world, pool)


def _start_peeling(world: World) -> None:
    """An exchange pays out by peeling one of its coins."""
    exchange = world.rng.choice(world.exchanges)
    if exchange.hot.total() < COIN or len(exchange.hot.coins) < 3:
        return
    coin = max(exchange.hot.coins, key=lambda each: each.sats)
    exchange.hot.coins.remove(coin)
    exchange.peeling.coins.append(coin)
    world.plans.append(peel(world, exchange.peeling, coin, world.rng.randrange(10, 150), crooked=False))


_ENDED = object()

_DOINGS: tuple[tuple[Callable[[World], None], int], ...] = (
    (everyday.pay, 640),
    (everyday.deposit, 160),
    (everyday.withdraw, 60),
    (everyday.tidy, 60),
    (everyday.pay_out, 30),
    (everyday.bridge, 12),
    (everyday.unbridge, 6),
    (everyday.pay_out_equally, 6),
    (everyday.refill, 4),
    (everyday.dust, 2),
    (_start_peeling, 1),
    (mixes.stonewall, 6),
    (_enter_pool, 6),
    (_whirl, 12),
    (_mix_by_joinmarket, 6),
    (_mix_by_wasabi_1, 2),
    (_mix_by_wasabi_2, 2),
)
"""What may happen next, and how often of a thousand times or so."""

_SIMPLE = 4
"""How many of these happen from the first day."""
