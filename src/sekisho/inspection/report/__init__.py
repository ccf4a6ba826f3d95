"""The answer, told: as text, as JSON, as SARIF. Everything a stranger wrote is escaped first."""

from sekisho.inspection.rules import ALL

RULES = {rule.id: rule for rule in ALL}
"""Every rule by its id."""
