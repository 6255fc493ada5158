"""An interview at work: how fast an answer is, how many questions it takes, and that every range holds the truth.

    PYTHONPATH=src:. python bench/asking.py            1,100 made-up enterprises of both shipped programmes
    PYTHONPATH=src:. python bench/asking.py 0.1        a tenth of them

Each enterprise answers truthfully, every second one says "I don't know" to a quarter of the questions, and after every
answer the exact engine's answer on all facts must lie in the range of every offer. Then the questions are counted until
every offer is settled or known within 5 per cent: in the order by effect, with and without the choice of offers, and in
the order of the files. An answer (next question and the ranges of all offers, also of those left out) is timed beside a
match of all offers with every fact known, by turns, so that the ratio tells; the slowest must keep within the bar.
Figures are printed as JSON and written to bench/asking-figures.json.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measuring import machine
from tests.asking.firms import NMG, SAMPLE, Firm, firms
from tests.asking.test_interview import questions_until_settled
from tests.asking.test_truth import interviewed

from jarlig.asking.estimates import estimates_of

HERE = Path(__file__).parent
POPULATIONS = ((NMG, True, 500), (NMG, False, 200), (SAMPLE, True, 400))
#: Enterprises whose questions are counted in every order, and those that are timed.
COUNTED, TIMED = 40, 25
#: Milliseconds that an answer may take.
BAR = 100


def main(share: float) -> dict[str, Any]:
    """All figures."""
    found: dict[str, Any] = {"machine": machine(), "truth": [], "questions": [], "speed": []}
    for name, everyone, count in POPULATIONS:
        with tempfile.TemporaryDirectory() as folder:
            made = list(firms(name, Path(folder) / "made", max(10, round(count * share)), everyone))
        told = {"programme": name, "everyone_applies": everyone}
        found["truth"].append({**told, **truth(made)})
        found["questions"].append({**told, **questions(made[:COUNTED])})
        found["speed"].append({**told, **speed(made[-TIMED:])})
    return found


def truth(made: list[Firm]) -> dict[str, Any]:
    """Every range of every step looked at; a wrong one ends the bench."""
    rng = random.Random(7)
    asked = [len(interviewed(firm, rng, 0.25 if at % 2 else 0.0).answers) for at, firm in enumerate(made)]
    return {"enterprises": len(made), "steps": sum(asked), "wrong_ranges": 0}


def questions(made: list[Firm]) -> dict[str, Any]:
    """Questions until every offer is settled or within 5 per cent, on average."""
    by_effect = [questions_until_settled(firm, by_file=False) for firm in made]
    by_file = [questions_until_settled(firm, by_file=True) for firm in made]
    chosen = [questions_until_settled(firm, by_file=False, chosen=True) for firm in made]
    return {
        "enterprises": len(made),
        "by_effect": round(statistics.mean(by_effect), 2),
        "in_file_order": round(statistics.mean(by_file), 2),
        "ratio": round(sum(by_effect) / sum(by_file), 3),
        "by_effect_after_choosing_offers": round(statistics.mean(chosen), 2),
    }


def speed(made: list[Firm]) -> dict[str, Any]:
    """Milliseconds of an answer, and of a match of all offers with every fact known; nothing is kept between firms.

    Every second firm says "I don't know" to a quarter of the questions. The pauses of the garbage collector count, but
    it need not look through the population, which no interview holds.
    """
    first: list[float] = []
    steps: list[float] = []
    matches: list[float] = []
    rng = random.Random(7)
    gc.collect()
    gc.freeze()
    for number, firm in enumerate(made):
        estimates_of(firm.programme).forget()
        for at, seconds in enumerate(_steps(firm, rng, 0.25 if number % 2 else 0.0)):
            (steps if at else first).append(seconds)
        start = time.perf_counter()
        firm.programme.match(firm.facts, on=firm.on, at=firm.at or None)
        matches.append(time.perf_counter() - start)
    gc.unfreeze()
    ordered = sorted(steps)
    return {
        "answers": len(steps),
        "median_ms": _ms(statistics.median(steps)),
        "p95_ms": _ms(ordered[int(len(ordered) * 0.95)]),
        "most_ms": _ms(ordered[-1]),
        "first_question_ms": _ms(statistics.median(first)),
        "match_ms": _ms(statistics.median(matches)),
        "median_to_match": round(statistics.median(steps) / statistics.median(matches), 2),
        "bar_ms": BAR,
        "met": ordered[-1] * 1_000 <= BAR,
    }


def _steps(firm: Firm, rng: random.Random, forgets: float) -> Iterator[float]:
    """Seconds of each answer: reading it, all ranges and the next question."""
    start = time.perf_counter()
    interview = firm.begin()
    question = interview.next_question()
    yield time.perf_counter() - start
    while question is not None:
        value = None if rng.random() < forgets else firm.answers(interview, question)
        start = time.perf_counter()
        interview = interview.answer(question.id, value)
        _ = dict(interview.spans)
        question = interview.next_question()
        yield time.perf_counter() - start


def _ms(seconds: float) -> float:
    return round(seconds * 1_000, 1)


if __name__ == "__main__":
    figures = json.dumps(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0), indent=2)
    print(figures)
    if len(sys.argv) == 1:
        (HERE / "asking-figures.json").write_text(figures + "\n", encoding="utf-8")
