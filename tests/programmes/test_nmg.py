"""The first programme says what its design says: ids, facts, clauses, anchors, words and dated values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from tests.programmes.nmg import plans, programme

from jarlig.ladder.kinds import Choice, Date, Division, Number, Rows, YesNo
from jarlig.ladder.numbers import parse_date, parse_percent
from jarlig.policy import model
from jarlig.reference import tax
from jarlig.reference.errors import UnknownParameter

OFFERS = ["2a", "2b", "2c", "3", "6", "10a", "10b", "11", "12a", "12b", "13a", "13b", "14", "17", "19a", "19b", "19c"]
TARGETS = {
    "7-brands": (6, None, "validity"),
    "7-online": (100, None, "validity"),
    "7-shops": (100, None, "validity"),
    "7-accounts": (100, None, "validity"),
    "7-items": (1000, None, "validity"),
    "8-leads": (30, 50, "year"),
    "9-pavilions": (100, None, "validity"),
    "12b-circles": (5, None, "validity"),
}
FACTS = {
    "2a": {"project_code", "platform_level", "newly_built", "recognised_on", "investment"},
    "2b": {"new_secondary_node", "connected_on", "node_prefix"},
    "2c": {"effect_score", "enterprise_nodes", "identifiers", "daily_resolutions"},
    "3": {"recognised_as", "recognised_on"},
    "6": {"demonstration_county"},
    "10a": {"recognised", "online_sales_before", "online_sales_after"},
    "10b": {"recognised", "services"},
    "12a": {"outlet_type", "work", "spend"},
    "12b": {"circle_code", "circle_accepted"},
    "13b": {"registered_in", "region_tax_share"},
    "14": {"parcels"},
    "17": {"investment"},
    "19a": {"high_tech", "taxable_income"},
    "19b": {"rd_expense", "industry"},
    "19c": {"wages", "education_expense"},
}
PAYEES = {
    "3": "park",
    "6": "county",
    "11": "city",
    "12a": "unit",
    "12b": "circle",
    "13a": "city",
    "13b": "city",
    "14": "carrier",
}
DUTIES_OF = (1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19)
EFFECTS = {"validity", "guide_opens", "upper_limits", "budget_scales", "interpretation", "overlays"}


def test_the_programme_is_the_notice_of_june_2022_and_ends_in_june_2025() -> None:
    found = programme()
    assert found.document.number == "内政办发〔2022〕39号"
    assert found.document.issued_on == found.valid[0] == parse_date("2022-06-06")
    assert found.valid[1] == parse_date("2025-06-05")
    assert found.interpreter == "commerce" and not found.sample


def test_offers_have_the_ids_payees_and_order_of_the_design() -> None:
    offers = programme().offers
    assert list(offers) == OFFERS
    assert {name: offer.to for name, offer in offers.items() if offer.to != "enterprise"} == PAYEES
    natures = {name: offer.nature for name, offer in offers.items() if offer.nature != "award"}
    assert natures == {
        **dict.fromkeys(("6", "11", "13a", "13b"), "transfer"),
        **dict.fromkeys(("19a", "19b", "19c"), "inform"),
    }
    assert list(programme().registers) == ["1"]


def test_facts_have_the_names_of_the_design() -> None:
    for offer, names in FACTS.items():
        assert names <= set(programme().offers[offer].facts), offer
    assert set(programme().facts) >= {
        "uscc", "name", "registered_at", "tax_credit", "on_dishonesty_list", "on_abnormal_list", "commitment_signed",
    }  # fmt: skip


def test_rows_have_the_columns_of_the_design() -> None:
    columns = {
        "2a.investment": {"invoice_no", "reverses", "invoice_date", "seller", "net", "vat", "category", "paid_on"},
        "17.investment": {"invoice_no", "reverses", "invoice_date", "seller", "net", "vat", "category", "paid_on"},
        "10b.services": {"contract_no", "invoice_no", "payee", "net", "paid_on"},
        "14.parcels": {"waybill_hash", "gacha", "month", "distance_band"},
    }
    for name, wanted in columns.items():
        offer, fact = name.split(".")
        kind = programme().offers[offer].facts[fact].kind
        assert isinstance(kind, Rows) and wanted <= {column for column, _ in kind.columns}, name


def test_no_line_of_cost_and_no_waybill_is_ever_paid_twice() -> None:
    rows = [f for offer in programme().offers.values() for f in offer.facts.values() if isinstance(f.kind, Rows)]
    assert len(rows) == 5
    assert all(fact.key_once == "ever" and isinstance(fact.kind, Rows) and fact.kind.key for fact in rows)


def test_kinds_of_some_facts_are_what_their_names_say() -> None:
    offers = programme().offers
    assert isinstance(offers["2a"].facts["recognised_on"].kind, Date)
    assert isinstance(offers["2b"].facts["new_secondary_node"].kind, YesNo)
    score = offers["2c"].facts["effect_score"].kind
    assert isinstance(score, Number) and (score.low, score.high) == (0, 1000) and score.scale == 1
    assert offers["13b"].facts["registered_in"].kind == Division("league")
    assert isinstance(programme().facts["tax_credit"].kind, Choice)


def test_targets_have_the_goals_of_the_notice_and_are_marked_unverified() -> None:
    targets = programme().targets
    assert {name: (t.at_least, t.at_most, t.every) for name, t in targets.items()} == TARGETS
    assert all(target.source_phrase and not target.verified for target in targets.values())
    assert targets["7-shops"].key == targets["9-pavilions"].key, "the overlap of the two can be counted"


def test_every_clause_that_asks_something_of_a_body_has_a_duty() -> None:
    cited = {int(duty.cites.split(".")[0]) for duty in programme().duties.values()}
    assert cited == set(DUTIES_OF)
    for duty in programme().duties.values():
        assert set(duty.bodies) <= set(programme().clauses[duty.cites].bodies), duty.duty


def test_the_closing_clause_has_its_six_rules() -> None:
    closing = programme().closing
    assert {rule.effect for rule in closing} == EFFECTS and len(closing) == 6
    assert [rule.cites for rule in closing] == [f"closing.{number}" for number in ("i", "ii", "iii", "iv", "v", "vi")]


def test_every_sentence_is_encoded_or_says_why_not() -> None:
    found = programme()
    owners: dict[str, Iterable[Any]] = {
        "offer": found.offers.values(),
        "target": found.targets.values(),
        "duty": found.duties.values(),
        "register": found.registers.values(),
        "rule": found.closing,
    }
    for clause in found.clauses.values():
        if clause.encoded == "not_encodable":
            assert clause.why is not None, clause.clause
        elif clause.encoded == "parts":
            assert any(name.startswith(f"{clause.clause}.") for name in found.clauses), clause.clause
        else:
            assert any(entry.cites == clause.clause for entry in owners[clause.encoded]), clause.clause
    assert sum(clause.encoded == "not_encodable" for clause in found.clauses.values()) == 11


def test_the_nineteen_clauses_and_the_closing_stand_in_order_of_paragraphs() -> None:
    clauses = programme().clauses
    tops = [clauses[name] for name in (*map(str, range(1, 20)), "closing")]
    assert [clause.paragraph for clause in tops] == sorted({clause.paragraph for clause in tops})
    assert {clause.paragraph for clause in clauses.values()} == set(range(1, 31)), "no paragraph is left out"


@pytest.mark.parametrize("parent", [c for c, clause in programme().clauses.items() if clause.encoded == "parts"])
def test_sentences_of_a_clause_leave_no_gap_and_do_not_overlap(parent: str) -> None:
    clauses = programme().clauses
    parts = [clause for name, clause in clauses.items() if name.startswith(f"{parent}.")]
    spans = [(part.start or 0, part.end or 0) for part in parts]
    assert all(part.paragraph == clauses[parent].paragraph for part in parts)
    assert all(start < end for start, end in spans)
    assert all(0 <= after[0] - before[1] <= 1 for before, after in pairwise(spans)), parent


def _entries() -> list[model.Offer | model.Target | model.Duty | model.Register]:
    found = programme()
    return [*found.offers.values(), *found.targets.values(), *found.duties.values(), *found.registers.values()]


def test_every_entry_rests_on_words_inside_the_clause_it_cites() -> None:
    clauses = programme().clauses
    for entry in _entries():
        assert entry.anchors, entry.title
        for key, anchor in entry.anchors.items():
            clause = clauses[anchor.clause]
            top = entry.cites.split(".")[0]
            assert anchor.clause.split(".")[0] == top, (entry.title, key)
            assert (clause.start or 0) <= anchor.start < anchor.end <= (clause.end or 10**6), (entry.title, key)


def test_anchors_of_an_offer_are_keys_of_its_steps() -> None:
    keys: dict[str, set[str]] = {name: {"report"} for name in OFFERS}
    for plan in plans():
        for name in OFFERS:
            ladder = plan.ladder(name)
            keys[name] |= {step.key for step in ladder.steps} | {condition.name for condition in ladder.conditions}
    for name, offer in programme().offers.items():
        assert set(offer.anchors) <= keys[name], name


def test_every_fact_is_asked_for_a_reason_with_evidence_and_a_verifier() -> None:
    found = programme()
    registers = [fact for register in found.registers.values() for fact in register.facts.values()]
    facts = [*found.facts.values(), *registers, *(f for o in found.offers.values() for f in o.facts.values())]
    for fact in facts:
        assert fact.why is not None and fact.evidence and fact.verified_by, fact.name


def test_chinese_labels_are_chinese_and_english_ones_are_not() -> None:
    pairs = re.compile(r"zh: (\"[^\"]*\"|[^,}\n]*), en: (\"[^\"]*\"|[^}\n]*)\}")
    counted = 0
    for name, source in programme().files.items():
        for zh, en in pairs.findall(source.decode()):
            counted += 1
            assert re.search(r"[\u4e00-\u9fff]", zh), (name, zh)
            assert not re.search(r"[\u4e00-\u9fff]", en), (name, en)
    assert counted > 500


def test_guides_and_cities_are_marked_illustrative_in_both_languages() -> None:
    overlays = list(programme().overlays())
    assert len(overlays) == 5
    for overlay in overlays:
        assert overlay.sample and "示例" in overlay.title.zh and "illustrative" in overlay.title.en


def test_every_guide_has_the_gates_that_the_notice_leaves_to_it() -> None:
    wanted = {"in_region", "tax_credit != d", "not on_dishonesty_list", "not on_abnormal_list", "commitment_signed"}
    for guide in programme().guides.values():
        assert {gate.expression.text for gate in guide.gates} == wanted
        assert all(gate.when_decided and gate.says for gate in guide.gates)


def test_each_guide_routes_every_offer_it_opens_once() -> None:
    for guide in programme().guides.values():
        routed = [offer for route in guide.routes.values() for offer in route["for"]]
        assert sorted(routed) == sorted(guide.opens or ()), guide.id


def test_readings_and_conditions_name_clauses_that_there_are() -> None:
    found = programme()
    cited = [*(reading.cites for reading in found.readings.values()), *(c.cites for c in found.conditions.values())]
    assert set(cited) <= set(found.clauses)


def test_readings_that_limits_use_are_about_the_clause_of_the_offer() -> None:
    found = programme()
    for offer in found.offers.values():
        for limit in offer.limits:
            if limit.reading:
                assert found.readings[limit.reading].cites == offer.cites


DATED = {
    "rd_extra_general": ("rd_extra_deduction", "general"),
    "rd_extra_manufacturing": ("rd_extra_deduction", "manufacturing"),
    "rd_extra_tech_sme": ("rd_extra_deduction", "tech_sme"),
    "education_share": ("employee_education", "general"),
}


@pytest.mark.parametrize("name", DATED)
def test_tax_values_are_those_of_the_reference_table(name: str) -> None:
    values = programme().parameters[name].values
    for value in values:
        assert value.end is not None
        percent, scale = parse_percent(value.value.text)
        for day in {value.start, value.end}:
            known = tax.parameter(DATED[name][0], date.fromordinal(day), DATED[name][1])
            assert Decimal(percent).scaleb(-scale) == known.value, (name, date.fromordinal(day))
    last = date.fromordinal(values[-1].end or 0)
    with pytest.raises(UnknownParameter):
        tax.parameter(DATED[name][0], last + timedelta(days=1), DATED[name][1])


def test_the_high_tech_relief_is_the_difference_of_the_two_rates_of_the_law() -> None:
    relief = programme().parameters["high_tech_relief"].values[0]
    percent, scale = parse_percent(relief.value.text)
    day = date(2023, 6, 30)
    rates = [tax.parameter("income_tax_rate", day, condition).value for condition in ("general", "high_tech")]
    assert Decimal(percent).scaleb(-scale) == rates[0] - rates[1]


def test_sectors_without_extra_deduction_are_those_of_the_reference_table() -> None:
    condition = programme().conditions["excluded_sector"].test.text
    named = set(re.findall(r"[0-9]{2}", condition))
    assert named == {f"{division:02}" for division in range(1, 98) if tax.excluded_from_rd(f"{division:02}")}
