"""Worked cases run through the desk: a case that fails says which field differs, what was expected and what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from jarlig.engines.answer import Desk, Determination
from jarlig.ladder.numbers import format_scaled
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.cases import FIGURES, Expected, WorkedCase, case_facts, read_cases
from jarlig.policy.messages import Place, PolicyError, Problem, problem

#: Called after each case with its id and whether it gave what it should.
Progress = Callable[[str, bool], None]
_LABELS = {
    "outcome": Words("结果", "outcome"),
    "formula_amount": Words("公式金额", "formula_amount"),
    "amount": Words("金额", "amount"),
    "low": Words("最低金额", "low"),
    "high": Words("最高金额", "high"),
    "refused": Words("不成立的条件", "refused"),
    "missing": Words("缺少的事实", "missing"),
    "open": Words("待定参数", "open"),
    "doubts": Words("须由人裁定的问题", "doubts"),
    "payments": Words("分期", "payments"),
}
_NOTHING = Words("无", "nothing")


@dataclass(frozen=True)
class CaseReport:
    """How the cases of a programme went."""

    run: int
    failed: tuple[str, ...]
    problems: tuple[Problem, ...]
    offers: frozenset[str]

    @property
    def passed(self) -> int:
        """How many gave what they should."""
        return self.run - len(self.failed)


def run_cases(programme: model.Programme, progress: Progress | None = None, desk: Desk | None = None) -> CaseReport:
    """Every worked case of a programme, answered and compared.

    Raises:
        PolicyError: when the case files themselves cannot be read.
    """
    cases = read_cases(programme)
    desk = desk or Desk(programme)
    failed: list[str] = []
    problems: list[Problem] = []
    for case in cases.values():
        found = run_case(desk, case, cases)
        if found:
            failed.append(case.case)
            problems.extend(found)
        if progress:
            progress(case.case, not found)
    told = PolicyError(tuple(problems)).with_sources(programme.files).problems
    return CaseReport(len(cases), tuple(failed), told, frozenset(case.offer for case in cases.values()))


def run_case(desk: Desk, case: WorkedCase, cases: dict[str, WorkedCase]) -> tuple[Problem, ...]:
    """What differs between one case and its answer; empty when it holds."""
    try:
        facts = case_facts(case, cases)
        answer = desk.determine(case.offer, facts, on=case.on, guide=case.guide, at=case.at)
    except PolicyError as error:
        return tuple(_placed(told, case.place) for told in error.problems)
    got, want = given(answer), case.expect
    return tuple(
        problem("E901", case.place, case.case, name=case.case, **_sentence(field, want, got))
        for field in _LABELS
        if _differs(getattr(want, field), getattr(got, field))
    )


def given(answer: Determination) -> Expected:
    """An answer in the terms in which cases state what they expect."""
    ranged = answer.outcome in ("range", "award")
    return Expected(
        outcome=answer.outcome,
        formula_amount=answer.formula_amount,
        amount=answer.amount,
        low=answer.low,
        high="none" if ranged and answer.high is None else answer.high,
        refused=tuple(step.key for step in answer.refused),
        missing=tuple(_missing(item.key) for item in answer.missing),
        open=tuple(dict.fromkeys(term.term for term in answer.open_terms)),
        doubts=tuple(doubt.name for doubt in answer.doubts),
        payments=tuple(sum_ for _, sum_ in answer.payments),
    )


def _missing(key: str | tuple[str, int, str]) -> str:
    return key if isinstance(key, str) else f"{key[0]}.{key[1] + 1}.{key[2]}"


def _differs(want: object, got: object) -> bool:
    """A field that is not asked never differs; names are compared without regard to their order, sums with it."""
    if want is None:
        return False
    if isinstance(want, tuple) and isinstance(got, tuple) and want and isinstance(want[0], str):
        return sorted(want) != sorted(got)
    return want != got


def _sentence(field: str, want: Expected, got: Expected) -> dict[str, str]:
    expected, came = _shown(field, getattr(want, field)), _shown(field, getattr(got, field))
    return {
        "zh": f"{_LABELS[field].zh}应为 {expected.zh}，实为 {came.zh}",
        "en": f"{_LABELS[field].en} should be {expected.en}, got {came.en}",
    }


def _shown(field: str, value: object) -> Words:
    if value is None or value == ():
        return _NOTHING
    if isinstance(value, tuple):
        texts = [_money(item) if isinstance(item, int) else str(item) for item in value]
        return Words("、".join(texts), ", ".join(texts))
    if isinstance(value, int) and field in FIGURES:
        return Words(f"{_money(value)} 元", f"CNY {_money(value)}")
    return Words(str(value), str(value))


def _money(fen: int) -> str:
    return format_scaled(fen, 2, group=True)


def _placed(told: Problem, place: Place) -> Problem:
    return told if told.place.line else replace(told, place=place)
