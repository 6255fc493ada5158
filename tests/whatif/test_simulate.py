"""Two sets of rules over the same cases: equal to the exact engine case by case, to the fen, and adding up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.engines.many.generator import Answer, Made, exact, facts_of, made
from tests.engines.many.running import Files
from tests.policy.frame import Frame
from tests.policy.provoking import provokes
from tests.tiny import tiny
from tests.whatif.comparing import (
    ALWAYS,
    HEAD,
    Expected,
    compared,
    figures,
    lines,
    moves,
    reform_file,
    row,
    table,
    tables_of,
)

from jarlig.engines.answer import Desk
from jarlig.ladder.numbers import parse_date
from jarlig.library import load
from jarlig.policy import model
from jarlig.policy.messages import PolicyError
from jarlig.whatif.compare import MOST_LABELS, MOST_MOVERS
from jarlig.whatif.compared import CODES, OPEN, Figures, Imbalance, Line
from jarlig.whatif.reform import read_reform, reformed
from jarlig.whatif.simulate import side_of

#: Reforms of the shipped programme, each of another kind, and an offer that it changes.
REFORMS = {
    "a rate and a cap upward": (
        "2a", "offers: {2a: {rate: 25%, cap: {regional: 6_000_000}}}\n"
        "guides:\n  '2023': {lower: {2a: {cap: {regional: 6_000_000}}}}\n",
    ),
    "a cap of a guide": ("2a", "guides:\n  '2023': {lower: {2a: {cap: {regional: 900_000, industry: 800_000}}}}\n"),
    "a shorter cost period": ("2a", "guides:\n  '2023': {fill: {2a: {costs_to: 2022-09-30}}}\n"),
    "a limit and a rate": (
        "17", "offers: {'17': {rate: 40%, limit: {amount: 2_500_000, per: enterprise, over: validity}}}\n",
    ),
    "an offer closed": ("17", "guides:\n  '2023': {closes: ['17', 2a, 10b, 12a]}\n"),
    "a cost period left open": ("17", "guides:\n  '2023': {fill: {'17': {costs_to: null}}}\n"),
    "no gates": ("12a", "guides:\n  '2023': {gates: null}\n  '2024': {gates: null}\n"),
    "a rate left open": ("12a", "guides:\n  '2023': {fill: {12a: {rate: null}}}\n"),
    "a condition more": ("10b", "offers: {10b: {when: [recognised, 'registered_on <= 2021-12-31']}}\n"),
    "a place's rules": ("10b", "local: {1502-baotou: {lower: {10b: {limit: 900_000}}, closes: null}}\n"),
}  # fmt: skip
UPWARD, LIMIT = (REFORMS[name][1] for name in ("a rate and a cap upward", "a limit and a rate"))


@cache
def nmg() -> model.Programme:
    return load("nmg-ecommerce-2022").model


@cache
def cases(offer: str) -> Made:
    return made(Desk(nmg()), offer, 160, 11)


def answers(programme: model.Programme, offer: str, of: Made) -> list[Answer]:
    return exact(Desk(programme), offer, of)


# equal to the exact engine


@pytest.mark.parametrize(("offer", "body"), REFORMS.values(), ids=REFORMS)
def test_a_reform_comes_to_what_each_case_comes_to_alone(offer: str, body: str, tmp_path: Path) -> None:
    reform = reform_file(tmp_path, body)
    changed = reformed(nmg(), read_reform(Path(reform).read_bytes(), reform)).programme
    expected = Expected(cases(offer), answers(nmg(), offer, cases(offer)), answers(changed, offer, cases(offer)))
    found = compared(nmg(), "rules", reform, [offer], tables_of(cases(offer), tmp_path), tmp_path)
    assert found.left_out == 0 and not found.offers[0].same
    assert figures(found) == {offer: expected.total}
    assert moves(found) == expected.moves
    assert any(before != after for before, after in expected.pairs)
    changes = expected.changes
    gains = sorted(((case, fen) for case, fen in changes.items() if fen > 0), key=lambda one: (-one[1], one[0]))
    losses = sorted(((case, fen) for case, fen in changes.items() if fen < 0), key=lambda one: (one[1], one[0]))
    assert [(one.case, one.change) for one in found.gains] == gains[:MOST_MOVERS]
    assert [(one.case, one.change) for one in found.losses] == losses[:MOST_MOVERS]
    assert (found.winners.cases, found.winners.change) == (len(gains), sum(fen for _, fen in gains))
    assert (found.losers.cases, found.losers.change) == (len(losses), sum(fen for _, fen in losses))


def test_a_place_for_all_is_the_place_of_every_case(tmp_path: Path) -> None:
    offer = "10b"
    moved = replace(cases(offer), cases=[{**case, "at": "150200"} for case in cases(offer).cases])
    expected = Expected(cases(offer), answers(nmg(), offer, cases(offer)), answers(nmg(), offer, moved))
    found = compared(nmg(), "rules", "at:150200", [offer], tables_of(cases(offer), tmp_path), tmp_path)
    assert figures(found) == {offer: expected.total}
    assert moves(found) == expected.moves


def test_a_guide_for_all_is_the_guide_of_every_case(tmp_path: Path) -> None:
    offer, desk = "12a", Desk(nmg())
    lines = cases(offer).lines()

    def asked(case: dict[str, str | None], guide: int) -> Answer:
        at, on = case["at"] or case.get("registered_at") or "", parse_date(str(case["on"]))
        told = desk.determine(offer, facts_of(desk, offer, case, lines), on=on, guide=guide, at=at)
        return ("undetermined" if told.outcome == "range" else told.outcome), told.formula_amount, told.amount

    before, after = ([asked(case, year) for case in cases(offer).cases] for year in (2022, 2023))
    found = compared(nmg(), "2022", "2023", [offer], tables_of(cases(offer), tmp_path), tmp_path)
    assert figures(found) == {offer: Expected(cases(offer), before, after).total}


def test_a_reform_holds_between_its_days_only(tmp_path: Path) -> None:
    offer = "12a"  # no limit counts its claims, so each case stands alone
    head = ALWAYS.replace("1990-01-01", "2023-04-01").replace("2150-12-31", "2023-06-30")
    reform = reform_file(tmp_path, "guides:\n  '2023': {fill: {12a: {rate: {new: 5%}}}}\n", head)
    changed = reformed(nmg(), read_reform(Path(reform).read_bytes(), reform)).programme
    plain, other = (answers(one, offer, cases(offer)) for one in (nmg(), changed))
    days = [str(case["on"]) for case in cases(offer).cases]
    mixed = [b if "2023-04-01" <= day <= "2023-06-30" else a for day, a, b in zip(days, plain, other, strict=True)]
    assert plain != mixed != other
    found = compared(nmg(), "rules", reform, [offer], tables_of(cases(offer), tmp_path), tmp_path)
    assert figures(found) == {offer: Expected(cases(offer), plain, mixed).total}
    inside = sum("2023-04-01" <= day <= "2023-06-30" for day in days)
    assert f"{inside:,} 个案例适用，{len(days) - inside:,} 个" in found.sides[1].notes[0].zh


def test_places_and_groups_are_sums_of_their_cases(tmp_path: Path) -> None:
    offer = "2a"
    labels = [("<b>大</b>", "小;", None, "=1+1")[at % 4] for at in range(len(cases(offer).cases))]
    labelled = [{**case, "group.kind": label} for case, label in zip(cases(offer).cases, labels, strict=True)]
    of = replace(cases(offer), cases=labelled)
    reform = reform_file(tmp_path, UPWARD)
    changed = reformed(nmg(), read_reform(Path(reform).read_bytes(), reform)).programme
    expected = Expected(of, answers(nmg(), offer, of), answers(changed, offer, of))
    found = compared(nmg(), "rules", reform, [offer], tables_of(of, tmp_path), tmp_path)
    assert {line.key or None: line.figures for line in found.groups["kind"]} == expected.by(labels)
    at = [case["at"] or case.get("registered_at") for case in labelled]
    leagues = [code and code[:4] + "00" for code in at]
    assert {line.key or None: line.figures for line in found.places} == expected.by(leagues)
    assert next(line.title.zh for line in found.places if line.key == "150200") == "包头市"


# a reform that changes nothing, and sides that change places


def same(found: object) -> tuple[object, ...]:
    """What must not depend on which side is which."""
    return tuple(getattr(found, name) for name in ("cases", "left_out", "even", "also_open"))


def flipped(one: Figures) -> Figures:
    return Figures(one.claims, one.awards[::-1], one.cost[::-1], one.open[::-1])


@pytest.mark.parametrize("offer", ["2a", "12a"])
def test_a_reform_that_changes_nothing_makes_no_difference(offer: str, tmp_path: Path) -> None:
    reform = reform_file(tmp_path, "offers:\n  2a: {rate: 20%}\nguides:\n  '2023': {fill: {12a: {rate: {new: 30%}}}}\n")
    found = compared(nmg(), "rules", reform, [offer], tables_of(cases(offer), tmp_path), tmp_path)
    assert found.offers[0].same
    assert found.total.difference == 0 and found.total.cost[0] > 0
    assert all(move.before == move.after for move in found.moves)
    assert (found.winners.cases, found.losers.cases, found.even.cases) == (0, 0, found.cases)
    assert found.sides[1].changes == () and not found.gains and not found.losses


def test_a_reform_beyond_all_days_makes_no_difference(tmp_path: Path) -> None:
    head = ALWAYS.replace("1990-01-01", "2140-01-01")
    reform = reform_file(tmp_path, UPWARD, head)
    found = compared(nmg(), "rules", reform, ["2a"], tables_of(cases("2a"), tmp_path), tmp_path)
    assert found.offers[0].same and found.total.difference == 0
    assert len(found.sides[1].changes) == 3


def test_b_against_a_is_the_mirror_of_a_against_b(tmp_path: Path) -> None:
    reform = reform_file(tmp_path, LIMIT)
    tables = tables_of(cases("17"), tmp_path)
    one = compared(nmg(), "rules", reform, ["17"], tables, tmp_path)
    other = compared(nmg(), reform, "rules", ["17"], tables, tmp_path)
    assert one.total.difference and same(one) == same(other)
    assert other.total == flipped(one.total)
    assert [line.figures for line in other.offers] == [flipped(line.figures) for line in one.offers]
    assert {line.key: line.figures for line in other.places} == {line.key: flipped(line.figures) for line in one.places}
    assert moves(other) == {(after, before): claims for (before, after), claims in moves(one).items()}
    assert (other.winners.cases, other.winners.change) == (one.losers.cases, -one.losers.change)
    assert [(x.case, x.change) for x in other.gains] == [(x.case, -x.change) for x in one.losses]
    assert [line.shares for line in other.pools] == [line.shares[::-1] for line in one.pools]
    assert other.unsure["known_after"] == one.unsure["known_before"]


# sums


def test_a_comparison_whose_sums_do_not_agree_is_never_told(tmp_path: Path) -> None:
    reform = reform_file(tmp_path, UPWARD)
    found = compared(nmg(), "rules", reform, ["2a"], tables_of(cases("2a"), tmp_path), tmp_path)
    found.check()
    fen = Figures(0, (0, 0), (1, 0), (0, 0))
    broken = [
        replace(found, total=found.total + fen),
        replace(found, offers=(*found.offers, Line("x", found.title, fen))),
        replace(found, places=found.places[1:]),
        replace(found, moves=found.moves[1:]),
        replace(found, winners=replace(found.winners, change=found.winners.change + 1)),
        replace(found, bands=found.bands[:-1]),
        replace(found, even=replace(found.even, cases=0)),
        replace(found, unsure={**found.unsure, "known_after": -1}),
    ]
    for one in broken:
        with pytest.raises(Imbalance):
            one.check()


def test_outcomes_of_many_cases_are_all_there() -> None:
    assert "range" not in CODES and set(OPEN) < set(CODES) and CODES[-1] == "award"


# the small programme: pools, open claims, labels


@pytest.fixture
def small(tmp_path: Path) -> model.Programme:
    return tiny(tmp_path / "programme", ("measures/01.yaml", "limit:\n    - {awards: 1, per: project}\n", "limit:\n"))


def three(tmp_path: Path) -> Files:
    """Three claims of 4,000,000, 1,000,000 and 1,000,000 yuan, in the order of their days."""
    rows = "".join(row(case, f"2023-05-0{at}", project=f"P{at}") for at, case in enumerate("abc", 1))
    costs = {"a": 40_000_000, "b": 5_000_000, "c": 5_000_000}
    return table(tmp_path, HEAD + rows, investment=lines(costs))


def pool(tmp_path: Path, programme: model.Programme, pools: str) -> Any:
    """The pool under a reform of it, asked against the same reform without it."""
    limit = "offers: {1a: {limit: null}}\n"
    before = reform_file(tmp_path, limit, name="a.yaml")
    after = reform_file(tmp_path, limit + f"guides: {{'2023': {{pools: {{platform: {pools}}}}}}}\n", name="b.yaml")
    found = compared(programme, before, after, ["1a"], three(tmp_path), tmp_path)
    (line,) = found.pools
    assert (line.year, line.pool, line.offers) == (2023, "platform", ("1a",))
    one, other = line.shares
    assert found.left_out == 0 and one is not None
    assert (one.requested, one.factor, one.approved) == (600_000_000, 1, 600_000_000)
    assert found.offers[0].same and found.total.difference == 0
    return other


def test_a_pool_that_is_short_has_an_exact_factor(small: model.Programme, tmp_path: Path) -> None:
    found = pool(tmp_path, small, "{amount: 4_000_000}")
    assert (found.size, found.claims, found.factor) == (400_000_000, 3, Fraction(2, 3))
    assert (found.approved, found.take_up, found.floors) == (400_000_000, Fraction(3, 2), 0)


def test_a_floor_is_kept_first_and_the_factor_is_of_the_rest(small: model.Programme, tmp_path: Path) -> None:
    found = pool(tmp_path, small, "{amount: 4_000_000, floor: 500_000}")
    assert (found.factor, found.floors, found.approved) == (Fraction(25, 45), 150_000_000, 400_000_000)


def test_floors_that_do_not_fit_need_a_person(small: model.Programme, tmp_path: Path) -> None:
    found = pool(tmp_path, small, "{amount: 1_000_000, floor: 500_000}")
    assert found.factor is None and found.approved is None
    assert "须人工裁定" in found.why.zh and "1500000.00" in found.why.en


def test_a_pool_of_the_first_to_come_is_told_so(small: model.Programme, tmp_path: Path) -> None:
    cut = pool(tmp_path, small, "{amount: 4_500_000, share: first_come}")
    assert (cut.factor, cut.approved, cut.rule) == (None, 450_000_000, "first_come")
    assert "先到先得" in cut.why.zh
    drop = pool(tmp_path, small, "{amount: 4_500_000, share: first_come, partial: drop}")
    assert drop.approved == 400_000_000


def test_a_pool_by_rank_is_told_with_the_number_that_ranks(small: model.Programme, tmp_path: Path) -> None:
    found = pool(tmp_path, small, "{amount: 4_500_000, share: ranking, by: amount}")
    assert (found.factor, found.approved) == (None, None)
    assert [words.en for words in found.by] == ["capped amount"] and "rank" in found.why.en


def test_places_go_before_money(small: model.Programme, tmp_path: Path) -> None:
    found = pool(tmp_path, small, "{amount: 9_000_000, most: 2, ties: [on, case]}")
    assert (found.requested, found.approved, found.factor) == (600_000_000, 500_000_000, 1)


def test_places_without_an_order_need_a_person(small: model.Programme, tmp_path: Path) -> None:
    reform = reform_file(tmp_path, "offers: {1a: {limit: {awards: 2}}}\n")
    found = compared(small, "rules", reform, ["1a"], three(tmp_path), tmp_path)
    shares = found.pools[0].shares[1]
    assert shares is not None and shares.approved is None and shares.why is not None
    assert "名额 2 个，申请 3 件" in shares.why.zh


def test_a_pool_that_one_side_does_not_have_is_none(small: model.Programme, tmp_path: Path) -> None:
    reform = reform_file(tmp_path, "guides: {'2023': {pools: null}}\n")
    found = compared(small, "rules", reform, ["1a"], three(tmp_path), tmp_path)
    assert [line.shares[1] for line in found.pools] == [None]


def test_what_an_offer_that_is_left_out_asks_of_a_pool_is_not_counted(tmp_path: Path) -> None:
    guide = ("guides/2023.yaml", 'offers: ["1a"]', 'offers: ["1a", "2"]')
    programme = tiny(tmp_path / "programme", guide)
    found = compared(programme, "rules", "2023", ["2"], table(tmp_path, HEAD + row("a", "2023-05-01")), tmp_path)
    (line,) = found.pools
    assert line.not_compared == ("1a",) and line.shares[0] is not None and line.shares[0].requested == 10_000_000


def test_a_pool_is_one_sum_a_year_though_a_reform_holds_for_a_part(small: model.Programme, tmp_path: Path) -> None:
    head = ALWAYS.replace("1990-01-01", "2023-05-02")
    reform = reform_file(tmp_path, "guides: {'2023': {pools: {platform: {amount: 3_000_000}}}}\n", head)
    found = compared(small, "rules", reform, ["1a"], three(tmp_path), tmp_path)
    (line,) = found.pools
    assert line.shares[1] is not None and line.shares[1].size == 300_000_000
    assert "一笔" in found.sides[1].notes[1].zh and "2023" in found.sides[1].notes[1].en


def test_what_is_not_known_is_counted_and_never_zero(small: model.Programme, tmp_path: Path) -> None:
    tables = table(
        tmp_path, HEAD + row("known", "2023-05-01") + row("open", "2023-05-02", level=""),
        investment=lines({"known": 1_000_000, "open": 1_000_000}),
        history="offer,on,guide_year,state,capped,approved,recovered,paid,id,uscc,project_code\n",
    )  # fmt: skip
    reform = reform_file(tmp_path, "offers: {1a: {cap: 2_000_000}}\nguides: {'2023': {lower: {1a: null}}}\n")
    found = compared(small, "rules", reform, ["1a"], tables, tmp_path)
    assert found.total == Figures(2, (1, 2), (20_000_000, 40_000_000), (1, 0))
    assert found.unsure == {"known_before": 0, "known_after": 20_000_000, "claims": 1}
    assert (found.winners.cases, found.even.cases, found.also_open) == (0, 2, 1)
    assert found.change_known == 0 and found.total.difference == 20_000_000


def test_an_offer_that_only_informs_is_no_cost(small: model.Programme, tmp_path: Path) -> None:
    told = reform_file(tmp_path, "offers: {'2': {nature: inform}}\n")
    tables = table(tmp_path, HEAD + row("a", "2023-05-01"))
    found = compared(small, "rules", told, ["2"], tables, tmp_path)
    assert found.total.cost == (10_000_000, 0) and found.losers.cases == 1
    found = compared(small, told, told, ["1a", "2"], tables, tmp_path)
    assert found.told_only == ("2",) and [line.key for line in found.offers] == ["1a"]


@provokes("E876")
def test_offers_that_only_inform_leave_nothing_to_compare(small: model.Programme, tmp_path: Path) -> None:
    told = reform_file(tmp_path, "offers: {'2': {nature: inform}}\n")
    with pytest.raises(PolicyError) as caught:
        compared(small, told, told, ["2"], table(tmp_path, HEAD + row("a", "2023-05-01")), tmp_path)
    assert [one.code for one in caught.value.problems] == ["E876"]


def test_many_labels_are_told_by_the_largest(small: model.Programme, tmp_path: Path) -> None:
    count = MOST_LABELS + 5
    rows = "".join(row(str(at), "2023-05-01", size=f"标{at}") for at in range(count))
    found = compared(small, "rules", "2023", ["2"], table(tmp_path, HEAD + rows), tmp_path)
    assert len(found.groups["size"]) == MOST_LABELS + 1
    assert found.groups["size"][-1].title.en == "others" and found.groups["size"][-1].cases == 5


def test_equal_changes_stand_in_the_order_of_their_cases(small: model.Programme, tmp_path: Path) -> None:
    names = ["b", "乙", "a", "A", "10", "9"]
    tables = table(tmp_path, HEAD + "".join(row(name, "2023-05-01") for name in names))
    reform = reform_file(tmp_path, "offers: {'2': {amount: {bands: {60 to under 80: 50_000}}}}\n")
    found = compared(small, "rules", reform, ["2"], tables, tmp_path)
    assert [(one.case, one.change) for one in found.losses] == [(name, -5_000_000) for name in sorted(names)]
    assert found.losses[0].offers[0].amount == (10_000_000, 5_000_000)


def test_rows_that_cannot_be_used_are_left_out_on_both_sides_and_told(small: model.Programme, tmp_path: Path) -> None:
    rows = row("a", "2023-05-01") + row("a", "2023-05-01") + row("b", "2023-13-01") + row("c", "2023-05-01")
    found = compared(small, "rules", "2023", ["2"], table(tmp_path, HEAD + rows), tmp_path)
    assert (found.cases, found.left_out) == (1, 3)
    assert (tmp_path / "report.rejects.csv").read_text("utf-8").count("\n") >= 4


def test_samples_on_either_side_are_named(small: model.Programme, tmp_path: Path) -> None:
    found = compared(small, "rules", "at:150200", ["2"], table(tmp_path, HEAD + row("a", "2023-05-01")), tmp_path)
    assert [title.en for title in found.samples] == ["Tiny programme", "guide (sample)", "local rules (sample)"]


def test_claims_of_one_subject_count_for_later_ones_under_each_side(tmp_path: Path) -> None:
    frame = Frame(
        tmp_path / "frame",
        """
        facts: {sum: {money: {}, title: {zh: 数, en: sum}}}
        rate: 100%
        of: sum
        limit: {amount: 1_000, per: enterprise, over: ever}
        """,
    )
    history = "offer,on,guide_year,state,capped,approved,recovered,paid,id,uscc\n"
    claims = "case,on,uscc,sum\n" + "".join(f"{at},2024-0{at + 2}-01,U,800\n" for at in (1, 2, 3))
    tables = table(tmp_path, claims, history=history)
    reform = reform_file(tmp_path, "offers: {a: {limit: {amount: 2_000}}}\n")
    found = compared(frame.programme, "rules", reform, ["a"], tables, tmp_path)
    assert found.total.cost == (100_000, 200_000)
    assert [(one.case, one.change) for one in found.gains] == [("2", 60_000), ("3", 40_000)]
    head = ALWAYS.replace("1990-01-01", "2024-04-15")
    reform = reform_file(tmp_path, "offers: {a: {limit: null}}\n", head)
    late = compared(frame.programme, "rules", reform, ["a"], tables, tmp_path)
    assert late.total.cost == (100_000, 180_000)


# how sides are written


@pytest.mark.parametrize(
    ("text", "guide", "at", "name"),
    [
        ("rules", None, "", "The rules as they stand"),
        ("2023", 2023, "", "Guide (sample)"),
        ("at:150200", None, "150200", "All apply in Baotou"),
        ("2023+at:150200", 2023, "150200", "Guide (sample), all apply in Baotou"),
    ],
)
def test_a_set_of_rules_is_written_in_one_word(
    small: model.Programme, tmp_path: Path, text: str, guide: int | None, at: str, name: str
) -> None:
    side = side_of(text, small)
    assert (side.guide, side.at, side.reform) == (guide, at, None)
    found = compared(small, text, "rules", ["2"], table(tmp_path, HEAD + row("a", "2023-05-01")), tmp_path)
    assert found.sides[0].name.en == name


def test_a_reform_may_stand_with_a_guide_and_have_a_plus_in_its_name(small: model.Programme, tmp_path: Path) -> None:
    file = reform_file(tmp_path, "", name="a+b.yaml")
    assert side_of(file, small).text == "a+b.yaml"
    plain = reform_file(tmp_path, "")
    side = side_of(f"2023+{plain}", small)
    assert side.guide == 2023 and side.reform is not None and side.text == "2023+reform.yaml"


@provokes("E874")
@pytest.mark.parametrize("text", ["rule", "2023+2024", "23", "", "rules+", "at:150200+at:150400"])
def test_what_is_no_set_of_rules_is_refused_with_what_is(small: model.Programme, text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        side_of(text, small)
    assert caught.value.problems[0].code == "E874"
    assert "at:" in caught.value.render("zh")


@pytest.mark.parametrize(("text", "code"), [
    ("2022", "E812"), ("at:15", "E803"), ("at:x", "E803"), ("at:999999", "E874"), ("at:110000", "E874"),
])  # fmt: skip
def test_a_guide_or_a_place_that_is_not_there_is_refused(small: model.Programme, text: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        side_of(text, small)
    assert caught.value.problems[0].code == code


def test_a_reform_file_that_is_not_there_is_told_by_its_name(small: model.Programme, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none\.yaml"):
        side_of(str(tmp_path / "none.yaml"), small)
