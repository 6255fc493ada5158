"""Random ladders and cases: what holds for every estimate, whatever the ladder."""

import itertools
import os
import random
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from tests.engines.interval.ladders import (
    FACTS,
    KINDS,
    Hole,
    Random,
    award,
    brute_force,
    filled,
    holes,
    read_by,
    without,
)

from jarlig.engines.exact import Climber
from jarlig.engines.interval import Estimate, Estimator
from jarlig.engines.interval.case import Setting
from jarlig.ladder.history import EarlierAward
from jarlig.ladder.nodes import Earlier

#: Set to 10 or more for a long search.
TIMES = int(os.environ.get("JARLIG_RANDOM_TIMES", "1"))
CASES_A_LADDER = 12
BEYOND = 10**40
HISTORY_CELLS = ("offer", "on", "guide_year", "state", "capped", "approved", "recovered", "k")


def high(found: Estimate) -> int:
    return BEYOND if found.high is None else found.high


@pytest.mark.parametrize("part", range(4))
def test_range_equals_brute_force_over_ten_thousand_random_cases(part: int) -> None:
    for seed in range(part * 210 * TIMES, (part + 1) * 210 * TIMES):
        rng, ladder = random.Random(seed), Random(seed).ladder(steps=seed % 2, depth=1 + seed % 2)
        climber, estimator = Climber(ladder), Estimator(ladder, KINDS)
        for turn in range(CASES_A_LADDER):
            env = Random(seed * 100 + turn).environment(3)
            taken = holes(rng, read_by(ladder), most=(2, 3, 3, 6)[turn % 4], rows=3)
            found = estimator.estimate(without(env, taken), {}, {})
            assert (found.low, found.high) == brute_force(climber, env, taken), (seed, turn, taken)
            assert found.low_by is not None and found.high_by is not None, (seed, turn, taken)


@pytest.mark.parametrize("seed", range(60 * TIMES))
def test_witnesses_attain_both_ends(seed: int) -> None:
    ladder = Random(seed).ladder()
    rng, env = random.Random(seed), Random(seed).environment()
    climber = Climber(ladder)
    given = without(env, holes(rng, read_by(ladder)))
    found = Estimator(ladder, KINDS).estimate(given, {}, {})
    assert found.low_by is not None and found.high_by is not None
    assert award(climber, filled(given, dict(found.low_by))) == found.low
    assert award(climber, filled(given, dict(found.high_by))) == found.high


@pytest.mark.parametrize("seed", range(150 * TIMES))
def test_facts_read_once_attain_both_ends_whatever_their_kind(seed: int) -> None:
    ladder = Random(seed, once=True, rows=False).ladder(steps=0, depth=2)
    found = Estimator(ladder, KINDS).estimate({"on": 738_000, "guide_year": 2021}, {}, {})
    assert found.low_by is not None and found.high_by is not None, found


class Filling:
    """A case from which facts, cells and cells of the history were taken, to be put back one after the other."""

    def __init__(self, seed: int) -> None:
        self.maker = Random(seed, wide=True)
        self.ladder = self.maker.ladder()
        self.env = self.maker.environment()
        self.keys: list[Any] = sorted(read_by(self.ladder))
        rng = self.maker.rng
        if "rows" in self.keys and rng.random() < 0.7:
            self.keys.remove("rows")
            self.keys += [("rows", index, name) for index in range(4) for name in ("net", "cat", "flag", "paid")]
        if any(isinstance(node, Earlier) for node in self.ladder.nodes()):
            cells = [("history", index, name) for index in range(2) for name in HISTORY_CELLS]
            self.keys += ["history"] if rng.random() < 0.3 else cells
        rng.shuffle(self.keys)
        self.keys = self.keys[: rng.randint(1, 12)]

    def without(self, keys: list[Any]) -> dict[str, Any]:
        """The case with these taken out."""
        made = without(self.env, [Hole(key) for key in keys if isinstance(key, str) or key[0] == "rows"])
        if made["history"] is not None:
            history: list[EarlierAward] = list(made["history"])
            for key in keys:
                if not isinstance(key, str) and key[0] == "history":
                    gone: dict[str, Any] = {"keys": {}} if key[2] == "k" else {key[2]: None}
                    history[key[1]] = replace(history[key[1]], **gone)
            made["history"] = history
        return made

    def estimates(self) -> list[Estimate]:
        """Estimates while fact after fact is filled in."""
        estimator = Estimator(self.ladder, KINDS)
        return [estimator.estimate(self.without(self.keys[at:]), {}, {}) for at in range(len(self.keys) + 1)]


@pytest.mark.parametrize("part", range(4))
def test_filling_in_a_fact_never_widens_the_range_nor_leaves_it(part: int) -> None:
    for seed in range(part * 70 * TIMES, (part + 1) * 70 * TIMES):
        found = Filling(seed).estimates()
        for before, after in itertools.pairwise(found):
            assert before.low <= after.low and high(after) <= high(before), seed


@pytest.mark.parametrize("part", range(2))
def test_the_exact_award_lies_in_every_range_and_is_the_range_when_nothing_is_unknown(part: int) -> None:
    for seed in range(1_000 + part * 60 * TIMES, 1_000 + (part + 1) * 60 * TIMES):
        case = Filling(seed)
        exact = award(Climber(case.ladder), case.env)
        assert exact is not None
        found = case.estimates()
        assert all(one.low <= exact <= high(one) for one in found), seed
        assert (found[-1].low, found[-1].high, found[-1].missing) == (exact, exact, ())


@pytest.mark.parametrize("seed", range(60 * TIMES))
def test_a_range_is_never_negative(seed: int) -> None:
    found = Estimator(Random(seed, wide=True).ladder(), KINDS).estimate({"on": 738_000, "guide_year": 2021}, {}, {})
    assert 0 <= found.low <= high(found)


@pytest.mark.parametrize("seed", range(80 * TIMES))
def test_a_fact_of_worth_nothing_never_changes_the_figure(seed: int) -> None:
    ladder, rng = Random(seed).ladder(), random.Random(seed)
    env, climber = Random(seed).environment(), Climber(ladder)
    taken = holes(rng, read_by(ladder), most=5)
    found = Estimator(ladder, KINDS).estimate(without(env, taken), {}, {})
    worth = {one.key: one.worth for one in found.missing}
    for hole in taken:
        if worth.get(hole.key, 0) == 0:
            others = [other for other in taken if other is not hole]
            for way in range(6):
                rng = random.Random(way)
                chosen = {other.key: rng.choice(other.options) for other in others}
                awards = {award(climber, filled(env, {**chosen, hole.key: value})) for value in hole.options}
                assert len(awards) == 1, (seed, hole)


@pytest.mark.parametrize("seed", range(60 * TIMES))
def test_every_unknown_fact_that_the_ladder_reads_is_listed_widest_first(seed: int) -> None:
    ladder = Random(seed).ladder()
    read = {name for name in read_by(ladder) if name in FACTS}
    env = Random(seed).environment()
    found = Estimator(ladder, KINDS).estimate({**env, **dict.fromkeys(read)}, {}, {})
    assert {one.key for one in found.missing} == read
    order = [(one.worth is not None, -(one.worth or 0)) for one in found.missing]
    assert order == sorted(order)
    assert all(one.worth is None or one.worth <= high(found) - found.low for one in found.missing)


@pytest.mark.parametrize("seed", range(60 * TIMES))
def test_plain_abstract_evaluation_contains_the_range_found_case_by_case(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ladder = Random(seed).ladder()
    given = without(Random(seed).environment(), holes(random.Random(seed), read_by(ladder)))
    close = Estimator(ladder, KINDS).estimate(given, {}, {})
    monkeypatch.setattr("jarlig.engines.interval.groups.MOST_TRIED", 1)
    wide = Estimator(ladder, KINDS).estimate(given, {}, {})
    assert wide.low <= close.low and high(close) <= high(wide)


class Forgetful(dict[Any, Any]):
    """Keeps nothing: what was put in is never found."""

    def __contains__(self, key: object) -> bool:
        return False


@pytest.mark.parametrize("seed", range(60 * TIMES))
def test_gates_kept_beside_a_change_give_the_same_worths(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    keeping = Filling(seed).estimates()
    monkeypatch.setattr("jarlig.engines.interval.case.Setting", partial(Setting, kept=Forgetful()))
    assert [one.missing for one in Filling(seed).estimates()] == [one.missing for one in keeping]


@pytest.mark.parametrize("seed", range(80 * TIMES))
def test_every_figure_on_the_way_lies_between_the_two_that_are_told(seed: int) -> None:
    case = Filling(seed)
    _, trace = Climber(case.ladder).trace(case.env)
    estimator, exact = Estimator(case.ladder, KINDS), {one.name: one.value for one in trace}
    for at in range(len(case.keys) + 1):
        for name, (low, high_) in estimator.steps(case.without(case.keys[at:]), {}, {}, {}).items():
            assert exact[name] is None or low <= exact[name] <= high_, (seed, name)
