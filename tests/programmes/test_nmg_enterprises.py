"""The made-up enterprises that come with the first programme."""

from __future__ import annotations

import pytest
from tests.programmes.nmg import FOLDER, desk

from jarlig.ladder.numbers import parse_date
from jarlig.policy.facts import read_facts

ENTERPRISES = sorted((FOLDER / "enterprises").glob("*.yaml"))
OUTCOMES = {
    ("01-platform-builder", "2a"): "4,000,000.00",
    ("01-platform-builder", "2c"): "1,800,000.00",
    ("01-platform-builder", "19b"): "480,000.00",
    ("02-node-operator", "2b"): "4,000,000.00",
    ("03-cross-border-seller", "10a"): "800,000.00",
    ("03-cross-border-seller", "10b"): "930,000.11",
    ("03-cross-border-seller", "19b"): "not_eligible",
    ("04-carrier", "14"): "5.85",
    ("05-cloud-warehouse", "17"): "1,200,000.00",
    ("06-credit-grade-d", "10b"): "not_eligible",
    ("08-red-flushed-invoice", "12a"): "83,625.23",
    ("09-park-operator", "3"): "1,000,000.00",
    ("10-living-circle", "12b"): "needs_decision",
    ("11-cross-border-city", "11"): "6,000,000.00",
    ("11-cross-border-city", "13b"): "1,230,000.00",
}


@pytest.mark.parametrize(("enterprise", "offer"), OUTCOMES)
def test_a_shipped_enterprise_shows_what_its_file_says(enterprise: str, offer: str) -> None:
    facts = read_facts(FOLDER / "enterprises" / f"{enterprise}.yaml")
    place = str(facts.plain["registered_at"])
    answer = desk().determine(offer, facts, on=parse_date("2023-06-20"), at=place)
    shown = answer.outcome if answer.amount is None else f"{answer.amount // 100:,}.{answer.amount % 100:02}"
    assert shown == OUTCOMES[enterprise, offer]


def test_shipped_enterprises_are_made_up_and_each_has_its_own_code() -> None:
    read = [read_facts(path).plain for path in ENTERPRISES]
    assert len(read) == 11
    assert all("虚构" in str(facts["name"]) and "示例" in str(facts["name"]) for facts in read)
    assert len({str(facts["uscc"]) for facts in read}) == len(read)
