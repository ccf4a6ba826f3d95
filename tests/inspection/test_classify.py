"""A file is what its bytes say, then what its name says; nothing is left out for its name, size or folder."""

import pytest

from sekisho.inspection.classify import classify, is_data_name
from sekisho.inspection.virtual import Form, VirtualFile

KINDS = {
    "a.py": (b"x = 1\n", "python"),
    "node_modules/x/.hidden/a.mjs": (b"let x\n", "javascript"),
    "a.d.ts": (b"declare const x: string;\n", "types"),
    "run": (b"#!/usr/bin/env python3\nx = 1\n", "python"),
    "go": (b"#!/bin/sh\necho hi\n", "shell"),
    "a.rb": (b"puts 1\n", "foreign:Ruby"),
    "tool": (b"\x7fELF\x02\x01", "opaque:a Linux program or library"),
    "picture.py": (b"\x89PNG\r\n\x1a\n\0\0", "data"),
    "a.pyc": (b"\xa7\r\r\n\0\0\0\0", "opaque:compiled Python"),
    "weights": (b"\x80\x04\x95\x00.", "pickle"),
    "requirements-dev.txt": (b"x\n", "requirements"),
    "Dockerfile.dev": (b"FROM x\n", "docker"),
    ".git/hooks/pre-push": (b"echo hi\n", "shell"),
    ".git/hooks/pre-push.sample": (b"echo hi\n", "text"),
    "a.woff2": (b"wOF2\0\1\0\0", "data"),
    "nothing.py": (b"", "empty"),
    "with NUL.py": (b"x = 1\0\n", "python"),
}


@pytest.mark.parametrize("path", KINDS)
def test_a_file_is_what_its_bytes_and_its_name_say(path: str) -> None:
    data, language = KINDS[path]
    assert classify(VirtualFile(path, data)).language == language


@pytest.mark.parametrize("path", ["fa.woff2", "logo.png", "notes.pdf", "a.bin"])
def test_a_program_under_the_name_of_data_is_disguised(path: str) -> None:
    found = classify(VirtualFile(path, b"const x = require('os');\n"))
    assert (found.language, found.disguised) == ("javascript", True)


def test_a_link_is_a_link_whatever_its_name() -> None:
    assert classify(VirtualFile("a.py", b"", form=Form.LINK, target="/etc/passwd")).language == "link"


def test_names_of_data() -> None:
    assert is_data_name("public/FA.WOFF2")
    assert not is_data_name("app.py")
