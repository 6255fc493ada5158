"""Sums over rows: any number of rows at once, atoms shared by filters, and rows made again for a counterexample."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.proof.standing import PARTS, fact, found_in, of, proof_of, with_formula

from jarlig.engines.exact.closures import scalar
from jarlig.engines.proof.proof import UNMADE
from jarlig.engines.proof.sums import MOST_FILTERS
from jarlig.engines.proof.terms import is_plain
from jarlig.ladder import nodes as n

COUNTED = '  amount:\n    of: {{rows: parts}}\n    bands: {{"under {0}": {1}, "from {0}": {2}}}\n'


def sums(proof: object) -> list[n.Sum]:
    ladder = proof.ladder  # type: ignore[attr-defined]
    return list(dict.fromkeys(node for node in ladder.nodes() if isinstance(node, n.Sum)))


@pytest.mark.parametrize("rows", [4, 5, 17, 100])
def test_what_holds_for_few_rows_and_fails_for_one_more_is_refuted(tmp_path: Path, rows: int) -> None:
    found = found_in(tmp_path, with_formula(PARTS, COUNTED.format(rows, 100_000, 50_000)))
    (falls,) = [one for one in found if one.code == "E945"]
    assert [env["parts"].size for env in falls.cases] == [rows - 1, rows]
    assert (falls.values["less"], falls.values["more"]) == (str(rows - 1), str(rows))


def test_more_rows_than_a_case_can_have_refute_nothing(tmp_path: Path) -> None:
    found = found_in(tmp_path, with_formula(PARTS, COUNTED.format(101, 100_000, 50_000)))
    assert of(found, "monotone") == [("proved", "more parts never pays less")]
    assert [one.code for one in found if one.code] == ["E955"]


def test_a_counterexample_of_too_many_rows_to_write_is_not_proved_and_never_refuted(tmp_path: Path) -> None:
    many = PARTS.replace("most: 100", "most: 1_000_000")
    found = found_in(tmp_path, with_formula(many, COUNTED.format(500_000, 100_000, 50_000)))
    ((status, says),) = of(found, "monotone")
    assert status == "not_proved"
    assert says.endswith(UNMADE.en)


def test_a_bound_that_only_many_rows_break_is_broken(tmp_path: Path) -> None:
    proof = proof_of(tmp_path, with_formula(PARTS, "  rate: 10%\n  of: {sum: cost, over: parts}\n"))
    award, eligible = proof.encoder.award(), proof.encoder.eligible()
    kind = sums(proof)[0].value.kind
    three = 3 * kind.high // 10  # type: ignore[union-attr]
    assert not proof.judge.never(proof.world, eligible, award.value > three)
    assert proof.judge.never(proof.world, eligible, award.value > 100 * kind.high // 10)  # type: ignore[union-attr]


def two_sums(test: str, other: str) -> str:
    first = f"{{sum: cost, over: parts, where: [{test}]}}"
    second = f"{{sum: cost, over: parts, where: [{other}]}}"
    return (
        "  parts:\n"
        f"    - {{part: one, title: {{zh: 甲, en: one}}, rate: 10%, of: {first}}}\n"
        f"    - {{part: two, title: {{zh: 乙, en: two}}, rate: 10%, of: {second}}}\n"
    )


@pytest.mark.parametrize(
    ("test", "other", "holds"),
    [
        ("good", "good and kind = a", True),
        ("good or kind = a", "kind = a", True),
        ("good", "kind = a", False),
        ("cost >= 10", "cost >= 20", True),
        ("cost >= 20", "cost >= 10", False),
    ],
)
def test_a_narrower_filter_adds_up_to_no_more(tmp_path: Path, test: str, other: str, holds: bool) -> None:
    proof = proof_of(tmp_path, with_formula(PARTS, two_sums(test, other)))
    wide, narrow = proof.encoder.step("one_base").value, proof.encoder.step("two_base").value
    assert proof.judge.never(proof.world, narrow > wide) is holds


def test_filters_that_exclude_each_other_share_no_row_and_those_that_do_not_share_some(tmp_path: Path) -> None:
    proof = proof_of(tmp_path, with_formula(PARTS, two_sums("kind = a", "kind = b")))
    proof.encoder.award()
    (group,) = proof.encoder.sums.groups()
    assert [one.passes for one in group.classes] == [(0,), (1,)]
    proof = proof_of(tmp_path, with_formula(PARTS, two_sums("kind = a", "good")))
    proof.encoder.award()
    (group,) = proof.encoder.sums.groups()
    assert [one.passes for one in group.classes] == [(0,), (1,), (0, 1)]


def test_a_value_that_is_never_above_another_adds_up_to_no_more(tmp_path: Path) -> None:
    formula = (
        "  parts:\n"
        "    - {part: one, title: {zh: 甲, en: one}, rate: 10%, of: {sum: 'least(cost, other)', over: parts}}\n"
        "    - {part: two, title: {zh: 乙, en: two}, rate: 10%, of: {sum: cost, over: parts}}\n"
    )
    proof = proof_of(tmp_path, with_formula(PARTS, formula))
    one, two = proof.encoder.step("one_base").value, proof.encoder.step("two_base").value
    assert proof.judge.never(proof.world, one > two)
    assert not proof.judge.never(proof.world, one < two)


def test_the_number_of_rows_bounds_what_they_add_up_to(tmp_path: Path) -> None:
    formula = (
        "  parts:\n"
        "    - {part: one, title: {zh: 甲, en: one}, rate: 10%, of: {sum: cost, over: parts}}\n"
        "    - {part: two, title: {zh: 乙, en: two}, each: 1, count: {rows: parts}}\n"
    )
    proof = proof_of(tmp_path, with_formula(PARTS, formula))
    total, count = proof.encoder.step("one_base").value, proof.encoder.step("two_count").value
    assert proof.judge.never(proof.world, count == 0, total > 0)
    assert not proof.judge.never(proof.world, count == 1, total > 0)


def test_a_condition_that_reads_no_column_decides_over_all_rows(tmp_path: Path) -> None:
    facts = PARTS + fact("wanted", "yes_no: {}")
    formula = "  rate: 10%\n  of: {sum: cost, over: parts, where: [wanted, good]}\n"
    proof = proof_of(tmp_path, with_formula(facts, formula))
    base = proof.encoder.step("base").value
    wanted = proof.world.facts["wanted"].term.value
    assert proof.judge.never(proof.world, wanted == False, base != 0)  # noqa: E712
    assert not proof.judge.never(proof.world, wanted, base != 0)


def test_a_filter_that_no_row_can_pass_adds_up_to_nothing(tmp_path: Path) -> None:
    formula = "  rate: 10%\n  of: {sum: cost, over: parts, where: [good, not good]}\n"
    found = found_in(tmp_path, with_formula(PARTS, formula))
    assert [one.code for one in found if one.code] == ["E950"]


def test_more_filters_than_are_told_apart_together_still_prove_what_each_says_alone(tmp_path: Path) -> None:
    tests = ["good", "kind = a", "kind = b", "cost > 5", "other > 5"]
    parts = "".join(
        f"    - {{part: p{at}, title: {{zh: 项, en: part}}, rate: 10%,"
        f" of: {{sum: cost, over: parts, where: [{test}]}}, cap: 100}}\n"
        for at, test in enumerate(tests)
    )
    found = found_in(tmp_path, with_formula(PARTS, "  parts:\n" + parts))
    assert len(tests) > MOST_FILTERS
    assert {status for status, _ in of(found, "ceiling")} == {"proved"}
    assert of(found, "can_pay") == [("proved", "there are facts that earn it")]


def test_a_row_that_counts_more_when_a_fact_rises_adds_up_to_more(tmp_path: Path) -> None:
    facts = PARTS + fact("most")
    rows = "  for_each:\n    row: parts\n    rate: 10%\n    of: cost\n    cap: most\n  cap: 100_000\n"
    found = found_in(tmp_path, with_formula(facts, rows))
    assert ("proved", "more most never pays less") in of(found, "monotone")
    assert ("proved", "no row is paid above the cap of a row") in of(found, "ceiling")


def test_a_row_s_floor_above_its_cap_breaks_the_cap_of_a_row(tmp_path: Path) -> None:
    facts = PARTS + fact("most")
    rows = "  for_each:\n    row: parts\n    rate: 10%\n    of: cost\n    cap: most\n    floor: 50\n"
    found = found_in(tmp_path, with_formula(facts, rows))
    (above,) = [one for one in found if one.code == "E943"]
    assert above.about == "row cap"
    assert above.values["en"].startswith("CNY ")


@pytest.mark.parametrize("formula", [
    "  rate: 10%\n  of: {sum: cost, over: parts, where: [good]}\n",
    two_sums("good", "kind = a"),
    "  each: 100\n  count: {rows: parts, where: [kind = b]}\n",
    "  for_each: {row: parts, where: [good], rate: 10%, of: cost, cap: 100}\n",
])  # fmt: skip
def test_rows_made_for_a_model_add_up_to_what_it_says(tmp_path: Path, formula: str) -> None:
    proof = proof_of(tmp_path, with_formula(PARTS, formula))
    award = proof.encoder.award()
    for least in (1, 1_000, 12_300):
        answer = proof.judge.ask(proof.world, proof.encoder.eligible(), award.value >= least,
                                 friendly=proof.standing.friendly())  # fmt: skip
        assert answer.model is not None
        env = proof.standing.env(answer.model)
        assert env is not None
        for node in sums(proof):
            term = proof.encoder.node(node).value
            want = term if is_plain(term) else answer.model.eval(term, model_completion=True).as_long()
            assert scalar(node)(dict(env)) == want
        assert proof.standing.replays(env)
