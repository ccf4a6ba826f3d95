"""From one virtual file to its findings: a pure function, run in a worker."""

import html
import re
from collections.abc import Callable, Mapping

from sekisho.inspection.classify import Class, classify, guess
from sekisho.inspection.configs import builds, containers, looking_away, manuals, notebook, packages, spoken
from sekisho.inspection.configs.document import MalformedDocument, Node, read_json, read_toml, read_yaml
from sekisho.inspection.configs.known import Reader, readers
from sekisho.inspection.findings import AS_CODE, PAGE, Export, Findings, Mark, Moment, Use
from sekisho.inspection.forms import asks_in
from sekisho.inspection.invisible import hidden
from sekisho.inspection.languages.pickles import read_pickle, written_pickles
from sekisho.inspection.languages.repeating import repeated
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.languages.shell import read_shell
from sekisho.inspection.languages.shell_windows import is_plain, started
from sekisho.inspection.languages.telling import is_watched
from sekisho.inspection.page import Page
from sekisho.inspection.prefilter import worth_reading
from sekisho.inspection.relined import relined
from sekisho.inspection.text import decode
from sekisho.inspection.virtual import Gap, VirtualFile

_SOURCES = {"python", "javascript", "typescript", "tsx", "shell"}
_LONG = 4_000_000
"""Bytes; a longer source is named as a gap, with what a search for its words says."""

_BY_LANGUAGE: Mapping[str, Reader] = {
    "make": builds.makefile,
    "docker": containers.dockerfile,
    "requirements": packages.requirements,
    "pth": packages.path_file,
    "notebook": notebook.notebook,
}
_PROTECTORS = ("pyarmor_runtime", "pytransform", "sourcedefender", "pyconcrete", "pyarmor")
"""Modules that decrypt a program while it starts."""
_TAGS = re.compile(
    r"\"class_name\": ?\"__lambda__\""
    r"|\{[{%][^{}]{0,400}?(?:__(?:globals|builtins|subclasses|import|init|class)__|\.popen\()"
    r"|!!js/function\b|tag:yaml\.org,2002:js/function\b|!!python/(?:object|name|module)|tag:yaml\.org,2002:python/(?:object|name|module)|_\$\$ND_FUNC\$\$_"
)
_HDF = b"\x89HDF\r\n"
_LAMBDA = re.compile(rb'"class_name": ?"(?:Lambda|__lambda__)"')
"""A layer of a Keras model that is code of its maker's: bytecode, run when the model is loaded (CVE-2024-3660)."""

_OBFUSCATED = re.compile(r"\b_0x[0-9a-f]{4,6}\b")
_SIGNS = re.compile(r"[\[\]()!+{}]{200}|=~\[\];\s*[$\w]+\s*=\s*\{_{3}|\uff9f\u03c9\uff9f\uff89\s*=")
"""JSFuck, jjencode, aaencode: programs in half a dozen signs."""

_PACKED = re.compile(r"\beval\(function\(p,\s?a,\s?c,\s?k,\s?e,\s?[dr]\)")
_SCRIPTED = re.compile(r"\b(?:eval|Function|atob|fetch|import)\s*\(")
_HANDLER = re.compile(
    r"""\son[a-z]{3,20}\s*=\s*(?:"([^"]{4,4000})"|'([^']{4,4000})')|=\s*(?:"javascript:([^"]{4,4000})"|'javascript:([^']{4,4000})')""",
    re.IGNORECASE,
)
_REMOTE_EVAL = re.compile(
    r"\b(?:eval|assert|instance_eval|class_eval|load(?:string)?|include|require)\b\W{0,4}.{0,80}?(?:(?:file_get_contents|URI\.open"
    r"|open|get|HTTP\.\w+|fopen)\s*\(?\s*[\"']https?:|Net::HTTP|io\.popen\s*\(?\s*[\"'](?:curl|wget)|curl_exec|LWP::)"
    r"|\b(?:include|require)(?:_once)?\s*\(?\s*[\"']https?:"
)
_DECODED_EVAL = re.compile(
    r"\b(?:eval|assert|instance_eval|create_function|load)\b\W{0,4}.{0,60}?(?:base64_decode|gzinflate|str_rot13|hex2bin"
    r"|decode64|unpack\(\s*[\"']m|pack\s*\(\s*[\"']H)"
)
"""Idioms of PHP, Ruby, Perl and Lua: what a server says, or what was hidden, is run."""

_UNQUOTED = str.maketrans("[]", "  ")
"""Quotes of M4's, which mean something else to a shell."""

_STARTER = re.compile(
    r"exec\.Command|Command::new|Process\.Start|ProcessStartInfo|\.exec\(|ProcessBuilder|\bsystem\s*\(|\bp?open2?3?\s*\("
    r"|shell_exec|passthru|os\.execute|vm\.ffi|NSTask|Process\(\)"
)
_NEAR = 4
"""Lines around a command that stands as text, within which something starts it."""

_TEXTS = re.compile(r'"((?:[^"\\]|\\.){8,2000})"|\'([^\'\n]{8,2000})\'')
_SPOKEN = re.compile(r"(?:curl|wget|bash|sh|powershell(?:\.exe)?|iwr|base64|echo \S{8,} \|)\s")
_SCRIPT = re.compile(r"<script\b([^>]{0,500})>", re.IGNORECASE)


def extract(file: VirtualFile, imported: Mapping[str, Export], language: str = "") -> Findings:
    """Everything one file says. `imported` is what is known of the names it imports; `language` overrides its own, or
    says what it is run as (`AS_CODE`)."""
    found = classify(file)
    known = found.language.startswith("opaque:") or (language == "guess" and found.language.startswith("foreign:"))
    if language and not known and not language.startswith(AS_CODE):
        found = Class(language if language != "guess" else guess(file.data) or found.language, found.disguised)
    if found.language == "pickle":
        return _pickle(file)
    if not _is_text(found.language):
        return _closed(file, found.language)
    decoded = decode(file.data, python=found.language == "python")
    page = Page(file.path, decoded.text, imported)
    if found.disguised:
        page.see(Mark.DISGUISED, 1, f"{found.language} under the name of something else")
    if decoded.odd and found.language in _SOURCES:
        page.see(Mark.DECEIVE if decoded.surely else Mark.HIDE, 1, decoded.odd)
    _whole(page, found.language, len(file.data))
    if language.startswith(AS_CODE):
        _program(page, language.removeprefix(AS_CODE), len(file.data))
    for reader in readers(file.path):
        _try(page, reader)
    if found.language.startswith("foreign:"):
        _quoted(page, found.language)
    by_language = _BY_LANGUAGE.get(found.language)
    if by_language is not None:
        _try(page, by_language)
    _hidden(page, found.language)
    plain = found.language == "foreign:Windows batch" and is_plain(page.lines)
    findings = page.findings("batch" if plain else found.language)
    return relined(findings, file.path, decoded.lines) if decoded.lines else findings


def _is_text(language: str) -> bool:
    return not language.startswith("opaque:") and language not in {"data", "archive", "link", "special", "empty"}


def _try(page: Page, reader: Reader) -> None:
    try:
        reader(page)
    except MalformedDocument as why:
        page.gap(why.line, why.why)


def _whole(page: Page, language: str, size: int) -> None:
    """What is looked for in every text, and the program if it is one."""
    spoken.orders(page)
    asks = asks_in(page.text) if language in {"html", "javascript", "typescript", "tsx"} else 0
    if asks:
        page.see(Mark.FORM, asks)
    if language in _SOURCES:
        looking_away.words(page)
        _scrambled(page)
        _program(page, language, size)
    elif language == "html":
        _scripts(page)
        manuals.unseen_words(page)
    elif language == "text":
        manuals.unseen_words(page)
        _written(page)
        if page.name.endswith(".svg"):
            _scripts(page)
    elif language in {"yaml", "json", "toml"}:
        _tags(page)
        _written(page)
        if size <= _LONG and re.search(r"(?:^|/)\.(?!git/)[^/]+/", page.path):
            _parses(page, language)


def _hidden(page: Page, language: str) -> None:
    """What a reader would not see; in configuration that starts something it counts as in a program."""
    starts = bool(page.triggers) and language not in {"text", "notebook", *_SOURCES}
    for line, why, surely in hidden(page.text, source=language in _SOURCES or starts):
        page.see(Mark.DECEIVE if surely else Mark.HIDE, line, why, page.triggers[0].unit if starts else "")


def _program(page: Page, language: str, size: int) -> None:
    if size > _LONG:
        page.gap(0, f"a source of {size} bytes, too long to be read as code")
    elif language == "shell" or page.imported or worth_reading(page.text.encode("utf-8", "replace"), language):
        page.code(Embedded(language, page.text, 1), "", lambda line: line)
    else:
        page.imports_only(language)
    watches = any(sight.mark is Mark.SECRET and is_watched(sight.detail) for sight in page.sights)
    again = repeated(page.text) if watches else 0
    if again:
        page.see(Mark.AGAIN, again)
    for use in sorted(page.uses):
        if use.how == "import:python" and use.what.lstrip(".").partition(".")[0].startswith(_PROTECTORS):
            call = (n for n, line in enumerate(page.lines, 1) if "__pyarmor__(" in line)
            page.gap(next(call, use.line), f"made unreadable by a protector ({use.what}): it was not read")


def _quoted(page: Page, language: str) -> None:
    """Commands for the shell that stand as texts in a language which is not read; in Windows' own, its idioms."""
    if language in {"foreign:PowerShell", "foreign:Windows batch", "foreign:VBScript", "foreign:M4"}:
        text = page.text[:200_000]
        script = read_shell(text.translate(_UNQUOTED) if language == "foreign:M4" else text, page.site, "")
        page.sights.update(
            each for each in script.sights if each.mark in {Mark.FETCH_RUN, Mark.DECODE_RUN, Mark.PERSIST}
        )
        page.uses.update(use for use in script.uses if use.how == "library")
        if language == "foreign:Windows batch":
            page.uses.update(Use("load", file, line, "") for line, file in started(page.lines))
        return
    for number, line in enumerate(page.lines, 1):
        if _REMOTE_EVAL.search(line[:2000]):
            page.see(Mark.FETCH_RUN, number, "what a server says is run")
        if _DECODED_EVAL.search(line[:2000]):
            page.see(Mark.DECODE_RUN, number, "literal")
    for number, line in enumerate(page.lines, 1) if _SPOKEN.search(page.text) else ():
        for text in (a or b for a, b in _TEXTS.findall(line[:5000])):
            if _SPOKEN.match(text):
                around = "\n".join(page.lines[max(0, number - _NEAR) : number + _NEAR])
                asks = any(s.mark is Mark.FETCH_RUN for s in read_shell(text, page.site, "").sights)
                if asks and _STARTER.search(around):
                    page.see(Mark.FETCH_RUN, number, "what a server says is run")
                page.code(Embedded("shell", text.replace('\\"', '"'), number), "", _at(number))


def _at(line: int) -> Callable[[int], int]:
    return lambda _: line


def _written(page: Page) -> None:
    """Pickles that stand in a text: what such a text is for is told by whoever loads it."""
    for place, call in written_pickles(page.text):
        page.see(Mark.WRITTEN, page.text.count("\n", 0, place) + 1, call.replace(" ", "."))


def _tags(page: Page) -> None:
    """Data that names code."""
    for number, line in enumerate(page.lines, 1) if _TAGS.search(page.text) else ():
        tag = _TAGS.search(line)
        if tag:
            page.see(Mark.TAG, number, tag[0])


def _parses(page: Page, language: str) -> None:
    """Configuration in a hidden folder must at least be readable: tools differ in how lenient they are."""
    readers: Mapping[str, Callable[[str], Node | tuple[Node, ...]]] = {
        "json": read_json, "yaml": read_yaml, "toml": read_toml,
    }  # fmt: skip
    try:
        readers[language](page.text)
    except MalformedDocument as why:
        page.gap(why.line, why.why)


def _scrambled(page: Page) -> None:
    """What obfuscators leave behind."""
    packed = _PACKED.search(page.text[:2_000_000]) if "eval(function(" in page.text else None
    if packed:
        page.see(
            Mark.OBFUSCATED, page.text.count("\n", 0, packed.start()) + 1, "a program packed into a table of words"
        )
    names = _OBFUSCATED.findall(page.text[:2_000_000]) if "_0x" in page.text else []
    if len(names) >= 20 and len(set(names)) >= 5:
        first = next(n for n, each in enumerate(page.lines, 1) if _OBFUSCATED.search(each))
        page.see(Mark.OBFUSCATED, first, f"{len(names)} names such as {names[0]}")
    signs = _SIGNS.search(page.text[:2_000_000])
    if signs:
        line = page.text.count("\n", 0, signs.start()) + 1
        page.see(Mark.OBFUSCATED, line, "a program written in signs, without a letter")


def _scripts(page: Page) -> None:
    """The scripts within a page."""
    at = 0
    for match in _SCRIPT.finditer(page.text):
        end = page.text.lower().find("</script", match.end())
        if match.start() < at or end < 0:
            continue
        at = end
        named = re.search(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", match[1])
        if named and "//" not in named[1]:
            page.uses.add(Use("load", named[1].partition("?")[0], page.text.count("\n", 0, match.start()) + 1, ""))
        kind = re.search(r"""\btype\s*=\s*["']?([\w/+-]+)""", match[1])
        lang = "typescript" if re.search(r"""lang\s*=\s*["']ts""", match[1]) else "javascript"
        if kind and not re.search(r"javascript|module|babel|ecmascript", kind[1]):
            continue
        first = page.text.count("\n", 0, match.end()) + 1
        page.code(Embedded(lang, page.text[match.end() : end], first), "", _after(first))
    for match in _HANDLER.finditer(page.text) if _SCRIPTED.search(page.text) else ():
        first = page.text.count("\n", 0, match.start()) + 1
        code = html.unescape(match[1] or match[2] or match[3] or match[4] or "")
        page.code(Embedded("javascript", code, first), "", _after(first))
    if _SCRIPT.search(page.text) and page.name == "index.html":
        page.trigger(Moment.RUN, PAGE, 1, page.path, whole=True)


def _after(first: int) -> Callable[[int], int]:
    return lambda number: first + number - 1


def _closed(file: VirtualFile, language: str) -> Findings:
    """A file that is no text. A Keras model in HDF5 holds its layers as JSON; Visual Studio makes objects of its `.suo`
    when a solution is opened."""
    page = Page(file.path, "", {})
    if page.name.endswith(".suo"):
        page.trigger(Moment.OPEN, "Visual Studio (.suo, its own settings of a solution)", 0, file.path, whole=True)
        page.gap(0, "objects that opening the solution makes: they were not read")
        return page.findings(language)
    if not file.data.startswith(_HDF):
        return Findings(language)
    if _LAMBDA.search(file.data):
        page.see(Mark.TAG, 0, "a Lambda layer, which is code")
    return page.findings("data")


def _pickle(file: VirtualFile) -> Findings:
    page = Page(file.path, "", {})
    header = file.data[:1].startswith(b"\x93") and file.data.partition(b"\n")[2]  # of an array
    pickled = read_pickle(header or file.data)
    for call in pickled.calls:
        page.see(Mark.PICKLE, 0, call.replace(" ", "."))
    if pickled.lost:
        page.gaps.add(Gap(file.path, 0, pickled.lost))
    return page.findings("pickle")
