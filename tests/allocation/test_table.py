"""A table of determinations shared out: who takes part, what stands on each row, and what is wrong with a table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st
from tests.policy.frame import HEAD, Frame, codes

from jarlig.allocation import columns, table as tables
from jarlig.allocation.columns import Source
from jarlig.allocation.model import WHY, Claim, Seat, Terms
from jarlig.allocation.pool import allocate
from jarlig.allocation.table import Shared, share
from jarlig.allocation.terms import Guided
from jarlig.policy.messages import PolicyError

FACTS = """\
facts:
  score: {quantity: {unit: point, decimals: 1, most: 100}, title: {zh: 评分, en: score}}
  cost: {money: {}, title: {zh: 费用, en: cost}}
  park: {code: text, title: {zh: 园区, en: park}}
"""
OFFER = FACTS + "amount: 100\n"
OTHER = HEAD.replace("offer: a", "offer: b") + FACTS + "amount: 90\n"
HEADS = ("case", "offer", "outcome", "amount")


def text_table(rows, heads=HEADS):
    """A table as a CSV is read: text, empty cells null."""
    listed = [list(row) for row in rows]
    return pa.table({
        name: pa.array([row[at] if row[at] != "" else None for row in listed], pa.string())
        for at, name in enumerate(heads)
    })  # fmt: skip


class Guide:
    """A programme with the pool p of the offers a and b."""

    def __init__(self, folder: Path, text: str = "share: pro_rata", amount: str = "150", offer: str = OFFER,
                 offers: str = "[a, b]", **more):  # fmt: skip
        taken = more.pop("taken", {})
        guide = f"pools: {{p: {{offers: {offers}, amount: {amount}, {text}}}}}\n" + more.pop("guide", "")
        self.frame = Frame(folder, offer, guide=guide, others=(OTHER,), **more)
        self.guided = Guided(self.frame.programme, 2024, {}, taken)

    def share(self, rows, heads=HEADS, only: str = "") -> Shared:
        guided = Guided(self.frame.programme, 2024, {}, self.guided.taken, only) if only else self.guided
        given = rows if isinstance(rows, pa.Table) else text_table(rows, heads)
        return share(given, "claims.csv", guided)

    def approved(self, rows, heads=HEADS) -> dict[str, str | None]:
        found = self.share(rows, heads).rows.to_pylist()
        return {row["case"]: None if row["approved"] is None else str(row["approved"]) for row in found}

    def refused(self, rows, heads=HEADS, only: str = ""):
        with pytest.raises(PolicyError) as caught:
            self.share(rows, heads, only)
        return caught.value


ROWS = [("1", "a", "award", "100"), ("2", "a", "award", "50.00"), ("3", "b", "award", "75.5")]


def test_every_row_comes_out_with_its_columns_and_what_was_approved_why_and_how(tmp_path):
    heads = (*HEADS, "group.size")
    rows = [(*row, "小") for row in ROWS]
    found = Guide(tmp_path).share(rows, heads)
    assert found.rows.column_names == [*heads, *tables.ADDED]
    first, second, third = found.rows.to_pylist()
    assert first == {
        "case": "1", "offer": "a", "outcome": "award", "amount": "100", "group.size": "小", "pool": "p",
        "rule": "pro_rata", "requested": Decimal("100.00"), "approved": Decimal("66.52"), "factor": "300/451",
        "rank": None, "floor_kept": Decimal("0.00"), "note_zh": WHY["scaled_up"].zh, "note_en": WHY["scaled_up"].en,
    }  # fmt: skip
    assert [row["approved"] for row in (second, third)] == [Decimal("33.26"), Decimal("50.22")]
    assert found.rows.schema.field("approved").type == pa.decimal128(18, 2)


def test_only_awards_of_this_years_guide_take_part_and_the_others_are_counted(tmp_path):
    heads = (*HEADS, "guide")
    rows = [
        ("1", "a", "award", "100", "2024"), ("2", "a", "award", "100", "2023"), ("3", "a", "not_eligible", "", "2024"),
        ("4", "a", "needs_decision", "", "2024"), ("5", "b", "needs_decision", "", "2024"),
        ("6", "b", "award", "9", ""),
    ]  # fmt: skip
    found = Guide(tmp_path).share(rows, heads)
    assert [row["case"] for row in found.rows.to_pylist()] == ["1"]
    assert found.aside == {"not_eligible": 1, "needs_decision": 2, "other_guide": 2}


def test_a_table_may_hold_exact_types(tmp_path):
    guide = Guide(tmp_path, "share: ranking, by: score, ties: [on, case]")
    sums = [Decimal("100.50"), Decimal(60), Decimal(40)]
    typed = pa.table({
        "case": pa.array([1, 2, 10], pa.int64()), "offer": pa.array(["a", "a", "b"]).dictionary_encode(),
        "outcome": ["award"] * 3, "amount": pa.array(sums, pa.decimal128(18, 2)),
        "score": pa.array([70, 90, 90], pa.int32()), "on": pa.array([date(2024, 6, day) for day in (3, 2, 2)]),
    })  # fmt: skip
    found = guide.share(typed).rows
    assert [str(row) for row in found["approved"].to_pylist()] == ["50.00", "60.00", "40.00"]
    assert found["rank"].to_pylist() == [3, 2, 1]  # cases are told apart as text: 10 before 2
    assert found["factor"].to_pylist() == ["100/201", "1", "1"]


def test_chunks_of_a_table_are_one_table(tmp_path):
    halves = [text_table(ROWS[:1]), text_table(ROWS[1:])]
    assert Guide(tmp_path).share(pa.concat_tables(halves)).rows.equals(Guide(tmp_path).share(text_table(ROWS)).rows)


def test_a_table_without_awards_leaves_the_pool_untouched(tmp_path):
    for rows in ([], [("1", "a", "closed", "")]):
        found = Guide(tmp_path).share(rows)
        assert (found.rows.num_rows, found.accounts[0].left) == (0, 15_000)


def test_a_pool_alone_leaves_claims_of_others_aside(tmp_path):
    guide = Guide(tmp_path, offers="[a]")
    assert codes(guide.refused(ROWS)) == ["E849"]
    assert "rows: 1" in guide.refused(ROWS).problems[0].en
    found = guide.share(ROWS, only="p")
    assert (found.rows.num_rows, found.aside) == (2, {"other_pool": 1})


def test_what_is_only_told_or_goes_to_a_government_is_no_claim(tmp_path):
    told = HEAD.replace("offer: a", "offer: c") + "nature: inform\namount: 5\n"
    passed = HEAD.replace("offer: a", "offer: d") + "nature: transfer\namount: 5\n"
    guide = "pools:\n  p: {offers: [a], amount: 150, share: pro_rata}\n  q: {offers: [b], amount: 9, share: pro_rata}\n"
    frame = Frame(tmp_path, OFFER, others=(OTHER, told, passed), guide=guide)
    rows = [*ROWS, ("4", "c", "award", "5"), ("5", "d", "award", "5"), ("6", "d", "award", "5")]
    found = share(text_table(rows), "t.csv", Guided(frame.programme, 2024))
    assert (found.rows.num_rows, found.aside) == (3, {"no_award": 3})
    alone = share(text_table(rows), "t.csv", Guided(frame.programme, 2024, only="q"))
    assert (alone.rows.num_rows, alone.aside) == (1, {"no_award": 3, "other_pool": 2})


def test_days_that_nobody_orders_by_are_told_of_where_they_are_days_and_otherwise_left_alone(tmp_path):
    frame = Frame(tmp_path, OFFER, others=(OTHER,), years=(2023, 2024),
                  guide="pools: {p: {offers: [a, b], amount: 150, share: pro_rata, ties: case}}\n")  # fmt: skip
    days = ["2023-06-01", "soon", "", "2024-06-01", "1999-01-01"]
    rows = [(str(at), "a", "award", "1", day) for at, day in enumerate(days)]
    found = share(text_table(rows, (*HEADS, "on")), "t.csv", Guided(frame.programme, 2024))
    assert (found.rows.num_rows, found.other_years, found.aside) == (5, {"2023": 1}, {})


# orders


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("share: ranking, by: score", "2"),
        ("share: ranking, by: score, first: lowest", "1"),
        ("share: ranking, by: [cost, score]", "3"),
        ("share: ranking, by: amount", "1"),
        ("share: first_come", "3"),
        ("share: first_come, ties: [case]", "3"),
        ("share: ranking, by: cost, ties: [case, on]", "3"),
    ],
)
def test_claims_are_served_in_the_order_that_the_guide_states(tmp_path, text, first):
    heads = (*HEADS, "on", "score", "cost")
    rows = [
        ("1", "a", "award", "100", "2024-06-02", "10", "5"), ("2", "a", "award", "90", "2024-06-02", "99.5", "5"),
        ("3", "b", "award", "80", "2024-06-01", "50", "5.01"),
    ]  # fmt: skip
    found = Guide(tmp_path, text).share(rows, heads).rows.to_pylist()
    assert [row["case"] for row in found if row["rank"] == 1] == [first]


def test_equal_remainders_go_by_day_where_the_table_has_it_and_then_by_case(tmp_path):
    rows = [("9", "a", "award", "1", "2024-06-02"), ("8", "a", "award", "1", "2024-06-03")]
    guide = Guide(tmp_path / "a", amount="0.01")
    assert guide.approved(rows, (*HEADS, "on")) == {"9": "0.01", "8": "0.00"}
    assert guide.approved([row[:4] for row in rows]) == {"9": "0.00", "8": "0.01"}
    stated = Guide(tmp_path / "b", "share: pro_rata, ties: [on, case]", amount="0.01")
    assert codes(stated.refused([row[:4] for row in rows])) == ["E846"]
    alone = Guide(tmp_path / "c", "share: pro_rata, ties: case", amount="0.01")
    assert alone.approved(rows, (*HEADS, "on")) == {"9": "0.00", "8": "0.01"}


def test_a_pool_by_rank_without_a_number_is_refused_only_when_it_has_claims(tmp_path):
    guide = Guide(tmp_path, "share: ranking")
    assert codes(guide.refused(ROWS)) == ["E844"]
    assert guide.share([]).accounts[0].claims == 0


def test_a_column_that_an_order_needs_may_be_empty_for_claims_of_other_pools_only(tmp_path):
    both = "  q: {offers: [b], amount: 500, share: pro_rata}\n"
    frame = Frame(
        tmp_path, OFFER, others=(OTHER,),
        guide="pools:\n  p: {offers: [a], amount: 150, share: ranking, by: score}\n" + both,
    )  # fmt: skip
    rows = [("1", "a", "award", "100", "7"), ("2", "b", "award", "100", "")]
    guided = Guided(frame.programme, 2024)
    assert share(text_table(rows, (*HEADS, "score")), "t.csv", guided).rows["rank"].to_pylist() == [1, None]
    rows[0] = ("1", "a", "award", "100", "")
    with pytest.raises(PolicyError) as caught:
        share(text_table(rows, (*HEADS, "score")), "t.csv", guided)
    assert codes(caught.value) == ["E847"]
    assert "t.csv:2" in str(caught.value.problems[0].place)


# places and floors


def test_the_quota_of_an_offer_is_filled_by_its_own_number_and_others_need_no_place(tmp_path):
    offer = OFFER + "limit: {awards: 1, over: guide_year, by: score}\n"
    rows = [("1", "a", "award", "60", "5"), ("2", "a", "award", "60", "6"), ("3", "b", "award", "60", "")]
    guide = Guide(tmp_path, offer=offer)
    assert guide.approved(rows, (*HEADS, "score")) == {"1": "0.00", "2": "60.00", "3": "60.00"}
    note = guide.share(rows, (*HEADS, "score")).rows["note_en"].to_pylist()[0]
    assert note == "beyond the quota"


def test_a_quota_for_each_subject_counts_each_apart_and_an_unknown_one_is_refused(tmp_path):
    offer = OFFER + "limit: {awards: 1, per: it, over: guide_year, by: score}\n"
    heads = (*HEADS, "score", "park")
    rows = [("1", "a", "award", "9", "5", "x"), ("2", "a", "award", "9", "6", "x"), ("3", "a", "award", "9", "1", "y")]
    guide = Guide(tmp_path, offer=offer, subject="park")
    assert guide.approved(rows, heads) == {"1": "0.00", "2": "9.00", "3": "9.00"}
    error = guide.refused([*rows, ("4", "a", "award", "9", "1", "")], heads)
    assert codes(error) == ["E847"]
    assert error.problems[0].place.line == 5


def test_a_quota_over_several_years_is_asked_for_when_it_has_claims(tmp_path):
    guide = "pools: {p: {offers: [a], amount: 150, share: first_come}}\n"
    frame = Frame(tmp_path, OFFER + "limit: {awards: 3, over: validity}\n", guide=guide, years=(2024, 2025))
    heads = (*HEADS, "on")
    rows = [("1", "a", "award", "9", "2025-05-05"), ("2", "a", "award", "9", "2025-05-04")]
    with pytest.raises(PolicyError) as caught:
        share(text_table(rows, heads), "t.csv", Guided(frame.programme, 2025))
    assert codes(caught.value) == ["E855"]
    assert "--taken a=0" in caught.value.problems[0].hint_en
    found = share(text_table(rows, heads), "t.csv", Guided(frame.programme, 2025, taken={"a": 2}))
    assert [str(fen) for fen in found.rows["approved"].to_pylist()] == ["0.00", "9.00"]


def test_more_claims_than_places_without_an_order_are_for_a_person(tmp_path):
    guide = Guide(tmp_path, offer=OFFER + "limit: {awards: 1, over: guide_year}\n")
    found = guide.share(ROWS)
    assert found.accounts[0].decision.kind == "order"
    assert [(row["approved"], row["factor"]) for row in found.rows.to_pylist()] == [(None, None)] * 3


KEPT = "floor: {amount: 60, when_it_cannot_be_kept: %s}\n"


def test_floors_come_first_and_where_they_do_not_fit_a_person_decides(tmp_path):
    rows = [("1", "a", "award", "100"), ("2", "a", "award", "80"), ("3", "b", "award", "50")]
    firm = OFFER + KEPT % "decide"
    guide = Guide(tmp_path / "a", offer=firm)
    assert guide.approved(rows) == {"1": "70.91", "2": "65.45", "3": "13.64"}
    assert [str(fen) for fen in guide.share(rows).rows["floor_kept"].to_pylist()] == ["60.00", "60.00", "0.00"]
    tight = Guide(tmp_path / "b", offer=firm, amount="119.99").share(rows)
    assert (tight.accounts[0].decision.kind, tight.accounts[0].decision.need) == ("floors", 12_000)
    assert tight.offers == (("a", "b"),)
    soft = Guide(tmp_path / "c", offer=OFFER + KEPT % "scale", amount="115")
    assert soft.approved(rows) == {"1": "50.00", "2": "40.00", "3": "25.00"}


def test_a_floor_of_the_pool_holds_for_every_offer_in_it(tmp_path):
    rows = [("1", "a", "award", "100"), ("2", "b", "award", "20"), ("3", "b", "award", "100")]
    guide = Guide(tmp_path, "share: pro_rata, floor: 30", amount="120")
    assert guide.approved(rows) == {"1": "50.00", "2": "20.00", "3": "50.00"}


def test_of_the_offers_floor_and_the_pools_the_higher_holds_and_neither_is_let_go(tmp_path):
    rows = [("1", "a", "award", "100"), ("2", "b", "award", "100")]
    offer = OFFER + KEPT % "scale"
    guide = Guide(tmp_path / "a", "share: pro_rata, floor: 30", amount="120", offer=offer)
    assert guide.approved(rows) == {"1": "70.91", "2": "49.09"}
    tight = Guide(tmp_path / "b", "share: pro_rata, floor: 30", amount="80", offer=offer).share(rows)
    assert tight.accounts[0].decision.kind == "floors"


def test_a_floor_that_differs_from_case_to_case_is_read_from_its_step(tmp_path):
    offer = OFFER + "floor: {share: 50%, of: cost}\n"
    guide = Guide(tmp_path, offer=offer, amount="100")
    assert codes(guide.refused(ROWS[:2])) == ["E858"]
    rows = [("1", "a", "award", "100", "80"), ("2", "a", "award", "100", "0"), ("3", "b", "award", "0", "")]
    assert guide.approved(rows, (*HEADS, "step.floor")) == {"1": "83.33", "2": "16.67", "3": "0.00"}


def test_a_floor_that_a_place_raises_is_that_of_the_place(tmp_path):
    local = """\
local: "9901"
title: {zh: 细则, en: local rules}
sample: true
at: "990100"
valid: {from: 2024-01-01, to: 2024-12-31}
raise: {a: {floor: 90}}
"""
    guide = Guide(tmp_path, offer=OFFER + "floor: 60\n", amount="170", local=local)
    heads = (*HEADS, "on", "at")
    rows = [("1", "a", "award", "100", "2024-06-01", "990101"), ("2", "a", "award", "100", "2024-06-01", "")]
    found = guide.share(rows, heads).rows
    assert [str(fen) for fen in found["floor_kept"].to_pylist()] == ["90.00", "60.00"]
    assert codes(guide.refused(rows, (*HEADS, "on", "place"))) == ["E846"]


# what is wrong with a table


WRONG = [
    ([("1", "a", "award", "")], "E847", 2, "unknown"),
    ([("1", "a", "award", "1.005")], "E847", 2, "at most 2 decimals"),
    ([("1", "a", "award", "1e5")], "E847", 2, "no exponent"),
    ([("1", "a", "award", "1,000")], "E847", 2, "no commas"),
    ([("1", "a", "closed", ""), ("2", "a", "award", "-1.00")], "E847", 3, "negative"),
    ([("1", "a", "award", "1" * 19)], "E847", 2, "more than 18 digits"),
    ([("1", "c", "award", "5")], "E811", 2, "no offer “c”"),
    ([("1", "a", "awarded", "5")], "E847", 2, "an outcome is one of"),
    ([("1", "a", "", "5")], "E847", 2, "an outcome is one of"),
    ([("", "a", "award", "5")], "E847", 2, "no id"),
    ([("1", "a", "award", "5"), ("1", "b", "award", "5"), ("1", "a", "award", "5")], "E848", 4, "first in line 2"),
]


@pytest.mark.parametrize(("rows", "code", "line", "said"), WRONG)
def test_a_wrong_cell_is_refused_with_its_row(tmp_path, rows, code, line, said):
    error = Guide(tmp_path).refused(rows)
    assert codes(error) == [code]
    assert (error.problems[0].place.file, error.problems[0].place.line) == ("claims.csv", line)
    assert said in error.problems[0].en


@pytest.mark.parametrize("name", HEADS)
def test_a_column_that_is_needed_is_named(tmp_path, name):
    error = Guide(tmp_path).refused(text_table(ROWS).drop_columns([name]))
    assert codes(error) == ["E846"]
    assert f"no column “{name}”" in error.problems[0].en


def test_a_misspelt_column_is_asked_about(tmp_path):
    error = Guide(tmp_path).refused(ROWS, ("case", "offer", "outcome", "amuont"))
    assert "Is it the column “amuont”?" in error.problems[0].hint_en


@pytest.mark.parametrize("name", tables.ADDED)
def test_a_column_that_the_result_writes_cannot_be_there_before(tmp_path, name):
    error = Guide(tmp_path).refused([(*row, "x") for row in ROWS], (*HEADS, name))
    assert codes(error) == ["E850"]


def test_sums_that_do_not_fit_are_refused_with_their_pool(tmp_path):
    error = Guide(tmp_path).refused([("1", "a", "award", "1000000000000.00")])
    assert codes(error) == ["E856"]
    assert "the pool “p” are too large" in error.problems[0].en


def test_thousands_of_wrong_cells_are_told_in_part(tmp_path):
    error = Guide(tmp_path).refused([(str(number), "a", "award", "x") for number in range(5_000)])
    assert codes(error) == ["E847"] * columns.MOST_TOLD


# columns


SOURCE = Source("t.csv", np.arange(2, 102))


@settings(max_examples=100)
@given(st.lists(st.integers(-(10**17), 10**17), max_size=20))
def test_sums_in_fen_become_decimals_and_back(values):
    column = columns.money(np.array(values, np.int64))
    assert column.to_pylist() == [Decimal(value).scaleb(-2) for value in values]
    for same in (column, column.cast(pa.string()), column.cast(pa.decimal128(30, 4))):
        assert columns.scaled(same, 2, "amount", SOURCE).tolist() == values


@pytest.mark.parametrize(
    ("column", "scale", "expected"),
    [
        (pa.array(["1", "2.50", "0", "1_000"]), 2, [100, 250, 0, 100_000]),
        (pa.array([7, -3], pa.int16()), 2, [700, -300]),
        (pa.array([2**63], pa.uint64()), 0, None),
        (pa.array([10**17], pa.int64()), 2, None),
        (pa.array([Decimal("1.005")]), 2, None),
        (pa.array([Decimal("1.500")]), 2, [150]),
        (pa.array([True]), 0, None),
        (pa.array(["7.5"]).dictionary_encode(), 1, [75]),
        (pa.array(["a"]).slice(1), 0, []),
        (pa.array([Decimal("9.99"), Decimal("1.25")]).slice(1), 2, [125]),
    ],
)
def test_numbers_of_every_exact_type_are_read_or_refused_and_never_rounded(column, scale, expected):
    if expected is None:
        with pytest.raises(PolicyError) as caught:
            columns.scaled(column, scale, "score", SOURCE)
        assert codes(caught.value) == ["E847"]
    else:
        assert columns.scaled(column, scale, "score", SOURCE).tolist() == expected


def test_days_are_read_from_text_and_from_dates():
    for column in (pa.array(["2024-02-29", "1970-01-01"]), pa.array([date(2024, 2, 29), date(1970, 1, 1)])):
        assert columns.days(column, "on", SOURCE).tolist() == [date(2024, 2, 29).toordinal(), 719_163]
    with pytest.raises(PolicyError) as caught:
        columns.days(pa.array(["2024-02-29", "2024-02-30"]), "on", SOURCE)
    assert (codes(caught.value), caught.value.problems[0].place.line) == (["E847"], 3)


# the table and the specification


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_table_gives_what_plain_data_gives(data, tmp_path_factory):
    kind = data.draw(st.sampled_from(["pro_rata", "ranking", "first_come"]))
    text = {"pro_rata": "share: pro_rata", "ranking": "share: ranking, by: score", "first_come": "share: first_come"}
    offer = OFFER + "floor: 40\nlimit: {awards: 3, over: guide_year, by: cost}\n"
    guide = Guide(tmp_path_factory.mktemp("g"), text[kind], offer=offer, amount="200")
    fen, small = st.integers(0, 15_000), st.integers(0, 9)
    row = st.tuples(st.sampled_from("ab"), fen, st.integers(0, 3), small, st.integers(1, 3))
    rows = data.draw(st.lists(row, max_size=9))
    heads = (*HEADS, "score", "cost", "on")
    listed = [
        (str(at), name, "award", f"{fen // 100}.{fen % 100:02d}", str(score), str(cost), f"2024-06-0{day}")
        for at, (name, fen, score, cost, day) in enumerate(rows)
    ]
    claims = []
    for at, (name, fen, score, cost, day) in enumerate(rows):
        ties = (day, str(at), name)
        order = (-score, *ties) if kind == "ranking" else ties
        seat = Seat("", (-cost, *order)) if name == "a" else None
        claims.append(Claim(str(at), fen, order, 4_000 if name == "a" else 0, True, (seat,)))
    terms = Terms("p", 20_000, kind, quotas=guide.guided.pools["p"].terms.quotas)
    expected = allocate(terms, claims)
    found = guide.share(listed, heads)
    assert found.accounts == (expected.account,)
    for row, want in zip(found.rows.to_pylist(), expected.rows, strict=True):
        assert row["approved"] == (None if want.approved is None else Decimal(want.approved).scaleb(-2))
        assert (row["factor"], row["rank"], row["note_en"]) == (want.factor or None, want.rank, want.note.en)
