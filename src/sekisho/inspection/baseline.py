"""What the reader has looked at and accepts: a file of the reader's own, outside the tree that is inspected.

    {"sekisho_baseline": 1,
     "accepted": [{"key": "<64 hex digits>", "rule": "…", "verdict": "block|review", "where": "file:line"}, …]}

Only `key` counts. It names a chain's rule, its lines, and every byte of the files they stand in: a value may come from
another line than those of the chain, so whoever changes the file at all has to look again. What could not be read
cannot be accepted.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from sekisho.errors import SekishoError
from sekisho.inspection.judge import Inspection, verdict_of
from sekisho.inspection.rules.chain import Chain
from sekisho.inspection.text import shown
from sekisho.inspection.virtual import VirtualFile

MAX_BYTES = 10_000_000
"""Of a baseline."""

_VERSION = 1
_HEX = frozenset("0123456789abcdef")


class MalformedBaseline(SekishoError):
    """Bytes that are no baseline."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a baseline: {why}")
        self.why = why


class BaselineInside(SekishoError):
    """A baseline that whoever sent the input could have written."""

    def __init__(self, baseline: Path, tree: Path) -> None:
        here, there = shown(str(baseline), 300), shown(str(tree), 300)
        super().__init__(f"the baseline {here} lies within {there}, which is inspected: keep it elsewhere")
        self.baseline, self.tree = baseline, tree


def evidence(chain: Chain) -> str:
    """A name for a chain that stays when lines move: its rule, its files and the text there. SHA-256 in hex."""
    told = [chain.rule, *(part for step in chain.steps for part in (step.site.file, step.site.text))]
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def outside(baseline: Path, tree: Path) -> None:
    """Make sure that a baseline does not come with the input: neither it nor a link to it. Raises BaselineInside."""
    root = tree.resolve()
    for place in (baseline.resolve(), baseline.parent.resolve() / baseline.name):
        if place.is_relative_to(root):
            raise BaselineInside(baseline, tree)


def accept(found: Inspection, files: Sequence[VirtualFile], accepted: frozenset[str]) -> Inspection:
    """The same answer, with the chains whose keys are in the baseline set apart."""
    known = _digests(files)
    keyed = [(_key(chain, known) in accepted, chain) for chain in found.chains]
    apart, rest = (tuple(chain for is_known, chain in keyed if is_known is wanted) for wanted in (True, False))
    return found._replace(verdict=verdict_of(rest, found.unread_input), chains=rest, accepted=apart)


def write_baseline(found: Inspection, files: Sequence[VirtualFile]) -> bytes:
    """A baseline that accepts all chains there are, one a line."""
    known = _digests(files)
    rows = [
        json.dumps({"key": _key(chain, known), "rule": chain.rule, "verdict": str(chain.verdict),
                    "where": f"{shown(chain.steps[-1].site.file, 300)}:{chain.steps[-1].site.line}"})
        for chain in (*found.chains, *found.accepted)
    ]  # fmt: skip
    listed = ",\n".join(sorted(rows))
    return f'{{"sekisho_baseline": {_VERSION}, "accepted": [\n{listed}\n]}}\n'.encode()


def read_baseline(raw: bytes) -> frozenset[str]:
    """The keys in a baseline. Raises MalformedBaseline."""
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as why:
        raise MalformedBaseline("it is no JSON") from why
    if not isinstance(document, dict) or document.get("sekisho_baseline") != _VERSION:
        raise MalformedBaseline(f"it does not say that it is one of version {_VERSION}")
    rows = document.get("accepted")
    if not isinstance(rows, list):
        raise MalformedBaseline("it has no list of what is accepted")
    keys = [row.get("key") if isinstance(row, dict) else None for row in rows]
    for key in keys:
        if not isinstance(key, str) or len(key) != 64 or not set(key) <= _HEX:
            raise MalformedBaseline("an entry of it has no key")
    return frozenset(str(key) for key in keys)


def _digests(files: Sequence[VirtualFile]) -> Mapping[str, str]:
    return {file.path: hashlib.sha256(file.data).hexdigest() for file in files}


def _key(chain: Chain, digests: Mapping[str, str]) -> str:
    told = [evidence(chain), *(digests.get(step.site.file, "") for step in chain.steps)]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()
