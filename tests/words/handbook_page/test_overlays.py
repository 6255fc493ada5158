"""Guides and local rules: when, where, for which offers, and what each changes."""

from __future__ import annotations

from tests.words.pages import Page
from tests.words.test_handbook import lamp_files

from jarlig.policy.reading import read_files
from jarlig.words.handbook import render
from jarlig.words.handbook_page.book import Book
from jarlig.words.handbook_page.offers import offer_view
from jarlig.words.handbook_page.overlays import guide_view, local_view

PLACE = """
local: 1502-jia
title: {zh: 甲区细则, en: Rules of Jia}
document: 甲区发〔2023〕2号
at: "150200"
valid: {from: 2023-01-01, to: 2024-12-31}
closes: [area]
gates: {when: [tax_credit = a], cites: "4", for: [renew]}
lower:
  renew: {cap: {town: 400_000}, limit: 500_000}
narrow:
  renew: {eligible: [lamp]}
"""
ROUTES = """
routes:
  lamps:
    title: {zh: 审核流程, en: review}
    for: [renew]
    steps:
      - {step: acceptance, by: energy, workdays: 5}
      - {step: joint_review, by: bodies_of_the_offer}
      - {step: lamp_test, by: nobody_known, workdays: 3}
      - {step: public_notice, workdays: 7}
"""


def book(lang: str = "en") -> Book:
    files = lamp_files()
    guide = files["guides/2023.yaml"] + ROUTES.encode()
    return Book(read_files({**files, "guides/2023.yaml": guide, "local/1502-jia.yaml": PLACE.encode()}), lang)


def test_a_place_tells_where_and_when_it_rules_and_for_whom() -> None:
    view = local_view(book(), book().programme.locals["1502-jia"])
    assert (view.title, view.place, view.valid) == ("Rules of Jia", "Baotou", "1 January 2023 to 31 December 2024")
    assert [gate.text for gate in view.gates] == ["Tax credit is grade A"]
    assert view.gates_for == "renew"
    assert not view.sample


def test_a_place_tells_only_the_offers_that_it_changes() -> None:
    view = local_view(book("zh"), book("zh").programme.locals["1502-jia"])
    assert {link.href: lines for link, lines in view.offers} == {
        "#offer-area": ("本地不开放",),
        "#offer-renew": (
            "类别：灯具（原为灯具、线缆）",
            "上限，城镇级：400,000.00元（原为500,000.00元）",
            "累计上限：500,000.00元（原为600,000.00元）",
        ),
    }


def test_a_guide_lists_what_it_opens_what_it_leaves_closed_and_its_money() -> None:
    made = book()
    years = {name: offer_view(made, name, None).years[0] for name in made.programme.offers}
    view = guide_view(made, made.years[2023], years)
    assert view.window == "1 March 2023 to 31 October 2023"
    opened = {link.href for link, _ in view.offers}
    assert "#offer-renew" in opened and opened.isdisjoint(link.href for link in view.closed)
    assert [gate.text for gate in view.gates] == [
        "Registered in the region",
        "Tax credit is not grade D",
        "“on the dishonesty list” is no",
    ]
    assert [(pool.amount, pool.share) for pool in view.pools][-1] == ("3,000,000.00", "reduced pro rata")


def test_the_path_of_review_names_acts_offices_and_days() -> None:
    route = offer_view(book(), "renew", None).route
    assert route is not None
    assert (route.title, route.cite.href) == ("Review", "#guide-2023")
    assert route.steps == (
        ("Acceptance", "Energy Office", "5 working days"),
        ("Joint review", "Energy Office", ""),
        ("Lamp test", "Nobody known", "3 working days"),
        ("Public notice", "", "7 working days"),
    )
    assert offer_view(book(), "model", None).route is None


def test_the_page_of_a_programme_with_a_place_is_whole() -> None:
    for lang in ("zh", "en"):
        seen = Page(render(book(lang).programme, lang))
        assert seen.faults == []
        assert "local-1502-jia" in seen.ids
        assert {href[1:] for href in seen.hrefs} <= set(seen.ids)


def test_a_programme_without_guides_says_that_there_is_none_yet() -> None:
    files = {name: text for name, text in lamp_files().items() if not name.startswith("guides/")}
    text = Page(render(read_files(files), "zh"))
    assert text.faults == []
    assert text.text.count("还没有年度指南。") == len(read_files(files).offers)
    assert "年度申报指南" not in [title for _, title in text.headings]
