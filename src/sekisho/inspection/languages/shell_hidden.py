"""Text within a shell text that is code to somebody: spelt, encoded, or quoted in another language."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sekisho.inspection.languages.commands import READERS
from sekisho.inspection.languages.shell_words import Command

_FILE = re.compile(r"[\w$.~/-]*[./][\w$.~/-]*")
_SPELT = re.compile(r"(?:[A-Za-z0-9+/_-]{8,}={0,2}|(?:\\?x?[0-9a-fA-F]{2}[ .]?){6,})")
"""Text that a decoder takes: base64 or hex."""

_SHELL_CALL = re.compile(
    r"(?:\b(?:system|exec|shell_exec|passthru|popen)\b|do shell script)\s*\(?\s*"
    r"""(?:"((?:[^"\\]|\\.)*)"|'([^']*)')|`([^`]+)`"""
)
_BYTE = re.compile(r"\\?(?:x([0-9a-fA-F]{2})|0?([0-3][0-7]{2}))")
_SPELT_OUT = 4
"""Bytes spelt by their numbers that hide what is written."""

_LOCKED = re.compile(r"\.(?:7z|zip|rar)$")
"""Archives that may be under a pass phrase."""

_LONGEST = 20_000


def spelt_out(code: str) -> str:
    """`\\x65\\x63…` as `printf` writes it; nothing if a text is not written like that."""
    if len(code) > _LONGEST or len(_BYTE.findall(code)) < _SPELT_OUT:
        return ""
    return _BYTE.sub(lambda each: chr(int(each[1] or each[2], 16 if each[1] else 8)), code)


def unlocked(command: Command) -> tuple[str, str]:
    """The archive that `7z x -pWORD -oFOLDER` or `unzip -P WORD -d FOLDER` opens, and the folder; nothing, if the pass
    phrase does not stand there."""
    words, phrase, folder = command.words, "", ""
    if command.program == "unzip":
        flags = dict(pairwise(words))
        phrase, folder = flags.get("-P", ""), flags.get("-d", "")
    elif command.program in {"7z", "7za", "7zz"}:
        phrase, folder = (next((each[2:] for each in words[1:] if each[:2] == flag), "") for flag in ("-p", "-o"))
    archive = next((each for each in words[1:] if _LOCKED.search(each)), "")
    return (archive, folder) if phrase and "$" not in phrase else ("", "")


def shell_calls(code: str) -> Iterator[str]:
    """What code of Perl, Ruby, PHP or AppleScript gives to the shell."""
    for double, single, ticks in _SHELL_CALL.findall(code[:_LONGEST]):
        yield (double or single or ticks).replace('\\"', '"')


def hidden_in(commands: Sequence[Command]) -> str:
    """Where what is decoded lies: in a file, or `literal` if it stands in the commands themselves."""
    told = [word.strip() for each in commands for word in (*each.words, *each.within.texts)]
    spelt = any(_SPELT.fullmatch(word) and re.search(r"[A-Z0-9]", word) for word in told)
    return file_read(commands) or ("literal" if spelt else "")


def file_read(commands: Sequence[Command]) -> str:
    """The file that commands read, if one of them names it."""
    readers = [each.words for each in commands if each.program in READERS]
    read = (next((file for flag, file in pairwise(words) if flag == "-in"), words[-1]) for words in readers)
    return next((word for word in read if _FILE.fullmatch(word)), "")
