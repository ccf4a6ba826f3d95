"""Double SHA-256 in compiled code: txids and merkle roots without holding the interpreter.

hashlib costs a call for each hash and keeps Python's lock below 2,048 bytes, and most transactions are shorter. Where
the processor has SHA instructions (x86-64) they are used; elsewhere the rounds of FIPS 180-4 are compiled as they
stand there.
"""

from collections.abc import Callable, Sequence

import numba
import numpy as np
from llvmlite import binding, ir
from numba.core import types
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

from sekisho.chain.columns import I64, U8, U32
from sekisho.chain.reading import copied
from sekisho.compiled import compiled, compiled_in_place

_FIRST = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
_PRIMES = tuple(n for n in range(2, 312) if all(n % k for k in range(2, n)))


def _cube_root_bits(prime: int) -> int:
    """The first 32 bits of the fraction of a prime's cube root (FIPS 180-4, 4.2.2)."""
    low, high = 0, 7 << 32
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**3 <= prime << 96 else (low, middle)
    return low & 0xFFFFFFFF


_ROUNDS = tuple(_cube_root_bits(prime) for prime in _PRIMES)
_START = np.array(_FIRST, np.uint32)
_K = np.array(_ROUNDS, np.uint32)


def _emit_compress(builder: ir.IRBuilder, state: ir.Value, block: ir.Value) -> None:
    """One block into the state, with the x86 SHA instructions (Intel's manual, SHA256RNDS2, SHA256MSG1, SHA256MSG2)."""
    vector = ir.VectorType(ir.IntType(32), 4)

    def instruction(name: str, *values: ir.Value) -> ir.Value:
        kind = ir.FunctionType(vector, [vector] * len(values))
        return builder.call(builder.module.declare_intrinsic(name, fnty=kind), values)

    def shuffled(one: ir.Value, other: ir.Value, places: Sequence[int]) -> ir.Value:
        return builder.shuffle_vector(one, other, ir.Constant(ir.VectorType(ir.IntType(32), 4), list(places)))

    def pointer(base: ir.Value, offset: int) -> ir.Value:
        bytes_of = builder.bitcast(base, ir.IntType(8).as_pointer())
        place = builder.gep(bytes_of, [ir.Constant(ir.IntType(64), offset)], source_etype=ir.IntType(8))
        return builder.bitcast(place, vector.as_pointer())

    def load(base: ir.Value, offset: int) -> ir.Value:
        return builder.load(pointer(base, offset), align=1, typ=vector)

    abcd, efgh = load(state, 0), load(state, 16)
    feba, hgdc = shuffled(abcd, efgh, (5, 4, 1, 0)), shuffled(abcd, efgh, (7, 6, 3, 2))
    first, second = feba, hgdc
    words = [instruction("llvm.bswap.v4i32", load(block, offset)) for offset in range(0, 64, 16)]
    for at in range(0, 64, 4):
        if at >= 16:
            schedule = instruction("llvm.x86.sha256msg1", words[0], words[1])
            schedule = builder.add(schedule, shuffled(words[2], words[3], (1, 2, 3, 4)))
            words = [*words[1:], instruction("llvm.x86.sha256msg2", schedule, words[3])]
            word = words[3]
        else:
            word = words[at // 4]
        mixed = builder.add(word, ir.Constant(vector, list(_ROUNDS[at : at + 4])))
        hgdc = instruction("llvm.x86.sha256rnds2", hgdc, feba, mixed)
        feba = instruction("llvm.x86.sha256rnds2", feba, hgdc, shuffled(mixed, mixed, (2, 3, 2, 3)))
    feba, hgdc = builder.add(feba, first), builder.add(hgdc, second)
    builder.store(shuffled(feba, hgdc, (3, 2, 7, 6)), pointer(state, 0), align=1)
    builder.store(shuffled(feba, hgdc, (1, 0, 5, 4)), pointer(state, 16), align=1)


def _instructions(_context: object, state: types.Type, data: types.Type, at: types.Type) -> tuple[object, object]:
    """Tell numba the type of `_compress` and how to write it."""

    def write(context: object, builder: ir.IRBuilder, signature: Signature, values: Sequence[ir.Value]) -> ir.Value:
        make = context.make_array  # type: ignore[attr-defined]
        rows = [make(kind)(context, builder, value) for kind, value in zip(signature.args[:2], values[:2], strict=True)]
        start = builder.bitcast(rows[1].data, ir.IntType(8).as_pointer())
        block = builder.gep(start, [values[2]], source_etype=ir.IntType(8))
        _emit_compress(builder, rows[0].data, block)
        return context.get_dummy_value()  # type: ignore[attr-defined]

    return types.void(state, data, at), write


@compiled_in_place
def _rotated(word: np.uint32, by: int) -> np.uint32:
    return np.uint32(np.uint32(word >> by) | np.uint32(word << (32 - by)))


@compiled
def compress_anywhere(state: U32, data: U8, at: int) -> None:
    """One block into the state (FIPS 180-4, 6.2.2)."""
    w = np.empty(64, np.uint32)
    for t in range(16):
        p = at + 4 * t
        w[t] = np.uint32(
            np.int64(data[p]) << 24 | np.int64(data[p + 1]) << 16 | np.int64(data[p + 2]) << 8 | np.int64(data[p + 3])
        )
    for t in range(16, 64):
        near, far = w[t - 2], w[t - 15]
        near = _rotated(near, 17) ^ _rotated(near, 19) ^ np.uint32(near >> 10)
        far = _rotated(far, 7) ^ _rotated(far, 18) ^ np.uint32(far >> 3)
        w[t] = np.uint32(near + w[t - 7] + far + w[t - 16])
    a, b, c, d, e, f, g, h = state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]
    for t in range(64):
        choice = np.uint32((e & f) ^ (~e & g))
        one = np.uint32(h + (_rotated(e, 6) ^ _rotated(e, 11) ^ _rotated(e, 25)) + choice + _K[t] + w[t])
        majority = np.uint32((a & b) ^ (a & c) ^ (b & c))
        two = np.uint32((_rotated(a, 2) ^ _rotated(a, 13) ^ _rotated(a, 22)) + majority)
        h, g, f, e = g, f, e, np.uint32(d + one)
        d, c, b, a = c, b, a, np.uint32(one + two)
    for place, word in enumerate((a, b, c, d, e, f, g, h)):
        state[place] = np.uint32(state[place] + word)


def _has_instructions() -> bool:
    """Whether code made here may use the SHA instructions of this processor."""
    if numba.config.DISABLE_JIT or numba.config.CPU_NAME is not None or numba.config.CPU_FEATURES is not None:
        return False
    try:
        return bool(binding.get_host_cpu_features().get("sha", False))
    except RuntimeError:  # llvmlite knows no features for this kind of processor
        return False


_compress: Callable[[U32, U8, int], None] = intrinsic(_instructions) if _has_instructions() else compress_anywhere


@compiled_in_place
def _begin(state: U32) -> None:
    for place in range(8):
        state[place] = _START[place]


@compiled_in_place
def _write_digest(state: U32, out: U8) -> None:
    for place in range(8):
        word = np.int64(state[place])
        for byte in range(4):
            out[4 * place + byte] = np.uint8(word >> (24 - 8 * byte) & 255)


@compiled_in_place
def sha256d_into(message: U8, length: int, state: U32, out: U8) -> None:
    """Write SHA-256 of SHA-256 of the first `length` bytes of `message` to the 32 bytes `out`.

    The 72 bytes after them are overwritten; `state` is eight words of scratch.
    """
    blocks = (length + 72) // 64
    message[length] = 128
    for byte in range(length + 1, 64 * blocks - 8):
        message[byte] = 0
    for byte in range(8):
        message[64 * blocks - 1 - byte] = np.uint8((8 * length) >> (8 * byte) & 255)
    _begin(state)
    for block in range(blocks):
        _compress(state, message, 64 * block)
    _write_digest(state, message)
    message[32] = 128
    for byte in range(33, 64):
        message[byte] = 0
    message[62] = 1  # a length of 256 bits
    _begin(state)
    _compress(state, message, 0)
    _write_digest(state, out)


def sha256d_all(data: U8, starts: I64, ends: I64) -> U8:
    """SHA-256 of SHA-256 of every range of `data`: one row of 32 bytes for each."""
    longest = int((ends - starts).max(initial=0))
    out = np.empty((len(starts), 32), np.uint8)
    _hash_all(data, starts, ends, np.empty(longest + 72, np.uint8), np.empty(8, np.uint32), out)
    return out


@compiled_in_place
def _hash_all(data: U8, starts: I64, ends: I64, message: U8, state: U32, out: U8) -> None:
    for row in range(len(starts)):
        sha256d_into(message, copied(data, starts[row], ends[row], message, 0), state, out[row])


def merkle_root(leaves: U8) -> tuple[U8, bool]:
    """The merkle root of one or more txids, and whether the tree could be that of a shorter list as well.

    A level of odd length repeats its last hash, so a list whose tail is repeated has the same root. Two equal
    hashes side by side give that away (CVE-2012-2459; Bitcoin Core, consensus/merkle.cpp).
    """
    level = np.empty((len(leaves) + 1, 32), np.uint8)
    level[:-1] = leaves
    twice = _hash_up(level, np.empty(64 + 72, np.uint8), np.empty(8, np.uint32))
    return level[0], twice


@compiled_in_place
def _hash_up(level: U8, message: U8, state: U32) -> bool:
    """Leave the root in the first row of a lowest level with one row of room behind; whether two were equal."""
    count, twice = len(level) - 1, False
    while count > 1:
        if count % 2:
            copied(level[count - 1], 0, 32, level[count], 0)
        for at in range(0, count, 2):
            copied(level[at], 0, 32, message, 0)
            copied(level[at + 1], 0, 32, message, 32)
            twice = twice or (at + 1 < count and _halves_equal(message))
            sha256d_into(message, 64, state, level[at // 2])
        count = (count + 1) // 2
    return twice


@compiled_in_place
def _halves_equal(message: U8) -> bool:
    for byte in range(32):  # noqa: SIM110 (numba compiles no generator)
        if message[byte] != message[32 + byte]:
            return False
    return True
