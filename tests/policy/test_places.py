"""Rules of a league and of a county in it: both are laid on the notice, the league's first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.policy.frame import Frame, codes

from jarlig.engines.check import settings
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError
from jarlig.policy.model import Programme
from jarlig.policy.plans import Plans, layers
from jarlig.policy.reading import read_files
from jarlig.words.receipts import make, rules

LEAGUE, COUNTY, TOWN = "990200", "990221", "990221101"
RULES = """\
local: {name}
title: {{zh: {name}细则, en: rules of {name}}}
at: "{at}"
valid: {{from: {start}, to: {end}}}
"""


def local(name: str, at: str, body: str, start: str = "2024-01-01", end: str = "2026-12-31") -> bytes:
    return (RULES.format(name=name, at=at, start=start, end=end) + body).encode()


def frame(folder: Path, offer: str, league: str, county: str, guide: str = "", **dates: str) -> Frame:
    """A programme with the rules of a league and of a county in it; the county's file comes first."""
    made = Frame(folder, offer, guide=guide)
    files = {
        **made.programme.files,
        "local/0-county.yaml": local("county", COUNTY, county),
        "local/1-league.yaml": local("league", LEAGUE, league, **dates),
    }
    made.programme = read_files(files)
    made.desk = type(made.desk)(made.programme)
    return made


def refused(made: Frame, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        made.ask({}, at=COUNTY)
    assert codes(caught.value) == [code]


LOWER = "lower: {a: {amount: %d}}\n"


@pytest.mark.parametrize(
    ("at", "yuan"), [("990300", "100.00"), (LEAGUE, "80.00"), ("990222", "80.00"), (COUNTY, "60.00")]
)
def test_a_county_lowers_what_its_league_lowered(tmp_path: Path, at: str, yuan: str) -> None:
    assert frame(tmp_path, "amount: 100\n", LOWER % 80, LOWER % 60).yuan({}, at=at) == yuan


def test_a_town_has_the_rules_of_its_county_and_league(tmp_path: Path) -> None:
    plan = frame(tmp_path, "amount: 100\n", "", "").desk.plans.plan(parse_date("2024-06-01"), at=TOWN)
    assert [place.id for place in plan.places] == ["league", "county"]


def test_a_county_does_not_escape_the_ceiling_of_its_league(tmp_path: Path) -> None:
    refused(frame(tmp_path, "amount: 100\n", LOWER % 80, LOWER % 90), "E703")


def test_what_a_county_does_not_mention_is_as_its_league_says(tmp_path: Path) -> None:
    made = frame(tmp_path, "amount: 100\ncap: 90\n", LOWER % 80, "lower: {a: {cap: 85}}\n")
    assert made.yuan({}, at=COUNTY) == "80.00"


def test_a_term_that_the_league_filled_is_lowered_and_not_filled_again(tmp_path: Path) -> None:
    offer, fill = "amount: 100\ncap: {open: money, filled_by: local}\n", "fill: {a: {cap: 80}}\n"
    assert frame(tmp_path / "a", offer, fill, "lower: {a: {cap: 60}}\n").yuan({}, at=COUNTY) == "60.00"
    refused(frame(tmp_path / "b", offer, fill, "fill: {a: {cap: 60}}\n"), "E714")
    refused(frame(tmp_path / "c", offer, fill, "lower: {a: {cap: 90}}\n"), "E703")


def test_a_list_of_choices_is_filled_by_one_place_only(tmp_path: Path) -> None:
    offer = """\
    facts:
      lot: {choice: {open: list, filled_by: local}, title: {zh: 类, en: lot}}
    amount: 100
    """
    fill = "fill: {a: {lot: {near: {zh: 近, en: near}}}}\n"
    assert frame(tmp_path / "a", offer, fill, "").yuan({"lot": "near"}, at=COUNTY) == "100.00"
    refused(frame(tmp_path / "b", offer, fill, fill), "E714")


def test_a_guide_s_term_is_lowered_by_one_place_after_the_other(tmp_path: Path) -> None:
    offer, guide, cap = "amount: 100\ncap: {open: money}\n", "fill: {a: {cap: 80}}", "lower: {a: {cap: %d}}\n"
    assert frame(tmp_path / "a", offer, cap % 70, cap % 60, guide).yuan({}, at=COUNTY) == "60.00"
    refused(frame(tmp_path / "b", offer, cap % 60, cap % 70, guide), "E703")
    assert frame(tmp_path / "c", offer, cap % 60, cap % 70).ask({}, at=COUNTY).outcome == "awaiting_guide"


def test_conditions_of_both_hold_and_are_counted_on(tmp_path: Path) -> None:
    offer = "facts: {size: {integer: {}, title: {zh: 量, en: size}}}\namount: 100\n"
    gate = "gates: {when: [%s]}\n"
    made = frame(tmp_path, offer, gate % "size > 5", gate % "size < 9")
    assert made.yuan({"size": 7}, at=COUNTY) == "100.00"
    for size, key in ((5, "local_gates.1"), (9, "local_gates.2")):
        assert [step.key for step in made.ask({"size": size}, at=COUNTY).refused] == [key]


def test_an_offer_that_the_league_closes_is_closed_in_the_county(tmp_path: Path) -> None:
    assert frame(tmp_path, "amount: 100\n", "closes: [a]\n", "").yuan({}, at=COUNTY) == "closed"


def test_a_county_s_window_lies_within_its_league_s(tmp_path: Path) -> None:
    window = "windows: {a: {from: 2024-%s-01, to: 2024-%s-01}}\n"
    made = frame(tmp_path / "a", "amount: 100\n", window % ("04", "09"), window % ("05", "07"))
    assert [made.yuan({}, at=COUNTY, on=f"2024-0{month}-15") for month in (4, 6, 8)] == ["closed", "100.00", "closed"]
    refused(frame(tmp_path / "b", "amount: 100\n", window % ("04", "06"), window % ("07", "09")), "E709")


def test_the_rules_of_a_league_hold_in_the_county_as_long_as_they_are_valid(tmp_path: Path) -> None:
    made = frame(tmp_path, "amount: 100\n", LOWER % 80, "", start="2024-05-01", end="2024-06-30")
    days = ("2024-04-30", "2024-05-01", "2024-06-30", "2024-07-01")
    assert [made.yuan({}, at=COUNTY, on=day) for day in days] == ["100.00", "80.00", "80.00", "100.00"]
    pairs = [[place.id for place in places] for guide, places in settings(made.programme) if guide]
    assert pairs == [[], ["county"], ["league", "county"], ["league"]]


def test_no_layer_is_found_outside_the_days_asked_for(tmp_path: Path) -> None:
    programme = frame(tmp_path, "amount: 100\n", "", "").programme
    first = parse_date("2027-01-01")
    assert layers(programme, programme.locals["county"], first, first + 30) == ()


def test_a_receipt_names_the_rules_of_both_places(tmp_path: Path) -> None:
    made = frame(tmp_path, "amount: 100\n", LOWER % 80, LOWER % 60)
    named = make(made.ask({}, at=COUNTY))["programme"]
    assert {"local/0-county.yaml", "local/1-league.yaml"} <= set(named["files"])
    for name in ("local/0-county.yaml", "local/1-league.yaml"):
        changed: Programme = replace(made.programme, files={**made.programme.files, name: b"other"})
        plan = Plans(changed).plan(parse_date("2024-06-01"), at=COUNTY)
        assert rules(changed, plan.overlays)["local"] != named["local"]
