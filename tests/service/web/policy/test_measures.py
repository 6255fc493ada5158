"""The public site: measures that are found, the page of each offer, clauses, versions, the handbook, the front page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import translation
from hypothesis import given, settings, strategies as st
from tests.service.bodies.staff import newcomer
from tests.service.catalogue.office import files, in_force, open_from, packed
from tests.service.people import PASSWORD, Installation

from jarlig.library import load
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.found import Founder, found
from jarlig.service.catalogue.acts.close_window import close_window
from jarlig.service.catalogue.acts.confirm_interpretation import confirm_interpretation
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.interpret import interpret
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.models import Programme, Version
from jarlig.service.ground.clock import SHANGHAI, now
from jarlig.service.ground.context import Who, acting
from jarlig.service.web.figures import deadline, last_day
from jarlig.service.web.programmes import finding, listing
from jarlig.service.web.programmes.telling import outermost

HOUR = timedelta(hours=1)
NOTICE = "nmg-ecommerce-2022"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def reader(language: str = "zh-hans") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    return client


def read(path: str, language: str = "zh-hans", status: int = 200) -> str:
    answer = reader(language).get(path)
    assert answer.status_code == status, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def notice(made: Installation) -> Programme:
    """The shipped programme in force."""
    with made.sits("author"):
        version = import_at_once(shipped_as=NOTICE)
    with made.sits("publisher"):
        return put_in_force(Version.objects.get(pk=version.pk)).programme


# The page of an offer -------------------------------------------------------------------------------------------------


def test_an_offer_says_how_much_for_whom_until_when_and_by_which_clause(made: Installation) -> None:
    programme = in_force(made)
    open_from(made, programme, -HOUR, 48 * HOUR)
    page = read("/programmes/tiny/offers/1a/")
    for words in ("1a 新建平台补助", "企业", "5,000,000.00", "3,000,000.00", "申报中", "截止", "第1.1条",
                  "项目法审核流程", "营业执照", "由商务厅核验", "示例"):  # fmt: skip
        assert words in page, words
    english = read("/programmes/tiny/offers/1a/", "en")
    assert "Open for applications" in english and "clause 1.1" in english and "新建平台补助" not in english


def test_an_offer_without_a_window_says_that_the_days_are_not_set(made: Installation) -> None:
    in_force(made)
    assert "主管部门尚未确定受理日期" in read("/programmes/tiny/offers/1a/")


def test_a_closed_window_says_when_it_closed(made: Installation) -> None:
    window = open_from(made, in_force(made), -HOUR, 48 * HOUR)
    with made.sits("publisher"):
        close_window(window, reason="名额已满")
    page = read("/programmes/tiny/offers/1a/")
    assert "未在申报期" in page and "已于" in page and "截止" in page


def test_a_lapsed_programme_says_so_on_each_offer(notice: Programme) -> None:
    page = read(f"/programmes/{NOTICE}/offers/2a/")
    assert "已失效" in page and "2025年6月5日" in page and "不再受理" in page


def every_offer_has_its_page(made: Installation, name: str, language: str) -> None:
    with made.sits("author"):
        version = import_at_once(shipped_as=name)
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=version.pk))
    programme, client = load(name), reader(language)
    lang = "zh" if language == "zh-hans" else "en"
    for offer in programme.offers.values():
        answer = client.get(f"/programmes/{name}/offers/{offer.offer}/")
        assert answer.status_code == 200
        page = answer.content.decode()
        assert offer.title[lang][1:] in unescape(page), offer.offer
        assert 'href=""' not in page and "#offer-" not in page
    assert client.get(f"/programmes/{name}/clauses/").status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_offer_of_the_notice_has_its_page(made: Installation, language: str) -> None:
    every_offer_has_its_page(made, NOTICE, language)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_second_shipped_programme_has_pages_of_the_same_kind(own_db: str, language: str) -> None:
    with acting(Who(role="jarlig_gate")):
        root = found("示例区", "990100", "示例区商务局", Founder("甲", "first", PASSWORD))
    made = Installation({"root": root})
    with made.sits("root"):
        for role in ("author", "publisher"):
            made.seats[role] = appoint(newcomer(role), root.body, root.area, role)
    every_offer_has_its_page(made, "sample-district-2024", language)


def test_an_unknown_offer_or_programme_is_not_found(made: Installation) -> None:
    in_force(made)
    for path in ("/programmes/tiny/offers/9/", "/programmes/none/offers/1a/", "/programmes/none/clauses/",
                 "/programmes/tiny/offers/%3Cscript%3E/", "/programmes/none/handbook/"):  # fmt: skip
        assert "找不到" in read(path, status=404) or "没有" in read(path, status=404)


def test_a_confirmed_answer_stands_on_the_pages_of_its_clause(made: Installation) -> None:
    programme = in_force(made)
    with made.sits("author"):
        one = interpret(programme, "1.1", "何为新建？", "指首次建成。")
    assert "何为新建" not in read("/programmes/tiny/offers/1a/")
    with made.sits("publisher"):
        confirm_interpretation(one)
    assert "指首次建成" in read("/programmes/tiny/offers/1a/") and "指首次建成" in read("/programmes/tiny/clauses/")
    assert "指首次建成" not in read("/programmes/tiny/offers/2/")


def test_the_history_tells_what_a_version_changed(made: Installation) -> None:
    programme = in_force(made)
    lower = packed(files(("measures/01.yaml", "regional: 5_000_000", "regional: 4_500_000")))
    with made.sits("author"):
        later = import_at_once(lower, "tiny.zip", into=programme)
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=later.pk))
    page = read("/programmes/tiny/versions/")
    assert "1a 新建平台补助 上限，区域级 5,000,000.00元 4,500,000.00元" in page
    assert "cap.regional 5_000_000 4_500_000" in page and "首个版本" in page
    page = read("/programmes/tiny/offers/1a/")
    assert "本事项的2个版本" in page and "上限，区域级：5,000,000.00元 → 4,500,000.00元" in page
    assert "本事项没有变化" in read("/programmes/tiny/offers/2/")
    assert "Cap, regional: CNY 5,000,000.00 → CNY 4,500,000.00" in read("/programmes/tiny/offers/1a/", "en")


def test_the_handbook_is_a_file_to_keep(made: Installation) -> None:
    in_force(made)
    answer = reader("en").get("/programmes/tiny/handbook/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tiny-1.en.html"'
    assert answer.content.startswith(b"<!DOCTYPE html>") and b"Tiny programme" in answer.content


def test_what_has_no_words_is_told_by_its_values(made: Installation) -> None:
    programme = in_force(made)
    with made.sits("author"):
        longer = packed(files(("measures/01.yaml", "most: 200", "most: 300")))
        later = import_at_once(longer, "tiny.zip", into=programme)
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=later.pk))
    assert "facts.investment.rows.most 200 300" in read("/programmes/tiny/versions/")
    assert "200 → 300" in read("/programmes/tiny/offers/1a/")


# The page of a measure ------------------------------------------------------------------------------------------------


def test_a_measure_that_nobody_applies_for_is_shown_for_what_it_is(made: Installation) -> None:
    in_force(made)
    target, duty = read("/programmes/tiny/measures/3/"), read("/programmes/tiny/measures/4/")
    assert "本措施无需申报" in target and "通知要求达到的目标" in target and "有关部门须办理的事" not in target
    assert "本措施无需申报" in duty and "有关部门须办理的事" in duty and "通知要求达到的目标" not in duty
    assert "Nobody applies for this measure" in read("/programmes/tiny/measures/3/", "en")


def test_a_measure_leads_to_its_offers_and_says_how_each_stands(made: Installation) -> None:
    open_from(made, in_force(made), -HOUR, 48 * HOUR)
    page = reader().get("/programmes/tiny/measures/1/").content.decode()
    assert 'href="/programmes/tiny/offers/1a/"' in page and "申报中" in page and "无需申报" not in page
    assert "第1.2条" in page and "offers/2/" not in page


def test_each_measure_of_the_shipped_notice_has_its_page_and_each_offer_leads_to_it(notice: Programme) -> None:
    rules = load(NOTICE)
    with translation.override("zh-hans"):
        measures = [one for group in listing.groups(rules, "of this test", "zh") for one in group.measures]
    for one in measures:
        page = unescape(reader().get(f"/programmes/{NOTICE}/measures/{one.number}/").content.decode())
        assert one.title in page and f'id="clause-{one.number}"' in page and 'href=""' not in page
        for name, _title, _figures in one.offers:
            assert f'href="/programmes/{NOTICE}/offers/{name}/"' in page
    for name, offer in rules.offers.items():
        number = outermost(rules.model, offer.cites)
        assert number in {one.number for one in measures}
        page = reader().get(f"/programmes/{NOTICE}/offers/{name}/").content.decode()
        assert f'href="/programmes/{NOTICE}/measures/{number}/"' in page


def test_a_clause_that_is_no_measure_has_no_page(made: Installation) -> None:
    in_force(made)
    for number in ("0", "1.1", "99", "%3Cscript%3E"):
        assert reader().get(f"/programmes/tiny/measures/{number}/").status_code == 404


def test_the_figures_of_places_stand_on_the_page_of_the_offer(notice: Programme) -> None:
    page = read(f"/programmes/{NOTICE}/offers/14/")
    assert "包头市电子商务奖补实施细则" in page and "距旗县城区20公里以内：0.12元" in page


def test_a_measure_without_figures_says_who_sets_them() -> None:
    with translation.override("zh-hans"):
        groups = listing.groups(load(NOTICE), "of this test", "zh")
    found = {one.number: one for group in groups for one in group.measures}
    assert found["3"].unset == "由年度指南确定" and found["14"].unset == "由地方细则确定，单件补贴标准不超过0.30元"
    assert found["7"].unset == ""


# Finding --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found", "lost"),
    [
        ("q=推广", "应用推广", "新建平台"),  # two Chinese characters are a word
        ("q=PROMOTION", "应用推广", "新建平台"),  # either language, whatever the capitals
        ("q=ｐｒｏｍｏｔｉｏｎ", "应用推广", "新建平台"),
        ("kind=target", "目标", "应用推广"),
        ("kind=award", "应用推广", "目标"),
        ("open=1", "新建平台", "应用推广"),
        ("q=推广&kind=award", "应用推广", "新建平台"),
    ],
)
def test_measures_are_found(made: Installation, query: str, found: str, lost: str) -> None:
    programme = in_force(made)
    open_from(made, programme, -HOUR, 48 * HOUR)
    page = reader().get(f"/programmes/tiny/?{query}").content.decode()
    measures = "".join(re.findall(r'<ul class="jl-measures">(.*?)</ul>', page, re.DOTALL))
    assert found in measures and lost not in measures


def test_what_is_not_found_is_said_with_a_way_back(made: Installation) -> None:
    in_force(made)
    page = read("/programmes/tiny/?q=没有这样的词")
    assert "没有同时符合这些条件的措施" in page and "显示全部" in page
    assert "没有同时符合" in read("/programmes/tiny/?kind=%27;--&for=x&place=y")


@pytest.mark.parametrize(
    "query", ["q=" + "长" * 5_000, "q=%00", "q=<script>alert(1)</script>", "open=yes&kind=" + "x" * 999]
)
def test_hostile_searches_are_words_like_others(made: Installation, query: str) -> None:
    in_force(made)
    page = reader().get(f"/programmes/tiny/?{query}")
    assert page.status_code == 200 and b"<script>alert" not in page.content


def test_a_place_with_rules_of_its_own_says_so(made: Installation) -> None:
    in_force(made)
    assert "包头市另有细则" not in read("/programmes/tiny/?place=150200")  # its rules are of 2023 and 2024
    programme = load(NOTICE).model
    for local in programme.locals.values():
        changed = finding.changed_in(programme, local.at, local.start)
        touched = changed | finding.closed_in(programme, local.at, local.start)
        assert touched <= set(programme.offers) and touched
        assert finding.changed_in(programme, local.at, local.end + 1) == frozenset()
        assert finding.changed_in(programme, "", local.start) == frozenset()


def test_a_measure_of_which_a_place_closed_everything_falls_out() -> None:
    rules = load(NOTICE)
    with translation.override("zh-hans"):
        groups = listing.groups(rules, "of this test", "zh")
        rows = list(listing.rows(rules, groups, [], datetime(2023, 10, 10, tzinfo=UTC)))
        known = finding.traits(rules.model, "of this test", groups, "zh")
        measure = next(one for group in groups for one in group.measures if len(one.offers) > 1)
        offers = [name for name, _title, _figures in measure.offers]
        kept = [finding.matching(rows, known, finding.Wanted(), frozenset(closed)) for closed in (offers[:-1], offers)]
        numbers = [{row.measure.number for _part, of in one for row in of} for one in kept]
    assert measure.number in numbers[0] and measure.number not in numbers[1]


def test_every_measure_is_found_by_each_of_its_own_words(made: Installation) -> None:
    rules = load(NOTICE)
    with translation.override("zh-hans"):
        groups = listing.groups(rules, "of this test", "zh")
        rows = list(listing.rows(rules, groups, [], datetime(2023, 10, 10, tzinfo=UTC)))
        known = finding.traits(rules.model, "of this test", groups, "zh")
        for _title, of in rows:
            for row in of:
                for start in range(len(row.measure.title) - 1):
                    wanted = finding.Wanted(words=row.measure.title[start : start + 2])
                    found = finding.matching(rows, known, wanted, frozenset())
                    assert row in [one for _part, some in found for one in some]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.sampled_from(["", *finding.kinds()]), st.booleans())
def test_each_condition_only_takes_measures_away(words: str, kind: str, is_open: bool) -> None:
    rules = load(NOTICE)
    with translation.override("zh-hans"):
        groups = listing.groups(rules, "of this test", "zh")
        rows = list(listing.rows(rules, groups, [], datetime(2023, 10, 10, tzinfo=UTC)))
        known = finding.traits(rules.model, "of this test", groups, "zh")
        few = finding.matching(rows, known, finding.Wanted(words, kind, is_open=is_open), frozenset())
        more = finding.matching(rows, known, finding.Wanted(words), frozenset())
    count = [sum(len(of) for _title, of in some) for some in (few, more, rows)]
    assert count[0] <= count[1] <= count[2]


# The front page -------------------------------------------------------------------------------------------------------


def test_an_empty_installation_has_a_front_page(own_db: str) -> None:
    assert "目前没有生效的方案" in read("/") and "No programme is in force yet" in read("/", "en")


def test_the_front_page_leads_to_what_closes_next(made: Installation) -> None:
    programme = in_force(made)
    assert "测试方案" in read("/")
    open_from(made, programme, -HOUR, 48 * HOUR)
    page = reader().get("/").content.decode()
    assert "1项正在受理" in page and f'href="/programmes/{programme.key}/"' in page and "截止" in page


def test_how_it_works_names_the_eight_answers_and_every_sign(own_db: str) -> None:
    page = read("/how/")
    for words in ("还不能确定", "未知不等于零", "四舍五入", "半圈：正在走"):
        assert words in page


# Days -----------------------------------------------------------------------------------------------------------------


def test_a_period_that_ends_at_midnight_ends_with_the_day_before() -> None:
    midnight = datetime(2023, 11, 1, tzinfo=SHANGHAI)
    assert last_day(midnight) == date(2023, 10, 31)
    assert last_day(midnight + timedelta(minutes=1)) == date(2023, 11, 1)
    with translation.override("zh-hans"):
        assert deadline(midnight) == "2023年10月31日 24:00"
        assert deadline(datetime(2023, 10, 31, 17, 30, tzinfo=SHANGHAI)) == "2023年10月31日 17:30"
    with translation.override("en"):
        assert deadline(midnight) == "31 October 2023 24:00"
    assert deadline(None) == ""


# In the browser -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_pages_are_accessible_and_stay_inside_the_screen(
    made: Installation, look: Callable[..., Any], language: str, width: int
) -> None:
    programme = in_force(made)
    open_from(made, programme, -HOUR, 48 * HOUR)
    wrong = {}
    for path in ("/", "/how/", "/programmes/", "/programmes/tiny/", "/programmes/tiny/?q=x",
                 "/programmes/tiny/offers/1a/", "/programmes/tiny/offers/2/", "/programmes/tiny/clauses/",
                 "/programmes/tiny/measures/1/", "/programmes/tiny/measures/3/",
                 "/programmes/tiny/versions/"):  # fmt: skip
        page = look(path, language, width)
        found = Axe().run(page, options=RULES).response["violations"]
        told = [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
        if told or page.evaluate("document.documentElement.scrollWidth") > width:
            wrong[path] = told or ["too wide"]
    assert wrong == {}


def test_the_clock_of_the_database_decides(made: Installation) -> None:
    programme = in_force(made)
    window = open_from(made, programme, HOUR, 2 * HOUR)
    with made.sits("publisher"):
        assert window.opens_at > now()
    assert "开始受理" in read("/programmes/tiny/offers/1a/")
