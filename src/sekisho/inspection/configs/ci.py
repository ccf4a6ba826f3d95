"""What a push starts on somebody's server, and with which secrets."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.configs.document import Node, read_yaml
from sekisho.inspection.configs.environment import environment
from sekisho.inspection.configs.strangers import strangers
from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.languages.commands import FETCHERS
from sekisho.inspection.page import Page

_SECRET = re.compile(r"\bsecrets\s*(?:\.\s*(\w+)|\[\s*'(\w+)'\s*\])")
_ALL_SECRETS = re.compile(r"\btoJSON\s*\(\s*secrets\s*\)", re.IGNORECASE)
_RUNS = {"script", "run", "command", "commands", "bash", "sh", "pwsh", "powershell", "before_script", "after_script",
         "before_install", "install", "before_deploy", "after_success", "after_failure", "before_cache", "inlinescript",
         "build_script", "test_script", "deploy_script", "before_build", "after_build", "before_test", "after_test",
         "on_finish", "on_success", "init", "before-script", "after-script", "main_script", "setup_script", "prologue",
         "args", "pre_build", "post_build"}  # fmt: skip
"""Keys that hold commands in the files of one kind of CI or another."""

_EVERYTHING = re.compile(
    r"toJSON\(\s*secrets\s*\)|(?:^|\s)(?:env|printenv|set)(?:\s|$)|\$\((?:env|printenv)\b", re.IGNORECASE
)
_DATA_FLAGS = {"-d", "--data", "--data-binary", "--data-raw", "--data-urlencode", "--json", "-F", "--form", "-T",
               "--upload-file", "--post-data", "--body-data", "--post-file"}  # fmt: skip
_HERE = re.compile(
    r"(?:\$\{\{\s*github\.(?:action_path|workspace)\s*\}\}|\$\{?(?:GITHUB_ACTION_PATH|GITHUB_WORKSPACE|CI_PROJECT_DIR)\}?)/"
)
"""How a step writes where its action or the repository lies (GitHub: "Contexts"; GitLab: "Predefined variables")."""

_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)


def workflow(page: Page) -> None:
    """A GitHub workflow: its steps, the actions it takes from elsewhere, and the secrets it may use."""
    for document in read_yaml(page.text):
        events = _events(document)
        by = "GitHub workflow" + (f" on {', '.join(events[:5])}" if events else "")
        strangers(page, document, set(events))
        everywhere = document.first("env").members
        for _, job in document.first("jobs").members:
            own = any("self-hosted" in node.text for node in job.first("runs-on").texts())
            where = by + (", on your own machine" if own else "")
            shared = (*everywhere, *job.first("env").members)
            for step in job.first("steps").items:
                _step(page, step, where, shared)
            _reused(page, job, where)
            for image in (job.first("container"), *(each for _, each in job.first("services").members)):
                name = image.first("image").text or image.text
                if name:
                    page.need(name, image.line, "a container image")
            environment(page, job.first("env").members, where, Moment.PUSH)


def action(page: Page) -> None:
    """`action.yml`: the steps of an action of this repository."""
    for document in read_yaml(page.text):
        for step in document.first("runs", "steps").items:
            _step(page, step, "GitHub action", ())
        for key in ("main", "pre", "post"):
            node = document.first("runs", key)
            if node.text:
                page.trigger(Moment.PUSH, "GitHub action", node.line, f"node ./{node.text}")
        for key in ("image", "entrypoint", "pre-entrypoint", "post-entrypoint"):
            node = document.first("runs", key)
            if node.text and not node.text.startswith("docker://"):
                page.trigger(Moment.PUSH, "GitHub action", node.line, node.text, uses=(("whole", node.text),))


def gitlab(page: Page) -> None:
    """`.gitlab-ci.yml`"""
    for document in read_yaml(page.text):
        included = document.first("include")
        for node in (each for part in (included, *included.items) for each in part.every("remote")):
            if is_foreign(node.text):
                page.see(Mark.REDIRECT, node.line, f"packages from {node.text}")
        for name, job in document.members:
            for key in ("script", "before_script", "after_script"):
                for node in job.every(key) if job.members else ():
                    for each in node.texts():
                        page.trigger(Moment.PUSH, f"GitLab job {name!r}", each.line, _spoken(each.text))


def generic(page: Page) -> None:
    """CI of other kinds in YAML: what stands under a word that means a command there."""
    for document in read_yaml(page.text):
        stack = [document]
        while stack:
            node = stack.pop()
            for key, value in node.members:
                if key.lower() in _RUNS and (value.scalar or any(item.scalar for item in value.items)):
                    for each in value.texts():
                        page.trigger(Moment.PUSH, f"continuous integration ({key})", each.line, each.text)
                else:
                    stack.append(value)
            stack.extend(node.items)


def _step(page: Page, step: Node, by: str, shared: Sequence[tuple[str, Node]]) -> None:
    """One step, with the variables that its job and its workflow set."""
    run, uses = step.first("run"), step.first("uses")
    secrets = sorted(_secrets(step).union(*(_secrets(value) for _, value in shared)))
    by += f", with {', '.join(secrets)}" if secrets else ""
    if run.text:
        shell = step.first("shell").text
        language = "python" if shell.startswith("python") else "shell"
        unit = page.trigger(Moment.PUSH, by, run.line, _spoken(run.text), language)
        given_by = dict((*shared, *step.first("env").members))
        held = {name: value.text for name, value in given_by.items() if _secrets(value)}
        for line, told in _leaks(run.text, held):
            page.see(Mark.LEAK, run.line + line, told, unit)
    for key, given in step.first("with").members:
        if key.lower() in _RUNS and given.text and uses.text:
            spoken = "javascript" if "github-script" in uses.text else "shell"
            page.trigger(Moment.PUSH, by, given.line, _spoken(given.text), spoken)
    if uses.text.startswith("./"):
        page.trigger(Moment.PUSH, by, uses.line, uses.text, uses=_local(uses.text))
    elif uses.text:
        page.need(uses.text, uses.line, "GitHub")
    environment(page, step.first("env").members, by, Moment.PUSH)


def _reused(page: Page, job: Node, by: str) -> None:
    """A job that is another workflow."""
    reused, given = job.first("uses"), job.first("secrets")
    secrets = ["every secret"] if given.text == "inherit" else sorted(_secrets(given))
    by += f", with {', '.join(secrets)}" if secrets else ""
    if reused.text.startswith("./"):
        page.trigger(Moment.PUSH, by, reused.line, reused.text, uses=(("whole", reused.text),))
    elif reused.text:
        page.need(reused.text, reused.line, "GitHub")
        if secrets:
            page.trigger(Moment.PUSH, by, reused.line, reused.text, uses=())


def _spoken(command: str) -> str:
    """A command as the shell gets it: a path of the repository is one of this folder, and what is filled in unknown."""
    return _EXPRESSION.sub("$_", _HERE.sub("./", command))


def _local(action: str) -> tuple[tuple[str, str], ...]:
    return tuple(("whole", f"{action.rstrip('/')}/action.{suffix}") for suffix in ("yml", "yaml"))


def _secrets(node: Node) -> set[str]:
    """The secrets that a part of a workflow names, in expressions: elsewhere the word is a program's own."""
    texts = [expression for each in node.texts() for expression in _EXPRESSION.findall(each.text)]
    found = {a or b for text in texts for a, b in _SECRET.findall(text)}
    return found | {"every secret" for text in texts if _ALL_SECRETS.search(text)}


def _leaks(text: str, variables: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The lines of a step that send secrets as data, and which. In a header or an address they authenticate."""
    held = {**variables, **_kept(text, variables)}
    known = _named(held)
    first, joined = 0, ""
    for number, line in enumerate(text.split("\n")):
        first, joined = (first, joined + " " + line) if joined else (number, line)
        if line.endswith("\\"):
            joined = joined[:-1]
            continue
        words, joined = _words(joined[:20_000]), ""
        if not any(word.rpartition("/")[2] in FETCHERS for word in words):
            continue
        sent = " ".join(_data(words))
        if _EVERYTHING.search(sent):
            yield first, "all of them"
        elif found := sorted(set(known.findall(sent))):
            named = [held.get(_variable(each), each) for each in found]
            whole = any(map(_ALL_SECRETS.search, named))
            yield first, "all of them" if whole else ", ".join(named) + _estranged(named, " ".join(words))


def _named(held: Iterable[str]) -> re.Pattern[str]:
    """How a step names a secret: by an expression, or by a variable that holds it."""
    names = "|".join(map(re.escape, held))
    by_name = (rf"\$\{{?(?:{names})\b", rf"\$\{{\{{\s*env\.(?:{names})\s*\}}\}}") if names else ()
    return re.compile("|".join((r"\$\{\{[^}]{0,200}\bsecrets\b[^}]{0,200}\}\}", *by_name)))


def _kept(text: str, variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that a step sets itself to a text that holds secrets: what is signed with one holds none."""
    kept: dict[str, str] = {}
    for line in text.split("\n"):
        found = _SET.match(line[:20_000])
        if found is None or not all(each in _SHOW for each in _STARTED.findall(found[2])):
            continue
        held = {**variables, **kept}
        named = [held.get(_variable(each), each) for each in sorted(set(_named(held).findall(found[2])))]
        if named:
            kept[found[1]] = ", ".join(named)
    return kept


def _variable(named: str) -> str:
    """The variable's own name in `$name`, `${name` and `${{ env.name }}`."""
    return re.sub(r"^\$(?:\{\{\s*env\.|\{)?|\s*\}*$", "", named)


_SET = re.compile(r"\s*(?:(?:export|local|readonly|declare)\s+)?(\w+)=(.*)")
_STARTED = re.compile(r"(?:\$\(|`|(?<![|])\|(?![|]))\s*([\w.-]+)")
"""The programs within a value."""
_SHOW = {"jq", "printf", "echo", "base64", "tr", "cat", "xxd", "gzip", "rev"}
"""Programs that print what they are given, in one form or another."""

_ISSUERS = ("pypi", "npm", "docker", "aws", "gcp", "google", "azure", "github", "gitlab", "cargo", "rubygems", "nuget",
            "cloudflare", "vercel", "netlify", "heroku", "digitalocean", "sonatype", "ssh", "gpg", "signing", "private",
            "infura", "alchemy", "deploy", "kube")  # fmt: skip
"""What names of secrets begin with or hold: who issued them, or what only their owner should ever have."""


def _estranged(named: list[str], command: str) -> str:
    """Said of a secret that goes to another than who issued it."""
    hosts = " ".join(re.findall(r"https?://([^/\s\"'$]+)", command)).lower()
    secrets = [(a or b).lower() for each in named for a, b in _SECRET.findall(each)]
    issuers = [issuer for secret in secrets for issuer in _ISSUERS if issuer in secret]
    return ", to another than its issuer" if hosts and issuers and not any(each in hosts for each in issuers) else ""


def _data(words: list[str]) -> Iterator[str]:
    """The words of a command line that are sent as data: after a flag for it, or piped into what sends its input."""
    sending = False
    for place, word in enumerate(words):
        if word.startswith("-"):
            sending = word.partition("=")[0] in _DATA_FLAGS or word[:2] in {"-d", "-F"}
            if sending:
                yield word.partition("=")[2] or word[2:]
            if sending and words[place + 1 : place + 2] in (["@-"], ["-"]):
                yield from words[:place]
        elif sending:
            yield word
            sending = False


def _words(line: str) -> list[str]:
    """The words of a command line, a pipe between its blanks."""
    told = _EXPRESSION.sub(lambda match: "".join(match[0].split()), line).replace("|", " | ")
    try:
        return shlex.split(told)
    except ValueError:
        return told.split()


def _events(document: Node) -> list[str]:
    """`on` is YAML's own word for true, so it may be called that."""
    starts = (*document.every("on"), *document.every("true"), *document.every("True"))
    return [each.text for node in starts for each in _names(node)]


def _names(node: Node) -> Iterator[Node]:
    if node.scalar:
        yield node
    yield from node.items
    yield from (Node(value.line, key, scalar=True) for key, value in node.members)
