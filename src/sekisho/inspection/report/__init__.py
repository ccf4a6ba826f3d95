"""The answer, told: as text, as JSON, as SARIF. Everything a stranger wrote is escaped first."""

from sekisho.inspection.rules import ALL
from sekisho.inspection.rules.chain import STOP, Chain, Verdict

RULES = {rule.id: rule for rule in ALL}
"""Every rule by its id."""


def action(chain: Chain) -> str:
    """What to do about a chain: where it blocks, no rule asks for less than to stop."""
    return STOP if chain.verdict is Verdict.BLOCK else RULES[chain.rule].action
