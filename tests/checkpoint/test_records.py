"""What the checkpoint remembers: one request one transaction, one coin one request, limits that hold."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from sekisho.approvals.statement import Statement
from sekisho.checkpoint import cosign as shell
from sekisho.checkpoint.happenings import happenings
from sekisho.checkpoint.memory import import_coins
from sekisho.checkpoint.sign import BufferChanged, NotTheRequest, sign
from sekisho.checkpoint.state import open_state
from sekisho.checkpoint.statute import adopt, policy_document, roster_document
from sekisho.evidence.log import Entry, EntryKind, Receipt
from sekisho.replay.cast import Cast, device
from sekisho.replay.vendor import psbt_by_embit
from sekisho.requests.canonical import canonical
from sekisho.verdicts import Allowed, Refused
from support.kits import KITS, NETWORK
from support.world import BOB, CAROL, POLICY, THIEF, World

KIT = KITS["recommended"]
LIMITED = """
[[velocity_limit]]
per = "wallet"
sats = 10_000_000
window_hours = 24
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, KIT)


def seconds(world: World) -> int:
    return int(world.now.timestamp())


def test_asked_again_for_the_same_transaction_the_same_signature_is_given(world: World) -> None:
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    first = world.cosign(request, psbt)
    world.now += timedelta(days=3)  # long expired: the signature is out already
    assert world.cosign(request, psbt).psbt == first.psbt
    world.reopen()
    assert world.cosign(request, psbt).psbt == first.psbt


def test_asked_for_another_transaction_it_refuses(world: World) -> None:
    request = world.request((BOB, 1_000_000))
    assert world.codes(request, psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))) == set()
    other = psbt_by_embit(world.draft(request, KIT.fund(6_000_000)))
    assert world.codes(request, other) == {"already-answered"}
    dearer = psbt_by_embit(world.draft(request, KIT.fund(5_000_000), fee=1_001))
    assert world.codes(request, dearer) == {"already-answered"}
    world.reopen()
    assert world.codes(request, other) == {"already-answered"}


def test_one_coin_serves_one_request(world: World) -> None:
    first, second = world.request((BOB, 1_000_000)), world.request((CAROL, 1_000_000))
    coins = KIT.fund(5_000_000)
    assert world.codes(first, psbt_by_embit(world.draft(first, coins))) == set()
    assert world.codes(second, psbt_by_embit(world.draft(second, coins))) == {"coin-taken"}


def test_statements_that_served_a_request_serve_no_other(world: World) -> None:
    first, second = world.request((BOB, 1_000_000)), world.request((BOB, 1_000_000))
    served = world.cast.approved(first, "aya", "ben")
    again = psbt_by_embit(world.draft(second, KIT.fund(6_000_000)))
    assert "statement-used" not in world.codes(second, again, served)
    assert world.codes(first, psbt_by_embit(world.draft(first, KIT.fund(5_000_000))), served) == set()
    assert {"statement-used", "wrong-document"} <= world.codes(second, again, served)


def test_an_id_names_one_request_of_a_requester(world: World) -> None:
    first = world.request((BOB, 1_000_000))
    again = world.request((BOB, 1_000_000), id=first.id)
    assert world.codes(first, psbt_by_embit(world.draft(first, KIT.fund(5_000_000)))) == set()
    assert world.codes(again, psbt_by_embit(world.draft(again, KIT.fund(6_000_000)))) == {"id-reused"}


def test_a_velocity_limit_holds_over_restarts_and_counts_the_fee(tmp_path: Path) -> None:
    world = World(tmp_path, KIT, limits=LIMITED)
    first = world.request((BOB, 6_000_000))
    assert world.codes(first, psbt_by_embit(world.draft(first, KIT.fund(20_000_000)))) == set()
    world.reopen()
    full = world.request((BOB, 3_999_000))  # with its fee of 1,000 exactly one fee too much
    assert "velocity-sats" in " ".join(world.codes(full, psbt_by_embit(world.draft(full, KIT.fund(21_000_000)))))
    rest = world.request((BOB, 3_998_000))
    assert world.codes(rest, psbt_by_embit(world.draft(rest, KIT.fund(22_000_000)))) == set()
    world.now += timedelta(hours=24)
    later = world.request((BOB, 9_999_000))
    assert world.codes(later, psbt_by_embit(world.draft(later, KIT.fund(23_000_000)))) == set()


def test_a_drain_in_small_slices_ends_at_the_limit(tmp_path: Path) -> None:
    world = World(tmp_path, KIT, limits=LIMITED)
    out = 0
    for number in range(30):
        request = world.request((THIEF, 999_000))
        if not world.codes(request, psbt_by_embit(world.draft(request, KIT.fund(5_000_000 + number)))):
            out += 1_000_000
    assert out == 10_000_000


class PowerCut(Exception):
    """The process dies here."""


def test_a_decision_never_signed_gives_back_its_coins_and_limits_when_it_expires(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, KIT, limits=LIMITED)
    request, coins = world.request((BOB, 9_000_000)), KIT.fund(20_000_000)
    psbt = psbt_by_embit(world.draft(request, coins))

    def dies(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(shell.memory, "release", dies)  # after the decision is on disk, before anything is signed
        with pytest.raises(PowerCut):
            world.cosign(request, psbt)
    second = world.request((CAROL, 9_000_000))
    taken = psbt_by_embit(world.draft(second, coins))
    assert world.codes(second, taken) == {"coin-taken", "velocity-sats"}
    world.now = request.expires
    third = world.request((CAROL, 9_000_000))
    assert world.codes(request, psbt) == {"expired"}
    assert world.codes(third, psbt_by_embit(world.draft(third, coins))) == set()


def test_a_refusal_reserves_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, KIT, limits=LIMITED)
    coins = KIT.fund(20_000_000)
    for _ in range(5):
        request = world.request((BOB, 9_000_000))
        assert world.codes(request, psbt_by_embit(world.draft(request, coins)), ()) >= {"request-unsigned"}
    request = world.request((BOB, 9_000_000))
    assert world.codes(request, psbt_by_embit(world.draft(request, coins))) == set()


def test_every_decision_is_in_the_log_before_its_signature(world: World) -> None:
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    world.codes(request, psbt, ())
    world.codes(request, psbt)
    kinds = [kind for (kind,) in world.state.database.execute("SELECT kind FROM log ORDER BY number")]
    assert kinds[-3:] == ["decision", "decision", "released"]
    assert world.state.log.verify() is not None


def test_a_signature_that_was_refused_is_told_by_the_monitor(world: World) -> None:
    honest, refused = world.request((BOB, 1_000_000)), world.request((CAROL, 1_000_000))
    assert world.codes(honest, psbt_by_embit(world.draft(honest, KIT.fund(5_000_000)))) == set()
    assert world.codes(refused, psbt_by_embit(world.draft(refused, KIT.fund(6_000_000))), ()) != set()
    with world.state.turn(), world.state.transaction():
        body = canonical({"request": refused.digest.hex()})
        last = world.state.log.append(Entry(EntryKind.RELEASED, seconds(world), body))
    (alert,) = happenings(world.state.log, 3, last.number + 1)
    assert alert == f"entry 6: a signature for request {refused.digest.hex()[:16]}… that no decision allowed"


@pytest.mark.parametrize("look", [1, 2, 3])
def test_the_head_file_and_the_log_are_checked_while_somebody_appends(world: World, look: int) -> None:
    """A second look at a log that grew meanwhile was taken for a fork, or for a broken log."""
    other = open_state(world.state.path)
    looks: list[str] = []

    def append(statement: str) -> None:
        looks.extend([statement] if statement.startswith("SELECT size, at, peaks") else [])
        if len(looks) == look:
            other.database.set_trace_callback(None)
            with world.state.turn(), world.state.transaction():
                import_coins(world.state, KIT.wallet, (), seconds(world))

    for check in (lambda: other.head_file.check(other.log), other.log.verify):
        looks.clear()
        other.database.set_trace_callback(append)
        assert check() is not None
        other.database.set_trace_callback(None)


def test_the_buffer_is_held_against_the_decision_at_the_key(world: World) -> None:
    """COLDCARD's review-then-swap (fixed in August 2026): other bytes at the key than were decided on."""
    request = world.request((BOB, 1_000_000))
    good = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    law, position = world.checkpoint._law(request.wallet)
    swapped = psbt_by_embit(world.draft(world.request((THIEF, 1_000_000)), KIT.fund(5_000_000)))
    case = shell.read_case(request.raw, [], good)
    with pytest.raises(BufferChanged):
        sign(swapped, Allowed(case.digest), request, law, position, KIT.cosigner, -1)
    with pytest.raises(NotTheRequest):  # even if the digest were the swapped one's: compared again
        sign(swapped, Allowed(sha256(swapped).digest()), request, law, position, KIT.cosigner, -1)


def new_policy(version: int) -> bytes:
    return POLICY.format(version=version, limits=LIMITED).encode()


def test_a_new_policy_voids_what_was_approved_before(world: World) -> None:
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    document = policy_document(new_policy(2))
    signed = world.cast.sign(Statement.POLICY, document.digest, "pia", "sam")
    with world.state.turn(), world.state.transaction():
        assert isinstance(adopt(world.state, document, signed, seconds(world)), Receipt)
    assert world.codes(request, psbt) == {"not-in-force"}
    world.policy = document.raw
    renewed = world.request((BOB, 1_000_000))
    assert world.codes(renewed, psbt_by_embit(world.draft(renewed, KIT.fund(5_000_000)))) == set()


def test_a_new_roster_voids_what_was_approved_before(world: World) -> None:
    request = world.request((BOB, 1_000_000))
    document = roster_document(Cast(NETWORK, version=2).roster_file)
    signed = world.cast.sign(Statement.ROSTER, document.digest, "pia", "sam")
    with world.state.turn(), world.state.transaction():
        assert isinstance(adopt(world.state, document, signed, seconds(world)), Receipt)
    assert "not-in-force" in world.codes(request, psbt_by_embit(world.draft(request, KIT.fund(5_000_000))))


REFUSED_POLICIES = {
    "nobody signed it": (2, (), "quorum-short"),
    "one admin signed it": (2, ("pia",), "quorum-short"),
    "people who are no admins signed it": (2, ("aya", "ben", "chie"), "quorum-short"),
    "it is the version in force again": (1, ("pia", "sam"), "version-does-not-follow"),
    "it skips a version": (3, ("pia", "sam"), "version-does-not-follow"),
}


@pytest.mark.parametrize(("version", "people", "code"), REFUSED_POLICIES.values(), ids=REFUSED_POLICIES.keys())
def test_a_policy_does_not_take_effect_when(world: World, version: int, people: tuple[str, ...], code: str) -> None:
    document = policy_document(new_policy(version))
    signed = world.cast.sign(Statement.POLICY, document.digest, *people)
    with world.state.turn(), world.state.transaction():
        outcome = adopt(world.state, document, signed, seconds(world))
    assert isinstance(outcome, Refused)
    assert code in outcome.codes()
    request = world.request((BOB, 1_000_000))
    assert world.codes(request, psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))) == set()


def test_a_signature_that_does_not_hold_is_an_objection_beside_enough_that_do(world: World) -> None:
    document = policy_document(new_policy(2))
    signed = world.cast.sign(Statement.POLICY, document.digest, "pia", "sam")
    stranger = device("mallory").sign(Statement.POLICY, document.digest)
    with world.state.turn(), world.state.transaction():
        outcome = adopt(world.state, document, (*signed, stranger), seconds(world))
    assert isinstance(outcome, Refused)
    assert outcome.codes() == ("unknown-credential",)


def test_a_policy_statement_over_a_roster_is_worth_nothing(world: World) -> None:
    document = roster_document(Cast(NETWORK, version=2).roster_file)
    signed = world.cast.sign(Statement.POLICY, document.digest, "pia", "sam")
    with world.state.turn(), world.state.transaction():
        outcome = adopt(world.state, document, signed, seconds(world))
    assert isinstance(outcome, Refused)


SWEEP = "[sweep]\nmax_value_percent = 50\nleave_change = true\n"


def test_the_sweep_is_measured_against_the_coins_the_operator_named(tmp_path: Path) -> None:
    world = World(tmp_path, KIT, limits=SWEEP)
    coins = KIT.fund(10_000_000, 10_000_000, 10_000_000, 10_000_000)
    request = world.request((BOB, 9_000_000))
    psbt = psbt_by_embit(world.draft(request, coins[:1]))
    assert world.codes(request, psbt) != set()  # of nothing known but its own input, nine tenths leave
    with world.state.turn(), world.state.transaction():
        import_coins(world.state, KIT.wallet, [held.coin for held in coins], seconds(world))
    assert world.codes(request, psbt) == set()


def test_made_up_coins_do_not_shrink_a_sweep(tmp_path: Path) -> None:
    """Change of a payment that spends coins nobody vouched for does not join the known holdings."""
    world = World(tmp_path, KIT, limits="[sweep]\nmax_value_percent = 50\n")
    made_up = KIT.fund(2_000_000_000_000)
    request = world.request((BOB, 1_000_000))
    assert world.codes(request, psbt_by_embit(world.draft(request, made_up))) == set()
    held = world.state.database.execute("SELECT count(*) FROM holdings").fetchone()
    assert held == (0,)
