"""What a verdict asks of its reader, who may never have programmed."""

from typing import NamedTuple

from sekisho.inspection.rules.chain import Verdict


class Advice(NamedTuple):
    """What to do, in steps: now, and if somebody opened, installed or ran it before."""

    headline: str
    now: tuple[str, ...]
    if_ran: str
    ran: tuple[str, ...]


_RAN = (
    "Take that computer off the network: pull the cable, switch off Wi-Fi. Leave it running, for those who will look.",
    "From another computer, sign out of all sessions everywhere, then replace every password, key and token that "
    "computer had: mail, chat, source code, cloud, browsers, password manager.",
    "Treat every wallet whose key or seed phrase was on it as stolen: have somebody who never touched that computer "
    "move the coins.",
    "Tell your security team, with the file and this report. Who sent it may ask you to wait, or to try again: do not.",
)

ADVICE = {
    Verdict.BLOCK: Advice(
        "Do not open, install or run this.",
        (
            "Do not open the folder in an editor or a terminal, do not unpack it, install it or start it, and do not "
            "push it to GitHub or anywhere else: each of these can be enough.",
            "Keep the file as it came, and give it with this report to your security team.",
            "Do not answer whoever sent it before they have looked.",
        ),
        "If it was already opened, installed or run",
        _RAN,
    ),
    Verdict.REVIEW: Advice(
        "Do not open, install or run this yet: somebody has to read it first.",
        (
            "Let somebody who knows the language read the lines named here, before anyone opens, installs or runs it.",
            "If nobody can explain them, treat it as you would a BLOCK: leave it, and give it to your security team.",
        ),
        "If it was already opened, installed or run, and nobody can explain it",
        _RAN,
    ),
    Verdict.NO_CHAIN_FOUND: Advice(
        "No way from something that runs, or from a stranger's server, to code was seen in what was read. That is no "
        "promise.",
        (
            "Look at what would run, at what was not read, and at who sent it. Run a stranger's code in a throw-away "
            "machine that holds no keys, all the same.",
        ),
        "",
        (),
    ),
}
"""What to do, by verdict."""
