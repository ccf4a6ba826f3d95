"""What well-known packages do that only looks like a chain, each beside the chain it looks like."""

from inspection.rules.sample import Sample, py

HOSTILE: dict[str, dict[str, Sample]] = {
    "decoded_code": {
        "letters by their numbers, joined": py(
            "import sys\ndef letter(n):\n    return chr(int(n))\nexec(''.join(letter(n) for n in sys.argv))\n",
            "review",
            4,
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "decoded_code": {
        "one letter by its number, among the names of an expression": {
            "app.py": "import sys\nnames = {}\nfor n in sys.argv:\n    names[n] = chr(int(n))\n"
            "eval(names['x'], {}, names)\n"
        },
    },
}
