"""Sums among places: by factors from a table of scores, of a closed list from the guide, and what may be wrong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st
from tests.policy.frame import HEAD, Frame, codes

from jarlig.allocation.terms import Guided
from jarlig.allocation.transfers import as_table, by_scores, closed_list
from jarlig.policy.messages import PolicyError

FACTS = """\
facts:
  review: {quantity: {unit: point, decimals: 1, most: 100}, title: {zh: 评审, en: review}}
  jobs: {integer: {}, title: {zh: 就业, en: jobs}}
"""
OFFER = FACTS + "nature: transfer\npool: {amount: %s, split: factors, factors: [review, jobs]%s}\n"
WEIGHTS = "fill: {a: {split: {review: 60%, jobs: 40%}}}\n"
LIST = (
    HEAD.replace("offer: a", "offer: b")
    + 'nature: transfer\npool: {amount: 0.05, among: ["990101", "990102"], split: shares}\n'
)
PLAIN = HEAD.replace("offer: a", "offer: c") + "amount: 5\n"


def frame(folder: Path, offer: str = OFFER % ("100", ""), guide: str = WEIGHTS, **more) -> Frame:
    return Frame(folder, offer, guide=guide, others=(LIST, PLAIN), **more)


def scores(*rows, heads=("offer", "place", "review", "jobs")) -> pa.Table:
    return pa.table({
        name: pa.array([row[at] or None for row in rows], pa.string()) for at, name in enumerate(heads)
    })  # fmt: skip


ROWS = (("a", "990101", "80", "30"), ("a", "990102", "20.0", "10"))


def shared(made: Frame, table: pa.Table, only: str = ""):
    return by_scores(table, "s.csv", Guided(made.programme, 2024), only)


def refused(made: Frame, table: pa.Table, code: str, only: str = ""):
    with pytest.raises(PolicyError) as caught:
        shared(made, table, only)
    assert set(codes(caught.value)) == {code}
    return caught.value.problems


def test_weights_and_scores_make_shares_and_shares_make_fen(tmp_path):
    (found,) = shared(frame(tmp_path), scores(*ROWS))
    assert found.shares == (780_000, 220_000)
    assert found.amounts == (7_800, 2_200)
    assert (found.rule, found.size, found.weights) == ("factors", 10_000, {"review": 600_000, "jobs": 400_000})


def test_places_come_out_with_their_names_scores_shares_and_sums(tmp_path):
    made = as_table(shared(frame(tmp_path), scores(*ROWS, ("a", "150100", "0", "0")))).to_pylist()
    assert made[2] == {
        "offer": "a", "place": "150100", "place_zh": "呼和浩特市", "place_en": "Hohhot", "review": "0", "jobs": "0",
        "rule": "factors", "share": "0.000000", "approved": Decimal("0.00"),
    }  # fmt: skip
    assert (made[0]["place_zh"], made[0]["share"], made[0]["approved"]) == ("990101", "0.780000", Decimal("78.00"))


def test_the_fen_that_is_left_goes_by_code_whatever_the_order_of_the_rows(tmp_path):
    made = frame(tmp_path, OFFER % ("0.01", ""))
    rows = [("a", "990102", "5", "1"), ("a", "990101", "5", "1")]
    for listed in (rows, rows[::-1]):
        (found,) = shared(made, scores(*listed))
        assert dict(zip(found.places, found.amounts, strict=True)) == {"990101": 1, "990102": 0}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 500)), min_size=1, max_size=12), st.integers(1, 900))
def test_the_sum_of_all_places_is_the_pool_and_determinations_agree(tmp_path_factory, points, wan):
    points = [(points[0][0] + 1, points[0][1] + 1), *points[1:]]
    made = frame(tmp_path_factory.mktemp("f"), OFFER % (str(10_000 * wan), ""))
    rows = [("a", f"9901{at + 1:02d}", f"{p // 10}.{p % 10}", str(j)) for at, (p, j) in enumerate(points) if p <= 1_000]
    rows = [row for row in rows if Decimal(row[2]) <= 100]
    (found,) = shared(made, scores(*rows))
    assert sum(found.amounts) == 1_000_000 * wan
    for place, share, fen in zip(found.places, found.shares, found.amounts, strict=True):
        answer = made.ask({"allocated_share": f"0.{share:06d}" if share < 10**6 else "1"}, at=place)
        assert answer.amount == fen


def test_two_offers_stand_in_one_table_each_with_its_own_factors(tmp_path):
    second = HEAD.replace("offer: a", "offer: d") + (OFFER % ("7", "")).replace(", jobs]", "]")
    guide = "fill: {a: {split: {review: 60%, jobs: 40%}}, d: {split: {review: 100%}}}\n"
    made = Frame(tmp_path, OFFER % ("100", ""), guide=guide, others=(second,))
    rows = (*ROWS, ("d", "990101", "50", ""), ("d", "990102", "50", ""))
    first, other = shared(made, scores(*rows))
    assert (first.amounts, other.amounts) == ((7_800, 2_200), (350, 350))
    assert as_table((first, other))["jobs"].to_pylist() == ["30", "10", None, None]
    assert [one.offer for one in shared(made, scores(*rows), "d")] == ["d"]


WRONG = [
    ([("a", "990101", "", "1")], "E847", "unknown"),
    ([("a", "990101", "100.5", "1")], "E847", "between 0.0 and 100.0"),
    ([("a", "990101", "-1", "1")], "E847", "between"),
    ([("a", "990101", "5", "1.5")], "E847", "whole number"),
    ([*ROWS, ("a", "990101", "5", "1")], "E854", "row 2 already"),
    ([("a", "9901", "5", "1")], "E854", "6, 9"),
    ([("a", "990101001", "5", "1")], "E854", "to the county level"),
    ([("a", "", "5", "1")], "E854", ""),
    ([("c", "990101", "5", "1")], "E852", "not divided by factors"),
    ([("b", "990101", "5", "1")], "E852", "not divided by factors"),
    ([("x", "990101", "5", "1")], "E811", "no offer"),
    ([("a", "990101", "0", "5")], "E853", "“review”"),
]


@pytest.mark.parametrize(("rows", "code", "said"), WRONG)
def test_a_wrong_row_is_refused(tmp_path, rows, code, said):
    found = refused(frame(tmp_path), scores(*rows), code)
    assert said in found[0].en
    assert code in ("E852", "E811", "E853") or found[0].place.line == len(rows) + 1


def test_columns_are_those_of_the_factors(tmp_path):
    made = frame(tmp_path)
    assert "“jobs”" in refused(made, scores(*ROWS).drop_columns(["jobs"]), "E846")[0].en
    assert "“place”" in refused(made, scores(*ROWS).drop_columns(["place"]), "E846")[0].en
    extra = scores(*ROWS).append_column("jbos", pa.array(["1", "2"]))
    assert "Did you mean “jobs”?" in refused(made, extra, "E850")[0].hint_en


def test_a_list_of_places_binds_the_table(tmp_path):
    made = frame(tmp_path, OFFER % ("100", ', among: ["990101", "990102"]'))
    assert [one.amounts for one in shared(made, scores(*ROWS))] == [(7_800, 2_200)]
    assert "the list is 990101, 990102" in refused(made, scores(*ROWS, ("a", "990103", "1", "1")), "E854")[0].en
    assert "no row" in refused(made, scores(ROWS[0]), "E854")[0].en


def test_what_the_guide_has_left_open_is_told(tmp_path):
    table = scores(*ROWS)
    assert "weights" in refused(frame(tmp_path / "a", guide=""), table, "E852")[0].en
    open_sum = OFFER % ("{open: money}", "")
    assert "the sum is not set yet" in refused(frame(tmp_path / "b", open_sum), table, "E852")[0].en
    shut = frame(tmp_path / "c", opens=("b", "c"))
    assert "does not open it" in refused(shut, table, "E852")[0].en
    filled = frame(tmp_path / "d", open_sum, guide=WEIGHTS.replace("{a: {", "{a: {pool: 50, "))
    assert [one.amounts for one in shared(filled, table)] == [(3_900, 1_100)]


def test_an_order_of_places_that_is_not_known_is_refused(tmp_path):
    assert shared(frame(tmp_path / "a", OFFER % ("100", ", ties: division code")), scores(*ROWS))
    refused(frame(tmp_path / "b", OFFER % ("100", ", ties: by lot")), scores(*ROWS), "E857")


def test_a_factor_that_is_no_number_is_refused(tmp_path):
    facts = "facts: {review: {yes_no: {}, title: {zh: 评审, en: review}}}\n"
    offer = facts + "nature: transfer\npool: {amount: 100, split: factors, factors: [review]}\n"
    made = frame(tmp_path, offer, guide="fill: {a: {split: {review: 100%}}}\n")
    refused(made, scores(("a", "990101", "true"), heads=("offer", "place", "review")), "E843")


def test_a_closed_list_needs_no_table(tmp_path):
    made = frame(tmp_path, guide='fill: {b: {split: {"990101": 70%, "990102": 30%}}}\n')
    found = closed_list(Guided(made.programme, 2024), "b")
    assert (found.rule, found.places, found.amounts) == ("shares", ("990101", "990102"), (4, 1))
    assert as_table([found])["approved"].to_pylist() == [Decimal("0.04"), Decimal("0.01")]


@pytest.mark.parametrize(("offer", "code"), [("b", "E852"), ("a", "E852"), ("c", "E852"), ("x", "E811")])
def test_what_is_no_closed_list_with_shares_is_refused(tmp_path, offer, code):
    with pytest.raises(PolicyError) as caught:
        closed_list(Guided(frame(tmp_path).programme, 2024), offer)
    assert codes(caught.value) == [code]
