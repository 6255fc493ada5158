"""How one value stands in a table (单元格): by its kind, escaped, with what is not known left empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

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
        return Markup(shown(whole, kind))
    text = shown(whole.value, kind)
    if whole.href:
        text = f'<a class="govuk-link" href="{escape(whole.href)}">{text}</a>'
    if whole.mark:
        text = f'<span class="jl-pri jl-pri--{escape(whole.mark)}"></span>{text}'
    if whole.sub:
        text = f'{text}<span class="sub">{escape(whole.sub)}</span>'
    return Markup(text)


def tag(word: status.Word | str, text: str = "") -> Markup:
    """A status as it is shown everywhere: its tone, its glyph, its word or the words given instead."""
    one = status.word(word) if isinstance(word, str) else word
    return Markup(f'<strong class="govuk-tag jl-tag--{one.tone}">{escape(text or one.text)}</strong>')


def shown(value: Any, kind: str) -> str:
    """The markup of a value; put together by hand, because a page has thousands of them."""
    if value is None or value == "":
        return ""
    if isinstance(value, Link):
        return f'<a class="govuk-link" href="{escape(value.href)}">{escape(value.text)}</a>'
    if isinstance(value, status.Word) or (kind == "status" and not isinstance(value, Markup)):
        return tag(value)
    if isinstance(value, str):
        return escape(value)
    if kind == "money":
        return f'<span class="amount">{figures.money(value)}</span>'
    if kind == "number":
        return figures.number(value)
    if kind == "date":
        return figures.whole(value)
    return escape(value)
