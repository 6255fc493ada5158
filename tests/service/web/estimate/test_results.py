"""The result page says what the rules half says, to the fen, until nothing can be asked any more."""

from __future__ import annotations

import html
import re
from datetime import date
from uuid import uuid4

import pytest
from tests.service.estimates.standing import DAYS, PUBLIC
from tests.service.web.estimate.answering import Reader, address, kept, right
from tests.service.web.test_every_page import foreign, read

from jarlig.asking import Interview
from jarlig.service.estimates import codes
from jarlig.service.estimates.acts.begin_estimate import begin_estimate
from jarlig.service.estimates.acts.delete_estimate import delete_estimate
from jarlig.service.estimates.acts.keep_answers import keep_answers
from jarlig.service.estimates.queries import estimate
from jarlig.service.ground.context import Who, acting
from jarlig.service.launch.cluster import Cluster
from jarlig.service.web.estimate.results import group_of
from jarlig.service.web.figures import money

pytestmark = pytest.mark.usefixtures("programmes")


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<(?:script|style).*?</(?:script|style)>|<[^>]+>", " ", page)))


def says_all(page: str, interview: Interview, lang: str) -> None:
    """The page has every offer in its part with its figures, what is missing, who recognises first and what is next."""
    text = words_of(page)
    total = interview.total()
    if any(interview.wanted(offer) for offer in total.offers):
        assert money(total.low) in text
        assert not total.bounded or money(total.high) in text
    for unsummed in total.unsummed:
        assert unsummed.says[lang] in text
    for one in interview.results():
        assert one.title[lang] in text and one.next[lang][1:] in text, one.offer
        if group_of(one) == "not_now":
            continue
        begin = page.index("<h3>", page.index(f"<h3>{one.offer} ") - 1)
        part = words_of(page[begin : page.index("</li>", begin)])
        if one.low is not None:
            assert money(one.low) in part and (one.high is None or money(one.high) in part), one.offer
        for id_ in (*one.missing, *one.unknown):
            assert interview.title(id_)[lang][1:] in part, (one.offer, id_)
        for verifier in one.verifiers:
            assert not verifier.first or verifier.body[lang] in part


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("key", list(DAYS))
def test_a_walk_to_the_end_shows_what_the_rules_say_at_every_result(key: str, language: str) -> None:
    reader, lang = Reader(language), "zh" if language == "zh-hans" else "en"
    code = reader.begins(key)
    shown = steps = 0
    there = reader.get("/estimate/next/")["Location"]
    while there != "/estimate/result/" or not shown:
        if there == "/estimate/result/":
            says_all(reader.get(there).content.decode(), kept(code).interview, lang)
            shown += 1
            there = reader.get("/estimate/next/")["Location"]
            continue
        topic = there.split("/")[3]
        interview = kept(code).interview
        sent = right(interview, interview.question(topic)) if steps % 5 != 4 else {"unknown": "1"}
        answer = reader.post(there, sent)
        there, steps = answer["Location"], steps + 1
        assert steps < 90
    page = reader.get("/estimate/result/").content.decode()
    interview = kept(code).interview
    assert interview.next_question() is None
    says_all(page, interview, lang)
    assert foreign(read(page, "/"), language, "") == []


@pytest.mark.parametrize("key", list(DAYS))
def test_each_measure_has_its_steps_with_clause_and_figure(key: str) -> None:
    reader = Reader()
    code = reader.begins(key)
    for topic in [question.id for question in kept(code).interview.questions()][:8]:
        interview = kept(code).interview
        reader.post(address(topic), right(interview, interview.question(topic)))
    interview = kept(code).interview
    for offer in interview.programme.offers:
        text = words_of(reader.get(f"/estimate/result/{offer}/").content.decode())
        one = interview.result(offer)
        assert all(body.zh in text for body in one.bodies), offer
        if group_of(one) in ("can", "may"):
            assert all(shown.zh in text for verifier in one.verifiers if verifier.first for shown in verifier.evidence)
            assert all(rows.zh in text for rows in one.lists)
        for step in interview.steps(offer):
            assert step.says.zh in text and step.clause.zh in text, (offer, step.name)
    for offer in ("none", "..", "x" * 300):
        assert reader.get(f"/estimate/result/{offer}/").status_code == 404


def test_a_programme_that_has_lapsed_or_awaits_its_guide_says_so() -> None:
    reader = Reader()
    for on, said in (("2026-01-09", "已失效"), ("2025-01-15", "尚无申报指南"), ("2020-05-05", "起生效")):
        reader.begins("nmg-ecommerce-2022", on)
        assert said in reader.get("/estimate/result/").content.decode(), on
        assert said in reader.get(address("registered_at")).content.decode(), on


def test_an_estimate_for_another_day_says_so_and_goes_over_to_today() -> None:
    reader = Reader("en")
    code = reader.begins("nmg-ecommerce-2022")
    reader.post(address("tax_credit"), {"value": "a"})
    page = reader.get("/estimate/result/").content.decode()
    assert "Estimated for an application on 10 October 2023." in page and "Estimate for today" in page
    assert reader.post("/estimate/today/")["Location"] == "/estimate/result/"
    assert kept(code).on > date(2024, 1, 1) and kept(code).interview.answers == {"tax_credit": "a"}
    assert "Estimate for today" not in reader.get("/estimate/result/").content.decode()


def test_what_cannot_be_got_for_one_reason_stands_together() -> None:
    reader = Reader("en")
    code = reader.begins("nmg-ecommerce-2022")
    reader.post(address("on_dishonesty_list"), {"value": "true"})
    page = reader.get("/estimate/result/").content.decode()
    refused = [one for one in kept(code).interview.results() if one.outcome == "not_eligible" and one.nature == "award"]
    assert len(refused) > 5 and page.count(refused[0].refused[0].en[1:]) == 1
    assert "no award can be got now" in page


def test_an_estimate_of_nobody_s_is_an_address_without_anything(programmes: str) -> None:
    with acting(PUBLIC):
        code = begin_estimate("nmg-ecommerce-2022")
    for path in ("next/", "answers/", "result/", "result/2a/", "save/", "delete/", "questions/for/"):
        page = Reader("en").get("/estimate/" + path)
        assert page.status_code == 200 and "No estimate is open here" in page.content.decode() and code not in path


def test_rules_published_anew_are_told_with_what_no_longer_fits(programmes: str, server: Cluster) -> None:
    reader = Reader("en")
    code = reader.begins("nmg-ecommerce-2022")
    reader.post(address("tax_credit"), {"value": "a"})
    with server.superuser(programmes) as root:
        root.execute(
            "UPDATE estimates_session SET answers = jsonb_set(jsonb_set(answers, '{fingerprint}', '\"older\"'),"
            " '{answers,1}', '{\"question\": \"history\", \"answer\": \"<b>\"}') WHERE code_hash = %s",
            [codes.hashed(code)],
        )
    for path in ("result/", "answers/", "questions/history/", "result/2a/"):
        page = reader.get("/estimate/" + path).content.decode()
        assert "published anew" in page and "no longer fit" in page and "Have you received support" in page, path
    reader.post(address("history"), {"nothing": "1"})
    assert kept(code).interview.answers == {"tax_credit": "a", "history": []}
    assert "published anew" not in reader.get("/estimate/result/").content.decode()


def test_who_is_signed_in_estimates_as_everybody_does(programmes: str) -> None:
    with acting(Who(role="jarlig_person", person=uuid4())):
        code = begin_estimate("nmg-ecommerce-2022", date.fromisoformat(DAYS["nmg-ecommerce-2022"]))
        found = estimate(code)
        assert found is not None
        keep_answers(found, found.interview.answer("tax_credit", "a"))
        again = estimate(code)
        assert again is not None and again.interview.answers == {"tax_credit": "a"}
        delete_estimate(code)
        assert estimate(code) is None
