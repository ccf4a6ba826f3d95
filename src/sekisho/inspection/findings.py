"""What one file says: triggers, flows, marks, gaps, and what it hands to the files that import it.

Everything is made of strings, numbers and tuples, so that a worker can send it as JSON.
"""

from enum import StrEnum
from typing import NamedTuple

from sekisho.inspection.virtual import Gap


class Moment(StrEnum):
    """When something runs, from the soonest."""

    OPEN = "when the folder is opened in an editor or terminal"
    GIT = "when git is used in it"
    INSTALL = "when it is installed"
    START = "whenever Python starts beside it"
    BUILD = "when it is built"
    TEST = "when its tests are run"
    RUN = "when it is run"
    PUSH = "when it is pushed to a server"


class Source(StrEnum):
    """Where a value comes from."""

    NET = "network"
    DECODED = "decoded"
    FILE = "file"
    SECRET = "secret"  # noqa: S105  # a kind of source, no password
    MACHINE = "machine"
    WHERE = "where"
    """No secret, but a path or a name by which one is read."""
    SAVED = "saved"
    """A path at which something from the network was saved."""


LITERAL, BESIDE, MADE = "literal", "beside", "made here"
"""What is known of decoded text: it stands there; a scrambled constant stands in the same source; a function of the
same source made it of one."""
OWN_TEXT = "."
"""The detail of what a program reads that opens its own source."""
AS_CODE = "text, run as "
"""What stands before the language that a text is to be read as because something runs it: it stays a text."""
BYTECODE, NUMBERS = "bytecode", "numbers"
"""What is known of decoded text that stands nowhere: it was compiled code, or single letters by their numbers."""


class Sink(StrEnum):
    """Where a value ends. WORDS, LINE: as the words of a command, or as a line that is made of such, if a caller of
    the function gives a list; as COMMAND if none does. SCRIPT: as CODE by an interpreter's flag, but as LINE if a list
    is given."""

    CODE = "code"
    UNKNOWN = "unknown"
    COMMAND = "command"
    WORDS = "words"
    LINE = "line"
    SCRIPT = "script"
    DESERIALISE = "deserialise"
    OLDER = "deserialise, by a version from before it was safe"
    TEMPLATE = "template"
    LOAD = "load"
    SEND = "send"
    UPLOAD = "upload"
    """What lies at this path is sent."""
    FROM_HOME = "from home"
    """The same, of a path that begins at the user's home folder."""
    MADE = "made"
    """What is made of it is sent."""
    ASIDE = "aside"
    """It is sent where nobody looks for it (`leaving.aside`)."""
    RENAMED = "renamed"
    """It is sent as what it is not: in a field whose name does not say so."""
    LEAD = "lead"
    """A visitor of a page is led there, or shown it."""
    NAMED = "named"
    """It is a part of a name that is looked up."""
    SAVED = "saved"
    """It is a path, at which something from the network is saved."""


class Mark(StrEnum):
    """Something to be seen at one place; alone it is no chain."""

    FETCH_RUN = "fetches and runs"
    DECODE_RUN = "decodes and runs"
    DISGUISED = "runs what is no program"
    PERSIST = "stays after a restart"
    SECRET = "reads secrets"  # noqa: S105  # a kind of mark, no password
    SEND = "sends out"
    CALL_OUT = "asks the network"
    HIDE = "hides text"
    DECEIVE = "shows its reader another text"
    OBFUSCATED = "obfuscated"
    REDIRECT = "takes packages from elsewhere"
    TAG = "data that names code"
    PICKLE = "a pickle that calls functions"
    WRITTEN = "a text that holds such a pickle"
    INSTRUCT = "gives orders to tools"
    SUPPRESS = "tells scanners to look away"
    GUARD = "checks where it runs"
    LOCK = "a lock file disagrees with itself"
    LEAK = "a workflow sends its secrets"
    OBEY = "does what a server says"
    DOOR = "lets others in"
    AGENT = "starts an assistant"
    STRANGER = "runs what a stranger says"
    TAMPER = "changes what is signed or sent"
    BRINGS = "installs a package by its name"
    STOLEN = "asks for a release that was taken back"
    OLD = "asks for a version that makes code of data"
    AGAIN = "does something again and again"
    CHILD = "leaves a hidden process behind"
    UNSEEN = "starts a program without a window as it is loaded, and asks nothing of it"
    MOUNTED = "keys of the user lie at a path of a container"
    SENT_FROM = "what lies at a path is sent"
    """The detail of both is the path."""
    FORM = "asks a visitor for a password or a card"
    SURVEY = "tells a server of this machine"
    """The detail is what it tells, `surveying`'s words with commas between them."""


class Site(NamedTuple):
    """A place, and the attacker's own text there (never trusted, escaped when shown)."""

    file: str
    line: int
    text: str


OWN_PAGE = "the server of the page itself"
"""The detail of what a page asks of an address without a server: that one sent the page too."""


class Flow(NamedTuple):
    """A value that goes from a source to a sink. `part`: it is only a part of what ends there."""

    source: Source
    origin: Site
    sink: Sink
    end: Site
    part: bool
    detail: str
    """What was read (a path), where that is known."""
    unit: str


class Sight(NamedTuple):
    """A mark where it was seen. `begun`: the other line where what it is about was put, if any."""

    mark: Mark
    site: Site
    detail: str
    unit: str
    begun: tuple[Site, ...] = ()


class Use(NamedTuple):
    """Another file that this one runs, loads or imports. `how`: an interpreter, `import:python` or `import:js`."""

    how: str
    what: str
    line: int
    unit: str


PAGE = "opened in a browser"
"""By what a page runs."""


class Shown(StrEnum):
    """Whether what runs is seen by whom it runs for."""

    OPENLY = "openly"
    ON_ERROR = "if it fails"
    NEVER = "never"


class Trigger(NamedTuple):
    """Something that runs without a decision of the reader. `unit` names the facts found in its own text."""

    when: Moment
    by: str
    site: Site
    shown: Shown
    unit: str


class ParameterSink(NamedTuple):
    """Whatever is passed as this parameter ends in a sink."""

    place: int
    sink: Sink
    end: Site
    part: bool
    lying: bool = False
    """The parameter is a path, and what lies there ends in the sink."""


class Origin(NamedTuple):
    """Where a returned value came from. `parameter` is -1, or the parameter it passes on."""

    source: str
    site: Site
    part: bool
    detail: str
    parameter: int


class Export(NamedTuple):
    """What an importing file must know of one name: `value` as it stands, `returns` when called."""

    name: str
    symbols: tuple[str, ...]
    texts: tuple[str, ...]
    value: tuple[Origin, ...]
    returns: tuple[Origin, ...]
    sinks: tuple[ParameterSink, ...]


class Passed(NamedTuple):
    """A name that a module offers and has from another: `*` for all in `symbol`, which then ends in `*` too."""

    name: str
    symbol: str


class Package(NamedTuple):
    """A package of JavaScript that lies in the input, by the name others import it by, and the file they then get."""

    name: str
    entry: str


class Need(NamedTuple):
    """A dependency that lies outside the input and was not read. `origin` is empty for the usual registry; `under` is
    the name by which it is imported, if that is another."""

    name: str
    origin: str
    file: str
    line: int
    under: str = ""


class Findings(NamedTuple):
    """All that one file says."""

    language: str
    triggers: tuple[Trigger, ...] = ()
    flows: tuple[Flow, ...] = ()
    sights: tuple[Sight, ...] = ()
    gaps: tuple[Gap, ...] = ()
    uses: tuple[Use, ...] = ()
    exports: tuple[Export, ...] = ()
    needs: tuple[Need, ...] = ()
    packages: tuple[Package, ...] = ()
    passed: tuple[Passed, ...] = ()
    """The names that importing files get through it."""
    asked: tuple[str, ...] = ()
    """The names of other modules that turned up: `*` for any, `module.*` for all of one."""
    first: int = 1
    """The line on which its own text begins, after comments and empty lines."""
