"""How figures and days are written on a page (数字与日期): aligned, exact, in the reader's language."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup

Day = TypeVar("Day", bound=dt.date)
MINUS = "\u2212"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_ZH = "一二三四五六日"


def money(sum_: int | Decimal | None, *, sign: bool = False) -> str:
    """A sum in yuan with two decimals: an ``int`` is fen, a ``Decimal`` is yuan with the decimals it has (2 or more).

    What is not known is an empty text, never a zero.
    """
    if sum_ is None:
        return ""
    yuan = Decimal(sum_).scaleb(-2) if isinstance(sum_, int) else sum_
    exponent = yuan.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    text = f"{abs(yuan):,.{places}f}"
    return (MINUS if yuan < 0 else "+" if sign and yuan else "") + text


def number(value: int | Decimal | None) -> str:
    """A count with comma groups; empty when not known."""
    if value is None:
        return ""
    return (MINUS if value < 0 else "") + (f"{abs(value):,f}" if isinstance(value, Decimal) else f"{abs(value):,}")


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def local(value: Day) -> Day:
    """A moment by the clock of the place; the database gives it by another."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day(value: dt.date | None, *, weekday: bool = False) -> str:
    """A day as it is said: 2023年10月10日（星期二）, Tuesday 10 October 2023."""
    if value is None:
        return ""
    value = local(value)
    if chinese():
        return f"{value.year}年{value.month}月{value.day}日" + (
            f"（星期{WEEKDAYS_ZH[value.weekday()]}）" if weekday else ""
        )
    return (f"{WEEKDAYS[value.weekday()]} " if weekday else "") + f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: dt.datetime | None, *, weekday: bool = False) -> str:
    """A day with its hour, by the clock of the place."""
    if value is None:
        return ""
    value = local(value)
    return f"{day(value.date(), weekday=weekday)} {value:%H:%M}"


def deadline(value: dt.datetime | None, *, weekday: bool = False) -> str:
    """The end of a period whose last instant is outside it: midnight is said as the end of the day before (24:00)."""
    if value is None:
        return ""
    value = local(value)
    if (value.hour, value.minute) == (0, 0):
        return f"{day(value.date() - dt.timedelta(days=1), weekday=weekday)} 24:00"
    return moment(value, weekday=weekday)


def last_day(value: dt.datetime) -> dt.date:
    """The last day of a period whose last instant is outside it."""
    return (local(value) - dt.timedelta(microseconds=1)).date()


def iso(value: dt.date | dt.datetime | None) -> str:
    """A day, or a day and minute, in figures that sort: 2023-10-10, 2023-10-10 08:00."""
    if value is None:
        return ""
    value = local(value)
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else value.isoformat()


def whole(value: dt.date | dt.datetime | None) -> Markup:
    """The same, never broken over two lines."""
    return Markup('<span class="jl-num">{}</span>').format(iso(value)) if value is not None else Markup("")


def phrases(title: str) -> Markup:
    """A title cut into phrases at ``|``, so that a line never breaks inside one."""
    return Markup("").join(
        Markup('<span class="jl-phrase">{}</span>{}').format(part.rstrip(" "), " " if part.endswith(" ") else "")
        for part in title.split("|")
    )
