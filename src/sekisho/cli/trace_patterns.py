"""`trace patterns` and `trace cluster`: what a transaction was for, and which addresses have one owner."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from sekisho.bitcoin.address import parse_address, show_address
from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.bitcoin.sats import btc
from sekisho.bitcoin.transaction import MalformedTransaction, parse_transaction
from sekisho.chain.chain import Chain, ChainTransaction, NotInChain, SpentCoin
from sekisho.chain.esplora_json import parse_esplora_transactions
from sekisho.chain.flags import NO_COIN, flags_of
from sekisho.chain.store import open_store
from sekisho.cli.console import REFUSED, Format, Told, fail, read
from sekisho.tracing.clusters import Clusters, Merge, cluster
from sekisho.tracing.patterns.finding import Finding
from sekisho.tracing.patterns.peel_chain import PeelChain
from sekisho.tracing.patterns.seen import Seen, look_at, look_in_chain

Json = str | int | bool | list["Json"] | dict[str, "Json"] | None

_TXID = re.compile(r"[0-9a-f]{64}", re.ASCII)

_SHOWN = 20
"""Lines of a long list that the text form shows."""

Store = Annotated[Path | None, typer.Option("--store", help="The store that `trace import` made.")]


def patterns(
    txids: Annotated[list[str] | None, typer.Argument(metavar="TXID…", help="Transactions in the store.")] = None,
    store: Store = None,
    tx: Annotated[list[Path] | None, typer.Option("--tx", help="A transaction: hex, or Esplora's JSON.")] = None,
    told: Told = Format.TEXT,
) -> None:
    """Say what transactions were for: mixes by kind, peel chains, payouts, dust, deposits to bridges.

    A mix is given with the outputs among which one hides. Exit status 1 when something was found.
    """
    if bool(txids) != (store is not None) or not (txids or tx):
        fail("give transactions and the --store that holds them, or --tx files, or both")
    seen = [look_at(each) for path in tx or [] for each in _loose(read(path))]
    if store is not None:
        chain = open_store(store)
        seen += [look_in_chain(chain, number) for text in txids or [] for number in _numbers(chain, text)]
    if told is Format.JSON:
        typer.echo(json.dumps({"version": 1, "transactions": [_document(each) for each in seen]}, indent=2))
    else:
        for line in (line for each in seen for line in _lines(each)):
            typer.echo(line)
    if any(each.anything for each in seen):
        raise typer.Exit(REFUSED)


def owner(
    addresses: Annotated[list[str], typer.Argument(metavar="ADDRESS [ADDRESS]", help="One, or two to compare.")],
    store: Annotated[Path, typer.Option("--store", help="The store that `trace import` made.")],
    told: Told = Format.TEXT,
) -> None:
    """Say which addresses were spent together with this one, mixes left out; or why two have one owner.

    Exit status 1 when there are others, or the two have one owner.
    """
    if len(addresses) > 2:
        fail("give one address, or two to compare")
    chain = open_store(store)
    scripts = [_script(chain, text) for text in addresses]
    clusters = cluster(chain)
    members = clusters.members(scripts[0]).tolist()
    why = clusters.why(scripts[0], scripts[1]) if scripts[1:] else ()
    if told is Format.JSON:
        document: Json = {
            "version": 1,
            "scripts": [_name(chain, each) for each in members],
            "same_owner": bool(clusters.of[scripts[0]] == clusters.of[scripts[1]]) if scripts[1:] else None,
            "why": [_merge(chain, each) for each in why],
        }
        typer.echo(json.dumps(document, indent=2))
    elif scripts[1:]:
        _tell_why(chain, clusters, scripts, why)
    else:
        typer.echo(f"{len(members)} script{'s' if len(members) > 1 else ''} of one owner")
        for each in members[:_SHOWN]:
            typer.echo(f"  {_name(chain, each)}")
        if len(members) > _SHOWN:
            typer.echo(f"  and {len(members) - _SHOWN} more (--format json shows all)")
    if why or (len(scripts) == 1 and len(members) > 1):
        raise typer.Exit(REFUSED)


def _tell_why(chain: Chain, clusters: Clusters, scripts: list[int], why: tuple[Merge, ...]) -> None:
    if clusters.of[scripts[0]] != clusters.of[scripts[1]]:
        typer.echo("not known to have one owner")
        return
    typer.echo("one owner")
    for each in why:
        txid = show_txid(chain.txid(each.transaction))
        typer.echo(f"  {_name(chain, each.script)} and {_name(chain, each.other)} were spent together in {txid}")


def _merge(chain: Chain, merge: Merge) -> Json:
    return {
        "script": _name(chain, merge.script),
        "other": _name(chain, merge.other),
        "txid": show_txid(chain.txid(merge.transaction)),
    }


def _name(chain: Chain, script: int) -> str:
    """The address of a script; its hex where it has none."""
    return show_address(chain.script(script), chain.network) or chain.script(script).hex()


def _script(chain: Chain, address: str) -> int:
    found = chain.find_script(parse_address(address, chain.network))
    if found is None:
        raise NotInChain(f"address {address}")
    return found


def _numbers(chain: Chain, text: str) -> tuple[int, ...]:
    if _TXID.fullmatch(text) is None:
        fail(f"{text[:80]!r} is not a txid (64 lower-case hex digits)")
    found = chain.find(Txid(bytes.fromhex(text)[::-1]))
    if not found:
        raise NotInChain(f"transaction {text}")
    return found


def _loose(raw: bytes) -> tuple[ChainTransaction, ...]:
    """Transactions of a file: Esplora's JSON, or one in hex, whose coins nobody tells."""
    if raw.lstrip()[:1] in {b"{", b"["}:
        return tuple(each.seen for each in parse_esplora_transactions(raw))
    try:
        transaction = parse_transaction(bytes.fromhex(raw.decode("ascii").strip()))
    except ValueError as why:
        raise MalformedTransaction("the file holds neither hex nor JSON") from why
    if not transaction.inputs:
        raise MalformedTransaction("it has no inputs")
    coins = (SpentCoin(each.outpoint, None, None) for each in transaction.inputs if each.outpoint != NO_COIN)
    return (ChainTransaction(transaction.txid, None, None, flags_of(transaction), tuple(coins), transaction.outputs),)


def _lines(seen: Seen) -> Iterator[str]:
    height = seen.transaction.height
    yield show_txid(seen.transaction.txid) + ("" if height is None else f", height {height}")
    for finding in seen.findings:
        yield f"  {finding.rule} ({finding.confidence}): {finding.sentence}"
        for candidates in finding.candidates[:_SHOWN]:
            yield f"    {candidates.size} outputs hold {btc(candidates.sats)} each: any may belong to any who paid in"
        if len(finding.candidates) > _SHOWN:
            yield f"    and {len(finding.candidates) - _SHOWN} more amounts (--format json shows all)"
    if seen.mix_unjudged:
        yield "  not judged: it could be a mix, but coins it spends are unknown"
    if seen.peel_chain is not None:
        yield from _peel_lines(seen.peel_chain)
    if seen.change is not None:
        reasons = "; ".join(seen.change.reasons)
        yield f"  a guess ({seen.change.confidence}): output {seen.change.output} is change: {reasons}"
    if not seen.anything:
        yield "  nothing found"


def _peel_lines(peels: PeelChain) -> Iterator[str]:
    yield (
        f"  peel-chain ({peels.confidence}): {len(peels.hops)} hops, {btc(peels.peeled)} peeled; "
        f"before it: {peels.begins}, after it: {peels.ends}"
    )
    for hop in peels.hops[:_SHOWN]:
        paid = f"{btc(hop.peeled_sats)} to {hop.peeled}" if hop.peeled_sats is not None else "the last hop"
        yield f"    {show_txid(hop.txid)}  {paid}"
    if len(peels.hops) > _SHOWN:
        yield f"    and {len(peels.hops) - _SHOWN} more (--format json shows all)"


def _document(seen: Seen) -> Json:
    change = seen.change
    return {
        "txid": show_txid(seen.transaction.txid),
        "height": seen.transaction.height,
        "findings": [_finding(each) for each in seen.findings],
        "peel_chain": None if seen.peel_chain is None else _peels(seen.peel_chain),
        "change_guess": None
        if change is None
        else {"output": change.output, "confidence": change.confidence, "reasons": list(change.reasons)},
        "mix_unjudged": seen.mix_unjudged,
    }


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "confidence": finding.confidence,
        "sentence": finding.sentence,
        "facts": {fact.name: fact.value for fact in finding.facts},
        "candidates": [
            {
                "sats": str(each.sats),
                "size": each.size,
                "outputs": list(each.outputs),
                "inputs": list(each.inputs),
            }
            for each in finding.candidates
        ],
    }


def _peels(peels: PeelChain) -> Json:
    return {
        "confidence": peels.confidence,
        "begins": peels.begins,
        "ends": peels.ends,
        "peeled_sats": str(peels.peeled),
        "hops": [
            {
                "txid": show_txid(hop.txid),
                "peeled": None if hop.peeled is None else str(hop.peeled),
                "peeled_sats": None if hop.peeled_sats is None else str(hop.peeled_sats),
                "carried": None if hop.carried is None else str(hop.carried),
                "carried_sats": None if hop.carried_sats is None else str(hop.carried_sats),
            }
            for hop in peels.hops
        ],
    }
