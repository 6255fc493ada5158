"""Overlays of a place on terms that a guide fills, and the sources that a lowered limit names."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.policy.frame import Frame, codes

from jarlig.ladder.kinds import CNY, Number
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError

SPEND = """\
    facts:
      spend:
        rows: {most: 100}
        title: {zh: 支出, en: spending}
        columns: {net: {money: {}}, kind_of: {choice: {tools: {zh: 工具, en: tools}, rent: {zh: 租金, en: rent}}}}
    terms: {kinds: {open: {some_of: spend.kind_of}}}
    rate: 10%
    of: {sum: net, over: spend, where: [kind_of in kinds]}
    cap: {open: money}
"""
PLACE = """\
local: town
title: {zh: 细则, en: rules}
at: "990200"
valid: {from: 2024-01-01, to: 2026-12-31}
narrow: {a: {kinds: [tools]}}
lower: {a: {cap: 50}}
"""
ROWS = {"spend": [{"net": "400.00", "kind_of": "tools"}, {"net": "600.00", "kind_of": "rent"}]}


def test_a_place_narrows_a_list_and_lowers_a_cap_that_the_guide_filled(tmp_path: Path) -> None:
    frame = Frame(tmp_path, SPEND, guide="fill: {a: {kinds: [tools, rent], cap: 80}}", local=PLACE)
    assert frame.yuan(ROWS) == "80.00"
    assert frame.yuan(ROWS, at="990200") == "40.00"


def test_a_place_that_changes_terms_nobody_has_filled_leaves_them_open(tmp_path: Path) -> None:
    frame = Frame(tmp_path, SPEND, local=PLACE)
    ladder = frame.desk.plans.plan(parse_date("2024-06-01"), at="990200").ladder("a")
    assert {term.term for term in ladder.open_terms} == {"kinds", "cap"}


def test_a_place_may_not_raise_what_the_guide_filled(tmp_path: Path) -> None:
    frame = Frame(tmp_path, SPEND, guide="fill: {a: {kinds: [tools], cap: 30}}", local=PLACE)
    with pytest.raises(PolicyError) as caught:
        frame.ask(ROWS, at="990200")
    assert [problem.code for problem in caught.value.problems] == ["E703"]


def test_growth_is_written_with_its_bands_in_one_figure(tmp_path: Path) -> None:
    offer = """\
    facts:
      before: {money: {}, title: {zh: 上年, en: before}}
      after: {money: {}, title: {zh: 本年, en: after}}
    amount: {grown: after, since: before, from_zero: 5, bands: {under 20%: 0, from 20%: 100}}
"""
    frame = Frame(tmp_path, offer)
    assert frame.yuan({"before": "100", "after": "119.99"}) == "0.00"
    assert frame.yuan({"before": "100", "after": "120"}) == "100.00"
    assert frame.yuan({"before": "0", "after": "120"}) == "5.00"


def test_a_limit_and_a_floor_that_a_guide_changes_name_the_guide(tmp_path: Path) -> None:
    offer = """\
    amount: 500
    floor: 100
    limit: {amount: 1_000, per: enterprise, over: validity}
"""
    guide = "lower: {a: {limit: 400}}\nraise: {a: {floor: 150}}"
    ladder = Frame(tmp_path, offer, guide=guide).ask({}).ladder
    limit, floor = ladder.step("limit_1"), ladder.step("floor")
    assert limit.key == "limit.1" and limit.node.kind == Number(CNY, 0, 400, 400)
    assert [cite.source for cite in limit.cites] == ["notice", "guide:2024"]
    assert [cite.source for cite in floor.cites] == ["notice", "guide:2024"]


@pytest.mark.parametrize(
    ("split", "code"),
    [
        ("{score: 60%, size: 40%}", ""),
        ("{score: 60%, size: 30%}", "E710"),
        ("{score: 60%, length: 40%}", "E204"),
        ("{score: uscc, size: 40%}", "E605"),
        ("{score: 33.33333%, size: 66.66667%}", "E503"),
    ],
)
def test_weights_of_factors_name_the_factors_of_the_pool_and_make_up_the_whole(tmp_path, split, code):
    facts = "{score: {integer: {}, title: {zh: 分, en: score}}, size: {integer: {}, title: {zh: 量, en: size}}}"
    offer = f"nature: transfer\nfacts: {facts}\npool: {{amount: 100, split: factors, factors: [score, size]}}\n"
    guide = f"fill: {{a: {{split: {split}}}}}\n"
    if not code:
        assert Frame(tmp_path, offer, guide=guide).ask({"allocated_share": "0.25"}).amount == 2_500
        return
    with pytest.raises(PolicyError) as caught:
        Frame(tmp_path, offer, guide=guide).ask({})
    assert caught.value.problems[0].code == code


GROWTH = """\
facts:
  before: {money: {}, title: {zh: 上年, en: before}}
  after: {money: {}, title: {zh: 本年, en: after}}
amount: {grown: after, since: before, from_zero: 50, bands: {under 20%: 0, from 20%: 100}}
"""


def refused(folder: Path, offer: str, guide: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Frame(folder, offer, guide=guide).ask({})
    assert codes(caught.value) == [code]


def test_every_value_beside_the_bands_of_a_figure_is_lowered(tmp_path: Path) -> None:
    guide = "lower: {a: {amount: {from_zero: 5, bands: {from 20%: 90}}}}"
    frame = Frame(tmp_path, GROWTH, guide=guide)
    assert frame.yuan({"before": "0", "after": "120"}) == "5.00"
    assert frame.yuan({"before": "100", "after": "120"}) == "90.00"


@pytest.mark.parametrize(
    ("offer", "patch"),
    [
        (GROWTH, "amount: {fromzero: 5, bands: {from 20%: 90}}"),
        (GROWTH, "amount: {since: 5, bands: {from 20%: 90}}"),
        ("amount: 100\ncap: {open: money, at_least: 50, at_most: 80}\n", "cap: {at_least: 1}"),
        ("amount: 100\ncap: {open: money, at_least: 50, at_most: 80}\n", "cap: {at_most: 70}"),
        ("amount: 100\ncap: {decide: money, from: 50, to: 80}\n", "cap: {to: 70}"),
    ],
)
def test_an_overlay_changes_values_and_nothing_else_of_a_figure(tmp_path: Path, offer: str, patch: str) -> None:
    refused(tmp_path, offer, f"lower: {{a: {{{patch}}}}}", "E201")


TWO_LIMITS = """\
amount: 100
limit:
  - {awards: 5, per: enterprise}
  - {amount: 900, per: enterprise, over: ever}
  - {awards: 40, by: on.year}
"""


def test_limits_are_lowered_one_value_for_each_that_has_the_key(tmp_path: Path) -> None:
    ladder = Frame(tmp_path, TWO_LIMITS, guide="lower: {a: {awards: [4, 30], limit: 800}}").ask({}).ladder
    (quota,) = ladder.conditions
    assert "30" in quota.says.en
    assert "fewer than 4" in ladder.step("gate_1").label.en
    assert ladder.step("limit_2").node.kind == Number(CNY, 0, 800, 800)


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ("4", "E704"),
        ("[4]", "E704"),
        ("[4, 50]", "E703"),
        ("[1.5, 30]", "E205"),
        ("[4, 30%]", "E205"),
        ("[0, 3]", "E205"),
    ],
)
def test_a_count_is_lowered_to_a_whole_number_that_is_not_higher(tmp_path: Path, patch: str, code: str) -> None:
    refused(tmp_path, TWO_LIMITS, f"lower: {{a: {{awards: {patch}}}}}", code)


def test_a_document_that_fills_a_term_does_not_lower_it_as_well(tmp_path: Path) -> None:
    refused(tmp_path, "amount: 100\ncap: {open: money}\n", "fill: {a: {cap: 80}}\nlower: {a: {cap: 50}}", "E713")


@pytest.mark.parametrize("fill", ["{open: money}", "{of: on.year, bands: {under 2024: 1, from 2024: {open: money}}}"])
def test_a_term_cannot_be_filled_with_an_open_one(tmp_path: Path, fill: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Frame(tmp_path, "amount: {open: money}\n", guide=f"fill: {{a: {{amount: {fill}}}}}\n").ask({})
    assert codes(caught.value) == ["E607"]
