"""Check and estimate in a real browser: accessible, inside the screen, by the keyboard alone, and on paper."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.service.estimates.standing import DAYS
from tests.service.web.estimate.answering import Reader, address, kept, right
from tests.service.web.test_pages import WIDTHS, violations

from jarlig.service.web.estimate.browser import COOKIE, PATH

pytestmark = pytest.mark.usefixtures("programmes")
Look = Callable[..., Any]
KEY = next(iter(DAYS))
SHOTS = os.environ.get("JARLIG_SHOTS", "")
#: One topic of each kind of question, by what tells them apart.
TOPICS = {
    "nmg-ecommerce-2022": (
        "for", "registered_at", "tax_credit", "on_dishonesty_list", "history", "claim_month", "claim_year",
        "2a.investment.total", "2a.investment.count", "2a.recognised_on",
    ),
    "sample-district-2024": ("struck_off_on", "1d.certificates", "revenue", "registered_at"),
}  # fmt: skip


def answered(key: str, most: int = 14) -> str:
    """The code of an estimate with some answers of every kind."""
    reader = Reader()
    code = reader.begins(key)
    for number in range(most):
        interview = kept(code).interview
        question = interview.next_question()
        if question is None:
            break
        reader.post(address(question.id), right(interview, question) if number % 4 != 3 else {"unknown": "1"})
    return code


def opened(look: Look, site: str, code: str, language: str, width: int) -> Any:
    page = look("/estimate/", language, width)
    page.context.add_cookies([{"name": COOKIE, "value": code, "domain": "127.0.0.1", "path": PATH}])
    return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("key", list(DAYS))
def test_every_screen_is_accessible_and_stays_inside(
    look: Look, site: str, key: str, language: str, width: int
) -> None:
    page = opened(look, site, answered(key), language, width)

    def sound(name: str) -> None:
        if SHOTS:
            shot = f"{name.strip('/').replace('/', '_')}-{key[:3]}-{language}-{width}.png"
            page.screenshot(path=Path(SHOTS) / shot, full_page=True)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    paths = ["", f"begin/{key}/", "answers/", "result/", "result/2a/", "save/", "resume/", "delete/"]
    for path in (*paths, *(f"questions/{topic}/" for topic in TOPICS[key])):
        page.goto(f"{site}/estimate/{path}")
        sound("estimate/" + path)
        if path.startswith("questions/") and not path.startswith("questions/1d"):
            form = page.locator("main form").first
            for one in form.locator("input[type=text]").all():
                one.fill("?!")
            form.evaluate("f => f.querySelectorAll('[type=checkbox]').forEach(one => { one.checked = false; })")
            form.locator("button.govuk-button", has_text="Continue" if language == "en" else "继续").click()
            if "/questions/" in page.url:
                sound("wrong/" + path)
    page.goto(f"{site}/estimate/save/")
    page.locator("main form button").click()
    sound("code")


def test_one_comes_to_a_result_by_the_keyboard_alone(look: Look, site: str) -> None:
    page = look(f"/estimate/begin/{KEY}/", "en", 1280)

    def reach(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached at {page.url}")

    reach("summary")
    page.keyboard.press("Enter")
    for part, text in (("year", "2023"), ("month", "10"), ("day", "10")):
        reach(f"[name=day_{part}]")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(text)
    reach("main form button")
    going(page, "Enter")
    for _ in range(14):
        if page.url.endswith("/result/"):
            break
        if page.locator("main input[type=radio]").count():
            reach("main input[type=radio]")
            page.keyboard.press("Space")
            reach("main form button")
            going(page, "Enter")
        elif page.locator("main select#id_value").count():
            reach("main select")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
            reach("main form button")
            going(page, "Enter")
        elif page.locator("main [name=to]").count():
            reach("[name=value]")
            page.keyboard.type("about 5 million")
            going(page, "Enter")
        else:
            reach("main button[name=unknown]")
            going(page, "Enter")
    assert page.url.endswith("/result/")
    reach("main ul.jl-answers a")


def going(page: Any, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_the_result_prints_without_what_only_a_screen_has_use_for(look: Look, site: str) -> None:
    page = opened(look, site, answered(KEY), "en", 1280)
    page.goto(f"{site}/estimate/result/")
    page.emulate_media(media="print")
    for gone in (".jl-est-rail", ".jl-est-more", ".govuk-service-navigation", ".jl-est-links"):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
    assert page.locator(".jl-answers h3").first.is_visible() and page.locator(".jl-big").is_visible()
    if SHOTS:
        page.pdf(path=Path(SHOTS) / "result.pdf")


def test_it_works_without_scripts(look: Look, site: str) -> None:
    page = look(f"/estimate/begin/{KEY}/", "zh-hans", 360, script=False)
    page.locator("main form button").click()
    assert "/estimate/" in page.url and page.locator("h1").count() == 1
