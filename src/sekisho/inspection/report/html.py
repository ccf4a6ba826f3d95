"""The report as one page that loads nothing and runs nothing, and the page to drop a file on.

No script at all is allowed, styles by hash alone, and every value is escaped twice: characters that hide or reorder
text first, markup after.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import sekisho
from sekisho.inspection.findings import Moment, Site
from sekisho.inspection.judge import Inspection
from sekisho.inspection.report import RULES
from sekisho.inspection.report.advice import ADVICE
from sekisho.inspection.report.document import rules_digest
from sekisho.inspection.report.words import NAMES, place, share, summary
from sekisho.inspection.text import shown
from sekisho.inspection.virtual import Gap

_KINDS = {"trigger": "Starts", "guard": "Decides", "source": "Takes", "sink": "Does"}
"""Kinds of steps, for somebody who does not program."""

_MOST = 100
"""Of each list; JSON holds them whole."""


def as_html(found: Inspection, name: str, *, again: bool = False) -> str:
    """The report on an input of this name; `again`: with a way back to the page to drop a file on."""
    moments = [(moment, [each for each in found.triggers if each.when is moment]) for moment in Moment]
    return _render(
        "report.html",
        found=found,
        name=name,
        again=again,
        advice=ADVICE[found.verdict],
        summary=summary(found),
        moments=[(moment, triggers) for moment, triggers in moments if triggers],
        share=share(found),
        digest=rules_digest(),
        version=sekisho.__version__,
        names=NAMES,
        rules=RULES,
        kinds=_KINDS,
        most=_MOST,
    )


def upload_page(most: int, wrong: str = "") -> str:
    """The page to drop a file of at most `most` bytes on; `wrong`: what was wrong with the last one."""
    return _render("upload.html", most=most // 1_000_000, wrong=wrong)


def policy() -> str:
    """The content security policy of both pages."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'"


def _render(template: str, **values: object) -> str:
    style = Markup(_style())  # noqa: S704  # our own file, allowed by its hash
    return _templates().get_template(template).render(**values, style=style, policy=policy())


def _place(where: Site | Gap) -> str:
    return place(Site(where.file, where.line, ""))


@cache
def _style() -> str:
    return files("sekisho.inspection.report").joinpath("templates", "page.css").read_text("utf-8")


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("sekisho.inspection.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "place": _place}
    return environment
