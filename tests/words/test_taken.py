"""What a case reaches of a figure: only what it takes is told, cited and waited for."""

import pytest
from hypothesis import given, strategies as st
from tests.words.lamps import ask

from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Choice, Date, YesNo, integer
from jarlig.words.report import as_json
from jarlig.words.taken import band_at, taken

KIND = integer(0, 100)
ONE, TWO, THREE = (n.Literal(value, KIND) for value in (1, 2, 3))
BY = n.Fact("level", Choice(("a", "b")))
TEST = n.Fact("listed", YesNo())


def reached(node, **known):
    return list(taken(node, lambda item: known.get(getattr(item, "name", ""))))


def test_only_the_chosen_value_is_reached_and_all_while_the_choice_is_unknown():
    node = n.Choose(BY, (("a", ONE), ("b", TWO)), KIND)
    assert reached(node, level="b") == [node, BY, TWO]
    assert reached(node) == [node, BY, ONE, TWO]


def test_only_the_band_of_the_number_is_reached():
    day = n.Fact("day", Date())
    node = n.Banded(day, ((10, False), (20, True)), (ONE, TWO, THREE), KIND)
    assert [reached(node, day=day_)[-1] for day_ in (9, 10, 20, 21)] == [ONE, TWO, TWO, THREE]
    assert reached(node)[2:] == [ONE, TWO, THREE]


def test_a_case_ends_at_the_first_condition_that_holds():
    other = n.Fact("other", YesNo())
    node = n.Case(((TEST, ONE), (other, TWO)), THREE, KIND)
    assert reached(node, listed=True) == [node, TEST, ONE]
    assert reached(node, listed=False, other=True) == [node, TEST, other, TWO]
    assert reached(node, listed=False) == [node, TEST, other, TWO, THREE]
    assert reached(node) == [node, TEST, ONE, other, TWO, THREE]


@given(st.integers(0, 40), st.lists(st.tuples(st.integers(0, 40), st.booleans()), unique_by=lambda e: e[0], max_size=5))
def test_each_number_lies_in_the_band_between_its_edges(of, edges):
    edges = tuple(sorted(edges))
    at = band_at(edges, of)
    assert all(of > edge or (of == edge and not closed) for edge, closed in edges[:at])
    assert all(of < edge or (of == edge and closed) for edge, closed in edges[at:])


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "〔所得税税率，依据税法〕"), ("en", "[income tax rate, under tax law]")]
)
def test_a_dated_value_cites_the_basis_of_its_period(lang, words):
    report = as_json(ask("relief", {"profit": "1000000"}), lang)
    cite = "parameter:tax_rate 2022-01-01"
    assert cite in report["cites"] and report["citations"][cite] == words
    rate = next(step for step in report["steps"] if step["name"] == "rate")
    assert cite in rate["cites"]
    assert not any(cite == "parameter:tax_rate" for cite in report["cites"])
