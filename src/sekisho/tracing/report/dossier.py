"""What a page is written from: the trace it tells, the other methods' traces beside it, and the names of services."""

from collections.abc import Mapping
from dataclasses import dataclass

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.script import Script
from sekisho.tracing.case import End, Status
from sekisho.tracing.report.told import address_of
from sekisho.tracing.report.words import shown
from sekisho.tracing.services import Service
from sekisho.tracing.trace import Trace

_MARK = b"sekisho: synthetic"
"""In an OP_RETURN of a transaction that was made up (docs/trace-report.md)."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One case. `others` are the same seeds by the other methods, in the order of `Method`, without hops."""

    told: Trace
    others: tuple[Trace, ...]
    services: Mapping[Script, Service]
    """Who stands behind the scripts where taint ended at a service."""

    @property
    def traces(self) -> tuple[Trace, ...]:
        """All of them, in the order of `Method`."""
        order = list(type(self.told.parameters.method))
        return tuple(sorted((self.told, *self.others), key=lambda each: order.index(each.parameters.method)))

    @property
    def synthetic(self) -> bool:
        """Whether a transaction on the way says that it was made up."""
        scripts = [portion.script for hop in self.told.hops for portion in hop.outputs]
        scripts += [Script(end.script) for end in self.told.ends if end.script is not None]
        return any(script[:1] == b"\x6a" and script.find(_MARK) > 0 for script in scripts)

    def address(self, end: End) -> str:
        """Where an end lies, as people write it: its address, or else its script in hex."""
        if end.script is None:
            return ""
        return address_of(end.script, self.told.network) or f"script {end.script.hex()[:80]}"

    def service(self, end: End) -> Service | None:
        """The service that an end was paid to."""
        if end.status is not Status.SERVICE or end.script is None:
            return None
        return self.services.get(Script(end.script))

    def place(self, end: End) -> str:
        """Where an end lies, by the name that tells people most."""
        service = self.service(end)
        if service is not None:
            return shown(service.name)
        return self.address(end) or {Status.FEES: "miners' fees"}.get(end.status, "never claimed by a miner")


EndKey = tuple[bytes, OutPoint | None, Status]
"""What makes two methods' ends the same place."""


def key_of(end: End) -> EndKey:
    """The place of an end."""
    return end.txid, end.outpoint, end.status
