"""Functions compiled to machine code (numba), typed as what they are.

Inside them every integer is 64 bits and wraps, indexes are not checked, and mixing signed with unsigned 64 bits gives
floats: numbers are int64 throughout, and only hashes and prefixes of hashes are unsigned.

Compiling takes seconds, and most of them go into what a function is handed: an array is seven values to the compiler, a
tuple of arrays all of theirs. So few arrays are handed on, and related numbers stand in one.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

ROOMS = ("bitcoin", "chain", "tracing")

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def compiled(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Compile `function` at its first call and keep the machine code on disk; other threads run while it does."""
    made: Callable[_Parameters, _Result] = numba.njit(cache=True, nogil=True, _nrt=True)(function)
    _ignore_literals(made)
    return made


def compiled_in_place(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """The same for a function that makes no array and only works on those lent to it.

    Nobody counts references to them: that takes longer than most of what is done for one input or output.
    """
    made: Callable[_Parameters, _Result] = numba.njit(cache=True, nogil=True, _nrt=False)(function)
    _ignore_literals(made)
    return made


def inlined(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """A part of functions that are compiled in place, put where each call of it stands."""
    made: Callable[_Parameters, _Result] = numba.njit(
        cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True, _nrt=False
    )(function)
    _ignore_literals(made)
    return made


def compiled_part(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """A part that is rarely needed, or makes arrays. It returns none."""
    made: Callable[_Parameters, _Result] = numba.njit(
        cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=True
    )(function)
    _ignore_literals(made)
    return made


def _ignore_literals(made: object) -> None:
    """Compile one function for all numbers: numba would compile another for each constant that it is called with."""
    template = getattr(made, "get_call_template", None)
    if template is None:
        return  # NUMBA_DISABLE_JIT: plain Python

    def without_literals(arguments: tuple[object, ...], named: dict[str, object]) -> object:
        return template(tuple(map(numba.types.unliteral, arguments)), named)

    setattr(made, "get_call_template", without_literals)  # noqa: B010


def _keep_code_apart() -> None:
    """Keep machine code under a digest of the sources of rooms that have such functions.

    Numba only asks whether the file of the function itself changed, not those of the functions it calls: after an
    update it would run the old ones. They stand in the virtual environment, or in the user's cache: never in the source
    tree, for loading them runs what they hold, and whoever inspects the tree should find none.
    """
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for source in sorted([Path(__file__), *(source for room in ROOMS for source in (package / room).rglob("*.py"))]):
        digest.update(source.relative_to(package).as_posix().encode() + b"\0" + source.read_bytes())
    own_place = sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK)
    kept = (Path(sys.prefix) if own_place else Path.home()) / ".cache" / "sekisho"
    own = f"compiled-{digest.hexdigest()[:16]}"
    for old in kept.glob("compiled-*"):
        if old.is_dir() and old.name != own:
            shutil.rmtree(old, ignore_errors=True)
    numba.config.CACHE_DIR = str(kept / own)


if not os.environ.get("NUMBA_CACHE_DIR"):
    _keep_code_apart()
