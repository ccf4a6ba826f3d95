"""`decoded_code`: text that was made unreadable is decoded and run."""

import re
from collections.abc import Iterator

from sekisho.inspection.classify import is_data_name, is_loose_data
from sekisho.inspection.findings import (
    BESIDE,
    BYTECODE,
    LITERAL,
    MADE,
    NUMBERS,
    OWN_TEXT,
    Flow,
    Mark,
    Sink,
    Source,
    Use,
)
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain, is_soon, moment, sight_chain

_ENDS = {Sink.CODE, Sink.COMMAND, Sink.LOAD, Sink.UNKNOWN}

_TEXTS = {"text", "json", "yaml", "toml", "ini", "html"}
"""What people are thought to read."""

_INTERPRETER = re.compile(
    r"\b(?:(?:ba|z|da|k)?sh|python\d?|node|deno|bun|powershell|pwsh|cmd|perl|ruby|php|osascript|eval)\b|sys\.executable"
)
"""What makes a part of a command code."""

_LOADER = re.compile(r"\b(?:rundll32|regsvr32|msiexec|installutil|odbcconf|mshta)\b", re.IGNORECASE)
"""Programs of the system that run what lies in a file they are told of: nobody decodes one for them to be read."""

_NAMED_MODULE = re.compile(r"\b(?:import_module|__import__)\b")


def _find(linked: Linked) -> Iterator[Chain]:
    for flow in linked.flows():
        if flow.source is Source.DECODED and flow.sink in _ENDS and _counts(linked, flow):
            here = flow.detail in {LITERAL, MADE} or (flow.detail == BESIDE and flow.sink is Sink.CODE)
            soon = flow.sink is Sink.CODE and flow.detail != NUMBERS and is_soon(linked, flow.end.file, flow.unit)
            here = here or (flow.sink is Sink.COMMAND and bool(_LOADER.search(flow.end.text)))
            all_of_it = flow.sink is Sink.CODE or (flow.sink is Sink.COMMAND and not flow.part)
            here = here or (all_of_it and flow.detail in {"", NUMBERS} and _lies_here(linked, flow))
            whole = (here or soon) and flow.sink not in {Sink.LOAD, Sink.UNKNOWN}
            yield flow_chain(linked, RULE.id, Verdict.BLOCK if whole else Verdict.REVIEW, flow)
        if flow.source is Source.DECODED and flow.sink is Sink.DESERIALISE and flow.detail == LITERAL:
            yield flow_chain(linked, RULE.id, Verdict.REVIEW, flow)
        if flow.source is Source.FILE and flow.sink is Sink.CODE and flow.detail and _holds_unseen(linked, flow):
            yield flow_chain(linked, RULE.id, Verdict.BLOCK, flow)
    for sight in linked.sights():
        foreign = linked.findings[sight.site.file].language.startswith("foreign:")
        if sight.mark is Mark.DECODE_RUN and (foreign or moment(linked, sight.site.file, sight.unit) is not None):
            soon = is_soon(linked, sight.site.file, sight.unit)
            here = sight.detail == LITERAL or bool(
                sight.detail and linked.tree.resolve(sight.site.file, Use("load", sight.detail, 0, ""))
            )
            verdict = Verdict.BLOCK if soon or here else Verdict.REVIEW
            yield sight_chain(linked, RULE.id, verdict, sight, "hidden text is decoded and run")


def _counts(linked: Linked, flow: Flow) -> bool:
    """Text that stands nowhere in the input may be anything: the name of a module, a word of a command, or, after a
    walk through many files, a path."""
    if flow.detail == MADE and flow.sink is not Sink.CODE:
        return False
    if flow.detail == NUMBERS and flow.part:
        return False
    if flow.detail == BYTECODE and not _holds_bytecode(linked, flow):
        return False
    if flow.sink is Sink.LOAD:
        return not flow.part and (flow.detail == LITERAL or not _NAMED_MODULE.search(flow.end.text))
    if flow.sink is Sink.COMMAND and flow.detail != LITERAL:
        near = flow.origin.file in linked.beside(flow.end.file) or flow.end.file in linked.beside(flow.origin.file)
        near = near or is_soon(linked, flow.end.file, flow.unit)
        return near and (not flow.part or bool(_INTERPRETER.search(flow.end.text)))
    return True


def _lies_here(linked: Linked, flow: Flow) -> bool:
    """Whether what is decoded is read from a file of the input: data that was made for this."""
    read = [each for each in linked.flows() if each.source is Source.FILE and each.end == flow.end and each.detail]
    if any(each.detail == OWN_TEXT for each in read):
        return True
    found = (
        path
        for each in read
        for path in (
            *linked.tree.resolve(each.origin.file, Use("load", each.detail, 0, "")),
            *linked.tree.like(each.origin.file, each.detail),
        )
    )
    return any(is_data_name(path) or is_loose_data(path) or _is_no_program(linked, path) for path in found)


def _holds_unseen(linked: Linked, flow: Flow) -> bool:
    """Whether the file that is read holds letters that nobody sees, among those of a text for people."""
    read = [linked.findings[path] for path in linked.tree.resolve(flow.origin.file, Use("load", flow.detail, 0, ""))]
    marks = (sight.mark for found in read if found.language in _TEXTS for sight in found.sights)
    return any(mark in {Mark.HIDE, Mark.DECEIVE} for mark in marks)


def _is_no_program(linked: Linked, path: str) -> bool:
    """Whether a file is neither a program nor like one: text under no telling name, or a source that does not parse."""
    found = linked.findings[path]
    return found.language in {"text", "data"} or (found.language == "python" and bool(found.gaps))


def _holds_bytecode(linked: Linked, flow: Flow) -> bool:
    """Whether some file of the input could be what a loader of compiled code is given."""
    read = (each for each in linked.flows() if each.source is Source.FILE and each.end == flow.end and each.detail)
    given = (path for each in read for path in linked.tree.resolve(each.origin.file, Use("load", each.detail, 0, "")))
    if any(linked.findings[path].language != "python" for path in given):
        return True
    kinds = ((path, found.language) for path, found in linked.findings.items())
    return any(kind == "opaque:compiled Python" or (kind == "data" and not is_data_name(path)) for path, kind in kinds)


RULE = Rule(
    "decoded_code",
    "Hidden text is decoded and run",
    "A piece of the program is stored so that nobody can read it (base64, compression, numbers), and is turned "
    "back into "
    "code only to be run. Honest programs have no reason to hide what they do from their reader.",
    STOP,
    ("T1140", "T1027.013"),
    _find,
)
