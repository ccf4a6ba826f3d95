"""What a program does again and again, without anybody who asks for it each time."""

import re

_AGAIN = re.compile(
    r"\bwhile\s*\(?\s*(?:True|true|1|!0)\s*\)?\s*[:{;\n]|\bfor\s*\(\s*;\s*;|\bsetInterval\s*\(|\bsetIntervalAsync\s*\("
    r"|\bschedule\.(?:every|scheduleJob)\b|\bcron\.schedule\b|\bnew\s+CronJob\b|\badd_job\s*\(|\bscheduled_job\s*\("
    r"|\bthreading\.Timer\s*\(|\btasks\.loop\s*\("
)


def repeated(text: str) -> int:
    """The line, from 1, on which a source begins to do something again and again; 0 if it does not."""
    found = _AGAIN.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
