"""`disguised_program`: a program under the name of a picture, font or other data is run."""

import re
from collections.abc import Iterator

from sekisho.inspection.classify import is_data_name, is_hidden_name, is_loose_data, is_no_program_name, is_text_name
from sekisho.inspection.findings import Flow, Sink, Site, Source, Use
from sekisho.inspection.languages.commands import SHELLS
from sekisho.inspection.link import Linked, Run
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Step, StepKind, Verdict, flow_chain, is_soon, when

_LURE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|txt|md|jpe?g|png|mp[34]|mov|zip|html?)[\s_.]*"
    r"\.(?:exe|scr|com|pif|bat|cmd|lnk|hta|vb[es]|jse|wsf|msi|cpl|ps1|desktop|command|app|jar|url|library-ms)$"
    r"|\.(?:lnk|scr|pif|hta|library-ms|searchconnector-ms|settingcontent-ms|diagcab|wsf|vbe|jse|xll)$"
    r"|[\u202a-\u202e\u2066-\u2069][^/]*$",
    re.IGNORECASE,
)
"""Names that end otherwise than they seem to, and kinds of files that only start something."""

_MANUAL = re.compile(r"\.(?:md|mdx|markdown|rst|adoc)$|(?:^|/)readme[^/]*$", re.IGNORECASE)
_LANGUAGES = {"python", "javascript", "typescript"}
_INTERPRETERS = {"python", "node", "bun", "deno", "tsx", "ts-node", "sh", "bash", "zsh", "dash", "ksh"}


def _find(linked: Linked) -> Iterator[Chain]:
    for run in linked.runs:
        verdict = _verdict(linked, run)
        if verdict is not None:
            site = Site(run.target, linked.findings[run.target].first, "")
            sink = Step(StepKind.SINK, site, "it is a program under the name of something else")
            by = "a program of the system" if run.use.how == "library" else run.use.how
            start = Step(StepKind.SOURCE, Site(run.by, run.use.line, run.use.what), f"it is run by {by}")
            yield Chain(RULE.id, verdict, (*when(linked, run.by, run.use.unit), start, sink))
    for path in sorted(linked.tree.paths):
        if _LURE.search(path):
            step = Step(StepKind.SINK, Site(path, 0, ""), "its name looks like that of a document: opening it runs it")
            yield Chain(RULE.id, Verdict.REVIEW, (step,))
    for flow in linked.flows():
        if flow.source is Source.FILE and flow.sink is Sink.CODE and flow.detail:
            for target in _targets(linked, flow):
                packed = linked.findings[target].language == "archive"
                if packed or is_no_program_name(target) or is_hidden_name(target):
                    yield flow_chain(linked, RULE.id, Verdict.BLOCK, flow)
                elif is_loose_data(target) or _is_text_of_nobody(linked, target):
                    soon = is_soon(linked, flow.end.file, flow.unit)
                    yield flow_chain(linked, RULE.id, Verdict.BLOCK if soon else Verdict.REVIEW, flow)


def _is_text_of_nobody(linked: Linked, target: str) -> bool:
    """Whether a file is neither a program by its name nor a manual, whose commands may be tried."""
    return linked.findings[target].language == "text" and not _MANUAL.search(target)


def _targets(linked: Linked, flow: Flow) -> tuple[str, ...]:
    """The file that is read; of a path that is known in part, a picture, if it can mean nothing but such."""
    found = linked.tree.resolve(flow.origin.file, Use("load", flow.detail, 0, ""))
    like = tuple(linked.tree.like(flow.origin.file, flow.detail)) if not found and "\0" in flow.detail else ()
    return found or (like[:1] if like and all(map(is_data_name, like)) else ())


def _verdict(linked: Linked, run: Run) -> Verdict | None:
    """Text for people under an interpreter is odd; before anybody has decided to run anything it is no mistake."""
    if is_no_program_name(run.target):
        return Verdict.BLOCK
    loaded = run.use.how == "load" and linked.findings[run.target].language in _LANGUAGES
    loose = run.use.how in _INTERPRETERS - SHELLS and is_loose_data(run.target)  # a shell reads settings
    if not (loaded or run.use.how in _INTERPRETERS) or not (loose or is_text_name(run.target)):
        return None
    return Verdict.BLOCK if is_soon(linked, run.by, run.use.unit) else Verdict.REVIEW


RULE = Rule(
    "disguised_program",
    "A program is hidden under the name of a picture, font or data file, and run",
    "A file that looks like a font, picture or other data is started as a program. Nobody reviews a font; that is why "
    "the program is there.",
    STOP,
    ("T1036.008", "T1059"),
    _find,
)
