"""What a worker finds comes back from it whole."""

import pytest

from inspection.rules.samples import HOSTILE
from sekisho.inspection.extract import extract
from sekisho.inspection.findings import Findings
from sekisho.inspection.virtual import VirtualFile
from sekisho.inspection.wire import dump, load


@pytest.mark.parametrize("rule", HOSTILE)
def test_findings_are_the_same_at_the_other_end(rule: str) -> None:
    for sample in HOSTILE[rule].values():
        for path, data in sample.files.items():
            found = extract(VirtualFile(path, data if isinstance(data, bytes) else data.encode()), {})
            assert load(Findings, dump(found)) == found
