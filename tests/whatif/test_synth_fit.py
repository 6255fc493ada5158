"""What suits the rules is read from the ladders: a value that is called good is refused by no condition of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tiny import edited

import jarlig
from jarlig.ladder.dates import day_text
from jarlig.ladder.kinds import Choice, Date, YesNo
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError
from jarlig.whatif.synth_fit import Asked, Listed, rules_of

NMG = jarlig.load("nmg-ecommerce-2022")
SAMPLE = jarlig.load("sample-district-2024")
RULES = rules_of(NMG.desk, 2023)


def asked(column: str) -> Asked:
    return next(one for one in RULES.facts if one.column == column)


def listed(name: str) -> Listed:
    return next(one for one in RULES.lists if one.column == name)


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        ("tax_credit", ("a", "b", "m", "c"), ("d",)),
        ("on_abnormal_list", (False,), (True,)),
        ("commitment_signed", (True,), (False,)),
        ("newly_built", (True,), (False,)),
        ("recognised_as", ("national",), ("regional",)),
        ("tech_sme", (True, False), ()),
    ],
)
def test_choices_are_told_apart_by_the_conditions_that_read_them(column: str, good: tuple, bad: tuple) -> None:
    assert (asked(column).good, asked(column).bad) == (good, bad)


def test_days_are_told_apart_as_well() -> None:
    days = asked("3.recognised_on")
    assert day_text(days.good[0]) == "2021-01-01"
    assert day_text(days.good[-1]) == day_text(RULES.guide.start)


def test_a_name_that_means_two_things_stands_once_for_each_offer() -> None:
    columns = [one.column for one in RULES.facts]
    assert {"2a.recognised_on", "3.recognised_on"} <= set(columns)
    assert "recognised_on" not in columns
    assert asked("recognised").offers == ("10a", "10b")
    assert len(set(columns)) == len(columns)


def test_a_list_that_two_offers_share_is_one_list() -> None:
    assert listed("investment").offers == ("2a", "17")
    assert [one.column for one in RULES.lists] == ["investment", "services", "spend"]
    assert RULES.parcels is not None
    assert RULES.parcels.column == "parcels"


def test_the_columns_of_a_list_suit_every_offer_that_reads_it() -> None:
    lines = listed("investment")
    assert lines.good["category"] == ("hardware", "software", "network")
    assert lines.bad["category"] == ("staff", "civil", "other")
    assert lines.dated() == "paid_on"
    assert day_text(lines.good["paid_on"][0]) == "2022-06-06"
    assert lines.good["paid_on"][-1] <= RULES.guide.start
    assert not set(lines.good["paid_on"]) & set(lines.bad["paid_on"])
    assert lines.money == "net"


def test_one_line_of_the_breach_brings_the_formula_above_the_cap() -> None:
    for lines in RULES.lists:
        for offer in lines.offers:
            row = {"for": offer} if len(lines.offers) > 1 else {}
            for name, kind in lines.kind.columns:
                good = lines.good.get(name)
                if name == lines.money:
                    row[name] = f"{lines.breach // 100}"
                elif good:
                    row[name] = day_text(good[-1]) if isinstance(kind, Date) else str(good[0])
            row |= {"invoice_no": "23999000000000000001", "seller": "919900000000000192"}
            row = {key: value for key, value in row.items() if key in dict(lines.kind.columns) or key == "for"}
            base = {one.column: one.good[0] for one in RULES.facts if isinstance(one.kind, YesNo | Choice) and one.good}
            facts = {name: str(value).lower() for name, value in base.items() if "." not in name}
            facts |= {lines.name: [row], "history": [], "registered_at": "150102", "uscc": "919900000000000192"}
            facts |= {"project_code": "P", offer: {"recognised_on": "2022-07-01"} if offer == "2a" else {}}
            answer = NMG.determine(offer, facts, on="2023-06-01", guide=2023)
            assert answer.outcome == "award", (offer, answer.missing)
            assert (answer.formula_amount or 0) > (answer.amount or 0) > 0


def test_transfers_and_offers_that_are_not_open_ask_nothing_of_enterprises() -> None:
    assert not {"6", "11", "13a", "13b"} & set(RULES.offers)
    assert "2b" not in rules_of(NMG.desk, 2024).offers
    assert "zone_city" not in {one.column for one in RULES.facts}


def test_without_a_year_the_latest_guide_is_taken() -> None:
    assert rules_of(NMG.desk, None).guide.year == 2024
    assert rules_of(SAMPLE.desk, None).guide.year == 2026


def test_a_programme_without_a_guide_for_the_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as error:
        rules_of(NMG.desk, 1999)
    assert error.value.problems[0].code == "E812"
    assert "2022, 2023, 2024" in error.value.problems[0].en + error.value.problems[0].hint_en


def test_a_programme_of_ones_own_is_understood_too(tmp_path: Path) -> None:
    own = jarlig.load(edited(tmp_path / "own"))
    rules = rules_of(own.desk, None)
    assert {one.column for one in rules.facts} >= {"uscc", "registered_at", "level"}
    assert [one.column for one in rules.lists] == ["investment"]
    assert rules.lists[0].good["paid_on"][0] == parse_date("2022-06-06")
