"""Figures of a programme changed at random: what is refused or refuted is what is wrong by hand, and nothing else.

A change that breaks nothing must be proved as before, one that breaks something must be told with a case that replays.
"""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st
from tests.engines.proof.standing import CASES, GUIDE, LOCAL, MEASURES, Edit
from tests.tiny import edited

from jarlig.engines.cases import run_cases
from jarlig.engines.check import check
from jarlig.engines.findings import CheckReport
from jarlig.policy.reading import read_programme

DROP = (CASES,)
BANDS = '"under 60": 0, "60 to under 80": 100_000, "from 80": 300_000'
CAP = 300_000


def proved(*edits: Edit) -> CheckReport:
    """The programme with these edits, checked; every counterexample that was found is replayed as a worked case."""
    with tempfile.TemporaryDirectory() as name:
        report = check(read_programme(edited(Path(name) / "p", *edits, drop=DROP)), seconds=20)
        if report.counterexamples:
            saved = ("cases/found.yaml", "", report.cases_text)
            run = run_cases(read_programme(edited(Path(name) / "saved", *edits, saved, drop=DROP)))
            assert run.failed == () and run.run == len(report.counterexamples)
    assert report.count("not_proved") == 0
    return report


def codes(report: CheckReport) -> set[str]:
    return {problem.code for problem in (*report.problems, *report.warnings)}


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 100_000, 299_999, 300_000, 300_001]), min_size=3, max_size=3))
def test_bands_are_refuted_where_the_award_falls_and_nowhere_else(values: list[int]) -> None:
    bands = ", ".join(
        f'"{band}": {fen}' for band, fen in zip(("under 60", "60 to under 80", "from 80"), values, strict=True)
    )
    report = proved((MEASURES, BANDS, bands))
    paid = [min(value, CAP) for value in values]
    assert ("E945" in codes(report)) is any(more < less for less, more in pairwise(paid))
    assert ("E950" in codes(report)) is (not any(paid))
    assert codes(report) <= {"E945", "E950", "E955"}
    falls = [case for case in report.counterexamples if case["expect"].get("amount") is not None]
    assert bool(falls) is ("E945" in codes(report))


#: A figure of the guide or of the place, the most that the document above it allows, and steps around that.
FIGURES = {
    "the guide's cap": ((GUIDE, "regional: 4_000_000"), "regional: {}", 5_000_000, 1),
    "the place's rate in basis points": ((LOCAL, "rate: 15%"), "rate: {}%", 20, 1),
}


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_figure_is_refused_just_above_the_one_it_stands_under(name: str, off: int) -> None:
    (file, old), new, most, step = FIGURES[name]
    report = proved((file, old, new.format(most + off * step)))
    assert codes(report) == ({"E703"} if off > 0 else set())


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ("newly_built", ""),
        ("newly_built or not newly_built", ""),
        ("not newly_built", ""),
        ("newly_built and not newly_built", "E940"),
        ("newly_built and recognised_on > on", "E941"),
        ("newly_built and recognised_on = on", ""),
    ],
)
def test_a_gate_is_refuted_where_nobody_passes_and_nowhere_else(gate: str, code: str) -> None:
    report = proved((MEASURES, "when: [newly_built,", f"when: [{gate},"))
    assert codes(report) == ({code} if code else set())


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 100), st.integers(0, 100))
@example(low=60, high=79)
@example(low=80, high=59)
def test_a_gate_on_the_score_leaves_out_just_the_bands_beyond_it(low: int, high: int) -> None:
    gate = f"  cap: 300_000\n  when: [score >= {low}, score <= {high}]\n"
    found = codes(proved((MEASURES, "  cap: 300_000\n", gate)))
    reached = [band for band in ((0, 59), (60, 79), (80, 100)) if max(low, band[0]) <= min(high, band[1])]
    pays = any(band[0] >= 60 for band in reached)
    assert ("E955" in found) is (pays and len(reached) < 3)
    assert bool(found & {"E940", "E941", "E950"}) is (not pays)
    assert found <= {"E940", "E941", "E950", "E955"}
