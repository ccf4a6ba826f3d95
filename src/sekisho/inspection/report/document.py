"""The report as JSON. Its schema is `docs/inspection-report.schema.json`: what is there stays, what is new is added.

Text of the input is JSON-escaped ASCII and otherwise as it stands: whoever shows it escapes it for its own medium.
"""

import hashlib
import json

import sekisho
from sekisho.inspection.findings import Shown
from sekisho.inspection.judge import Inspection
from sekisho.inspection.report import RULES, action
from sekisho.inspection.rules.chain import Chain

Json = str | int | bool | list["Json"] | dict[str, "Json"]


def rules_digest() -> str:
    """Names the rules by their texts: two reports with the same digest asked the same questions."""
    told = json.dumps([[rule.id, rule.title, rule.explanation, *rule.attack] for rule in RULES.values()])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def as_json(found: Inspection) -> str:
    """The document, with one line for each list's element."""
    return json.dumps(document(found), indent=1)


def document(found: Inspection) -> dict[str, Json]:
    """The document as values."""
    coverage = found.coverage
    return {
        "verdict": str(found.verdict),
        "version": sekisho.__version__,
        "rules": rules_digest(),
        "triggers": [
            {"when": each.when.name.lower(), "by": each.by, "file": each.site.file, "line": each.site.line,
             "runs": each.site.text, "quiet": each.shown is not Shown.OPENLY}
            for each in found.triggers
        ],
        "chains": [_chain(chain) for chain in found.chains],
        "accepted": [_chain(chain) for chain in found.accepted],
        "coverage": {
            "files": coverage.files, "bytes": coverage.bytes, "understood": coverage.understood,
            "kinds": dict[str, Json](coverage.kinds), "unread_files": coverage.unread_files,
            "unread_dependencies": coverage.unread_dependencies,
        },
        "gaps": [{"file": each.file, "line": each.line, "why": each.why} for each in found.gaps],
        "dependencies": [
            {"name": each.name, "origin": each.origin, "file": each.file, "line": each.line} for each in found.needs
        ],
        "suppressions": [
            {"file": each.site.file, "line": each.site.line, "text": each.site.text} for each in found.suppressions
        ],
    }  # fmt: skip


def _chain(chain: Chain) -> dict[str, Json]:
    rule = RULES[chain.rule]
    return {
        "rule": rule.id,
        "verdict": str(chain.verdict),
        "title": rule.title,
        "action": action(chain),
        "attack": list(rule.attack),
        "steps": [
            {"kind": str(step.kind), "file": step.site.file, "line": step.site.line, "says": step.says,
             "text": step.site.text}
            for step in chain.steps
        ],
        "explanation": rule.explanation,
    }  # fmt: skip
