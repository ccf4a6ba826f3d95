"""Whirlpool: a Tx0 makes coins of a pool's amount and a little more, which are mixed five by five, again and again."""

from sekisho.bitcoin.script import Script
from sekisho.replay.simulation.ledger import DUST_LIMIT, Out, to
from sekisho.replay.simulation.locks import LockKind
from sekisho.replay.simulation.truth import Kind
from sekisho.replay.simulation.wallets import Style, Wallet
from sekisho.replay.simulation.world import Pool, PoolMember, World

_STYLE = Style(1, 0xFFFFFFFF, False)
_MIXED = 5
_LENDERS = 4
_FEES = {100_000: 5_000, 1_000_000: 50_000, 5_000_000: 175_000, 50_000_000: 1_750_000}
"""What the coordinator takes for entering, by the pool's amount; satoshis."""


def open_pool(world: World, pool: Pool) -> bool:
    """Some users begin with coins of exactly the pool's amount, so that the first to come has somebody to mix with."""
    lenders = [each for each in world.payers(frozenset({LockKind.P2WPKH}), 40) if each.total() > 3 * pool.size]
    if len(lenders) < _LENDERS:
        return False
    for owner in lenders[:_LENDERS]:
        member = join(world, pool, owner)
        fee = world.ledger.fee(6, 3, owner)
        coins = owner.take_for(2 * pool.size + fee + DUST_LIMIT, world.rng, 6)
        if coins:
            change = sum(each.sats for each in coins) - 2 * pool.size - fee
            outs = [to(member.postmix, pool.size), to(member.postmix, pool.size), to(owner, change)]
            world.ledger.spend(Kind.PAYMENT, owner.name, owner.style, coins, outs, 2)
    return True


def join(world: World, pool: Pool, owner: Wallet) -> PoolMember:
    """Somebody becomes a member of a pool."""
    premix, postmix = (world.known(owner.beside(LockKind.P2WPKH)) for _ in range(2))
    member = PoolMember(owner, premix, postmix)
    pool.members.append(member)
    return member


def tx_zero(world: World, pool: Pool, owner: Wallet, most: int = 8) -> PoolMember | None:
    """The transaction before the mix: a note, the coordinator's fee, coins for the pool, change. None: too poor."""
    ledger = world.ledger
    each = pool.size + min(ledger.rate * 253 + 200, 100_000)
    fee = ledger.fee(2, most + 3, owner) + ledger.rate * 77
    coins = owner.take_for(each + _FEES[pool.size] + fee + 10 * DUST_LIMIT, world.rng, 3)
    if not coins:
        return None
    worth = sum(coin.sats for coin in coins) - _FEES[pool.size] - fee
    count = min((worth - DUST_LIMIT) // each, most)
    member = join(world, pool, owner)
    note = Out(0, Script(b"\x6a\x40" + world.rng.randbytes(64)))
    outs = [note, to(world.coordinator, _FEES[pool.size]), *(to(member.premix, each) for _ in range(count))]
    outs.append(to(owner, worth - count * each, owner.fresh()))
    ledger.spend(Kind.WHIRLPOOL_TX0, owner.name, _STYLE, coins, outs, len(outs) - 1)
    return member


def whirl(world: World, pool: Pool, *guests: PoolMember) -> bool:
    """Mix one round: one or two who are new, the others mixed before; guests come first. Whether it came about."""
    members = [each for each in pool.members if each not in guests]
    world.rng.shuffle(members)
    members = [*guests, *members]
    new = [each for each in members if each.premix.coins][: world.rng.randrange(1, 3)]
    again = [each for each in members if each.postmix.coins and each not in new][: _MIXED - len(new)]
    if not new or len(new) + len(again) < _MIXED:
        return False
    coins = [each.premix.take(world.rng) for each in new] + [each.postmix.take(world.rng) for each in again]
    outs = [to(each.postmix, pool.size) for each in (*new, *again)]
    world.rng.shuffle(coins)
    world.rng.shuffle(outs)
    world.ledger.spend(Kind.WHIRLPOOL, "coordinator", _STYLE, coins, outs)
    return True


def leave(world: World, pool: Pool) -> None:
    """Somebody takes a mixed coin out of a pool: from now on it is spent like any other."""
    leaving = [each for each in pool.members[_LENDERS:] if each.postmix.coins]
    if leaving:
        member = world.rng.choice(leaving)
        member.owner.coins.append(member.postmix.take(world.rng))
