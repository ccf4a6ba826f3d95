"""The report for people: what will run and when, the chains with what to do, and what was not read."""

import textwrap
from collections.abc import Iterator

from sekisho.inspection.findings import Moment, Shown, Site, Trigger
from sekisho.inspection.judge import Inspection
from sekisho.inspection.report import RULES
from sekisho.inspection.report.advice import ADVICE
from sekisho.inspection.rules.chain import Chain, Verdict
from sekisho.inspection.text import shown

NAMES = {Verdict.BLOCK: "BLOCK", Verdict.REVIEW: "REVIEW", Verdict.NO_CHAIN_FOUND: "NO CHAIN FOUND"}
_TRIGGERS_SHOWN, _ALIKE_SHOWN, _GAPS_SHOWN, _NEEDS_SHOWN = 12, 5, 15, 30


def tell(found: Inspection) -> Iterator[str]:
    """The report, line by line."""
    yield NAMES[found.verdict]
    yield from _advice(found)
    yield from _triggers(found)
    yield from _chains(found)
    yield from _accepted(found)
    yield from _unread(found)
    yield from _coverage(found)


def place(site: Site) -> str:
    """`file:line`, escaped."""
    return f"{shown(site.file, 300)}:{site.line}" if site.line else shown(site.file, 300)


def share(found: Inspection) -> int:
    """How many of a hundred bytes are in files of a kind that is understood."""
    return 100 * found.coverage.understood // found.coverage.bytes if found.coverage.bytes else 100


def summary(found: Inspection) -> str:
    """What was found, in one sentence."""
    if found.chains:
        perhaps = "" if found.verdict is Verdict.BLOCK else " It may be harmless."
        return f"{RULES[found.chains[0].rule].title}.{perhaps}"
    if found.verdict is Verdict.REVIEW:
        return "A part of the input could not be read, so there is no answer for it."
    return "Chains that the baseline accepts, and no other." if found.accepted else "No chain."


def _advice(found: Inspection) -> Iterator[str]:
    advice = ADVICE[found.verdict]
    yield advice.headline
    yield f"Found: {summary(found)}"
    yield ""
    yield "What to do now:"
    yield from _numbered(advice.now)
    if advice.ran:
        yield f"{advice.if_ran}:"
        yield from _numbered(advice.ran)
    yield ""


def _numbered(steps: tuple[str, ...]) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        yield from textwrap.wrap(step, 110, initial_indent=f"  {number}. ", subsequent_indent="     ")


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


_HIDDEN = {Shown.OPENLY: "", Shown.ON_ERROR: " [not shown unless it fails]", Shown.NEVER: " [hidden from view]"}


def _run(trigger: Trigger) -> str:
    hidden = _HIDDEN[trigger.shown]
    return f"{place(trigger.site)}  {shown(trigger.by, 100)}{hidden}: {shown(trigger.site.text, 120)}"


def _chains(found: Inspection) -> Iterator[str]:
    alike: dict[tuple[Verdict, str], list[Chain]] = {}
    for chain in found.chains:
        alike.setdefault((chain.verdict, chain.rule), []).append(chain)
    for (verdict, name), chains in alike.items():
        rule = RULES[name]
        yield f"{NAMES[verdict]}  {rule.id}: {rule.title}  ({', '.join(rule.attack)})"
        yield f"  Why: {rule.explanation}"
        for chain in chains[:_ALIKE_SHOWN]:
            yield from _steps(chain)
            yield ""
        if len(chains) > _ALIKE_SHOWN:
            rest, following = len(chains) - _ALIKE_SHOWN, place(chains[_ALIKE_SHOWN].steps[-1].site)
            yield f"  and {rest} more like these, the next at {following} (all in --format json)"
            yield ""


def _accepted(found: Inspection) -> Iterator[str]:
    for chain in found.accepted:
        yield f"accepted by the baseline: {NAMES[chain.verdict]}  {chain.rule} at {place(chain.steps[-1].site)}"
    if found.accepted:
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
    kinds = ", ".join(f"{count} {shown(kind, 40)}" for kind, count in coverage.kinds)
    understood = f"{share(found)} % of the bytes in kinds that it understands"
    yield f"Read {coverage.files} files, {coverage.bytes} bytes; {understood}."
    yield f"By kind: {kinds}."
    if coverage.unread_files:
        yield f"{coverage.unread_files} files are programs or sources in languages that it does not read."
