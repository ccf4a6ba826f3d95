"""An exchange on a regtest chain: nine coins of the sizes DMM held, twice, and a checkpoint in front of one wallet."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sekisho.approvals.statement import SignedStatement
from sekisho.bitcoin.address import parse_address, show_address
from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.bitcoin.wallet import Branch, Wallet, parse_wallet
from sekisho.chain.kernel import COINBASE_MATURITY, RegtestChain
from sekisho.checkpoint.cosign import Answer, Checkpoint, utc_now
from sekisho.checkpoint.home import LOG_FOLDER, STATE_FILE
from sekisho.checkpoint.key import SoftwareKey, software_key
from sekisho.checkpoint.memory import import_coins
from sekisho.checkpoint.state import State, create_state
from sekisho.checkpoint.statute import Document, adopt, policy_document, roster_document, wallet_document
from sekisho.errors import SekishoError
from sekisho.evidence.keys import SecretKeys
from sekisho.evidence.publish import Folder, Publisher
from sekisho.replay.cast import Cast
from sekisho.replay.vendor import Draft, Held, Signer, signer
from sekisho.requests.create import new_request
from sekisho.requests.request import Payee, PaymentRequest
from sekisho.verdicts import Refused

NETWORK = Network.REGTEST
ORIGIN = "exchange.example/sekisho"
"""The name of the checkpoint's log."""
SIZES = (500, 500, 500, 500, 500, 500, 500, 500, 503)
"""Bitcoin in each coin, as the theft found them."""

STOLEN = Sats(450_290_000_000)
"""4,502.9 BTC."""

FEE_CEILING = Sats(20_000)
"""What Rie allows the miners."""

_ANYONE = Script(b"\x51")
_SUBSIDY_HEIGHT = 290
"""By then regtest has paid out more than the two wallets need."""

POLICY = """\
type = "sekisho/policy/v1"
version = 1
network = "regtest"
max_request_hours = 24

[allow_list]
entries = [ {{ name = "hot wallet", address = "{hot}" }} ]

[[amount_tier]]
up_to_sats = 10_000_000_000
threshold = 2
approvers = ["aya", "ben", "chie"]
distinct = {{ organisation = 2 }}

[[velocity_limit]]
per = "wallet"
sats = 3_000_000_000
window_hours = 24

[fee_cap]
sats = 100_000
percent = 1
sat_per_vb = 200

[look_alike]

[sweep]
max_value_percent = 10
leave_change = true
"""

UNGUARDED = "wsh(multi(2,{P1},{P2},{P3}))"
GUARDED = "wsh(or_i(and_v(v:pk({C}),multi(2,{P1},{P2},{P3})),and_v(v:older(52560),multi(3,{R1},{R2},{R3},{R4},{R5}))))"


class ReplayFailed(SekishoError):
    """The replay could not be set up: a fault of its own, and no verdict on anything."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the replay cannot go on: {why}")
        self.why = why


def seed(name: str) -> bytes:
    """A seed by name, worth nothing outside this replay."""
    return sha256(f"sekisho replay {name}".encode()).digest()


def hot_wallet() -> str:
    """The address of the exchange's hot wallet."""
    return shown(Script(b"\x76\xa9\x14" + sha256(b"sekisho replay hot wallet").digest()[:20] + b"\x88\xac"))


def shown(script: Script) -> str:
    """A script's regtest address."""
    address = show_address(script, NETWORK)
    if address is None:
        raise ReplayFailed("a script without an address")
    return address


def look_alike(address: str) -> str:
    """An address that begins and ends like another one. No key to it exists: the hash is made up."""
    program = parse_address(address, NETWORK)[3:23]
    for number in range(1_000_000):
        made = program[:5] + sha256d(number.to_bytes(4, "big"))[:15]
        candidate = shown(Script(b"\x76\xa9\x14" + made + b"\x88\xac"))
        if candidate[-2:] == address[-2:]:
            return candidate
    raise ReplayFailed("no look-alike address was found")


@dataclass
class Exchange:
    """Two wallets with the same coins, the people, and the checkpoint that guards the second wallet."""

    chain: RegtestChain
    cast: Cast
    people: tuple[Signer, ...]
    recovery: tuple[Signer, ...]
    key: SoftwareKey
    unguarded: Wallet
    guarded: Wallet
    state: State
    publisher: Publisher
    policy: Document
    now: datetime
    coins: dict[bytes, tuple[Held, ...]] = field(default_factory=dict)
    _requests: int = 0

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint, at the replay's own hour."""
        return Checkpoint(self.state, self.key, self.publisher, lambda: self.now)

    def request(self, wallet: Wallet, address: str, amount: Sats) -> PaymentRequest:
        """Rie asks for a payment."""
        self._requests += 1
        return new_request(
            id=f"replay-{self._requests}",
            requester="rie",
            network=NETWORK,
            wallet=wallet.id,
            payees=[Payee(address, parse_address(address, NETWORK), amount)],
            fee_max=FEE_CEILING,
            created=self.now,
            expires=self.now + timedelta(hours=2),
            purpose="daily top-up of the hot wallet",
            roster=self.cast.roster.digest,
            policy=self.policy.digest,
        )

    def draft(self, request: PaymentRequest, coins: Sequence[Held]) -> Draft:
        """The honest transaction for a request."""
        payees = tuple(TxOutput(payee.sats, payee.script) for payee in request.payees)
        return Draft(self.guarded, tuple(coins), payees, Sats(10_000), 0, self.chain.height)

    def ask(self, request: PaymentRequest, psbt: bytes, statements: Sequence[SignedStatement]) -> Answer:
        """Put a case to the checkpoint."""
        return self.checkpoint.cosign(request.raw, [each.raw for each in statements], psbt)

    def edited(self, request: PaymentRequest, address: str) -> PaymentRequest:
        """The request with another payee, as a server on its way would write it."""
        (payee,) = request.payees
        return replace(request, payees=(Payee(address, parse_address(address, NETWORK), payee.sats),))


@contextmanager
def open_exchange() -> Iterator[Exchange]:
    """Set everything up on a fresh chain, in a scratch folder that is gone afterwards."""
    with TemporaryDirectory(prefix="sekisho-replay-") as folder, RegtestChain() as chain:
        people = tuple(signer(seed(f"P{n}"), NETWORK) for n in range(1, 4))
        recovery = tuple(signer(seed(f"R{n}"), NETWORK) for n in range(1, 6))
        key = software_key(seed("C"), NETWORK)
        cast = Cast(NETWORK)
        guarded_file, unguarded_file = (_wallet_file(each, key, people, recovery) for each in (GUARDED, UNGUARDED))
        policy = policy_document(POLICY.format(hot=hot_wallet()).encode())
        state = create_state(Path(folder) / STATE_FILE, ORIGIN, "head")
        publisher = Publisher(Folder(Path(folder) / LOG_FOLDER), SecretKeys(ORIGIN, seed("log")))
        now = utc_now().astimezone(UTC).replace(microsecond=0)
        publisher.rebuild(state.log, int(now.timestamp()))
        exchange = Exchange(
            chain,
            cast,
            people,
            recovery,
            key,
            parse_wallet(unguarded_file),
            parse_wallet(guarded_file),
            state,
            publisher,
            policy,
            now,
        )
        _found(exchange, guarded_file)
        _fund(exchange)
        try:
            yield exchange
        finally:
            state.close()


def _wallet_file(template: str, key: SoftwareKey, people: Sequence[Signer], recovery: Sequence[Signer]) -> bytes:
    labels = {"C": key.expression}
    labels |= {f"P{n}": each.expression for n, each in enumerate(people, 1)}
    labels |= {f"R{n}": each.expression for n, each in enumerate(recovery, 1)}
    for label, expression in labels.items():
        template = template.replace(f"{{{label}}}", f"{expression}/<0;1>/*")
    return f'name = "cold wallet"\nnetwork = "{NETWORK}"\ndescriptor = "{template}"\n'.encode()


def _found(exchange: Exchange, wallet_file: bytes) -> None:
    """Put roster, policy and wallet in force, signed by the people who must."""
    documents = (roster_document(exchange.cast.roster_file), exchange.policy, wallet_document(wallet_file))
    signed = exchange.cast.founding(documents[1].digest, documents[2].digest)
    with exchange.state.turn(), exchange.state.transaction():
        for document in documents:
            about = [each for each in signed if each.digest == document.digest]
            outcome = adopt(exchange.state, document, about, int(exchange.now.timestamp()))
            if isinstance(outcome, Refused):
                raise ReplayFailed(f"the {document.kind} was not adopted: {', '.join(outcome.codes())}")


def _fund(exchange: Exchange) -> None:
    """Mine, and give each wallet its nine coins."""
    chain = exchange.chain
    mined = chain.mine(_SUBSIDY_HEIGHT, _ANYONE)
    chain.mine(COINBASE_MATURITY, _ANYONE)
    purse = [block.transactions[0].coin(0) for block in mined]
    for wallet in (exchange.unguarded, exchange.guarded):
        scripts = [wallet.script(Branch.RECEIVE, index).script_pubkey for index in range(len(SIZES))]
        outputs = tuple(TxOutput(Sats(size * COIN), script) for size, script in zip(SIZES, scripts, strict=True))
        wanted, spent, inputs = sum(SIZES) * COIN, 0, list[OutPoint]()
        while spent < wanted:
            coin = purse.pop(0)
            spent += coin.sats
            inputs.append(coin.outpoint)
        funding = Transaction(2, tuple(TxInput(each, 0xFFFFFFFF) for each in inputs), outputs, 0)
        chain.accept([funding])
        exchange.coins[wallet.id] = tuple(Held(funding, n, Branch.RECEIVE, n) for n in range(len(SIZES)))
    with exchange.state.turn(), exchange.state.transaction():
        held = [each.coin for each in exchange.coins[exchange.guarded.id]]
        import_coins(exchange.state, exchange.guarded, held, int(exchange.now.timestamp()))
