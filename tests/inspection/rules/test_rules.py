"""Every rule catches its hostile samples, at the right place, and leaves their honest twins alone."""

import re

import pytest

from inspection.rules.development import CAUGHT, LEFT
from inspection.rules.sample import Sample
from inspection.rules.samples import HOSTILE
from inspection.rules.twins import HONEST
from sekisho.inspection.rules import ALL
from support.inspection import inspected, lines_of, verdict_by

_HOST = re.compile(r"https?://([\w.-]+)|(?:get|urlopen)\('([\w.-]+\.[a-z]{2,})'")


@pytest.mark.parametrize(("rule", "claim", "sample"), CAUGHT, ids=[f"{rule}: {claim}" for rule, claim, _ in CAUGHT])
def test_a_hostile_sample_is_caught(rule: str, claim: str, sample: Sample) -> None:
    assert verdict_by(sample.files, rule) == sample.verdict
    assert sample.place in lines_of(sample.files, rule)


@pytest.mark.parametrize(("rule", "claim", "files"), LEFT, ids=[f"{rule}: {claim}" for rule, claim, _ in LEFT])
def test_its_honest_twin_is_left_alone(rule: str, claim: str, files: dict[str, str | bytes]) -> None:
    assert verdict_by(files, rule) == ""


def test_honest_twins_are_blocked_by_no_rule_at_all() -> None:
    blocked = [(rule, claim) for rule, claim, files in LEFT if inspected(files).verdict == "block"]
    assert blocked == []


def test_every_rule_has_three_samples_of_each_kind() -> None:
    assert {rule.id for rule in ALL} == set(HOSTILE) == set(HONEST)
    assert all(len(samples) >= 3 for samples in (*HOSTILE.values(), *HONEST.values()))


def test_every_rule_explains_itself() -> None:
    for rule in ALL:
        assert rule.attack
        assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", technique) for technique in rule.attack)
        assert len(rule.explanation) > 60
        assert len(rule.action) > 60


def test_samples_are_inert() -> None:
    own = "169.254.169.254"  # answers a machine in a cloud, about itself
    texts = [data for _, _, sample in CAUGHT for data in sample.files.values()]
    texts += [data for _, _, files in LEFT for data in files.values()]
    for data in texts:
        text = data if isinstance(data, str) else data.decode("latin-1")
        hosts = {a or b for a, b in _HOST.findall(text)}
        allowed = (
            "a.invalid",
            "b.invalid",
            "discord.invalid",
            "registry.npmjs.org",
            own,
            "install.python-poetry.org",
            "localhost",
            "github.com",
            "esm.sh",
            "cdn.sheetjs.com",
            "files.pythonhosted.org",
            "upload.pypi.org",
            "signin.aws.amazon.com",
        )
        assert hosts <= set(allowed), text
        assert len(text) < 6000
