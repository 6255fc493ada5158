"""Answers for machines: one answer as JSON, several as a table whose total counts only what is determined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jarlig.engines.answer import Determination, claimed_twice
from jarlig.ladder.dates import day_text, month_text
from jarlig.ladder.kinds import Date, Kind, Month, Number, Some, YesNo
from jarlig.ladder.numbers import format_money, format_scaled
from jarlig.words import fmt
from jarlig.words.case import Case
from jarlig.words.catalogue import say
from jarlig.words.expressions import is_money
from jarlig.words.missing import asked
from jarlig.words.outcomes import next_steps, verdict
from jarlig.words.steps import told_steps


def as_json(determination: Determination, lang: str, receipt: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An answer as plain values: the keys of the contract first and in its order, further ones after them.

    Sums are texts with two decimals, null where there is none; values of steps are exact texts (a date ISO, a condition
    true or false), null while unknown. ``cites`` name sources as files spell them; ``citations`` say them in words.
    """
    case, answer, question = Case(determination, lang), determination, determination.question
    told = told_steps(case)
    cites = case.all_cites
    return {
        "programme": answer.programme,
        "offer": question.offer,
        "on": day_text(question.on),
        "guide": question.guide,
        "at": question.at or None,
        "outcome": answer.outcome,
        **amounts(answer),
        "steps": [
            {**step, "cites": [cite.text for cite in one.cites], "says": one.says}
            for step, one in zip(exact_steps(answer), told, strict=True)
        ],
        "missing": [{"fact": one.fact, "why": one.why, "worth": _sum(one.worth)} for one in asked(case)],
        "cites": [cite.text for cite in cites],
        "receipt": dict(receipt) if receipt is not None else None,
        "title": answer.title[lang],
        "nature": answer.nature,
        "says": verdict(case),
        "next": list(next_steps(case)),
        "conditions": [{"name": c.name, "says": c.says[lang]} for c in answer.conditions],
        "doubts": [
            {"name": d.name, "says": d.label[lang], "cites": [cite.text for cite in d.cites]} for d in answer.doubts
        ],
        "refused": [{"name": one.step.name, "says": one.says} for one in told if one.step in answer.refused],
        "open_terms": [
            {"term": term.term, "title": case.speaker.term(term.term), "filled_by": term.filled_by}
            for term in case.open_terms
        ],
        "payments": [{"title": title[lang], "amount": _sum(fen)} for title, fen in answer.payments],
        "samples": list(answer.samples),
        "citations": {cite.text: case.cited([cite]) for cite in cites},
    }


def amounts(answer: Determination) -> dict[str, str | None]:
    """The sums of an answer in yuan, as texts with two decimals."""
    return {
        "formula_amount": _sum(answer.formula_amount),
        "amount": _sum(answer.amount),
        "low": _sum(answer.low),
        "high": _sum(answer.high),
    }


def exact_steps(answer: Determination) -> list[dict[str, Any]]:
    """Name and exact value of every step."""
    kinds = {step.name: step.node.kind for step in answer.ladder.steps}
    return [{"name": trace.name, "value": exact(trace.value, kinds[trace.name])} for trace in answer.trace]


def exact(value: Any, kind: Kind) -> Any:
    """A value as an exact text, money with two decimals or more; yes and no as true and false, unknown as null."""
    if value is None or isinstance(kind, YesNo):
        return value
    if isinstance(kind, Number):
        return format_scaled(value, kind.scale, 2 if is_money(kind) else None)
    if isinstance(kind, Date):
        return day_text(value)
    if isinstance(kind, Month):
        return month_text(value)
    return sorted(value) if isinstance(kind, Some) else str(value)


def _sum(fen: int | None) -> str | None:
    return None if fen is None else format_money(fen)


@dataclass(frozen=True)
class MatchTable:
    """What an enterprise can get under several offers, as texts ready for a table.

    ``rows`` stand under ``columns``. ``total`` adds the awards (奖补) that are determined and nothing else, in fen;
    ranges are added apart (``high`` None: one has no bound), and what has no amount is counted in ``uncounted`` only.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    total: int
    low: int
    high: int | None
    uncounted: int


def match_table(determinations: Iterable[Determination], lang: str) -> MatchTable:
    """The answers of several offers side by side, with totals that never count an unknown."""
    answers = list(determinations)
    twice = claimed_twice(answers)
    in_doubt = [id(answer) for _, found in twice for answer in found]
    paid = [answer for answer in answers if answer.nature == "award" and id(answer) not in in_doubt]
    total = sum(answer.amount or 0 for answer in paid if answer.outcome == "award")
    ranges = [answer for answer in paid if answer.outcome == "range"]
    low = sum(answer.low or 0 for answer in ranges)
    highs = [answer.high for answer in ranges]
    high = None if None in highs else sum(bound or 0 for bound in highs)
    uncounted = sum(1 for answer in answers if answer.outcome in ("undetermined", "awaiting_guide", "needs_decision"))
    names = ("offer", "title", "outcome", "amount")
    totals = [("", say("table.total", lang), "", fmt.plain_money(total))]
    if ranges:
        totals.append(("", say("table.ranges", lang), "", _ends(low, high, lang)))
    notes = [say("table.uncounted", lang, count=str(uncounted))] if uncounted else []
    for name, found in twice:
        title = found[0].plan.fact_defs(found[0].question.offer)[name].title[lang]
        offers = ("、" if lang == "zh" else ", ").join(answer.question.offer for answer in found)
        notes.append(say("table.twice", lang, fact=title, offers=offers))
    if _exclude_each_other(answers):
        notes.append(say("table.exclusive", lang))
    return MatchTable(
        columns=tuple(say("table." + name, lang) for name in names),
        rows=tuple(_row(answer, lang) for answer in answers),
        totals=tuple(totals),
        notes=tuple(notes),
        total=total,
        low=low,
        high=high,
        uncounted=uncounted,
    )


def _row(answer: Determination, lang: str) -> tuple[str, ...]:
    """One answer; what is told for information or goes to a government says so instead of looking like an award."""
    outcome = say("outcome." + answer.outcome, lang)
    if answer.nature != "award":
        outcome = say("table.nature", lang, outcome=outcome, nature=say("nature." + answer.nature, lang))
    amount = "" if answer.amount is None else fmt.plain_money(answer.amount)
    if answer.outcome == "range" and answer.low is not None:
        amount = _ends(answer.low, answer.high, lang)
    return answer.question.offer, answer.title[lang], outcome, amount


def _ends(low: int, high: int | None, lang: str) -> str:
    """Both ends of a range on two lines, so that their figures stand one below the other."""
    top = say("table.unbounded", lang) if high is None else fmt.plain_money(high)
    return f"{fmt.plain_money(low)}–\n{top}"


def _exclude_each_other(answers: Iterable[Determination]) -> bool:
    """Whether two offers that both give a sum cannot both be had."""
    paying = {answer.question.offer: answer for answer in answers if answer.outcome in ("award", "range")}
    for name, answer in paying.items():
        exclusive = answer.plan.offer(name).exclusive
        if exclusive and any(other in paying for other in exclusive.offers):
            return True
    return False
