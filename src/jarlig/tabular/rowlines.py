"""On which line of a CSV file each row begins, as an editor counts lines.

The reader of Arrow counts rows only. Empty lines are no rows for it, and a line break inside a cell begins no row, so
the lines are counted here beside it, by the very rules of that reader: a quote opens a cell only at its beginning, a
doubled quote inside is a quote, and lines end with LF, CR or both.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

#: Bytes looked at in one piece; a piece always ends with a line.
PIECE = 8 << 20
_LF, _CR, _QUOTE, _COMMA = b'\n\r",'
_MARK = b"\xef\xbb\xbf"


class RowLines:
    """Gives the lines of the rows of a file one after the other, the header first; lines are counted from 1."""

    def __init__(self, path: Path, piece: int = PIECE) -> None:
        import numpy as np

        self._pieces = _pieces(path, piece)
        self._read = np.empty(0, np.int64)

    def next(self, count: int) -> np.ndarray:
        """The lines of the next rows; fewer where the file ends."""
        import numpy as np

        while len(self._read) < count and (more := next(self._pieces, None)) is not None:
            self._read = np.concatenate((self._read, more))
        found, self._read = self._read[:count], self._read[count:]
        return found


def _pieces(path: Path, piece: int) -> Iterator[np.ndarray]:
    import numpy as np

    inside, left = False, False  # in a cell in quotes; in the midst of a row
    first, base = 1, 1  # the line of that row, and of the first line of the piece
    with path.open("rb") as stream:
        if stream.read(len(_MARK)) != _MARK:
            stream.seek(0)
        while data := stream.read(piece) + stream.readline():
            lines, ends, inside = _broken(data, inside)
            stops, begun = lines[ends], np.concatenate(([first], base + ends + 1)).astype(np.int64)
            yield begun[: len(stops)][_filled(data, stops, left)]
            first = int(begun[-1])
            left = int(stops[-1]) + 1 < len(data) if len(stops) else True
            base += len(lines)
    if left:
        yield np.asarray([first], np.int64)


def _filled(data: bytes, stops: np.ndarray, left: bool) -> np.ndarray:
    """Which of the rows that end in a piece are more than an empty line; ``left``: the first began before it."""
    import numpy as np

    codes = np.frombuffer(data, np.uint8)
    starts = np.concatenate(([0], stops[:-1] + 1)).astype(np.int64)[: len(stops)]
    pairs = (codes[stops] == _LF) & (codes[np.maximum(stops, 1) - 1] == _CR)
    filled: np.ndarray = stops - pairs > starts
    if left:
        filled[:1] = True
    return filled


def _broken(data: bytes, inside: bool) -> tuple[np.ndarray, np.ndarray, bool]:
    """Where lines end in a piece, which of these ends are ends of rows, and whether it ends inside a cell."""
    import numpy as np

    codes = np.frombuffer(data, np.uint8)
    ended = codes == _LF
    if b"\r" in data:
        ended[:-1] |= (codes[:-1] == _CR) & (codes[1:] != _LF)
        ended[-1] |= codes[-1] == _CR
    lines = np.flatnonzero(ended)
    if b'"' not in data:
        return lines, np.arange(0 if inside else len(lines)), inside
    quotes = np.flatnonzero(codes == _QUOTE)
    opening = quotes[int(inside) :: 2]
    before = codes[opening[opening > 0] - 1]
    if not np.isin(before, (_COMMA, _LF, _CR, _QUOTE)).all():
        return _one_by_one(codes, lines, quotes, inside)
    open_ = (np.searchsorted(quotes, lines) + int(inside)) % 2
    return lines, np.flatnonzero(open_ == 0), bool((len(quotes) + int(inside)) % 2)


def _one_by_one(
    codes: np.ndarray, lines: np.ndarray, quotes: np.ndarray, inside: bool
) -> tuple[np.ndarray, np.ndarray, bool]:
    """The same where a quote stands in the midst of a cell, which opens nothing."""
    import numpy as np

    of_line, ends, skipped = {at: which for which, at in enumerate(lines.tolist())}, [], -1
    for at in sorted([*of_line, *quotes.tolist()]):
        if at in of_line:
            if not inside:
                ends.append(of_line[at])
        elif inside:
            if at == skipped:
                continue
            doubled = at + 1 < len(codes) and codes[at + 1] == _QUOTE
            skipped, inside = (at + 1, True) if doubled else (-1, False)
        else:
            inside = at == 0 or codes[at - 1] in (_COMMA, _LF, _CR)
    return lines, np.asarray(ends, np.int64), inside
