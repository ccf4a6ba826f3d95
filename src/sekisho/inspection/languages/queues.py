"""Workers of Celery whose settings let a queue on another machine send pickles.

A worker makes objects of its messages as they arrive. Since 4.0 it accepts JSON alone unless its settings say more
(Celery's user guide, "Security", "Serializers").
"""

import re
from collections.abc import Iterator

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.picking import parts_of
from sekisho.inspection.languages.tampering import expressions, within

_ACCEPTS = re.compile(r"(?:CELERY_|celery_)?(?:accept_content|ACCEPT_CONTENT)")
_BROKER = re.compile(r"(?:CELERY_|celery_)?(?:broker(?:_read)?_url|BROKER(?:_READ)?_URL)|broker")
_PICKLES = {"pickle", "application/x-python-serialize"}
_ELSEWHERE = re.compile(
    r"(?:rediss?|amqps?|pyamqp|sentinel|mongodb|kafka|confluentkafka)://(?:[^@/\s]*@)?"
    r"(?!localhost\b|127\.|0\.0\.0\.0|10\.|192\.168\.|host\.docker\.)[\w-]+(?:\.[\w-]+)+"
)
"""The address of a queue; a name without a dot is another container's."""


def accepts_objects(module: ir.Module, text: str) -> int:
    """The line that lets such a queue send pickles; 0 if none does."""
    if not _ACCEPTS.search(text):
        return 0
    told = list(_settings(module))
    pickles = any(_ACCEPTS.fullmatch(name) and not _PICKLES.isdisjoint(_texts(value)) for name, value in told)
    if not pickles or not any(_BROKER.fullmatch(name) and any(map(_ELSEWHERE.match, _texts(value)))
                              for name, value in told):  # fmt: skip
        return 0
    return next((number for number, line in enumerate(text.split("\n"), 1) if _ACCEPTS.search(line)), 1)


def _settings(module: ir.Module) -> Iterator[tuple[str, ir.Expression]]:
    """Whatever a source gives a name: a variable, a member, a keyword of a call."""
    for function in within(module.top):
        for statement in function.body:
            if not isinstance(statement, ir.Bind):
                continue
            match statement.target:
                case ir.Name(name) | ir.Attribute(_, name, _):
                    yield name, statement.value
            for each in expressions(statement.value):
                if isinstance(each, ir.Call):
                    yield from each.keywords


def _texts(value: ir.Expression) -> set[str]:
    return {each.text for each in parts_of(value) if isinstance(each, ir.Text)}
