"""What the page of a guide says of it: everything that the folder sets, in words and with units."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from jarlig.library import load
from jarlig.service.web.policy.said import Set, set_by_guide

PROGRAMMES = ("nmg-ecommerce-2022", "sample-district-2024")


def said(name: str, year: int, language: str = "zh-hans") -> list[Set]:
    with translation.override(language):
        return set_by_guide(load(name), year)


def test_a_figure_stands_beside_that_of_the_notice_and_a_filled_term_alone() -> None:
    found = said("nmg-ecommerce-2022", 2023)
    assert Set("2a", "上限，区域级", "5,000,000.00元", "4,000,000.00元") in found
    assert Set("2a", "费用期起日", "", "2022年6月6日") in found
    assert Set("3", "金额", "", "1,000,000.00元") in found
    bands = next(one.after for one in found if one.offer == "10a")
    assert bands.startswith("不足20%：0.00元；20%以上、不足50%：300,000.00元；50%以上：800,000.00元")
    assert Set("12b", "Floor", "CNY 2,000,000.00", "CNY 2,200,000.00") in said("nmg-ecommerce-2022", 2024, "en")


def test_weights_of_an_allocation_and_lowered_years_are_said_too() -> None:
    weights = next(one for one in said("nmg-ecommerce-2022", 2023) if one.offer == "6")
    assert weights.before == "" and re.findall(r"\d+%", weights.after) == ["30%", "30%", "40%"]
    assert not re.search("[a-z]", weights.after)
    years = next(one for one in said("sample-district-2024", 2026) if one.offer == "1a")
    assert years.before != years.after and "1年" in years.after


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PROGRAMMES)
def test_nothing_that_a_guide_sets_is_left_out_or_said_by_the_words_of_data(name: str, language: str) -> None:
    for year, guide in load(name).model.guides.items():
        found = said(name, year, language)
        for part in (guide.fill, guide.lower, guide.raise_, guide.narrow):
            assert set(part) <= {one.offer for one in found}, year
        for one in found:
            assert one.what and one.after and "_" not in one.what + one.before + one.after
            assert language != "zh-hans" or re.search("[\u4e00-\u9fff]", one.what)
