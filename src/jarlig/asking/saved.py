"""A session as JSON: what a site keeps or a person takes home. Nothing in it is believed before it is checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from jarlig.asking import answering
from jarlig.asking.estimates import estimates_of
from jarlig.asking.interview import Interview
from jarlig.asking.sayings import words
from jarlig.asking.topics import PLACE, SHORTLIST
from jarlig.ladder.steps import Words
from jarlig.library import Programme
from jarlig.policy.messages import Place, PolicyError, problem, visible

SCHEMA = "jarlig-asking-1"
MOST_BYTES, MOST_ANSWERS = 65_536, 500
_KEYS = ("schema", "programme", "fingerprint", "on", "at", "answers")
_FILE = "session"


def to_json(interview: Interview) -> dict[str, Any]:
    """A session as plain values: texts, lists, mappings and null, in the order of asking."""
    return {
        "schema": SCHEMA,
        "programme": interview.programme.name,
        "fingerprint": interview.estimates.fingerprint,
        "on": interview.on.isoformat(),
        "at": interview.at,
        "answers": [{"question": id_, "answer": value} for id_, value in interview.answers.items()],
    }


def from_json(programme: Programme, saved: Mapping[str, Any] | str | bytes) -> Interview:
    """A session that was kept, every answer checked again.

    Raises:
        PolicyError: E972 when it is no such record, E973 when it belongs to another version of the programme, E970 and
            E971 for an answer that is none.
    """
    found = _mapping(saved)
    if found.get("schema") != SCHEMA:
        raise _refused(words("saved.schema", found=visible(str(found.get("schema"))[:40]), known=SCHEMA))
    _only(found, _KEYS)
    texts = {key: found.get(key) for key in ("programme", "fingerprint", "on", "at")}
    for key, value in texts.items():
        if not isinstance(value, str) or len(value) > 200:
            raise _refused(words("saved.shape", name=key))
    if (texts["programme"], texts["fingerprint"]) != (programme.name, estimates_of(programme).fingerprint):
        place = Place(_FILE, 0, 0)
        theirs = visible(str(texts["programme"])[:80])
        raise PolicyError((problem("E973", place, theirs, theirs=theirs, ours=programme.name),))
    return _answered(Interview.begin(programme, _day(texts["on"])), str(texts["at"]), _rows(found.get("answers")))


def _mapping(saved: Mapping[str, Any] | str | bytes) -> Mapping[str, Any]:
    try:
        text = saved if isinstance(saved, str | bytes) else json.dumps(saved, ensure_ascii=False)
        if len(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
            raise _refused(words("saved.size", most=str(MOST_BYTES)))
        found = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise _refused(words("saved.json")) from error
    if not isinstance(found, Mapping):
        raise _refused(words("saved.shape", name="{}"))
    return found


def _only(found: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in found:
        if key not in known:
            raise _refused(words("saved.key", name=visible(key[:40])))


def _day(text: Any) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise _refused(words("saved.shape", name="on")) from error
    if found.isoformat() != text:
        raise _refused(words("saved.shape", name="on"))
    return found


def _rows(answers: Any) -> list[tuple[Any, Any]]:
    if not isinstance(answers, list) or len(answers) > MOST_ANSWERS:
        raise _refused(words("saved.shape", name="answers"))
    found: dict[Any, Any] = {}
    for row in answers:
        if not isinstance(row, Mapping) or "answer" not in row or not isinstance(row.get("question"), str):
            raise _refused(words("saved.shape", name="answers"))
        _only(row, ("question", "answer"))
        if row["question"] in found:
            raise _refused(words("saved.shape", name=visible(row["question"][:40])))
        found[row["question"]] = row["answer"]
    return list(found.items())


def _answered(interview: Interview, at: str, answers: list[tuple[Any, Any]]) -> Interview:
    """The answers one after the other; those on which others hang (the place) are known when these are read."""
    if at:
        interview = Interview.begin(interview.programme, interview.on, at)
    topics = interview.estimates.topics
    first = interview.programme.model.applied_at or PLACE
    checked: dict[str, Any] = {}
    for id_, value in sorted(answers, key=lambda one: one[0] not in (first, SHORTLIST)):
        checked[id_] = answering.answer(interview, topics.topic(id_), value, typed=False)
        if id_ == first:
            interview = Interview(interview.programme, interview.on, interview.at, {id_: checked[id_]})
    return Interview(interview.programme, interview.on, interview.at, {id_: checked[id_] for id_, _ in answers})


def _refused(said: Words) -> PolicyError:
    return PolicyError((problem("E972", Place(_FILE, 0, 0), "", zh=said.zh, en=said.en),))
