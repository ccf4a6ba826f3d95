"""Real witnesses on this machine: their own stores, their own keys, served over HTTP, started and killed at will."""

import threading
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from sekisho.evidence.keys import KeyType, SecretKeys, TreeHead, VerifierKey
from sekisho.evidence.note import NoteSignature
from sekisho.evidence.serve import server
from sekisho.evidence.witness import Witness


class RunningWitness:
    """One witness. Its port stays the same over restarts."""

    def __init__(self, folder: Path, name: str, log: Sequence[VerifierKey], clock: Callable[[], int]) -> None:
        self.name = name
        self.keys = SecretKeys(f"{name}.example/w", sha256(f"witness {name}".encode()).digest())
        self.store, self._log, self._clock, self.port = folder / f"{name}.db", log, clock, 0
        self.start()

    def start(self) -> None:
        """Begin, or begin again, to answer."""
        self.witness = Witness(self.store, self.keys, self._clock)
        for key in self._log:
            self.witness.follow(key)
        self._server = server(self.witness, "127.0.0.1", self.port)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self.witness.close()

    def cosignature(self, head: TreeHead, kind: KeyType = KeyType.COSIGNATURE_ED25519) -> NoteSignature:
        """Its cosignature on a head, made now, without asking it."""
        key = self.keys.public(kind)
        return NoteSignature(key.name, key.id, self.keys.cosign(kind, head, self._clock()))

    def line(self, kind: KeyType = KeyType.COSIGNATURE_ED25519) -> str:
        """Its line in a tlog-policy."""
        return f"witness {self.name} {self.keys.public(kind)} http://127.0.0.1:{self.port}"


def two_of(witnesses: Sequence[RunningWitness], kind: KeyType = KeyType.COSIGNATURE_ED25519) -> str:
    """A tlog-policy that asks for two of these."""
    lines = [each.line(kind) for each in witnesses]
    names = " ".join(each.name for each in witnesses)
    return "\n".join([*lines, f"group all-of-them 2 {names}", "quorum all-of-them"])


def wall_clock() -> int:
    """Seconds since 1970."""
    return int(time.time())
