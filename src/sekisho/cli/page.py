"""An evidence bundle as one HTML page that holds all it shows and loads nothing."""

from html import escape

from sekisho.bitcoin.outpoint import show_txid
from sekisho.bitcoin.sats import btc
from sekisho.checkpoint.audit import Findings
from sekisho.checkpoint.trust import Trust
from sekisho.requests.request import show_time

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td { padding: .3rem .6rem .3rem 0; vertical-align: top; }
td:first-child { white-space: nowrap; color: #666; } code { overflow-wrap: anywhere; }
li { margin: .3rem 0; } .note { color: #666; }
"""


def page(found: Findings, trust: Trust) -> bytes:
    """The page, for a bundle that was checked. Everything in it is escaped."""
    request = found.case.request
    rows = [
        ("request", f"{request.id}, by {request.requester}: {request.purpose}"),
        ("created", show_time(request.created)),
        *(("pays", f"{btc(payee.sats)} ({payee.sats:,} sats) to {payee.address}") for payee in request.payees),
        ("fee at most", f"{request.fee_max:,} sats"),
        ("wallet", f"{found.law.wallet.name}, {request.wallet.hex()}"),
        ("transaction", show_txid(found.case.psbt.unsigned.txid)),
        ("log", f"{found.bundle.proof.checkpoint.head.origin}, entry {found.bundle.proof.index}"),
        ("request digest", request.digest.hex()),
        ("trust file", trust.digest.hex()),
    ]
    table = "".join(f"<tr><td>{escape(name)}</td><td><code>{escape(value)}</code></td></tr>\n" for name, value in rows)
    steps = "".join(f"<li><b>{escape(step.name)}</b>: {escape(step.shown)}</li>\n" for step in found.steps)
    record = "".join(f"<li>{escape(line)}</li>\n" for line in found.on_record)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Evidence: {escape(request.id)}</title>\n'
        f"<style>{_STYLE}</style></head><body>\n<h1>Evidence of a payment</h1>\n<table>\n{table}</table>\n"
        f"<h2>Shown from the bytes alone</h2>\n<ol>\n{steps}</ol>\n"
        f"<h2>On the checkpoint's record alone</h2>\n<ul>\n{record}</ul>\n"
        '<p class="note">This page repeats what <code>sekisho evidence verify</code> found. It proves nothing by '
        "itself: check the bundle.</p>\n</body></html>\n"
    ).encode()
