"""Asking memory for what will be read soon, so that many answers are on their way at once.

The columns are far larger than a processor's caches, and what a block spends lies all over them: read one after the
other, waiting for memory would be most of an import.
"""

from collections.abc import Callable, Sequence

import numba
from llvmlite import ir
from numba.core import types
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

from sekisho.chain.columns import I64, U8, U32, U64


def _ask_for(_context: object, array: types.Type, _at: types.Type) -> tuple[object, object]:
    """Tell numba the type of `ask_for` and how to write it."""

    def write(context: object, builder: ir.IRBuilder, signature: Signature, values: Sequence[ir.Value]) -> ir.Value:
        column = context.make_array(signature.args[0])(context, builder, values[0])  # type: ignore[attr-defined]
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), (byte, number, number, number))
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", (byte,), kind)
        read_soon = [ir.Constant(number, each) for each in (0, 3, 1)]  # to read, into every cache, data
        builder.call(prefetch, [builder.bitcast(builder.gep(column.data, [values[1]]), byte), *read_soon])
        return context.get_dummy_value()  # type: ignore[attr-defined]

    return types.void(array, types.int64), write


def _nothing(array: U8 | U32 | U64 | I64, at: int) -> None:
    """Plain Python knows no such thing."""


ask_for: Callable[[U8 | U32 | U64 | I64, int], None] = _nothing if numba.config.DISABLE_JIT else intrinsic(_ask_for)
"""Say that one element of a column will be read; nothing else comes of it, even where there is no such element."""
