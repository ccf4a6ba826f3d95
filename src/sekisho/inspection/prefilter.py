"""Where to look: one pass of YARA-X over a source, for any word that could begin a flow. It never decides anything.

A source without one of these words, and with plain ASCII names, has no source and no sink: it is parsed for its imports
alone, unless one of those turns out to have them.
"""

import re
from functools import cache

import yara_x

_WORDS = {
    "python": ("exec", "eval", "compile", "getattr", "__import__", "importlib", "builtins", "globals", "locals",
               "vars(",
               "__dict__", "pickle", "dill", "joblib", "shelve", "yaml", "marshal", "subprocess", ".system", "popen",
               "spawn",
               "pty.", "ctypes", "runpy", "FunctionType", "imp.", "torch", "allow_pickle", "jinja2", "template",
               "Template",
               "request", "urlopen", "urllib", "http", "socket", "base64", "b64", "b32", "b85", "a85", "hexlify",
               "fromhex",
               "zlib", "gzip", "bz2", "lzma", "codecs", "rot13", "decrypt", "expanduser", "home(", "HOME", "APPDATA",
               "environ",
               "winreg", "ftplib", "smtplib", "paramiko", "web3", "solana", "startfile", "execfile", "sh.Command",
               "crontab", "LaunchAgents", "systemd", "CryptUnprotect", "browser_cookie", "atexit", "chr(", "read_text",
               "read_bytes", "write_text", "write_bytes", "open(", "numexpr", "timeit", "cProfile", "pexpect"),
    "javascript": ("eval", "Function", "constructor", "child_process", "require", "import", "vm", "_compile", "atob",
                   "Buffer", "fromCharCode", "unescape", "fetch", "axios", "http", "XMLHttp", "WebSocket", "request",
                   "spawn", "exec", "process.env", "homedir", "writeFile", "readFile", "ejs", "serialize", "setTimeout",
                   "setInterval", "template", "global", "window[", "Reflect", "importScripts", "jQuery", "$.get"),
}  # fmt: skip
_UNREADABLE = re.compile(rb"[^\t\n\f\r\x20-\x7e]")


@cache
def _rules() -> yara_x.Rules:
    compiler = yara_x.Compiler()
    for language, words in _WORDS.items():
        strings = "\n".join(f'$s{n} = "{word}"' for n, word in enumerate(words))
        compiler.add_source(f"rule {language} {{ strings: {strings} condition: any of them }}")
    return compiler.build()


def worth_reading(data: bytes, language: str) -> bool:
    """Whether anything could flow in a source."""
    kind = "python" if language == "python" else "javascript"
    if _UNREADABLE.search(data):
        return True
    if kind == "javascript" and b"\\u" in data:  # a name may be spelt with escapes
        return True
    return any(rule.identifier == kind for rule in _rules().scan(data).matching_rules)
