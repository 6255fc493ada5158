"""Enterprises, their lines and their past, a batch at a time: who applies, what they state, and what is left empty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import jarlig
from jarlig.reference.divisions import divisions
from jarlig.whatif.synth_fit import rules_of
from jarlig.whatif.synth_lines import Lines, line_defects
from jarlig.whatif.synth_past import Past
from jarlig.whatif.synth_people import Batch, Maker, place_at
from jarlig.whatif.synth_profile import profile_for

NMG = jarlig.load("nmg-ecommerce-2022")
SAMPLE = jarlig.load("sample-district-2024")
RULES = {2023: rules_of(NMG.desk, 2023), 2024: rules_of(NMG.desk, 2024), 2025: rules_of(SAMPLE.desk, 2025)}


def maker(year: int = 2023, *, everyone: bool = True, clean: bool = False, seed: int = 1, most: int = 1000) -> Maker:
    rules = RULES[year]
    defects = () if clean else line_defects(rules.lists, False)
    profile = profile_for(rules.programme.region)
    return Maker(rules, profile, seed, most, everyone, clean, False, defects)


def batch(year: int = 2023, size: int = 600, number: int = 0, first: int = 1, **asked: bool) -> Batch:
    return Batch(maker(year, **asked), number, first, size)


# who applies


def test_larger_enterprises_apply_more_often_and_as_many_as_expected() -> None:
    made = maker(everyone=False, most=100_000)
    people = Batch(made, 0, 1, 100_000)
    applied = people.applies["12a"]
    assert 150 < applied.sum() < 350
    shares = [applied[people.scale == size].mean() for size in range(4)]
    assert shares[0] < shares[2] < shares[3]


def test_in_a_small_population_not_everybody_applies_all_the_same() -> None:
    people = batch(everyone=False, size=30)
    assert 0 < sum(rows.sum() for rows in people.applies.values()) < 30 * len(people.applies)


def test_who_applies_does_so_inside_the_window_of_the_offer() -> None:
    people = Batch(maker(everyone=False, most=3000), 0, 1, 3000)
    for offer in ("3", "12b"):
        first, last = people.maker.rules.plan.ladder(offer).window or (0, 0)
        alone = people.applies[offer] & ~people.applies["12b" if offer == "3" else "3"]
        assert alone.any()
        assert ((people.on >= first) & (people.on <= last))[alone].all()


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("region", "150000"),
        ("league", "150200"),
        ("county", "150221"),
        ("township", "150221101"),
        ("village", "150221101201"),
    ],
)
def test_a_place_is_told_at_the_level_that_a_fact_asks_for(level: str, code: str) -> None:
    assert place_at("150221", level) == code


def test_every_place_is_one_that_there_is_and_a_district_of_its_own_names_its_towns() -> None:
    assert set(maker().places) == {banner.code for banner in divisions().banners}
    assert set(maker(2025).places) >= {"990101", "990102", "990103"}


# what they state


def test_who_does_not_apply_states_only_what_refuses_him() -> None:
    people = Batch(maker(everyone=False, most=2000), 0, 1, 2000)
    table = people.table()
    away = ~people.any_of(("2a",))
    built = np.array(table["newly_built"].to_pylist())
    assert not built[away].any()
    assert built[~away].mean() > 0.8
    levels = np.array(table["platform_level"].to_pylist(), dtype=object)
    assert set(levels[away]) == {None}
    assert None not in levels[~away]
    given_ = np.array(table["spend"].to_pylist(), dtype=object)
    assert set(given_[people.any_of(("12a",))]) == {"given"}


def test_a_healthy_enterprise_meets_every_condition_of_everybody() -> None:
    people = batch(clean=True)
    table = people.table()
    assert set(table["tax_credit"].to_pylist()) == {"a", "b", "m", "c"}
    assert set(table["on_dishonesty_list"].to_pylist()) == {False}
    assert set(table["commitment_signed"].to_pylist()) == {True}


def test_a_refused_one_fails_the_first_condition_and_an_unknown_cell_is_one_cell() -> None:
    people = batch(size=4000)
    table = people.table()
    grades = np.array(table["tax_credit"].to_pylist(), dtype=object)
    assert set(grades[people.has("refused_by_a_condition")]) == {"d"}
    assert "d" not in set(grades[~people.has("refused_by_a_condition")])
    shared = [one.column for one in people.maker.shared]
    holes = np.array([[cell is None for cell in table[name].to_pylist()] for name in shared]).sum(axis=0)
    assert set(holes[people.has("unknown_cell")]) == {1}
    assert set(holes[~people.has("unknown_cell")]) == {0}


def test_numbers_keep_inside_their_kinds() -> None:
    table = batch(2025, size=2000).table()
    rules = RULES[2025]
    for one in rules.facts:
        low, high = getattr(one.kind, "low", None), getattr(one.kind, "high", None)
        if low is None or high is None:
            continue
        scale = one.kind.scale
        values = [value for value in table[one.column].to_pylist() if value is not None]
        assert values
        assert all(low <= value * 10**scale <= high for value in values), one.column


def test_a_set_and_a_fact_that_may_be_none_are_texts() -> None:
    table = batch(2025, size=500).table()
    assert set(table["certificates"].to_pylist()) == {";", "security", "quality", "security;quality"}
    struck = table["struck_off_on"].to_pylist()
    assert 0.85 < struck.count("none") / len(struck) < 0.98


@settings(max_examples=20, deadline=None)
@given(first=st.integers(1, 10**7), number=st.integers(0, 10**4), seed=st.integers(0, 2**63 - 1))
def test_a_batch_is_known_from_its_seed_and_number(first: int, number: int, seed: int) -> None:
    made = maker(seed=seed)
    one, same = (Batch(made, number, first, 20).table() for _ in range(2))
    assert one.equals(same)
    assert one["case"].to_pylist() == list(range(first, first + 20))


# lines


def test_everybody_has_about_as_many_lines_as_the_profile_says_over_all_lists() -> None:
    people = batch(size=3000, clean=True)
    lines = Lines(people)
    count = sum(lines.table(at).num_rows for at in range(len(people.maker.rules.lists)))
    assert abs(count / 3000 - people.maker.profile.lines) < 0.3


def test_most_lines_lie_in_the_window_and_in_a_category_that_counts() -> None:
    people = batch(size=1000, clean=True)
    rows = Lines(people).table(0).to_pylist()
    listed = people.maker.rules.lists[0]
    good = set(listed.good["paid_on"])
    assert all(row["paid_on"].toordinal() in good for row in rows)
    share = sum(row["category"] in listed.good["category"] for row in rows) / len(rows)
    assert 0.8 < share < 0.95
    assert all(0 < row["vat"] <= row["net"] * 13 / 100 for row in rows if row["net"] > 1)
    assert {row["for"] for row in rows} == {"2a", "17"}


def test_a_larger_enterprise_has_larger_lines() -> None:
    people = batch(size=4000, clean=True)
    rows = Lines(people).table(1).to_pylist()
    size = dict(zip(people.ids.tolist(), people.scale.tolist(), strict=True))
    sums: dict[int, list[float]] = {}
    for row in rows:
        sums.setdefault(size[row["case"]], []).append(float(row["net"]))
    medians = [float(np.median(sums[at])) for at in range(4)]
    assert medians == sorted(medians)
    assert medians[0] < 20_000 < medians[3]


@pytest.mark.parametrize("year", [2023, 2025])
def test_keys_never_repeat_between_batches_and_lists(year: int) -> None:
    made = maker(year, clean=True)
    keys = [
        row[listed.kind.key[-1]]
        for number, first in ((0, 1), (1, 301))
        for at, listed in enumerate(made.rules.lists)
        for row in (Lines(Batch(made, number, first, 300)).table(at).to_pylist() if listed.kind.key else ())
    ]
    assert len(keys) > 2_000
    assert len(keys) == len(set(keys))


def test_a_list_of_parcels_is_given_only_where_there_is_one() -> None:
    assert "parcels" not in batch().table().column_names
    some = Batch(replace(maker(), parcels=10), 0, 1, 50).table()
    assert set(some["parcels"].to_pylist()) == {"given"}


def test_a_list_without_what_a_defect_needs_never_has_it() -> None:
    bare = tuple(replace(one, kind=replace(one.kind, key=(), reverses=""), breach=0) for one in RULES[2023].lists)
    assert line_defects(bare, True) == ("cost_outside_window", "bad_number")
    assert line_defects((), True) == ()
    assert "bad_number" not in line_defects(RULES[2023].lists, False)


# the past


def test_the_past_of_a_population_is_that_of_its_enterprises() -> None:
    made = maker(2024)
    people = Batch(made, 0, 1, 5000)
    past = Past(made)
    rows = past.table(people).to_pylist()
    assert past.written == len(rows) > 50
    codes = set(people.table()["uscc"].to_pylist())
    assert sum(row["uscc"] in codes for row in rows) > 0.95 * len(rows)
    assert {row["offer"] for row in rows} <= {o for guide in NMG.model.guides.values() for o in guide.opens or ()}
    assert all(row["project_code"].startswith("SYN-") for row in rows)
    more = past.table(Batch(made, 1, 5001, 5000)).to_pylist()
    assert not {row["id"] for row in rows} & {row["id"] for row in more}


def test_pending_awards_have_no_approved_sum_and_only_paid_ones_were_paid() -> None:
    made = maker(2024)
    rows = Past(made).table(Batch(made, 0, 1, 8000)).to_pylist()
    assert {row["state"] for row in rows if row["approved"] is None} == {"pending"}
    assert {row["state"] for row in rows if row["paid"] is not None} == {"paid"}
    assert {row["state"] for row in rows if row["recovered"]} == {"paid"}
    assert all(row["recovered"] <= (row["approved"] or 0) for row in rows)
