"""Where a page that refuses or ends leads, and what it says on the way."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.test import RequestFactory
from django.utils import translation

from jarlig.service.ground.errors import WrongState
from jarlig.service.web import errors, nav
from jarlig.service.web.forms import field


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


def test_an_item_of_the_navigation_may_cover_the_pages_beside_its_own() -> None:
    assert nav.COVERS["workbench-letters"] == "/workbench/"
    assert {name for _title, name, _act in nav.ITEMS} >= set(nav.COVERS)
