"""Receipts (测算凭证): everything that is needed to compute an answer again, bit for bit, years later.

A receipt holds the SHA-256 of every rule file that governed the answer, the canonical facts themselves with the history
inside them, the question, the version of the engine with a hash of the ladder it climbed, the figures, and a hash of
the whole. Same inputs give the same bytes. It proves that the figures follow from the rules and facts that it names;
who stated the facts, and when, is proven by the record that keeps the receipt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jarlig
from jarlig.engines.answer import Desk, Determination
from jarlig.ladder.dates import day_text
from jarlig.ladder.numbers import NumberError, parse_date
from jarlig.ladder.outcome import OUTCOMES
from jarlig.ladder.steps import Words
from jarlig.policy.jsontext import read as read_json
from jarlig.policy.messages import PolicyError, visible
from jarlig.policy.model import Overlay, Programme
from jarlig.policy.source import JSON_LIMITS
from jarlig.words.canonical import canonical, canonical_facts, digest, ladder_hash
from jarlig.words.catalogue import words
from jarlig.words.report import amounts, as_json, exact_steps

_YEAR = re.compile(r"[0-9]{4}\Z")
FORMAT = "jarlig-receipt-1"
_NOTICE_FILES = ("programme.yaml", "clauses.yaml")
FindProgramme = Callable[[str], Programme | None]
_FIGURES = ("outcome", "formula_amount", "amount", "low", "high")
_COMPUTED = ("guide", *_FIGURES)
_REPORTED = ("programme", "offer", "on", "guide", "at", *_FIGURES)
_SHAPE: dict[str, type] = {"engine": dict, "programme": dict, "question": dict, "facts": dict, "answer": dict,
                           "facts_hash": str, "hash": str}  # fmt: skip


def make(determination: Determination) -> dict[str, Any]:
    """The receipt of an answer: texts, lists and mappings only, so that any JSON reader keeps it exactly."""
    answer, question, plan = determination, determination.question, determination.plan
    facts = canonical_facts(answer.facts.plain)
    receipt: dict[str, Any] = {
        "format": FORMAT,
        "engine": {"version": jarlig.__version__, "ladder": ladder_hash(answer.ladder)},
        "programme": {"name": answer.programme, **rules(plan.programme, plan.overlays)},
        "question": {
            "offer": question.offer,
            "on": day_text(question.on),
            "guide": None if question.guide is None else str(question.guide),
            "at": question.at or None,
            "what_if": "true" if question.what_if else "false",
        },
        "facts": facts,
        "facts_hash": digest(canonical(facts)),
        "answer": {"outcome": answer.outcome, **amounts(answer), "steps": digest(canonical(exact_steps(answer)))},
    }
    return {**receipt, "hash": digest(canonical(receipt))}


def rules(programme: Programme, overlays: tuple[Overlay, ...]) -> dict[str, Any]:
    """The rule files of an answer with a hash each, and one hash over each part: notice, guide, local rules."""
    named = [name for name in programme.files if name in _NOTICE_FILES or name.startswith("measures/")]
    laid = {kind: [overlay.place.file for overlay in overlays if overlay.kind == kind] for kind in ("guide", "local")}
    parts = {"notice": sorted(named), **laid}
    hashes = {name: digest(programme.files[name]) for names in parts.values() for name in names}
    return {
        **{part: digest(_joined(programme, names)) if names else None for part, names in parts.items()},
        "files": dict(sorted(hashes.items())),
    }


def _joined(programme: Programme, names: list[str]) -> bytes:
    """Names and contents with their lengths, so that no two folders give the same bytes."""
    parts = [part for name in names for part in (name.encode(), programme.files[name])]
    return b"".join(str(len(part)).encode() + b":" + part for part in parts)


@dataclass(frozen=True)
class Verification:
    """What a check of a receipt found: ``ok`` when nothing is wrong; ``notes`` differ without being wrong."""

    ok: bool
    problems: tuple[Words, ...]
    notes: tuple[Words, ...] = ()


def _rendered(error: PolicyError) -> Words:
    return Words(error.render("zh"), error.render("en"))


class _Bad(Exception):
    """The receipt cannot be checked at all."""

    def __init__(self, problem: Words) -> None:
        super().__init__(problem.en)
        self.problem = problem


def verify(source: bytes | Mapping[str, Any], find_programme: FindProgramme) -> Verification:
    """A receipt, or a report with its receipt, computed again.

    Args:
        source: the bytes of a JSON file, or its values.
        find_programme: the programme of a name, or None when it is not known.
    """
    problems: list[Words] = []
    try:
        receipt, report = _receipt_of(_read(source))
        problems += _own_hashes(receipt)
        again = _again(receipt, _programme(receipt, find_programme))
    except _Bad as bad:
        return Verification(False, (*problems, bad.problem))
    fresh = make(again)
    problems += _files(receipt, fresh)
    problems += _figures({**receipt["question"], **receipt["answer"]}, {**fresh["question"], **fresh["answer"]})
    if report is not None:
        problems += _report(report, receipt) + _told(report, receipt, again)
    return Verification(not problems, tuple(problems), tuple(_notes(receipt, again)))


def _read(source: bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        data = source if isinstance(source, bytes) else canonical(source)
        values = read_json(data, "receipt.json", JSON_LIMITS)
    except (TypeError, ValueError, RecursionError) as error:
        raise _Bad(words("receipt.not_one")) from error
    except PolicyError as error:
        raise _Bad(words("receipt.unreadable", detail=_rendered(error))) from error
    if not isinstance(values, dict):
        raise _Bad(words("receipt.not_one"))
    return values


def _receipt_of(values: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, Any] | None]:
    """The receipt itself, and the report around it when there is one."""
    report = None
    if "format" not in values and "receipt" in values:
        report = values
        inner = values["receipt"]
        if not isinstance(inner, dict):
            raise _Bad(words("receipt.none_inside"))
        values = inner
    if values.get("format") != FORMAT:
        raise _Bad(words("receipt.not_one"))
    for name, kind in _SHAPE.items():
        if not isinstance(values.get(name), kind):
            raise _Bad(words("receipt.part_missing", part=name))
    return dict(values), report


def _own_hashes(receipt: Mapping[str, Any]) -> list[Words]:
    """Whether the receipt is still what it was when it was made."""
    problems = []
    if digest(canonical(canonical_facts(receipt["facts"]))) != receipt["facts_hash"]:
        problems.append(words("receipt.facts_changed"))
    rest = {name: value for name, value in receipt.items() if name != "hash"}
    if digest(canonical(rest)) != receipt["hash"]:
        problems.append(words("receipt.changed"))
    return problems


def _programme(receipt: Mapping[str, Any], find_programme: FindProgramme) -> Programme:
    name = receipt["programme"].get("name")
    try:
        found = find_programme(name) if isinstance(name, str) else None
    except PolicyError as error:
        raise _Bad(words("receipt.not_answered", detail=_rendered(error))) from error
    if found is None:
        raise _Bad(words("receipt.unknown_programme", name=visible(str(name), 60)))
    return found


def _again(receipt: Mapping[str, Any], programme: Programme) -> Determination:
    """The question of the receipt asked again, with its facts."""
    question = receipt["question"]
    offer, on, guide, at = (question.get(name) for name in ("offer", "on", "guide", "at"))
    if not (isinstance(offer, str) and isinstance(on, str) and isinstance(at, str | None)):
        raise _Bad(words("receipt.part_missing", part="question"))
    if guide is not None and not (isinstance(guide, str) and _YEAR.match(guide)):
        raise _Bad(words("receipt.part_missing", part="question.guide"))
    named = int(guide) if guide is not None and question.get("what_if") == "true" else None
    try:
        return Desk(programme).determine(offer, receipt["facts"], on=parse_date(on), guide=named, at=at or "")
    except NumberError as error:
        detail = Words(error.zh, error.en)
        raise _Bad(words("receipt.bad_date", on=visible(on, 60), detail=detail)) from error
    except PolicyError as error:
        raise _Bad(words("receipt.not_answered", detail=_rendered(error))) from error


def _files(receipt: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[Words]:
    """Rule files that are not what they were, each by its name."""
    then, now = receipt["programme"].get("files"), fresh["programme"]["files"]
    if not isinstance(then, dict):
        return [words("receipt.part_missing", part="programme.files")]
    changed = [
        words("receipt.file_changed", name=visible(name)) for name in now if name in then and then[name] != now[name]
    ]
    gone = [words("receipt.file_gone", name=visible(name)) for name in then if name not in now]
    new = [words("receipt.file_new", name=name) for name in now if name not in then]
    return changed + gone + new


def _figures(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Words]:
    problems = [_differs("receipt.figure_differs", name, then.get(name), now[name]) for name in _COMPUTED
                if then.get(name) != now[name]]  # fmt: skip
    if not problems and then.get("steps") != now["steps"]:
        problems.append(words("receipt.steps_differ"))
    return problems


def _report(report: Mapping[str, Any], receipt: Mapping[str, Any]) -> list[Words]:
    """What the report around a receipt says and the receipt does not."""
    said = {**receipt["question"], **receipt["answer"], "programme": receipt["programme"].get("name")}
    problems = [_differs("receipt.report_differs", name, report.get(name), said.get(name)) for name in _REPORTED
                if report.get(name) != said.get(name)]  # fmt: skip
    if digest(canonical(_steps_of(report))) != receipt["answer"].get("steps"):
        problems.append(words("receipt.steps_differ"))
    return problems


def _told(report: Mapping[str, Any], receipt: Mapping[str, Any], again: Determination) -> list[Words]:
    """Every other part of a report that is not what it would be today, in the language nearest to the report's."""
    found = [_unlike(report, as_json(again, lang, receipt)) for lang in ("zh", "en")]
    return min(found, key=len)


def _unlike(report: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[Words]:
    plain = read_json(canonical(fresh), "receipt.json", JSON_LIMITS)
    assert isinstance(plain, dict)
    parts = [words("receipt.report_part", part=name) for name in plain
             if name not in (*_REPORTED, "receipt") and not _same(report.get(name), plain[name])]  # fmt: skip
    return parts + [words("receipt.report_unknown", part=visible(name, 60)) for name in report if name not in plain]


def _same(one: Any, other: Any) -> bool:
    return canonical(one) == canonical(other)


def _steps_of(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Names and values of a report's steps; a condition's verdict is a text to the reader of facts."""
    steps = report.get("steps")
    found = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return [{"name": step.get("name"), "value": _value(step.get("value"))} for step in found]


def _value(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _differs(key: str, name: str, then: Any, now: Any) -> Words:
    figure = words("figure." + name)
    return words(key, figure=figure, then=_shown(name, then), now=_shown(name, now))


def _shown(name: str, value: Any) -> Words:
    """A value in a message: an outcome by its name, nothing at length."""
    if value is None:
        return words("figure.null")
    if name == "outcome" and value in OUTCOMES:
        return words("outcome." + value)
    text = visible(str(value), 60)
    return Words(text, text)


def _notes(receipt: Mapping[str, Any], again: Determination) -> list[Words]:
    """What is different without being wrong."""
    then, notes = receipt["engine"], []
    if then.get("version") != jarlig.__version__:
        version = _shown("version", then.get("version"))
        notes.append(words("receipt.other_version", then=version, now=jarlig.__version__))
    if then.get("ladder") != ladder_hash(again.ladder):
        notes.append(words("receipt.other_ladder"))
    return notes
