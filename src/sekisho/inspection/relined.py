"""Lines of a decoded text as lines of the file: an encoding such as UTF-7 can hide line ends within a line."""

from collections.abc import Callable, Sequence

from sekisho.inspection.findings import Findings, Site, Use
from sekisho.inspection.virtual import Gap


def relined(found: Findings, file: str, lines: Sequence[int]) -> Findings:
    """The same findings, where line `n` of `file` is `lines[n - 1]`."""

    def moved(value: object) -> object:
        if isinstance(value, Site | Gap) and value.file == file:
            return value._replace(line=_line(lines, value.line))
        if isinstance(value, Use):
            return value._replace(line=_line(lines, value.line))
        if isinstance(value, tuple):
            make: Callable[[list[object]], object] = getattr(value, "_make", tuple)
            return make([moved(each) for each in value])
        return value

    result = moved(found)
    assert isinstance(result, Findings)
    return result


def _line(lines: Sequence[int], number: int) -> int:
    return lines[number - 1] if 0 < number <= len(lines) else number
