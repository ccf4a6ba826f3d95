"""The stop list of a simulated world: what an investigator would know of its businesses."""

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.replay.simulation.truth import ActorKind, Truth


class KnownService(NamedTuple):
    """An address that is known to be a business's."""

    name: str
    category: str
    script: Script


def known_services(truth: Truth) -> tuple[KnownService, ...]:
    """The hot addresses of exchanges, and the bridge's vault."""
    exchanges = (each for each in truth.actors if each.kind is ActorKind.EXCHANGE)
    bridges = (each for each in truth.actors if each.kind is ActorKind.BRIDGE)
    return (
        *(KnownService(each.name, "exchange", script) for each in exchanges for script in each.hot),
        *(KnownService(each.name, "bridge", script) for each in bridges for script in each.scripts),
    )


def services_file(services: Iterable[KnownService], network: Network, source: str) -> bytes:
    """A stop list as CSV (docs/formats.md, "Stop list"): with each address, all that is spent together with it."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("name", "category", "address", "cluster", "source"))
    for each in services:
        rows.writerow((each.name, each.category, show_address(each.script, network), "true", source))
    return text.getvalue().encode()
