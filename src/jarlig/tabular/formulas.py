"""Texts in CSV that a spreadsheet would run as formulas: written with an apostrophe before them, read without it.

A cell of CSV has no type: an id such as ``=HYPERLINK(…)`` is a formula to whoever opens the file. As is usual, such a
text gets an apostrophe, by which a spreadsheet shows it as a text; our own reader takes it off again. A text that has
the apostrophe already gets another one, so that every text comes back as it was. Negative numbers stay numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

#: What a formula begins with, the full-width forms included: spreadsheets take some of them too.
_SIGNS = "[=+\\-@\t\r\n＝＋－＠]"
_RISKY = rf"\A'*{_SIGNS}"
_NUMBER = r"\A-[0-9]+(\.[0-9]+)?\z"
_MARKED = rf"\A'+{_SIGNS}"


def harmless(texts: pa.Array | pa.ChunkedArray) -> Any:
    """The texts as they are written into CSV."""
    import pyarrow as pa
    import pyarrow.compute as pc

    risky = pc.match_substring_regex(texts, _RISKY)
    if not pc.any(risky).as_py():
        return texts
    risky = pc.and_(risky, pc.invert(pc.match_substring_regex(texts, _NUMBER)))
    marked = pc.binary_join_element_wise(pa.scalar("'", texts.type), texts, pa.scalar("", texts.type))
    return pc.if_else(risky, marked, texts)


def meant(texts: pa.Array) -> Any:
    """The texts of CSV as they were before `harmless`."""
    import pyarrow.compute as pc

    if not pc.any(pc.starts_with(texts, "'")).as_py():
        return texts
    return pc.if_else(pc.match_substring_regex(texts, _MARKED), pc.utf8_slice_codeunits(texts, 1), texts)
