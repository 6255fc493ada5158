"""How one value stands in a table (单元格): by its kind, escaped, with what is not known left empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from jarlig.service.web import figures, status
from jarlig.service.web.context import Link

KINDS = ("text", "number", "money", "date", "status", "link", "picture")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with more to it: an address it leads to, a second line, a mark of urgency (``late``, ``soon``)."""

    value: Any
    href: str = ""
    sub: str = ""
    mark: str = ""


def value_of(row: Any, key: str) -> Any:
    """A value of a row, be it a mapping or an object."""
    return row[key] if isinstance(row, Mapping) else getattr(row, key)


def cell(row: Any, key: str, kind: str) -> Markup:
    """The value as it stands in the table."""
    whole = value_of(row, key)
    if not isinstance(whole, Cell):
        whole = Cell(whole)
    shown = _shown(whole.value, kind)
    if whole.href:
        shown = Markup('<a class="govuk-link" href="{}">{}</a>').format(whole.href, shown)
    if whole.mark:
        shown = Markup('<span class="jl-pri jl-pri--{}"></span>{}').format(whole.mark, shown)
    if whole.sub:
        shown = Markup('{}<span class="sub">{}</span>').format(shown, whole.sub)
    return shown


def tag(word: status.Word | str, text: str = "") -> Markup:
    """A status as it is shown everywhere: its tone, its glyph, its word or the words given instead."""
    one = status.word(word) if isinstance(word, str) else word
    return Markup('<strong class="govuk-tag jl-tag--{}">{}</strong>').format(one.tone, text or one.text)


def _shown(value: Any, kind: str) -> Markup:
    if value is None or value == "":
        return Markup("")
    if isinstance(value, Markup):
        return value
    if isinstance(value, Link):
        return Markup('<a class="govuk-link" href="{}">{}</a>').format(value.href, value.text)
    if isinstance(value, status.Word) or kind == "status":
        return tag(value)
    if kind == "money" and not isinstance(value, str):
        return Markup('<span class="amount">{}</span>').format(figures.money(value))
    if kind == "number" and not isinstance(value, str):
        return Markup("{}").format(figures.number(value))
    if kind == "date" and not isinstance(value, str):
        return Markup("{}").format(figures.iso(value))
    return Markup("{}").format(value)
