"""Offers beside each other: tiers of one clause that overlap or leave a gap, and evidence that two lists share."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.proof.standing import CASES, GUIDE, MEASURES, Edit, stands
from tests.tiny import tiny

from jarlig.engines.answer import Desk
from jarlig.engines.proof.apart import Tiers, tiers, title_of, twice
from jarlig.engines.proof.judge import Judge

GRADE = """\
    {name}:
      {kind}
      title: {{zh: 分级依据, en: grade}}
      evidence: list
      verified_by: commerce
"""
KINDS = {
    "grade": "quantity: {unit: point, decimals: 1, most: 100}",
    "day": "date: {}",
    "group": "choice: {x: {zh: 甲, en: x}, y: {zh: 乙, en: y}, z: {zh: 丙, en: z}}",
}


def offers(name: str, *gates: str, more: str = "", cites: str = "1.2") -> tuple[Edit, ...]:
    """Offers under one clause, the first with the fact that all of them read."""
    text = ""
    for at, gate in enumerate(gates):
        own = "  facts:\n" + GRADE.format(name=name, kind=KINDS[name])
        facts = own if at == 0 else f"  facts: {{{name}: {{like: t0.{name}}}}}\n"
        head = f'- offer: t{at}\n  title: {{zh: 第{at}档, en: tier {at}}}\n  cites: "{cites}"\n  to: enterprise\n'
        tail = f"  when:\n    - {gate}\n  amount: {10_000 * (at + 1)}\n{more if at else ''}"
        text += head + facts + tail
    names = ", ".join(f"t{at}" for at in range(len(gates)))
    return (MEASURES, "", text), (GUIDE, 'opens: ["1a", "2"]', f'opens: ["1a", "2", {names}]')


def between(folder: Path, *edits: Edit) -> list[Tiers]:
    programme = tiny(folder, *edits, drop=(CASES,))
    return list(tiers(Desk(programme), Judge(10), [stand for stand, _ in stands(programme)]))


def told(found: list[Tiers]) -> list[tuple[str, str, str, bool]]:
    return [(one.one.offer.offer, one.other.offer.offer, one.value, one.overlap) for one in found]


@pytest.mark.parametrize(
    ("name", "gates"),
    [
        ("grade", ("grade < 60", "grade >= 60")),
        ("grade", ("grade <= 60", "grade > 60 and grade < 80", "grade >= 80")),
        ("grade", ("grade between 10 and 20", "grade > 20")),
        ("day", ("day < 2022-01-01", "day >= 2022-01-01")),
        ("group", ("group = x", "group != x")),
        ("group", ("group = x", "group = y")),
    ],
)
def test_tiers_that_meet_and_do_not_overlap_are_well(tmp_path: Path, name: str, gates: tuple[str, ...]) -> None:
    assert between(tmp_path, *offers(name, *gates)) == []


@pytest.mark.parametrize(
    ("name", "gates", "want"),
    [
        ("grade", ("grade <= 60", "grade >= 60"), ("t0", "t1", "60.0", True)),
        ("grade", ("grade < 60", "grade > 60"), ("t0", "t1", "60.0", False)),
        ("day", ("day <= 2022-01-01", "day >= 2022-01-01"), ("t0", "t1", "2022-01-01", True)),
        ("day", ("day < 2022-01-01", "day > 2022-01-01"), ("t0", "t1", "2022-01-01", False)),
        ("group", ("group = x", "group in (x, y)"), ("t0", "t1", "x", True)),
        ("grade", ("grade < 60", "grade between 60 and 70", "grade >= 80.1"), None),
    ],
)
def test_an_overlap_or_a_gap_is_told_by_a_value_in_it_with_a_case_of_each(
    tmp_path: Path, name: str, gates: tuple[str, ...], want: tuple[str, str, str, bool] | None
) -> None:
    (found,) = between(tmp_path, *offers(name, *(f'"{gate}"' for gate in gates)))
    if want is not None:
        assert told([found]) == [want]
    else:
        assert not found.overlap
        assert 70 < float(found.value) < 80.1
    assert [stand.offer.offer for stand, _ in found.cases] == ["t0", "t1"]
    programme = tiny(tmp_path, *offers(name, *(f'"{gate}"' for gate in gates)), drop=(CASES,))
    assert title_of(Desk(programme), found.one, name).en == "grade"


def test_a_rule_that_excludes_the_other_tier_makes_an_overlap_well(tmp_path: Path) -> None:
    exclusive = "  exclusive: {with: [t0], per: enterprise}\n"
    assert between(tmp_path, *offers("grade", "grade <= 60", "grade >= 60", more=exclusive)) == []


def test_a_gap_among_choices_is_no_gap(tmp_path: Path) -> None:
    assert between(tmp_path, *offers("group", "group = x", "group = z")) == []


def test_offers_of_different_clauses_are_no_tiers(tmp_path: Path) -> None:
    edits = offers("grade", "grade <= 60", "grade >= 60")
    text = edits[0][2].replace('tier 1}\n  cites: "1.2"', 'tier 1}\n  cites: "2"')
    assert between(tmp_path, (MEASURES, "", text), edits[1]) == []


def test_offers_that_differ_in_more_than_one_fact_are_no_tiers(tmp_path: Path) -> None:
    gates = ("grade <= 60 and registered_at.region = 150000", "grade >= 60 and registered_at.region = 150000")
    assert between(tmp_path, *offers("grade", *gates)) == []


def test_a_tier_that_the_guide_does_not_open_is_no_tier(tmp_path: Path) -> None:
    (measures, (file, old, _)) = offers("grade", "grade <= 60", "grade >= 60")
    assert between(tmp_path, measures, (file, old, 'opens: ["1a", "2", t0]')) == []


SECOND = """\
- offer: "9"
  title: {{zh: 再次补助, en: again}}
  cites: "1.1"
  to: enterprise
  facts: {{project_code: {{like: 1a.project_code}}, investment: {{like: 1a.investment}}}}
  rate: 10%
  of: {{sum: net, over: investment, where: [{where}]}}
  cap: 1_000_000
"""


@pytest.mark.parametrize(
    ("where", "apart"),
    [
        ("category = hardware", False),
        ("category = other", True),
        ("net > 0", False),
        ("paid_on < 2022-06-06", True),
        ("paid_on <= 2022-06-06", False),
        ("category = hardware, paid_on < 2022-01-01", True),
    ],
)
def test_a_row_is_in_both_lists_only_if_both_filters_let_it_pass(tmp_path: Path, where: str, apart: bool) -> None:
    edits = ((MEASURES, "", SECOND.format(where=where)), (GUIDE, 'opens: ["1a", "2"]', 'opens: ["1a", "2", "9"]'))
    programme = tiny(tmp_path, *edits, drop=(CASES,))
    alone = [stand for stand, _ in stands(programme) if not stand.places]
    one, other = ([stand for stand in alone if stand.offer.offer == name] for name in ("1a", "9"))
    found = twice(Desk(programme), Judge(10), one, other, ("investment", "investment"))
    assert found.apart is apart
    assert [stand.offer.offer for stand, _ in found.cases] == ([] if apart else ["1a", "9"])
    if not apart:
        tables = [env["investment"] for _, env in found.cases]
        assert tables[0].columns["net"] == tables[1].columns["net"]
        assert tables[0].columns["category"] == tables[1].columns["category"]


def test_a_list_that_an_offer_does_not_count_shares_nothing(tmp_path: Path) -> None:
    programme = tiny(tmp_path, drop=(CASES,))
    one, other = ([stand for stand, _ in stands(programme) if stand.offer.offer == name and not stand.places]
                  for name in ("1a", "2"))  # fmt: skip
    assert twice(Desk(programme), Judge(10), one, other, ("investment", "investment")).apart
    assert twice(Desk(programme), Judge(10), one, [], ("investment", "investment")).apart
