"""What calls mean, told by a symbol: the dotted name a callee resolves to, without its parentheses."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.languages.ways_out import STORES


class Role(NamedTuple):
    """What a call does with its arguments."""

    source: Source | None = None
    sink: Sink | None = None
    arguments: tuple[int, ...] = ()
    """The positions that matter to the sink; none means all."""
    keywords: tuple[str, ...] = ()
    """The keywords that matter to it as well."""
    decoder: str = ""
    """How text is folded (`folding.DECODERS`); a decoder's result is `Source.DECODED`."""
    special: str = ""
    """A name the engine handles by itself."""


_SENDS = re.compile(
    r"(?i:(?!create_?(?:client|transport|engine|connection|session|pool|logger|app|server|instance|test_?account))"
    r"(?:send|reply|post|put|fput|upload|publish|produce|create|insert|update|upsert|capture|emit|track|push|write"
    r"|append_?rows?|add_?doc"
    r"|stor(?:binary|lines)|execute$|request|query$|mutate|notify|message|chat_|files_|identify|trigger|invoke|dispatch"
    r"|[lr]push|[hs]add$|xadd|single$|multiple$|set(?:$|_?(?:context|extra|tag|user|doc|data))))"
    r"|(?!get|list|read|on|is|has|abort|cancel|delete|complete)[a-z]+"
    r"(?:_(?:send|upload|post|put|publish)|(?:Send|Upload|Post|Put|Publish)(?![a-z]))"
)
"""Names of calls that hand something over, by their first word (`sendMail`) or a later one (`filesUpload`)."""
FILES = re.compile(r"upload|file|document|photo|put|stor|attach|media|asset", re.IGNORECASE)

SENDING = Role(sink=Sink.SEND, special="outlet")
KEEPING = Role(sink=Sink.SEND, special="outlet to a store")
UPLOADING = Role(sink=Sink.SEND, special="outlet of files")
OUTLETS = frozenset({SENDING.special, UPLOADING.special})


ANY = "*"
"""In a family: any other name under it."""

OPENS = Role(sink=Sink.SEND, arguments=(0,), special="opens")
"""A browser is led to an address."""

PUSHES = Role(sink=Sink.SEND, special="push")
"""A folder is put where others read it, with whatever was written there."""

VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "request", "fetch", "download", "stream", "urlopen",
                   "getJSON", "get_json", "fetchJson", "fetch_json", "post_json", "postJson"})  # fmt: skip
"""Names by which a client of any make asks a server, whose address is their first argument."""


class Knowledge(NamedTuple):
    """One language's calls. `roles` by whole symbol; `families` by a root module and the last name under it."""

    language: str
    roles: Mapping[str, Role]
    families: Mapping[str, Mapping[str, Role]]
    methods: Mapping[str, Role]
    """Methods of any value, by name."""
    builtins: frozenset[str]
    """Names that mean something when nothing local has them, and the prefix they get."""
    prefix: str
    homes: frozenset[str]
    """Calls and values that are the user's home folder."""
    environment: frozenset[str]
    """The whole process environment."""
    dangerous_roots: frozenset[str]
    """Modules of which an unknown member may be anything."""
    machine: Mapping[str, str]
    """Values that tell which machine this is, and what they tell: `which system` or `whose machine`."""
    outlets: frozenset[str]
    """Libraries whose calls hand what they are given to somebody's service (`outlet`)."""

    def role(self, symbol: str) -> Role | None:
        """What this symbol does when called."""
        found = self.roles.get(symbol)
        if found is not None:
            return found
        root, _, rest = symbol.partition(".")
        if rest == root:  # `import { got } from "got"`
            return self.roles.get(root)
        last = rest.rpartition(".")[2] or root
        inner, _, member = rest.partition(".")
        for family in (self.families.get(root), self.families.get(f"{root}.{inner}") if rest else None):
            known = None if family is None else family.get(last) or (family.get(ANY) if member else None)
            if known is not None:
                return known
        return self._outlet(symbol)

    def _outlet(self, symbol: str) -> Role | None:
        """What a call of such a library does, by the name of the call; opening a connection sends nothing."""
        root, _, rest = symbol.partition(".")
        package = root if root[:1] == "@" else root.partition("/")[0]
        kept = package in STORES
        if not kept and package not in self.outlets and f"{root}.{rest.partition('.')[0]}" not in self.outlets:
            return None
        last = rest.rpartition(".")[2]
        if not last or last[0].isupper() or not _SENDS.match(last):
            return None
        if kept:
            return KEEPING
        return UPLOADING if FILES.search(last) else SENDING


WHICH, WHOSE, CLOCK = "which system", "whose machine", "the date"
"""What a program may ask of the machine before it decides what to do."""

_FACTS = (
    (": robot", re.compile(r"webdriver")),
    (": host", re.compile(r"host|fqdn|node$|COMPUTERNAME", re.IGNORECASE)),
    (": user", re.compile(r"user|login", re.IGNORECASE)),
    (": network", re.compile(r"network|servers|getnode|addrs", re.IGNORECASE)),
)


def fact(symbol: str) -> str:
    """What a value that says whose machine this is says of it."""
    name = re.split(r"[.:]", symbol)[-1]
    return next((kind for kind, names in _FACTS if names.search(name)), "")


NET = Role(source=Source.NET, sink=Sink.SEND)
LOOKUP = Role(sink=Sink.SEND, special="lookup")
"""A name is looked up: whoever answers for the names below it is told them."""

RUNS = Role(sink=Sink.CODE, arguments=(0,))


def same(role: Role, *names: str) -> dict[str, Role]:
    """One role for many names."""
    return dict.fromkeys(names, role)


MEANT = {
    Sink.SEND: frozenset({Source.SECRET, Source.MACHINE}),
    Sink.UPLOAD: frozenset({Source.WHERE}),
    Sink.FROM_HOME: frozenset({Source.WHERE}),
    Sink.MADE: frozenset({Source.SECRET, Source.MACHINE}),
    Sink.ASIDE: frozenset({Source.SECRET}),
    Sink.RENAMED: frozenset({Source.SECRET}),
    Sink.LEAD: frozenset({Source.NET}),
    Sink.NAMED: frozenset({Source.SECRET, Source.MACHINE}),
    Sink.SAVED: frozenset(),
    Sink.CODE: frozenset({Source.NET, Source.DECODED, Source.FILE}),
    Sink.UNKNOWN: frozenset({Source.NET, Source.DECODED}),
    Sink.COMMAND: frozenset({Source.NET, Source.DECODED, Source.FILE}),
    Sink.WORDS: frozenset({Source.NET, Source.DECODED}),
    Sink.LINE: frozenset({Source.NET, Source.DECODED}),
    Sink.DESERIALISE: frozenset({Source.NET, Source.DECODED, Source.FILE}),
    Sink.OLDER: frozenset({Source.NET, Source.FILE}),
    Sink.TEMPLATE: frozenset({Source.NET, Source.FILE}),
    Sink.LOAD: frozenset({Source.NET, Source.DECODED}),
}
"""Which sources mean something at a sink."""

GLOBALS = {"window": "global", "self": "global", "globalThis": "global", "global": "global", "process": "process",
            "module": "module", "exports": "module.exports", "__builtins__": "builtins", "jQuery": "$", "$": "$",
            "CryptoJS": "CryptoJS"}  # fmt: skip
FAR = frozenset({Source.NET, Source.DECODED, Source.SECRET})
NAMESPACES = {"builtins.globals", "builtins.locals", "builtins.vars"}
PROGRAMS = {"sys.executable": "python", "process.execPath": "node", "process.argv0": "node",
            **dict.fromkeys(("builtins.__file__", "global.__dirname", "global.__filename", "global.import.meta.dirname",
                             "global.import.meta.filename"), ".")}  # fmt: skip
"""Names that stand for one text: an interpreter, or (`.`) the folder of the program itself."""
STORED = "a store of the project's own"
"""The detail of what a database, a cache or a storage answers: whoever writes there says what it is."""

OF_CALLERS = frozenset({"__main__.__file__", "global.require.main.filename", "module.parent.filename"})
"""Where the program lies that loaded this one."""

VISITOR = "a visitor of its own server"
"""The detail of what somebody asks the program's own server."""

INDIRECT = frozenset({STORED, VISITOR})
"""Where a program that means no harm may be careless."""

SAVED = "saved where this path leads"
"""The detail of a file that another part of the program has fetched, as it fetches data sets."""

QUEUED = "messages of a queue elsewhere"
"""The detail of what a worker is sent by a queue whose address stands in its settings."""

WAITING = "an interpreter that waits for code"
"""The symbol of a process that runs what it is sent."""

SCRIPT_ELEMENT = "a script of a page"
"""The symbol of an element whose text is run once it stands in a page."""

COLLECTIONS = frozenset({"global.Map", "global.Set", "global.WeakMap", "global.WeakSet"})
"""Objects that give back whatever they were given."""

RUNNERS = frozenset({Sink.CODE, Sink.SCRIPT, Sink.COMMAND, Sink.DESERIALISE})
"""Ends of functions that run what they are given: handed to another with what that is to give them, they run that."""

PERHAPS_FUNCTION = "global.Function?"
"""The symbol of the maker of something that is a function only for some who call."""

ADDS: Mapping[str, frozenset[str]] = {
    "python": frozenset({"append", "appendleft", "extend", "insert", "add", "update", "add_field", "attach", "writestr",
                         "add_header", "add_unredirected_header",
                         "put", "put_nowait", "set_content", "set_payload", "add_attachment", "add_file",
                         "add_embed"}),
    "javascript": frozenset({"push", "unshift", "append", "set", "add", "addFile", "enqueue"}),
}  # fmt: skip
"""Methods that put a value into what they are called on, by language."""
