"""The report for people: what will run and when, the chains with what to do, and what was not read."""

from collections.abc import Iterator

from sekisho.inspection.findings import Moment, Site, Trigger
from sekisho.inspection.judge import Inspection
from sekisho.inspection.report import RULES
from sekisho.inspection.rules.chain import Chain, Verdict
from sekisho.inspection.text import shown

_NAMES = {Verdict.BLOCK: "BLOCK", Verdict.REVIEW: "REVIEW", Verdict.NO_CHAIN_FOUND: "NO CHAIN FOUND"}
_TRIGGERS_SHOWN, _CHAINS_SHOWN, _GAPS_SHOWN, _NEEDS_SHOWN = 12, 25, 15, 30


def tell(found: Inspection) -> Iterator[str]:
    """The report, line by line."""
    yield _NAMES[found.verdict]
    yield _summary(found)
    yield ""
    yield from _triggers(found)
    yield from _chains(found)
    yield from _unread(found)
    yield from _coverage(found)


def place(site: Site) -> str:
    """`file:line`, escaped."""
    return f"{shown(site.file, 300)}:{site.line}" if site.line else shown(site.file, 300)


def _summary(found: Inspection) -> str:
    if found.verdict is Verdict.BLOCK:
        return RULES[found.chains[0].rule].title + "."
    if found.verdict is Verdict.REVIEW:
        if found.chains:
            return "Nothing complete was found, but this needs a reader: " + RULES[found.chains[0].rule].title + "."
        return "A part of the input could not be read, so there is no answer for it."
    return (
        "No chain from a trigger or a source to something dangerous was found in what was read. See what was not read."
    )


def _triggers(found: Inspection) -> Iterator[str]:
    yield "What will run, and when, before you trust this folder:"
    if not found.triggers:
        yield "  nothing that this tool knows of"
    for moment in Moment:
        listed = [trigger for trigger in found.triggers if trigger.when is moment]
        if not listed:
            continue
        yield f"  {moment}:"
        for trigger in listed[:_TRIGGERS_SHOWN]:
            yield f"    {_run(trigger)}"
        if len(listed) > _TRIGGERS_SHOWN:
            yield f"    and {len(listed) - _TRIGGERS_SHOWN} more (all in --format json)"
    yield ""


def _run(trigger: Trigger) -> str:
    hidden = " [hidden from view]" if trigger.quiet else ""
    return f"{place(trigger.site)}  {shown(trigger.by, 100)}{hidden}: {shown(trigger.site.text, 120)}"


def _chains(found: Inspection) -> Iterator[str]:
    last = ""
    for chain in found.chains[:_CHAINS_SHOWN]:
        rule = RULES[chain.rule]
        yield f"{_NAMES[chain.verdict]}  {rule.id}: {rule.title}  ({', '.join(rule.attack)})"
        yield from _steps(chain)
        if rule.id != last:
            yield f"  Why: {rule.explanation}"
            yield f"  What to do: {rule.action}"
        last = rule.id
        yield ""
    if len(found.chains) > _CHAINS_SHOWN:
        yield f"and {len(found.chains) - _CHAINS_SHOWN} more chains, none worse (all in --format json)"
        yield ""


def _steps(chain: Chain) -> Iterator[str]:
    for step in chain.steps:
        text = f"   {shown(step.site.text, 120)}" if step.site.text else ""
        yield f"  {step.kind:<8}{place(step.site)}  {shown(step.says, 200)}{text}"


def _unread(found: Inspection) -> Iterator[str]:
    if found.gaps:
        yield "Not understood, so not judged:"
        for gap in found.gaps[:_GAPS_SHOWN]:
            yield f"  {place(Site(gap.file, gap.line, ''))}  {shown(gap.why, 200)}"
        if len(found.gaps) > _GAPS_SHOWN:
            yield f"  and {len(found.gaps) - _GAPS_SHOWN} more (all in --format json)"
        yield ""
    if found.suppressions:
        yield f"Requests to scanners to look away, not obeyed: {len(found.suppressions)}, the first at " + place(
            found.suppressions[0].site
        )
        yield ""
    if found.needs:
        names = [
            shown(need.name, 60) + (f" (from {shown(need.origin, 80)})" if need.origin else "") for need in found.needs
        ]
        more = f" and {len(names) - _NEEDS_SHOWN} more" if len(names) > _NEEDS_SHOWN else ""
        yield f"Dependencies that are not part of this and were not read: {', '.join(names[:_NEEDS_SHOWN])}{more}"
        yield ""


def _coverage(found: Inspection) -> Iterator[str]:
    coverage = found.coverage
    share = 100 * coverage.understood // coverage.bytes if coverage.bytes else 100
    kinds = ", ".join(f"{count} {shown(kind, 40)}" for kind, count in coverage.kinds)
    yield f"Read {coverage.files} files, {coverage.bytes} bytes; {share} % of the bytes in kinds that it understands."
    yield f"By kind: {kinds}."
    if coverage.unread_files:
        yield f"{coverage.unread_files} files are programs or sources in languages that it does not read."
