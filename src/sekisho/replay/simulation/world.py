"""Everybody on a simulated chain."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from sekisho.bitcoin.outpoint import Txid
from sekisho.bitcoin.sats import COIN
from sekisho.replay.simulation.ledger import Ledger, Out, to
from sekisho.replay.simulation.locks import Lock, LockKind
from sekisho.replay.simulation.settings import Settings
from sekisho.replay.simulation.truth import ActorKind, BridgeDeposit, Theft
from sekisho.replay.simulation.wallets import STYLES, Style, Wallet

_USER_LOCKS = (
    *(LockKind.P2WPKH,) * 9,
    *(LockKind.P2TR,) * 4,
    *(LockKind.P2PKH,) * 2,
    *(LockKind.VAULT,) * 4,
    *(LockKind.LEAF,) * 1,
)
"""What users' wallets are made of, by share."""

POOL_SIZES = (COIN // 1000, COIN // 100, COIN // 20, COIN // 2)
"""Whirlpool's pools, in satoshis: 0.001, 0.01, 0.05 and 0.5 BTC."""


@dataclass(eq=False)
class Exchange:
    """An exchange: what customers pay in, what it pays out from, and what it keeps."""

    hot: Wallet
    deposits: Wallet
    cold: Wallet
    peeling: Wallet
    customers: dict[Wallet, Lock] = field(default_factory=dict)
    """Where each of them pays in."""

    def deposit(self, customer: Wallet, amount: int) -> Out:
        """An output to the customer's own address, always the same."""
        if customer not in self.customers:
            self.customers[customer] = self.deposits.fresh()
        return to(self.deposits, amount, self.customers[customer])


@dataclass(eq=False)
class PoolMember:
    """Somebody in a Whirlpool pool: coins on their way in, and coins that were mixed."""

    owner: Wallet
    premix: Wallet
    postmix: Wallet


@dataclass(eq=False)
class Pool:
    """One Whirlpool pool."""

    size: int
    members: list[PoolMember] = field(default_factory=list)


@dataclass(eq=False)
class World:
    """Everybody, and what they have under way."""

    settings: Settings
    ledger: Ledger
    users: list[Wallet]
    exchanges: list[Exchange]
    miners: list[Wallet]
    coordinator: Wallet
    """Takes the fees of Wasabi 1 and Whirlpool."""
    vault: Wallet
    """Of the bridge."""
    duster: Wallet
    pools: list[Pool]
    plans: list[Iterator[None]] = field(default_factory=list)
    """Longer undertakings: each goes on once in every block, until it ends."""
    wallets: list[Wallet] = field(default_factory=list)
    """All there are."""
    peel_chains: list[tuple[str, list[Txid]]] = field(default_factory=list)
    """Who peels, and the hops until now."""
    thefts: list[Theft] = field(default_factory=list)
    bridges: list[BridgeDeposit] = field(default_factory=list)
    stale: list[bytes] = field(default_factory=list)
    """Hashes of blocks that were overtaken."""

    @property
    def rng(self) -> Random:
        """The one source of chance."""
        return self.ledger.rng

    def known(self, wallet: Wallet) -> Wallet:
        """The wallet, now one of all there are."""
        self.wallets.append(wallet)
        return wallet

    def payers(self, kinds: frozenset[LockKind], count: int) -> list[Wallet]:
        """At most `count` users with coins of these kinds, in any order."""
        fitting = [each for each in self.users if each.lock_kind in kinds and each.coins]
        self.rng.shuffle(fitting)
        return fitting[:count]

    def new_peel_chain(self, owner: Wallet) -> list[Txid]:
        """Where the hops of a peel chain are written down."""
        hops: list[Txid] = []
        self.peel_chains.append((owner.name, hops))
        return hops


def populate(settings: Settings) -> World:
    """The world before the first block: everybody is there, and nobody has anything."""
    ledger = Ledger(settings.seed, settings.overtaken)
    wallets: list[Wallet] = []

    def wallet(name: str, role: ActorKind, lock_kind: LockKind, style: Style, fixed: int = 0) -> Wallet:
        made = Wallet(name, role, lock_kind, style, ledger.keys)
        made.fixed += [made.fresh() for _ in range(fixed)]
        wallets.append(made)
        return made

    def user(number: int) -> Wallet:
        kind, style = ledger.rng.choice(_USER_LOCKS), ledger.rng.choice(STYLES)
        return wallet(f"user-{number}", ActorKind.USER, kind, style, int(ledger.rng.randrange(100) < 30))

    def exchange(number: int) -> Exchange:
        kind, name = (LockKind.P2WPKH, LockKind.VAULT)[number % 2], f"exchange-{number}"
        style = STYLES[number % len(STYLES)]
        role = ActorKind.EXCHANGE
        return Exchange(
            hot=wallet(name, role, kind, style, 2),
            deposits=wallet(name, role, kind, style),
            cold=wallet(name, role, LockKind.VAULT, style),
            peeling=wallet(name, role, LockKind.P2WPKH, style),
        )

    world = World(
        settings=settings,
        ledger=ledger,
        users=[user(number) for number in range(1, settings.users + 1)],
        exchanges=[exchange(number) for number in range(1, settings.exchanges + 1)],
        miners=[wallet(f"miner-{number}", ActorKind.MINER, LockKind.P2WPKH, STYLES[4], 1) for number in (1, 2, 3)],
        coordinator=wallet("coordinator", ActorKind.COORDINATOR, LockKind.P2WPKH, STYLES[4]),
        vault=wallet("bridge", ActorKind.BRIDGE, LockKind.P2WPKH, STYLES[2], 1),
        duster=wallet("duster", ActorKind.USER, LockKind.P2WPKH, STYLES[4], 1),
        pools=[Pool(size) for size in POOL_SIZES],
    )
    world.wallets = wallets
    return world
