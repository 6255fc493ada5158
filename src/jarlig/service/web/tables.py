"""Declared tables (表格): columns, filters, order, pages, saved views and acts on several rows at once.

The whole state of a table stands in its address, so that a view can be sent to a colleague, saved and gone back to.
A room declares a ``Table``, asks it for the ``State`` of a request, fetches what that state wants, and has it shown by
``render_table``. What is in memory already is arranged by ``arrange``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field as default, replace
from typing import Any, Protocol
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from jarlig.service.web.cells import KINDS, Cell, cell, value_of
from jarlig.service.web.context import Link, fill
from jarlig.service.web.plain import plain

PAGE = 25


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it shows, its head, its kind, and whether the reader may sort by it or put it away.

    Args:
        key: the name of the value in a row.
        label: the head.
        kind: one of ``cells.KINDS``.
        sortable: whether a click on the head sorts.
        shown: whether it is there before the reader chooses columns.
        head: whether it names the row; one column does.
        wide: whether it takes a line of its own on a narrow screen.
        unit: the unit of all its figures, named once in the head.
    """

    key: str
    label: str
    kind: str = "text"
    sortable: bool = False
    shown: bool = True
    head: bool = False
    wide: bool = False
    unit: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such kind of column: {self.kind}")

    @property
    def right(self) -> bool:
        """Whether its figures stand under each other at the right."""
        return self.kind in ("number", "money")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: a closed choice, or a text to look for where there are no choices."""

    key: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done to chosen rows; where it may not be done it stays in sight, with the reason."""

    key: str
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A saved state of a table under a name."""

    name: str
    query: str


class Views(Protocol):
    """Where the views of one reader are kept."""

    def list(self, table: str) -> Sequence[View]:
        """The views of a table, in the order in which they were saved."""

    def save(self, table: str, view: View) -> None:
        """Keeps a view; one of the same name is replaced."""

    def delete(self, table: str, name: str) -> None:
        """Forgets a view; nothing happens where there is none."""


class InMemory:
    """Views that live as long as the process, for a page of samples and for tests."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, View]] = {}

    def list(self, table: str) -> Sequence[View]:
        """The views of a table."""
        return tuple(self._kept.get(table, {}).values())

    def save(self, table: str, view: View) -> None:
        """Keeps a view."""
        self._kept.setdefault(table, {})[view.name] = view

    def delete(self, table: str, name: str) -> None:
        """Forgets a view."""
        self._kept.get(table, {}).pop(name, None)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its room declares it."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    order: str = ""
    size: int = PAGE
    nothing: str = ""

    def state(self, data: QueryDict) -> State:
        """What an address asks for; what it asks for wrongly is left out."""
        known = {one.key for one in self.columns}
        sortable = {one.key for one in self.columns if one.sortable}
        order = data.get("sort", "")
        page = data.get("page", "")
        wanted = [key for key in data.getlist("col") if key in known]
        filters = {}
        for one in self.filters:
            text = plain(data.get(one.key, "")).strip()[:200]
            if text and (not one.choices or text in dict(one.choices)):
                filters[one.key] = text
        return State(
            table=self,
            page=int(page) if page.isdecimal() and 0 < int(page[:9]) < 10**6 else 1,
            order=order if order.removeprefix("-") in sortable else self.order,
            columns=tuple(wanted),
            filters=filters,
        )


@dataclass(frozen=True, slots=True)
class State:
    """What one address asks of a table: which page, order, columns and conditions."""

    table: Table
    page: int = 1
    order: str = ""
    columns: tuple[str, ...] = ()
    filters: Mapping[str, str] = default(default_factory=dict)

    @property
    def limit(self) -> int:
        """How many rows a page has."""
        return self.table.size

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.table.size

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns to show: the chosen ones and the one that names the row."""
        if not self.columns:
            return tuple(one for one in self.table.columns if one.shown)
        return tuple(one for one in self.table.columns if one.key in self.columns or one.head)

    def pairs(self, *, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """The state as names and values, without what is so anyway."""
        pairs = [(key, text) for key, text in self.filters.items()]
        if self.order != self.table.order:
            pairs.append(("sort", self.order))
        pairs += [("col", key) for key in self.columns]
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        left_out = set(without)
        return [pair for pair in pairs if pair[0] not in left_out]

    def query(self, **changes: Any) -> str:
        """The address of this state, or of one that differs in what is given; always begins with ``?``."""
        return "?" + urlencode(replace(self, **changes).pairs())

    def sorted_by(self, column: Column) -> str:
        """The address of the same rows by this column, the other way round if they are so already."""
        order = column.key if self.order != column.key else f"-{column.key}"
        return self.query(order=order, page=1)

    def direction(self, column: Column) -> str:
        """``ascending``, ``descending``, or nothing where rows are not by this column."""
        if self.order.removeprefix("-") != column.key:
            return ""
        return "descending" if self.order.startswith("-") else "ascending"

    def without(self, key: str) -> str:
        """The address without one condition."""
        return self.query(filters={name: text for name, text in self.filters.items() if name != key}, page=1)

    def said(self) -> list[tuple[str, str, str]]:
        """The conditions in words: key, name of the condition, what it asks."""
        labels = {one.key: one for one in self.table.filters}
        return [
            (key, labels[key].label, dict(labels[key].choices).get(text, text)) for key, text in self.filters.items()
        ]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table shows: the rows of this page, how many there are in all, and what may be done to them."""

    rows: Sequence[Any]
    count: int
    totals: Mapping[str, Any] = default(default_factory=dict)
    acts: tuple[Act, ...] = ()
    act_to: str = ""
    key: Callable[[Any], str] | None = None
    name: Callable[[Any], str] | None = None
    tone: Callable[[Any], str] = lambda _row: ""
    allowed: Callable[[Any], Iterable[str]] | None = None
    picked: frozenset[str] = frozenset()


def arrange(state: State, rows: Iterable[Any], **more: Any) -> Rows:
    """Filters, orders and cuts rows that are in memory already; ``more`` goes to ``Rows``."""
    kept = [row for row in rows if all(_meets(row, key, text, state.table) for key, text in state.filters.items())]
    by = state.order.removeprefix("-")
    if by:
        there = [row for row in kept if _plain(row, by) is not None]
        missing = [row for row in kept if _plain(row, by) is None]
        there.sort(key=lambda row: _plain(row, by), reverse=state.order.startswith("-"))
        kept = there + missing
    return Rows(rows=kept[state.offset : state.offset + state.limit], count=len(kept), **more)


def _plain(row: Any, key: str) -> Any:
    value = value_of(row, key)
    value = value.value if isinstance(value, Cell) else value
    return value.text if isinstance(value, Link) else value


def _meets(row: Any, key: str, text: str, table: Table) -> bool:
    closed = next(one for one in table.filters if one.key == key).choices
    if not closed:
        plain = [_plain(row, one.key) for one in table.columns if one.kind in ("text", "link")]
        return any(text.casefold() in str(one).casefold() for one in plain if one is not None)
    return str(_plain(row, key)) == text


def render_table(
    request: HttpRequest,
    state: State,
    rows: Rows,
    *,
    title: str,
    caption: str = "",
    intro: str = "",
    tabs: Sequence[Link] = (),
    views: Views | None = None,
    save_to: str = "",
    export: str = "",
    note: str = "",
    template: str = "table_page.html",
    **more: Any,
) -> HttpResponse:
    """A page with one table and all that stands around it.

    Args:
        request: what was asked.
        state: what of the table is wanted.
        rows: what was found.
        title: the heading of the page.
        caption: who looks at it, in which seat.
        intro: a sentence before the table.
        tabs: neighbouring tables, as addresses.
        views: where the reader's views are kept; ``None`` where there are none.
        save_to: the address that ``keep_view`` answers at.
        export: the address of the same rows as XLSX, without its query.
        note: a sentence under the table.
        template: another template, which extends ``table_page.html``.
        **more: what that template needs.
    """
    fill(request, htmx=True, wide=True)
    values = {
        "title": title, "caption": caption, "intro": intro, "tabs": tabs, "note": note, "state": state, "shown": rows,
        "saved": tuple(views.list(state.table.key)) if views else (), "save_to": save_to if views else "",
        "export": export + state.query(page=1) if export else "", "pages": pages(state, rows.count), **more,
    }  # fmt: skip
    return render(request, template, values)


def keep_view(table: Table, views: Views, data: QueryDict) -> str:
    """Saves or forgets a view as a form asked, and gives the query to return to."""
    state = table.state(QueryDict(data.get("query", "").removeprefix("?")))
    if data.get("forget"):
        views.delete(table.key, data["forget"])
    elif name := data.get("name", "").strip()[:60]:
        views.save(table.key, View(name, state.query(page=1)))
    return state.query()


def pages(state: State, count: int) -> dict[str, Any]:
    """The parameters of the pagination: first, last and near pages; empty where one page holds all."""
    last = max(1, -(-count // state.limit))
    if last == 1:
        return {}
    near = sorted({1, last, *range(max(1, state.page - 1), min(last, state.page + 1) + 1)})
    items: list[dict[str, Any]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            items.append({"ellipsis": True})
        items.append({
            "number": number, "current": number == state.page, "href": state.query(page=number),
            "visuallyHiddenText": _("Page %(number)s") % {"number": number},
        })  # fmt: skip
    found: dict[str, Any] = {"items": items, "landmarkLabel": _("Pages")}
    if state.page > 1:
        found["previous"] = {"href": state.query(page=state.page - 1), "text": _("Previous")}
    if state.page < last:
        found["next"] = {"href": state.query(page=state.page + 1), "text": _("Next")}
    return found


__all__ = ["Act", "Cell", "Column", "Filter", "InMemory", "Rows", "State", "Table", "View", "Views", "arrange", "cell",
           "keep_view", "pages", "render_table"]  # fmt: skip
