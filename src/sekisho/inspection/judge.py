"""From the whole to a verdict: every rule is asked, the worst chain counts, and nothing is added up."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from typing import NamedTuple

from sekisho.inspection.findings import PAGE, Mark, Moment, Need, Sight, Site, Trigger
from sekisho.inspection.link import Linked
from sekisho.inspection.rules import ALL
from sekisho.inspection.rules.chain import Chain, StepKind, Verdict
from sekisho.inspection.unread import closed, lost, spoken_of, that_matter
from sekisho.inspection.virtual import Form, Gap, VirtualFile, container

_BUNDLE = 50_000
"""Bytes of a script that nobody has written by hand."""

_SCRIPTS = {"javascript", "typescript", "tsx"}
_MAKES_CODE = {"remote_code", "decoded_code", "targeted_code"}
"""Rules about code that is made of text, as template compilers make it."""

_RANK = {Verdict.BLOCK: 0, Verdict.REVIEW: 1, Verdict.NO_CHAIN_FOUND: 2}


class Coverage(NamedTuple):
    """How much was read and understood. `understood` are bytes; `kinds` counts files by what they were read as."""

    files: int
    bytes: int
    understood: int
    kinds: tuple[tuple[str, int], ...]
    unread_files: int
    unread_dependencies: int


class Inspection(NamedTuple):
    """The answer."""

    verdict: Verdict
    triggers: tuple[Trigger, ...]
    chains: tuple[Chain, ...]
    coverage: Coverage
    gaps: tuple[Gap, ...]
    """What could not be read of the input itself comes first; then what was not understood in its files, or lies
    aside."""
    unread_input: int
    """How many of the gaps are of the input itself, or of programs and settings that ended their reader, and matter:
    each of those makes the verdict REVIEW."""
    needs: tuple[Need, ...]
    suppressions: tuple[Sight, ...]
    """Requests to scanners to look away: shown, and not obeyed."""
    accepted: tuple[Chain, ...] = ()
    """Chains that the reader's own baseline accepts: shown, and not counted."""


def judge(files: tuple[VirtualFile, ...], intake_gaps: tuple[Gap, ...], linked: Linked) -> Inspection:
    """Ask every rule."""
    within = container(files)
    triggers = [reach.trigger for reach in linked.reaches]
    by_hand = {t.site for t in triggers if _is_by_hand(t)}.difference(t.site for t in triggers if not _is_by_hand(t))
    starts = {trigger.site: trigger.when for trigger in triggers}
    named = spoken_of(files, linked)
    bundles = {
        file.path for file in files if len(file.data) > _BUNDLE and linked.findings[file.path].language in _SCRIPTS
    }
    chains: dict[tuple[object, ...], Chain] = {}
    for rule in ALL:
        for told in rule.find(linked):
            if _is_aside(told, within, by_hand, named):
                continue
            chain = told._replace(verdict=Verdict.REVIEW) if _leads_nowhere(told, within, starts, bundles) else told
            key = (chain.rule, chain.steps[-1].site[:2], chain.steps[-1].says)
            kept = chains.get(key)
            if kept is None or _RANK[chain.verdict] < _RANK[kept.verdict]:
                chains[key] = chain
    order = {rule.id: place for place, rule in enumerate(ALL)}
    found = sorted(chains.values(), key=lambda each: (_RANK[each.verdict], order[each.rule], each.steps[-1].site))
    matter = (*that_matter(intake_gaps, files, linked), *lost(files, linked), *closed(files, linked))
    wheel = (Gap(path, 0, "machine code that its wheel declares: it was not read") for path in linked.declared)
    rest = {*intake_gaps, *linked.gaps(), *wheel}.difference(matter)
    needs = {(need.name, need.origin): need for need in linked.needs()}
    return Inspection(
        verdict_of(found, len(matter)),
        tuple(sorted(triggers, key=_soonest)),
        tuple(found),
        _coverage(files, linked, len(needs)),
        (*matter, *sorted(rest)),
        len(matter),
        tuple(needs[key] for key in sorted(needs)),
        tuple(sight for sight in linked.sights() if sight.mark is Mark.SUPPRESS),
    )


def _leads_nowhere(chain: Chain, within: str, starts: Mapping[Site, Moment], bundles: Set[str]) -> bool:
    """Whether nothing leads to a grave chain, from outside or inside, that lies in an archive within the input; or, but
    for whoever starts it by hand, in a bundle, where a template compiler comes near all else."""
    begun = {starts.get(step.site, Moment.OPEN) for step in chain.steps if step.kind is StepKind.TRIGGER}
    places = {step.site.file for step in chain.steps if step.kind is not StepKind.TRIGGER}
    packed = not begun and all("!/" in place.removeprefix(within) for place in places)
    bundled = begun <= {Moment.RUN} and chain.rule in _MAKES_CODE and bundles >= places
    return chain.verdict is Verdict.BLOCK and (packed or bundled)


def _is_aside(chain: Chain, within: str, by_hand: Set[Site], named: Callable[[str], bool]) -> bool:
    """Whether a doubtful chain lies in an archive within the input that whoever wants it run must unpack first, and
    then open, build, test or push what is there; and nobody is told to."""
    archives = {step.site.file.removeprefix(within).rpartition("!/")[0] for step in chain.steps}
    return (
        chain.verdict is Verdict.REVIEW
        and all(archives)
        and all(step.site in by_hand for step in chain.steps if step.kind is StepKind.TRIGGER)
        and not any(named(archive) for archive in archives)
    )


def _is_by_hand(trigger: Trigger) -> bool:
    """Whether somebody who works on a project, or opens its pages, brings a trigger about."""
    return trigger.when in {Moment.BUILD, Moment.TEST, Moment.PUSH} or trigger.by == PAGE


def verdict_of(chains: Sequence[Chain], unread_input: int) -> Verdict:
    """The verdict of the worst chain; REVIEW where a part of the input itself could not be read."""
    if chains:
        return min((chain.verdict for chain in chains), key=_RANK.__getitem__)
    return Verdict.REVIEW if unread_input else Verdict.NO_CHAIN_FOUND


def _soonest(trigger: Trigger) -> tuple[int, str, int]:
    return list(type(trigger.when)).index(trigger.when), trigger.site.file, trigger.site.line


def _coverage(files: tuple[VirtualFile, ...], linked: Linked, needs: int) -> Coverage:
    kinds: Counter[str] = Counter()
    understood = unread = 0
    for file in files:
        language = linked.findings[file.path].language
        kinds[language.partition(":")[0] if language.startswith("opaque") else language] += 1
        if language.startswith(("opaque:", "foreign:")) or language in {"unread", "special"}:
            unread += 1
        else:
            understood += len(file.data)
    total = sum(len(file.data) for file in files if file.form is Form.FILE)
    return Coverage(len(files), total, understood, tuple(sorted(kinds.items())), unread, needs)
