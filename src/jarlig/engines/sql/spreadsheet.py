"""Cells as spreadsheets write them into CSV: what can mean one thing only is taken, the rest is told how to mend.

``TRUE`` and ``2022/8/1`` are a spreadsheet's own way to write a truth and a day with its year first. Numbers stay
strict: ``1,234.50`` and ``20%`` are refused as in a facts file, with the format of the cell that writes them plainly.
"""

from __future__ import annotations

import re
import unicodedata

from jarlig.ladder.kinds import Code, Date, Kind, Month, Number, YesNo
from jarlig.ladder.numbers import NumberError
from jarlig.ladder.steps import Words
from jarlig.tabular.sheets import ERRORS, NOT_COMPUTED

_DAY = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})").fullmatch
_MONTH = re.compile(r"([0-9]{4})/([0-9]{1,2})").fullmatch
_LOST = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+").fullmatch

_GENERAL = Words(
    "请把单元格格式设为“常规”，不带千位分隔符、百分号和货币符号，再保存",
    "set the cells to the format General, without thousands separators, percent or currency signs, and save again",
)
_SHARE = Words(
    "20% 请写 0.2，单元格格式设为“常规”，再保存",
    "write 0.2 for 20%, set the cells to the format General, and save again",
)
_ISO = Words(
    "请把单元格的日期格式设为 yyyy-mm-dd，再保存", "set the cells to the date format yyyy-mm-dd, and save again"
)
_TEXT = Words(
    "请把单元格格式设为“文本”，照原样写，再保存", "set the cells to the format Text, write it as it is, and save again"
)
_DIGITS = Words(
    "表格软件已丢失编号的末尾几位，请把这一列设为“文本”，重新填写",
    "the spreadsheet has lost the last digits of the code; set the column to the format Text and enter it anew",
)
_NARROW = Words("请用半角字符", "use half-width characters")


def plainly(text: str, kind: Kind) -> str:
    """The text as a facts file would have it, where a spreadsheet writes a truth or a day in its own way."""
    if isinstance(kind, YesNo) and text in ("TRUE", "FALSE"):
        return text.lower()
    found = _DAY(text) if isinstance(kind, Date) else _MONTH(text) if isinstance(kind, Month) else None
    return "-".join(part.zfill(2) for part in found.groups()) if found else text


def check_error(text: str) -> None:
    """Refuse the word of a formula that came to nothing: it says neither a value nor that there is none.

    Raises:
        NumberError: with what to mend in the spreadsheet.
    """
    if text == NOT_COMPUTED:
        raise NumberError(
            "公式没有保存计算结果，请用表格软件打开并保存，或粘贴为数值",
            "a formula without a computed value; open and save the file in a spreadsheet program, or paste values",
        )
    if text in ERRORS:
        raise NumberError(
            "公式出错，请改正公式；确实未知的，清空单元格",
            "an error of a formula; mend the formula, or empty the cell where the value is not known",
        )


def with_remedy(error: NumberError, text: str, kind: Kind) -> NumberError:
    """The same refusal with what to set in the spreadsheet, where the text is a cell's format rather than a slip."""
    remedy = _remedy(text, kind)
    if remedy is None:
        return error
    return NumberError(f"{error.zh}；{remedy.zh}", f"{error.en}; {remedy.en}")


def _remedy(text: str, kind: Kind) -> Words | None:
    narrow = unicodedata.normalize("NFKC", text)
    if isinstance(kind, Number):
        if "%" in narrow:
            return _SHARE
        return _GENERAL if set(narrow) & set(",¥$￥") or _LOST(text) else None
    if isinstance(kind, Code) and _LOST(text):
        return _DIGITS
    if narrow != text and isinstance(kind, Code | Date | Month):
        return _NARROW
    if isinstance(kind, Date):
        return _ISO
    return _TEXT if isinstance(kind, Month) else None
