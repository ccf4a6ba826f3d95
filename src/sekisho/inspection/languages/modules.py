"""Modules that lie behind an address."""

import re

_PUBLIC = re.compile(
    r"https?://(?:[\w-]+\.)*(?:deno\.land|esm\.sh|esm\.run|jsr\.io|jsdelivr\.net|unpkg\.com|skypack\.dev|jspm\.(?:io|dev)"
    r"|cloudflare\.com|gstatic\.com|googleapis\.com|googletagmanager\.com|crux\.land|denopkg\.com|nest\.land|pika\.dev"
    r"|jquery\.com|bootcdn\.net|bootstrapcdn\.com|aspnetcdn\.com|stripe\.com|paypal\.com|polyfill\.io|localhost|127\.0\.0\.1"
    r"|w3\.org|pyscript\.net|modularjs\.com)(?:[:/]|$)",
    re.IGNORECASE,
)
"""Where packages are served to browsers and Deno, whoever wrote them."""


def is_remote_module(name: str) -> bool:
    """Whether a module's name is an address of somebody's own, so that what it is may change at any time."""
    return name.startswith(("http://", "https://", "//")) and not _PUBLIC.match(name)
