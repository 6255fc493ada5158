"""Whatever is answered and in whatever order: the full answer lies in every range, and ranges only narrow."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.asking.firms import NMG, SAMPLE, Firm, firms

from jarlig.asking import Interview

#: Enterprises in the tests; ``bench/asking.py`` looks at over a thousand in the same way.
COUNT = 25
NOTHING = ("lapsed", "closed", "not_eligible")


def holds(interview: Interview, firm: Firm, told: str) -> None:
    """Every range holds the exact engine's answer on all facts; what is settled is settled rightly."""
    for offer, exact in firm.exact.items():
        reach = interview.spans[offer]
        if exact.outcome == "awaiting_guide" or reach is None:
            continue
        low, high = reach
        about = (offer, told, exact.outcome, exact.low, exact.high, reach, dict(interview.answers))
        if exact.outcome in NOTHING:
            assert low == 0, about
        elif exact.low is not None:
            assert low <= exact.low, about
            assert high is None or (exact.high is not None and exact.high <= high), about
        if interview.settled(offer) in ("not_eligible", "closed", "lapsed"):
            assert exact.outcome in NOTHING, about
        if interview.settled(offer) == "award":
            assert exact.amount == interview.determinations[offer].amount or exact.outcome in NOTHING, about


def narrows(before: Interview, after: Interview, firm: Firm, told: str) -> None:
    """An answer takes possibilities away; only a day for which no value is published opens what nobody can settle."""
    for offer, (low, high) in ((o, r) for o, r in before.spans.items() if r is not None):
        reach = after.spans[offer]
        if reach is None or firm.exact[offer].outcome == "awaiting_guide":
            continue
        assert low <= reach[0], (offer, told, before.spans[offer], reach)
        assert high is None or (reach[1] is not None and reach[1] <= high), (offer, told, before.spans[offer], reach)


def interviewed(firm: Firm, rng: random.Random, forgets: float = 0.0) -> Interview:
    """A whole session, every step looked at; some questions are answered by "I don't know"."""
    interview = firm.begin()
    holds(interview, firm, "the beginning")
    while (question := interview.next_question()) is not None:
        assert question.id not in interview.answers
        value = None if rng.random() < forgets else firm.answers(interview, question, everything=rng.random() < 0.5)
        after = interview.answer(question.id, value)
        holds(after, firm, question.id)
        narrows(interview, after, firm, question.id)
        interview = after
        assert len(interview.answers) < 120
    return interview


@pytest.mark.parametrize(
    ("name", "everyone", "count"), [(NMG, True, COUNT), (NMG, False, COUNT), (SAMPLE, True, COUNT)]
)
def test_every_range_holds_the_full_answer_and_only_narrows(
    name: str, everyone: bool, count: int, tmp_path: Path
) -> None:
    rng = random.Random(name)
    asked = 0
    for number, firm in enumerate(firms(name, tmp_path / "firms", count, everyone)):
        interviewed(firm, rng, forgets=0.25 if number % 2 else 0.0)
        asked += 1
    assert asked > count * 0.8
