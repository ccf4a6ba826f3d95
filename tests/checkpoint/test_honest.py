"""Honest payments: from every kind of wallet, by every maker, they are co-signed, and Bitcoin Core accepts them."""

from pathlib import Path

import pytest

from sekisho.bitcoin.psbt.reader import parse_psbt, serialize
from sekisho.bitcoin.psbt.second import as_version_0
from sekisho.bitcoin.transaction import Transaction
from sekisho.chain.kernel import verifies
from sekisho.replay.vendor import Draft, finalise
from sekisho.verdicts import Allowed
from support.kits import KITS, Kit
from support.world import BOB, CAROL, MAKERS, World


def finished(kit: Kit, psbt: bytes) -> Transaction:
    """The co-signed PSBT with everyone else's signatures, finalised."""
    psbt = serialize(as_version_0(parse_psbt(psbt))) if parse_psbt(psbt).version == 2 else psbt
    for person in kit.people:
        psbt = person.sign(psbt)
    return finalise(psbt)


@pytest.mark.parametrize("change", [0, None], ids=["with-change", "without-change"])
@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("kit", KITS.values(), ids=KITS.keys())
def test_an_honest_payment_is_cosigned_and_valid(tmp_path: Path, kit: Kit, maker: str, change: int | None) -> None:
    world = World(tmp_path, kit)
    coins = kit.fund(400_000_000, 200_001_000)
    second = 100_000_000 if change is not None else 200_000_000
    request = world.request((BOB, 400_000_000), (CAROL, second))
    draft = world.draft(request, coins, change=change)
    answer = world.cosign(request, MAKERS[maker](draft))
    assert isinstance(answer.verdict, Allowed), answer.verdict
    assert answer.psbt is not None
    transaction = finished(kit, answer.psbt)
    spent = {held.coin.outpoint: held.coin for held in coins}
    assert verifies(transaction, [spent[each.outpoint] for each in transaction.inputs])


def test_the_order_of_outputs_does_not_matter(tmp_path: Path) -> None:
    kit = KITS["recommended"]
    world = World(tmp_path, kit)
    request = world.request((BOB, 1_000_000), (CAROL, 2_000_000))
    honest = world.draft(request, kit.fund(10_000_000))
    turned = Draft(kit.wallet, honest.coins, honest.payees[::-1], honest.fee, 0, 100)
    assert world.codes(request, MAKERS["embit"](turned)) == set()


def test_one_payee_may_be_paid_twice_when_asked_for_twice(tmp_path: Path) -> None:
    kit = KITS["p2wpkh"]
    world = World(tmp_path, kit)
    request = world.request((BOB, 1_000_000), (BOB, 1_000_000))
    assert world.codes(request, MAKERS["embit"](world.draft(request, kit.fund(10_000_000)))) == set()
