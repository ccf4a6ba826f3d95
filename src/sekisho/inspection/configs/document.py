"""JSON with comments, TOML, YAML and ini as one kind of tree, with lines; nothing is constructed from any of them."""

import re
import tomllib
import xml.parsers.expat
from collections.abc import Iterator
from typing import NamedTuple

import yaml

from sekisho.errors import SekishoError

_DEPTH = 100
_NODES = 200_000
_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|[{}\[\]:,]|//[^\n]*|/\*.*?\*/|[^\s{}\[\]:,"\'/]+|/', re.DOTALL
)
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class MalformedDocument(SekishoError):
    """A configuration file that cannot be read as what it claims to be."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(f"a configuration file that cannot be read: {why}")
        self.why, self.line = why, line


class Node(NamedTuple):
    """A value at a line: text (also numbers and booleans), or the members of an object, or the items of a list.

    Keys may repeat: readers differ on which counts, so all are kept.
    """

    line: int
    text: str = ""
    members: tuple[tuple[str, "Node"], ...] = ()
    items: tuple["Node", ...] = ()
    scalar: bool = False

    def every(self, *keys: str) -> Iterator["Node"]:
        """All values at a path of keys."""
        if not keys:
            yield self
            return
        for key, value in self.members:
            if key == keys[0]:
                yield from value.every(*keys[1:])

    def first(self, *keys: str) -> "Node":
        """The first value at a path of keys, or an empty one."""
        return next(self.every(*keys), Node(self.line))

    def texts(self) -> Iterator["Node"]:
        """All scalars in it, however deep."""
        stack = [self]
        while stack:
            node = stack.pop()
            if node.scalar:
                yield node
            stack.extend(reversed([*node.items, *(value for _, value in node.members)]))


def read_json(text: str, *, broken: bool = False) -> Node:
    """JSON, with comments, trailing commas and single quotes let pass. `broken`: with marks missing as well, as editors
    read it that are written for what is just being typed. Raises MalformedDocument.
    """
    return _Json(text, broken=broken).read()


class _Json:
    def __init__(self, text: str, *, broken: bool) -> None:
        self.broken = broken
        self.tokens: list[tuple[str, int]] = []
        line, at = 1, 0
        for match in _TOKEN.finditer(text):
            line += text.count("\n", at, match.start())
            at = match.start()
            token = match[0]
            if not token.startswith(("//", "/*")):
                self.tokens.append((token, line))
            if len(self.tokens) > 4 * _NODES:
                raise MalformedDocument("too long to be read", line)
        self.tokens.append(("", line))
        self.at = 0

    def read(self) -> Node:
        node = self._value(0)
        if self.tokens[self.at][0] and not self.broken:
            raise MalformedDocument("something follows its end", self.tokens[self.at][1])
        return node

    def _next(self) -> tuple[str, int]:
        token = self.tokens[self.at]
        if token[0]:
            self.at += 1
        return token

    def _value(self, depth: int) -> Node:
        mark, line = self._next()
        if depth > _DEPTH:
            raise MalformedDocument("nested too deep", line)
        if mark == "{":
            return self._object(line, depth)
        if mark == "[":
            items = []
            while self.tokens[self.at][0] not in {"]", ""}:
                items.append(self._value(depth + 1))
                if self.tokens[self.at][0] == ",":
                    self._next()
                elif self.tokens[self.at][0] != "]" and not self.broken:
                    raise MalformedDocument("a list without a comma", self.tokens[self.at][1])
            self._expect("]")
            return Node(line, items=tuple(items))
        if mark in {"", "}", "]", ":", ","} and not self.broken:
            raise MalformedDocument("a value is missing", line)
        return Node(line, unquote(mark), scalar=True)

    def _object(self, line: int, depth: int) -> Node:
        members = []
        while self.tokens[self.at][0] not in {"}", ""}:
            key, _ = self._next()
            self._expect(":")
            members.append((unquote(key), self._value(depth + 1)))
            if self.tokens[self.at][0] == ",":
                self._next()
            elif self.tokens[self.at][0] != "}" and not self.broken:
                raise MalformedDocument("an object without a comma", self.tokens[self.at][1])
        self._expect("}")
        return Node(line, members=tuple(members))

    def _expect(self, what: str) -> None:
        mark, line = self.tokens[self.at]
        if mark == what:
            self.at += 1
        elif not self.broken:
            raise MalformedDocument(f"a {what} is missing", line)


def unquote(token: str) -> str:
    """A JSON string without quotes and escapes; anything else as it stands."""
    if token[:1] not in "\"'" or len(token) < 2:
        return token
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else _LETTERS.get(m[2], m[2]), token[1:-1])


def read_yaml(text: str) -> tuple[Node, ...]:
    """The documents of a YAML file: composed, never constructed; tags stand before the text as `!tag text`.

    Raises MalformedDocument, also for aliases of which it would take too many to write out.
    """
    if text.count("*") > 2000 or max(map(len, text.split("\n")), default=0) > 1_000_000:
        raise MalformedDocument("too many aliases, or lines too long")
    try:
        last = text.count("\n") + text.count("\r") + 1
        made = [_from_yaml(node, last) for node in yaml.compose_all(text, Loader=_yaml_loader())]
    except (yaml.YAMLError, RecursionError, ValueError, TypeError, IndexError, AttributeError) as why:
        line = getattr(getattr(why, "problem_mark", None), "line", -1) + 1
        raise MalformedDocument("YAML that does not parse", line) from why
    return tuple(made)


def _yaml_loader() -> type[yaml.SafeLoader]:
    found: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return found


def _from_yaml(root: yaml.Node, last: int) -> Node:
    """`last`: the last line; what is left out at the end is said to stand below it."""
    count = 0

    def convert(node: yaml.Node, depth: int) -> Node:
        nonlocal count
        count += 1
        line = min(node.start_mark.line + 1, last) if node.start_mark else 0
        if depth > _DEPTH or count > _NODES:
            raise MalformedDocument("nested too deep, or aliases without end", line)
        if isinstance(node, yaml.ScalarNode):
            tag = node.tag if node.tag.startswith(("tag:yaml.org,2002:python/", "!")) else ""
            line = min(line + 1, last) if node.style in {"|", ">"} and node.value else line
            return Node(line, f"{tag} {node.value}".strip() if tag else str(node.value), scalar=True)
        extra: tuple[tuple[str, Node], ...] = ()
        if node.tag.startswith("tag:yaml.org,2002:python/"):
            extra = (("\0tag", Node(line, node.tag, scalar=True)),)
        if isinstance(node, yaml.SequenceNode):
            return Node(line, members=extra, items=tuple(convert(each, depth + 1) for each in node.value))
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        members = tuple((str(getattr(key, "value", "")), convert(value, depth + 1)) for key, value in pairs)
        return Node(line, members=(*extra, *members))

    return convert(root, 0)


def read_toml(text: str) -> Node:
    """A TOML file; lines are those where a key's last name first stands. Raises MalformedDocument."""
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as why:
        raise MalformedDocument("TOML that does not parse") from why
    places: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for word in re.findall(r"[\w.-]+", line[:1000]):
            places.setdefault(word, number)
            places.setdefault(word.rpartition(".")[2], number)
    return _from_toml(found, 1, places, 0)


def _from_toml(value: object, line: int, places: dict[str, int], depth: int) -> Node:
    if depth > _DEPTH:
        raise MalformedDocument("nested too deep", line)
    if isinstance(value, dict):
        members = ((str(k), _from_toml(v, places.get(str(k), line), places, depth + 1)) for k, v in value.items())
        return Node(line, members=tuple(members))
    if isinstance(value, list):
        return Node(line, items=tuple(_from_toml(each, line, places, depth + 1) for each in value))
    return Node(line, str(value), scalar=True)


def read_ini(text: str, *, nested: bool = False) -> Node:
    """An ini file (also git's) as sections of keys. What stands before the first section is in the section ``.

    Repeated sections and keys are kept. An indented line without `=` continues the value above it; if `nested`, as
    Python's own reader has it, every indented line does.
    """
    sections: list[tuple[str, int, list[tuple[str, Node]]]] = [("", 1, [])]
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        members = sections[-1][2]
        if stripped[0] == "[" and "]" in stripped:
            sections.append((stripped[1 : stripped.index("]")], number, []))
        elif line[0] in " \t" and members and (nested or not re.match(r"[\w.-]+\s*=", stripped)):
            members.append((members[-1][0], Node(number, stripped, scalar=True)))
        else:
            key, _, value = re.sub(r"\s*[=:]\s*", "=", stripped, count=1).partition("=")
            members.append((key.strip(), Node(number, value.strip(), scalar=True)))
    return Node(1, members=tuple((name, Node(line, members=tuple(members))) for name, line, members in sections))


def read_xml(text: str) -> Node:
    """An XML file: an element's attributes as `@name`, then its elements by name, in their order; and its text.

    Raises MalformedDocument, also where entities are declared: nothing here needs one.
    """
    stack: list[tuple[str, int, list[tuple[str, Node]], list[str]]] = [("", 1, [], [])]
    count = 0
    parser = xml.parsers.expat.ParserCreate()

    def start(name: str, attributes: list[str]) -> None:
        nonlocal count
        count += 1
        line = parser.CurrentLineNumber
        if len(stack) > _DEPTH or count > _NODES:
            raise MalformedDocument("nested too deep, or elements without end", line)
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        stack.append((name.rpartition(":")[2], line, [(f"@{k}", Node(line, v, scalar=True)) for k, v in pairs], []))

    def end(_: str) -> None:
        name, line, members, texts = stack.pop()
        whole = "".join(texts)
        line += len(whole[: len(whole) - len(whole.lstrip())].split("\n")) - 1
        stack[-1][2].append((name, Node(line, whole, members=tuple(members))))

    def said(data: str) -> None:
        stack[-1][3].append(data)

    def declared(*_: object) -> None:
        raise MalformedDocument("XML that declares entities", parser.CurrentLineNumber)

    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = said
    parser.EntityDeclHandler = declared
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except xml.parsers.expat.ExpatError as why:
        raise MalformedDocument("XML that does not parse", why.lineno) from why
    return Node(1, members=tuple(stack[0][2]))


def elements(root: Node) -> Iterator[tuple[str, Node]]:
    """All elements of an XML file with their names, outermost first."""
    stack = list(reversed(root.members))
    while stack:
        name, node = stack.pop()
        if not name.startswith("@"):
            yield name, node
            stack.extend(reversed(node.members))
