"""Codes in facts: each form with its own check from the reference room."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from jarlig.ladder.numbers import NumberError
from jarlig.reference.divisions import PROVINCES, divisions
from jarlig.reference.errors import BadCode, UnknownDivision
from jarlig.reference.invoices import check_invoice
from jarlig.reference.uscc import check_uscc, uscc_is_valid

MOST_TEXT = 200
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_INDUSTRY = re.compile(r"[0-9]{4}\Z")
_BANK = re.compile(r"[0-9]{12}\Z")
_DIVISION = re.compile(r"[1-9][0-9]{5}(?:[0-9]{3}(?:[0-9]{3})?)?\Z")
_LEVEL_DIGITS = {"region": 2, "league": 4, "county": 6, "township": 9, "village": 12}


def check_code(form: str) -> Callable[[str], str]:
    """The check of a form of code: gives back the code, or raises NumberError with what is wrong."""
    return _CHECKS.get(form, _text)


def _text(text: str) -> str:
    """Any short text on one line, not empty: an empty key would be everybody's key."""
    clean = unicodedata.normalize("NFC", text.strip())
    if not clean or len(clean) > MOST_TEXT or not clean.isprintable():
        raise NumberError(
            "应为一行文本，不能为空，不超过 200 字", "must be one line of text, not empty, at most 200 characters"
        )
    return clean


def _uscc(text: str) -> str:
    clean = text.strip().upper()
    if not uscc_is_valid(clean):
        try:
            check_uscc(clean)
        except BadCode as error:
            raise NumberError(error.zh, error.en) from error
    return clean


def _invoice(text: str) -> str:
    try:
        return check_invoice(text).key
    except BadCode as error:
        raise NumberError(error.zh, error.en) from error


def _pattern(pattern: re.Pattern[str], zh: str, en: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not pattern.match(text):
            raise NumberError(zh, en)
        return text

    return check


_CHECKS: dict[str, Callable[[str], str]] = {
    "uscc": _uscc,
    "invoice": _invoice,
    "sha256": _pattern(_SHA256, "应为 64 位十六进制小写", "must be 64 hexadecimal digits in small letters"),
    "industry": _pattern(_INDUSTRY, "应为四位行业代码（GB/T 4754）", "must be a four-digit industry code (GB/T 4754)"),
    "bank": _pattern(_BANK, "应为 12 位联行号", "must be a bank routing code of 12 digits"),
}


def is_division(text: str) -> bool:
    """Whether a text has the form of a division code, whether or not there is such a place."""
    return _DIVISION.match(text) is not None


def check_region(text: str, region: str) -> str:
    """A division code that lies in some province; the places of a programme with a made-up region are made up too.

    Raises:
        NumberError: no division of the province level begins so.
    """
    if text[:2] in PROVINCES or region[:2] not in PROVINCES:
        return text
    known = divisions()
    zh, en = f"没有以 {text[:2]} 开头的省级行政区", f"no province-level division begins with {text[:2]}"
    if region[:2] == known.region.code[:2]:
        near = known.near_code(text)
        zh += f"，{known.region.zh}的代码以 {region[:2]} 开头{near.zh}"
        en += f"; codes of {known.region.en} begin with {region[:2]}{near.en}"
    raise NumberError(zh, en)


def check_division(text: str, level: str) -> str:
    """A division code no finer than its fact's level asks; one of a region whose table is known must be in it.

    Raises:
        NumberError: when it is no division code, too fine, or a place that there is not.
    """
    if not _DIVISION.match(text):
        raise NumberError("区划代码为 6、9 或 12 位数字", "a division code has 6, 9 or 12 digits")
    if len(text) > max(6, _LEVEL_DIGITS[level]):
        raise NumberError(f"应写到 {level} 一级", f"must be given to the {level} level")
    known = divisions()
    if any(text[:2] == league.code[:2] for league in known.leagues) and not text.endswith("0000"):
        try:
            known.division(text)
        except UnknownDivision as error:
            raise NumberError(error.zh, error.en) from error
    return text
