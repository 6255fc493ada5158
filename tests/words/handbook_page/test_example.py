"""The worked case of an offer: the ladder that the engine climbs, and only a case that holds."""

from __future__ import annotations

from pathlib import Path

from tests.words.pages import Page
from tests.words.test_handbook import every_programme, lamp_files, programme, source

from jarlig.engines.answer import Desk
from jarlig.policy import model
from jarlig.policy.cases import read_cases
from jarlig.policy.reading import read_files
from jarlig.words import fmt
from jarlig.words.handbook import render
from jarlig.words.handbook_page.example import chosen
from jarlig.words.handbook_page.sayings import LABELS

RENEWED = """
- case: renewed
  title: {zh: 街道级项目, en: street grade}
  offer: renew
  on: 2023-06-01
  at: "150204"
  facts:
    uscc: U1
    registered_at: "150204"
    tax_credit: a
    on_list: false
    project_code: P1
    grade: street
    done_on: 2023-01-15
    costs:
      - {invoice_no: "1", net: 1000000.07, category: lamp, paid_on: 2022-07-01}
      - {invoice_no: "2", net: 400000.00, category: cable, paid_on: 2023-02-01}
      - {invoice_no: "3", net: -100000.00, reverses: "2"}
  history:
    - {offer: renew, on: 2022-08-01, guide_year: 2022, state: paid, approved: 500000.00, uscc: U1, project_code: P0}
  expect: {outcome: award, amount: AMOUNT}
  arithmetic: {zh: 130万元的20%，受上限和剩余额度约束, en: "20% of 1.3 million, held by the cap and the limit"}
"""


def with_case(amount: str) -> model.Programme:
    return read_files(lamp_files(renew=RENEWED.replace("AMOUNT", amount)))


def test_a_worked_case_is_shown_as_the_ladder_the_engine_climbs() -> None:
    text = Page(render(with_case("100000.00"), "zh")).text
    steps = ("1,300,000.07", "260,000.014", "250,000.00", "\u221210,000.014", "100,000.00", "\u2212150,000.00")
    places = [text.index(step, text.index("街道级项目")) for step in steps]
    assert places == sorted(places)
    assert "乘以比例20%" in text and "累计最高不超过600,000.00元" in text.replace(" ", "")


def test_a_case_that_does_not_give_its_figure_is_never_shown() -> None:
    wrong = with_case("100000.01")
    assert chosen(Desk(wrong), read_cases(wrong)) == {}
    assert "street grade" not in render(wrong, "en").lower().replace("street grade lamps", "")


def test_an_offer_without_a_worked_case_says_so() -> None:
    rules = with_case("100000.00")
    told = render(rules, "zh").count(LABELS["example.none"].zh)
    assert told == len(rules.offers) - 1


@every_programme
def test_every_offer_with_an_award_case_shows_its_first_one(folder: Path) -> None:
    rules = programme(folder)
    cases = chosen(Desk(rules), read_cases(rules))
    text = source(folder, "en")
    for case in cases.values():
        assert case.expect.amount is not None
        assert fmt.plain_money(case.expect.amount) in text
    assert text.count('class="ladder estimate"') == len(cases)
    assert text.count(LABELS["example.none"].en) == len(rules.offers) - len(cases)
