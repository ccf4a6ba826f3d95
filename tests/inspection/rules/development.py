"""What the rules were written with: every hostile sample and honest twin, with its rule and what it claims."""

from inspection.rules import bundles, flowing, gathering, leaving, ordinary, telling_apart
from inspection.rules.samples import HOSTILE
from inspection.rules.twins import HONEST

CAUGHT = [
    (rule, claim, sample)
    for table in (
        HOSTILE,
        flowing.HOSTILE,
        gathering.HOSTILE,
        leaving.HOSTILE,
        ordinary.HOSTILE,
        bundles.HOSTILE,
        telling_apart.HOSTILE,
    )
    for rule, samples in table.items()
    for claim, sample in samples.items()
]
LEFT = [
    (rule, claim, files)
    for table in (
        HONEST,
        flowing.HONEST,
        gathering.HONEST,
        leaving.HONEST,
        ordinary.HONEST,
        bundles.HONEST,
        telling_apart.HONEST,
    )
    for rule, twins in table.items()
    for claim, files in twins.items()
]
