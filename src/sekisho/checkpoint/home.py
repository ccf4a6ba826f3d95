"""A checkpoint's home on disk: its database and its sealed key. Made by `init`, opened by everything else."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sekisho.approvals.roster import parse_roster
from sekisho.approvals.sealed import seal, unseal
from sekisho.approvals.statement import SignedStatement, Statement
from sekisho.bitcoin.guards import Way, recovery_positions, ways_without
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.wallet import Branch, Wallet, WalletKind, parse_wallet
from sekisho.checkpoint.key import Key, SoftwareKey, software_key
from sekisho.checkpoint.state import State, create_state, open_state
from sekisho.checkpoint.statute import adopt, policy_document, roster_document, wallet_document
from sekisho.errors import SekishoError
from sekisho.evidence.keys import SecretKeys, is_key_name
from sekisho.evidence.publish import Folder, Publisher
from sekisho.files import read_file, write_new
from sekisho.verdicts import Reason, Refused

STATE_FILE = "state.db"
KEY_FILE = "cosigner.key"
LOG_KEY_FILE = "log.key"
LOG_FOLDER = "log"
LOG_KEY_PURPOSE = "sekisho/log-key/v1"
KEY_PURPOSE = "sekisho/cosigner-key/v1"
MAX_KEY_BYTES = 10_000
MAX_ORIGIN_BYTES = 255


class HomeUnusable(SekishoError):
    """A home that exists already, or that cannot be made."""

    def __init__(self, home: Path, why: str) -> None:
        super().__init__(f"cannot use {home}: {why}")
        self.home, self.why = home, why


class WrongRosterHash(SekishoError):
    """The roster is not the one whose hash was typed in."""

    def __init__(self, typed: str, found: bytes) -> None:
        super().__init__(f"the roster's hash is {found.hex()}, not {typed[:64]}; nothing was made")
        self.typed, self.found = typed, found


class CosignerNotInWallet(SekishoError):
    """The wallet's descriptor does not hold the cosigner's key exactly once."""

    def __init__(self, times: int) -> None:
        super().__init__(f"the wallet's descriptor holds the cosigner's key {times} times instead of once")
        self.times = times


class CannotCosign(SekishoError):
    """A wallet whose spends this checkpoint can compare, but never sign."""

    def __init__(self, why: str) -> None:
        super().__init__(f"this wallet cannot be co-signed: {why}")
        self.why = why


class Unguarded(SekishoError):
    """Coins of the wallet could leave at once without the cosigner."""

    def __init__(self, ways: tuple[Way, ...]) -> None:
        listed = "; ".join(way.keys for way in ways)
        super().__init__(
            f"the wallet can be spent from at once without the cosigner, by {listed} (--unguarded to allow it)"
        )
        self.ways = ways


@dataclass(frozen=True, slots=True)
class Founding:
    """What a checkpoint starts from: the files and the statements people signed over them."""

    roster: bytes
    roster_hash: str
    """As typed in by the person who runs `init`, who had it from the people themselves."""
    policy: bytes
    wallet: bytes
    statements: tuple[SignedStatement, ...]
    unguarded: bool = False
    origin: str | None = None
    """The log's name; made up from the roster's relying party if not given."""
    head_file: str | None = None
    """Where to keep the newest head, outside the home and its backups (absolute); beside the home if not given."""


def new_key_file(path: Path, passphrase: str, network: Network) -> SoftwareKey:
    """Make a cosigner's key from 32 random bytes and write it, sealed, to `path`, which must not exist."""
    seed = os.urandom(32)
    key = software_key(seed, network)
    write_new(path, seal(network.encode() + b"\x00" + seed, passphrase, KEY_PURPOSE), 0o600)
    return key


def open_key_file(path: Path, passphrase: str) -> SoftwareKey:
    """Open a sealed cosigner's key. Raises SealedFileError, UnreadableFile, UnusableKey."""
    network, _, seed = unseal(read_file(path, MAX_KEY_BYTES), passphrase, KEY_PURPOSE).partition(b"\x00")
    return software_key(seed, Network(network.decode()))


def cosigner_position(wallet: Wallet, key: Key) -> int:
    """The place of the cosigner's key among the descriptor's keys. Raises CosignerNotInWallet."""
    fingerprint = bytes.fromhex(key.expression[1:9])
    places = [
        each.position
        for each in wallet.script(Branch.CHANGE, 0).keys
        if each.fingerprint == fingerprint and key.public_key(each.path) == each.public_key
    ]
    if len(places) != 1:
        raise CosignerNotInWallet(len(places))
    return places[0]


def guard(wallet: Wallet, key: Key) -> tuple[Way, ...]:
    """Every way to spend from the wallet without the cosigner. Raises CosignerNotInWallet, CannotCosign."""
    position = cosigner_position(wallet, key)
    if wallet.kind is WalletKind.LEGACY:
        raise CannotCosign("it is not a segwit wallet, so its signatures would not prove the amounts they spend")
    recovery = recovery_positions(wallet)
    masters = {text.expression[1:9] for place, text in enumerate(wallet.key_texts) if place not in recovery}
    if any(wallet.key_texts[place].expression[1:9] in masters for place in recovery):
        # One ordinary signing call signs every branch a device has a key in: the recovery path with the rest.
        raise CannotCosign("a recovery key lives on the same device as an ordinary key")
    return ways_without(wallet, position)


def check_guarded(wallet: Wallet, key: Key, at: int, *, unguarded: bool) -> None:
    """Raise Unguarded if coins could leave without the cosigner by `at` (seconds since 1970) and nobody said so; and
    what `guard` raises."""
    at_once = tuple(way for way in guard(wallet, key) if way.opens_at_once(wallet.network, at))
    if at_once and not unguarded:
        raise Unguarded(at_once)


def init(home: Path, founding: Founding, key_file: Path, passphrase: str, at: int) -> Refused | None:
    """Make a home: adopt the first roster, the policy and the wallet, and take in the cosigner's key.

    Everything is checked before anything is made, and the home appears whole or not at all.
    """
    key = open_key_file(key_file, passphrase)
    wallet = parse_wallet(founding.wallet)
    roster = roster_document(founding.roster)
    if founding.roster_hash.strip().lower() != roster.digest.hex():
        raise WrongRosterHash(founding.roster_hash, roster.digest)
    check_guarded(wallet, key, at, unguarded=founding.unguarded)
    beside = home.parent / f"{home.name}.head"
    head_file = founding.head_file or f"../{beside.name}"
    kept = beside if founding.head_file is None else Path(founding.head_file)
    for each in (home, kept):
        if each.exists():
            raise HomeUnusable(each, "it exists already")
    origin = founding.origin or f"{parse_roster(founding.roster).relying_party}/sekisho/{os.urandom(4).hex()}"
    if not is_key_name(origin) or len(origin.encode()) > MAX_ORIGIN_BYTES:
        raise HomeUnusable(home, f"a log's name is 1 to {MAX_ORIGIN_BYTES} bytes without spaces and plus signs")
    done = False
    try:
        with tempfile.TemporaryDirectory(prefix=f".{home.name}-", dir=home.parent) as scratch:
            made = Path(scratch) / home.name
            made.mkdir(mode=0o700)
            refused = _found(made, founding, origin, head_file, passphrase, at)
            if refused is not None:
                return refused
            write_new(made / KEY_FILE, read_file(key_file, MAX_KEY_BYTES), 0o600)
            if founding.head_file is None:
                (Path(scratch) / beside.name).rename(beside)
            made.rename(home)
            done = True
    except OSError as why:
        raise HomeUnusable(home, why.strerror or str(why)) from why
    finally:
        if not done:
            kept.unlink(missing_ok=True)
    return None


def open_home(home: Path) -> State:
    """The state of an existing home. Raises StateUnusable."""
    return open_state(home / STATE_FILE)


def open_cosigner(home: Path, passphrase: str) -> Key:
    """The cosigner's key of a home."""
    return open_key_file(home / KEY_FILE, passphrase)


def open_publisher(home: Path, passphrase: str) -> Publisher:
    """The home's published log, with the keys that sign its heads. Raises SealedFileError, UnreadableFile."""
    raw = unseal(read_file(home / LOG_KEY_FILE, MAX_KEY_BYTES), passphrase, LOG_KEY_PURPOSE)
    origin, _, seed = raw.partition(b"\x00")
    return Publisher(Folder(home / LOG_FOLDER), SecretKeys(origin.decode(), seed))


def _found(made: Path, founding: Founding, origin: str, head_file: str, passphrase: str, at: int) -> Refused | None:
    seed = os.urandom(32)
    state = create_state(made / STATE_FILE, origin, head_file)
    try:
        documents = (
            (Statement.ROSTER, roster_document(founding.roster)),
            (Statement.POLICY, policy_document(founding.policy)),
            (Statement.WALLET, wallet_document(founding.wallet)),
        )
        reasons: list[Reason] = []
        with state.turn(), state.transaction():
            for statement, document in documents:
                signed = tuple(each for each in founding.statements if each.statement is statement)
                outcome = adopt(state, document, signed, at)
                if isinstance(outcome, Refused):
                    reasons += outcome.reasons
                    if statement is Statement.ROSTER:
                        break  # nothing else can be judged without it
        write_new(made / LOG_KEY_FILE, seal(origin.encode() + b"\x00" + seed, passphrase, LOG_KEY_PURPOSE), 0o600)
        Publisher(Folder(made / LOG_FOLDER), SecretKeys(origin, seed)).rebuild(state.log, at)
        return Refused(tuple(reasons)) if reasons else None
    finally:
        state.close()
