"""Functions compiled to machine code (numba), typed as what they are.

Inside them every integer is 64 bits and wraps, indexes are not checked, and mixing signed with unsigned 64 bits gives
floats: numbers are int64 throughout, and only hashes and prefixes of hashes are unsigned.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def compiled(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Compile `function` at its first call and keep the machine code on disk; other threads run while it does."""
    made: Callable[_Parameters, _Result] = numba.njit(cache=True, nogil=True)(function)
    return made
