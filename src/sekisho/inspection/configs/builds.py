"""Builds: make and its like are read; what other languages' builds run is named, and a gap."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sekisho.inspection.configs.commands import commands, is_within, quoted
from sekisho.inspection.configs.declared import only_declares
from sekisho.inspection.configs.document import elements, read_json, read_toml, read_xml, read_yaml
from sekisho.inspection.findings import Moment
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page, Place

_VARIABLE = re.compile(r"\$[({](\w+)[)}]")
_SPECIAL = {".PHONY", ".SUFFIXES", ".PRECIOUS", ".INTERMEDIATE", ".SECONDARY", ".DELETE_ON_ERROR", ".IGNORE",
            ".SILENT", ".NOTPARALLEL", ".ONESHELL", ".POSIX", ".EXPORT_ALL_VARIABLES", ".SECONDEXPANSION",
            ".NOTINTERMEDIATE"}  # fmt: skip
"""Targets that tell make something, and are never made."""

_ASSIGNED = re.compile(r"^\s*(?:export\s+|override\s+)?(\.?\w+)\s*(?::{0,3}|\?|\+)?(!?)=\s*(.*)$")
_SUBSTITUTED = re.compile(r"\$\(subst ([^,()$]+),([^,()$]*),([^()$]*)\)")
_SHELL_CALL = re.compile(r"\$\(shell\s+((?:[^()]|\([^()]*\))*)\)")
_LONGEST, _SHORT = 20_000, 500
"""Characters of a command that is still expanded, and of a value that is put into it."""

_TESTS = {"test", "tests", "check", "lint", "coverage"}
_RUNS = {"run", "start", "serve", "dev", "up", "demo"}
_GEMS = re.compile(
    r"\s*(?:#.*|(?:gem|source|ruby|group|platforms?|gemspec|end|plugin|git_source|install_if)\b[^`;|]*"
    r"|[:\w'\", =>\[\].~<-]*(?:#.*)?)$"
)


class Target(NamedTuple):
    """A target of a makefile: what it needs first, and its recipe as (line, command)."""

    name: str
    line: int
    needs: tuple[str, ...]
    recipe: tuple[tuple[int, str], ...]


def makefile(page: Page) -> None:
    """The targets of a makefile with their recipes; `$(shell …)` runs whatever the target."""
    variables: dict[str, str] = {}
    for number, line in enumerate(page.lines, 1):
        if line.startswith("\t"):
            continue
        assigned = _ASSIGNED.match(line)
        if assigned and len(assigned[3]) <= _SHORT:
            variables[assigned[1]] = assigned[3]
        if assigned and assigned[1] == "SHELL" and is_within(path := assigned[3].strip().replace("$(CURDIR)", ".")):
            page.trigger(Moment.BUILD, "make (its shell)", number, path, uses=(("sh", path),))
        included = re.match(r"^-?s?include\s+(.+)", line)
        if included:
            page.trigger(Moment.BUILD, "make, for any target", number, line.strip(),
                         uses=tuple(("whole", name) for name in included[1].split()))  # fmt: skip
        if assigned and assigned[2]:
            page.trigger(Moment.BUILD, "make, for any target", number, assigned[3])
        for command in _SHELL_CALL.findall(line):
            page.trigger(Moment.BUILD, "make, for any target", number, _plain(command, variables))
    targets = list(_targets(page.lines))
    default = variables.get(".DEFAULT_GOAL") or next((e.name for e in targets if not e.name.startswith(".")), "")
    for target in targets:
        when, by = _moment(target.name, default)
        unit = page.trigger(when, by, target.recipe[0][0] if target.recipe else target.line, by,
                            uses=tuple(("make", need) for need in target.needs))  # fmt: skip
        if target.recipe:
            numbers = [number for number, _ in target.recipe]
            text = "\n".join(_plain(command, variables) for _, command in target.recipe)
            page.code(Embedded("shell", text, numbers[0]), unit, _at(numbers))


def _moment(name: str, default: str) -> tuple[Moment, str]:
    by = f"make ({name})" if name == default else f"make {name}"
    if name in _TESTS:
        return Moment.TEST, by
    return Moment.RUN if name in _RUNS else Moment.BUILD, by


def _targets(lines: list[str]) -> Iterator[Target]:
    """Rules in their order; a rule with several targets comes once for each of them."""
    number = 0
    while number < len(lines):
        first, line = number + 1, lines[number]
        while line.endswith("\\") and number + 1 < len(lines):
            number += 1
            line = line[:-1] + " " + lines[number]
        number += 1
        rule = _rule(line)
        if rule is None:
            continue
        names, needs, command = rule
        recipe = [(first, command)] if command else []
        while number < len(lines) and (lines[number].startswith(("\t", "#")) or not lines[number].strip()):
            if lines[number].startswith("\t"):
                recipe.append((number + 1, lines[number][1:].lstrip("@-+")))
            number += 1
            while recipe and recipe[-1][1].endswith("\\") and number < len(lines):
                recipe.append((number + 1, lines[number].lstrip("\t")))
                number += 1
        for name in names:
            if name not in _SPECIAL and (recipe or needs):
                yield Target(name, first, needs, tuple(recipe))


def _rule(line: str) -> tuple[list[str], tuple[str, ...], str] | None:
    """The targets of a rule, what they need, and a command on the same line; nothing if it is none."""
    head, colon, rest = line.partition(":")
    needs, _, command = rest.lstrip(":").partition(";")
    if not colon or line[:1] in {"", " ", "\t", "#"} or "=" in head or "#" in head or "=" in needs:
        return None
    return head.split(), tuple(needs.replace("|", " ").split())[:50], command.strip()


def _plain(command: str, variables: dict[str, str]) -> str:
    """A command with the variables that the file sets itself, five deep at most; others are the shell's."""
    command = command.replace("$$", "\0")
    for _ in range(5):
        if "$" not in command or len(command) > _LONGEST:
            break
        command = _SUBSTITUTED.sub(lambda found: found[3].replace(found[1], found[2]), command)
        command = _VARIABLE.sub(lambda found: variables.get(found[1], f"${found[1]}"), command)
    return command.replace("\0", "$")


def taskfile(page: Page) -> None:
    """`Taskfile.yml`: tasks by name."""
    for document in read_yaml(page.text):
        for name, task in document.first("tasks").members:
            for each in (*task.every("cmds"), *task.every("cmd"), *([task] if task.scalar or task.items else ())):
                for node in each.texts():
                    page.trigger(Moment.BUILD, f"task {name!r}", node.line, node.text)
        for node in (value.first("sh") for _, value in document.first("vars").members):
            if node.text:
                page.trigger(Moment.BUILD, "task, for any target", node.line, node.text)


def just(page: Page) -> None:
    """`justfile`: recipes by name; backticks run whatever the recipe."""
    numbers: list[int] = []
    text: list[str] = []
    for number, line in enumerate(page.lines, 1):
        called = re.match(r"^(?:export\s+)?\w+\s*:=\s*`([^`]*)`", line)
        if called:
            page.trigger(Moment.BUILD, "just, for any recipe", number, called[1])
        if line[:1] in {" ", "\t"} and line.strip():
            if line.lstrip().startswith("#!") and not re.search(r"\b(?:ba|z|da)?sh\b", line):
                page.gap(number, "a recipe in a language of its own, which is not read")
            numbers.append(number)
            text.append(re.sub(r"\{\{.*?\}\}", "$_", line.strip().lstrip("@-")))
    if numbers:
        unit = page.trigger(Moment.BUILD, "just", numbers[0], "just", uses=())
        page.code(Embedded("shell", "\n".join(text), numbers[0]), unit, _at(numbers))


def procfile(page: Page) -> None:
    """`Procfile`: what a host, or foreman, starts."""
    for number, line in enumerate(page.lines, 1):
        name, colon, command = line.partition(":")
        if colon and command.strip() and re.fullmatch(r"[\w-]+", name):
            when = Moment.PUSH if name in {"release", "postdeploy"} else Moment.RUN
            page.trigger(when, f"Procfile ({name})", number, command.strip())


def cargo(page: Page) -> None:
    """`Cargo.toml` and `.cargo/config.toml`: a build script, and programs that replace the compiler's."""
    document = read_toml(page.text)
    script = document.first("package", "build")
    if script.text not in {"", "false"}:
        page.trigger(Moment.BUILD, "cargo (build script)", script.line, script.text, uses=(("load", script.text),))
        page.gap(script.line, "a build script in Rust, which was not read")
    wrappers = [
        document.first("build", key) for key in ("rustc", "rustc-wrapper", "rustc-workspace-wrapper", "rustdoc")
    ]
    for _, target in document.first("target").members:
        wrappers += [target.first("runner"), target.first("linker")]
    for node in wrappers:
        if node.text or node.items:
            for line, command in commands(node):
                page.trigger(Moment.BUILD, "cargo (a program of its own)", line, command)
    for name, value in document.first("env").members:
        if name in {"RUSTC_WRAPPER", "RUSTC"}:
            page.trigger(Moment.BUILD, f"cargo ({name})", value.line, value.first("value").text or value.text)


def composer(page: Page) -> None:
    """`composer.json`: scripts around installing; PHP classes in them are a gap."""
    for name, script in read_json(page.text).first("scripts").members:
        when = Moment.INSTALL if re.match(r"(?:pre|post)-(?:install|update|autoload|root|create|package)", name) else (
            Moment.TEST if name == "test" else Moment.BUILD)  # fmt: skip
        for node in script.texts():
            if re.fullmatch(r"[\w\\]+::\w+", node.text):
                page.trigger(when, f"composer script {name!r}", node.line, node.text, uses=())
                page.gap(node.line, "a script in PHP, which was not read")
            elif not node.text.startswith("@"):
                page.trigger(when, f"composer script {name!r}", node.line, node.text)


def msbuild(page: Page) -> None:
    """`*.csproj`, `Directory.Build.targets`: commands that building runs, or opening in Visual Studio."""
    for name, node in elements(read_xml(page.text)):
        told = node.first("@Command") if name == "Exec" else next(iter(node.every("Command")), node)
        if (
            name in {"Exec", "PreBuildEvent", "PostBuildEvent", "PreLinkEvent", "CustomBuildStep", "CustomBuild"}
            and told.text.strip()
        ):
            page.trigger(Moment.BUILD, f"MSBuild ({name})", told.line, told.text.strip())
        if name == "UsingTask" and node.first("@TaskFactory").text:
            page.trigger(Moment.BUILD, "MSBuild (a task of its own)", node.line, "", whole=True)
            page.gap(node.line, "a task of MSBuild's in another language, which was not read")


def maven(page: Page) -> None:
    """`pom.xml`, `build.xml`: programs that plugins of Maven or tasks of Ant start. Other plugins are dependencies."""
    for name, node in elements(read_xml(page.text)):
        told = node.first("executable") if name == "configuration" else node.first("@executable")
        if told.text.strip() and name in {"configuration", "exec", "apply"}:
            words = [each.first("@value").text or each.first("@line").text for each in node.every("arg")]
            words += [each.text.strip() for each in node.every("arguments", "argument")]
            command = " ".join([told.text.strip(), *map(quoted, words)])
            page.trigger(Moment.BUILD, f"{page.name} ({name})", told.line, command)
        if name in {"script", "groovy", "scriptdef", "source"} and node.text.strip() and "pom" not in page.name:
            page.trigger(Moment.BUILD, f"{page.name} ({name})", node.line, "", whole=True)
            page.gap(node.line, "a script within a build file, which was not read")


def foreign(page: Page) -> None:
    """Build files in languages that are not read; of those that only declare something that is all there is."""
    if only_declares(page.name, page.text):
        page.trigger(Moment.BUILD, "a build file", 1, page.path, uses=())
        return
    page.trigger(Moment.BUILD, "a build file", 1, page.path, whole=True)
    page.gap(1, "a build file in a language that is not read")


def foreign_install(page: Page) -> None:
    """Files in languages that are not read, which installing runs: `extconf.rb`, `*.gemspec`, `Gemfile`."""
    page.trigger(Moment.INSTALL, "a file that installing runs", 1, page.path, whole=True)
    page.gap(1, "a program that installing runs, in a language that is not read")


def gemfile(page: Page) -> None:
    """`Gemfile`: Ruby, of which plain lists of packages are understood."""
    odd = [n for n, line in enumerate(page.lines, 1) if line.strip() and not _GEMS.match(line)]
    if odd:
        page.trigger(Moment.INSTALL, "Gemfile", odd[0], page.lines[odd[0] - 1].strip(), uses=(), whole=True)
        page.gap(odd[0], "a program that installing runs, in a language that is not read")


def _at(numbers: list[int]) -> Place:
    return lambda n: numbers[min(max(n, 1), len(numbers)) - 1]
