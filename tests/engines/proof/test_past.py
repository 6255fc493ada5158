"""Earlier awards in a proof: numbers held to each other, and a history that the exact engine counts alike."""

from __future__ import annotations

from typing import Any

import pytest
import z3
from hypothesis import given, settings, strategies as st

from jarlig.engines.exact.closures import scalar
from jarlig.engines.proof.encode import Encoder
from jarlig.engines.proof.terms import Term
from jarlig.engines.proof.world import Free, World
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import day_text
from jarlig.ladder.history import EarlierAward
from jarlig.ladder.kinds import MONTH, Code, Division, Number, integer, money
from jarlig.ladder.nodes import Window
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.steps import Ladder, Step, Words

ON, YEAR = parse_date("2023-06-01"), 2023
WORDS = Words("", "")
FIRM, PROJECT = ("uscc", n.Fact("uscc", Code("text"))), ("project", n.Fact("project", Code("project")))
PLACE, MONTHLY = ("at", n.Fact("at", Division("county"))), ("claim_month", n.Fact("claim_month", MONTH))
EVER, VALID = Window("ever"), Window("validity", 0, ON - 400, ON + 400)
CASE = {"uscc": "F-1", "project": "P-1", "at": "150221", "claim_month": 2023 * 12 + 4}


def earlier(what: str, *subject: tuple[str, n.Node], offers: tuple[str, ...] = ("a",), over: Window = EVER,
            streak: str = "") -> n.Earlier:  # fmt: skip
    kind = money() if what == "amount" else integer(0, 10**6)
    return n.Earlier(what, offers, subject, over, kind, streak, False, ())


class Asked:
    """Several numbers of a history, asked of the solver together."""

    def __init__(self, *nodes: n.Earlier) -> None:
        steps = tuple(Step(f"s{at}", "gate", n.Compare(">=", node, n.Literal(0, node.kind)), WORDS)
                      for at, node in enumerate(nodes))  # fmt: skip
        award = Step("award", "award", n.Literal(1, money()), WORDS)
        self.ladder = Ladder("a", "award", (*steps, award), tuple(step.name for step in steps), "award", "award")
        self.nodes, self.world = nodes, World()
        for name, value in (("on", ON), ("guide_year", YEAR)):
            self.world.facts[name] = Free(Term(value), lambda model, value=value: value)
        self.encoder = Encoder(self.ladder, self.world)
        self.values = [self.encoder.node(node).value for node in nodes]

    def model(self, *query: Any) -> z3.ModelRef | None:
        solver = z3.Solver()
        solver.add(*self.world.given, *query)
        return solver.model() if solver.check() == z3.sat else None

    def history(self, *numbers: int) -> list[EarlierAward] | None:
        model = self.model(*(value == wanted for value, wanted in zip(self.values, numbers, strict=True)))
        return None if model is None else self.encoder.past.history(model, self.env([]))

    def env(self, history: list[EarlierAward]) -> dict[str, Any]:
        return {**CASE, "on": ON, "guide_year": YEAR, "history": history}

    def counted(self, history: list[EarlierAward]) -> list[int | None]:
        return [scalar(node)(self.env(history)) for node in self.nodes]


@pytest.mark.parametrize("what", ["awards", "amount", "years"])
@pytest.mark.parametrize("over", [EVER, VALID, Window("guide_year"), Window("calendar_year"), Window("rolling", 12)])
@pytest.mark.parametrize("value", [0, 1, 2, 5])
def test_one_number_is_what_the_exact_engine_counts_in_the_history_made_for_it(
    what: str, over: Window, value: int
) -> None:
    if what == "years" and over.over != "ever":
        return
    asked = Asked(earlier(what, FIRM, over=over))
    history = asked.history(value)
    assert history is not None
    assert asked.counted(history) == [value]


@settings(max_examples=60)
@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 10**6))
def test_awards_of_a_project_are_awards_of_its_firm(project: int, firm: int, paid: int) -> None:
    asked = Asked(earlier("awards", FIRM, PROJECT), earlier("awards", FIRM), earlier("amount", FIRM, over=VALID))
    history = asked.history(project, firm, paid)
    assert (history is None) is (project > firm or (firm == 0 and paid > 0))
    if history is not None and project <= firm and (paid >= firm or (firm == 0 and paid == 0)):
        counted = asked.counted(history)
        assert counted[0] == project
        assert None not in counted


@pytest.mark.parametrize(("firm", "project"), [(3, 1), (2, 2), (5, 0)])
def test_an_award_to_the_firm_for_another_project_does_not_count_for_this_one(firm: int, project: int) -> None:
    asked = Asked(earlier("awards", FIRM, PROJECT), earlier("awards", FIRM))
    history = asked.history(project, firm)
    assert history is not None
    assert len(history) == firm
    assert asked.counted(history) == [project, firm]
    assert {award.keys["uscc"] for award in history} == {"F-1"}
    assert [award.keys["project"] for award in history].count("P-1") == project


@pytest.mark.parametrize("keys", [(PLACE,), (MONTHLY,), (FIRM, PLACE, MONTHLY)])
def test_keys_of_every_kind_are_the_case_s_own_where_they_must_be(keys: tuple[tuple[str, n.Node], ...]) -> None:
    asked = Asked(earlier("awards", *keys), earlier("awards", FIRM, offers=("b",)))
    history = asked.history(2, 1)
    assert history is not None
    assert asked.counted(history) == [2, 1]


def test_amounts_add_up_to_the_fen() -> None:
    asked = Asked(earlier("amount", FIRM, over=VALID), earlier("awards", FIRM))
    for paid, count in ((12_345, 3), (1, 1), (10**12, 7)):
        history = asked.history(paid, count)
        assert history is not None
        assert asked.counted(history) == [paid, count]
        assert all((award.approved or 0) > 0 for award in history)


def test_an_award_counts_at_least_a_fen_so_fewer_fen_than_awards_are_none() -> None:
    asked = Asked(earlier("amount", FIRM), earlier("awards", FIRM))
    assert asked.history(2, 3) is None
    assert asked.history(0, 1) is None
    assert asked.history(1, 0) is None


@pytest.mark.parametrize(("project", "firm", "paid"), [(2, 3, 150), (0, 3, 2), (1, 2, 100)])
def test_no_history_is_made_with_an_award_of_less_than_a_fen(project: int, firm: int, paid: int) -> None:
    asked = Asked(earlier("awards", FIRM, PROJECT), earlier("awards", FIRM), earlier("amount", FIRM, over=VALID))
    history = asked.history(project, firm, paid)
    assert all((award.approved or 0) > 0 for award in history or ())


def test_years_lie_before_the_guide_s_and_follow_each_other() -> None:
    asked = Asked(earlier("years", FIRM, streak="restart"))
    history = asked.history(2)
    assert history is not None
    assert sorted(award.guide_year for award in history if award.guide_year) == [YEAR - 2, YEAR - 1]
    assert [day_text(award.on)[:4] for award in history if award.on] == ["2021", "2022"]
    assert asked.counted(history) == [2]


def test_a_narrower_window_counts_no_more_than_ever() -> None:
    asked = Asked(earlier("awards", FIRM, over=Window("guide_year")), earlier("awards", FIRM))
    few, many = asked.values
    assert asked.model(few > many) is None
    assert asked.model(few < many) is not None


def test_awards_under_more_offers_are_no_fewer() -> None:
    asked = Asked(earlier("awards", FIRM), earlier("awards", FIRM, offers=("a", "b")))
    few, many = asked.values
    assert asked.model(few > many) is None
    assert asked.model(few == 0, many == 4) is not None


def test_windows_that_do_not_contain_each_other_are_held_apart() -> None:
    windows = Window("guide_year"), Window("rolling", 6)
    asked = Asked(*(earlier("awards", FIRM, over=window) for window in windows))
    one, other = asked.values
    assert asked.model(one > other) is not None
    assert asked.model(one < other) is not None


def test_no_history_is_wished_for() -> None:
    asked = Asked(earlier("awards", FIRM), earlier("amount", FIRM))
    model = asked.model(*asked.encoder.past.friendly())
    assert model is not None
    assert asked.encoder.past.history(model, asked.env([])) == []


def test_another_subject_has_another_history() -> None:
    asked = Asked(earlier("awards", ("score", n.Fact("score", Number((), 0, 0, 9)))))
    more = asked.world.integer("score", 0, 9)
    beside = asked.encoder.beside(World(asked.world), facts={"score": Term(more)})
    assert not beside.node(asked.nodes[0]).value.eq(asked.values[0])
    same = asked.encoder.beside(World(asked.world), facts={"uscc": Term(1)})
    assert same.node(asked.nodes[0]).value.eq(asked.values[0])


def test_too_many_awards_are_not_written() -> None:
    asked = Asked(earlier("awards", FIRM))
    assert asked.history(500) == []
