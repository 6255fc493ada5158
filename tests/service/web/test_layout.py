"""The frame of every page, its headers, its errors, the switch of language, and markup without a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import html5lib
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.utils import translation
from jinja2 import UndefinedError

from jarlig.service.web import errors
from jarlig.service.web.context import Link, Page, Seat, fill, page_of
from jarlig.service.web.environment import govuk
from jarlig.service.web.security import POLICY

Reader = Callable[[str], Client]
HOSTILE = '"><script>alert(1)</script>'


def strict(text: str) -> None:
    """Reads a page as strictly as a reader can: the first fault is an error."""
    html5lib.HTMLParser(strict=True).parse(text)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "path", ["/components/", "/components/form/", "/components/table/", "/components/table/?find=zzz"]
)
def test_markup_is_without_a_fault(reader: Reader, path: str, language: str) -> None:
    answer = reader(language).get(path)
    assert answer.status_code == 200
    strict(answer.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_for_what_went_wrong_are_without_a_fault(reader: Reader, rf: RequestFactory, language: str) -> None:
    with translation.override(language):
        answers = [
            reader(language).get("/nothing/"), errors.forbidden(rf.get("/"), reason=HOSTILE),
            errors.server_error(rf.get("/")),
            errors.unavailable(rf.get("/"), HOSTILE), reader(language).post("/components/form/", {"name": HOSTILE}),
        ]  # fmt: skip
    assert [one.status_code for one in answers] == [404, 403, 500, 503, 422]
    for answer in answers:
        text = answer.content.decode()
        strict(text)
        assert "<script>alert" not in text
        assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in text


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "表单内容过长"), ("en", "The form is too long")])
def test_a_form_that_is_too_long_is_a_page_in_the_language_of_the_reader(
    reader: Reader, language: str, words: str
) -> None:
    sent = urlencode({"name": "长" * 300_000})
    answer = reader(language).post("/components/form/", sent, "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert reader(language).post("/components/form/", {"name": "长" * 900_000}).status_code == 413
    strict(answer.content.decode())
    assert words in answer.content.decode() and "2.5" in answer.content.decode()


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "无法读取"), ("en", "This could not be read")])
def test_a_request_that_cannot_be_read_is_a_page_too(reader: Reader, language: str, words: str) -> None:
    answer = reader(language).post("/components/form/", {f"field{number}": "" for number in range(1_100)})
    assert answer.status_code == 400
    strict(answer.content.decode())
    assert words in answer.content.decode()


def test_our_own_mistakes_need_neither_request_nor_database() -> None:
    assert "此前保存的内容不受影响" in errors.server_error(None).content.decode()  # type: ignore[arg-type]
    answer = errors.unavailable(None, "今晚维护。")  # type: ignore[arg-type]
    assert "今晚维护。" in answer.content.decode() and answer["Retry-After"] == "300"


def test_a_page_that_fails_shows_the_page_for_it(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jarlig.service.web.gallery.everything", lambda: 1 / 0)
    answer = reader("en").get("/components/")
    assert answer.status_code == 500 and "Something went wrong on our side" in answer.content.decode()
    assert answer["Content-Security-Policy"] == POLICY


def test_every_answer_has_the_headers_of_security(reader: Reader) -> None:
    answer = reader("en").get("/components/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src 'self'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin" and "camera=()" in answer["Permissions-Policy"]


def test_nothing_is_written_into_a_page_that_the_policy_forbids(reader: Reader) -> None:
    for path in ("/components/", "/components/form/", "/components/table/", "/nothing/"):
        text = reader("en").get(path).content.decode()
        assert " style=" not in text and not re.search(r"\son\w+=", text)
        assert not re.search(r"<script(?![^>]* src=)", text) and "<style" not in text


def test_chinese_is_what_a_reader_gets_who_asks_for_nothing() -> None:
    answer = Client().get("/nothing/")
    assert 'lang="zh-Hans"' in answer.content.decode()


def test_the_language_is_kept_in_a_cookie(reader: Reader) -> None:
    client = Client()
    answer = client.post("/language/", {"language": "en", "next": "/components/?a=1"})
    assert answer.status_code == 302 and answer["Location"] == "/components/?a=1"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie.value == "en" and cookie["samesite"] == "Lax" and cookie["httponly"]
    assert 'lang="en"' in client.get("/nothing/").content.decode()


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "",
        "\t//x.example",
    ],
)
def test_the_switch_of_language_leads_nowhere_else(back: str) -> None:
    assert Client().post("/language/", {"language": "en", "next": back})["Location"] == "/"


def test_a_language_that_is_none_changes_nothing() -> None:
    answer = Client().post("/language/", {"language": "xx", "next": "/"})
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies
    assert Client().get("/language/").status_code == 405


def frame(rf: RequestFactory, **values: object) -> str:
    request = rf.get("/somewhere/?a=<b>")
    fill(request, **values)
    answer: HttpResponse = render(request, "errors/404.html")
    strict(answer.content.decode())
    return answer.content.decode()


def test_a_reader_who_is_not_signed_in_sees_a_whole_page(rf: RequestFactory) -> None:
    text = frame(rf)
    assert "jl-who" not in text and "English" in text and 'value="/somewhere/?a=%3Cb%3E"' in text
    assert page_of(rf.get("/x/")).lang == "zh-Hans"


def test_the_frame_shows_who_is_signed_in_and_where_they_may_go(rf: RequestFactory) -> None:
    seats = (Seat("1", "某厅", "审核岗"), Seat("2", "某局", "受理岗", "代 某人"))
    text = frame(
        rf, person="某人", seat=seats[0], seats=seats, seat_switch="/seat/", sign_out="/out/", section="工作台",
        nav=(Link("队列", "/queue/", current=True, count=1206, late=True), Link("公示", "/notices/")),
        crumbs=(Link("首页", "/"), Link("这里", "")), foot=(Link("说明", "/help/"),), demo="演示数据",
    )  # fmt: skip
    for there in (
        "某厅 · 审核岗",
        'value="2"',
        "代 某人",
        "退出",
        "1,206",
        'aria-current="true"',
        "演示数据",
        "说明",
        "工作台",
    ):
        assert there in text


def test_one_seat_needs_no_switch(rf: RequestFactory) -> None:
    text = frame(
        rf, person="某人", seat=Seat("1", "某厅", "审核岗"), seats=(Seat("1", "某厅", "审核岗"),), seat_switch="/seat/"
    )
    assert "某厅 · 审核岗" in text and "<details" not in text


def test_everything_in_the_frame_is_escaped(rf: RequestFactory) -> None:
    text = frame(
        rf, person=HOSTILE, seat=Seat(HOSTILE, HOSTILE, HOSTILE),
        seats=(Seat("1", HOSTILE, ""), Seat("2", HOSTILE, "")),
        seat_switch="/seat/", nav=(Link(HOSTILE, HOSTILE),), crumbs=(Link(HOSTILE, HOSTILE),), demo=HOSTILE,
        section=HOSTILE,
    )  # fmt: skip
    assert "<script>alert" not in text


def test_the_frame_changes_only_in_what_is_filled_in(rf: RequestFactory) -> None:
    request = rf.get("/x/")
    fill(request, person="甲")
    assert fill(request, section="乙") == Page(path="/x/", person="甲", section="乙")


def test_a_name_that_nobody_gave_is_an_error(rf: RequestFactory) -> None:
    with pytest.raises(UndefinedError):
        render(rf.get("/"), "form.html", {"title": "x"})


def test_a_component_that_is_none_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no_such"):
        govuk.no_such  # noqa: B018
