"""The heart: is this transaction the payment that was asked for?

The argument, step by step; each number stands again where the step is taken.

(1) The request speaks of this wallet on this network.
(2) Every input spends a known coin of the wallet, once.
(3) Every amount can exist, and the outputs do not hold more than the inputs.
(4) Every output is a payee of the request with exactly that amount, or the one output of change, proved ours by
    deriving it from the wallet's change branch. Payees are a multiset: none missing, none extra, none merged; the order
    of outputs says nothing.
(5) What is left over, the fee, is within what the request allows.
(6) It can be mined as it stands: no relative lock, no lock until a time of day or a height that will not come while the
    request lives, a version that nodes relay.

Nothing here reads a clock, a disk, a network, a policy or an approval. Metadata proves nothing: see `Spend.hints`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sekisho.bitcoin.network import height_by
from sekisho.bitcoin.sats import MAX_MONEY, Sats
from sekisho.bitcoin.transaction import TxOutput
from sekisho.bitcoin.wallet import Branch, Wallet, WalletScript
from sekisho.checkpoint import mismatches as no
from sekisho.checkpoint.spend import Spend
from sekisho.requests.request import Payee, PaymentRequest
from sekisho.verdicts import Reason

GAP = 1_000
"""How far past the highest index known change may lie: within what any wallet software finds again on a rescan."""

LOOKED_AT = 100
"""Of so many outputs that nobody asked for it is said whom they look like. The others are refused without."""

LOCKTIME_THRESHOLD = 500_000_000
"""From here on nLockTime is a time, not a height (BIP-65; Bitcoin Core, script.h)."""

LOWEST_SEQUENCE = 0xFFFFFFFD
"""Below this an input may carry a relative lock (BIP-68), and with it a recovery path. At it, replaceable (BIP-125)."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An output and its place in the transaction."""

    index: int
    output: TxOutput


@dataclass(frozen=True, slots=True)
class Change:
    """An output proved ours: on the wallet's change branch."""

    index: int
    output: TxOutput
    script: WalletScript


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the comparison found. No reasons: it is the payment that was asked for."""

    reasons: tuple[Reason, ...]
    inputs: tuple[WalletScript | None, ...]
    """For each input the wallet's script it spends; None where it is not ours."""
    change: tuple[Change, ...]
    fee: Sats
    """Inputs minus outputs; meaningless, and possibly negative, where there are reasons."""


def compare(request: PaymentRequest, wallet: Wallet, spend: Spend, highest_index: int = -1) -> Comparison:
    """Hold a transaction against the request it claims to serve.

    `highest_index` is the highest address index known to be in use, on either branch; -1 for none. The inputs' own
    indexes count as known. Returns every mismatch at once.
    """
    outputs = spend.transaction.outputs
    inputs = tuple(wallet.find(coin.script, spend.hints) if coin else None for coin in spend.coins)
    known = max((highest_index, *(script.index for script in inputs if script)))
    fee = Sats(sum(coin.sats for coin in spend.coins if coin) - sum(output.sats for output in outputs))
    leftover, unpaid = _unmatched(request, outputs)
    owned = tuple((each, wallet.find(each.output.script, spend.hints)) for each in leftover)
    change = tuple(Change(each.index, each.output, script) for each, script in owned if script)
    foreign = tuple(each for each, script in owned if script is None)
    reasons = (
        *_addressed(request, wallet),  # (1)
        *_inputs(spend, inputs),  # (2)
        *_amounts(spend, fee),  # (3)
        *_change(change, known, wallet),  # (4)
        *_payees(foreign, unpaid, request),  # (4)
        *([no.FeeOverCeiling(fee, request.fee_max)] if fee > request.fee_max else []),  # (5)
        *_minable(spend, request),  # (6)
    )
    return Comparison(reasons, inputs, change, fee)


def _addressed(request: PaymentRequest, wallet: Wallet) -> Iterator[Reason]:
    if request.network is not wallet.network:
        yield no.WrongNetwork(request.network, wallet.network)
    if request.wallet != wallet.id:
        yield no.WrongWallet(request.wallet, wallet.id)


def _inputs(spend: Spend, scripts: tuple[WalletScript | None, ...]) -> Iterator[Reason]:
    outpoints = [each.outpoint for each in spend.transaction.inputs]
    if not outpoints:
        yield no.NoInputs()
    for outpoint, times in Counter(outpoints).items():
        if times > 1:
            yield no.DuplicateInput(outpoint, times)
    for outpoint, coin, script in zip(outpoints, spend.coins, scripts, strict=True):
        if coin is None:
            yield no.UnknownCoin(outpoint)
        elif script is None:
            yield no.ForeignInput(outpoint, coin.script)


def _amounts(spend: Spend, fee: Sats) -> Iterator[Reason]:
    amounts = [output.sats for output in spend.transaction.outputs]
    for index, amount in enumerate(amounts):
        if not 0 <= amount <= MAX_MONEY:
            yield no.AmountOutOfRange(f"output {index}", amount)
    if sum(amounts) > MAX_MONEY:
        yield no.AmountOutOfRange("all outputs together", sum(amounts))
    for coin in spend.coins:
        if coin and not 0 <= coin.sats <= MAX_MONEY:
            yield no.AmountOutOfRange(f"coin {coin.outpoint}", coin.sats)
    if fee < 0:
        yield no.OutputsExceedInputs(-fee)


def _unmatched(
    request: PaymentRequest, outputs: tuple[TxOutput, ...]
) -> tuple[tuple[Numbered, ...], tuple[Payee, ...]]:
    """Cross off every output that is exactly a payee; what remains of either side."""
    asked = Counter((payee.script, payee.sats) for payee in request.payees)
    leftover = []
    for index, output in enumerate(outputs):
        if asked[output.script, output.sats] > 0:
            asked[output.script, output.sats] -= 1
        else:
            leftover.append(Numbered(index, output))
    unpaid = []
    for payee in request.payees:
        if asked[payee.script, payee.sats] > 0:
            asked[payee.script, payee.sats] -= 1
            unpaid.append(payee)
    return tuple(leftover), tuple(unpaid)


def _change(change: tuple[Change, ...], known: int, wallet: Wallet) -> Iterator[Reason]:
    for own in change:
        if wallet.ranged and own.script.branch is not Branch.CHANGE:
            yield no.ChangeToReceiveAddress(own.index, own.script.index)
        elif own.script.index > known + GAP:
            yield no.ChangeBeyondGap(own.index, own.script.index, known)
    for extra in change[1:]:
        yield no.SecondChange(extra.index, extra.output.sats)


def _payees(foreign: tuple[Numbered, ...], unpaid: tuple[Payee, ...], request: PaymentRequest) -> Iterator[Reason]:
    """Name what differs: an altered amount, an altered payee, or outputs and payees that nothing answers to."""
    waiting = list(unpaid)
    unexplained = []
    for each in foreign:
        same = next((payee for payee in waiting if payee.script == each.output.script), None)
        if same is None:
            unexplained.append(each)
        else:
            waiting.remove(same)
            yield no.AmountAltered(each.index, same.address, same.sats, each.output.sats)
    for position, each in enumerate(unexplained):
        paid = no.Destination.of(each.output.script, request.network)
        if position < len(waiting):
            meant = waiting[position]
            yield no.PayeeAltered(each.index, meant.address, paid, meant.sats, each.output.sats)
        else:
            yield no.UnrequestedOutput(each.index, paid, each.output.sats)
        if position < LOOKED_AT:
            yield from no.look_alikes(each.index, paid, request.payees)
    for payee in waiting[len(unexplained) :]:
        yield no.PayeeMissing(payee.address, payee.sats)


def _minable(spend: Spend, request: PaymentRequest) -> Iterator[Reason]:
    transaction = spend.transaction
    if transaction.version not in (1, 2):
        yield no.UnknownVersion(transaction.version)
    if transaction.locktime >= LOCKTIME_THRESHOLD:
        yield no.LocktimeIsATime(transaction.locktime)
    elif (height := height_by(request.network, request.expires)) is not None and transaction.locktime > height:
        yield no.LockedTooLong(transaction.locktime, height)
    for each in transaction.inputs:
        if each.sequence < LOWEST_SEQUENCE:
            yield no.SequenceTooLow(each.outpoint, each.sequence)
