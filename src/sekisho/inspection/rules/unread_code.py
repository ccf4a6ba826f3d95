"""`unread_code`: something runs by itself, and what it runs could not be read."""

from collections.abc import Iterator, Set

from sekisho.inspection.findings import Mark, Moment, Sink, Site, Source, Trigger, Use
from sekisho.inspection.link import SOON, Linked, Reach
from sekisho.inspection.named import Place
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Step, StepKind, Verdict, flow_chain, when

_PROGRAMS = ("opaque:a ", "opaque:compiled", "opaque:WebAssembly")


def _find(linked: Linked) -> Iterator[Chain]:
    unseen = {(s.site.file, s.site.line) for s in linked.sights() if s.mark is Mark.UNSEEN}
    loaded = {run.target for run in linked.runs if run.use.how == "library"}
    yield from _handed_over(linked)
    yield from _commanding(linked)
    by_file: dict[str, list[tuple[int, str]]] = {}
    for gap in linked.gaps():
        by_file.setdefault(gap.file, []).append((gap.line, gap.why))
    for reach in linked.reaches:
        for place in sorted(reach.places):
            language = linked.findings[place.file].language
            if place.file in linked.declared and _is_no_part_of_a_wheel(reach.trigger):
                continue
            if (
                place.file in loaded
                and (_program(language) or language in {"text", "data"})
                and reach.trigger.when in _UNPLANNED
            ):
                says = "a program of the system is told to load it: it was not read"
                yield _chain(reach, Verdict.BLOCK, Site(place.file, 0, ""), says, reach.ways[place])
            elif place.file.endswith((".jar", ".war", ".phar")) and not language.startswith(_NAMED_KINDS):
                verdict = Verdict.BLOCK if _at_once(reach, place) else Verdict.REVIEW
                yield _chain(reach, verdict, Site(place.file, 0, ""), "a program in an archive: it was not read",
                             reach.ways[place])  # fmt: skip
            elif language.startswith(("opaque:", "foreign:")) and not (place.unit and language.startswith("foreign:")):
                at_once = _at_once(reach, place) or (unseen and _is_unseen(reach, place, unseen))
                verdict = Verdict.BLOCK if _program(language) and at_once else Verdict.REVIEW
                says = f"{language.partition(':')[2]}: it was not read"
                yield _chain(reach, verdict, Site(place.file, 0, ""), says, reach.ways[place])
            for line, why in by_file.get(place.file, ())[:3]:
                if place.unit == "" or line == reach.trigger.site.line:
                    yield _chain(reach, Verdict.REVIEW, Site(place.file, line, ""), why, reach.ways[place])
        if reach.trigger.when in SOON and not reach.trigger.by.startswith(_OWN_HOOKS):
            for use in reach.missing[:5]:
                site = Site(reach.trigger.site.file, use.line, "")
                yield _chain(reach, Verdict.REVIEW, site, f"it runs {use.what!r}, which is not here", site)


_OWN_HOOKS = ("lint-staged", "husky", "simple-git-hooks", "gitHooks", "git hook", "lefthook", "pre-commit hook",
              "npm script 'prepare'", "npm script 'pnpm:devPreinstall'", "npm script 'prepublish'")  # fmt: skip
"""What is for those who work on it: without the file, which a published package leaves out, it only fails."""

_HOSTILE = {Moment.OPEN, Moment.GIT}
_UNPLANNED = SOON | {Moment.BUILD}
"""When no library that came along is given to a program of the system: it would be linked, or imported."""


_NAMED_KINDS = ("opaque:", "foreign:", "empty")
"""Kinds of their own. What else is called an archive is one to its loader, which looks at the end of it."""

_WORKED_ON = {Moment.INSTALL, Moment.BUILD, Moment.TEST}


def _is_no_part_of_a_wheel(trigger: Trigger) -> bool:
    """Whether a trigger is none of a built distribution's, which is put in its place and starts nothing there: who
    builds or tests in it does so by hand, and trusts it already; what it was built from speaks of entry points."""
    return trigger.when in _WORKED_ON or trigger.by.startswith("entry point")


def _at_once(reach: Reach, place: Place) -> bool:
    """Whether it runs unasked; where Python starts, only what the start file itself leads to, and no library that
    lies somewhere behind it."""
    direct = reach.trigger.when is Moment.START and reach.ways[place].file == reach.trigger.site.file
    return direct or reach.trigger.when in _HOSTILE


def _is_unseen(reach: Reach, place: Place, unseen: Set[tuple[str, int]]) -> bool:
    """Whether a line on the way starts it without a window, and asks nothing of it."""
    passed: set[Place] = set()
    while place in reach.ways and place not in passed:
        passed.add(place)
        way = reach.ways[place]
        if (way.file, way.line) in unseen:
            return True
        place = Place(way.file, "")
    return False


def _program(language: str) -> bool:
    return language.startswith(_PROGRAMS)


def _handed_over(linked: Linked) -> Iterator[Chain]:
    """Bytecode, of Python or of V8 (`.jsc`), or a library of machine code, that a program hands to a loader, whoever
    starts that. What is named like one is one to the loader, whatever its first bytes seem to be."""
    compiled = {path for path, found in linked.findings.items() if found.language == "opaque:compiled Python"}
    compiled |= {path for path in linked.findings if path.endswith(".jsc")}
    compiled |= {path for path, found in linked.findings.items()
                 if path.endswith(".node") and found.language in {"text", "data"}}  # fmt: skip
    for path, found in linked.findings.items() if compiled else ():
        for use in (each for each in found.uses if each.how in {"load", "import:javascript"}):
            for target in compiled.intersection(linked.tree.resolve(path, use)):
                given = Step(StepKind.SOURCE, Site(path, use.line, use.what), "a loader is given the file")
                end = Step(StepKind.SINK, Site(target, 0, ""), "a compiled program without its source: it was not read")
                yield Chain(RULE.id, Verdict.REVIEW, (*when(linked, path, use.unit), given, end))


def _commanding(linked: Linked) -> Iterator[Chain]:
    """A compiled module that is given a function which runs, as a command, what the module says."""
    for flow in linked.flows():
        if flow.source is Source.FILE and flow.sink is Sink.COMMAND and flow.detail and not flow.part:
            for target in linked.tree.resolve(flow.origin.file, Use("load", flow.detail, 0, "")):
                if linked.findings[target].language == "opaque:WebAssembly":
                    chain = flow_chain(linked, RULE.id, Verdict.REVIEW, flow)
                    unread = Step(
                        StepKind.SOURCE, Site(target, 0, ""), "a compiled module, which was not read, says what"
                    )
                    yield chain._replace(steps=(*chain.steps[:-1], unread, chain.steps[-1]))


def _chain(reach: Reach, verdict: Verdict, end: Site, says: str, way: Site) -> Chain:
    """From the trigger, by the line that leads there, to what was not read."""
    trigger = reach.trigger
    first = Step(StepKind.TRIGGER, trigger.site, f"{trigger.by}: runs {trigger.when}")
    by = (Step(StepKind.SOURCE, way, "this leads there"),) if way.file not in {trigger.site.file, end.file} else ()
    return Chain(RULE.id, verdict, (first, *by, Step(StepKind.SINK, end, says)))


RULE = Rule(
    "unread_code",
    "Something runs that could not be read",
    "A trigger leads to a file or line that this tool does not understand, or that is not here. That is no finding of "
    "malice; it is the absence of an answer.",
    ASK,
    ("T1027.009",),
    _find,
)
