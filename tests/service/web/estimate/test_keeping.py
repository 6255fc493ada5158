"""Coming back later: the code is seen once it is asked for, goes by POST and cookie alone, and deletes everything."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, override_settings
from tests.service.catalogue.office import in_force, office
from tests.service.estimates.standing import DAYS, PUBLIC
from tests.service.web.estimate.answering import Reader, address, kept

from jarlig.asking import Interview
from jarlig.library import Programme as Rules
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.estimates import codes
from jarlig.service.ground.context import acting
from jarlig.service.web.estimate.browser import COOKIE
from jarlig.service.web.permissions import routes

pytestmark = pytest.mark.usefixtures("programmes")
KEY = next(iter(DAYS))
PAGES = [one for one in routes() if one.name.startswith("estimate-")]
POSTS = ("again/", "today/", "questions/for/", "questions/for/forget/", "save/", "delete/")


def started(language: str = "en", **data: str) -> tuple[Reader, Any]:
    """A reader who pressed the button of the start page, for a day on which much is open, and the answer."""
    reader = Reader(language)
    data = data or dict(zip(("day_year", "day_month", "day_day"), DAYS[KEY].split("-"), strict=True))
    return reader, reader.post(f"/estimate/begin/{KEY}/", data)


def test_the_start_page_says_what_it_is_and_the_code_travels_in_a_cookie_alone() -> None:
    page = Reader("en").get(f"/estimate/begin/{KEY}/").content.decode()
    for said in ("at most 12 questions", "No account and no name", "Deadline", "lapsed", "for 30 days"):
        assert said in page
    _reader, answer = started()
    assert answer["Location"] == "/estimate/next/"
    cookie = answer.cookies[COOKIE]
    assert codes.read(cookie.value) == cookie.value
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/estimate/"
    assert not cookie["secure"] and not cookie["max-age"] and not cookie["expires"]
    with override_settings(HTTPS=True):
        assert started()[1].cookies[COOKIE]["secure"]


def test_where_one_programme_is_in_force_it_is_the_start_page_and_says_what_to_have_at_hand(own_db: str) -> None:
    programme = in_force(office())
    for path in ("/estimate/", f"/estimate/begin/{programme.key}/"):
        page = Reader("en").get(path).content.decode()
        assert "What to have at hand" in page and "Start now" in page
        first = Interview.begin(programme_in_force_here(programme.key), None).next_question()
        assert first is not None and first.title.en[1:] in page


def programme_in_force_here(key: str) -> Rules:
    with acting(PUBLIC):
        return programme_in_force(key)


def test_several_programmes_are_offered_and_each_has_its_start_page() -> None:
    page = Reader().get("/estimate/").content.decode()
    assert all(f'href="/estimate/begin/{key}/"' in page for key in DAYS)
    assert all(Reader().get(f"/estimate/begin/{key}/").status_code == 200 for key in DAYS)
    assert Reader().get("/estimate/begin/none-of-ours/").status_code == 404
    assert Reader().post("/estimate/begin/none-of-ours/").status_code == 404


def test_an_estimate_can_be_for_another_day_and_a_wrong_day_says_so() -> None:
    _reader, answer = started(day_year="2023", day_month="10", day_day="10")
    assert kept(answer.cookies[COOKIE].value).on.isoformat() == DAYS[KEY]
    for year, month, day in (("2023", "2", "30"), ("1850", "1", "1"), ("9999", "12", "31"), ("x", "<script>", "1")):
        _reader, answer = started(day_year=year, day_month=month, day_day=day)
        page = answer.content.decode()
        assert answer.status_code == 422 and '<details class="govuk-details" open' in page
        assert COOKIE not in answer.cookies and "<script>1" not in page


def test_the_code_is_shown_when_it_is_asked_for_and_on_no_other_page() -> None:
    reader, answer = started()
    code = answer.cookies[COOKIE].value
    reader.post(address("tax_credit"), {"value": "a"})
    parts = {"<slug:key>": KEY, "<str:topic>": "for", "<str:offer>": "2a"}
    for one in PAGES:
        page = reader.get(re.sub("<[^>]+>", lambda part: parts[part[0]], one.path))
        assert code not in page.content.decode() and codes.shown(code) not in page.content.decode(), one.path
    shown = reader.post("/estimate/save/")
    assert codes.shown(code) in shown.content.decode() and shown["Cache-Control"] == "no-store"


def test_with_the_code_one_goes_on_in_another_browser_and_deletes_it_for_both() -> None:
    reader, answer = started()
    code = answer.cookies[COOKIE].value
    reader.post(address("tax_credit"), {"value": "a"})
    other = Reader("en")
    came = other.post("/estimate/resume/", {"code": codes.shown(code).lower()})
    assert came["Location"] == "/estimate/next/" and code not in came["Location"]
    assert came.cookies[COOKIE].value == code
    assert "A" in other.get("/estimate/answers/").content.decode()
    assert "1 answer is removed" in other.get("/estimate/delete/").content.decode()
    gone = other.post("/estimate/delete/")
    assert "is deleted" in gone.content.decode() and gone.cookies[COOKIE].value == ""
    assert "No estimate is open here" in reader.get("/estimate/result/").content.decode()
    again = Reader("en").post("/estimate/resume/", {"code": code})
    assert again.status_code == 422 and "no estimate with this code" in again.content.decode()


def test_codes_of_nothing_are_told_alike_and_counted() -> None:
    reader, said = Reader("en"), set()
    reader.defaults["REMOTE_ADDR"] = "192.0.2.77"
    for typed in [codes.new_code(), "x", "' OR 1=1", "a\x00b", "<b>"] * 4:
        page = reader.post("/estimate/resume/", {"code": typed})
        assert page.status_code == 422
        said.add(re.findall(r"error-summary__list.*?</ul>", page.content.decode(), re.DOTALL)[0])
    assert len(said - {one for one in said if "Null" in one or "null" in one}) == 1
    _other, answer = started()
    for _ in range(6):
        page = reader.post("/estimate/resume/", {"code": codes.new_code()})
    locked = reader.post("/estimate/resume/", {"code": answer.cookies[COOKIE].value})
    assert locked.status_code == 422 and "Too many wrong codes" in locked.content.decode()
    assert COOKIE not in locked.cookies


def test_what_is_sent_to_an_estimate_that_is_gone_is_said_to_be_lost() -> None:
    for path in POSTS:
        for cookie in ("", codes.new_code(), "nonsense", "x" * 3_000):
            reader = Reader("en")
            reader.opens(cookie)
            answer = reader.post("/estimate/" + path, {"value": "a"})
            assert answer.status_code == 409 and "was not kept" in answer.content.decode(), (path, cookie)


def test_nothing_is_changed_by_looking_and_everything_sent_needs_its_token() -> None:
    reader, answer = started()
    code = answer.cookies[COOKIE].value
    for path in POSTS:
        assert reader.get("/estimate/" + path).status_code in (200, 405)
    assert kept(code).revision == 1
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[COOKIE] = code
    for path in (*POSTS, "resume/", f"begin/{KEY}/"):
        assert strict.post("/estimate/" + path, {"code": code}).status_code == 403, path
    assert kept(code).revision == 1
