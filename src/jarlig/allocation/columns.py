"""Columns of a table of claims as exact integers: sums in fen, numbers at a scale, days; and sums back as decimals.

A cell is read by the grammar of facts files. What is not of it is refused with its row; an empty cell is unknown, and
what takes part in a sharing cannot be unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jarlig.ladder.numbers import NumberError, parse_date, parse_scaled
from jarlig.ladder.steps import Words
from jarlig.policy.messages import Place, PolicyError, Problem, problem

Ints = NDArray[np.int64]
#: More wrong cells than this are not told at once.
MOST_TOLD = 20
#: Digits of a number that fits 64 bits whatever they are.
_DIGITS = 18
_EPOCH = 719_163
_EMPTY = Words("空格表示未知，这里须有值", "an empty cell is unknown, and a value is needed here")


@dataclass(frozen=True)
class Source:
    """The table that columns come from: its file, and on which line of it each row begins."""

    file: str
    lines: Ints

    def place(self, at: int) -> Place:
        """Where the row at a position stands."""
        return Place(self.file, int(self.lines[at]), 0)

    def refused(self, name: str, cells: list[tuple[int, str, Words]]) -> PolicyError:
        """What is wrong with some cells of a column."""
        told: list[Problem] = [
            problem("E847", self.place(at), text, name=name, zh=why.zh, en=why.en)
            for at, text, why in cells[:MOST_TOLD]
        ]
        return PolicyError(tuple(told))


def below_header(rows: int) -> Ints:
    """The lines of so many rows that stand one below the other under a header."""
    return np.arange(2, rows + 2)


def scaled(column: Any, scale: int, name: str, source: Source) -> Ints:
    """A column of numbers in units of ``10 ** -scale``.

    Raises:
        PolicyError: E847 with each wrong cell, at most `MOST_TOLD`.
    """
    column = plain(column)
    _no_nulls(column, name, source)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _texts(column, scale, name, source)
    if pa.types.is_integer(column.type):
        values = column.to_numpy()
        if len(values) == 0 or (-(10 ** (_DIGITS - scale)) < values.min() and values.max() < 10 ** (_DIGITS - scale)):
            return values.astype(np.int64) * 10**scale  # type: ignore[no-any-return]
    elif pa.types.is_decimal(column.type):
        try:
            return _units(pc.cast(column, pa.decimal128(_DIGITS, scale)))
        except pa.ArrowInvalid:
            plain_texts = [format(value, "f") for value in column.to_pylist()]
            return _each(plain_texts, lambda text: parse_scaled(text, scale), name, source)
    return _each([str(value) for value in column.to_pylist()], lambda text: parse_scaled(text, scale), name, source)


def days(column: Any, name: str, source: Source) -> Ints:
    """A column of days as ordinals.

    Raises:
        PolicyError: E847 with each wrong cell, at most `MOST_TOLD`.
    """
    column = plain(column)
    _no_nulls(column, name, source)
    if pa.types.is_date32(column.type):
        numbers: Ints = column.cast(pa.int32()).to_numpy().astype(np.int64)
        return numbers + _EPOCH
    return by_value(column, parse_date, name, source)


def by_value(column: Any, read: Callable[[str], int], name: str, source: Source) -> Ints:
    """A column in which the same texts come again and again: each is read once."""
    coded = pc.dictionary_encode(pc.cast(column, pa.string()))
    codes: Ints = coded.indices.to_numpy()
    values = coded.dictionary.to_pylist()
    made = np.zeros(len(values), np.int64)
    wrong: list[tuple[int, str, Words]] = []
    for code, text in enumerate(values):
        try:
            made[code] = read(text)
        except NumberError as error:
            wrong.append((int(np.argmax(codes == code)), text, Words(error.zh, error.en)))
    if wrong:
        raise source.refused(name, wrong)
    return made[codes]


def money(fen: Ints, known: NDArray[np.bool_] | None = None) -> Any:
    """Sums of fen as decimals with two places, null where not known."""
    words = np.empty((len(fen), 2), np.int64)  # a decimal of 128 bits: its low half, then its sign
    words[:, 0], words[:, 1] = fen, fen >> 63
    valid = None if known is None else pa.array(known).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(_DIGITS, 2), len(fen), [valid, pa.py_buffer(words)])


def plain(column: Any) -> Any:
    """A column in one piece, its values not coded."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if isinstance(column, pa.ChunkedArray):  # no rows at all
        column = pa.array([], column.type)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column


def texts(column: Any) -> Any:
    """A column as text."""
    return pc.cast(plain(column), pa.string())


def _no_nulls(column: Any, name: str, source: Source) -> None:
    if column.null_count:
        empty = np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False))
        raise source.refused(name, [(int(at), "", _EMPTY) for at in empty[:MOST_TOLD]])


def _texts(column: Any, scale: int, name: str, source: Source) -> Ints:
    part = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    usual = pc.match_substring_regex(column, rf"\A(0|[1-9][0-9]{{0,{_DIGITS - scale - 1}}}){part}\z")
    if pc.all(usual).as_py() is not False:
        return _units(pc.cast(column, pa.decimal128(_DIGITS, scale)))
    return _each(column.to_pylist(), lambda text: parse_scaled(text, scale), name, source)


def _units(column: Any) -> Ints:
    """Decimals of at most 18 digits as the integers that they hold."""
    halves = np.frombuffer(column.buffers()[1], np.int64)
    return halves[2 * column.offset :: 2][: len(column)].copy()


def _each(texts: list[str], read: Callable[[str], int], name: str, source: Source) -> Ints:
    made = np.zeros(len(texts), np.int64)
    wrong: list[tuple[int, str, Words]] = []
    for at, text in enumerate(texts):
        try:
            value = read(text)
            if abs(value) >= 10**_DIGITS:
                raise NumberError(f"数字超过 {_DIGITS} 位", f"more than {_DIGITS} digits")
            made[at] = value
        except NumberError as error:
            wrong.append((at, text, Words(error.zh, error.en)))
            if len(wrong) == MOST_TOLD:
                break
    if wrong:
        raise source.refused(name, wrong)
    return made
