"""CoinJoins of the kinds there are, with several owners' coins in each: Wasabi 1 and 2, JoinMarket, and a look-alike.

Whirlpool has a file of its own.
"""

from typing import NamedTuple

from sekisho.bitcoin.sats import COIN, MAX_MONEY
from sekisho.replay.simulation.everyday import some_amount
from sekisho.replay.simulation.ledger import DUST_LIMIT, Out, to
from sekisho.replay.simulation.locks import LockKind
from sekisho.replay.simulation.truth import Kind
from sekisho.replay.simulation.wallets import Held, Style, Wallet
from sekisho.replay.simulation.world import World

_SEGWIT = frozenset({LockKind.P2WPKH})
_SEGWIT_OR_TAPROOT = frozenset({LockKind.P2WPKH, LockKind.P2TR})
_COORDINATED = Style(1, 0xFFFFFFFF, False)
_PEER_TO_PEER = Style(2, 0xFFFFFFFE, True)


class Share(NamedTuple):
    """What one owner brings into a mix."""

    owner: Wallet
    coins: list[Held]

    @property
    def sats(self) -> int:
        """Worth."""
        return sum(each.sats for each in self.coins)


def wasabi_1(world: World, *guests: Wallet) -> bool:
    """10 or more people get about 0.1 BTC each and change; the coordinator takes 0.003 % for each of them.

    Guests take part before users do; whether it came about.
    """
    rng, ledger = world.rng, world.ledger
    amount = COIN // 10 + rng.randrange(-400_000, 600_000)
    count = rng.randrange(12, 35)
    cost = ledger.rate * 250 + amount * count * 3 // 100_000
    shares = _shares(world, (*guests, *world.payers(_SEGWIT, 3 * count)), amount + cost + DUST_LIMIT, count, 3)
    if len(shares) < 12:
        return _give_back(shares)
    outs: list[Out] = []
    for share in shares:
        outs.append(_fresh(share.owner, amount))
        change = share.sats - amount - cost
        if change >= 10 * DUST_LIMIT:
            outs.append(_fresh(share.owner, change))
    outs.append(to(world.coordinator, amount * len(shares) * len(shares) * 3 // 100_000))
    return _mix(world, Kind.WASABI_1, _COORDINATED, shares, outs)


def wasabi_2(world: World, *guests: Wallet) -> bool:
    """Many people's coins become coins of standard amounts; inputs and outputs stand in descending order."""
    rng, ledger = world.rng, world.ledger
    count = rng.randrange(16, 40)
    shares = _shares(world, (*guests, *world.payers(_SEGWIT_OR_TAPROOT, 3 * count)), 200_000, count, 3, greedy=True)
    coins = [coin for share in shares for coin in share.coins]
    if len(coins) < 20:
        return _give_back(shares)
    outs: list[Out] = []
    for share in shares:
        worth = share.sats - ledger.rate * 69 * len(share.coins)
        amounts = in_standard_amounts(worth, rng.randrange(5, 10), ledger.rate * 43)
        outs += [_fresh(share.owner, amount) for amount in amounts]
    outs.sort(key=lambda each: -each.sats)
    coins.sort(key=lambda each: -each.sats)
    ledger.spend(Kind.WASABI_2, "coordinator", _COORDINATED, coins, outs)
    return True


def joinmarket(world: World, *guests: Wallet) -> bool:
    """A taker pays a few makers for mixing with him: as many equal outputs as people, and everybody's change.

    Of users, every fourth taker sweeps his coins and has no change, and every fourth pays somebody else at once.
    """
    rng, ledger = world.rng, world.ledger
    count = rng.randrange(3, 8)
    amount = rng.randrange(COIN // 20, COIN // 2)
    people = (*guests, *world.payers(_SEGWIT, 6 * count))
    cost = 4_000 * count + ledger.rate * (11 + (68 * 2 + 62) * count)
    takers = _shares(world, people, amount + cost + DUST_LIMIT, 1, 2)
    if not takers:
        return False
    (taker,) = takers
    sweeps, pays = not guests and rng.randrange(4) == 0, not guests and rng.randrange(4) == 0
    if sweeps:
        amount = taker.sats - cost
    makers = _shares(
        world, tuple(each for each in people if each is not taker.owner), amount + 100 * DUST_LIMIT, count - 1, 2
    )
    shares = [taker, *makers]
    if len(shares) < 3:
        return _give_back(shares)
    outs = [_fresh(share.owner, amount) for share in makers]
    outs.append(to(rng.choice(world.users), amount) if pays else _fresh(taker.owner, amount))
    fees = [rng.randrange(200, 4_000) for _ in makers]
    outs += [_fresh(each.owner, each.sats - amount + fee) for each, fee in zip(makers, fees, strict=True)]
    if not sweeps:
        outs.append(_fresh(taker.owner, taker.sats - amount - cost + 4_000 * len(makers) - sum(fees)))
    return _mix(world, Kind.JOINMARKET, _PEER_TO_PEER, shares, outs, runs=taker.owner.name)


def stonewall(world: World) -> None:
    """One payer imitates a mix of two: an equal pair, and two changes. No mix."""
    for payer in world.payers(_SEGWIT, 20):
        amount = some_amount(world, payer.total() // 4)
        if amount < 20 * DUST_LIMIT or len(payer.coins) < 2:
            continue
        cost = world.ledger.fee(4, 4, payer) // 2
        first = payer.take_for(amount + cost + 5 * DUST_LIMIT, world.rng, 2)
        second = payer.take_for(amount + cost + 5 * DUST_LIMIT, world.rng, 2) if first else []
        if not second:
            payer.coins += first
            continue
        outs = [to(world.rng.choice(world.users), amount), _fresh(payer, amount)]
        outs += [_fresh(payer, sum(each.sats for each in half) - amount - cost) for half in (first, second)]
        world.rng.shuffle(outs)
        world.ledger.spend(Kind.STONEWALL, payer.name, payer.style, [*first, *second], outs)
        return


def _shares(
    world: World, people: tuple[Wallet, ...], amount: int, count: int, most: int, *, greedy: bool = False
) -> list[Share]:
    """Of the first `count` who can, coins worth `amount` or more, at most `most` each; if greedy, as many as that."""
    shares: list[Share] = []
    for owner in people:
        if len(shares) == count:
            break
        coins = owner.take_for(amount, world.rng, most)
        while greedy and coins and owner.coins and len(coins) < most:
            coins.append(owner.take(world.rng))
        if coins:
            shares.append(Share(owner, coins))
    return shares


def _give_back(shares: list[Share]) -> bool:
    """The mix does not come about."""
    for share in shares:
        share.owner.coins += share.coins
    return False


def _fresh(owner: Wallet, amount: int) -> Out:
    return to(owner, amount, owner.fresh())


def _mix(
    world: World, kind: Kind, style: Style, shares: list[Share], outs: list[Out], *, runs: str = "coordinator"
) -> bool:
    coins = [coin for share in shares for coin in share.coins]
    world.rng.shuffle(coins)
    world.rng.shuffle(outs)
    world.ledger.spend(kind, runs, style, coins, outs)
    return True


def in_standard_amounts(worth: int, most: int, cost: int = 0) -> tuple[int, ...]:
    """What Wasabi 2 makes of `worth` satoshis: at most so many standard amounts, largest first, each output paying
    `cost`; then what is left, where it is worth an output. The sum is `worth` or less."""
    amounts: list[int] = []
    for _ in range(most):
        standard = next((each for each in _DENOMINATIONS if each <= worth - cost), None)
        if standard is None:
            break
        amounts.append(standard)
        worth -= standard + cost
    rest = worth - cost
    return (*amounts, rest) if rest > 20 * DUST_LIMIT else tuple(amounts)


def _standard_amounts() -> tuple[int, ...]:
    """What Wasabi 2 makes: 2^n, 3^n, 2 x 3^n, 10^n, 2 x 10^n, 5 x 10^n satoshis, from 5,000; the largest first."""
    factors = {2: (1,), 3: (1, 2), 10: (1, 2, 5)}
    amounts = {base**power * factor for base, each in factors.items() for factor in each for power in range(52)}
    return tuple(sorted((each for each in amounts if 5_000 <= each <= MAX_MONEY), reverse=True))


_DENOMINATIONS = _standard_amounts()
