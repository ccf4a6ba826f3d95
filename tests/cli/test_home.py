"""`init`, `cosign`, `freeze`, `thaw`, `adopt`: a checkpoint's life at the command line, where it says no."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sekisho.approvals.sealed import seal
from sekisho.approvals.statement import SignedStatement
from sekisho.checkpoint.home import KEY_FILE, KEY_PURPOSE, LOG_KEY_FILE, LOG_KEY_PURPOSE
from sekisho.checkpoint.statute import policy_document, wallet_document
from sekisho.files import write_new
from sekisho.replay.cast import Cast, device
from sekisho.replay.vendor import psbt_by_embit
from support.command import Said, sekisho, unchanged
from support.kits import KITS, NETWORK, seed
from support.tamper import paying, with_outputs
from support.world import BOB, ORIGIN, POLICY, THIEF, World

KIT = KITS["recommended"]
PASSPHRASE = "open the barrier"


@pytest.fixture(autouse=True)
def known_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything sealed here opens with one passphrase."""
    monkeypatch.setenv("SEKISHO_PASSPHRASE", PASSPHRASE)


def key_file(path: Path, name: str = "recommended C") -> Path:
    """The cosigner's sealed key."""
    write_new(path, seal(NETWORK.encode() + b"\x00" + seed(name), PASSPHRASE, KEY_PURPOSE), 0o600)
    return path


def device_file(folder: Path, name: str) -> Path:
    """One of the cast's devices, sealed."""
    path = folder / f"{name}.device"
    device(name).save(path, PASSPHRASE)
    return path


class Founders:
    """What `init` is given."""

    def __init__(self, folder: Path, wallet: bytes = KIT.raw, key: str = "recommended C") -> None:
        self.folder, self.cast = folder, Cast(NETWORK)
        self.policy = POLICY.format(version=1, limits="").encode()
        self.key = key_file(folder / "new.key", key)
        for name, raw in (("roster", self.cast.roster_file), ("policy", self.policy), ("wallet", wallet)):
            (folder / f"{name}.toml").write_bytes(raw)
        self.signed = self.cast.founding(policy_document(self.policy).digest, wallet_document(wallet).digest)

    def init(self, *more: str, signed: tuple[SignedStatement, ...] | None = None, roster_hash: str = "") -> Said:
        """Run `init` on `home`."""
        arguments: list[str | Path] = []
        for number, each in enumerate(self.signed if signed is None else signed):
            path = self.folder / f"{number}.json"
            path.write_bytes(each.raw)
            arguments += ["--approval", path]
        return sekisho(
            *("init", self.folder / "home", "--cosigner", self.key),
            *(part for name in ("roster", "policy", "wallet") for part in (f"--{name}", self.folder / f"{name}.toml")),
            *("--roster-hash", roster_hash or self.cast.roster.digest.hex()),
            *arguments,
            *more,
        )


def test_init_makes_a_home_that_status_describes(tmp_path: Path) -> None:
    founders = Founders(tmp_path)
    said = founders.init()
    assert (said.status, said.out) == (0, f"made {tmp_path / 'home'}\n")
    assert "52560 blocks old" in said.err
    told = sekisho("status", "--home", tmp_path / "home")
    assert told.status == 0
    assert founders.cast.roster.digest.hex() in told.out
    assert "entries, whole" in told.out


def test_init_keeps_the_head_file_where_it_is_told_and_names_the_log(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    head = tmp_path / "elsewhere" / "newest.head"
    said = Founders(tmp_path).init("--head-file", str(head), "--origin", "exchange.example/log")
    assert said.status == 0
    assert head.read_text().startswith("exchange.example/log\n3\n")
    assert not (tmp_path / "home.head").exists()
    assert sekisho("status", "--home", tmp_path / "home").status == 0
    head.unlink()
    assert "without it a restored copy would go unnoticed" in sekisho("status", "--home", tmp_path / "home").err


def test_init_does_not_touch_a_head_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "home.head").write_text("of a home that was here before")
    assert Founders(tmp_path).init().no_answer
    assert (tmp_path / "home.head").read_text() == "of a home that was here before"
    assert not (tmp_path / "home").exists()


def test_init_wants_the_roster_whose_hash_was_typed_in(tmp_path: Path) -> None:
    said = Founders(tmp_path).init(roster_hash="00" * 32)
    assert said.no_answer
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("missing", "code"), [(0, "quorum-short"), (7, "quorum-short"), (9, "quorum-short")])
def test_init_wants_every_signature(tmp_path: Path, missing: int, code: str) -> None:
    founders = Founders(tmp_path)
    elsewhere = ("--head-file", str(tmp_path / "kept.head"))
    said = founders.init(
        "--format", "json", *elsewhere, signed=founders.signed[:missing] + founders.signed[missing + 1 :]
    )
    assert said.status == 1
    assert code in {reason["code"] for reason in json.loads(said.out)["reasons"]}
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "kept.head").exists()
    assert not list(tmp_path.glob(".home*"))


def test_init_does_not_touch_a_home_that_is_there(tmp_path: Path) -> None:
    founders = Founders(tmp_path)
    assert founders.init().status == 0
    with unchanged(tmp_path / "home"):
        assert founders.init().no_answer


@pytest.mark.parametrize(
    "either",
    ["multi(1,{},{})", f"or_d(pk({{}}),and_v(v:pk({{}}),after({int(time.time()) - 86_400})))"],
    ids=["any", "since"],
)
def test_init_refuses_a_wallet_that_others_can_empty_at_once_unless_told(tmp_path: Path, either: str) -> None:
    cosigner, person = KIT.cosigner.expression, KIT.people[0].expression
    either = f"wsh({either})".format(f"{cosigner}/<0;1>/*", f"{person}/<0;1>/*")
    founders = Founders(tmp_path, f'name = "either"\nnetwork = "regtest"\ndescriptor = "{either}"\n'.encode())
    said = founders.init()
    assert said.no_answer
    assert "at once without the cosigner" in said.err
    assert founders.init("--unguarded").status == 0


def test_init_wants_the_cosigners_own_key_in_the_wallet(tmp_path: Path) -> None:
    said = Founders(tmp_path, key="somebody else").init("--unguarded")
    assert said.no_answer
    assert "0 times instead of once" in said.err


C, P = (f"{each.expression}/<0;1>/*" for each in (KIT.cosigner, KIT.people[0]))
CANNOT = {
    "no segwit": (f"sh(multi(2,{C},{P}))", "it is not a segwit wallet"),
    "a recovery key on a device of the ordinary way": (
        f"wsh(or_d(multi(2,{C},{P}),and_v(v:pk({KIT.people[0].expression}/<2;3>/*),older(52560))))",
        "a recovery key lives on the same device",
    ),
    "the cosigner's key twice": (f"wsh(multi(2,{C},{KIT.cosigner.expression}/<2;3>/*,{P}))", "2 times instead of once"),
}


@pytest.mark.parametrize(("descriptor", "why"), CANNOT.values(), ids=CANNOT)
def test_init_refuses_a_wallet_that_cannot_be_cosigned_whatever_it_is_told(
    tmp_path: Path, descriptor: str, why: str
) -> None:
    raw = f'name = "w"\nnetwork = "regtest"\ndescriptor = "{descriptor}"\n'.encode()
    said = Founders(tmp_path, raw).init("--unguarded")
    assert said.no_answer
    assert why in said.err
    assert not (tmp_path / "home").exists()


def test_a_wallet_is_adopted_only_if_it_is_guarded(tmp_path: Path) -> None:
    founders = Founders(tmp_path)
    assert founders.init().status == 0
    cosigner, person = KIT.cosigner.expression, KIT.people[0].expression
    either = f"wsh(multi(1,{cosigner}/<0;1>/*,{person}/<0;1>/*))"
    raw = f'name = "either"\nnetwork = "regtest"\ndescriptor = "{either}"\n'.encode()
    (tmp_path / "either.toml").write_bytes(raw)
    arguments: list[str | Path] = ["wallet", "adopt", tmp_path / "either.toml", "--home", tmp_path / "home"]
    for each in founders.cast.founding(b"", wallet_document(raw).digest)[9:]:
        path = tmp_path / f"{each.digest.hex()[:8]}-{len(arguments)}.json"
        path.write_bytes(each.raw)
        arguments += ["--approval", path]
    with unchanged(tmp_path / "home"):
        assert "at once without the cosigner" in sekisho(*arguments).err
    assert sekisho(*arguments, "--unguarded").status == 0


class Post:
    """A home with a payment on its way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = World(folder, KIT, now=datetime.now(UTC).replace(microsecond=0))
        key_file(folder / KEY_FILE)
        log_key = seal(ORIGIN.encode() + b"\x00" + seed("log"), PASSPHRASE, LOG_KEY_PURPOSE)
        write_new(folder / LOG_KEY_FILE, log_key, 0o600)
        self.asked = self.world.request((BOB, 50_000))
        self.honest = psbt_by_embit(self.world.draft(self.asked, KIT.fund(60_000)))
        (folder / "pay.json").write_bytes(self.asked.raw)
        for number, each in enumerate(self.world.cast.approved(self.asked, "aya", "ben")):
            (folder / f"{number}.json").write_bytes(each.raw)

    def cosign(self, psbt: bytes, out: str, *more: str) -> Said:
        """Run `cosign`."""
        (self.folder / "a.psbt").write_bytes(psbt)
        signed = [part for number in range(3) for part in ("--approval", self.folder / f"{number}.json")]
        return sekisho(
            *("cosign", "--home", self.folder, "--request", self.folder / "pay.json", *signed),
            *("--psbt", self.folder / "a.psbt", "--out", self.folder / out, *more),
        )


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """A home with a payment on its way."""
    return Post(tmp_path)


def test_asked_again_for_the_same_bytes_the_same_signature(post: Post) -> None:
    assert post.cosign(post.honest, "1.psbt").status == 0
    assert post.cosign(post.honest, "2.psbt").status == 0
    assert (post.folder / "1.psbt").read_bytes() == (post.folder / "2.psbt").read_bytes() != post.honest


def test_a_refusal_writes_no_psbt(post: Post) -> None:
    altered = with_outputs(post.honest, lambda outs: (paying(THIEF, 50_000), *outs[1:]))
    said = post.cosign(altered, "out.psbt", "--format", "json")
    assert said.status == 1
    assert "payee-altered" in {reason["code"] for reason in json.loads(said.out)["reasons"]}
    assert not (post.folder / "out.psbt").exists()


def test_nothing_is_decided_where_the_answer_could_not_be_written(post: Post) -> None:
    (post.folder / "out.psbt").write_bytes(b"mine")
    (post.folder / "a.psbt").write_bytes(post.honest)
    with unchanged(post.folder):
        assert post.cosign(post.honest, "out.psbt").no_answer


def test_a_wrong_passphrase_is_no_answer(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEKISHO_PASSPHRASE", "not it")
    assert post.cosign(post.honest, "out.psbt").no_answer


def test_a_freeze_order_is_carried_as_a_file_and_stops_everything(post: Post) -> None:
    aya = device_file(post.folder, "aya-key")
    assert sekisho("freeze", "--device", aya, "--out", post.folder / "stop.order").status == 0
    said = sekisho("freeze", "--order", post.folder / "stop.order", "--home", post.folder, "--format", "json")
    assert said.status == 0
    freeze = json.loads(said.out)["freeze"]
    status = sekisho("status", "--home", post.folder)
    assert status.status == 1
    assert "frozen   by aya" in status.out
    assert "frozen" in post.cosign(post.honest, "out.psbt").out
    for name in ("pia", "sam"):
        path = device_file(post.folder, f"{name}-key")
        assert sekisho("thaw", freeze, "--device", path, "--out", post.folder / f"{name}.thaw").status == 0
    alone = sekisho("thaw", freeze, "--home", post.folder, "--approval", post.folder / "pia.thaw")
    assert alone.status == 1
    both = [part for name in ("pia", "sam") for part in ("--approval", post.folder / f"{name}.thaw")]
    assert sekisho("thaw", freeze, "--home", post.folder, *both).status == 0
    assert post.cosign(post.honest, "out.psbt").status == 0


def test_a_used_freeze_order_does_not_freeze_again(post: Post) -> None:
    aya = device_file(post.folder, "aya-key")
    sekisho("freeze", "--device", aya, "--out", post.folder / "stop.order")
    order = ("freeze", "--order", post.folder / "stop.order", "--home", post.folder)
    assert sekisho(*order).status == 0
    assert "freeze-order-used" in sekisho(*order).out


def enrol(folder: Path, **changes: str) -> Said:
    """`roster add`, of Aya with her device."""
    given = {"person": "aya", "organisation": "exchange", "site": "tokyo", "role": "approver", "name": "Aya"} | changes
    path = folder / "aya.device"
    if not path.exists():
        device_file(folder, "aya-key").rename(path)
    options = [word for name, value in given.items() for word in (f"--{name}", value)]
    return sekisho("roster", "add", folder / "roster.toml", "--device", path, *options)


@pytest.mark.parametrize(
    "changes",
    [{"person": "Aya"}, {"person": "a\nb"}, {"organisation": "an exchange"}, {"site": ""}, {"name": "A\x7fya"},
     {"name": "\u202eayA"}, {"name": "\udcff"}, {"device-id": "aya/1"}],
)  # fmt: skip
def test_what_no_roster_may_say_is_not_written(tmp_path: Path, changes: dict[str, str]) -> None:
    """It was written, and `init` refused the whole file later, when everyone had signed it."""
    assert enrol(tmp_path, **changes).no_answer
    assert not (tmp_path / "roster.toml").exists()
    assert enrol(tmp_path).status == 0
    before = (tmp_path / "roster.toml").read_bytes()
    assert enrol(tmp_path, **{"person": "ben"} | changes).no_answer
    assert (tmp_path / "roster.toml").read_bytes() == before


def test_bytes_that_are_no_text_in_a_roster_are_left_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "roster.toml").write_bytes(b"# caf\xe9\n")
    assert enrol(tmp_path).no_answer
    assert (tmp_path / "roster.toml").read_bytes() == b"# caf\xe9\n"
