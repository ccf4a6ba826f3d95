"""What leaves: which parts of what a way out is given are told to the other side."""

import re
from collections.abc import Iterator, Sequence

from sekisho.inspection.findings import Mark, Sink, Source
from sekisho.inspection.languages import ir, printing
from sekisho.inspection.languages.between import PASSING, told_before
from sekisho.inspection.languages.bodies import LOGINS, UNTOLD, addressed, told_at_login, told_in, told_in_headers
from sekisho.inspection.languages.commands import SHELLS, program_name
from sekisho.inspection.languages.functions import Functions
from sekisho.inspection.languages.knowledge import COLLECTIONS, FILES, OUTLETS, SENDING, UPLOADING, WHOSE, Role
from sekisho.inspection.languages.logins import authenticates
from sekisho.inspection.languages.picking import asked, kept, one_of, parts_of, picked, picks_secrets
from sekisho.inspection.languages.scope import Scope
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.sessions import is_issuer, keeps_sessions
from sekisho.inspection.languages.surveying import told_by
from sekisho.inspection.languages.telling import (
    FORM,
    LINES,
    MATERIAL,
    NAMES,
    SESSION,
    WHOLE,
    asks_for_material,
    carries,
    is_public,
    makes_material,
)
from sekisho.inspection.languages.values import (
    NOTHING,
    SPREAD,
    Label,
    Value,
    as_part,
    has_origin,
    held,
    inner,
    labels_of,
    made_of,
)

_ASKS = {"input", "prompt", "prompts", "question", "getItem", "get", "querySelector", "getElementById", "getpass",
         "ask", "text", "password", "invisible", "secret", "askstring", "showInputBox", "inputbox", "enterbox",
         "text_input"}  # fmt: skip
"""Names of functions that ask a user, a page or a store for something by its name."""

_BODIES = {"write", "end", "send", "sendall", "sendto", "sendfile", "emit", "publish", "push", "update"}
"""What sends to whom it was connected before: nothing that it is given is an address."""

_SAID = {"data", "input", "memo", "memos", "calldata"}
_OF_TRANSACTION = {"to", "programid", "program_id", "keys", "chainid", "nonce", "gas", "gaslimit", "transactiontype"}
"""Fields of a transaction, in small letters: what it says, and others by which it is one."""

_BUILT = re.compile(r"\.(?:\w*Transaction(?:Builder|Message)?|\w*FormData|EmailMessage|MIME\w+|\w*Embed|\w*Builder)$")
"""What is filled before it is sent, in libraries that ask the network."""

_FOR_OTHERS = {"publicEncrypt", "encryptWithPublicKey", "seal", "crypto_box_seal", "public_encrypt"}
_PUBLIC_KEY = re.compile(r"public_key|PublicKey|PKCS1|SealedBox|JSEncrypt|NodeRSA|node-rsa|ecies|\.RSA\.")
"""Encryption with somebody else's key, which hides a text from everybody but him."""

_PICKS = {"get", "pop", "at"}
_ENCODES = {"encode", "format", "dumps"}

_METHODS = ("headers", "common", "get", "post", "put", "patch", "delete")
"""Under which a client keeps its headers."""

_TO = {"to", "cc", "bcc", "recipients", "to_addrs", "chat_id", "chatid", "channel", "peer", "entity", "topic"}
"""Fields of a message that say who gets it, in small letters."""

_CHATS = {"chat_id", "chatid", "channel", "channel_id", "peer"}
"""Those of them by which the server of a chat is told so."""

_WEB = re.compile(r"(?:https?|wss?)://[^\0/]", re.IGNORECASE)
_LONGEST_NAME = 200
_MAILED = {"to", "cc", "bcc", "recipients", "to_addrs", "bcc_addrs"}
_MESSAGES = re.compile(r"(?:.*_)?(?:send|message|publish|post)", re.IGNORECASE)

_UNKNOWN = "$_"


class Leaving(Functions):
    """The engine, with what is sent."""

    def _record(self, expression: ir.Expression, scope: Scope) -> Value:
        """What a transaction says is there for everyone to read, for ever; who signs it stands beside it."""
        value = super()._record(expression, scope)
        names = {name.lower() for name, _ in value.fields}
        if names & _SAID and names & _OF_TRANSACTION:
            said = labels_of(*(field for name, field in value.fields if name.lower() in _SAID))
            told = frozenset(label for label in said if label.source == Source.SECRET and not label.part)
            self.matters = self.matters or bool(told)
            for sink in (Sink.SEND, Sink.ASIDE):
                self.hit(told, sink, self.site(self.line))
        return value

    def sent(self, seen: Seen) -> frozenset[Label]:
        """The labels of what a call sends, also deep in lists and objects; what authenticates it is left out."""
        values = list(seen.arguments)
        function = seen.call.function
        if isinstance(function, ir.Attribute) and function.name == "connect":  # the rest says who asks
            return labels_of(*values[:1])
        if isinstance(function, ir.Attribute) and function.name == "update":  # `session.headers.update(more)`
            return frozenset[Label]().union(*map(told_in_headers, values))
        if values and not (isinstance(function, ir.Attribute) and function.name in _BODIES):
            values[0] = addressed(values[0])
        for name, value in seen.keywords.items():
            if name == "headers":
                values.append(Value(told_in_headers(value)))
            elif name in LOGINS:
                values.append(Value(told_at_login(value)))
            elif name not in UNTOLD:
                values.append(addressed(value) if name == "url" else value)
        if not values or (isinstance(function, ir.Attribute) and function.name == "submit"):  # `form.submit(address)`
            values.append(seen.receiver)
        options = self.knowledge.language == "javascript"  # in Python they are keywords, and told by their names above
        told = frozenset[Label]().union(*(told_in(value, 0 if options else 1) for value in values))
        if any(label.detail.startswith(SESSION) for label in told) and _is_meant(seen):
            told = frozenset(label for label in told if not label.detail.startswith(SESSION))
        if any(label.detail.startswith(PASSING) for label in told) and not _is_led(seen):
            told = frozenset(label for label in told if not label.detail.startswith(PASSING))
        return told | self.bulk(seen.call.line, *inner(values))

    def aside(self, role: Role, seen: Seen) -> frozenset[Label]:
        """The labels of what a call sends where nobody looks for it: in an address, in a header that does not say who
        asks, in a message to somebody who stands in the source."""
        if role.special in OUTLETS and _is_addressed(seen):
            return self.sent(seen)
        if _names_reader(seen):  # what visitors write to a site may be meant for such a channel
            return frozenset(label for label in self.sent(seen) if label.detail != FORM)
        options = [value for value in seen.arguments if value.fields]
        places = [
            seen.at(0),
            seen.keywords.get("url", NOTHING),
            *(field for each in options if (field := each.field("url")) is not None),
        ]
        told = [addressed(each).labels for each in places if any(map(_WEB.match, each.texts))]
        headers = [seen.keywords.get("headers"), *(each.field("headers") for each in options)]
        told += [told_in_headers(each) for each in headers if each is not None]
        return frozenset[Label]().union(*told)

    def told_before(self, symbol: str, value: Value, line: int) -> None:
        """`session.headers["X-A"] = value`, `session.params = values`"""
        told = told_before(symbol)
        if told is None:
            return
        part, name = told
        for method in _METHODS if not name else ():  # `defaults.headers.common`
            value = value.field(method) or value
        if part == "headers":
            labels = told_in_headers(value if not name else Value(value.labels, fields=((name, value),)))
        else:
            labels = told_in(value, 0)
        labels = frozenset(each for each in labels | self.bulk(line, value) if not each.detail.startswith(PASSING))
        self.matters = self.matters or bool(labels)
        for sink in (Sink.SEND, Sink.ASIDE):
            self.hit(labels, sink, self.site(line))

    def adds(self, seen: Seen) -> None:
        """`list.append(value)`, `form.set(name, value)`: what is called holds it from now on."""
        place = seen.call.function
        if not isinstance(place, ir.Attribute) or not isinstance(place.base, (ir.Name, ir.Attribute)):
            return
        if any(map(authenticates, seen.at(0).texts)) and len(seen.arguments) > 1:
            return
        given = [*seen.arguments, *seen.keywords.values()]
        labels = labels_of(*given) | self.bulk(seen.call.line, *inner(given))
        if not COLLECTIONS.isdisjoint(symbol.rpartition(".")[0] for symbol in seen.callee.symbols):
            self._collected(place.base, seen, labels)
            return
        if self.knowledge.language == "javascript" and place.name not in {"push", "unshift"}:
            labels = held(labels)
        if labels and not any(self.is_elsewhere(symbol) for symbol in seen.receiver.symbols):
            self.extend(place.base, Value(as_part(labels)), seen)

    def _collected(self, place: ir.Expression, seen: Seen, labels: frozenset[Label]) -> None:
        """`map.set(name, value)`, `set.add(value)`: it gives that back as it is."""
        names = seen.at(0).texts[:4] if len(seen.arguments) > 1 else ()
        fields = tuple((name, seen.arguments[-1]) for name in sorted(names or (SPREAD,)))
        self.extend(place, Value(labels, fields=fields), seen)

    def carried(self, seen: Seen) -> frozenset[Label]:
        """The labels of what a function of which nothing is known gives: whatever went in may come out.

        What only its name tells of comes out where the function's name says that it writes it in other letters: who
        signs with a key gives no key.
        """
        function, self.line = seen.call.function, seen.call.line
        named = (symbol.rpartition(".")[2] for symbol in seen.callee.symbols)
        name = function.name if isinstance(function, ir.Attribute) else next(named, "")
        name = function.id if not name and isinstance(function, ir.Name) else name
        labels = labels_of(seen.callee, *seen.everything)
        if not carries(name):
            labels = made_of(labels)
        elif name in _PICKS and seen.arguments:
            labels = one_of(labels)
        elif len(seen.arguments) > 1 and name in _ENCODES:  # `jwt.encode(claims, key)`
            labels = labels_of(seen.callee, seen.receiver, seen.arguments[0]) | made_of(labels)
        self.matters = self.matters or (name == "encrypt" and has_origin(labels_of(*seen.arguments)))  # by whose key?
        if name in _FOR_OTHERS or (name == "encrypt" and any(map(_PUBLIC_KEY.search, seen.callee.symbols))):
            labels |= labels_of(*seen.arguments)  # the owner of the other key reads it
        if is_public(name):
            labels = frozenset(label for label in labels if label.source != Source.SECRET)
        makes = makes_material(name) or (name == "generate" and "mnemonic.Mnemonic.generate" in seen.callee.symbols)
        wanted = next(filter(asks_for_material, _questions(seen)), "") if name in _ASKS else ""
        return labels | self.by_name(MATERIAL, wanted[:60] or name) if makes or wanted else labels

    def passed_on(self, labels: frozenset[Label], function: ir.Function, *, answers: bool) -> frozenset[Label]:
        """What a function gets of a walk over the environment, if it asks the names what they are."""
        if all(label.detail not in {WHOLE, NAMES, LINES} for label in labels):
            return labels
        tests = asked(function, answers=answers)
        scope = self.scopes.get(function)
        if tests is None or scope is None:
            return labels
        values = [self.read(part, scope) for test in tests for part in parts_of(test)]
        return picked(labels) if picks_secrets(values) else kept(labels)

    def is_elsewhere(self, symbol: str) -> bool:
        """Whether a symbol is of a library that asks the network: what it is told is not what it holds."""
        if _BUILT.search(symbol):
            return False
        root = symbol.partition(".")[0]
        return symbol[0] != "<" and (root in self.knowledge.families or self.knowledge.role(symbol) is not None)

    def extend(self, place: ir.Expression, value: Value, seen: Seen) -> None:
        """What a place holds besides from now on."""
        if isinstance(place, (ir.Name, ir.Attribute, ir.Item)):
            self._assign(place, value, seen.scope, fresh=False)

    def by_command(self, seen: Seen, words: Sequence[Value], first: Value) -> frozenset[Label]:
        """The secrets that a command prints. What a command that sends is told, or what files it names hold, leaves.

        `words` are the program's and its arguments'; without them `first` is a line of shell.
        """
        found: set[Label] = set()
        folder = next((text for value in _options(seen, "cwd") for text in value.texts), "")
        for line in _lines(words, first):
            for command in line:
                detail = printing.printed(command) or printing.printed(printing.moved(command, folder))
                if detail:
                    line_of = self._stands(seen, words or (first,), longest=printing.is_assistant(command))
                    label = Label(Source.SECRET, self.site(line_of), detail=detail)
                    found.add(label)
                    self.see(Mark.SECRET, label.site.line, detail)
                    for path in printing.asked_files(" ".join(command)) if printing.is_assistant(command) else ():
                        self.note_written({path}, frozenset({label}))
                told = told_by(command)
                found |= {Label(Source.MACHINE, self.site(seen.call.line), detail=f"{WHOSE}: {each}") for each in told}
                if printing.sends(command):
                    self._sent_by(seen, command, words, first)
        return frozenset(found)

    def _sent_by(self, seen: Seen, command: list[str], words: Sequence[Value], first: Value) -> None:
        places = printing.told(command)
        given = [words[place] for place in places if place < len(words)] if words else []
        if not words and any(_UNKNOWN in command[place] for place in places):
            given = [first]
        options = next((value for value in reversed(seen.arguments) if value.field("input") is not None), NOTHING)
        given += [seen.keywords.get("input", NOTHING), options.field("input") or NOTHING]
        leaving = labels_of(*given)
        for place in places:
            for key in (command[place], command[place].rpartition("@")[2], command[place].rpartition("=")[2]):
                leaving |= self.kept(key) if len(key.strip("\0/.~$_")) > 1 else NOTHING.labels
        if printing.publishes(command):
            leaving |= self.all_written()
        self.hit(leaving, Sink.SEND, self.site(seen.call.line))

    def _stands(self, seen: Seen, words: Sequence[Value], *, longest: bool) -> int:
        """The line where the words of a command stand: its first, or its longest."""
        texts = [text for value in words for text in value.texts]
        if longest:
            texts.sort(key=len, reverse=True)
        return next((line for text in texts if (line := self.module.stands.get(text))), seen.call.line)


def _questions(seen: Seen) -> Iterator[str]:
    """What a call asks, also among the options of a form of several questions."""
    for value in inner([seen.at(0), *seen.keywords.values()]):
        yield from value.texts


def _is_led(seen: Seen) -> bool:
    """Whether a server that stands in the source is asked."""
    asked = [seen.at(0), *(field for each in seen.arguments if (field := each.field("url")))]
    return any(map(_WEB.match, (text for each in asked for text in each.texts)))


def _is_meant(seen: Seen) -> bool:
    """Whether what the user is logged in with is for whom it is told: who gave it out, the server that it names, the
    user himself, or a store of the program's own."""
    asked = [seen.at(0), *(field for each in seen.arguments if (field := each.field("url") or each.field("uri")))]
    asked += [seen.keywords.get("url", NOTHING)]
    return (
        any(is_issuer(text) or text == "me" for each in asked for text in each.texts)
        or any(label.detail.startswith(SESSION) for each in asked if each.texts for label in each.labels)
        or any(map(keeps_sessions, seen.callee.symbols))
    )


def _lines(words: Sequence[Value], first: Value) -> Iterator[list[list[str]]]:
    """The commands that are started, in each form they may have; what is unknown is `$_`."""
    if not words:
        for text in first.texts:
            yield printing.simple_commands(text.replace("\0", _UNKNOWN))
        return
    programs = [text for text in words[0].texts if "\0" not in text] or [_UNKNOWN]
    rest = [" ".join(word.texts).replace("\0", _UNKNOWN) if word.texts else _UNKNOWN for word in words[1:]]
    for program in programs:
        command = [program, *rest]
        yield [command]
        if program_name(program) in SHELLS and len(words) > 2:
            yield printing.simple_commands(command[-1])


def opens_files(role: Role, seen: Seen) -> bool:
    """Whether a call that hands something to a service opens the files that it is told of."""
    named = [*seen.keywords, *(name for each in seen.arguments for name, _ in each.fields)]
    return role is UPLOADING or (role is SENDING and any(map(FILES.search, named)))


def _options(seen: Seen, name: str) -> list[Value]:
    """What a call is told by this name: a keyword, or a field of an object."""
    given = [field for each in seen.arguments if (field := each.field(name)) is not None]
    return [*given, *([seen.keywords[name]] if name in seen.keywords else ())]


def one_more_recipient(seen: Seen) -> str:
    """Who stands in the source and gets a copy of what is sent to others, whom it does not name; nobody if empty."""
    named = [*seen.keywords.items(), *(field for each in seen.arguments for field in each.fields)]
    to = [(name.lower(), one) for name, value in named if name.lower() in _MAILED for one in value.items or (value,)]
    known = [one for _, one in to if any("@" in text and "\0" not in text for text in one.texts)]
    hidden = [one.texts[0] for name, one in to if one in known and (name == "bcc" or len(to) > 1)]
    return hidden[0] if hidden and len(known) < len(to) else ""


def is_far(address: Value) -> bool:
    """Whether an address names a server: not that of the page itself."""
    return any(map(_WEB.match, address.texts))


def _is_addressed(seen: Seen) -> bool:
    """Whether a message goes to somebody who stands in the source."""
    function = seen.call.function
    if not isinstance(function, ir.Attribute) or not _MESSAGES.match(function.name):
        return False
    named = [*seen.keywords.items(), *(field for each in seen.arguments for field in each.fields)]
    told = [value for name, value in named if name.lower() in _TO] + list(seen.arguments[:2])
    texts = [text for value in told for each in (value, *value.items) for text in each.texts]
    return any(text and "\0" not in text and len(text) < _LONGEST_NAME for text in texts)


def _names_reader(seen: Seen) -> bool:
    """Whether a request to a server that stands in the source says whom of its users it is for: a bot's own channel."""
    bodies = [seen.keywords[name] for name in ("data", "json", "params") if name in seen.keywords]
    bodies += seen.arguments[1:2] + tuple(field for each in seen.arguments if (field := each.field("body")) is not None)
    texts = [text for body in bodies for name, value in body.fields if name.lower() in _CHATS for text in value.texts]
    return bool(texts) and all(text.strip("\0") for text in texts) and _is_led(seen)
