"""What the rules were written with: every hostile sample and honest twin, with its rule and what it claims."""

from inspection.rules import building, flowing, gathering, leaving, ordinary, saving
from inspection.rules.samples import HOSTILE
from inspection.rules.twins import HONEST

CAUGHT = [
    (rule, claim, sample)
    for table in (
        HOSTILE,
        building.HOSTILE,
        flowing.HOSTILE,
        gathering.HOSTILE,
        leaving.HOSTILE,
        ordinary.HOSTILE,
        saving.HOSTILE,
    )
    for rule, samples in table.items()
    for claim, sample in samples.items()
]
LEFT = [
    (rule, claim, files)
    for table in (
        HONEST,
        building.HONEST,
        flowing.HONEST,
        gathering.HONEST,
        leaving.HONEST,
        ordinary.HONEST,
        saving.HONEST,
    )
    for rule, twins in table.items()
    for claim, files in twins.items()
]
