"""What a push would start, told to whoever is about to push."""

from collections.abc import Iterator, Sequence

from sekisho.inspection.pushed import Started
from sekisho.inspection.text import shown

_STEPS, _SECRETS = 12, 30


def tell_push(started: Sequence[Started]) -> Iterator[str]:
    """Line by line: each file, the secrets it can read, and its steps."""
    yield "What a push of this starts on the server, and with which secrets:"
    if not started:
        yield "  nothing that this tool knows of"
    for each in started:
        named = ", ".join(shown(name, 100) for name in each.secrets[:_SECRETS])
        more = f" and {len(each.secrets) - _SECRETS} more" if len(each.secrets) > _SECRETS else ""
        yield f"  {shown(each.file, 300)}  can read: {named}{more}"
        for step in each.steps[:_STEPS]:
            yield f"    line {step.site.line}: {shown(step.site.text, 120)}"
        if len(each.steps) > _STEPS:
            yield f"    and {len(each.steps) - _STEPS} more"
        if each.taken:
            names = ", ".join(shown(need.name, 100) for need in each.taken[:_STEPS])
            more = f" and {len(each.taken) - _STEPS} more" if len(each.taken) > _STEPS else ""
            yield f"    and from elsewhere, unread: {names}{more}"
        if not each.steps and not each.taken:
            yield "    (no step of it was understood)"
    yield ""
