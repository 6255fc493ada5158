"""Answers of every kind, as a page sends them; and a reader whose queries are counted and whose pages must be sound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import html5lib
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.service.estimates.standing import DAYS, PUBLIC

from jarlig.asking import Interview, Question
from jarlig.policy.messages import PolicyError
from jarlig.service.estimates.acts.begin_estimate import begin_estimate
from jarlig.service.estimates.queries import Estimate, estimate
from jarlig.service.ground.context import acting
from jarlig.service.web.estimate.browser import COOKIE, PATH

MOST_QUERIES = 12
#: Texts of which each question of something written takes one.
TRIED = (
    "2", "20%", "2023-03", "1", "91150102MA9PTF0137", "150105", "150100", "990101", "990100", "A1", "6510",
    "23150000000000000000", "104191004007", "0" * 64,
)  # fmt: skip


class Reader(Client):
    """A browser without a name."""

    def __init__(self, language: str = "zh-hans") -> None:
        super().__init__(raise_request_exception=True)
        self.cookies["django_language"] = language

    def request(self, **request: Any) -> Any:
        """One request, within the bound of queries; a page must be sound HTML."""
        connection.queries_log.clear()
        with CaptureQueriesContext(connection) as asked:
            answer = super().request(**request)
        told = [
            one["sql"]
            for one in asked.captured_queries
            if not one["sql"].startswith(("SET", "SELECT set_config", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
        ]
        if request["REQUEST_METHOD"] == "GET":
            assert len(told) <= MOST_QUERIES, (request["PATH_INFO"], len(told), told)
        if answer.status_code not in (302, 405):
            html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.content.decode())
            assert "no-store" in answer.get("Cache-Control", "no-store")
        return answer

    def begins(self, key: str, on: str = "") -> str:
        """An estimate that is open in this browser; its code."""
        with acting(PUBLIC):
            code = begin_estimate(key, date.fromisoformat(on or DAYS[key]))
        self.opens(code)
        return code

    def opens(self, code: str) -> None:
        """The browser has that estimate open."""
        self.cookies[COOKIE] = code
        self.cookies[COOKIE]["path"] = PATH


def kept(code: str) -> Estimate:
    """The estimate as it stands."""
    with acting(PUBLIC):
        found = estimate(code)
    assert found is not None
    return found


def address(topic: str) -> str:
    """Where a question stands."""
    return f"/estimate/questions/{topic}/"


def right(interview: Interview, question: Question) -> dict[str, Any]:
    """An answer that a page sends for this question, and that is one."""
    kind = question.kind
    if kind == "yes_no":  # whichever leaves more to get
        most = {one: interview.answer(question.id, one).total() for one in ("true", "false")}
        return {"value": max(most, key=lambda one: (most[one].high, one))}
    if kind in ("choice", "set", "offers"):
        options = [one.id for one in question.options]
        return {"value": options if kind == "offers" else options[0]}
    if kind in ("money", "total"):
        return {"value": "400万", "to": "600万"}
    if kind == "date":
        return {"value_year": "2023", "value_month": "3", "value_day": "20"}
    if kind == "history":
        offer = next(iter(interview.programme.offers))
        return {"awards-TOTAL_FORMS": "1", "awards-INITIAL_FORMS": "0", "awards-0-offer": offer,
                "awards-0-approved": "800,000", "awards-0-guide_year": "2022"}  # fmt: skip
    for text in TRIED:
        try:
            interview.answer(question.id, text)
        except PolicyError:
            continue
        return {"value": text}
    raise AssertionError(f"nothing answers {question.id} of kind {kind}")


def wrong(question: Question) -> Iterator[dict[str, Any]]:
    """What no question takes: nothing, too much, another kind, and what means harm."""
    field = "value_year" if question.kind == "date" else "value"
    several = {"set": True, "offers": True}.get(question.kind, False)
    yield {}
    yield {field: ""}
    for text in ("x" * 599, "9" * 5_000, "<script>alert(1)</script>", "' OR 1=1 --", "a\x00b", "\u202e1", "🐎" * 40,
                 "-1e999", "{{ 7*7 }}", "NaN", "１２３x"):  # fmt: skip
        if question.kind == "code" and len(text) <= 40 and "\x00" not in text:
            continue  # some codes are free texts
        yield {field: [text] if several else text}
    if question.kind in ("money", "total", "number", "count"):
        yield {"value": "9", "to": "1"}
        yield {"value": "9", "to": "x"}
        yield {"value": "1至2", "to": "3"}
    if question.kind == "set":
        yield {"value": ["none", question.options[0].id]}
    if question.kind == "date":
        yield {"value_year": "2023", "value_month": "2", "value_day": "30"}
        yield {"value_year": "2023"}
        yield {"value_year": "0001", "value_month": "1", "value_day": "1"}
    if question.kind == "history":
        some = {"awards-TOTAL_FORMS": "1", "awards-INITIAL_FORMS": "0"}
        yield {**some, "awards-0-offer": "none-of-them"}
        yield {
            **some,
            "awards-0-offer": question.effects[0].offer if question.effects else "",
            "awards-0-approved": "x",
        }
        yield {"awards-TOTAL_FORMS": "1000000", "awards-INITIAL_FORMS": "0"}
        yield {"awards-TOTAL_FORMS": "x"}
