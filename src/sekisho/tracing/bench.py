"""A chain on the bench: with the stop lists it is traced with, and the names behind its scripts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Chain
from sekisho.tracing.case import Parameters, Seed, Status
from sekisho.tracing.clusters import Clusters, cluster
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.run import parse_seed, trace
from sekisho.tracing.services import Service, StopList, Stops
from sekisho.tracing.stop_lists import stops
from sekisho.tracing.trace import ListUsed, Trace

_NOBODY = Clusters(*(np.empty(0, np.int64) for _ in range(3)))


@dataclass(frozen=True)
class Bench:
    """A chain and the stop lists to trace with."""

    chain: Chain
    lists: tuple[StopList, ...]
    clusters: Clusters
    stops: Stops

    @property
    def used(self) -> tuple[ListUsed, ...]:
        """The lists, as a trace names them."""
        return tuple(ListUsed(each.name, each.sha256) for each in self.lists)

    def seeds(self, text: str) -> tuple[Seed, ...]:
        """The outputs that a seed means."""
        return parse_seed(text, self.chain)

    def trace(self, seeds: Sequence[Seed], parameters: Parameters, hops: bool) -> Trace:
        """One trace."""
        return trace(self.chain, seeds, parameters, self.stops, self.used, classify, hops=hops)

    def services(self, traces: Sequence[Trace]) -> tuple[Service, ...]:
        """Who stands behind the scripts where taint ended at a service."""
        ended = {end.script for each in traces for end in each.ends if end.status is Status.SERVICE and end.script}
        every = [service for each in reversed(self.lists) for service in reversed(each.services)]
        named = {service.script: service for service in every}
        owners = {
            int(self.clusters.of[number]): service
            for service in every
            if service.cluster and (number := self.chain.find_script(service.script)) is not None
        }
        return tuple(
            replace(service, script=Script(script))
            for script in sorted(ended)
            if (service := named.get(Script(script)) or owners.get(self._owner(Script(script)))) is not None
        )

    def _owner(self, script: Script) -> int:
        number = self.chain.find_script(script)
        return -1 if number is None or not len(self.clusters.of) else int(self.clusters.of[number])


def bench_of(chain: Chain, lists: tuple[StopList, ...], height: int | None = None) -> Bench:
    """What is needed to trace. Owners of several scripts are looked for up to `height`, or in the whole chain."""
    wide = any(service.cluster for each in lists for service in each.services)
    clusters = cluster(_as_of(chain, height)) if wide else _NOBODY
    return Bench(chain, lists, clusters, stops(chain, lists, clusters))


def _as_of(chain: Chain, height: int | None) -> Chain:
    """The transactions of a chain up to a height. Who spends what is left as it is: clusters do not ask."""
    if height is None or height == chain.tip.height:
        return chain
    columns = chain.columns
    blocks = int(np.searchsorted(columns.block_height, height, side="right"))
    count = int(columns.block_first_tx[blocks])
    cut = columns._replace(
        block_height=columns.block_height[:blocks],
        block_first_tx=columns.block_first_tx[: blocks + 1],
        txid=columns.txid[:count],
        tx_flags=columns.tx_flags[:count],
        tx_first_in=columns.tx_first_in[: count + 1],
        tx_first_out=columns.tx_first_out[: count + 1],
    )
    return replace(chain, columns=cut)
