"""Whether the inputs of a transaction can be shared out so that every payer gets back what he put in.

In a mix where k people each receive the same amount, each one's inputs are that amount, plus his change, plus what he
pays; so the inputs fall into k groups. In a business's payment to k customers they do not, but by chance.
Finding the groups is a subset-sum problem; the search is cut off after a number of steps, the same on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

STEPS = 20_000
"""Groups of inputs that are looked at before the search is given up: some 20 ms."""

LARGEST_GROUP = 12
"""Nobody is expected to bring more inputs than this."""

DEEPEST = 600
"""The search calls itself about three times for a share and once for an input; deeper ones are not begun."""


class Balance(Enum):
    """How a search ended."""

    FOUND = "found"
    NONE = "none"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Terms:
    """What payers may pay, in satoshis: beside what each gets back."""

    earns: int
    """A payer other than the leader may get this much more than he put in."""
    pays: int
    """Or this much less."""
    leader_pays: int
    """One payer, the leader, may pay this much."""
    leader_takes_all: bool
    """Whether a payer without change can only be the leader."""
    someone_earns: bool
    """Whether some payer must get more than he put in."""


def balance(inputs: Sequence[int], shares: Sequence[int], changeless: int, terms: Terms) -> Balance:
    """Search groups of inputs, one for each of `shares`; every input must be in one.

    Amounts in satoshis. The last `changeless` of the shares belong to payers without change.
    """
    if len(inputs) < len(shares):
        return Balance.NONE
    if 3 * len(shares) + len(inputs) > DEEPEST:
        return Balance.GIVEN_UP
    with_change = sorted(shares[: len(shares) - changeless], reverse=True)
    return _Search(sorted(inputs, reverse=True), with_change, list(shares[len(with_change) :]), terms).run()


class _OutOfSteps(Exception):
    pass


class _Search:
    def __init__(self, inputs: list[int], with_change: list[int], changeless: list[int], terms: Terms) -> None:
        self._shares = with_change + changeless
        self._with_change = len(with_change)
        self._terms = terms
        self._inputs = inputs
        self._used = [False] * len(inputs)
        self._steps = 0

    def run(self) -> Balance:
        try:
            return Balance.FOUND if self._share(0, leader=False, earned=False) else Balance.NONE
        except _OutOfSteps:
            return Balance.GIVEN_UP

    def _share(self, at: int, *, leader: bool, earned: bool) -> bool:
        """Whether shares from `at` on can be paid by what is left; `leader` was met already, and someone `earned`."""
        if at == len(self._shares):
            return all(self._used) and (earned or not self._terms.someone_earns)
        return self._group(at, 0, 0, 0, leader=leader, earned=earned)

    def _group(self, at: int, start: int, size: int, total: int, *, leader: bool, earned: bool) -> bool:
        """Whether inputs from `start` on complete the group of share `at`, and the other shares can be paid then."""
        terms, share = self._terms, self._shares[at]
        most = share + (terms.pays if leader else max(terms.leader_pays, terms.pays))
        if size and self._settles(at, total - share, leader=leader, earned=earned):
            return True
        least, room, before = share - terms.earns, LARGEST_GROUP - size, -1
        for place in range(start, len(self._inputs)):
            amount = self._inputs[place]
            if total + amount * room < least or not room:
                return False  # those that follow are no larger
            if self._used[place] or amount == before or total + amount > most:
                continue
            self._steps += 1
            if self._steps > STEPS:
                raise _OutOfSteps
            before = amount  # of equal inputs the first stands for all
            self._used[place] = True
            if self._group(at, place + 1, size + 1, total + amount, leader=leader, earned=earned):
                return True
            self._used[place] = False
        return False

    def _settles(self, at: int, paid: int, *, leader: bool, earned: bool) -> bool:
        terms = self._terms
        only_leader = at >= self._with_change and terms.leader_takes_all
        if -terms.earns <= paid <= terms.pays and not only_leader:
            return self._share(at + 1, leader=leader, earned=earned or paid < 0)
        if not leader and 0 <= paid <= terms.leader_pays:
            return self._share(at + 1, leader=True, earned=earned)
        return False
