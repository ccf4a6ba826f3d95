"""JavaScript's text before and after parsing: what the grammar does not know, and escapes."""

import re

_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([0-7]{1,3})|(\r\n|.))", re.DOTALL
)
_VARIANCE = re.compile(r"(?<=[<,\n\t ])(?:in[ \t]+out|in|out)[ \t]+(?=\w+[ \t]+extends\b)")
"""TypeScript 4.7's annotations of type parameters, which the grammar does not know. Types run nothing."""

_TYPE_NAME = re.compile(r"(?<=[(<,|&\s\[])type(?=\s+(?:extends|in\s+keyof)\b)")
"""A type parameter or key called `type`, where the grammar expects a declaration."""

_IMPORTED_TYPE = re.compile(r"(?<=: )import\((?:'[^'\n]*'|\"[^\"\n]*\")\)(?=(?:\.\w+)+\[\])")
"""`x: import('./y').Z[]`: an array of an imported type. Empty brackets stand in no expression."""

_RESERVED_ALIAS = re.compile(
    r"(?<=\bas )(?:delete|new|in|import|function|class|void|typeof|with|var|export|enum)(?=\s*[,}])"
)
"""`export { remove as delete }`, which the grammar does not know."""

_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_SATISFIES = re.compile(r"(?<=\b(?:let|var) )satisfies(?=\s*[:=])|(?<=\bconst )satisfies(?=\s*[:=])")
"""A variable called by the name of an operator: with an escape it is the same name."""

_EXPORTED_TYPES = re.compile(r"(?<=\bexport )type(?= \*)")
"""`export type * from './x'` (TypeScript 5.0): read as if it were more than types."""

_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


def parseable(source: str, dialect: str) -> str:
    """The source in words that the grammar knows, every line where it was. `dialect` as for `lower_javascript`."""
    if dialect != "javascript":
        source = _VARIANCE.sub(lambda match: " " * len(match[0]), source)
        source = _SATISFIES.sub(r"\\u0073atisfies", source)
        source = _EXPORTED_TYPES.sub("    ", source)
        source = _IMPORTED_TYPE.sub("imported", _TYPE_NAME.sub("Type", source))
    return _RESERVED_ALIAS.sub(lambda match: match[0].capitalize(), source)


def unescape(text: str) -> str:
    """The text that a string literal's inside stands for."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_escaped, _PAIR.sub(lambda pair: chr(_joined(pair)), text) if "\\u" in text else text)


def _joined(pair: re.Match[str]) -> int:
    """The letter that two halves of UTF-16 are."""
    return 0x10000 + ((int(pair[1], 16) - 0xD800) << 10) + int(pair[2], 16) - 0xDC00


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else "\ufffd"
    if match[4]:
        return chr(int(match[4], 8))
    return _SIMPLE.get(match[5], match[5])
