"""The answer to "what can this enterprise get".

Which documents govern, the exact engine, and where facts are missing the interval engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from jarlig.engines.exact import JUDGED, Climber, Exact, StepTrace
from jarlig.engines.interval import Estimate, Estimator, Missing
from jarlig.ladder.kinds import Rows
from jarlig.ladder.nodes import Open
from jarlig.ladder.numbers import NumberError, format_money, half_up
from jarlig.ladder.outcome import outcome
from jarlig.ladder.steps import Cite, Condition, Doubt, Ladder, Step, Words
from jarlig.ladder.tables import Table
from jarlig.policy import model
from jarlig.policy.casefile import Facts, dotted
from jarlig.policy.codes import check_division, check_region, is_division
from jarlig.policy.facts import Typed, check_decisions, check_names, read_facts, typed_facts
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.plans import Plan, Plans
from jarlig.policy.rows import FOR, Path
from jarlig.policy.values import convert


@dataclass(frozen=True)
class Question:
    """What was asked: the offer, the application date, the guide asked for, and the place.

    ``guide`` is the year of the guide that governs (None: there is none); ``what_if`` says that it was asked for by
    name, and so its window was not asked.
    """

    offer: str
    on: int
    guide: int | None
    at: str
    what_if: bool = False


@dataclass(frozen=True)
class Determination:
    """The answer for one offer (测算结果). Money in fen; None where there is none.

    Three amounts stay apart: ``formula_amount`` (before any cap), ``amount`` (after caps, limits, floor and rounding)
    and the approved amount, which only allocation knows. ``low`` and ``high`` bound a range; ``high`` None is no bound.
    """

    programme: str
    question: Question
    title: Words
    nature: str
    outcome: str
    formula_amount: int | None
    amount: int | None
    low: int | None
    high: int | None
    ladder: Ladder
    trace: tuple[StepTrace, ...]
    refused: tuple[Step, ...]
    missing: tuple[Missing, ...]
    open_terms: tuple[Open, ...]
    doubts: tuple[Doubt, ...]
    conditions: tuple[Condition, ...]
    payments: tuple[tuple[Words, int], ...]
    samples: tuple[str, ...]
    facts: Facts
    typed: Typed
    plan: Plan
    estimate: Estimate | None = None
    closed_because: str = ""

    @property
    def yuan(self) -> Decimal | None:
        """The award (奖补金额) in yuan, exact to the fen; None unless the outcome is an award."""
        return _yuan(self.amount)

    @property
    def formula_yuan(self) -> Decimal | None:
        """The amount before any cap (公式金额), in yuan."""
        return _yuan(self.formula_amount)

    @property
    def low_yuan(self) -> Decimal | None:
        """The lowest award possible, in yuan."""
        return _yuan(self.low)

    @property
    def high_yuan(self) -> Decimal | None:
        """The highest award possible, in yuan; None when there is no bound."""
        return _yuan(self.high)

    @property
    def cites(self) -> tuple[Cite, ...]:
        """Every source that the answer rests on, each once."""
        found = [*self.ladder.cites, *(cite for step in self.ladder.steps for cite in step.cites)]
        found += [cite for doubt in self.doubts for cite in doubt.cites]
        return tuple(dict.fromkeys(found))


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(format_money(fen))


class Desk:
    """Answers questions about one programme. Compiled ladders are kept; nothing of a case is."""

    def __init__(self, programme: model.Programme) -> None:
        self.programme = programme
        self.plans = Plans(programme)
        self._climbers: dict[int, Climber] = {}
        self._filled: dict[int, Climber] = {}
        self._estimators: dict[int, Estimator] = {}

    def determine(
        self,
        offer: str,
        facts: Facts | Mapping[str, Any],
        *,
        on: int,
        guide: int | None = None,
        at: str = "",
        history: Iterable[Any] | None = None,
        ranked: bool = True,
    ) -> Determination:
        """What the enterprise of these facts gets under an offer.

        Args:
            offer: id of the offer.
            facts: facts as read from a file, or a mapping of names to values.
            on: application date (ordinal); it picks the notice, the guide and the place's rules.
            guide: year of a guide to ask "what if" with.
            at: division code of the place of application; without it, the fact that the programme names for it.
            history: earlier awards, in place of those in the facts.
            ranked: whether missing facts come with their worth, the largest first; most of an estimate is spent on it.

        Raises:
            PolicyError: for unknown offers, guides and names, and for values that cannot be read.
        """
        case = facts if isinstance(facts, Facts) else read_facts(facts)
        if history is not None:
            case = replace(
                case, plain={**case.plain, "history": read_facts({"history": list(history)}).plain["history"]}
            )
        at = at or self._place(case)
        self._check_place(at)
        plan = self.plans.plan(on, guide, at)
        ladder = plan.ladder(offer)
        offers = self.programme.offers.keys()
        check_names(case, plan.fact_names, offers, lambda: _titles(plan))
        check_decisions(case, offer, offers, lambda name: {node.name for node in plan.ladder(name).judged})
        judged = {node.name: node.kind for node in ladder.judged}
        typed = typed_facts(case, plan.fact_defs(offer), offer, judged, self.programme)
        asked = Question(offer, on, plan.guide.year if plan.guide else None, at, guide is not None)
        return self._answer(plan, ladder, case, typed, asked, ranked)

    def match(
        self, facts: Facts | Mapping[str, Any], *, on: int, guide: int | None = None, at: str = ""
    ) -> tuple[Determination, ...]:
        """The answers of every offer, in the order of the programme.

        Raises:
            PolicyError: as for one offer, and E810 when two offers would count the same piece of evidence.
        """
        case = facts if isinstance(facts, Facts) else read_facts(facts)
        answers = tuple(self.determine(offer, case, on=on, guide=guide, at=at) for offer in self.programme.offers)
        check_evidence(answers)
        return answers

    def ranges(self, answer: Determination) -> Mapping[str, tuple[int, int]]:
        """Between what each number of an answer lies while facts are missing, by the name of its step."""
        if answer.estimate is None:
            return {}
        typed = answer.typed
        env = environment(typed, answer.question)
        return self._estimator(answer.plan, answer.ladder).steps(env, typed.ranges, typed.totals, typed.counts)

    def _check_place(self, at: str) -> None:
        try:
            if at:
                check_region(check_division(at, "village"), self.programme.region)
        except NumberError as error:
            place = Place(self.programme.programme, 0, 0)
            if not is_division(at):
                raise PolicyError((problem("E416", place, at, name=at),)) from error
            raise PolicyError((problem("E803", place, at, path="at", zh=error.zh, en=error.en),)) from error

    def _place(self, case: Facts) -> str:
        """The place of application that the facts give: an enterprise applies where it is registered, say."""
        name = self.programme.applied_at
        given = case.plain.get(name) if name else None
        if not isinstance(given, str):
            return ""
        return str(convert(case, self.programme.facts[name].kind, given, (name,)))

    def climber(self, ladder: Ladder) -> Climber:
        """The exact engine of a ladder, made once."""
        if id(ladder) not in self._climbers:
            self._climbers[id(ladder)] = Climber(ladder)
        return self._climbers[id(ladder)]

    def _estimator(self, plan: Plan, ladder: Ladder) -> Estimator:
        if id(ladder) not in self._estimators:
            kinds = {name: fact.kind for name, fact in plan.fact_defs(ladder.offer).items()}
            self._estimators[id(ladder)] = Estimator(ladder, kinds)
        return self._estimators[id(ladder)]

    def _unknown_still(self, ladder: Ladder, env: Mapping[str, Any]) -> bool:
        """Whether anything would be unknown still, were every open term filled and every decision taken."""
        if id(ladder) not in self._filled:
            self._filled[id(ladder)] = Climber(ladder.filled())
        decided = {JUDGED + one.name: one.kind.high for one in ladder.judged if env.get(JUDGED + one.name) is None}
        return self._filled[id(ladder)].climb({**env, **decided}).unknown

    def _answer(
        self, plan: Plan, ladder: Ladder, case: Facts, typed: Typed, asked: Question, ranked: bool
    ) -> Determination:
        lapsed = not ladder.valid[0] <= asked.on <= ladder.valid[1]
        inside = ladder.window is None or asked.what_if or ladder.window[0] <= asked.on <= ladder.window[1]
        closed = ladder.state == "closed" or not inside
        env = environment(typed, asked)
        exact = Exact((), True, None, None)
        trace: tuple[StepTrace, ...] = ()
        estimate: Estimate | None = None
        if not lapsed and not closed:
            exact, trace = self.climber(ladder).trace(env)
            if exact.unknown and not exact.refused:
                estimate = self._estimator(plan, ladder).estimate(
                    env, typed.ranges, typed.totals, typed.counts, ranked=ranked
                )
        still = exact.unknown and self._unknown_still(ladder, env)
        missing = tuple(m for m in estimate.missing if not _judged(m)) if estimate and still else ()
        placeless = not asked.at and bool(self.programme.locals)
        awaiting = _awaiting(ladder, exact, missing, placeless)
        if placeless and not awaiting and _local_terms(ladder) and all(m.key != "at" for m in missing):
            missing = (Missing("at", None), *missing)
        judged = exact.unknown and not missing and bool(ladder.judged) and not awaiting
        found = outcome(
            lapsed=lapsed,
            closed=closed,
            refused=bool(exact.refused),
            awaiting=awaiting,
            unknown=exact.unknown and not judged,
            bounded=estimate is not None and estimate.high is not None,
            doubtful=judged or bool(exact.doubts),
        )
        ranged = estimate is not None and found in ("range", "undetermined", "needs_decision")
        amount = exact.award if found == "award" else None
        offer = self.programme.offers[ladder.offer]
        return Determination(
            programme=self.programme.programme,
            question=asked,
            title=offer.title,
            nature=ladder.nature,
            outcome=found,
            formula_amount=exact.formula if found in ("award", "needs_decision") else None,
            amount=amount,
            low=amount if amount is not None else estimate.low if ranged and estimate else None,
            high=amount if amount is not None else estimate.high if ranged and estimate else None,
            ladder=ladder,
            trace=trace,
            refused=tuple(ladder.step(name) for name in exact.refused),
            missing=missing if found in ("range", "undetermined") else (),
            open_terms=ladder.open_terms if found == "awaiting_guide" else (),
            doubts=tuple(doubt for doubt in ladder.doubts if doubt.name in exact.doubts),
            conditions=ladder.conditions,
            payments=instalments(ladder, amount),
            samples=(*(("programme",) if self.programme.sample else ()), *(overlay.source for overlay in plan.samples)),
            facts=case,
            typed=typed,
            plan=plan,
            estimate=estimate,
            closed_because="" if not closed else "window" if not inside and ladder.state != "closed" else "not_opened",
        )


def check_evidence(answers: Iterable[Determination]) -> None:
    """Refuse evidence that two offers would count from two lists of one case.

    Compared are lists of one name, and all whose key serves once ever, by what makes their rows one of a kind. A list
    that several offers read together is not: there ``for`` says what each row is claimed under, or ``claimed_twice``
    tells that nothing does.

    Raises:
        PolicyError: E810 naming both lines.
    """
    groups: dict[Any, dict[Path, tuple[Determination, Table]]] = {}
    for answer in filter(_counts, answers):
        offer = answer.question.offer
        own = answer.facts.plain.get(offer)
        for name, fact in answer.plan.fact_defs(offer).items():
            table = answer.typed.values.get(name)
            if not isinstance(fact.kind, Rows) or not fact.kind.key or not isinstance(table, Table):
                continue
            path = (offer, name) if isinstance(own, Mapping) and name in own else (name,)
            kinds = dict(fact.kind.columns)
            key = tuple((column, kinds[column]) for column in fact.kind.key)
            for group in (name, "ever") if fact.key_once == "ever" else (name,):
                groups.setdefault((group, key), {})[path] = (answer, table)
    for (_, key), lists in groups.items():
        if len(lists) > 1:
            _once_each([column for column, _ in key], lists)


def _once_each(columns: list[str], lists: Mapping[Path, tuple[Determination, Table]]) -> None:
    seen: dict[tuple[Any, ...], tuple[Determination, Path, int]] = {}
    for path, (answer, table) in lists.items():
        for index, key in enumerate(zip(*(table.columns[column] for column in columns), strict=True)):
            if None in key:
                continue
            other, first, line = seen.setdefault(key, (answer, path, table.line(index)))
            if first != path and other.question.offer != answer.question.offer:
                raise answer.facts.error(
                    "E810", (*path, table.line(index) - 1), path=dotted(path), line=table.line(index), first=line,
                    one=answer.question.offer, other=other.question.offer, key=" ".join(str(part) for part in key),
                )  # fmt: skip


def _counts(answer: Determination) -> bool:
    paid = ("award", "range", "undetermined", "needs_decision")
    return answer.nature != "inform" and answer.outcome in paid


def _titles(plan: Plan) -> dict[str, str]:
    """The facts of all offers by their titles, which people take for names."""
    defs = [fact for offer in plan.programme.offers for fact in plan.fact_defs(offer).values()]
    return {title: fact.name for fact in defs for title in (fact.title.zh, fact.title.en)}


def claimed_twice(answers: Iterable[Determination]) -> tuple[tuple[str, tuple[Determination, ...]], ...]:
    """Rows that several answers of one case count because they do not say ``for`` which offer they are claimed.

    The same evidence serves one offer only, and which one is the applicant's statement: the engine never chooses.
    """
    counted: dict[tuple[int, str], list[Determination]] = {}
    for answer in filter(_counts, answers):
        offer = answer.question.offer
        own = answer.facts.plain.get(offer)
        for name, definition in answer.plan.fact_defs(offer).items():
            rows = answer.facts.plain.get(name)
            if (
                not isinstance(definition.kind, Rows)
                or not isinstance(rows, list)
                or (isinstance(own, Mapping) and name in own)
            ):
                continue
            if any(row.get(FOR) is None for row in rows):
                counted.setdefault((id(answer.facts.plain), name), []).append(answer)
    return tuple(
        (name, tuple(found)) for (_, name), found in counted.items() if len({a.question.offer for a in found}) > 1
    )


def environment(typed: Typed, asked: Question) -> dict[str, Any]:
    """The facts and built-ins of a case, ready to climb with."""
    return {**typed.values, "on": asked.on, "at": asked.at or None, "guide_year": asked.guide}


def _judged(missing: Missing) -> bool:
    return isinstance(missing.key, str) and missing.key.startswith("!")


def _local_terms(ladder: Ladder) -> bool:
    return any(term.filled_by == "local" for term in ladder.open_terms)


def _awaiting(ladder: Ladder, exact: Exact, missing: tuple[Missing, ...], placeless: bool) -> bool:
    """A term is open; or a parameter has no value for its date and nothing else is missing.

    While the place is not known, a term that places fill is not open: the place is what is missing.
    """
    if ladder.state == "no_guide":
        return True
    terms = [term for term in ladder.open_terms if not (placeless and term.filled_by == "local")]
    if any(term.filled_by != "parameter" for term in terms):
        return True
    return bool(terms) and exact.unknown and not missing and not ladder.judged


def instalments(ladder: Ladder, amount: int | None) -> tuple[tuple[Words, int], ...]:
    """The parts in which an award is paid: each share half-up to the fen, the last part taking the rest."""
    if amount is None or not ladder.pay:
        return ()
    parts: list[tuple[Words, int]] = []
    for title, share, scale in ladder.pay[:-1]:
        rest = amount - sum(paid for _, paid in parts)
        parts.append((title, min(half_up(amount * share, 10**scale), rest)))
    return (*parts, (ladder.pay[-1][0], amount - sum(paid for _, paid in parts)))
