"""Cases worked by hand: what each offer of the first programme pays, and when it does not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.programmes.nmg import PLATFORM, ask, award, invoices, parcels, services, yuan


def test_a_platform_gets_a_fifth_of_what_was_paid_in_time_for_what_counts() -> None:
    lines = [
        *invoices("1_000_000.10", "500_000"),
        {**invoices("9")[0], "invoice_no": "23152000000000000011", "category": "staff", "net": "700_000"},
        {**invoices("9")[0], "invoice_no": "23152000000000000012", "paid_on": "2022-06-05", "net": "700_000"},
        {**invoices("9")[0], "invoice_no": "23152000000000000013", "paid_on": "2022-06-06", "net": "0.03"},
    ]
    assert yuan("2a", {**PLATFORM, "investment": lines}) == "300,000.03"


@pytest.mark.parametrize(
    ("on", "level", "capped"),
    [
        ("2022-10-31", "regional", "5,000,000.00"),
        ("2022-10-31", "industry", "4,000,000.00"),
        ("2022-10-31", "enterprise", "3,000,000.00"),
        ("2023-06-15", "regional", "4,000,000.00"),
        ("2024-06-15", "enterprise", "1,500,000.00"),
    ],
)
def test_a_large_platform_stops_at_the_cap_of_its_level_and_year(on: str, level: str, capped: str) -> None:
    paid_on = {"2022": "2022-09-01", "2023": "2023-05-01", "2024": "2024-05-01"}[on[:4]]
    facts = {**PLATFORM, "platform_level": level, "recognised_on": "2022-07-01"}
    assert yuan("2a", {**facts, "investment": invoices("90_000_000", paid_on=paid_on)}, on=on) == capped


def test_a_platform_project_is_paid_once_but_another_project_is_paid_again() -> None:
    earlier = (award("2a", "2022-09-01", "400_000", project_code="P1"),)
    facts = {**PLATFORM, "investment": invoices("100")}
    refused = ask("2a", facts, history=earlier)
    assert refused.outcome == "not_eligible" and [step.key for step in refused.refused] == ["limit.1"]
    assert yuan("2a", {**facts, "project_code": "P2"}, history=earlier) == "20.00"


def test_a_secondary_node_is_paid_its_lump_sum_once_for_an_enterprise() -> None:
    node = {"new_secondary_node": True, "connected_on": "2022-08-01"}
    assert yuan("2b", node, on="2022-10-01") == "5,000,000.00"
    assert yuan("2b", node) == "4,000,000.00"
    assert yuan("2b", {**node, "connected_on": "2023-06-16"}) == "not_eligible"
    assert yuan("2b", node, history=(award("2b", "2022-10-01", "5_000_000"),)) == "not_eligible"


@pytest.mark.parametrize(
    ("score", "paid"),
    [("59.9", "0.00"), ("60", "800,000.00"), ("89.9", "1,800,000.00"), ("100", "3,000,000.00")],
)
def test_an_identifier_application_is_paid_by_its_score(score: str, paid: str) -> None:
    assert yuan("2c", {"effect_score": score}) == paid


def test_an_identifier_application_never_passes_the_limit_of_the_enterprise() -> None:
    earlier = (award("2c", "2022-10-01", "2_500_000"),)
    assert yuan("2c", {"effect_score": "95"}, history=earlier) == "500,000.00"


@pytest.mark.parametrize(
    ("level", "day", "paid"),
    [
        ("national", "2021-01-01", "1,000,000.00"),
        ("national", "2020-12-31", "not_eligible"),
        ("regional", "2022-01-01", "not_eligible"),
        ("national", "2023-06-16", "not_eligible"),
    ],
)
def test_a_park_is_rewarded_for_the_national_title_of_the_five_years_only(level: str, day: str, paid: str) -> None:
    assert yuan("3", {"park_code": "K1", "recognised_as": level, "recognised_on": day}) == paid


def test_an_offer_has_its_own_window_inside_the_guide() -> None:
    park = {"park_code": "K1", "recognised_as": "national", "recognised_on": "2022-01-01"}
    assert [yuan("3", park, on=day) for day in ("2023-04-30", "2023-05-01", "2023-06-30", "2023-07-01")] == [
        "closed", "1,000,000.00", "1,000,000.00", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "paid"),
    [
        ("1_000_000", "1_199_999.99", "0.00"),
        ("1_000_000", "1_200_000", "300,000.00"),
        ("1_000_000", "1_500_000", "800,000.00"),
        ("0", "9_000_000", "0.00"),
    ],
)
def test_online_products_are_rewarded_by_growth(before: str, after: str, paid: str) -> None:
    sales = {"recognised": True, "online_sales_before": before, "online_sales_after": after}
    assert yuan("10a", sales) == paid


def test_a_second_reward_of_the_same_year_gets_only_what_the_yearly_ceiling_leaves() -> None:
    sales = {"recognised": True, "online_sales_before": "100", "online_sales_after": "200"}
    assert yuan("10a", sales, history=(award("10a", "2023-04-01", "700_000"),)) == "300,000.00"


def test_a_year_in_which_no_guide_opened_the_offer_does_not_break_the_run() -> None:
    """Opened in 2023 and 2024 only: an award of 2021 is followed by a year without a guide and a year not opened."""
    sales = {"recognised": True, "online_sales_before": "100", "online_sales_after": "300"}
    earlier = [award("10a", f"{year}-07-01", "100_000") for year in (2021, 2023)]
    assert yuan("10a", sales, on="2024-06-15", history=tuple(earlier)) == "700,000.00"
    assert yuan("10a", sales, on="2024-06-15", history=(*earlier, award("10a", "2020-07-01", "1"))) == "not_eligible"


def test_a_broken_run_does_not_begin_again() -> None:
    sales = {"recognised": True, "online_sales_before": "100", "online_sales_after": "300"}
    assert yuan("10a", sales, on="2024-06-15", history=(award("10a", "2022-07-01", "1"),)) == "not_eligible"


def test_marketing_is_paid_a_fifth_of_what_is_paid_already() -> None:
    lines = services("100_000.04", "50_000", contract_no="C1")
    lines[1]["paid_on"] = "2023-06-16"
    assert yuan("10b", {"recognised": True, "services": lines}) == "20,000.01"


def test_a_red_flushed_service_is_not_paid() -> None:
    lines = services("100_000", "-100_000")
    lines[1]["reverses"] = lines[0]["invoice_no"]
    assert yuan("10b", {"recognised": True, "services": lines}) == "0.00"


def test_baotou_asks_a_better_credit_grade_and_lowers_the_ceiling() -> None:
    facts: dict[str, Any] = {"recognised": True, "services": services("8_000_000")}
    assert yuan("10b", facts, at="150100") == "1,600,000.00"
    assert yuan("10b", facts, at="150203") == "1,200,000.00"
    assert yuan("10b", {**facts, "tax_credit": "c"}, at="150100") == "1,600,000.00"
    assert yuan("10b", {**facts, "tax_credit": "c"}, at="150203") == "not_eligible"


@pytest.mark.parametrize("fact", ["on_dishonesty_list", "on_abnormal_list"])
def test_an_enterprise_on_a_list_is_refused_by_the_guide_and_the_guide_is_cited(fact: str) -> None:
    answer = ask("2b", {"new_secondary_node": True, "connected_on": "2022-08-01", fact: True})
    assert answer.outcome == "not_eligible"
    assert [(cite.source, cite.ref, cite.sample) for step in answer.refused for cite in step.cites] == [
        ("guide:2023", "3", True)
    ]


def test_three_zones_share_the_whole_sum_and_no_other_city_has_a_share() -> None:
    city = {"zone_city": True}
    shares = [ask("11", city, at=code).amount or 0 for code in ("150100", "150400", "150600")]
    assert shares == [800_000_000, 600_000_000, 600_000_000] and sum(shares) == 2_000_000_000
    for other in ("150781", "150200", "152500"):
        assert yuan("11", city, at=other) == "not_eligible"


def test_an_enterprise_in_a_zone_city_gets_nothing_of_its_share() -> None:
    assert yuan("11", {"zone_city": False}, at="150100") == "not_eligible"


def test_a_shop_is_paid_by_kind_of_work_up_to_the_cap_of_its_type() -> None:
    lines = [{k: v for k, v in line.items() if k != "category"} for line in invoices("400_000", "400_000")]
    shop = {"outlet_type": "convenience", "work": "rebuilt", "spend": lines}
    assert yuan("12a", shop) == "160,000.00"
    assert yuan("12a", {**shop, "work": "new"}) == "200,000.00"
    assert yuan("12a", shop, at="150203") == "closed", "Baotou closes this offer"


def test_five_floors_do_not_fit_the_pool_of_2023_so_a_person_decides_and_both_clauses_are_named() -> None:
    answer = ask("12b", {"circle_code": "Q1", "circle_accepted": True})
    assert answer.outcome == "needs_decision" and answer.amount is None
    cited = {cite.ref for doubt in answer.doubts for cite in doubt.cites}
    assert {"12.4", "closing.iii"} <= cited


def test_five_floors_fit_the_pool_of_2024() -> None:
    circle = {"circle_code": "Q1", "circle_accepted": True}
    assert yuan("12b", circle, on="2024-06-15") == "2,400,000.00"
    earlier = (award("12b", "2023-07-01", "2_000_000", circle_code="Q1"),)
    assert yuan("12b", circle, on="2024-06-15", history=earlier) == "not_eligible"


def test_the_tax_share_goes_to_the_place_of_registration_and_to_no_other() -> None:
    share = {"registered_in": "150200", "region_tax_share": "1_000_000.01"}
    assert yuan("13b", share, at="150200") == "500,000.01"
    assert yuan("13b", share, at="150400") == "not_eligible"
    assert yuan("13b", share, at="150200", on="2024-06-15") == "closed"


def test_parcels_are_paid_by_the_rates_of_the_city_and_rounded_once() -> None:
    bands = ["near"] * 7 + ["far"] * 2
    claim = {"claim_month": "2023-05", "parcels": parcels(*bands)}
    assert yuan("14", claim, at="150200") == "1.40"  # 7 x 0.12 + 2 x 0.28
    there = {"claim_month": "2023-05", "parcels": parcels(*bands, gacha="150423102201")}
    assert yuan("14", there, at="150400") == "1.24"  # 7 x 0.105 + 2 x 0.25 = 1.235, half-up
    assert yuan("14", claim, at="150400") == "0.00", "the villages of another league do not count"


def test_parcels_of_another_month_do_not_count() -> None:
    assert yuan("14", {"claim_month": "2023-06", "parcels": parcels("far")}, at="150200") == "0.00"


def test_a_warehouse_has_three_million_over_the_validity_whatever_the_year() -> None:
    facts = {"investment": invoices("20_000_000")}
    assert yuan("17", facts) == "3,000,000.00"
    assert yuan("17", facts, history=(award("17", "2022-10-01", "2_999_999.99"),)) == "0.01"
    recovered = award("17", "2022-10-01", "1_000_000", recovered="400_000")
    assert yuan("17", facts, history=(recovered,)) == "2,400,000.00"


def test_the_last_day_of_validity_is_in_and_the_next_day_is_out() -> None:
    tax = {"high_tech": True, "taxable_income": "100", "tax_period_end": "2024-12-31"}
    assert yuan("19a", tax, on="2025-06-05") == "10.00"
    assert yuan("19a", tax, on="2025-06-06") == "lapsed"


@pytest.mark.parametrize(
    ("industry", "sme", "day", "saved"),
    [
        ("6431", False, "2022-09-30", "187,500.00"),
        ("6431", False, "2022-10-01", "250,000.00"),
        ("6431", True, "2022-01-01", "250,000.00"),
        ("6431", True, "2021-12-31", "187,500.00"),
        ("3919", False, "2021-01-01", "250,000.00"),
        ("3919", True, "2020-12-31", "187,500.00"),
        ("6431", False, "2023-01-01", "250,000.00"),
        ("5292", False, "2023-01-01", "not_eligible"),
        ("1620", False, "2023-01-01", "not_eligible"),
    ],
)
def test_the_extra_deduction_follows_group_and_date(industry: str, sme: bool, day: str, saved: str) -> None:
    facts = {"rd_expense": "1_000_000", "industry": industry, "tech_sme": sme, "high_tech": False}
    assert yuan("19b", {**facts, "tax_period_end": day}) == saved


def test_a_high_tech_enterprise_saves_at_its_own_rate() -> None:
    facts = {"rd_expense": "1_000_000", "industry": "6431", "tech_sme": False, "high_tech": True}
    assert yuan("19b", {**facts, "tax_period_end": "2023-12-31"}) == "150,000.00"


def test_education_expense_is_deductible_up_to_eight_percent_of_wages() -> None:
    facts = {"wages": "1_000_000", "tax_period_end": "2023-12-31"}
    assert yuan("19c", {**facts, "education_expense": "80_000.01"}) == "80,000.00"
    assert yuan("19c", {**facts, "education_expense": "79_999.99"}) == "79,999.99"
