"""Releases of well-known packages that somebody else published in their makers' name, and that were taken back.

Sources: the makers' own announcements (chalk/chalk#656, debug-js/debug#1005, ultralytics/ultralytics#18027,
faisalman/ua-parser-js#536, dominictarr/event-stream#116 and others). A registry no longer offers them; a mirror may.
"""

import re

_NODE = {
    "event-stream": "3.3.6", "flatmap-stream": "0.1.1", "eslint-scope": "3.7.2", "ua-parser-js": "0.7.29 0.8.0 1.0.0",
    "coa": "2.0.3 2.0.4 2.1.1 2.1.3 3.0.1 3.1.3", "rc": "1.2.9 1.3.9 2.3.9", "node-ipc": "10.1.1 10.1.2",
    "@solana/web3.js": "1.95.6 1.95.7", "@lottiefiles/lottie-player": "2.0.5 2.0.6 2.0.7",
    "@rspack/core": "1.1.7", "@rspack/cli": "1.1.7", "@ledgerhq/connect-kit": "1.1.5 1.1.6 1.1.7",
    "xrpl": "2.14.2 4.2.1 4.2.2 4.2.3 4.2.4", "rand-user-agent": "1.0.110 2.0.83 2.0.84",
    "eslint-config-prettier": "8.10.1 9.1.1 10.1.6 10.1.7", "eslint-plugin-prettier": "4.2.2 4.2.3",
    "synckit": "0.11.9", "@pkgr/core": "0.2.8", "napi-postinstall": "0.3.1", "got-fetch": "5.1.11 5.1.12",
    "is": "3.3.1 5.0.0", "chalk": "5.6.1", "debug": "4.4.2", "ansi-styles": "6.2.2", "strip-ansi": "7.1.1",
    "ansi-regex": "6.2.1", "wrap-ansi": "9.0.1", "slice-ansi": "7.1.1", "supports-color": "10.2.1",
    "supports-hyperlinks": "4.1.1", "chalk-template": "1.1.1", "has-ansi": "6.0.1", "color": "5.0.1",
    "color-convert": "3.1.1", "color-name": "2.0.1", "color-string": "2.1.1", "is-arrayish": "0.3.3",
    "error-ex": "1.3.3", "simple-swizzle": "0.2.3", "backslash": "0.2.1", "@ctrl/tinycolor": "4.1.1 4.1.2",
    "nx": "20.9.0 20.10.0 20.11.0 20.12.0 21.5.0 21.6.0 21.7.0 21.8.0",
}  # fmt: skip
_PYTHON = {
    "ultralytics": "8.3.41 8.3.42 8.3.45 8.3.46", "ctx": "0.1.2 0.2.2 0.2.6", "num2words": "0.5.15",
    "ssh-decorate": "0.28 0.29 0.30 0.31", "torchtriton": "2.0.0 3.0.0",
}  # fmt: skip
_EXACT = re.compile(r"\s*(?:=|==|===)?\s*v?(\d[\w.+-]*)\s*$")


def taken_back(name: str, version: str, *, python: bool = False) -> str:
    """The release that a name and an exact version mean, if it was taken back; else nothing. A range may mean any."""
    exact = _EXACT.match(version)
    plain = name.lower().replace("_", "-") if python else name
    known = (_PYTHON if python else _NODE).get(plain, "").split()
    return f"{plain} {exact[1]}" if exact and exact[1] in known else ""
