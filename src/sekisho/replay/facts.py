"""31 May 2024, as the chain tells it: the theft from DMM Bitcoin, and the transaction that had funded the wallet.

The transactions are public facts, kept as raw hex beside this file. What DMM's people meant to pay that noon was never
published. The request here is the wallet's habit: once a day some 10 BTC to its hot wallet; and its policy is what the
same habit suggests (nothing over 100 BTC had ever left).
"""

from datetime import UTC, datetime, timedelta
from importlib.resources import files

from sekisho.bitcoin.address import parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.transaction import Coin, Transaction, parse_transaction
from sekisho.bitcoin.wallet import Wallet, parse_wallet
from sekisho.requests.create import new_request
from sekisho.requests.request import Payee, PaymentRequest

HOT_WALLET = "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P"
THIEF = "1B6rJRfjTXwEy36SCs5zofGMmdv2kdZw7P"
COLD_WALLET = "3P8MfdM4pULv7ozdQvfwAqNF29zAjmnUYD"
OLDER_WALLET = "3Dhk8F6KYvMyqHN1r4kAT8t7SceK7yDjA4"

THEFT_TIME = datetime(2024, 5, 31, 4, 12, tzinfo=UTC)
"""13:12 in Tokyo."""

FUNDING_TIME = datetime(2024, 4, 4, 0, 0, tzinfo=UTC)

MEDIAN_FEE_RATE = 41
"""sat/vB, the median of 31 May 2024; its 90th percentile was 61."""

_KEYS = {
    COLD_WALLET: (
        "022a3ec327cd0b967b53e25439d6ab05a57e55ba82c3cdf03c94b83106711d43ff",
        "03e8b76584f2a41aadd97e461721875a7ced12ab0ba9266181eae68e95bc03e190",
        "028228f84daf8d397fcf252af0114c53db7a354c7ffcf293e8a6997cb1b253ac8f",
    ),
    OLDER_WALLET: (
        "022279489fa3e9886b25f0c455e510f8b0f0d636930768d7d440dd103077597ffe",
        "0344402b39b5efbd49f88400cdf041d1cd15bee795e672c8fefdc9790f78233c00",
        "0381b8c97ac3e501fc41e1e3b9eb07acba5b6cded8fbeb32324bda23ec3200ba2e",
    ),
}

POLICY = b"""\
# What DMM Bitcoin's own habits would have made of a policy.
type = "sekisho/policy/v1"
version = 1
network = "main"

[allow_list]
entries = [
  { name = "hot wallet", address = "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P" },
  { name = "older wallet", address = "3Dhk8F6KYvMyqHN1r4kAT8t7SceK7yDjA4" },
]

[[amount_tier]]
up_to_sats = 10_000_000_000   # 100 BTC: nothing larger had ever left
threshold = 2
approvers = ["treasurer", "operator", "auditor"]

[fee_cap]
sats = 1_000_000
percent = 1
sat_per_vb = 200              # the day's median was 41, its 90th percentile 61

[look_alike]

[sweep]
max_value_percent = 10
leave_change = true
"""


def theft() -> Transaction:
    """975ec405…e4d7: nine coins, one output of 4,502.9 BTC, a fee of 0.1 BTC."""
    return _transaction("975ec405.hex")


def funding() -> Transaction:
    """c03acb80…2908: the older wallet fills the cold wallet with 29 coins."""
    return _transaction("c03acb80.hex")


def stolen_coins() -> tuple[Coin, ...]:
    """The coins the theft spends: outputs 21 to 29 of the funding transaction."""
    return tuple(funding().coin(each.outpoint.vout) for each in theft().inputs)


def funded_coin() -> Coin:
    """The coin the funding transaction spends."""
    outpoint = funding().inputs[0].outpoint
    return Coin(outpoint, Sats(470_301_946_745), parse_address(OLDER_WALLET, Network.MAIN))


def held_coins() -> tuple[Coin, ...]:
    """What the funding transaction had put into the cold wallet."""
    transaction, script = funding(), parse_address(COLD_WALLET, Network.MAIN)
    return tuple(transaction.coin(vout) for vout, output in enumerate(transaction.outputs) if output.script == script)


def cold_wallet() -> Wallet:
    """The wallet that was robbed: 2 of 3 fixed keys, P2SH-P2WSH, as the witness shows them."""
    return _wallet("DMM cold wallet", "sh(wsh(multi(2,{})))", COLD_WALLET)


def older_wallet() -> Wallet:
    """The wallet before it: 2 of 3 fixed keys, P2SH."""
    return _wallet("DMM older wallet", "sh(multi(2,{}))", OLDER_WALLET)


def meant_request() -> PaymentRequest:
    """The request the theft is held against: the daily 10 BTC to the hot wallet."""
    return _request("2024-05-31", cold_wallet(), ((HOT_WALLET, 10 * COIN),), THEFT_TIME, Sats(100_000))


def funding_request() -> PaymentRequest:
    """The request that the funding transaction serves: every coin it made for the cold wallet."""
    pays = tuple((COLD_WALLET, int(coin.sats)) for coin in held_coins())
    return _request("2024-04-04", older_wallet(), pays, FUNDING_TIME, Sats(130_000))


def _transaction(name: str) -> Transaction:
    text = files("sekisho.replay").joinpath("chain_facts", name).read_text("ascii")
    return parse_transaction(bytes.fromhex(text.strip()))


def _wallet(name: str, template: str, address: str) -> Wallet:
    descriptor = template.format(",".join(_KEYS[address]))
    return parse_wallet(f'name = "{name}"\nnetwork = "main"\ndescriptor = "{descriptor}"\n'.encode())


def _request(
    name: str, wallet: Wallet, pays: tuple[tuple[str, int], ...], created: datetime, fee_max: Sats
) -> PaymentRequest:
    return new_request(
        id=name,
        requester="treasurer",
        network=Network.MAIN,
        wallet=wallet.id,
        payees=[Payee(address, parse_address(address, Network.MAIN), Sats(amount)) for address, amount in pays],
        fee_max=fee_max,
        created=created,
        expires=created + timedelta(hours=2),
        purpose="as the wallet's habit was",
    )
