"""Engines and words together: real estimates told, and their receipts checked without any stand-in."""

import json
from pathlib import Path

import pytest
from tests.words.lamps import RENEW, programme, without

import jarlig
from jarlig.engines.answer import Desk
from jarlig.ladder.numbers import parse_date
from jarlig.policy.facts import read_facts
from jarlig.policy.reading import read_programme
from jarlig.words.explain import explain, sentences
from jarlig.words.layout import width
from jarlig.words.receipts import make, verify
from jarlig.words.report import as_json, match_table

SHIPPED = [path.parent for path in sorted(Path(jarlig.__file__).parent.glob("programmes/*/programme.yaml"))]
ENTERPRISES = [path for folder in SHIPPED for path in sorted((folder / "enterprises").glob("*.yaml"))]


def renewal(facts):
    return Desk(programme()).determine("renew", facts, on=parse_date("2023-06-01"), at="150204")


def test_an_unknown_category_is_asked_for_by_its_line_and_worth():
    costs = [*RENEW["costs"][:3], {"invoice_no": "9", "net": "70000", "paid_on": "2022-08-01"}]
    answer = renewal(without(costs=costs, grade="town", history=[]))
    assert answer.outcome == "range"
    assert "1. 投资第4行的“类别”：最多影响14,000.00元" in explain(answer, "zh")
    assert verify(make(answer), lambda name: programme()).ok


def test_an_earlier_award_of_unknown_sum_is_asked_for_by_its_line_as_given():
    award = RENEW["history"][0]
    history = [{**award, "on": "2022-09-01", "approved": None}, {**award, "on": "2022-07-01", "approved": "1"}]
    answer = renewal(without(history=history))
    assert "以往获得的奖补第1行的“批准金额”" in explain(answer, "zh")
    (missing,) = as_json(answer, "en")["missing"]
    assert missing["fact"] == "history.1.approved" and missing["why"]
    subject = renewal(without(history=[{**award, "uscc": None}]))
    assert "以往获得的奖补第1行的“统一社会信用代码”" in explain(subject, "zh")


def test_a_figure_under_an_open_condition_is_not_told_as_due():
    answer = renewal(without("tax_credit"))
    assert answer.outcome == "range"
    assert "尚有条件或内容未确定，此数不是结论" in explain(answer, "zh")


@pytest.mark.parametrize("path", ENTERPRISES, ids=lambda path: path.stem)
def test_every_answer_to_a_shipped_enterprise_is_told_and_computed_again(path):
    desk = Desk(read_programme(path.parent.parent))
    facts = read_facts(path, path.name)
    at = facts.plain.get("registered_at") or ""
    answers = desk.match(facts, on=parse_date("2023-06-01"), at=at)
    for answer in answers:
        for lang in ("zh", "en"):
            lines = explain(answer, lang).splitlines()
            assert max(map(width, lines)) <= 80 and not any("None" in line for line in lines)
            assert len(sentences(answer, lang)) == len(answer.trace)
        report = as_json(answer, "en", make(answer))
        assert verify(json.dumps(report).encode(), lambda name: desk.programme).ok
    assert len(match_table(answers, "zh").rows) == len(answers)
