"""What the rules were written with: every hostile sample and honest twin, with its rule and what it claims."""

from importlib import import_module

from inspection.rules.samples import HOSTILE
from inspection.rules.twins import HONEST

_NAMES = (
    "asking", "building", "bundles", "carrying", "copying", "fetched", "filling", "flowing", "gathering", "handing",
    "holding", "installing", "leaking", "leaving", "loaders", "loading", "neighbours", "opening", "ordinary",
    "packing", "reaching", "receiving", "relaying", "saving", "sparing", "standing", "staying", "storing",
    "surrounding",
    "surveying", "taking", "telling_apart", "trusting", "unasked", "unpacking",
)  # fmt: skip
_MORE = [import_module(f"inspection.rules.{name}") for name in _NAMES]

CAUGHT = [
    (rule, claim, sample)
    for table in (HOSTILE, *(each.HOSTILE for each in _MORE))
    for rule, samples in table.items()
    for claim, sample in samples.items()
]
LEFT = [
    (rule, claim, files)
    for table in (HONEST, *(each.HONEST for each in _MORE))
    for rule, twins in table.items()
    for claim, files in twins.items()
]
