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

from sekisho.chain.columns import U8, U32
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


_VECTOR = ir.VectorType(ir.IntType(32), 4)


class _Lane:
    """One block on its way into a state, with the x86 SHA instructions (Intel's manual, SHA256RNDS2, MSG1, MSG2)."""

    def __init__(self, builder: ir.IRBuilder, state: ir.Value, block: ir.Value) -> None:
        self._builder, self._state = builder, state
        abcd, efgh = self._load(state, 0), self._load(state, 16)
        self._feba, self._hgdc = self._shuffled(abcd, efgh, (5, 4, 1, 0)), self._shuffled(abcd, efgh, (7, 6, 3, 2))
        self._first = self._feba, self._hgdc
        loaded = (self._load(block, offset) for offset in range(0, 64, 16))
        self._words = [self._instruction("llvm.bswap.v4i32", each) for each in loaded]

    def four_rounds(self, at: int) -> None:
        """The rounds from `at` on."""
        builder, words = self._builder, self._words
        if at >= 16:
            schedule = self._instruction("llvm.x86.sha256msg1", words[0], words[1])
            schedule = builder.add(schedule, self._shuffled(words[2], words[3], (1, 2, 3, 4)))
            words[:] = *words[1:], self._instruction("llvm.x86.sha256msg2", schedule, words[3])
        mixed = builder.add(words[min(at // 4, 3)], ir.Constant(_VECTOR, list(_ROUNDS[at : at + 4])))
        self._hgdc = self._instruction("llvm.x86.sha256rnds2", self._hgdc, self._feba, mixed)
        mixed = self._shuffled(mixed, mixed, (2, 3, 2, 3))
        self._feba = self._instruction("llvm.x86.sha256rnds2", self._feba, self._hgdc, mixed)

    def end(self) -> None:
        """Store what came of the state."""
        builder = self._builder
        feba, hgdc = builder.add(self._feba, self._first[0]), builder.add(self._hgdc, self._first[1])
        builder.store(self._shuffled(feba, hgdc, (3, 2, 7, 6)), self._pointer(self._state, 0), align=1)
        builder.store(self._shuffled(feba, hgdc, (1, 0, 5, 4)), self._pointer(self._state, 16), align=1)

    def _instruction(self, name: str, *values: ir.Value) -> ir.Value:
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * len(values))
        return self._builder.call(self._builder.module.declare_intrinsic(name, fnty=kind), values)

    def _shuffled(self, one: ir.Value, other: ir.Value, places: Sequence[int]) -> ir.Value:
        chosen = ir.Constant(ir.VectorType(ir.IntType(32), 4), list(places))
        return self._builder.shuffle_vector(one, other, chosen)

    def _pointer(self, base: ir.Value, offset: int) -> ir.Value:
        bytes_of = self._builder.bitcast(base, ir.IntType(8).as_pointer())
        place = self._builder.gep(bytes_of, [ir.Constant(ir.IntType(64), offset)], source_etype=ir.IntType(8))
        return self._builder.bitcast(place, _VECTOR.as_pointer())

    def _load(self, base: ir.Value, offset: int) -> ir.Value:
        return self._builder.load(self._pointer(base, offset), align=1, typ=_VECTOR)


def _instructions(_context: object, states: types.Type, data: types.Type, *at: types.Type) -> tuple[object, object]:
    """Tell numba the type of `_compress` or `_compress_two`, and how to write it."""

    def write(context: object, builder: ir.IRBuilder, signature: Signature, values: Sequence[ir.Value]) -> ir.Value:
        make = context.make_array  # type: ignore[attr-defined]
        rows = [make(kind)(context, builder, value) for kind, value in zip(signature.args[:2], values[:2], strict=True)]
        start = builder.bitcast(rows[1].data, ir.IntType(8).as_pointer())
        lanes = []
        for number, place in enumerate(values[2:]):
            state = builder.gep(rows[0].data, [ir.Constant(ir.IntType(64), 8 * number)])
            lanes.append(_Lane(builder, state, builder.gep(start, [place], source_etype=ir.IntType(8))))
        for round_ in range(0, 64, 4):
            for lane in lanes:
                lane.four_rounds(round_)
        for lane in lanes:
            lane.end()
        return context.get_dummy_value()  # type: ignore[attr-defined]

    return types.void(states, data, *at), write


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


@compiled_in_place
def _two_anywhere(states: U32, data: U8, at: int, other: int) -> None:
    compress_anywhere(states[:8], data, at)
    compress_anywhere(states[8:], data, other)


def _one_lane(context: object, state: types.Type, data: types.Type, at: types.Type) -> tuple[object, object]:
    return _instructions(context, state, data, at)


def _two_lanes(
    context: object, states: types.Type, data: types.Type, at: types.Type, other: types.Type
) -> tuple[object, object]:
    return _instructions(context, states, data, at, other)


_compress: Callable[[U32, U8, int], None] = intrinsic(_one_lane) if _has_instructions() else compress_anywhere
_compress_two: Callable[[U32, U8, int, int], None] = intrinsic(_two_lanes) if _has_instructions() else _two_anywhere
"""One block into the first eight words of a state, another into the next eight. Both take hardly longer than one: the
processor needs four cycles for what an instruction gives, and can begin one of the other block meanwhile."""


@compiled_in_place
def _begin(state: U32) -> None:
    for place in range(len(state)):
        state[place] = _START[place % 8]


@compiled_in_place
def _write_digest(state: U32, out: U8, at: int) -> None:
    for place in range(8):
        word = np.int64(state[place])
        target = out[at + 4 * place : at + 4 * place + 4]
        target[0] = np.uint8(word >> 24 & 255)
        target[1] = np.uint8(word >> 16 & 255)
        target[2] = np.uint8(word >> 8 & 255)
        target[3] = np.uint8(word & 255)


@compiled_in_place
def padded(message: U8, at: int, length: int) -> int:
    """Write behind `length` bytes from `at` what SHA-256 wants there (FIPS 180-4, 5.1.1); how many blocks it makes.

    They end at most 72 bytes behind the message.
    """
    blocks = (length + 72) // 64
    end = at + 64 * blocks
    message[at + length] = 128
    for byte in range(at + length + 1, end - 8):
        message[byte] = 0
    for byte in range(8):
        message[end - 1 - byte] = np.uint8((8 * length) >> (8 * byte) & 255)
    return blocks


@compiled_in_place
def sha256d_into(message: U8, at: int, blocks: int, states: U32, short: U8, out: U8) -> None:
    """Write SHA-256 of SHA-256 of the message that fills these `blocks` from `at`, padded, to the 32 bytes `out`.

    `states` are sixteen words of scratch, `short` is scratch that `short_blocks` made.
    """
    state = states[:8]
    _begin(state)
    for block in range(blocks):
        _compress(state, message, at + 64 * block)
    _write_digest(state, short, 0)
    _begin(state)
    _compress(state, short, 0)
    _write_digest(state, out, 0)


@compiled_in_place
def sha256d_two(message: U8, blocks: int, other: int, others: int, states: U32, short: U8, out: U8, row: int) -> None:
    """The same for two messages at once, from 0 and from `other`, into `out[row]` and the row behind."""
    one, two = states[:8], states[8:]
    shared = min(blocks, others)
    _begin(states)
    for block in range(shared):
        _compress_two(states, message, 64 * block, other + 64 * block)
    for block in range(shared, blocks):
        _compress(one, message, 64 * block)
    for block in range(shared, others):
        _compress(two, message, other + 64 * block)
    _write_digest(one, short, 0)
    _write_digest(two, short, 64)
    _begin(states)
    _compress_two(states, short, 0, 64)
    _write_digest(one, out[row], 0)
    _write_digest(two, out[row + 1], 0)


def short_blocks() -> U8:
    """Two blocks, each with room for a digest and padded behind it."""
    made = np.empty(128, np.uint8)
    padded(made, 0, 32)
    padded(made, 64, 32)
    return made


def merkle_root(leaves: U8) -> tuple[U8, bool]:
    """The merkle root of one or more txids, and whether the tree could be that of a shorter list as well.

    A level of odd length repeats its last hash, so a list whose tail is repeated has the same root. Two equal
    hashes side by side give that away (CVE-2012-2459; Bitcoin Core, consensus/merkle.cpp).
    """
    level = np.empty((len(leaves) + 1, 32), np.uint8)
    level[:-1] = leaves
    twice = _hash_up(level, np.empty(256, np.uint8), np.empty(16, np.uint32), short_blocks())
    return level[0], twice


@compiled_in_place
def _hash_up(level: U8, message: U8, states: U32, short: U8) -> bool:
    """Leave the root in the first row of a lowest level with one row of room behind; whether two were equal."""
    count, twice = len(level) - 1, False
    padded(message, 0, 64)
    padded(message, 128, 64)
    while count > 1:
        if count % 2:
            copied(level[count - 1], 0, 32, level[count], 0)
        pairs = (count + 1) // 2
        for pair in range(count // 2):
            twice = twice or _is_pair_equal(level, 2 * pair)
        for pair in range(0, pairs - 1, 2):
            _take_pair(level, 2 * pair, message, 0)
            _take_pair(level, 2 * pair + 2, message, 128)
            sha256d_two(message, 2, 128, 2, states, short, level, pair)
        if pairs % 2:
            _take_pair(level, 2 * pairs - 2, message, 0)
            sha256d_into(message, 0, 2, states, short, level[pairs - 1])
        count = pairs
    return twice


@compiled_in_place
def _take_pair(level: U8, row: int, message: U8, at: int) -> None:
    copied(level[row], 0, 32, message, at)
    copied(level[row + 1], 0, 32, message, at + 32)


@compiled_in_place
def _is_pair_equal(level: U8, row: int) -> bool:
    for byte in range(32):  # noqa: SIM110 (numba compiles no generator)
        if level[row, byte] != level[row + 1, byte]:
            return False
    return True
