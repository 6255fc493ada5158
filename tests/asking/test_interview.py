"""What is asked, in which order and why; what comes of it, and what is never summed."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.asking.firms import NMG, SAMPLE, Firm, firms, programme
from tests.engines.many.generator import made as generated
from tests.tiny import edited

import jarlig
from jarlig.asking import ENOUGH, Interview, total
from jarlig.engines.interval.rows import sums_money
from jarlig.ladder import nodes as n
from jarlig.library import shipped
from jarlig.policy.casefile import Facts
from jarlig.policy.messages import PolicyError

SOURCE = Path(jarlig.__file__).parent / "asking"
DAY = "2023-06-15"
STANDING = {
    "registered_at": "150102", "tax_credit": "a", "on_dishonesty_list": "否", "on_abnormal_list": "否",
    "commitment_signed": "是", "history": "没有",
}  # fmt: skip


def begun(**answers: str) -> Interview:
    interview = Interview.begin(programme(NMG), DAY)
    for id_, text in {**STANDING, **answers}.items():
        interview = interview.answer(id_, text)
    return interview


def test_the_choice_of_offers_comes_first_and_then_what_they_share() -> None:
    interview = Interview.begin(programme(NMG), DAY)
    first = interview.next_question()
    assert first is not None
    assert (first.id, first.kind) == ("for", "offers")
    assert "6" not in {option.id for option in first.options}  # a transfer, and it waits for its guide
    interview = interview.answer("for", "2a、10a、10b、17")
    asked = []
    while (question := interview.next_question()) is not None and len(asked) < 6:
        asked.append(question.id)
        interview = interview.answer(question.id, STANDING[question.id])
    assert asked == list(STANDING)


def test_a_question_says_what_it_is_why_it_is_asked_and_what_it_can_change() -> None:
    interview = begun()
    question = interview.question("2a.recognised_on")
    assert (question.kind, question.title.en, question.verified_by.en) == (
        "date", "date of recognition", "Department of Industry and Information Technology",
    )  # fmt: skip
    (effect,) = question.effects
    assert (effect.offer, effect.worth, question.worth) == ("2a", 400_000_000, 400_000_000)
    assert effect.why.zh == "须在申报前取得认定"
    assert effect.rule.zh == "申报前已取得认定"
    assert effect.clause.zh == "〔第二条第一款〕"
    assert [one.en for one in question.evidence] == ["recognition document or published list"]


def test_a_condition_that_many_offers_share_counts_the_width_of_them_all() -> None:
    interview = Interview.begin(programme(NMG), DAY)
    question = interview.question("tax_credit")
    paid = [offer for offer in interview.open if offer.nature == "award" and offer.offer in question.offers]
    highs = [interview.determinations[offer.offer].high or 0 for offer in paid]
    assert len(paid) > 8
    assert question.worth == sum(highs)


def test_a_fact_of_two_offers_is_asked_once_and_answers_both() -> None:
    interview = begun().answer("10a.recognised", "否")
    assert {interview.settled(offer) for offer in ("10a", "10b")} == {"not_eligible"}
    assert "10b.recognised" not in interview.estimates.topics.by_id


def test_facts_of_one_name_and_different_meaning_stay_apart() -> None:
    interview = begun().answer("2a.recognised_on", "2023-01-05")
    assert "3.recognised_on" in {question.id for question in interview.questions()}
    assert interview.facts("3").plain.get("recognised_on") is None


def test_lists_are_never_asked_cell_by_cell() -> None:
    question = begun().question("2a.investment.total")
    assert question.kind == "total"
    assert "2022年6月6日" in question.hint.zh  # only what the rule counts
    assert begun().answer("2a.investment.total", "1000万").facts("2a").plain["investment"] == {
        "from": "10000000", "to": "10000000",
    }  # fmt: skip


def test_a_list_that_a_rule_works_on_row_by_row_is_told_by_how_many_count() -> None:
    interview = Interview.begin(programme(NMG), DAY)
    for id_, text in {**STANDING, "registered_at": "150204", "claim_month": "2023-05"}.items():
        interview = interview.answer(id_, text)
    question = interview.question("14.parcels.count")
    assert question.kind == "count"
    interview = interview.answer("14.parcels.count", "1万")
    assert interview.spans["14"] == (120_000, 280_000)  # 10,000 parcels at 0.12 to 0.28 yuan
    assert interview.answer("14.parcels.count", "1000至2000").spans["14"] == (12_000, 56_000)


def test_another_place_that_counts_other_lines_drops_the_totals() -> None:
    interview = begun().answer("2a.investment.total", "1000万").answer("17.investment.total", "500万")
    moved = interview.answer("registered_at", "150402")  # where network cost does not count for 2a
    assert "2a.investment.total" not in moved.answers
    assert "17.investment.total" in moved.answers


def test_rules_of_every_place_count_while_the_place_is_not_known() -> None:
    interview = Interview.begin(programme(NMG), DAY).answer("registered_at", None)
    for id_, text in {**STANDING, "tax_credit": "c", "10a.recognised": "是", "10b.services.total": "900万"}.items():
        if id_ != "registered_at":
            interview = interview.answer(id_, text)
    assert interview.spans["10b"] == (0, 180_000_000)  # one city refuses grade C
    here = interview.answer("registered_at", "150102")
    assert here.spans["10b"] == (180_000_000, 180_000_000)


def test_offers_that_cannot_pay_are_never_asked_about() -> None:
    late = Interview.begin(programme(NMG), "2026-01-10")
    assert {late.settled(offer) for offer in ("2a", "10a", "17")} == {"lapsed"}
    assert all(
        question.offers and all(offer.startswith("19") for offer in question.offers) for question in late.questions()
    )
    refused = Interview.begin(programme(NMG), DAY).answer("tax_credit", "d")
    assert {offer for question in refused.questions() for offer in question.offers} <= {"19a", "19b", "19c"}


def test_enough_is_twelve_questions_or_nothing_left_that_matters() -> None:
    interview = Interview.begin(programme(NMG), DAY)
    while not interview.enough():
        question = interview.next_question()
        assert question is not None
        interview = interview.answer(question.id, None)
    assert len(interview.answers) <= ENOUGH
    assert begun(**{"for": "12a", "12a.outlet_type": "超市", "12a.spend.total": "300万", "12a.work": "新建"}).enough()


def test_identities_are_not_asked_and_the_applicants_own_awards_still_count() -> None:
    interview = begun(history="17 100万 2022-09-30", **{"17.investment.total": "2000万"})
    assert "uscc" not in {question.id for question in interview.questions()}
    assert interview.spans["17"] == (200_000_000, 200_000_000)  # three million less the one received
    assert interview.facts().plain["history"] == [
        {"offer": "17", "approved": "1000000", "on": "2022-09-30", "state": "approved"}
    ]


def test_a_result_says_the_sum_who_must_confirm_what_and_the_next_step() -> None:
    interview = begun(**{"2a.newly_built": "是", "2a.recognised_on": "2023-01-05", "2a.investment.total": "800万"})
    found = interview.result("2a")
    assert (found.low, found.high, found.settled) == (160_000_000, 160_000_000, "fixed")
    assert [(one.body.en, [fact.en for fact in one.first]) for one in found.verifiers if one.first] == [
        ("commissioned audit firm", ["newly built, not an extension"]),
        ("Department of Industry and Information Technology", ["date of recognition", "project code"]),
    ]  # fmt: skip
    assert "Department of Industry" in found.next.en
    assert found.closes is not None
    assert found.closes.isoformat() == "2023-10-31"
    refused = begun(**{"2a.newly_built": "否"}).result("2a")
    assert len(refused.refused) == 1
    assert refused.low is None
    assert interview.result("3").missing[0].startswith("3.")


def test_a_sum_is_told_step_by_step_also_while_it_is_a_range() -> None:
    facts = {"2a.newly_built": "是", "2a.recognised_on": "2023-01-05"}
    steps = {one.name: one for one in begun(**facts, **{"2a.investment.total": "500万至800万"}).steps("2a")}
    assert steps["rate"].figure.zh == "20%"
    assert (steps["base"].figure.en, steps["award"].figure.en) == (
        "5,000,000.00–8,000,000.00", "1,000,000.00–1,600,000.00",
    )  # fmt: skip
    assert steps["award"].says.zh == "四舍五入到分：1,000,000.00–1,600,000.00"
    assert steps["base"].clause.zh.startswith("〔第二条第一款〕")
    assert (steps["gate_1"].condition, steps["gate_1"].holds, steps["gate_1"].figure.zh) == (True, True, "")
    exact = begun(**facts, **{"2a.investment.total": "800万"})
    assert {one.name: one for one in exact.steps("2a")}["award"].figure.zh == "1,600,000.00"
    without = {one.name: one for one in begun(**facts).steps("2a")}
    assert without["award"].figure.zh == "0.00–4,000,000.00"
    assert without["base"].figure.zh == "？"  # nobody set a bound
    assert begun(tax_credit="d").steps("2a")[3].holds is False
    assert Interview.begin(programme(NMG), "2026-01-10").steps("2a") == ()


@pytest.mark.parametrize(("name", "at"), [(NMG, None), (SAMPLE, "990101")])
def test_every_question_has_its_words_in_both_languages(name: str, at: str | None) -> None:
    interview = Interview.begin(programme(name), DAY if name == NMG else "2025-06-01", at)
    for topic in interview.estimates.topics:
        question = interview.question(topic.id)
        for said in (question.title, question.why, question.hint, question.unknown):
            assert said.zh, question.id
            assert said.en, question.id
        assert bool(question.options) == (question.kind in ("choice", "set", "offers"))
        assert all(option.title.zh and option.title.en for option in question.options)
        assert bool(question.bounds.zh) == (question.kind in ("money", "number", "ratio", "count")), question.id
        assert interview.title(topic.id) == question.title
        assert interview.answer(topic.id, question.unknown.zh).answers[topic.id] is None
        assert interview.answer(topic.id, question.unknown.en).answers[topic.id] is None


def test_a_question_gives_its_bounds_in_words_and_as_a_field_spells_them() -> None:
    def bounds(id_: str) -> tuple[str, str, str]:
        question = interview.question(id_)
        return question.bounds.en, question.least, question.most

    interview = begun()
    assert bounds("2c.effect_score") == ("0 to 100", "0", "100")
    assert bounds("14.parcels.count") == ("0 to 20,000,000", "0", "20000000")
    assert bounds("10a.online_sales_before") == ("at least 0", "0", "")
    assert bounds("2a.recognised_on") == ("", "1900-01-01", "2199-12-31")
    assert bounds("claim_month") == ("", "1900-01", "2199-12")


def test_an_offer_that_was_left_out_is_not_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    interview = begun(**{"for": "2a"})
    interview.estimates.forget()
    determine, worked_out = interview.programme.desk.determine, []

    def watched(offer: str, *args: Any, **keywords: Any) -> Any:
        worked_out.append(offer)
        return determine(offer, *args, **keywords)

    monkeypatch.setattr(interview.programme.desk, "determine", watched)
    question = interview.next_question()
    assert question is not None
    assert worked_out == ["2a"]
    assert interview.result("3").settled == "set_aside"


def test_a_total_is_never_more_than_can_all_be_got() -> None:
    interview = begun(**{
        "2a.newly_built": "是", "2a.recognised_on": "2023-01-05", "2a.platform_level": "区域级",
        "2a.investment.total": "900万", "17.investment.total": "900万", "for": "2a、17",
    })  # fmt: skip
    found = interview.total()
    assert (found.low, found.high, found.bounded) == (270_000_000, 270_000_000, True)
    assert [(one.offers, one.why) for one in found.unsummed] == [(("2a", "17"), "evidence")]


def test_offers_that_exclude_each_other_are_counted_once() -> None:
    interview = Interview.begin(programme(SAMPLE), "2025-06-01", "990101")
    facts = {"registered_at": "990101", "struck_off_on": "无", "4a.research": "1000万", "4b.commissioned": "600万",
             "history": "没有"}  # fmt: skip
    for id_, text in facts.items():
        interview = interview.answer(id_, text)
    assert {interview.settled(offer) for offer in ("4a", "4b")} <= {"award", "fixed"}
    sums = {offer: interview.spans[offer] for offer in ("4a", "4b")}
    pair = next(one for one in interview.total().unsummed if one.why == "exclusive")
    assert pair.offers == ("4a", "4b")
    alone = interview.answer("for", "4a、4b").total()
    assert alone.low == max(low for low, _ in filter(None, sums.values()))


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 100), min_size=1), st.randoms())
def test_the_best_choice_never_takes_two_that_exclude_each_other(sums: dict[str, int], rng: random.Random) -> None:
    names = sorted(sums)
    pairs = {frozenset((a, b)) for a in names for b in names if a < b and rng.random() < 0.4}
    found = total.best(sums, pairs)
    assert max(sums.values()) <= found <= sum(sums.values())
    assert total.best(sums, set()) == sum(sums.values())
    everyone = {frozenset((a, b)) for a in names for b in names if a < b}
    assert total.best(sums, everyone) == max(sums.values())


@pytest.mark.parametrize("name", [NMG, SAMPLE])
@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_answers_in_any_order_keep_the_session_whole(name: str, data: st.DataObject) -> None:
    at = None if name == NMG else "990101"
    interview = Interview.begin(programme(name), DAY if name == NMG else "2025-06-01", at)
    texts = {"yes_no": ["是", "no"], "money": ["500万", "1万至9亿", "约3万"], "total": ["300万", "-5至100万"],
             "count": ["3", "1至200"], "number": ["5", "1至20"], "ratio": ["5%"], "date": ["2023-02-01"],
             "month": ["2023-05"], "code": ["1011"], "division": ["150102"], "offers": ["全部"],
             "history": ["没有", "2a 5万 2022; 2c"]}  # fmt: skip
    for _ in range(data.draw(st.integers(1, 12))):
        questions = interview.questions()
        if not questions:
            break
        question = data.draw(st.sampled_from(questions))
        said = texts.get(question.kind) or [option.id for option in question.options] or ["无"]
        text = data.draw(st.sampled_from([*said, None]))
        try:
            interview = interview.answer(question.id, text)
        except PolicyError as error:  # out of the bounds of this number
            assert error.problems[0].code == "E971"
            interview = interview.answer(question.id, None)
        for offer, reach in interview.spans.items():
            assert reach is None or reach[1] is None or 0 <= reach[0] <= reach[1], offer
        assert interview.total().low <= interview.total().high or not interview.total().bounded
        assert question.id not in {one.id for one in interview.questions()}
        interview.said(question.id, "zh"), interview.said(question.id, "en")
    assert len(interview.results()) == len(interview.programme.offers)
    jarlig.Programme.match(interview.programme, interview.facts(), on=interview.on, at=interview.at or None)


def test_a_small_programme_is_asked_in_the_same_way(tmp_path: Path) -> None:
    read = jarlig.load(edited(tmp_path / "tiny"))
    for seed in range(6):
        for offer in read.offers:
            cases = generated(read.desk, offer, 4, seed)
            for case in cases.cases:
                interview = Interview.begin(read, "2023-06-01")
                before = interview
                while (question := interview.next_question()) is not None:
                    value = case.get(question.fact)
                    text = value if isinstance(value, str) and question.kind in ("yes_no", "date", "choice") else None
                    try:
                        interview = interview.answer(question.id, text)
                    except PolicyError:
                        interview = interview.answer(question.id, None)
                for name, reach in before.spans.items():
                    after = interview.spans[name]
                    if reach and after and reach[1] is not None:
                        assert reach[0] <= after[0]
                        assert after[1] is not None
                        assert after[1] <= reach[1]


def test_no_programme_is_named_in_the_room() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sorted(SOURCE.glob("*.py")) if path.name != "sayings.py")
    ids = {offer for name in shipped() for offer in programme(name).offers}
    whole = [*shipped(), *(offer for offer in ids if not offer.isdecimal())]
    assert [word for word in whole if re.search(rf"\"{re.escape(word)}[\".]", code)] == []


def test_a_rule_row_by_row_is_told_apart_from_a_sum_of_money() -> None:
    sums = [node for name in (NMG, SAMPLE) for offer in programme(name).offers
            for node in programme(name).desk.plans.plan(738_700, None).ladder(offer).nodes()
            if isinstance(node, n.Sum)]  # fmt: skip
    assert {type(node.value) for node in sums if not sums_money(node)} & {n.Choose, n.Banded, n.Least}
    assert any(sums_money(node) for node in sums)


def questions_until_settled(firm: Firm, by_file: bool, chosen: bool = False) -> int:
    """How many questions until every offer is settled or known within 5 per cent; ``chosen`` counts the choice too."""
    interview = firm.begin()
    offers = interview.question("for")
    interview = interview.answer("for", firm.answers(interview, offers, everything=not chosen))
    asked = int(chosen)
    while True:
        found = interview.questions() if by_file else ()
        question = min(found, key=lambda q: interview.estimates.topics.by_id[q.id].order) if found else None
        question = question if by_file else interview.next_question()
        if question is None or all(_near(interview, offer.offer) for offer in interview.open):
            return asked
        interview = interview.answer(question.id, firm.answers(interview, question))
        asked += 1


def _near(interview: Interview, offer: str) -> bool:
    reach = interview.spans[offer]
    return reach is None or (reach[1] is not None and (reach[1] - reach[0]) * 20 <= reach[1])


@pytest.mark.parametrize("name", [NMG, SAMPLE])
def test_the_order_by_effect_needs_no_more_questions_than_the_order_of_the_files(name: str, tmp_path: Path) -> None:
    found = list(firms(name, tmp_path / "firms", 14))[:12]
    best = sum(questions_until_settled(firm, by_file=False) for firm in found)
    plain = sum(questions_until_settled(firm, by_file=True) for firm in found)
    assert best <= plain * 1.02, (best, plain)


def test_facts_turn_into_a_claim() -> None:
    interview = begun(**{"12a.outlet_type": "超市", "12a.work": "新建", "12a.spend.total": "100万"})
    facts = interview.facts("12a")
    assert isinstance(facts, Facts)
    answer = interview.programme.determine("12a", facts, on=DAY)
    assert (answer.low, answer.high) == interview.spans["12a"] == (30_000_000, 30_000_000)
