"""Deposits to THORChain: the coins are swapped for another chain's, and a memo says where those go."""

import re
from typing import NamedTuple

from sekisho.bitcoin.sats import btc
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import ChainTransaction
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding, is_data, pushed_data

RULE = "thorchain"

MAX_MEMO = 250
"""Bytes; THORChain passes over longer ones."""

SHORT_ASSETS = {
    "a": "AVAX.AVAX",
    "b": "BTC.BTC",
    "c": "BCH.BCH",
    "d": "DOGE.DOGE",
    "e": "ETH.ETH",
    "g": "GAIA.ATOM",
    "l": "LTC.LTC",
    "n": "BNB.BNB",
    "r": "THOR.RUNE",
    "s": "BSC.BNB",
}

_SWAP = frozenset({"=", "s", "swap", "=<", "lo", "limitto"})
_ADD = frozenset({"+", "add"})
_LOAN = frozenset({"$+", "loan+"})
_ASSET = re.compile(r"[A-Z]{2,8}[./~-][A-Z0-9]{1,12}(?:-[A-Z0-9]{1,64})?", re.ASCII)
_ACCOUNT = re.compile(r"0x[0-9a-fA-F]{40}|[0-9A-Za-z]{25,100}", re.ASCII)
_NAME = re.compile(r"[0-9A-Za-z_+-]{1,30}", re.ASCII)


class Memo(NamedTuple):
    """What a depositor asks THORChain to do."""

    action: str
    """swap, add or loan."""
    asset: str
    """CHAIN.SYMBOL, with short forms written out."""
    destination: str
    """An address of the other chain, or a THORName; empty where liquidity is added without one."""


def parse_memo(script: Script) -> Memo | None:
    """The memo of a deposit; None for any other script. OUT and REFUND memos are the bridge's own, and no deposits.

    Source: THORChain, "Transaction Memos" and "Memo Length Reduction".
    """
    carried = pushed_data(script)
    if carried is None or len(carried) > MAX_MEMO or not carried.isascii():
        return None
    action, *rest = carried.decode("ascii").split(":")
    asset = SHORT_ASSETS.get(rest[0].lower(), rest[0].upper()) if rest else ""
    if _ASSET.fullmatch(asset) is None:
        return None
    destination = rest[1].partition("/")[0] if rest[1:] else ""  # behind a slash stands where refunds go
    word = action.lower()
    if word in _ADD and (not destination or _plausible(destination)):
        return Memo("add", asset, destination)
    if word in _SWAP | _LOAN and _plausible(destination):
        return Memo("loan" if word in _LOAN else "swap", asset, destination)
    return None


def find(transaction: ChainTransaction) -> Finding | None:
    """Say whether it is a deposit, to THORChain or a chain that took over its memos (Maya).

    Guard: the memo must parse whole: action, asset and a destination that can be one. What is paid in is the first
    output that holds money (THORChain's clients put the vault first).
    """
    memo = next((memo for output in transaction.outputs if (memo := parse_memo(output.script)) is not None), None)
    vault = next((at for at, each in enumerate(transaction.outputs) if each.sats and not is_data(each.script)), None)
    if memo is None or vault is None or not transaction.inputs:
        return None
    amount = transaction.outputs[vault].sats
    account = _ACCOUNT.fullmatch(memo.destination) is not None
    return Finding(
        RULE,
        Confidence.HIGH if account else Confidence.MEDIUM,
        f"A deposit of {btc(amount)} to THORChain: {memo.action} for {memo.asset}"
        + (f", to {memo.destination}." if memo.destination else "."),
        (
            Fact("action", memo.action),
            Fact("chain", re.split(r"[./~-]", memo.asset)[0]),
            Fact("asset", memo.asset),
            Fact("destination", memo.destination),
            Fact("deposit-output", vault),
            Fact("sats", amount),
        ),
    )


def _plausible(destination: str) -> bool:
    return _ACCOUNT.fullmatch(destination) is not None or _NAME.fullmatch(destination) is not None
