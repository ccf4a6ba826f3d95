"""Somebody else who freezes a checkpoint, from another thread and over another connection, while it is at work."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from sekisho.approvals.statement import Statement
from sekisho.checkpoint.freeze import freeze, new_order
from sekisho.checkpoint.memory import frozen
from sekisho.checkpoint.state import open_state
from sekisho.evidence.log import Receipt, TransparentLog
from sekisho.evidence.note import Note
from sekisho.evidence.publish import Publisher
from sekisho.replay.cast import device
from support.world import World

_PATIENCE = 20


class Freezing(threading.Thread):
    """Chie, who has seen enough."""

    def __init__(self, world: World) -> None:
        super().__init__(daemon=True)
        self._world, self._tries = world, threading.Event()
        self.receipt: Receipt | None = None

    def run(self) -> None:
        """Freeze."""
        state = open_state(self._world.state.path)
        order = new_order(self._world.now)
        signed = device("chie-key").sign(Statement.FREEZE, order.digest)
        self._tries.set()
        outcome = freeze(state, order, signed, self._clock)
        state.close()
        assert isinstance(outcome, Receipt)
        self.receipt = outcome

    def wait_until_it_tries(self) -> None:
        """Until all that is left is to be let in."""
        assert self._tries.wait(_PATIENCE)
        time.sleep(0.3)

    def wait_until_it_holds(self) -> None:
        """Until it is on disk for everyone."""
        state = open_state(self._world.state.path)
        end = time.monotonic() + _PATIENCE
        while not frozen(state):
            assert time.monotonic() < end, "the freeze waits for something"
            time.sleep(0.01)
        state.close()

    def _clock(self) -> datetime:
        return self._world.now


@contextmanager
def frozen_meanwhile(world: World) -> Iterator[None]:
    """Somebody freezes once the next decision is recorded, while the log is being published."""
    real, began = Publisher.publish, list[Freezing]()

    def publish(self: Publisher, log: TransparentLog, at: int) -> Note:
        if not began:
            began.append(Freezing(world))
            began[0].start()
            began[0].wait_until_it_holds()
        return real(self, log, at)

    with patch.object(Publisher, "publish", publish):
        yield
    began[0].join()
    assert began[0].receipt is not None
