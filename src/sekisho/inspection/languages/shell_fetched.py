"""What a shell text has fetched by the time it runs something: files, folders, and functions that print a reply."""

import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tree_sitter import Node

from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.languages.commands import FETCHERS, INTERPRETERS, SHELLS, decodes, options
from sekisho.inspection.languages.shell_hidden import hidden_in, unlocked
from sekisho.inspection.languages.shell_surveys import Surveys
from sekisho.inspection.languages.shell_words import Command, Variable, Within, descendants

_INTO = {"-o", "-O", "--output", "--output-document", "-out", "-OutFile", "-outfile", "--out"}
_FOLDERS = {"-P", "--directory-prefix", "--output-dir"}
UNPACKED = {"-d", "-C", "--directory", "--cd"}
UNPACKERS = {"unzip", "tar", "bsdtar", "7z", "7za", "7zz", "gunzip", "ditto"}
COPIES = {"cp", "mv", "install", "ln", "rename", "ren", "move", "copy", "move-item", "copy-item", "rename-item"}
_CLONERS = {"git": "clone", "hg": "clone", "svn": "checkout", "gh": "repo"}
BUILDS = {"make", "npm", "pnpm", "yarn", "bun", "pip", "uv", "cargo", "cmake", "poetry", "go"}
"""Programs that run what lies in the folder they are started in."""

_OPENERS = {
    "open",
    "xdg-open",
    "installer",
    "dpkg",
    "rpm",
    "msiexec",
    "hdiutil",
    "rundll32",
    "regsvr32",
    "wscript",
    "cscript",
    "start-process",
    "invoke-item",
}
"""Programs that start, or install, a file that they are given."""

_ANSWERS = FETCHERS | {"dig", "drill", "nslookup", "host"}
OTHERS = re.compile(r"/proc/(?!self\b|thread-self\b|\$\$)[^/\s]+/(?:environ|mem)\b")
"""Where Linux shows what other processes hold (proc(5))."""

ADDRESS = re.compile(r"(?:git\+)?(?:https?|git|ssh|ftp)://|git@[\w.-]+:|(?:github|gitlab|bitbucket|gist):[\w.-]+")
_FORGES = re.compile(
    r"(?:git\+)?(?:https?|git|ssh)://(?:[^/@]+@)?(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)[/:]"
    r"|git@(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org):"
)
_FILLED = re.compile(r"^[ \t]*\"?(?:\$\{?(\w+)|\$\(([^()\n]{1,500})\))", re.MULTILINE)
"""What a line of a here-document begins with, if that is filled in: a variable, or what a command prints."""

_INPUT = re.compile(r"/dev/(?:stdin|fd/\d+)|/proc/self/fd/\d+")
_AGAIN = ("while_statement", "for_statement", "c_style_for_statement")
_ENDLESS = re.compile(
    r"(?:while\s+(?:true|:|sleep\s+\S+|\[+\s*1\s*\]+|\(\(\s*1\s*\)\))|for\s*\(\(\s*;\s*;\s*\)\))\s*(?:;|\n|$)"
)
"""How a loop begins that nothing ends."""
_RUN_BY_ADDRESS = {"npx", "bunx", "pnpx", "uvx", "pipx", "uv", "deno", "bun", "nix"}
_INSTALLERS = {"pip", "pipenv", "poetry", "pdm", "rye", "uv", "conda", "mamba", "micromamba", "npm", "pnpm", "yarn",
               "bun", "cargo", "go", "gem", "brew"}  # fmt: skip
_BRINGS = {"install", "i", "add", "run", "dlx", "tap", "create"}
"""What has a package manager bring packages in, and so run what they begin with."""

_RUN_WORDS = {"run", "x", "dlx", "exec", "shell", "tool", "install"}


class Fetched(Surveys):
    """A shell text, and what came from the network so far."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.fetched: dict[str, int] = {}
        self.unhidden: dict[str, Variable] = {}
        """Files that hold what was decoded, and the lines that did it."""
        self.opened: dict[str, Variable] = {}
        """Folders that hold what was in archives under a pass phrase, and the lines that opened those."""
        self.folders: dict[str, int] = {}
        self.within = ""
        self.asking: set[str] = set()
        self.decoding: set[str] = set()
        self.polled: list[range] = []
        self.endless: list[range] = []

    def learn(self, root: Node) -> None:
        """Which functions of the text print what a server says, or what was hidden."""
        for function in descendants(root, "function_definition"):
            name = self.raw(function.child_by_field_name("name"))
            for command in (self.command(each) for each in descendants(function, "command")):
                if command.program in FETCHERS and not set(command.words) & _INTO:
                    self.asking.add(name)
                if decodes(command.program, command.words):
                    self.decoding.add(name)
        for kind in _AGAIN:
            for loop in descendants(root, kind):
                self._loops(loop, kind)

    def _loops(self, loop: Node, kind: str) -> None:
        """Remember a loop that asks a server again and again, or goes through the lines that one sends.

        Who tries to install something until it works leaves the loop then; who goes through names waits for nothing.
        """
        asked = [each for each in map(self.command, descendants(loop, "command")) if each.program]
        around, names = loop.parent, {each.program for each in asked}
        first = around.named_children[0] if around is not None and around.type == "pipeline" else loop
        before = [] if first == loop else list(map(self.command, descendants(first, "command")))
        sent = next((each for each in before if self.asks(each)), None)
        read = next((each.words[-1] for each in asked if each.program == "read"), "")
        if sent is not None and read:
            self.variables[read] = Variable("$_", sent.line, (sent,))
        elif "break" in names or not any(map(self.asks, asked)) or (kind == "for_statement" and "sleep" not in names):
            return
        if _ENDLESS.match(self.raw(loop)[:200]):
            self.endless.append(range(int(loop.start_point[0]) + 1, int(loop.end_point[0]) + 2))
        start = first if sent is not None else loop
        self.polled.append(range(int(start.start_point[0]) + 1, int(loop.end_point[0]) + 2))

    def obeys(self, line: int, origin: int) -> bool:
        """Whether what is run on a line was asked for on another, in a loop that asks again and again; or on the same
        one (`origin` is 0), in a loop that nothing ends."""
        if not origin:
            return any(line in lines for lines in self.endless)
        return any(line in lines and origin in lines for lines in self.polled)

    def asks(self, command: Command) -> bool:
        """Whether a command prints what a server says."""
        tied = command.program == "openssl" and "s_client" in command.words
        return command.program in _ANSWERS or command.program in self.asking or tied

    def decodes(self, command: Command) -> bool:
        """Whether a command prints what was hidden."""
        return decodes(command.program, command.words) or command.program in self.decoding

    def note_redirected(self, path: str, commands: Sequence[Command]) -> None:
        """What these commands print lies at a path from now on."""
        for command in commands:
            if any(each.program in FETCHERS for each in (command, *repeated(command))):
                self.fetched[path.removeprefix("./")] = command.line
            elif self.decodes(command):
                self._opened(path, command.line, commands)

    def filled(self, document: Node) -> Within:
        """What the lines of a here-document begin with where the shell fills something in: nothing, if its end is
        quoted."""
        within = Within()
        start, body = document.named_children[0], document.named_children[-2:-1]
        if body and not {"'", '"', "\\"}.intersection(self.raw(start)):
            for name, inner in _FILLED.findall(self.raw(body[0])):
                if name in self.variables:
                    self._variable(name, within)
                elif inner:
                    within.commands.append(Command(plain_words(inner), int(start.start_point[0]) + 1, Within()))
        return within

    def _opened(self, path: str, line: int, sources: Sequence[Command]) -> None:
        """What was hidden lies in the open at a path, which is run under its name or from its own folder."""
        for each in (path, f"./{path}"):
            self.unhidden[each] = Variable(hidden_in(sources), line, ())

    def note_fetched(self, command: Command) -> None:
        """Remember where a command puts what it fetches, unpacks, copies or clones."""
        name, words = command.program, command.words
        if self.decodes(command):  # `openssl enc -d -out file`, `xxd -r -p text file`
            for place in [*(words[at] for at in saved_at(words)), *(words[-1:] if name == "xxd" else ())]:
                self._opened(place, command.line, [command])
        if name in FETCHERS:
            self._downloaded(command)
        elif name in COPIES and len(words) > 2:
            for source in words[1:-1]:
                self._as_old(source, words[-1])
        elif name in UNPACKERS:
            self._unlocked(command)
            source = next((word for word in words[1:] if self.line_of(word)), "")
            self.note_unpacked(command, source, self.line_of(source))
        elif name in _CLONERS and _CLONERS[name] in words[1:3]:
            address = next((word for word in words if ADDRESS.match(word)), "")
            folder = words[-1] if words[-1] != address else re.split(r"[/:]", address.rstrip("/"))[-1]
            if address:
                self.folders[_plain(folder).removesuffix(".git")] = command.line
        elif name == "cd" and len(words) > 1:
            self.within = "" if words[1] in {"-", "..", "~"} else words[1].rstrip("/")

    def _unlocked(self, command: Command) -> None:
        """An archive is opened with a pass phrase that stands beside it, into a folder: only a reader of the archive is
        kept out by that."""
        archive, folder = unlocked(command)
        if archive and _plain(folder):
            where = f"{self.within}/{_plain(folder)}" if self.within else _plain(folder)
            self.opened[where] = Variable(archive, command.line, ())

    def hidden_at(self, path: str) -> Variable | None:
        """Where what lies at a path was hidden before, and the line that brought it into the open."""
        within = f"{self.within}/{_plain(path)}" if self.within else _plain(path)
        folders = (each for folder, each in self.opened.items() if within.startswith(f"{folder}/"))
        return self.unhidden.get(path) or next(folders, None)

    def note_unpacked(self, command: Command, source: str, line: int) -> None:
        """An archive that was fetched on a line is unpacked: into a folder that is named, or beside itself."""
        if line and command.program in UNPACKERS:
            told = [folder for flag, folder in pairwise(command.words) if flag in UNPACKED]
            for folder in told or [re.sub(r"\.(?:zip|7z|t[gx]z|tar(?:\.\w+)?)$", "", source)]:
                self.folders |= {_plain(folder): line} if folder.strip("./") else {}

    def line_of(self, path: str) -> int:
        """The line that fetched a path, or the folder it lies in; 0 if none did."""
        plain = _plain(path)
        for each in (plain, _plain(f"{self.within}/{plain}") if self.within else plain):
            if each in self.fetched:
                return self.fetched[each]
            for folder, line in self.folders.items():
                if each.startswith(f"{folder}/"):
                    return line
        return 0

    def runs_fetched(self, command: Command) -> int:
        """The line that fetched what a command builds, installs or runs by address; 0 if it does no such thing."""
        name, words = command.program, command.words
        if name in BUILDS and _plain(self.within) in self.folders:
            return self.folders[_plain(self.within)]
        if name in BUILDS:
            told = next((value for flag, value in pairwise(words) if flag in {"-C", "--prefix", "--dir", "-f"}), "")
            if _plain(told) in self.folders:
                return self.folders[_plain(told)]
        if name in _OPENERS:
            named = [word.partition(",")[0] for word in words[1:]] if name == "rundll32" else words[1:]
            return next((line for each in named if (line := self.line_of(each))), 0)
        addresses = [word for word in words[1:] if ADDRESS.match(word)]
        foreign = [each for each in addresses if is_foreign(each)]
        if name in _INSTALLERS and foreign and _BRINGS & set(words):
            return command.line
        runs = name not in {"uv", "deno", "bun", "nix"} or bool(_RUN_WORDS & set(words))
        return command.line if name in _RUN_BY_ADDRESS and runs and addresses else 0

    def _downloaded(self, command: Command) -> None:
        words = command.words
        places: list[str] = []
        folder = next((value for flag, value in pairwise(words) if flag in _FOLDERS), "")
        places += saved_by(words)
        remote = any(word == "--remote-name" or re.fullmatch(r"-[a-zA-Z]*O", word) for word in words)
        if command.program == "wget" or remote:
            names = [word.rstrip("/").rpartition("/")[2] for word in words if "://" in word]
            places += [f"{folder}/{name}" if folder else name for name in names]
        for place in places:
            self.fetched[_plain(place)] = command.line
            if self.within:
                self.fetched[_plain(f"{self.within}/{_plain(place)}")] = command.line

    def _as_old(self, source: str, target: str) -> None:
        line = self.line_of(source)
        if source in self.unhidden:
            self.unhidden |= {target: self.unhidden[source], f"./{target}": self.unhidden[source]}
        if line:
            self.fetched[_plain(target)] = line
            self.fetched[f"{_plain(target)}/{source.rpartition('/')[2]}"] = line


def plain_words(line: str) -> list[str]:
    """The words of a line of the shell, without their quotes."""
    return [word.strip("\"'") for word in line.split()]


def repeated(command: Command) -> list[Command]:
    """The commands whose answer is all that `echo` or `printf` prints, or begins with."""
    told = [word for word in command.words[1:] if not re.fullmatch(r"-[neE]+|--", word)]
    if command.program == "printf" and len(told) > 1 and "%" in told[0]:
        told = told[1:]
    prints = command.program in {"echo", "printf"} and bool(told) and told[0].lstrip().startswith("$_")
    return [*command.within.commands, *command.within.kept] if prints else []


def watched(words: Sequence[str]) -> str:
    """The command that `watch` starts again and again: one text for a shell, or its words."""
    at = 1
    while at < len(words) and words[at][:1] == "-":
        at += 2 if words[at] in {"-n", "-q", "--interval", "--equexit"} else 1
    return " ".join(words[at:]) if len(words) - at == 1 else shlex.join(words[at:])


def saved_at(words: Sequence[str]) -> Iterator[int]:
    """The places of the words of a downloader that say where it puts what it fetches."""
    for place, word in enumerate(words[:-1]):
        if word in _INTO or re.fullmatch(r"-[a-zA-Z]*o", word):
            yield place + 1


def saved_by(words: Sequence[str]) -> Iterator[str]:
    """Where a downloader puts what it fetches."""
    return (words[place] for place in saved_at(words))


def reads_input(command: Command) -> bool:
    """Whether an interpreter is given no file, so that it runs what comes to its standard input."""
    name, words = command.program, command.words
    if name == ".":
        return bool(words[1:2]) and bool(_INPUT.fullmatch(words[1]))
    if name not in INTERPRETERS:
        return False
    if name in SHELLS and words[-1] == "-c":  # the code comes from `xargs`
        return True
    if name in SHELLS and any(re.fullmatch(r"-[a-z]*s[a-z]*", word) for word in words[1:2]):
        return True
    _, rest = options(name, words[1:])
    told = next((word for word in rest if word == "-" or word[:1] != "-"), "-")
    return told in {"-", "/dev/stdin"} and not {"-c", "-e", "--version", "-v", "-V", "--help"} & set(words)


def _plain(path: str) -> str:
    return path.removeprefix("./").rstrip("/")
