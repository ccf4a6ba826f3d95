"""Processes that are meant to go on unseen when the program that started them has ended."""

import re

from sekisho.inspection.languages.commands import FETCHERS, program_name
from sekisho.inspection.languages.knowledge import PROGRAMS, Role
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.shell_fetched import reads_input
from sekisho.inspection.languages.shell_words import Command, Within
from sekisho.inspection.languages.values import NOTHING, Value, labels_of

_NO_WINDOW = frozenset({str(0x08000000), "0x08000000"})
_MINIMISED = re.compile(r"start\s.{0,40}?/(?:min|b)\b", re.IGNORECASE)

_NOWHERE = ("ignore", "DEVNULL")


def is_left_behind(seen: Seen) -> bool:
    """`spawn(…, {detached: true, stdio: "ignore"})`, `Popen(…, start_new_session=True, stdout=DEVNULL)`."""
    options = {key: value for each in seen.arguments for key, value in each.fields} | seen.keywords
    apart = any(_is_true(options.get(key, NOTHING)) for key in ("detached", "start_new_session"))
    apart = apart or any("DETACHED" in symbol for symbol in options.get("creationflags", NOTHING).symbols)
    quiet = [options.get(key, NOTHING) for key in ("stdio", "stdout")]
    return apart and any(_is_nowhere(value) for value in quiet)


def is_unseen(seen: Seen) -> bool:
    """`exec(line, {windowsHide: true})`, `Popen(words, creationflags=CREATE_NO_WINDOW)`, `start /min`: no window is
    shown, and nobody is given what the program says."""
    options = {key: value for each in seen.arguments for key, value in each.fields} | seen.keywords
    flags = options.get("creationflags", NOTHING)
    hides = _is_true(options.get("windowsHide", NOTHING)) or "startupinfo" in options
    hides = hides or any("NO_WINDOW" in symbol for symbol in flags.symbols) or not _NO_WINDOW.isdisjoint(flags.texts)
    hides = hides or any(_MINIMISED.match(text) for text in seen.at(0).texts)
    said = options.keys() & {"stdio", "stdout", "stderr"}
    heard = any(value.functions for value in seen.arguments) or any(not _is_nowhere(options[each]) for each in said)
    return hides and not heard


def _is_true(value: Value) -> bool:
    return any(text in {"1", "true", "True"} for text in value.texts)


def _is_nowhere(value: Value) -> bool:
    parts = (value, *value.items)
    return any(word in text for each in parts for text in (*each.texts, *each.symbols) for word in _NOWHERE)


def is_waiting(seen: Seen) -> bool:
    """Whether the program that is started runs what comes to its standard input."""
    words = [word for word in _words(seen) if word]
    return bool(words) and reads_input(Command(words, 1, Within()))


def is_downloader(seen: Seen) -> bool:
    """Whether the program that is started prints what a server says."""
    return started(seen) in FETCHERS


def started(seen: Seen) -> str:
    """The program that is started, with its folder if it is in one; nothing if that is not known."""
    word = next((word for word in _words(seen) if word), "")
    return word if "/" in word and not word.startswith(("/bin/", "/usr/")) else program_name(word)


def _words(seen: Seen) -> list[str]:
    """The words of the program that is started, as far as they are known."""
    first = seen.at(0) if seen.arguments else seen.keywords.get("args", NOTHING)
    listed = first.items or (first, *seen.at(1).items)
    words = [next((text for text in each.texts), _named(each)) for each in listed]
    return words[0].split() if len(words) == 1 else words


def _named(value: Value) -> str:
    return next((PROGRAMS[symbol] for symbol in value.symbols if symbol in PROGRAMS), "")


def as_words(role: Role, seen: Seen) -> Seen:
    """The call as one that is given a list of words, or a program and a list, however it was written.

    `execvp("sh", ["sh", "-c", text])`, `Bun.spawn({cmd: ["sh", "-c", text]})`, `new Deno.Command("sh", {args: ["-c",
    text]})`, `sh.bash("-c", text)`.
    """
    first, second = seen.at(0), seen.at(1)
    listed = next((each for each in seen.arguments[1:] if each.items), None)
    cmd, args = first.field("cmd"), second.field("args")
    given = seen.arguments
    if role.special == "program":
        words = (Value(texts=tuple(symbol.rpartition(".")[2] for symbol in seen.callee.symbols)), *seen.arguments)
        given = (Value(labels_of(*words), items=words),)
    elif cmd is not None:
        given = (cmd, *seen.arguments[1:])
    elif args is not None:
        given = (first, args, *seen.arguments[2:])
    elif listed is not None and any(symbol.startswith("os.") for symbol in seen.callee.symbols):
        given = (listed,)
    return seen if given is seen.arguments else seen.with_arguments(given)


def sent_to(seen: Seen) -> tuple[Value, ...]:
    """What is sent to a process as it is started: `run(…, input=text)`, `execSync(…, {input: text})`."""
    options = [value for each in seen.arguments for key, value in each.fields if key in {"input", "stdin"}]
    return (*options, *(seen.keywords[key] for key in ("input", "stdin") if key in seen.keywords))
