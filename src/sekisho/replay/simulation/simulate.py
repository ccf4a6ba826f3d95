"""Write a simulated chain: fill block after block, have Bitcoin Core validate each, and say what is true of it."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from sekisho.chain.chain import Tip
from sekisho.chain.kernel import BlockRefused, RegtestChain
from sekisho.errors import SekishoError
from sekisho.replay.simulation import everyday, mixes, whirlpool
from sekisho.replay.simulation.ledger import Mined, Out, Spend
from sekisho.replay.simulation.peeling import peel
from sekisho.replay.simulation.settings import FIRST_SPENDABLE, Settings
from sekisho.replay.simulation.theft import steal
from sekisho.replay.simulation.truth import Kind, Truth
from sekisho.replay.simulation.wallets import Wallet, actors
from sekisho.replay.simulation.world import World, populate


class FolderInUse(SekishoError):
    """Something lies where the chain shall be written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty: a chain is written into a new folder")
        self.folder = folder


_COLD_BLOCKS = 10
"""Rewards that each exchange's cold wallet begins with."""

_AHEAD = 4
"""Blocks that may wait for validation."""

_EARLY = 50
"""Blocks after the first spendable one in which miners spread every reward at once."""

_REWARDS = 8
"""And how many they gather later."""

_RIPE = 12
"""Blocks after the first spendable one until mixes begin: by then users have coins."""


def simulate(
    folder: Path,
    settings: Settings,
    progress: Callable[[int], None] = lambda _: None,
    before_overtaking: Callable[[Truth], None] = lambda _: None,
) -> Truth:
    """Write a chain into `folder/blocks` and say what is true of it.

    `progress` hears the height of each block that Bitcoin Core took. `before_overtaking` is called when the files hold
    the branch that will lose, with what is true until then. Raises FolderInUse, and BlockRefused should Bitcoin Core
    find a block invalid.
    """
    _prepare(folder / "blocks", settings.seed)
    world = populate(settings)
    with RegtestChain(folder, workers=1) as chain:
        _write(chain, blocks(world), progress)
        if settings.overtaken:
            before_overtaking(_truth(world))
            _write(chain, overtake(world), progress)
        if chain.tip != world.ledger.tip:
            raise BlockRefused("Bitcoin Core's consensus rules reject a transaction in the chain")
    return _truth(world)


def _prepare(folder: Path, seed: int) -> None:
    """A folder with the key that Bitcoin Core masks its files with; it would choose one by chance."""
    if folder.exists() and any(folder.iterdir()):
        raise FolderInUse(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "xor.dat").write_bytes(sha256(b"sekisho simulated mask %d" % seed).digest()[:8])


def _write(chain: RegtestChain, raws: Iterator[bytes], progress: Callable[[int], None]) -> None:
    """Hand blocks over while the next ones are made."""

    def hand_over(raw: bytes) -> None:
        chain.submit(raw)
        progress(chain.height)

    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(1) as judge:
        for raw in raws:
            waiting.append(judge.submit(hand_over, raw))
            if len(waiting) > _AHEAD:
                waiting.popleft().result()
        for each in waiting:
            each.result()


def _truth(world: World) -> Truth:
    """What was written down until now."""
    return Truth(
        world.settings.seed,
        Tip(world.ledger.height - 1, world.ledger.tip),
        actors(world.wallets),
        tuple(world.ledger.labels),
        tuple(world.peel_chains),
        tuple(world.thefts),
        tuple(world.bridges),
        tuple(world.stale),
    )


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
        yield ledger.close(_miner(world))


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
    yield ledger.close(_miner(world))
    for block in losing:
        ledger.repeat(block, frozenset(each.packed.txid for each in withdrawn))
        if block is last:
            for each in withdrawn:
                _give_back(world, each, block)
        yield ledger.close(_miner(world))


def _give_back(world: World, spend: Spend, block: Mined) -> None:
    """Spend the coins of a withdrawn payment to the address that the first of them had, for twice the fee."""
    payer = next(label.actor for label in block.labels if label.txid == spend.packed.txid)
    lock, worth = spend.coins[0].lock, sum(each.sats for each in spend.coins) - 2 * spend.fee
    world.ledger.spend(Kind.REPLACEMENT, payer, spend.style, spend.coins, [Out(worth, lock.script)], 0)


def _miner(world: World) -> Wallet:
    """Who finds the next block: at first the exchanges, whose cold wallets begin so."""
    turn = (world.ledger.height - 1) // _COLD_BLOCKS
    if turn < len(world.exchanges):
        return world.exchanges[turn].cold
    return world.rng.choice(world.miners)


def _fill(world: World) -> None:
    ledger = world.ledger
    for miner in world.miners:
        early = ledger.height < FIRST_SPENDABLE + _EARLY
        if len(miner.coins) >= (1 if early else _REWARDS):
            everyday.spread(world, miner)
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
    if exchange.hot.total() < 100_000_000 or len(exchange.hot.coins) < 3:
        return
    coin = max(exchange.hot.coins)
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
