"""The page and the data of a comparison say the same figures: each cell of the page against the data's own record."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from jarlig.whatif.compared import Comparison
from jarlig.whatif.data import as_json
from jarlig.whatif.page import render
from jarlig.whatif.page.sayings import SAYINGS


class Cells(HTMLParser):
    """The tables of a page by their captions: for each row the text of its head, and of its cells by their labels."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[tuple[str, dict[str, str]]]] = {}
        self.into: list[str] | None = None
        self.caption, self.head, self.label = "", "", ""
        self.cells: dict[str, str] = {}
        self.below = False  # words below a figure

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.head, self.cells = "", {}
        if tag in ("caption", "th", "td"):
            self.into, self.label = [], dict(attrs).get("data-label") or ""
        self.below = self.below or (tag == "span" and dict(attrs).get("class") == "line quiet")

    def handle_data(self, data: str) -> None:
        if self.into is not None and not self.below:
            self.into.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = " ".join("".join(self.into or []).split())
        if tag == "caption":
            self.caption = text
            assert self.tables.setdefault(text, []) == []
        elif tag == "th":
            self.head = self.head or text
        elif tag == "td" and self.label:
            self.cells[self.label] = text
        elif tag == "tr":
            self.tables[self.caption].append((self.head, self.cells))
        if tag in ("caption", "th", "td"):
            self.into, self.below = None, False


def cells(comparison: Comparison, of: str) -> dict[str, list[tuple[str, dict[str, str]]]]:
    reader = Cells()
    reader.feed(render(comparison, of))
    return reader.tables


def money(text: str | None, signed: bool = False) -> str:
    """A sum of the data as people write it."""
    amount = Decimal(text or "0")
    return ("+" if signed and amount > 0 else "−" if amount < 0 else "") + f"{abs(amount):,.2f}"


def words(of: str) -> Callable[[str], str]:
    """What a page says under a key, in a language."""
    return lambda key: SAYINGS[key][of]


def figures(record: dict[str, Any], of: str, cases: bool) -> dict[str, str]:
    """What a row of costs must say."""
    said = words(of)
    counts = {said("cases"): record["cases"]} if cases else {
        f"{said('awards')} A": record["awards_a"], f"{said('awards')} B": record["awards_b"],
    }  # fmt: skip
    counts |= {f"{said('open')} {side}": record[f"not_known_{side.lower()}"] for side in "AB"}
    sums = {f"{said('cost')} {side}": money(record[f"cost_{side.lower()}"]) for side in "AB"}
    return {**{label: f"{count:,}" for label, count in counts.items()}, **sums,
            said("difference"): money(record["difference"], signed=True)}  # fmt: skip


def without_pictures(row: dict[str, str], of: str) -> dict[str, str]:
    return {label: text for label, text in row.items() if label != SAYINGS["bar"][of]}


def test_costs_by_offer_place_and_group_are_those_of_the_data(found: Comparison, lang: str) -> None:
    data, page = as_json(found)["tables"], cells(found, lang)
    groups = {one["group"] for one in data["groups"]}
    captions = {"offers": SAYINGS["part.offers"][lang], "places": SAYINGS["part.places"][lang]}
    assert groups == {"size"}
    for table, caption in captions.items():
        *rows, total = page[caption][1:]
        expected = [figures(record, lang, table != "offers") for record in data[table]]
        assert [without_pictures(row, lang) for _, row in rows] == expected
        whole = {**data["total"][0], "cases": found.cases}
        assert without_pictures(total[1], lang) == figures(whole, lang, table != "offers")
    rows = page[SAYINGS["group"][lang].format(name=SAYINGS["label.size"][lang])][1:-1]
    assert [without_pictures(row, lang) for _, row in rows] == [figures(one, lang, True) for one in data["groups"]]


def test_pools_are_those_of_the_data(found: Comparison, lang: str) -> None:
    data = as_json(found)["tables"]["pools"]
    rows = [row for _, row in cells(found, lang)[SAYINGS["part.pools"][lang]] if row]
    assert len(rows) == len(data) > 0
    for row, record in zip(rows, data, strict=True):
        assert row[SAYINGS["pool.size"][lang]] == money(record["size"])
        assert row[SAYINGS["pool.requested"][lang]] == money(record["requested"])
        approved = "–" if record["approved"] is None else money(record["approved"])
        assert row[SAYINGS["pool.approved"][lang]] == approved
        if record["factor"] not in (None, "1") and record["claims"]:
            assert row[SAYINGS["pool.factor"][lang]].startswith(f"{record['factor']} ≈ ")


def test_sizes_of_changes_and_those_who_change_most_are_those_of_the_data(found: Comparison, lang: str) -> None:
    data, page = as_json(found)["tables"], cells(found, lang)
    said = words(lang)
    *rows, total = page[said("bands.caption")][1:]
    by_side = {side: [one for one in data["sizes_of_changes"] if one["side"] == side] for side in ("lose", "gain")}
    whole = {one["side"]: one for one in data["changes_of_cases"]}
    for side in ("lose", "gain"):
        for (_, row), record in zip([*rows, total], [*reversed(by_side[side]), whole[side]], strict=True):
            assert row[said(f"bands.{side}")] == f"{record['cases']:,}"
            assert row[said(f"bands.{side}_sum")] == money(record["change"], signed=True)
    for side, caption in (("gain", "gains.caption"), ("lose", "losses.caption")):
        told = {one["case"]: money(one["change"], signed=True) for one in data["largest"] if one["side"] == side}
        rows = [(head, row) for head, row in page.get(said(caption), [])[1:]]
        shown = {head: row[said("movers.change")] for head, row in rows}
        assert {" ".join(case.split()): change for case, change in told.items()} == shown
    assert any(one["side"] == "gain" for one in data["largest"]) or any(
        one["side"] == "lose" for one in data["largest"]
    )
