"""Every question of both shipped programmes, answered rightly, wrongly, not at all, and by who means harm."""

from __future__ import annotations

import re

import pytest
from tests.service.estimates.standing import DAYS
from tests.service.web.estimate.answering import Reader, address, kept, right, wrong

from jarlig.asking import Interview
from jarlig.library import load

PROGRAMMES = {key: Interview.begin(load(key), on) for key, on in DAYS.items()}
TOPICS = [(key, topic.id) for key, interview in PROGRAMMES.items() for topic in interview.estimates.topics]
pytestmark = pytest.mark.usefixtures("programmes")


def test_every_kind_of_question_is_tried() -> None:
    kinds = {PROGRAMMES[key].question(topic).kind for key, topic in TOPICS}
    assert kinds == {"yes_no", "choice", "set", "money", "number", "date", "month", "code", "division", "total",
                     "count", "history", "offers"}  # fmt: skip


@pytest.mark.parametrize(("key", "topic"), TOPICS)
def test_a_right_answer_is_kept_and_stands_in_its_page_again(key: str, topic: str) -> None:
    reader = Reader()
    code = reader.begins(key)
    interview = kept(code).interview
    question = interview.question(topic)
    page = reader.get(address(topic)).content.decode()
    assert question.why.zh[1:] in page and "不知道" in page and "<h1" in page
    sent = right(interview, question)
    answer = reader.post(address(topic), sent)
    assert answer.status_code == 302, re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))
    there = kept(code)
    assert there.interview.answers[topic] is not None and there.revision == 2
    again = reader.get(address(topic) + "?from=answers").content.decode()
    known = there.interview.answers[topic]
    if isinstance(known, str) and question.kind not in ("yes_no", "date"):
        assert f'value="{known}"' in again
    listed = reader.get("/estimate/answers/").content.decode()
    assert there.interview.said(topic, "zh")[:8] in listed
    assert reader.post(address(topic) + "?from=answers", {"unknown": "1"})["Location"] == "/estimate/answers/"
    assert kept(code).interview.answers[topic] is None


@pytest.mark.parametrize(("key", "topic"), TOPICS)
def test_what_is_no_answer_says_so_at_top_and_field_and_changes_nothing(key: str, topic: str) -> None:
    reader = Reader("en")
    code = reader.begins(key)
    question = kept(code).interview.question(topic)
    for sent in wrong(question):
        answer = reader.post(address(topic), sent)
        page = answer.content.decode()
        assert answer.status_code == 422, (sent, answer.status_code)
        assert "<title>Error: " in page and "There is a problem" in page, sent
        links = re.findall(r'<a href="#([^"]+)"', page.split("error-summary__list")[1].split("</ul>")[0])
        assert all(f'id="{link}"' in page for link in links), (sent, links)
        assert links or question.kind == "history", sent
        assert "<script>alert" not in page
    assert kept(code).revision == 1


@pytest.mark.parametrize("key", list(DAYS))
def test_the_next_question_is_the_one_that_matters_most_and_the_result_comes_in_time(key: str) -> None:
    reader = Reader()
    code = reader.begins(key)
    for number in range(1, 13):
        expected = kept(code).interview.next_question()
        assert expected is not None
        there = reader.get("/estimate/next/")["Location"]
        assert there == address(expected.id)
        assert f"第 {number} 题" in reader.get(there).content.decode()
        if reader.post(there, {"unknown": "1"})["Location"] == "/estimate/result/":
            break
    assert number <= 12 and kept(code).interview.enough()
    onward = reader.get("/estimate/next/")["Location"]
    after = reader.post(onward, {"unknown": "1"})["Location"]
    assert after != "/estimate/result/" or kept(code).interview.next_question() is None


def test_back_leads_to_the_question_before() -> None:
    reader = Reader()
    reader.begins("nmg-ecommerce-2022")
    first = reader.get("/estimate/next/")["Location"]
    assert 'govuk-back-link" href="/estimate/"' in reader.get(first).content.decode()
    second = reader.post(first, {"unknown": "1"})["Location"]
    assert f'govuk-back-link" href="{first}"' in reader.get(second).content.decode()


def test_an_award_more_is_asked_for_without_a_script_and_none_is_an_answer() -> None:
    reader = Reader("en")
    code = reader.begins("nmg-ecommerce-2022")
    sent = right(kept(code).interview, kept(code).interview.question("history"))
    longer = reader.post(address("history"), {**sent, "add": "awards"})
    assert longer.status_code == 200 and "Award 2" in longer.content.decode() and "800,000" in longer.content.decode()
    assert reader.post(address("history"), {"nothing": "1"}).status_code == 302
    assert kept(code).interview.answers["history"] == []


def test_places_are_chosen_by_league_and_banner_where_there_is_a_list() -> None:
    reader = Reader()
    reader.begins("nmg-ecommerce-2022")
    page = reader.get(address("registered_at")).content.decode()
    assert page.count("<optgroup") == 12 and '<option value="150105">' in page
    reader.begins("sample-district-2024")
    assert "<optgroup" not in reader.get(address("registered_at")).content.decode()


def test_what_was_not_known_can_be_asked_again_and_an_answer_taken_back() -> None:
    reader = Reader()
    code = reader.begins("nmg-ecommerce-2022")
    reader.post(address("tax_credit"), {"value": "a"})
    reader.post(address("on_dishonesty_list"), {"unknown": "1"})
    assert reader.post("/estimate/again/").status_code == 302
    assert list(kept(code).interview.answers) == ["tax_credit"]
    assert reader.post(address("tax_credit") + "forget/")["Location"] == "/estimate/answers/"
    assert not kept(code).interview.answers


@pytest.mark.parametrize("topic", ["nothing", "2a.investment", "..", "%00", "x" * 300, "for%0d%0aX"])
def test_a_question_there_is_none_is_not_there(topic: str) -> None:
    reader = Reader()
    reader.begins("nmg-ecommerce-2022")
    for answer in (reader.get(address(topic)), reader.post(address(topic), {"value": "1"}),
                   reader.post(address(topic) + "forget/")):  # fmt: skip
        assert answer.status_code in (400, 404)
