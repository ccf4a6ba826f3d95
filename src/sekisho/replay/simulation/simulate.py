"""Write a simulated chain: have Bitcoin Core validate each block, and say what is true of it."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from sekisho.chain.chain import Tip
from sekisho.chain.kernel import BlockRefused, RegtestChain
from sekisho.errors import SekishoError
from sekisho.replay.simulation.days import blocks
from sekisho.replay.simulation.overtaking import overtake
from sekisho.replay.simulation.settings import Settings
from sekisho.replay.simulation.truth import PeelChain, Truth
from sekisho.replay.simulation.wallets import actors
from sekisho.replay.simulation.world import World, populate


class FolderInUse(SekishoError):
    """Something lies where the chain shall be written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty: a chain is written into a new folder")
        self.folder = folder


_AHEAD = 4
"""Blocks that may wait for validation."""


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
        tuple(PeelChain(actor, tuple(hops)) for actor, hops in world.peel_chains if len(hops) > 1),
        tuple(world.thefts),
        tuple(world.bridges),
        tuple(world.stale),
    )
