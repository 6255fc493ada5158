"""Declared tables: the address is the state, the state is the address, and acts that are not lawful stay in sight."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given, strategies as st

from jarlig.service.web.cells import Cell, cell
from jarlig.service.web.context import Link
from jarlig.service.web.tables import (
    Act,
    Column,
    Filter,
    InMemory,
    Rows,
    State,
    Table,
    View,
    arrange,
    keep_view,
    pages,
    render_table,
)  # fmt: skip

HOSTILE = '<img src=x onerror=alert(1)>"'
QUEUE = Table(
    key="queue",
    caption="待办",
    columns=(
        Column("number", "编号", "link", sortable=True),
        Column("firm", "企业", head=True, sortable=True),
        Column("sum", "金额", "money", sortable=True, unit="元"),
        Column("place", "地区"),
        Column("step", "环节", "status"),
        Column("count", "材料", "number", shown=False),
    ),
    filters=(Filter("place", "地区", (("甲", "甲市"), ("乙", "乙市"))), Filter("find", "企业或编号")),
    order="number",
    size=10,
)


def rows(many: int = 35) -> list[dict[str, Any]]:
    return [
        {
            "number": Link(f"{index:03d}", f"/claims/{index}/"), "firm": f"企业{index:03d}", "place": "甲乙"[index % 2],
            "sum": None if index % 5 == 0 else (index * 7919) % 1000 * 100, "step": "review", "count": index,
        }
        for index in range(many)
    ]  # fmt: skip


def state(query: str = "") -> State:
    return QUEUE.state(QueryDict(query))


@given(
    page=st.integers(1, 99), order=st.sampled_from(["number", "-number", "sum", "-sum", "firm"]),
    columns=st.lists(st.sampled_from([one.key for one in QUEUE.columns]), unique=True),
    place=st.sampled_from(["", "甲", "乙"]), find=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20),
)  # fmt: skip
def test_an_address_says_exactly_the_state_it_was_made_of(
    page: int, order: str, columns: list[str], place: str, find: str
) -> None:
    filters = {name: text for name, text in (("place", place), ("find", find.strip())) if text}
    made = State(QUEUE, page, order, tuple(columns), filters)
    assert state(made.query().removeprefix("?")) == made


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-3", "page=abc", "page=" + "9" * 30, "sort=secret", "sort=place", "col=secret", "place=丙"],
)
def test_what_an_address_asks_wrongly_is_left_out(query: str) -> None:
    assert state(query).query() in ("?", "?page=999999")


def test_a_plain_address_stays_plain() -> None:
    assert state().query() == "?"
    assert state().query(page=2) == "?page=2"


def test_rows_are_ordered_both_ways_and_what_is_not_known_comes_last() -> None:
    up = [row["sum"] for row in arrange(state("sort=sum"), rows()).rows]
    down = [row["sum"] for row in arrange(state("sort=-sum"), rows()).rows]
    assert up == sorted(up) and down == sorted(down, reverse=True)
    assert [row["sum"] for row in arrange(state("sort=-sum&page=4"), rows()).rows] == [None] * 5


def test_conditions_narrow_the_rows_and_are_said_in_words() -> None:
    narrow = state("place=%E4%B9%99&find=1")
    found = arrange(narrow, rows())
    assert {row["place"] for row in found.rows} == {"乙"}
    assert narrow.said() == [("place", "地区", "乙市"), ("find", "企业或编号", "1")]
    assert narrow.without("place") == "?find=1"


def test_a_head_turns_the_order_round() -> None:
    number, firm = QUEUE.columns[:2]
    assert state().sorted_by(number) == "?sort=-number"
    assert state().direction(number) == "ascending"
    assert state("sort=-firm").direction(firm) == "descending"
    assert state("sort=-firm&page=3").sorted_by(firm) == "?sort=firm"


def test_chosen_columns_keep_their_order_and_the_name_of_the_row() -> None:
    assert [one.key for one in state("col=count&col=number").shown] == ["number", "firm", "count"]
    assert "count" not in [one.key for one in state().shown]


def test_pages_show_first_last_and_near_ones() -> None:
    found = pages(state("page=5"), 95)
    assert [one.get("number", "…") for one in found["items"]] == [1, "…", 4, 5, 6, "…", 10]
    assert found["previous"]["href"] == "?page=4" and found["next"]["href"] == "?page=6"
    assert pages(state(), 10) == {}
    assert "next" not in pages(state("page=10"), 95)


def test_a_view_is_saved_under_a_name_and_forgotten() -> None:
    kept = InMemory()
    assert keep_view(QUEUE, kept, QueryDict("name=急件&query=?sort=-sum%26page=3")) == "?sort=-sum&page=3"
    assert kept.list("queue") == (View("急件", "?sort=-sum"),)
    keep_view(QUEUE, kept, QueryDict("forget=急件&query="))
    assert kept.list("queue") == ()


def test_a_view_keeps_only_what_the_table_knows() -> None:
    kept = InMemory()
    keep_view(QUEUE, kept, QueryDict("name=x&query=?secret=1%26sort=nothing"))
    assert kept.list("queue") == (View("x", "?"),)
    keep_view(QUEUE, kept, QueryDict("name=++&query=?"))
    assert len(kept.list("queue")) == 1


@dataclass
class Claim:
    firm: Any
    sum: Any = None


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (None, "money", ""), (0, "money", '<span class="amount">0.00</span>'),
        (-86_400_00, "money", '<span class="amount">−86,400.00</span>'), (1206, "number", "1,206"),
        (dt.date(2023, 10, 9), "date", "2023-10-09"), ("paid", "status", "已支付"), (HOSTILE, "text", "&lt;img src=x"),
        (Cell(HOSTILE, href='/a"b', sub=HOSTILE, mark="late"), "text", "jl-pri--late"),
        (Link(HOSTILE, "/"), "link", "&lt;img"),
        ("待评分", "money", "待评分"),
    ],
)  # fmt: skip
def test_a_value_stands_as_its_kind_says(value: Any, kind: str, shown: str) -> None:
    drawn = cell(Claim(value), "firm", kind)
    assert shown in drawn and "<img" not in drawn and '"/a"b"' not in drawn


def test_a_status_nobody_defined_is_never_shown() -> None:
    with pytest.raises(KeyError):
        cell({"a": "half_done"}, "a", "status")


def test_a_column_of_no_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="fancy"):
        Column("a", "甲", "fancy")


def page(rf: RequestFactory, query: str = "", found: Rows | None = None, **more: Any) -> str:
    wanted = state(query)
    answer = render_table(rf.get("/queue/?" + query), wanted, found or arrange(wanted, rows()), title="队列", **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_heads_units_rows_and_their_count(rf: RequestFactory) -> None:
    text = page(rf)
    assert "金额（元）" in text and 'aria-sort="ascending"' in text and "共 35 项" in text and "第 1 至 10 项" in text
    assert text.count('<th scope="row">') == 10


def test_acts_that_are_not_lawful_stay_in_sight_with_their_reason(rf: RequestFactory) -> None:
    acts = (Act("take", "受理"), Act("freeze", "冻结", "名单已冻结"))
    found = arrange(
        state(), rows(), acts=acts, key=lambda row: row["number"].text, name=lambda row: row["firm"],
        allowed=lambda row: ("take",) if row["count"] % 2 else (), picked=frozenset({"001"}),
    )  # fmt: skip
    text = page(rf, found=found)
    assert 'value="freeze" data-act="freeze" disabled' in text and "“冻结”不可用：名单已冻结" in text
    assert 'value="001" data-pick data-allowed="take" aria-label="选中 企业001" checked' in text
    assert "已选 1 项" in text


def test_nothing_found_is_said(rf: RequestFactory) -> None:
    assert "没有符合条件的记录" in page(rf, "find=%E6%97%A0")


def test_totals_stand_under_their_columns(rf: RequestFactory) -> None:
    text = page(rf, found=arrange(state(), rows(), totals={"sum": 12345}))
    assert "合计" in text and "123.45" in text


def test_saved_views_and_export_carry_the_state(rf: RequestFactory) -> None:
    kept = InMemory()
    kept.save("queue", View(HOSTILE, "?sort=-sum"))
    text = page(rf, "sort=-sum", views=kept, save_to="/queue/views/", export="/queue.xlsx")
    assert 'href="/queue.xlsx?sort=-sum"' in text and 'href="?sort=-sum" aria-current="true"' in text
    assert "<img" not in text


def test_what_a_reader_looks_for_is_escaped(rf: RequestFactory) -> None:
    assert "<img" not in page(rf, "find=%3Cimg%20src%3Dx%3E")


@pytest.mark.parametrize("character", ["%00", "%01", "%1f", "%7f", "%c2%85"])
def test_a_condition_holds_no_control_character(character: str) -> None:
    assert state(f"find=a{character}b").filters == {"find": "a b"}
    assert state(f"find={character}").filters == {}
