"""Sekisho and the scanners beside it, each asked about the same folders in its own words.

GuardDog scores a package; 5 and more is the point its authors publish figures for. Bandit knows Python alone, and
grades its findings. Semgrep has no rules of its own: it is given those of GuardDog 2.6 (Apache-2.0), the last of them.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypedDict

from environments import CACHE, NoEnvironment, programs_of
from processes import Ended, run

from sekisho.inspection.intake.gather import gather
from sekisho.inspection.judge import judge
from sekisho.inspection.link import link
from sekisho.inspection.pool import pool
from sekisho.inspection.rules.chain import Verdict

Flagged = Mapping[str, frozenset[str]]
"""For each grade, the names of the folders that get it or a graver one."""

Folders = Mapping[str, Path]


TOGETHER = 20

SLOW = "npm-dll-hijacking"
"""The rule of GuardDog 2.6 that Semgrep is not given: on nearly every compiled file of JavaScript it runs into the
limit of ten seconds, which is hours for the honest packages. It tells of one sample of development and one case of
validation."""

GUARDDOG = """
import json, sys
from guarddog.ecosystems import ECOSYSTEM
from guarddog.scanners import get_package_scanner
scanners = {kind: get_package_scanner(ECOSYSTEM[kind]) for kind in ("PYPI", "NPM")}
asked = json.loads(sys.argv[1])
print(json.dumps({"scores": [scanners[kind].scan_local(folder)["risk_score"]["score"] for _, kind, folder in asked]}))
"""
"""What GuardDog's command line does with a folder, for many folders in one process."""


class Answer(TypedDict, total=False):
    """What is read of the answers: the scores are GuardDog's, the results are the others'."""

    scores: list[float]
    results: list[dict[str, str]]


class Failed(Exception):
    """A scanner that gave no answer."""


def sekisho(folders: Folders) -> Flagged:
    """Ours. Workers are kept for some folders, since starting them would take longer than reading a fixture."""
    verdicts = {}
    names = list(folders)
    for start in range(0, len(names), TOGETHER):
        with pool(2) as readers:
            for name in names[start : start + TOGETHER]:
                read = gather(folders[name])
                verdicts[name] = judge(read.files, read.gaps, link(read.files, readers)).verdict
    return {
        "Sekisho, BLOCK": frozenset(name for name, each in verdicts.items() if each is Verdict.BLOCK),
        "Sekisho, BLOCK or REVIEW": frozenset(
            name for name, each in verdicts.items() if each is not Verdict.NO_CHAIN_FOUND
        ),
    }


def guarddog(folders: Folders) -> Flagged:
    """GuardDog, as a package of PyPI where there is Python, and of npm where there is not, or JavaScript as well."""
    asked_as = []
    for name, folder in folders.items():
        endings = {file.suffix for file in folder.rglob("*")}
        kinds = ["PYPI"] * bool(endings & {".py", ".ipynb", ".pth"})
        kinds += ["NPM"] * (not kinds or bool(endings & {".js", ".cjs", ".mjs", ".ts"}))
        asked_as += [(name, kind, str(folder)) for kind in kinds]
    said = answer(run([str(programs_of("guarddog") / "python"), "-c", GUARDDOG, json.dumps(asked_as)]))
    scores = dict.fromkeys(folders, 0.0)
    for (name, _, _), score in zip(asked_as, said["scores"], strict=True):
        scores[name] = max(scores[name], score)
    return {
        "GuardDog, score of 5 and more": frozenset(name for name, each in scores.items() if each >= 5),
        "GuardDog, any score": frozenset(name for name, each in scores.items() if each > 0),
    }


def bandit(folders: Folders) -> Flagged:
    """Bandit, in one run."""
    command = [str(programs_of("bandit") / "bandit"), "--quiet", "--format", "json", "--recursive"]
    found = list(_found(answer(run([*command, *map(str, folders.values())])), "filename", "issue_severity"))
    return {
        "Bandit, HIGH": _named(folders, (path for path, grade in found if grade == "HIGH")),
        "Bandit, MEDIUM and more": _named(folders, (path for path, grade in found if grade in {"HIGH", "MEDIUM"})),
    }


def semgrep(folders: Folders) -> Flagged:
    """Semgrep CE with GuardDog 2.6's rules, in one run."""
    programs = programs_of("semgrep")
    command = [str(programs / "semgrep"), "scan", "--metrics", "off", "--disable-version-check", "--no-git-ignore",
               "--quiet", "--json", "--jobs", "2", "--timeout", "10"]  # fmt: skip
    command += [f"--config={rule}" for rule in sorted(old_rules().iterdir()) if rule.stem != SLOW]
    ended = run([*command, *map(str, folders.values())], {"PATH": f"{programs}:/usr/bin:/bin"})
    found = _found(answer(ended), "path", "check_id")
    return {"Semgrep with GuardDog 2.6's rules": _named(folders, (path for path, _ in found))}


SCANNERS: Mapping[str, Callable[[Folders], Flagged]] = {
    "sekisho": sekisho,
    "guarddog": guarddog,
    "bandit": bandit,
    "semgrep": semgrep,
}


def asked(name: str, folders: Folders) -> Flagged:
    """What one scanner says. One that is not to be had, or fails, is named on the error output and left out."""
    try:
        return SCANNERS[name](folders)
    except (NoEnvironment, Failed) as why:
        print(f"LEFT OUT {name}: {why}", file=sys.stderr)
        return {}


def old_rules() -> Path:
    """The folder of rules from GuardDog 2.6's wheel, fetched once. Raises NoEnvironment."""
    folder = CACHE / "guarddog-rules"
    if not folder.exists():
        fetched, partial = CACHE / "guarddog-2.6.0", CACHE / "guarddog-rules.partial"
        command = [str(programs_of("pip") / "python"), "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", str(fetched), "guarddog==2.6.0"]
        if subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603 - pip, for a pinned name
            raise NoEnvironment("GuardDog 2.6's wheel is not to be had")
        partial.mkdir(exist_ok=True)
        with zipfile.ZipFile(next(fetched.glob("*.whl"))) as wheel:
            for name in wheel.namelist():
                if name.startswith("guarddog/analyzer/sourcecode/") and name.endswith(".yml"):
                    (partial / Path(name).name).write_bytes(wheel.read(name))
        partial.rename(folder)
    return folder


def answer(ended: Ended) -> Answer:
    """The JSON that a scanner printed, whatever it says before. Raises Failed."""
    try:
        return json.loads(ended.output[ended.output.index("{") :])
    except ValueError as why:
        said = ended.errors.strip().splitlines()
        raise Failed(f"status {ended.status}, {said[-1] if said else 'no word'}") from why


def _found(said: Answer, path: str, grade: str) -> Iterator[tuple[str, str]]:
    return ((each[path], each[grade]) for each in said["results"])


def _named(folders: Folders, paths: Iterator[str]) -> frozenset[str]:
    found = set(paths)
    return frozenset(name for name, folder in folders.items() if any(path.startswith(f"{folder}/") for path in found))
