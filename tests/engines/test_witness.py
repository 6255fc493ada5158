"""A search for witnesses says "never" only where trying everything says so too, and a witness is a real case."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from tests.tiny import tiny

from jarlig.engines.answer import Desk
from jarlig.engines.candidates import SAMPLES, Points
from jarlig.engines.witness import Search, text_of
from jarlig.ladder.kinds import DATE, MONTH, YES_NO, Choice, Code, Division, Number, Rows, Some
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.tables import Table
from jarlig.policy.codes import check_code
from jarlig.policy.model import Programme

MEASURES = "measures/01.yaml"
SCORE = "      quantity: {unit: point, most: 100}\n"
FLAG = """\
    flag: {yes_no: {}, title: {zh: 甲, en: a}, evidence: list, verified_by: commerce}
    grade:
      choice: {a: {zh: 甲, en: a}, b: {zh: 乙, en: b}}
      title: {zh: 等级, en: grade}
      evidence: list
      verified_by: commerce
    score:
"""
ROWS = Rows((("net", Number((), 0, 0, 9)), ("of", Code("text"))), 9)
ON = parse_date("2023-06-01")


def search(programme: Programme, offer: str = "2", at: str = "") -> Search:
    desk = Desk(programme)
    plan = desk.plans.plan(ON, 2023, at)
    return Search(desk, plan, plan.ladder(offer), ON, at)


atoms = st.one_of(
    st.builds("score {} {}".format, st.sampled_from(["<", "<=", "=", "!=", ">", ">="]), st.integers(-1, 7)),
    st.builds("score between {} and {}".format, st.integers(0, 6), st.integers(0, 6)),
    st.builds("score in ({}, {})".format, st.integers(0, 6), st.integers(0, 6)),
    st.sampled_from(
        ["flag", "not flag", "grade = a", "grade != b", "grade in (a, b)", "score * 2 > 9", "score + 1 < 3"]
    ),
)
tests = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tiny")


@settings(max_examples=150)
@given(st.lists(tests, min_size=1, max_size=3))
def test_what_is_said_never_to_hold_holds_for_no_facts(folder: Path, gates: list[str]) -> None:
    when = "when:\n" + "".join(f'    - "{gate}"\n' for gate in gates)
    programme = tiny(
        folder,
        (MEASURES, "    score:\n", FLAG),
        (MEASURES, SCORE, "      quantity: {unit: point, most: 6}\n"),
        (MEASURES, "  cap: 300_000\n", f"  cap: 300_000\n  {when}"),
    )
    found = search(programme)
    inside = {**found.fixed, "registered_at": "150102"}
    facts = product(range(7), (True, False), ("a", "b"))
    holds = any(not found.climber.climb({**inside, "score": s, "flag": f, "grade": g}).refused for s, f, g in facts)
    blocked, witness = found.blocked(), found.witness()
    assert blocked is None or not holds
    assert (witness is not None) <= holds
    if not any("*" in gate or "+" in gate for gate in gates):
        assert (blocked is None) == holds
        assert (witness is not None) == holds


def test_a_witness_put_to_the_desk_as_facts_gets_the_same_award(tmp_path: Path) -> None:
    for offer, at in (("1a", ""), ("2", ""), ("1a", "150200")):
        found = search(tiny(tmp_path), offer, at)
        witness = found.witness()
        assert witness is not None
        answer = found.ask(witness)
        assert (answer.outcome, answer.amount) == ("award", found.award(witness))
        assert answer.amount


def test_best_goes_up_or_down_and_keeps_what_is_given(tmp_path: Path) -> None:
    found = search(tiny(tmp_path))
    witness = found.witness()
    assert witness is not None
    assert found.award(witness) == 300_000_00
    assert found.award(found.best(witness, -1)) == 0
    kept = found.witness({"score": 70})
    assert kept is not None
    assert (kept["score"], found.award(kept)) == (70, 100_000_00)


def test_the_candidates_are_the_edges_and_their_neighbours(tmp_path: Path) -> None:
    found = search(tiny(tmp_path))
    values = set(found.values("score", {}))
    assert {0, 59, 60, 61, 79, 80, 81, 100} <= values
    places = set(found.values("registered_at", {}))
    assert any(place.startswith("15") for place in places)
    assert any(not place.startswith("15") for place in places)


def test_a_row_is_made_that_the_conditions_keep(tmp_path: Path) -> None:
    found = search(tiny(tmp_path), "1a")
    full, empty = found.values("investment", found.fixed)
    assert (full.size, empty.size) == (1, 0)
    row = full.row(0)
    assert row["category"] == "hardware"
    assert row["paid_on"] >= parse_date("2022-06-06")
    assert row["reverses"] == NONE
    assert Points(found.ladder, found.fixed).points["paid_on"] == {parse_date("2022-06-06")}


@pytest.mark.parametrize("form", sorted(SAMPLES))
def test_every_sample_code_is_well_formed(form: str) -> None:
    assert check_code(form)(SAMPLES[form])


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, YES_NO, None),
        (True, YES_NO, "true"),
        (-1234, Number((), 2, -(10**9), 10**9), "-12.34"),
        (ON, DATE, "2023-06-01"),
        (2023 * 12 + 5, MONTH, "2023-06"),
        ("a", Choice(("a", "b")), "a"),
        (NONE, Code("text"), "none"),
        (frozenset("ba"), Some(Choice(("a", "b"))), ["a", "b"]),
        ("150102", Division("county"), "150102"),
        (Table({"net": [5], "of": [NONE]}, 1), ROWS, [{"net": "5"}]),
    ],
)  # fmt: skip
def test_a_typed_value_is_written_as_a_facts_file_gives_it(value: object, kind: object, text: object) -> None:
    assert text_of(value, kind) == text
