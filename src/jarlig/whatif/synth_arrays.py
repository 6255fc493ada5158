"""Columns of made-up values: numbers, days and codes as Arrow arrays, whole columns at once.

Codes carry both check characters of GB 32100-2015 and GB 11714 and are made up all the same: their registration area is
990000, which GB/T 2260 gives to nobody, so no authority issues them. Digests of waybills begin with eight zeros.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jarlig.ladder.kinds import Number
from jarlig.ladder.numbers import MOST_DIGITS
from jarlig.reference.uscc import ALPHABET

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

#: Area of registration of every made-up code; no place has it.
AREA = "990000"
#: An ordinal of Python is this many days more than a day of Arrow.
EPOCH = 719_163
MOST_MONEY_DIGITS = 18
#: With more decimals Arrow writes small numbers with an exponent.
_PLAIN_SCALE = 6
_CHARS = np.frombuffer(ALPHABET.encode(), np.uint8)
_ORGANISATION = np.array([int(char, 36) for char in ALPHABET], np.int64)
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], np.int64)
_ORGANISATION_CHECKS = np.frombuffer(b"0X987654321", np.uint8)
_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)], np.int64)
_VALUE = np.zeros(256, np.int64)
_VALUE[_CHARS] = np.arange(31)
_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint8).reshape(256, 2)
_SCRAMBLE = 0x9E3779B97F4A7C15


def numbers(values: Ints, kind: Number, known: Bools | None = None) -> Any:
    """Scaled integers as whole numbers, or as decimals with the digits of their kind."""
    if not kind.scale:
        return pa.array(values, pa.int64(), mask=None if known is None else ~known)
    wide = np.empty((len(values), 2), np.int64)
    wide[:, 0], wide[:, 1] = values, values >> 63
    return pa.Array.from_buffers(decimal_type(kind), len(values), [_validity(known), pa.py_buffer(wide)])


def decimal_type(kind: Number) -> Any:
    """The type of a column of decimals."""
    return pa.decimal128(min(max(MOST_MONEY_DIGITS, kind.scale + 1), MOST_DIGITS), kind.scale)


def days(values: Ints, known: Bools | None = None) -> Any:
    """Ordinals as dates."""
    shifted = (values - EPOCH).astype(np.int32)
    return pa.array(shifted, pa.int32(), mask=None if known is None else ~known).cast(pa.date32())


def flags(values: Bools, known: Bools | None = None) -> Any:
    """Yes or no."""
    return pa.array(values, pa.bool_(), mask=None if known is None else ~known)


def labels(index: Ints, words: list[str], known: Bools | None = None) -> Any:
    """Words of a closed list, each stored once."""
    kept = pa.array(index.astype(np.int32), pa.int32(), mask=None if known is None else ~known)
    return pa.DictionaryArray.from_arrays(kept, pa.array(words, pa.string()))


def texts(chars: Bytes, known: Bools | None = None) -> Any:
    """Texts of one length, a row of characters each."""
    count, width = chars.shape
    offsets = np.arange(count + 1, dtype=np.int32) * width
    data = pa.py_buffer(np.ascontiguousarray(chars))
    return pa.Array.from_buffers(pa.string(), count, [_validity(known), pa.py_buffer(offsets), data])


def words(values: list[str | None]) -> Any:
    """Texts of any length."""
    return pa.array(values, pa.string())


def named(before: str, serials: Ints, digits: int, after: str = "", known: Bools | None = None) -> Any:
    """Numbered texts: ``before``, the serial with its zeros, ``after``."""
    first, last = (np.frombuffer(part.encode(), np.uint8) for part in (before, after))
    count = len(serials)
    rows = np.hstack([np.tile(first, (count, 1)), decimal_digits(serials, digits), np.tile(last, (count, 1))])
    return texts(rows, known)


def decimal_digits(values: Ints, width: int) -> Bytes:
    """The digits of numbers, leading zeros kept, a row each."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    digits: Bytes = (values[:, None] // powers % 10 + 48).astype(np.uint8)
    return digits


def codes(serials: Ints) -> Bytes:
    """Unified social credit codes (统一社会信用代码), one for each serial, both check characters right."""
    powers = 31 ** np.arange(7, -1, -1, dtype=np.int64)
    index = serials[:, None] // powers % 31
    found = np.empty((len(serials), 18), np.uint8)
    found[:, :8] = np.frombuffer(b"91" + AREA.encode(), np.uint8)
    found[:, 8:16] = _CHARS[index]
    found[:, 16] = _ORGANISATION_CHECKS[_ORGANISATION[index] @ _ORGANISATION_WEIGHTS % 11]
    found[:, 17] = _CHARS[-(_VALUE[found[:, :17]] @ _WEIGHTS) % 31]
    return found


def miswritten(found: Bytes, rows: Bools) -> Bytes:
    """The same codes, those of some rows with a wrong last check character."""
    wrong = found.copy()
    wrong[rows, 17] = _CHARS[(_VALUE[wrong[rows, 17]] + 1) % 31]
    return wrong


def invoices(serials: Ints, years: Ints) -> Bytes:
    """Numbers of fully digital invoices (数电票): year, region 99 that nobody has, channel 9, and the serial."""
    found = np.empty((len(serials), 20), np.uint8)
    found[:, :2] = decimal_digits(np.maximum(years % 100, 21), 2)
    found[:, 2:5] = np.frombuffer(b"999", np.uint8)
    found[:, 5:] = decimal_digits(serials, 15)
    return found


def digests(serials: Ints, rng: np.random.Generator) -> Bytes:
    """Digests in the form of SHA-256, each serial another one; eight zeros in front mark them as made up."""
    count = len(serials)
    raw = np.zeros((count, 32), np.uint8)
    mixed = serials.astype(np.uint64) * np.uint64(_SCRAMBLE)
    raw[:, 4:12] = mixed.view(np.uint8).reshape(count, 8)
    raw[:, 12:] = np.frombuffer(rng.bytes(count * 20), np.uint8).reshape(count, 20)
    found: Bytes = _HEX[raw].reshape(count, 64)
    return found


def as_text(column: Any) -> Any:
    """A column as the texts that a table of text holds: decimals with their digits, days as yyyy-mm-dd."""
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "true", "false")
    if pa.types.is_decimal(column.type) and column.type.scale > _PLAIN_SCALE:
        return words([None if value is None else format(value, "f") for value in column.to_pylist()])
    return column.cast(pa.string())


def _validity(known: Bools | None) -> Any:
    return None if known is None or known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
