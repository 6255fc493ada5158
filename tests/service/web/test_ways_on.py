"""Where a page that refuses or ends leads, and what it says on the way."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.test import RequestFactory
from django.utils import translation

import jarlig
from jarlig.service.ground.errors import WrongState
from jarlig.service.web import errors, nav
from jarlig.service.web.forms import field
from jarlig.service.web.policy.said import set_by_guide


def _refused(rf: RequestFactory, method: str, path: str, came: str) -> str:
    request = getattr(rf, method)(path, headers={"referer": came} if came else {})
    return errors.refused(request, WrongState("此事项已办结。")).content.decode()


def test_a_refusal_leads_back_to_the_page_before(rf: RequestFactory) -> None:
    page = _refused(rf, "post", "/policy/x/", "http://testserver/policy/?page=2")
    assert 'href="/policy/?page=2"' in page and "返回上一页面" in page and "回首页" in page


@pytest.mark.parametrize("came", ["", "http://elsewhere.example/policy/", "http://testserver//elsewhere.example/"])
def test_a_refusal_leads_to_no_other_site(rf: RequestFactory, came: str) -> None:
    page = _refused(rf, "post", "/policy/x/", came)
    assert "elsewhere" not in page and "返回上一页面" not in page and "回首页" in page


def test_a_refusal_does_not_lead_to_itself(rf: RequestFactory) -> None:
    assert "返回上一页面" not in _refused(rf, "get", "/policy/x/", "http://testserver/policy/x/")


def test_a_page_without_a_database_leads_to_the_front_page(rf: RequestFactory) -> None:
    assert 'href="/">回首页' in errors.server_error(rf.get("/")).content.decode()
    assert 'href="/">回首页' in errors.unavailable(rf.get("/")).content.decode()


class _Dated(forms.Form):
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_date_that_is_offered_is_written_as_browsers_read_it(language: str) -> None:
    with translation.override(language):
        assert 'value="2023-10-09"' in field(_Dated(initial={"day": dt.date(2023, 10, 9)})["day"])
        assert 'value="2023-02-30"' in field(_Dated({"day": "2023-02-30"})["day"])


def test_what_a_guide_sets_is_said_in_the_words_of_the_programme_with_its_unit() -> None:
    read = jarlig.load("nmg-ecommerce-2022")
    said = {}
    for guide in read.model.guides.values():
        for part in (guide.fill, guide.lower):
            for offer, terms in part.items():
                for name, value in terms.items():
                    said[guide.year, offer, name] = set_by_guide(read, offer, name, value)
    assert said[2022, "12a", "cap"] == ("上限", "500,000 元")
    assert said[2023, "12a", "cap"][1].startswith("按设施类型：社区商业综合体 1,000,000 元；超市 500,000 元")
    assert "不满20% 0 元；20%以上、不满50% 300,000 元；50%以上 800,000 元" in said[2023, "10a", "amount"][1]
    assert said[2022, "2a", "costs_from"][0] == "费用期起日"
    assert said[2022, "2a", "eligible_categories"][1] == "硬件设备、软件及开发、网络与云资源"
    assert not [key for key, (words, figure) in said.items() if "_" in words or "_" in figure]
    with translation.override("en"):
        assert set_by_guide(read, "12a", "cap", read.model.guides[2022].fill["12a"]["cap"]) == ("cap", "CNY 500,000")


def test_an_item_of_the_navigation_may_cover_the_pages_beside_its_own() -> None:
    assert nav.COVERS["workbench-letters"] == "/workbench/"
    assert {name for _title, name, _act in nav.ITEMS} >= set(nav.COVERS)
