"""A floor and a cap that pull apart, a floor and a difference; and other figures that once beat their bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.policy.frame import HEAD, Frame, codes

from jarlig.engines.answer import Desk
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError
from jarlig.policy.reading import read_files

LEVEL = "lv: {choice: {p: {zh: 甲, en: p}, q: {zh: 乙, en: q}}, title: {zh: 级, en: level}}"
COST = "cost: {money: {}, title: {zh: 费用, en: cost}}"
FACTS = f"facts: {{{LEVEL}, {COST}}}\n"


def refused(folder: Path, offer: str, code: str, **more: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Frame(folder, offer, **more).ask({})
    assert codes(caught.value) == [code]


def doubts(frame: Frame, **facts: object) -> list[str]:
    answer = frame.ask(facts)
    assert (answer.outcome == "needs_decision") == bool(answer.doubts)
    return [doubt.name for doubt in answer.doubts]


@pytest.mark.parametrize(
    "cap",
    [
        "{by: lv, p: 100, q: 50}",
        "[200, {by: lv, p: 100, q: 50}]",
        "{of: cost, bands: {under 10: 79.99, from 10: 100}}",
        "{default: 100, unless: [{when: cost > 5, then: 79}]}",
        "{default: {by: lv, p: 50, q: 90}, unless: [{when: cost > 5, then: 100}]}",
    ],
)
def test_a_written_cap_below_the_floor_is_refused_wherever_it_stands(tmp_path: Path, cap: str) -> None:
    refused(tmp_path / "offer", f"{FACTS}amount: 500\ncap: {cap}\nfloor: 80\n", "E711")
    part = f"parts: [{{part: one, title: {{zh: 一, en: one}}, amount: 500, cap: {cap}, floor: 80}}]\n"
    refused(tmp_path / "part", FACTS + part, "E711")


def test_a_cap_that_a_case_brings_below_the_floor_is_a_question_for_a_person(tmp_path: Path) -> None:
    frame = Frame(tmp_path, f"{FACTS}amount: 500\ncap: [400, {{share: 50%, of: cost}}]\nfloor: 80\n")
    assert (frame.yuan({"cost": "300"}), frame.yuan({"cost": "160"})) == ("150.00", "80.00")
    assert doubts(frame, cost="159.98") == ["cap_2_below_floor"]
    assert frame.ask({"cost": "1"}).doubts[0].label.en == "the cap is below the floor: both cannot be kept"


def test_a_cap_and_a_floor_by_the_same_choice_are_no_question_where_they_agree(tmp_path: Path) -> None:
    frame = Frame(tmp_path, f"{FACTS}amount: 60\ncap: {{by: lv, p: 100, q: 50}}\nfloor: {{by: lv, p: 80, q: 40}}\n")
    assert (frame.yuan({"lv": "p"}), frame.yuan({"lv": "q"})) == ("80.00", "50.00")


def test_a_component_asks_only_when_it_counts(tmp_path: Path) -> None:
    part = "part: one, title: {zh: 一, en: one}, when: [lv = p], amount: 500, cap: {share: 50%, of: cost}, floor: 80"
    frame = Frame(tmp_path, f"{FACTS}parts: [{{{part}}}]\n")
    assert doubts(frame, lv="p", cost="100") == ["one_cap_below_floor"]
    assert frame.yuan({"lv": "q", "cost": "100"}) == "0.00"


def test_the_caps_of_components_are_not_held_against_the_floor_of_their_sum(tmp_path: Path) -> None:
    part = "{part: %s, title: {zh: 一, en: one}, amount: 60, cap: 50}"
    assert Frame(tmp_path, f"parts: [{part % 'one'}, {part % 'two'}]\nfloor: 80\n").yuan({}) == "100.00"


ROWS = """\
facts:
  buys: {rows: {most: 9}, title: {zh: 采购, en: buys}, columns: {net: {money: {}}}}
for_each: {row: buys, where: [net > 10], amount: 500, cap: %s, floor: 80}
"""


def test_a_row_whose_cap_is_below_its_floor_asks_and_one_that_does_not_count_does_not(tmp_path: Path) -> None:
    frame = Frame(tmp_path / "a", ROWS % "{share: 50%, of: net}")
    assert doubts(frame, buys=[{"net": "200"}, {"net": "100"}]) == ["row_cap_1_below_floor"]
    assert frame.yuan({"buys": [{"net": "200"}, {"net": "5"}]}) == "100.00"
    refused(tmp_path / "b", ROWS % "50", "E711")


PAID = HEAD.replace("offer: a", "offer: b") + "amount: 90\n"
BEFORE = [{"offer": "b", "on": "2024-03-01", "state": "paid", "approved": "90", "uscc": "U1"}]


def test_a_floor_holds_before_the_difference_and_does_not_lift_it(tmp_path: Path) -> None:
    offer = "amount: 60\nfloor: 80\nless: {paid_before: [b], per: enterprise}\n"
    frame = Frame(tmp_path / "a", offer, others=(PAID,))
    assert (frame.yuan({}), frame.yuan({}, history=BEFORE)) == ("80.00", "0.00")
    higher = Frame(tmp_path / "b", offer.replace("60", "100"), others=(PAID,))
    assert higher.yuan({}, history=BEFORE) == "10.00"


def test_nothing_received_elsewhere_counts_as_nothing(tmp_path: Path) -> None:
    offer = "facts: {got: {money: {}, or: none, title: {zh: 已得, en: got}}}\namount: 100\n"
    rule = "exclusive: {with: elsewhere, received: got%s}\n"
    differs = Frame(tmp_path / "a", offer + rule % ", keep: higher")
    assert [differs.yuan({"got": got}) for got in ("none", "0", "30", "130")] == ["100.00", "100.00", "70.00", "0.00"]
    assert differs.ask({}).outcome == "range"
    refuses = Frame(tmp_path / "b", offer + rule % "")
    assert [refuses.yuan({"got": got}) for got in ("none", "0", "30")] == ["100.00", "100.00", "not_eligible"]


CLAIMS = "facts: {since: {date: {}, %stitle: {zh: 开始日, en: first day}}}\nclaims: {per: year, from: since}\n"


def test_claim_years_are_not_counted_from_a_day_that_may_be_none(tmp_path: Path) -> None:
    refused(tmp_path, CLAIMS % "or: none, " + "amount: {of: claim_year, bands: {up to 1: 5, over 1: 3}}\n", "E421")


def test_a_claim_before_its_first_day_is_refused(tmp_path: Path) -> None:
    frame = Frame(tmp_path, CLAIMS % "" + "amount: {of: claim_year, bands: {up to 1: 5, over 1: 3}}\n")
    assert [frame.yuan({"since": day}) for day in ("2024-06-01", "2023-06-01")] == ["5.00", "3.00"]
    assert [step.key for step in frame.ask({"since": "2024-06-02"}).refused] == ["claims.from"]


POOL = "nature: transfer\npool: {amount: 1000, among: %s, split: %s}\n"


@pytest.mark.parametrize(
    ("among", "split", "code"),
    [
        ('["990100", "990200"]', '{"990100": 100%}', "E603"),
        ('["990100", "990200"]', "5", "E203"),
        ('["990100", "990200"]', "[50%, 50%]", "E203"),
        ('["990100", "990221"]', '{"990100": 50%, "990221": 50%}', "E715"),
    ],
)
def test_a_pool_gives_every_listed_place_of_one_level_its_share(
    tmp_path: Path, among: str, split: str, code: str
) -> None:
    refused(tmp_path, POOL % (among, "shares"), code, guide=f"fill: {{a: {{split: {split}}}}}\n")


def test_every_factor_of_a_pool_has_a_weight(tmp_path: Path) -> None:
    facts = "facts: {one: {integer: {}, title: {zh: 一, en: one}}, two: {integer: {}, title: {zh: 二, en: two}}}\n"
    pool = "nature: transfer\npool: {amount: 100, split: factors, factors: [one, two]}\n"
    refused(tmp_path, facts + pool, "E603", guide="fill: {a: {split: {one: 100%}}}\n")


def test_a_year_that_its_guide_closed_does_not_break_a_run(tmp_path: Path) -> None:
    limit = "amount: 5\nlimit: {years: 3, per: enterprise, in_a_row: true, after_a_gap: no_restart}\n"
    earlier = [{"offer": "a", "on": "2024-03-01", "guide_year": 2024, "state": "paid", "approved": "5", "uscc": "U1"}]
    frame = Frame(tmp_path, limit, years=(2024, 2025, 2026))
    assert frame.yuan({}, on="2026-06-01", history=earlier) == "not_eligible"
    files = dict(frame.programme.files)
    files["guides/2025.yaml"] += b"closes: [a]\n"
    desk = Desk(read_files(files))
    answer = desk.determine("a", {"uscc": "U1", "history": earlier}, on=parse_date("2026-06-01"))
    assert (answer.outcome, answer.amount) == ("award", 500)


FORMS = """\
parameters:
  p: {title: {zh: 参, en: p}, form: %s, values: [{from: 2024-01-01, value: %s, basis: {zh: 依据, en: basis}}]}
tables:
  t: {title: {zh: 表, en: t}, form: %s, of: number, how: %s, bands: {under 5: 1, from 5: 2}}
"""
SIZE = "facts: {size: {integer: {}, title: {zh: 量, en: size}}}\n"


@pytest.mark.parametrize(
    ("forms", "offer", "fits"),
    [
        (("ratio", "3", "money", "whole"), "amount: {dated: p, on: on}\n", False),
        (("integer", "3", "money", "whole"), "amount: {dated: p, on: on}\n", False),
        (("money", "3", "money", "whole"), "amount: {dated: p, on: on}\n", True),
        (("money", "3", "money", "whole"), "each: {dated: p, on: on}\ncount: size\n", True),
        (("ratio", "3", "money", "whole"), "each: {dated: p, on: on}\ncount: size\n", False),
        (("money", "3", "ratio", "whole"), "amount: {table: t, of: size}\n", False),
        (("money", "3", "money", "whole"), "amount: {table: t, of: size}\n", True),
        (("money", "3", "ratio", "marginal"), "each: {table: t}\ncount: size\n", False),
        (("money", "3", "unit_rate", "marginal"), "each: {table: t}\ncount: size\n", True),
    ],
)
def test_a_parameter_or_table_stands_where_its_form_belongs(
    tmp_path: Path, forms: tuple[str, ...], offer: str, fits: bool
) -> None:
    if fits:
        assert Frame(tmp_path, SIZE + offer, programme=FORMS % forms).ask({"size": 6}).outcome == "award"
    else:
        refused(tmp_path, SIZE + offer, "E605", programme=FORMS % forms)


def test_a_place_may_be_compared_with_a_wider_one_and_not_with_a_finer_one(tmp_path: Path) -> None:
    frame = Frame(tmp_path / "a", "amount: 5\nwhen:\n  - registered_at.county in (990101, 990100)\n")
    assert frame.yuan({"registered_at": "990101"}) == "5.00"
    refused(tmp_path / "b", "amount: 5\nwhen: [at = 990101001]\n", "E419")
