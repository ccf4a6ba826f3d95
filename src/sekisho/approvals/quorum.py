"""What it takes: how many people, of whom, and how they must differ."""

from dataclasses import dataclass
from enum import StrEnum


class Attribute(StrEnum):
    """In what the people of a quorum can be asked to differ."""

    ORGANISATION = "organisation"
    MAKER = "maker"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Quorum:
    """`threshold` people of `group` (ids) who span at least so many organisations, device makers, sites as asked.

    Counting is in `count`. An empty group, or a threshold below one, is never met.
    """

    threshold: int
    group: frozenset[str]
    distinct: tuple[tuple[Attribute, int], ...] = ()
