"""Hooks for git: what is about to be committed or pushed is read as git will write it, never as it lies in the folder.

git itself, which runs the hook, packs the objects; ignore files and attributes (`export-ignore`) have no say in it.
"""

import shlex
from collections.abc import Sequence
from enum import StrEnum


class Hook(StrEnum):
    """When git asks."""

    PRE_COMMIT = "pre-commit"
    PRE_PUSH = "pre-push"


# `failed` is no name of an object: git packs nothing, where a part of what was asked for would be read as the whole
_COMMIT = """\
#!/bin/sh
# Inspects what is staged before it is committed.
set -eu
export GIT_NO_REPLACE_OBJECTS=1 # what is committed, not what git was told to show instead
tree=$(git write-tree)
{{ git rev-list --objects --no-object-names "$tree" || echo failed; }} | git pack-objects --stdout -q |
  {command} "$tree"
"""

_PUSH = """\
#!/bin/sh
# Inspects what is pushed, and tells what it will start on the server and with which secrets.
set -eu
export GIT_NO_REPLACE_OBJECTS=1 # what is sent, not what git was told to show instead
inspect() {{
  commit=$(git rev-parse --verify "$1^{{commit}}")
  {{ git rev-list --objects --no-object-names --no-walk "$commit" || echo failed; }} | git pack-objects --stdout -q |
    {command} --push "$commit"
}}
if [ -n "${{PRE_COMMIT_TO_REF:-}}" ]; then # so the pre-commit framework tells it
  inspect "$PRE_COMMIT_TO_REF"
else
  while read -r _ pushed _; do
    case $pushed in *[!0]*) inspect "$pushed" ;; esac # zeros: a ref is deleted, nothing is sent
  done
fi
"""


def script(hook: Hook, program: Sequence[str], options: Sequence[str]) -> str:
    """The hook as a shell script. `program` starts `sekisho`; `options` are for `inspect pack`."""
    command = shlex.join([*program, "inspect", "pack", *options])
    return (_COMMIT if hook is Hook.PRE_COMMIT else _PUSH).format(command=command)
