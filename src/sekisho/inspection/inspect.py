"""The front door of this room: a path in, an answer out. Nothing of the input is executed, imported or written."""

import os
from pathlib import Path

from sekisho.inspection.intake.gather import Intake, gather, gather_bytes
from sekisho.inspection.judge import Inspection, judge
from sekisho.inspection.link import link
from sekisho.inspection.pool import pool
from sekisho.inspection.virtual import Limits


def inspect(path: Path, *, workers: int | None = None, limits: Limits | None = None) -> Inspection:
    """Inspect a folder, file or archive. Raises UnjudgeableInput."""
    return inspect_intake(gather(path, limits), workers)


def inspect_bytes(name: str, data: bytes, *, workers: int | None = None, limits: Limits | None = None) -> Inspection:
    """Inspect one file that is in memory: an upload, or what came from somewhere else."""
    return inspect_intake(gather_bytes(name, data, limits), workers)


def inspect_intake(read: Intake, workers: int | None = None) -> Inspection:
    """Inspect what was gathered already."""
    count = workers or min(4, os.cpu_count() or 1)
    with pool(max(1, min(count, len(read.files) // 4 + 1))) as readers:
        return judge(read.files, read.gaps, link(read.files, readers))
