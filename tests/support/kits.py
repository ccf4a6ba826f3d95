"""Wallets of every kind that can be co-signed, with the keys of everyone in them, and honest payments from them."""

import random
from dataclasses import dataclass, field
from hashlib import sha256

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.bitcoin.wallet import Branch, Wallet, parse_wallet
from sekisho.checkpoint.key import SoftwareKey, software_key
from sekisho.replay.vendor import Held, Signer, signer

NETWORK = Network.REGTEST


def seed(name: str) -> bytes:
    """A seed for everyone by name: the same in every run."""
    return sha256(f"sekisho test {name}".encode()).digest()


@dataclass(frozen=True)
class Kit:
    """A wallet, the cosigner's key, and the devices of the people whose signatures an ordinary spend needs."""

    name: str
    raw: bytes
    cosigner: SoftwareKey
    people: tuple[Signer, ...]
    recovery: tuple[Signer, ...] = ()
    wallet: Wallet = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wallet", parse_wallet(self.raw))

    def fund(self, *amounts: int, branch: Branch = Branch.RECEIVE, start: int = 0) -> tuple[Held, ...]:
        """Coins of these amounts on consecutive addresses, made by a transaction nobody mined."""
        places = [start + number if self.wallet.ranged else 0 for number in range(len(amounts))]
        scripts = [self.wallet.script(branch, place).script_pubkey for place in places]
        spent = TxInput(OutPoint(Txid(sha256(repr((self.name, amounts, branch, start)).encode()).digest()), 0), 0)
        outputs = tuple(TxOutput(Sats(amount), script) for amount, script in zip(amounts, scripts, strict=True))
        previous = Transaction(2, (spent,), outputs, 0)
        return tuple(Held(previous, vout, branch, place) for vout, place in enumerate(places))


def _kit(name: str, template: str, people: int, recovery: int = 0) -> Kit:
    """`C`, `P1`…, `R1`… in the template stand for keys."""
    cosigner = software_key(seed(f"{name} C"), NETWORK)
    signers = {f"P{n}": signer(seed(f"{name} P{n}"), NETWORK) for n in range(1, 4)}
    signers |= {f"R{n}": signer(seed(f"{name} R{n}"), NETWORK) for n in range(1, 6)}
    keys = {"C": cosigner.expression} | {label: each.expression for label, each in signers.items()}
    descriptor = template
    for label, expression in keys.items():
        descriptor = descriptor.replace(f"{{{label}}}", f"{expression}/<0;1>/*")
    raw = f'name = "{name}"\nnetwork = "{NETWORK}"\ndescriptor = "{descriptor}"\n'.encode()
    return Kit(
        name,
        raw,
        cosigner,
        tuple(signers[f"P{n}"] for n in range(1, people + 1)),
        tuple(signers[f"R{n}"] for n in range(1, recovery + 1)),
    )


def _fixed(name: str = "fixed") -> Kit:
    """P2SH-P2WSH over fixed keys: one script, its own change, as DMM had."""
    cosigner, person = software_key(seed(f"{name} C"), NETWORK), signer(seed(f"{name} P1"), NETWORK)
    own = cosigner.master.derive(list(cosigner.account)).to_public().key.sec().hex()
    origin = cosigner.expression.partition("]")[0] + "]"
    theirs = person.public_key("m/48h/1h/0h")
    fingerprint = person.expression[1:9]
    descriptor = f"sh(wsh(multi(2,{origin}{own},[{fingerprint}/48h/1h/0h]{theirs.hex()})))"
    return Kit(
        "fixed", f'name = "fixed"\nnetwork = "regtest"\ndescriptor = "{descriptor}"\n'.encode(), cosigner, (person,)
    )


RECOMMENDED = (
    "wsh(or_i(and_v(v:pk({C}),multi(2,{P1},{P2},{P3})),and_v(v:older(52560),multi(3,{R1},{R2},{R3},{R4},{R5}))))"
)

TEMPLATES = {
    "p2wpkh": ("wpkh({C})", 0, 0),
    "p2sh-p2wsh": ("sh(wsh(multi(2,{C},{P1})))", 1, 0),
    "sortedmulti": ("wsh(sortedmulti(3,{P2},{C},{P1}))", 2, 0),
    "recommended": (RECOMMENDED, 2, 5),
    "p2tr": ("tr({C})", 0, 0),
}

KITS = {name: _kit(name, *template) for name, template in TEMPLATES.items()} | {"fixed": _fixed()}


def random_kit(dice: random.Random) -> Kit:
    """A wallet of some kind with fresh keys."""
    kind = dice.choice([*TEMPLATES, "fixed"])
    name = f"{kind} {dice.randrange(2**64)}"
    return _fixed(name) if kind == "fixed" else _kit(name, *TEMPLATES[kind])
