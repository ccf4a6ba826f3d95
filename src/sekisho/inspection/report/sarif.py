"""The report as SARIF 2.1.0 (OASIS), for code-scanning pages: BLOCK is `error`, REVIEW is `warning`."""

import json
import urllib.parse

import sekisho
from sekisho.inspection.baseline import evidence
from sekisho.inspection.findings import Site
from sekisho.inspection.judge import Inspection
from sekisho.inspection.report import RULES, action
from sekisho.inspection.report.document import Json
from sekisho.inspection.rules.chain import Chain, Rule, Step, Verdict
from sekisho.inspection.text import shown
from sekisho.inspection.virtual import Gap

_LEVELS = {Verdict.BLOCK: "error", Verdict.REVIEW: "warning", Verdict.NO_CHAIN_FOUND: "note"}
_ACCEPTED: Json = [{"kind": "external", "status": "accepted", "justification": "accepted by the baseline"}]
_GAPS = 1000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(found: Inspection) -> str:
    """One SARIF log with one run."""
    return json.dumps(
        {
            "$schema": _SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "sekisho inspect",
                            "version": sekisho.__version__,
                            "rules": [_rule(rule) for rule in RULES.values()],
                        }
                    },
                    "columnKind": "unicodeCodePoints",
                    "results": [
                        *(_result(chain) for chain in found.chains),
                        *(_result(chain) | {"suppressions": _ACCEPTED} for chain in found.accepted),
                    ],
                    "invocations": [
                        {
                            "executionSuccessful": True,
                            "toolExecutionNotifications": _gaps(found.gaps),
                        }
                    ],
                    "properties": {"verdict": str(found.verdict)},
                }
            ],
        },
        indent=1,
    )


def _gaps(gaps: tuple[Gap, ...]) -> list[Json]:
    told: list[Json] = [
        {
            "level": "warning",
            "message": {"text": _message(gap.why, 500)},
            "locations": [_location(Site(gap.file, gap.line, ""))],
        }
        for gap in gaps[:_GAPS]
    ]
    if len(gaps) > _GAPS:
        more = f"and {len(gaps) - _GAPS} more that could not be understood (all in --format json)"
        told.append({"level": "warning", "message": {"text": more}})
    return told


def _rule(rule: Rule) -> dict[str, Json]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": rule.action},
        "properties": {"tags": ["security", *rule.attack]},
    }


def _result(chain: Chain) -> dict[str, Json]:
    rule = RULES[chain.rule]
    last = chain.steps[-1]
    told = "; ".join(f"{step.kind}: {_message(step.says, 200)}" for step in chain.steps)
    return {
        "ruleId": rule.id,
        "ruleIndex": list(RULES).index(rule.id),
        "level": _LEVELS[chain.verdict],
        "message": {"text": f"{rule.title}. {told}. {action(chain)}"},
        "locations": [_location(last.site)],
        "codeFlows": [{"threadFlows": [{"locations": [_flow(step) for step in chain.steps]}]}],
        "partialFingerprints": {"evidence/v1": evidence(chain)},
    }


def _flow(step: Step) -> dict[str, Json]:
    location = _location(step.site)
    location["message"] = {"text": f"{step.kind}: {_message(step.says, 200)}"}
    return {"location": location}


def _message(text: str, most: int) -> str:
    """Text of a stranger within a message: no link (SARIF 2.1.0, section 3.11.6) and no placeholder (3.11.5)."""
    quoted = shown(text, most).replace("\\", "\\\\")
    for mark, instead in (("[", "\\["), ("]", "\\]"), ("{", "{{"), ("}", "}}")):
        quoted = quoted.replace(mark, instead)
    return quoted


def _location(site: Site) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": {"uri": urllib.parse.quote(site.file, safe="/")}}
    if site.line:
        physical["region"] = {"startLine": site.line}
    return {"physicalLocation": physical}
