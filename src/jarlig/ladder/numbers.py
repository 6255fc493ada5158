"""One grammar of numbers, dates and months for everything that is read: programmes, facts, tables.

A number is an optional ``-``, ASCII digits, ``_`` between whole groups of thousands, and optional ``.digits``; nothing
else. What other programs guess at (``1e5``, ``1,000``, full-width digits, ``NaN``) is refused, each with its own
sentence. Inside, a number is an integer at a scale, in units of ``10 ** -scale``: money (金额) is fen at scale 2.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

#: The widest exact number that every engine can hold: DECIMAL(38).
MOST_DIGITS = 38
#: A number of that width with its sign, point and every separator; anything longer is refused unread.
_MOST_CHARACTERS = MOST_DIGITS + 15

_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]{0,2}(?:_[0-9]{3})+|[1-9][0-9]*))(?:\.([0-9]+))?").fullmatch
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})").fullmatch
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})").fullmatch


class NumberError(ValueError):
    """A number, date or month that is not written as it must be: what is wrong and how to write it.

    Attributes:
        zh: the sentence in Chinese, without the text it speaks of.
        en: the same in English.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def parse_decimal(text: str, *, digits: int = MOST_DIGITS) -> tuple[int, int]:
    """A number and its decimals as written: ``"0.30"`` is ``(30, 2)``.

    Raises:
        NumberError: not of the grammar, or more than ``digits`` digits.
    """
    whole, part = _split(text, digits)
    return int(whole + part), len(part)


def parse_scaled(text: str, scale: int) -> int:
    """A number in units of ``10 ** -scale``, exactly: ``parse_scaled("5.1", 2)`` is 510.

    Raises:
        NumberError: not of the grammar, or with decimals that the scale cannot hold; nothing is ever rounded.
    """
    whole, part = _split(text, MOST_DIGITS)
    missing = scale - len(part)
    if missing < 0:
        if part[scale:].strip("0"):
            raise _too_many_decimals(scale)
        return int(whole + part[:scale])
    return int(whole + part + "0" * missing)


def _split(text: str, digits: int) -> tuple[str, str]:
    """Whole part with its sign and separators, and decimals; counted before any conversion."""
    match = _NUMBER(text) if len(text) <= _MOST_CHARACTERS else None
    if match is None:
        raise _refusal(text)
    whole, part = match.groups("")
    if len(text) > digits and sum(map(str.isdigit, text)) > digits:
        raise _too_long(digits)
    return whole, part


def parse_percent(text: str) -> tuple[int, int]:
    """A share (比例) written with ``%``, as a ratio: ``"20%"`` is ``(20, 2)``, ``"12.5%"`` is ``(125, 3)``.

    Raises:
        NumberError: no ``%`` at the end, or no number before it.
    """
    if not text.endswith("%"):
        if text.endswith("％"):
            raise NumberError("百分号“％”是全角，请写成半角“%”", "a full-width “％”; write “%”")
        raise NumberError("比例要带百分号，例如 20%", "a share is written with a percent sign, as in 20%")
    value, decimals = parse_decimal(text[:-1])
    return value, decimals + 2


def parse_date(text: str) -> int:
    """A day written ``yyyy-mm-dd``, as its proleptic ordinal (ISO 8601 calendar date, GB/T 7408.1).

    Raises:
        NumberError: written otherwise, or no such day.
    """
    match = _DATE(text)
    if match is None:
        raise NumberError("日期应写成“年-月-日”，例如 2023-03-01", "a date is written yyyy-mm-dd, as in 2023-03-01")
    year, month, day = map(int, match.groups())
    _real_month(year, month)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise NumberError(
            f"没有这一天：{year} 年 {month} 月为 1 日至 {last} 日",
            f"there is no such day: month {month} of {year} has days 1 to {last}",
        )
    return date(year, month, day).toordinal()


def parse_month(text: str) -> int:
    """A month written ``yyyy-mm``, as ``year * 12 + month - 1``.

    Raises:
        NumberError: written otherwise, or no such month.
    """
    match = _MONTH(text)
    if match is None:
        raise NumberError("月份应写成“年-月”，例如 2023-03", "a month is written yyyy-mm, as in 2023-03")
    year, month = map(int, match.groups())
    _real_month(year, month)
    return year * 12 + month - 1


def _real_month(year: int, month: int) -> None:
    if not year:
        raise NumberError("年份从 0001 起", "years begin at 0001")
    if not 1 <= month <= 12:
        raise NumberError(f"没有 {month} 月，月份为 01 至 12", f"there is no month {month}; months are 01 to 12")


def format_scaled(value: int, scale: int, decimals: int | None = None, group: bool = False) -> str:
    """The number as text, exactly.

    Args:
        value: in units of ``10 ** -scale``.
        scale: the decimals that ``value`` holds; all are written when ``decimals`` is not given.
        decimals: write this many; fewer only by dropping zeros, a figure is never cut.
        group: commas between thousands, for people; text that is to be read again has none.
    """
    digits = str(abs(value)).rjust(scale + 1, "0")
    whole, part = digits[: len(digits) - scale], digits[len(digits) - scale :]
    if decimals is not None:
        part = part[:decimals].ljust(decimals, "0") + part[decimals:].rstrip("0")
    if group:
        whole = f"{int(whole):,}"
    return f"{'-' if value < 0 else ''}{whole}{'.' if part else ''}{part}"


def format_money(fen: int) -> str:
    """An amount in fen (分) as yuan (元) with two decimals: ``"1234567.00"``."""
    return format_scaled(fen, 2)


def round_half_up(value: int, from_scale: int, to_scale: int) -> int:
    """The number at another scale, a half rounded away from zero (四舍五入), for negatives too.

    Money rounds so in invoices and in every SQL engine; ``//`` on a negative would floor instead.
    """
    if to_scale >= from_scale:
        return value * int(10 ** (to_scale - from_scale))
    return half_up(value, int(10 ** (from_scale - to_scale)))


def half_up(value: int, unit: int) -> int:
    """The value in whole units, a tie going away from zero (四舍五入)."""
    if value >= 0:
        return (2 * value + unit) // (2 * unit)
    return -((unit - 2 * value) // (2 * unit))


def _too_long(digits: int) -> NumberError:
    return NumberError(f"数字超过 {digits} 位", f"more than {digits} digits")


def _too_many_decimals(scale: int) -> NumberError:
    if scale == 0:
        return NumberError("应为整数，不带小数", "a whole number is wanted, without decimals")
    plural = "s" if scale > 1 else ""
    return NumberError(
        f"小数最多 {scale} 位，多出的位数不会自动舍入", f"at most {scale} decimal{plural}; nothing is rounded when read"
    )


#: What a text that is no number usually is: the first pattern found gives the sentence; ``{0}`` is what it found.
_REFUSALS = tuple(
    (re.compile(pattern), zh, en)
    for pattern, zh, en in (
        (
            r"\A\s*\Z",
            "没有写数字；未知的数留空或写 null，零写 0",
            "no number here; for a number not known write null, for zero 0",
        ),
        (r"\s", "数字里或两端有空格，请删去", "a space in or beside the number; remove it"),
        (
            r"(?i)\A[-+]?(?:s?nan|inf|infinity)\Z",
            "“{0}”不是数；未知的数留空或写 null",
            "“{0}” is no number; for a number not known write null",
        ),
        (r"[０-９]", "“{0}”是全角数字，请写成半角“{1}”", "“{0}” is a full-width digit; write “{1}”"),
        (
            r"[－．，＋％＿]",
            "“{0}”是全角符号，数字只用半角符号",
            "“{0}” is a full-width sign; numbers use ASCII signs only",
        ),
        (r"[−–—]", "负号应写成半角“-”", "write the minus sign as the ASCII “-”"),
        (
            r"[十百千万亿兆]",
            "不能用“{0}”作单位，请写出全部数字，例如 500 万写成 5_000_000",
            "no unit such as “{0}”; write out all digits, as in 5_000_000",
        ),
        (
            r"[零〇一二三四五六七八九]",
            "“{0}”是汉字数字，请用阿拉伯数字",
            "“{0}” is a Chinese numeral; write digits",
        ),
        (r"[¥￥$元分]", "不写货币符号“{0}”，只写数字", "no currency sign “{0}”; write the digits alone"),
        (r"%", "这里要写数字，不写百分比", "a plain number is wanted here, not a percentage"),
        (r",", "不用逗号分隔，请写 5_000_000 或 5000000", "no commas; write 5_000_000 or 5000000"),
        (r"\A-?\+|\+", "不写“+”号", "no “+” sign"),
        (r"(?i)\A-?0[xob]", "只用十进制数字", "decimal digits only"),
        (r"(?i)\A-?[0-9_.]+e[-+]?[0-9]*\Z", "不用科学计数法，请写出全部数字", "no exponent; write out all digits"),
        (r"\A\(.*\)\Z", "负数请用“-”，不用括号", "write a negative number with “-”, not in brackets"),
        (r"\A-?[0-9_]*\.\Z", "小数点后没有数字", "no digit after the decimal point"),
        (r"\A-?\.[0-9]", "小数点前要写 0，例如 0.5", "write a 0 before the decimal point, as in 0.5"),
        (r"\..*\.", "有不止一个小数点", "more than one decimal point"),
        (
            r"\A-?0[0-9_]",
            "不要以 0 开头；编号不是数，请写在引号里",
            "no leading zeros; a code is not a number, put it in quotes",
        ),
        (
            r"_.*\.|\._|_",
            "“_”只能用作千位分隔，例如 5_000_000",
            "“_” only between groups of three digits, as in 5_000_000",
        ),
    )
)


def _refusal(text: str) -> NumberError:
    """Why a text is not a number, in the one sentence that helps most."""
    if len(text) > _MOST_CHARACTERS:
        return _too_long(MOST_DIGITS)
    for pattern, zh, en in _REFUSALS:
        match = pattern.search(text)
        if match:
            found = match.group().strip()
            plain = unicodedata.normalize("NFKC", found)
            return NumberError(zh.format(found, plain), en.format(found, plain))
    return NumberError("不是数字，请写成 1234567.00 这样的形式", "not a number; write digits, as in 1234567.00")
