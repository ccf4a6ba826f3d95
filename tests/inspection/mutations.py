"""Changes that keep what a hostile sample does and alter how it looks: what an author would try first.

Run as a program (`PYTHONPATH=tests python -m inspection.mutations`) it prints how many samples survive each.
"""

import base64
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

from inspection.rules.samples import HOSTILE
from sekisho.inspection.intake.gather import gather_bytes
from sekisho.inspection.judge import judge
from sekisho.inspection.link import link
from sekisho.inspection.rules.chain import Verdict
from support.inspection import Files, Here, inspected

FLOWS = ("remote_code", "remote_command", "remote_object", "remote_template", "decoded_code", "secrets_sent")
"""Rules whose samples are programs: those that are one file are mutated."""

Mutation = Callable[[str], str]


def _indented(source: str, levels: int = 1) -> str:
    return "".join(f"{'    ' * levels}{line}" if line.strip() else line for line in source.splitlines(keepends=True))


def _aliased(source: str) -> str:
    for module in ("requests", "yaml", "pickle", "base64", "os"):
        if re.search(rf"^import .*\b{module}\b", source, re.MULTILINE):
            body = re.sub(rf"(?<!['\w.]){module}\.", f"q_{module}.", source)
            source = f"import {module} as q_{module}\n{body}"
    return source


def _assembled(source: str) -> str:
    return "import builtins\n" + re.sub(
        r"(?<![\w.'])exec\(", "getattr(builtins, 'ce'[::-1][:0] + 'ex' + 'ec')(", source
    )


PYTHON: Mapping[str, Mutation] = {
    "as it is": lambda source: source,
    "modules under other names": _aliased,
    "the name of exec put together": _assembled,
    "exec under another name": lambda s: "go = exec\n" + re.sub(r"(?<![\w.'])exec\(", "go(", s),
    "exec in a dictionary": lambda s: "t = {'go': exec}\n" + re.sub(r"(?<![\w.'])exec\(", "t['go'](", s),
    "exec as a default argument": lambda s: "def w(x, f=exec):\n    f(x)\n" + re.sub(r"(?<![\w.'])exec\(", "w(", s),
    "within a function": lambda s: f"def main():\n{_indented(s)}\nmain()\n",
    "within a method": lambda s: f"class A:\n    def run(self):\n{_indented(s, 2)}\nA().run()\n",
    "within an error handler": lambda s: f"try:\n    raise ValueError\nexcept ValueError:\n{_indented(s)}\n",
    "under a condition": lambda s: f"import sys\nif sys.platform == 'x' or len(sys.argv) > 3:\n{_indented(s)}\n",
    "far to the right": lambda s: (
        "x = 1" + " " * 400 + ";" + ";".join(s.splitlines()) + "\n" if ":" not in s.replace("://", "") else s
    ),
    "after a megabyte": lambda s: "# nothing\n" * 110_000 + s,
    "with a byte order mark and CR LF": lambda s: "\ufeff" + s.replace("\n", "\r\n"),
    "with comments for scanners": lambda s: "\n".join(f"{line}  # nosec # noqa" for line in s.splitlines()) + "\n",
    "in base64": lambda s: f"import base64\nexec(base64.b64decode('{base64.b64encode(s.encode()).decode()}'))\n",
    "compressed": lambda s: f"import zlib\nexec(zlib.decompress(bytes.fromhex('{zlib.compress(s.encode()).hex()}')))\n",
    "as one string": lambda s: f"exec({s!r})\n",
    "as numbers": lambda s: f"exec(bytes({list(s.encode())}).decode())\n",
    "for Python 2 as well": lambda s: s + "print 'hello'\n",
    "with an error at its end": lambda s: s + "x = (\n",
}

JAVASCRIPT: Mapping[str, Mutation] = {
    "as it is": lambda source: source,
    "within a function": lambda s: f"(async function () {{\n{s}\n}})();\n",
    "within a method": lambda s: f"class A {{ async run() {{\n{s}\n}} }}\nnew A().run();\n",
    "within an error handler": lambda s: f"(async () => {{ try {{ throw 1 }} catch (e) {{\n{s}\n}} }})();\n",
    "eval by a computed name": lambda s: re.sub(r"(?<![\w.])eval\(", "globalThis['e' + 'val'](", s),
    "eval under another name": lambda s: "const go = eval;\n" + re.sub(r"(?<![\w.])eval\(", "go(", s),
    "indirect eval": lambda s: re.sub(r"(?<![\w.])eval\(", "(0, eval)(", s),
    "names with escapes": lambda s: s.replace("eval(", "ev\\u0061l(").replace("fetch(", "f\\u0065tch("),
    "minified": lambda s: " ".join(line.strip() for line in s.splitlines()),
    "after a megabyte": lambda s: "// nothing\n" * 100_000 + s,
    "in base64": lambda s: f"eval(Buffer.from('{base64.b64encode(s.encode()).decode()}', 'base64').toString());\n",
    "as one string": lambda s: f"eval({json.dumps(s)});\n",
}

PLACES = ("tests/{name}", "docs/a/{name}", "node_modules/x/{name}", "dist/{name}", ".hidden/{name}", "vendor/{name}")


def singles(suffix: str) -> Iterator[tuple[str, str]]:
    """The samples that are one program: what each claims, and its source."""
    for rule in FLOWS:
        for claim, sample in HOSTILE[rule].items():
            (name, data), *others = sample.files.items()
            if not others and name.endswith(suffix) and isinstance(data, str) and "Python 2" not in claim:
                yield f"{rule}: {claim}", data


def noticed(files: Files) -> bool:
    """Whether the answer is BLOCK or REVIEW."""
    return inspected(files).verdict is not Verdict.NO_CHAIN_FOUND


def packed(source: str, name: str) -> bool:
    """Whether it is noticed in a zip within a zip."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(name, source)
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    read = gather_bytes("a.zip", outer.getvalue())
    return judge(read.files, (), link(read.files, Here())).verdict is not Verdict.NO_CHAIN_FOUND


def survival(suffix: str) -> dict[str, list[str]]:
    """For each mutation, the samples that nobody notices any more."""
    name = f"app{suffix}"
    missed: dict[str, list[str]] = {}
    for mutation, change in (PYTHON if suffix == ".py" else JAVASCRIPT).items():
        missed[mutation] = [claim for claim, source in singles(suffix) if not noticed({name: change(source)})]
    for place in PLACES:
        where = place.format(name=name)
        missed[f"at {place}"] = [claim for claim, source in singles(suffix) if not noticed({where: source})]
    missed["in a zip in a zip"] = [claim for claim, source in singles(suffix) if not packed(source, name)]
    return missed


def main() -> None:
    """Print the table."""
    for suffix in (".py", ".js"):
        count = len(list(singles(suffix)))
        for mutation, missed in survival(suffix).items():
            print(f"{suffix}  {count - len(missed):>2} of {count}  {mutation}  {'; '.join(missed)}")


if __name__ == "__main__":
    main()
