"""An importing process is killed at any moment; whoever opens the store next finds it whole, and goes on."""

import os
import random
import shutil
import signal
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.chain.chain import Chain
from sekisho.chain.importer import import_files
from sekisho.chain.kernel import RegtestChain
from sekisho.chain.store import open_store
from sekisho.errors import SekishoError
from support.mining import mine

BLOCKS = 220
BATCH = 4_000


@dataclass
class Kills:
    """How many, and what they left behind."""

    kills: int = 0
    struck: int = 0
    """In time: the import was not done yet."""
    begun_anew: int = 0
    """Times an import was whole before the next kill, and a fresh store was begun."""
    refused: int = 0
    """An import that ended with an error, after a kill."""
    not_opened: int = 0
    not_a_prefix: int = 0
    """A store that was not the chain as it had been at one of its blocks."""
    not_equal: int = 0
    """An import that ended with other columns than the one nobody killed."""

    @property
    def faults(self) -> int:
        """What must never happen, and did."""
        return self.refused + self.not_opened + self.not_a_prefix + self.not_equal


def kill(folder: Path, least: int, seed: int) -> Kills:
    """Kill an import (SIGKILL) at random moments, `least` times, and look at the store after each."""
    dice = random.Random(seed)
    with RegtestChain(folder / "core") as chain:
        mine(chain, BLOCKS)
    blocks, store = folder / "core" / "blocks", folder / "store"
    _import(folder / "whole", blocks)
    start = time.perf_counter()
    _import(folder / "timed", blocks)
    whole, took = open_store(folder / "whole"), time.perf_counter() - start
    kills = Kills()
    while kills.kills < least:
        status = killed_after(dice.uniform(0, 1.1) * took, store, blocks)
        struck = status < 0
        kills.refused += status > 0
        kills.kills += 1
        kills.struck += struck
        if not _examine(kills, store, whole) or not struck:
            kills.not_equal += not struck and not _equal(store, whole)
            kills.begun_anew += 1
            shutil.rmtree(store)
    _import(store, blocks)
    kills.not_equal += not _equal(store, whole)
    return kills


def _die_of(store: Path, blocks: Path) -> NoReturn:
    """In a child: import, and leave with 0, or with 1 where an error came instead."""
    try:
        _import(store, blocks)
        os._exit(0)
    finally:
        traceback.print_exc()
        os._exit(1)


def _import(store: Path, blocks: Path) -> None:
    import_files(store, Network.REGTEST, blocks=[blocks], batch=BATCH, threads=1)


def killed_after(seconds: float, store: Path, blocks: Path) -> int:
    """Import in a child that is killed then: negative where it was, 0 where it was done before, 1 after an error."""
    child = os.fork()
    if child == 0:
        _die_of(store, blocks)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _examine(kills: Kills, store: Path, whole: Chain) -> bool:
    """Whether the store opens, and is the chain as it was at one of its blocks."""
    if not (store / "store.json").exists():
        return True
    try:
        chain = open_store(store)
    except SekishoError:
        kills.not_opened += 1
        return False
    right = _is_prefix(chain, whole)
    kills.not_a_prefix += not right
    return right


def _is_prefix(chain: Chain, whole: Chain) -> bool:
    transactions = len(chain.columns.txid)
    for name, column in chain.columns._asdict().items():
        wanted = getattr(whole.columns, name)[: len(column)]
        if name == "out_spender":
            wanted = np.where((wanted >= transactions) & (wanted < 0xFFFFFFFE), 0xFFFFFFFF, wanted)
        if not np.array_equal(column, wanted):
            return False
    numbers = range(len(chain.columns.script_start) - 1)
    return all(chain.find_script(whole.script(number)) == number for number in numbers)


def _equal(store: Path, whole: Chain) -> bool:
    chain = open_store(store)
    return len(chain.columns.txid) == len(whole.columns.txid) and _is_prefix(chain, whole)
