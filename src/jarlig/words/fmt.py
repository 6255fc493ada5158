"""Figures for people: money, shares, quantities and days, exact and in the manner of each language.

A figure is never cut or rounded here: what has more decimals than two shows them. Chinese text takes no space between
a figure and its unit (元, 月, 日); English puts the currency first. The minus sign is the true one (U+2212).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from jarlig.ladder.kinds import CNY, USD, Unit
from jarlig.ladder.numbers import format_scaled
from jarlig.ladder.steps import Words

MINUS = "\u2212"
_ENGLISH_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                   "November", "December")  # fmt: skip
_CURRENCIES = {CNY: Words("元", "CNY"), USD: Words("美元", "USD")}
_CURRENCY_OF = {"CNY": _CURRENCIES[CNY], "USD": _CURRENCIES[USD]}
_ZH_BESIDE = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) +(?=[\u3400-\u9fff])")


def number(value: int, scale: int, least: int = 0) -> str:
    """A number with thousands commas, trailing zeros dropped down to ``least`` decimals: ``1,234.5``."""
    return format_scaled(value, scale, min(least, scale) if scale else 0, group=True).replace("-", MINUS)


def plain_money(value: int, scale: int = 2) -> str:
    """A sum of money without its unit, for a column: ``1,234,567.00``; an intermediate sum keeps its own decimals."""
    return format_scaled(value, scale, 2, group=True).replace("-", MINUS)


def money(value: int, lang: str, scale: int = 2, unit: Unit = CNY) -> str:
    """A sum of money with its unit: ``1,234,567.00元``, ``CNY 1,234,567.00``. ``value`` in fen at scale 2."""
    currency = _CURRENCIES[unit]
    amount = plain_money(value, scale)
    return f"{amount}{currency.zh}" if lang == "zh" else f"{currency.en} {amount}"


def percent(value: int, scale: int) -> str:
    """A ratio (比例) as a percentage, exactly: ``12.5%``."""
    if scale < 2:
        value, scale = value * 10 ** (2 - scale), 2
    return number(value, scale - 2) + "%"


def day(ordinal: int, lang: str) -> str:
    """A day (日期): ``2022年6月6日``, ``6 June 2022``."""
    value = date.fromordinal(ordinal)
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_ENGLISH_MONTHS[value.month - 1]} {value.year}"


def iso(ordinal: int) -> str:
    """A day as it is typed in a command or a file: ``2022-06-06``."""
    return date.fromordinal(ordinal).isoformat()


def month(value: int, lang: str) -> str:
    """A month (月份), given as ``year * 12 + month - 1``: ``2022年6月``, ``June 2022``."""
    year, index = divmod(value, 12)
    return f"{year}年{index + 1}月" if lang == "zh" else f"{_ENGLISH_MONTHS[index]} {year}"


def period(first: int, last: int, lang: str) -> str:
    """A period with both its days: ``2022年6月6日至2025年6月5日``, ``6 June 2022 to 5 June 2025``."""
    return f"{day(first, lang)}{'至' if lang == 'zh' else ' to '}{day(last, lang)}"


def yes_no(value: bool, lang: str) -> str:
    """是/否, yes/no."""
    return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")


def quantity(value: int, scale: int, unit: Unit, units: Mapping[str, Words], lang: str) -> str:
    """A number with its unit as the programme names it: ``12件``, ``0.3元/件``, ``CNY 0.3/parcel``."""
    if unit in _CURRENCIES:
        return money(value, lang, scale, unit)
    amount = number(value, scale)
    above = [_unit(name, units)[lang] for name, power in unit if power > 0]
    below = "".join("/" + _unit(name, units)[lang] for name, power in unit if power < 0)
    if lang == "zh":
        return amount + "·".join(above) + below
    if above and unit[0][0] in _CURRENCY_OF and unit[0][1] > 0:
        return f"{above[0]} {amount}{below}"
    return f"{amount}{' ' if above else ''}{'·'.join(above)}{below}"


def _unit(name: str, units: Mapping[str, Words]) -> Words:
    """A unit's own words; one that the programme does not name stands as it is spelt."""
    spelt = name.replace("_", " ")
    return units.get(name) or _CURRENCY_OF.get(name) or Words(spelt, spelt)


def listed(items: list[str], lang: str, last: Words | None = None) -> str:
    """Several things in one phrase: ``甲、乙``, ``a, b and c``; ``last`` is the word before the last (和, and)."""
    word = last or Words("、", "and")
    if len(items) < 2:
        return "".join(items)
    if lang == "zh":
        return "、".join(items[:-1]) + word.zh + items[-1]
    return f"{', '.join(items[:-1])} {word.en} {items[-1]}"


def sentence(text: str, lang: str) -> str:
    """Words of several authors as one sentence: a capital in English, no space beside a figure in Chinese."""
    return _ZH_BESIDE.sub("", text) if lang == "zh" else text[:1].upper() + text[1:]
