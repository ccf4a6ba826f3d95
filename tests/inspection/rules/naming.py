"""Samples and twins of `near_names`, `lock_mismatch` and `other_packages`: what is installed is not what it seems."""

import json

from inspection.rules.sample import Sample, package

_PLACE = ("package-lock.json", 4)


def lock(name: str, *addresses: tuple[str, str]) -> str:
    """A lock file of one package, at places of its own: its address stands on line 4, then each on two lines."""
    entries = [
        f'"{"x/" * place}node_modules/{name}": {{"version": "1.0.0",\n'
        f'"resolved": {json.dumps(where)},\n"integrity": "{of}"}}'
        for place, (where, of) in enumerate(addresses)
    ]
    return '{"lockfileVersion": 3,\n"packages": {\n' + ", ".join(entries) + "}}\n"


_OWN, _OTHER = ("https://registry.npmjs.org/good/-/good-1.0.0.tgz", "https://registry.npmjs.org/evil/-/evil-1.0.0.tgz")

HOSTILE: dict[str, dict[str, Sample]] = {
    "stolen_release": {
        "a package at exactly that version": Sample(
            {"package.json": '{"dependencies": {\n"event-stream": "3.3.6"}}'}, "block", ("package.json", 2)
        ),
        "a lock file, under the package's own name": Sample(
            {"package-lock.json": '{"packages": {"node_modules/debug": {\n"version": "4.4.2"}}}'},
            "block",
            ("package-lock.json", 2),
        ),
        "a requirement with a hash": Sample(
            {"requirements.txt": "x==1\nultralytics==8.3.41 --hash=sha256:00\n"}, "block", ("requirements.txt", 2)
        ),
    },
    "other_packages": {
        "another npm registry": Sample({".npmrc": "registry=https://a.invalid/npm\n"}, "review", (".npmrc", 1)),
        "another Python index": Sample(
            {"requirements.txt": "--index-url https://a.invalid/simple\nx\n"}, "review", ("requirements.txt", 1)
        ),
        "a lock file of another server": Sample(
            {"yarn.lock": 'x@1:\n  version "1"\n  resolved "https://a.invalid/x.tgz#a"\n'},
            "review",
            ("yarn.lock", 3),
        ),
        "an index in pip's configuration": Sample(
            {"pip.conf": "[global]\nextra-index-url = https://a.invalid/simple\n"}, "review", ("pip.conf", 2)
        ),
        "an archive by address": Sample(
            {
                "package.json": package(postinstall="echo hi")[:-1]
                + ',\n"dependencies": {"x": "https://a.invalid/x.tgz"}}'
            },
            "review",
            ("package.json", 3),
        ),
    },
    "near_names": {
        "a letter left out": Sample({"requirements.txt": "flask\nrequsts==2.0\n"}, "review", ("requirements.txt", 2)),
        "two letters swapped": Sample(
            {"package.json": '{"dependencies": {\n"loadsh": "1.0.0"}}'}, "review", ("package.json", 2)
        ),
        "a digit for a letter": Sample(
            {"pyproject.toml": '[project]\nname = "a"\ndependencies = [\n"pyth0n-dateutil"]\n'},
            "review",
            ("pyproject.toml", 3),
        ),
        "a separator left out": Sample(
            {"package.json": '{"devDependencies": {\n"crossenv": "1"}}'}, "review", ("package.json", 2)
        ),
    },
    "lock_mismatch": {
        "another package's archive": Sample(
            {"package-lock.json": lock("good", (_OTHER, "sha512-a"))}, "review", _PLACE
        ),
        "two hashes": Sample(
            {"package-lock.json": lock("good", (_OWN, "sha512-a"), (_OWN, "sha512-b"))},
            "review",
            ("package-lock.json", 7),
        ),
        "in the old form": Sample(
            {"package-lock.json": '{"dependencies": {"good": {"version": "1",\n"resolved": "' + _OTHER + '"}}}'},
            "review",
            ("package-lock.json", 2),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "stolen_release": {
        "the release after it": {"package.json": '{"dependencies": {"event-stream": "3.3.5", "debug": "4.4.3"}}'},
        "a range, which means another one by now": {"package.json": '{"dependencies": {"debug": "^4.4.2"}}'},
        "a package of that version, in another world": {"requirements.txt": "debug==4.4.2\nultralytics>=8.3.41\n"},
    },
    "near_names": {
        "the well-known one": {"requirements.txt": "requests==2.0\nRequests-OAuthlib\n"},
        "two that are near each other": {
            "package.json": '{"dependencies": {"preact": "1", "react": "1", "bip32": "1"}}'
        },
        "a short name": {"package.json": '{"dependencies": {"vux": "1"}}'},
        "of another world": {"package.json": '{"dependencies": {"requsts": "1"}}'},
    },
    "lock_mismatch": {
        "its own archive, twice": {"package-lock.json": lock("good", (_OWN, "sha512-a"), (_OWN, "sha512-a"))},
        "under another name, and said so": {
            "package-lock.json": '{"packages": {"node_modules/good": {"name": "evil",\n"resolved": "' + _OTHER + '"}}}'
        },
        "hashes of two kinds": {"package-lock.json": lock("good", (_OWN, "sha1-a"), (_OWN, "sha512-b"))},
    },
}
