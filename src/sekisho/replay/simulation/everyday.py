"""What happens on every day: people pay, deposit and withdraw; businesses pay out, gather and spread."""

from sekisho.bitcoin.sats import COIN
from sekisho.bitcoin.script import Script
from sekisho.replay.simulation.ledger import DUST_LIMIT, Out, to
from sekisho.replay.simulation.truth import BridgeDeposit, Kind
from sekisho.replay.simulation.wallets import Held, Wallet
from sekisho.replay.simulation.world import Exchange, World

_TOO_MANY_COINS = 8
_GATHERED = 25
"""Deposits that an exchange gathers at once."""


def some_amount(world: World, most: int) -> int:
    """An amount as people pay it: small ones and large ones, the digits of an exchange rate, at most `most`."""
    digits = world.rng.randrange(4, 8)
    return min(world.rng.randrange(10**digits, 10 ** (digits + 1)), most)


def send(
    world: World, kind: Kind, payer: Wallet, coins: list[Held], outs: list[Out], *, note: Out | None = None
) -> int:
    """Pay `outs` from `coins` with change at a random place, and a note last. Gives the index of the change or -1."""
    ledger = world.ledger
    fee = ledger.fee(len(coins), len(outs) + 1 + 2 * (note is not None), payer)
    left = sum(each.sats for each in coins) - sum(each.sats for each in outs) - fee
    change = -1
    outs = list(outs)
    if left > 2 * DUST_LIMIT:
        change = world.rng.randrange(len(outs) + 1)
        outs.insert(change, to(payer, left))
    ledger.spend(
        kind, payer.name, payer.style, coins, [*outs, *([note] if note else [])], change if change >= 0 else None
    )
    return change


def _payer(world: World) -> Wallet | None:
    for _ in range(6):
        chosen = world.rng.choice(world.users)
        if chosen.coins:
            return chosen
    return None


def _coins_for(world: World, payer: Wallet, amount: int) -> list[Held]:
    """Coins that cover an amount and the fee on top."""
    return payer.take_for(amount + world.ledger.fee(3, 3, payer), world.rng)


def pay(world: World) -> None:
    """A user pays another."""
    payer = _payer(world)
    if payer is None:
        return
    amount = some_amount(world, payer.total() * world.rng.randrange(10, 60) // 100)
    coins = _coins_for(world, payer, amount) if amount > DUST_LIMIT else []
    if coins:
        send(world, Kind.PAYMENT, payer, coins, [to(world.rng.choice(world.users), amount)])


def deposit(world: World) -> None:
    """A user pays into an exchange, which gathers its deposits when there are enough."""
    payer = _payer(world)
    if payer is None:
        return
    amount = some_amount(world, payer.total() * world.rng.randrange(10, 60) // 100)
    coins = _coins_for(world, payer, amount) if amount > DUST_LIMIT else []
    if coins:
        send(world, Kind.DEPOSIT, payer, coins, [world.rng.choice(world.exchanges).deposit(payer, amount)])
    for exchange in world.exchanges:
        if len(exchange.deposits.coins) >= _GATHERED:
            gather(world, exchange)


def gather(world: World, exchange: Exchange) -> None:
    """An exchange puts its deposits and a hot coin together."""
    deposits, hot = exchange.deposits, exchange.hot
    coins = [deposits.take(world.rng) for _ in range(min(40, len(deposits.coins)))]
    coins += [hot.take(world.rng)] if hot.coins else []
    worth = sum(each.sats for each in coins) - world.ledger.fee(len(coins), 1, hot)
    if worth > DUST_LIMIT:
        world.ledger.spend(Kind.CONSOLIDATION, hot.name, hot.style, coins, [to(hot, worth)])


def refill(world: World) -> None:
    """An exchange makes equal hot coins of its deposits."""
    exchange = world.rng.choice(world.exchanges)
    deposits, hot = exchange.deposits, exchange.hot
    if len(deposits.coins) < 8:
        return
    coins = [deposits.take(world.rng) for _ in range(min(20, len(deposits.coins)))]
    count = world.rng.randrange(3, 16)
    worth = sum(each.sats for each in coins) - world.ledger.fee(len(coins), count + 1, hot)
    each = worth // (count + 1) // 1000 * 1000
    if each > 10 * DUST_LIMIT:
        new = world.rng.randrange(2) == 0  # at new addresses it looks even more like a mix
        outs = [to(hot, each, hot.fresh() if new else None) for _ in range(count)]
        change = world.rng.randrange(count + 1)
        outs.insert(change, to(hot, worth - each * count))
        world.ledger.spend(Kind.EQUAL_REFILL, hot.name, hot.style, coins, outs, change)
    else:
        deposits.coins += coins


def pay_out(world: World) -> None:
    """An exchange pays many customers."""
    hot = world.rng.choice(world.exchanges).hot
    customers = [world.rng.choice(world.users) for _ in range(world.rng.randrange(5, 50))]
    most = hot.total() // 2 // len(customers)
    if most > 10 * DUST_LIMIT:
        outs = [to(each, max(some_amount(world, most), DUST_LIMIT)) for each in customers]
        coins = hot.take_for(sum(each.sats for each in outs) + world.ledger.fee(6, len(outs), hot), world.rng, 6)
        if coins:
            send(world, Kind.PAYOUT, hot, coins, outs)


def pay_out_equally(world: World) -> None:
    """An exchange pays the same to each of several customers, from hot coins or straight from deposits."""
    exchange = world.rng.choice(world.exchanges)
    wallet, most = world.rng.choice(((exchange.hot, 6), (exchange.deposits, 20)))
    customers = world.rng.sample(world.users, world.rng.randrange(5, 30))
    each = min(wallet.total() // 3 // len(customers) // 100_000 * 100_000, COIN // 10)
    if each:
        cost = world.ledger.fee(most, len(customers), wallet)
        coins = wallet.take_for(each * len(customers) + cost, world.rng, most)
        if coins:
            send(world, Kind.EQUAL_PAYOUT, wallet, coins, [to(one, each) for one in customers])


def withdraw(world: World) -> None:
    """An exchange pays one customer."""
    hot = world.rng.choice(world.exchanges).hot
    amount = some_amount(world, hot.total() // 20)
    coins = hot.take_for(amount + world.ledger.fee(6, 2, hot), world.rng, 6) if amount > DUST_LIMIT else []
    if coins:
        send(world, Kind.PAYOUT, hot, coins, [to(world.rng.choice(world.users), amount)])


def tidy(world: World) -> None:
    """A user with too many coins puts them together."""
    payer = _payer(world)
    if payer is None or len(payer.coins) < _TOO_MANY_COINS:
        return
    coins = [payer.take(world.rng) for _ in range(min(30, len(payer.coins)))]
    worth = sum(each.sats for each in coins) - world.ledger.fee(len(coins), 1, payer)
    if worth > DUST_LIMIT:
        world.ledger.spend(Kind.CONSOLIDATION, payer.name, payer.style, coins, [to(payer, worth)])


def dust(world: World) -> None:
    """Somebody sends a few satoshis each to addresses that were seen before."""
    duster = world.duster
    seen = [each for each in world.rng.sample(world.users, min(60, len(world.users))) if each.coins]
    coins = duster.take_for(len(seen) * DUST_LIMIT + world.ledger.fee(3, len(seen) + 1, duster), world.rng)
    if coins and len(seen) >= 10:
        send(world, Kind.DUST, duster, coins, [to(each, DUST_LIMIT, each.coins[-1].lock) for each in seen])
    else:
        duster.coins += coins


def cross(world: World, payer: Wallet, amount: int) -> bool:
    """Pay into the bridge's vault, with a memo that names an address on another chain; whether there were coins."""
    coins = _coins_for(world, payer, amount)
    if not coins:
        return False
    target = world.rng.randbytes(20).hex()
    memo = f"=:ETH.ETH:0x{target}:0/1/0"
    note = Out(0, Script(b"\x6a" + bytes([len(memo)]) + memo.encode()))
    send(world, Kind.BRIDGE, payer, coins, [to(world.vault, amount)], note=note)
    world.bridges.append(BridgeDeposit(world.ledger.newest, memo))
    return True


def bridge(world: World) -> None:
    """A user moves coins to another chain."""
    payer = _payer(world)
    if payer is not None:
        amount = some_amount(world, payer.total() // 2)
        if amount > DUST_LIMIT:
            cross(world, payer, amount)


def unbridge(world: World) -> None:
    """The bridge pays one who comes from another chain."""
    vault = world.vault
    amount = some_amount(world, vault.total() // 3)
    coins = _coins_for(world, vault, amount) if amount > DUST_LIMIT else []
    if coins:
        send(world, Kind.PAYMENT, vault, coins, [to(world.rng.choice(world.users), amount)])


def spread(world: World, miner: Wallet) -> None:
    """A miner's ripe coins go to many: users, exchanges, the duster, and those who lend to mixes."""
    coins = [miner.take(world.rng) for _ in range(min(20, len(miner.coins)))]
    count = world.rng.randrange(30, 60)
    worth = sum(each.sats for each in coins) - world.ledger.fee(len(coins), count + 3, miner)
    if worth < count * 20 * DUST_LIMIT:
        miner.coins += coins
        return
    share = worth // (count + 12)
    poorest = sorted(world.rng.sample(world.users, min(2 * count, len(world.users))), key=Wallet.total)[:count]
    outs = [to(each, share * world.rng.randrange(50, 100) // 100) for each in poorest]
    outs.append(to(world.rng.choice(world.exchanges).hot, share * 6))
    outs.append(to(world.duster, min(share, COIN // 100)))
    outs.append(to(miner, worth - sum(each.sats for each in outs)))
    world.ledger.spend(Kind.FAN_OUT, miner.name, miner.style, coins, outs, len(outs) - 1)
