"""Pages in a real browser: accessible, inside the screen, by keyboard, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = ("/components/", "/components/form/", "/components/table/", "/nothing/")
LANGUAGES = ("zh-hans", "en")
WIDTHS = (1280, 360)
Look = Callable[..., Any]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


SHIFTS = """new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300);
})"""


def violations(page: Any) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]
    ]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_stays_inside_the_screen(look: Look, path: str, language: str, width: int) -> None:
    page = look(path, language, width)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_with_errors_is_accessible_and_its_summary_has_the_focus(look: Look, language: str) -> None:
    page = look("/components/form/", language, 360)
    page.fill("#id_name", "")
    page.locator("main form button.govuk-button").last.click()
    page.wait_for_selector(".govuk-error-summary")
    page.wait_for_function("document.activeElement.matches('.govuk-error-summary')")
    assert page.title().startswith("Error:" if language == "en" else "错误：")
    assert violations(page) == []
    page.locator(".govuk-error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_only_files_of_the_site_are_asked_for_and_few_of_them(look: Look, site: str) -> None:
    page = look("/nothing/")
    asked = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert all(one.startswith(site) for one in asked)
    assert sorted(re.sub(r".*/", "", one) for one in asked if "mark.svg" not in one) == ["jarlig.css", "jarlig.js"]


def test_the_page_does_not_jump_while_it_loads(look: Look) -> None:
    page = look("/components/table/")
    moved = page.evaluate(SHIFTS)
    assert moved < 0.02


def test_the_first_stop_of_the_keyboard_leads_past_the_head(look: Look) -> None:
    page = look("/components/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main-content"


def test_every_stop_of_the_keyboard_is_seen_and_in_the_order_of_the_page(look: Look) -> None:
    page = look("/components/table/")
    tops: list[float] = []
    for _stop in range(30):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """(() => { const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);
            return [r.top + scrollY, r.width * r.height > 0, s.outlineStyle !== 'none' || s.boxShadow !== 'none',
            e.outerHTML]; })()"""
        )
        assert seen[1] and seen[2], seen[3][:200]
        tops.append(seen[0])
    assert all(after >= before - 60 for before, after in pairwise(tops[1:]))


def test_columns_are_chosen_with_the_keyboard(look: Look) -> None:
    page = look("/components/table/", "en")
    page.locator("summary", has_text="Columns").focus()
    page.keyboard.press("Enter")
    assert page.locator("details.jl-menu[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("details.jl-menu[open]").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Columns"
    page.keyboard.press("Enter")
    page.get_by_label("Documents").check()
    page.get_by_role("button", name="Show these").press("Enter")
    page.wait_for_url("**col=documents**")
    assert page.get_by_role("columnheader", name="Documents").count() == 1


def test_the_seat_menu_opens_and_closes_by_keyboard(look: Look) -> None:
    page = look("/components/", "en")
    page.locator(".jl-seats summary").press("Enter")
    assert page.locator(".jl-seats button").first.is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".jl-seats button").first.is_visible()


def test_tabs_move_with_the_arrows(look: Look) -> None:
    page = look("/components/", "en")
    page.wait_for_selector(".govuk-tabs [role=tab]")
    page.locator("[role=tab]").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#tab-last").is_visible() and not page.locator("#tab-this").is_visible()


def test_details_open_with_the_keyboard(look: Look) -> None:
    page = look("/components/", "en")
    page.locator("summary", has_text="Why this is asked").press("Enter")
    assert page.get_by_text("Because the cap depends on the level.").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_another_item_can_be_added_and_keeps_what_was_typed(look: Look, script: bool) -> None:
    page = look("/components/form/", "en", script=script)
    page.locator("#id_lines-1-what").fill("typed")
    page.locator("button[data-another-add]").press("Enter")
    page.wait_for_selector("#id_lines-2-what")
    assert page.locator("#id_lines-1-what").input_value() == "typed"
    assert page.locator("#id_lines-2-what").is_visible()
    if script:
        assert page.evaluate("document.activeElement.id") == "id_lines-2-what"


def test_a_password_can_be_shown(look: Look) -> None:
    page = look("/components/form/", "en")
    page.get_by_role("button", name="Show password").click()
    assert page.locator("#id_secret").get_attribute("type") == "text"


def test_sorting_changes_the_address_and_goes_back(look: Look) -> None:
    page = look("/components/table/", "en")
    page.get_by_role("link", name="Enterprise").click()
    page.wait_for_selector("th[aria-sort] >> text=Enterprise")
    assert "sort=firm" in page.url
    assert page.evaluate("document.activeElement.id") == "s-firm"
    page.go_back()
    page.wait_for_selector("th[aria-sort] >> text=Number")


@pytest.mark.parametrize("script", [True, False])
def test_filters_and_pages_work_with_and_without_a_script(look: Look, script: bool) -> None:
    page = look("/components/table/", "en", script=script)
    page.locator("#f-place").select_option("City-A")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**place=City-A**")
    page.wait_for_selector(".jl-chips")
    assert page.locator("tbody tr").count() == 15
    page.goto(page.url.split("?")[0])
    page.get_by_label("Page 2").click()
    page.wait_for_url("**page=2**")
    page.wait_for_selector("text=Rows 21 to 40")


def test_a_view_is_saved_and_offered(look: Look) -> None:
    page = look("/components/table/?sort=-amount", "en", script=False)
    page.locator("summary", has_text="Save this view").click()
    page.get_by_label("Name of the view").fill("Largest first")
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.get_by_role("link", name="Largest first").get_attribute("aria-current") == "true"


def test_rows_are_counted_and_what_is_not_lawful_says_why(look: Look) -> None:
    page = look("/components/table/", "en")
    page.get_by_label("Choose all rows of this page").check()
    assert page.get_by_text("20 chosen").is_visible()
    accept = page.get_by_role("button", name="Accept")
    assert accept.is_disabled()
    assert page.get_by_text(re.compile("“Accept” is not possible for .* of the chosen rows")).is_visible()
    page.get_by_label("Choose all rows of this page").uncheck()
    assert accept.is_enabled()
    assert page.get_by_role("button", name="Freeze the list").is_disabled()


@pytest.mark.parametrize("script", [True, False])
def test_the_language_changes_and_the_reader_stays_on_the_page(look: Look, script: bool) -> None:
    page = look("/components/table/?page=2", "zh-hans", script=script)
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("text=Rows 21 to 40")
    assert page.locator("html").get_attribute("lang") == "en" and page.url.endswith("?page=2")


def test_without_a_script_nothing_is_hidden_that_is_needed(look: Look) -> None:
    page = look("/components/", "en", script=False)
    for text in ("What this year holds.", "What last year held.", "Saved. You can leave and go on later."):
        assert page.get_by_text(text).is_visible()


def test_on_paper_only_the_content_remains(look: Look) -> None:
    page = look("/components/", "en")
    page.emulate_media(media="print")
    for gone in (".govuk-service-navigation", ".jl-hills", ".govuk-button"):
        assert not page.locator(gone).first.is_visible()
    for stays in (".jl-demo", ".jl-ladder", ".jl-time"):
        assert page.locator(stays).first.is_visible()
