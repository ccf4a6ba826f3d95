"""Where the build tools of other languages take packages, or themselves, from."""

import re

from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.configs.document import elements, read_json, read_toml, read_xml
from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.languages.modules import is_remote_module
from sekisho.inspection.page import Page


def _told(page: Page, line: int, address: str) -> None:
    if is_foreign(address):
        page.see(Mark.REDIRECT, line, f"packages from {address}")


def wrapper(page: Page) -> None:
    """`gradle-wrapper.properties`, `maven-wrapper.properties`: the build tool itself."""
    for number, line in enumerate(page.lines, 1):
        key, _, value = line.partition("=")
        if key.strip() in {"distributionUrl", "wrapperUrl"}:
            _told(page, number, value.strip().replace("\\:", ":"))


def java_agent(page: Page) -> None:
    """`.mvn/jvm.config`, `gradle.properties`: programs that Java loads before the build."""
    for number, line in enumerate(page.lines, 1):
        for path in re.findall(r"-(?:javaagent|agentpath):([^=\s]+)", line):
            page.trigger(
                Moment.BUILD, f"{page.name} (an agent of Java's)", number, line.strip(), uses=(("exec", path),)
            )


def cargo(page: Page) -> None:
    """`.cargo/config.toml`: another source of crates."""
    document = read_toml(page.text)
    for _, patched in document.first("patch").members:
        for _, crate in patched.members:
            _told(page, crate.first("git").line, crate.first("git").text)
    for group in ("source", "registries"):
        for _, source in document.first(group).members:
            for key in ("registry", "index", "git"):
                _told(page, source.first(key).line, source.first(key).text.removeprefix("sparse+"))


def go_module(page: Page) -> None:
    """`go.mod`: a module in the place of another one, from a server of somebody's own."""
    for number, line in enumerate(page.lines, 1):
        found = re.match(r"\s*(?:replace\s+)?\S+(?:\s+v\S+)?\s+=>\s+([\w-]+(?:\.[\w-]+)+/\S*)", line)
        if found:
            _told(page, number, f"https://{found[1]}")


def modules(page: Page) -> None:
    """`*.tf`: modules of Terraform behind an address."""
    for number, line in enumerate(page.lines, 1):
        found = re.match(r"\s*source\s*=\s*\"(?:git::)?((?:https?|ssh)://[^\"]+)\"", line)
        if found:
            _told(page, number, found[1])


def gemfile(page: Page) -> None:
    """`Gemfile`, `.bundle/config`: another source of gems."""
    for number, line in enumerate(page.lines, 1):
        found = re.match(r"\s*(?:source\s*\(?\s*[\"']|BUNDLE_MIRROR\S*\s*[:=]\s*[\"']?)([^\"'\s]+)", line)
        if found:
            _told(page, number, found[1])


def xml_sources(page: Page) -> None:
    """`nuget.config`, Maven's `settings.xml` and `pom.xml`: sources, mirrors and repositories."""
    for name, node in elements(read_xml(page.text)):
        if name == "add" and page.name == "nuget.config":
            _told(page, node.line, node.first("@value").text)
        if name in {"mirror", "repository", "pluginRepository"}:
            _told(page, node.first("url").line, node.first("url").text.strip())


def composer(page: Page) -> None:
    """`composer.json`: other repositories."""
    repositories = read_json(page.text).first("repositories")
    for node in (*repositories.items, *(value for _, value in repositories.members)):
        _told(page, node.first("url").line, node.first("url").text)


def imports(page: Page) -> None:
    """`deno.json`, import maps: modules behind an address."""
    document = read_json(page.text)
    scopes = [scope for _, scope in document.first("scopes").members]
    for group in (document.first("imports"), *scopes):
        for _, node in group.members:
            if is_remote_module(node.text):
                page.see(Mark.REDIRECT, node.line, f"packages from {node.text}")
