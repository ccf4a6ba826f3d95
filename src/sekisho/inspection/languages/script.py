"""What was learned of one shell text."""

from dataclasses import dataclass, field

from sekisho.inspection.findings import Sight, Use
from sekisho.inspection.languages.scope import Embedded


@dataclass
class Script:
    """What a shell text does."""

    uses: list[Use] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)
