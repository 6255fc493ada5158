"""Reforms: what they merge, what they cannot, and where it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.tiny import FILES, tiny

from jarlig.library import load
from jarlig.policy import model
from jarlig.policy.messages import PolicyError
from jarlig.policy.plans import Plan
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree, read_tree
from jarlig.whatif.reform import Change, Reformed, read_reform, reformed, said, schema
from jarlig.whatif.reform_words import NOTHING, REMOVED, told

FILE = "改革.yaml"
HEAD = """\
reform: more-support
title: {zh: 提高补助, en: More support}
from: 2023-01-01
to: 2023-12-31
"""
#: A line of the reform below its head.
FIRST = HEAD.count("\n") + 1


@pytest.fixture
def programme(tmp_path: Path) -> model.Programme:
    return tiny(tmp_path / "programme")


def reform(programme: model.Programme, body: str, guide: int | None = None, head: str = HEAD) -> Reformed:
    """The programme with a reform of this body."""
    return reformed(programme, read_reform((head + body).encode(), FILE), guide)


def refused(programme: model.Programme, body: str, guide: int | None = None, head: str = HEAD) -> PolicyError:
    """Why a reform of this body is refused."""
    with pytest.raises(PolicyError) as caught:
        reform(programme, body, guide, head)
    return caught.value


def short(change: Change) -> tuple[Any, ...]:
    """A change without the places of its trees."""
    before, after = (None if tree is None else said(tree) for tree in (change.before, change.after))
    return change.kind, change.entry, change.path, before, after


# what is merged


def test_a_reform_has_a_name_a_title_and_days(programme: model.Programme) -> None:
    found = reform(programme, "").reform
    assert (found.name, found.title.zh, found.title.en) == ("more-support", "提高补助", "More support")
    assert found.end - found.start == 364


def test_a_reform_without_changes_leaves_everything_as_it_stands(programme: model.Programme) -> None:
    made = reform(programme, "")
    assert made.changes == ()
    for guide in (None, *programme.guides):
        mine, theirs = (Plan(one, one.guides.get(guide or 0)) for one in (made.programme, programme))
        assert all(mine.ladder(offer) == theirs.ladder(offer) for offer in programme.offers)


def test_a_value_replaces_a_value_and_a_mapping_merges(programme: model.Programme) -> None:
    made = reform(programme, "offers:\n  1a: {rate: 25%, cap: {regional: 6_000_000}}\n")
    offer = made.programme.offers["1a"]
    assert offer.formula is not None
    assert isinstance(offer.formula.rate, Scalar) and offer.formula.rate.text == "25%"
    assert said(offer.caps[0]) == {"by": "level", "regional": "6_000_000", "industry": "3_000_000"}
    assert [short(change) for change in made.changes] == [
        ("offer", "1a", ("rate",), "20%", "25%"),
        ("offer", "1a", ("cap", "regional"), "5_000_000", "6_000_000"),
    ]


def test_a_cap_may_be_raised_and_a_guide_then_fills_it(programme: model.Programme) -> None:
    cap = "{cap: {regional: 6_000_000}}"
    body = f"offers:\n  1a: {cap}\nguides:\n  '2023': {{lower: {{1a: {cap}}}}}\n"
    made = reform(programme, body).programme
    ladder = Plan(made, made.guides[2023]).ladder("1a")
    step = next(step for step in ladder.steps if step.role == "cap")
    assert "value=6000000," in repr(step.node)
    assert "guide:2023" in {cite.source for cite in step.cites}


def test_null_removes_a_key(programme: model.Programme) -> None:
    made = reform(programme, "offers:\n  1a: {limit: null}\n  '2':\n    cap:\n")
    assert made.programme.offers["1a"].limits == ()
    assert made.programme.offers["2"].caps == ()
    assert [(change.path, change.after) for change in made.changes] == [(("limit",), None), (("cap",), None)]


def test_a_list_replaces_a_list(programme: model.Programme) -> None:
    made = reform(programme, "offers:\n  1a: {when: [newly_built]}\n")
    assert [test.expression.text for test in made.programme.offers["1a"].when] == ["newly_built"]
    ((kind, entry, path, before, after),) = [short(change) for change in made.changes]
    assert (kind, entry, path, after) == ("offer", "1a", ("when",), ["newly_built"])
    assert before == ["newly_built", "recognised_on <= on"]


def test_a_key_that_was_not_there_is_added(programme: model.Programme) -> None:
    made = reform(programme, "guides:\n  '2023': {closes: ['2']}\n")
    assert made.programme.guides[2023].closes == ("2",)
    assert [short(change) for change in made.changes] == [("guide", "2023", ("closes",), None, ["2"])]


def test_a_quoted_null_is_a_text(programme: model.Programme) -> None:
    made = reform(programme, "offers:\n  '2': {title: {zh: 'null', en: 'null'}}\n")
    assert made.programme.offers["2"].title.en == "null"


@pytest.mark.parametrize(
    ("body", "get", "value"),
    [
        ("guides: {'2023': {pools: {platform: {amount: 15_000_000}}}}", "pools", "15_000_000"),
        ("guides: {'2023': {applications: {to: 2023-06-30}}}", "end", 738_701),
        ("guides: {'2023': {gates: null}}", "gates", ()),
    ],
)
def test_a_budget_a_window_and_gates_of_a_guide_can_be_changed(
    programme: model.Programme, body: str, get: str, value: object
) -> None:
    found = getattr(reform(programme, body).programme.guides[2023], get)
    assert (found["platform"].amount.text if get == "pools" else found) == value


def test_rules_of_a_place_can_be_changed(programme: model.Programme) -> None:
    made = reform(programme, "local:\n  '1502': {lower: {1a: {rate: 18%}}}\n").programme
    assert said(made.locals["1502"].lower["1a"]["rate"]) == "18%"
    assert made.offers["1a"] == programme.offers["1a"]


def paths(tree: Tree, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The way to every value of an entry."""
    if isinstance(tree, Mapping):
        return [way for key, value in tree.entries.items() for way in paths(value, (*path, key))]
    return [path]


def again(tree: Tree, path: tuple[str, ...]) -> object:
    """A value as plain data under the keys that lead to it."""
    for key in path:
        assert isinstance(tree, Mapping)
        tree = tree.entries[key]
    found: object = said(tree)
    for key in reversed(path):
        found = {key: found}
    return found


def entries() -> list[tuple[str, str, dict[str, object]]]:
    """Every value that the small programme's offers, guide and place say, each as the body of a reform."""
    trees = {name: read_tree(text.encode(), name) for name, text in FILES.items() if not name.startswith("cases/")}
    offers = trees["measures/01.yaml"]
    assert isinstance(offers, Sequence)
    listed = [tree for tree in offers.items if isinstance(tree, Mapping) and "offer" in tree.entries]
    known: list[tuple[str, str, Tree]] = [("offers", "offer", tree) for tree in listed]
    known += [("guides", "guide", trees["guides/2023.yaml"]), ("local", "local", trees["local/1502.yaml"])]
    return [
        (section, str(again(tree, (key,))[key]), again(tree, path))  # type: ignore[index, misc]
        for section, key, tree in known
        for path in paths(tree)
        if path != (key,)
    ]


@pytest.mark.parametrize(("section", "entry", "value"), entries())
def test_what_stands_already_is_no_change_wherever_it_stands(
    programme: model.Programme, section: str, entry: str, value: dict[str, object]
) -> None:
    body = yaml.safe_dump({section: {entry: value}}, allow_unicode=True, default_flow_style=False, width=10_000)
    made = reform(programme, body)
    assert made.changes == ()
    guide = programme.guides[2023]
    for offer in programme.offers:
        assert Plan(made.programme, made.programme.guides[2023]).ladder(offer) == Plan(programme, guide).ladder(offer)


# what is wrong, and where


WRONG = {
    "an offer that is not there": ("offers:\n  1b: {rate: 25%}\n", "E870", 2),
    "a guide that is not there": ("guides:\n  '2022': {closes: ['2']}\n", "E870", 2),
    "rules of a place that are not there": ("local:\n  '1503': {closes: ['2']}\n", "E870", 2),
    "a key to remove that is not there": ("offers:\n  1a:\n    rate: 25%\n    flour: null\n", "E871", 4),
    "a key to remove from what is new": ("guides:\n  '2023':\n    windows: {'2': null}\n", "E871", 3),
    "the id of an entry": ("offers:\n  1a:\n    offer: 1z\n", "E872", 3),
    "a misspelt key": ("offers:\n  1a:\n    rte: 25%\n", "E201", 3),
    "a key that an offer needs": ("offers:\n  1a: {title: null}\n", "E202", 2),
    "a figure that is none": ("offers:\n  1a:\n    rate: much\n", "E301", 3),
    "a condition about an unknown fact": ("offers:\n  1a:\n    when: [newly_bult]\n", "E301", 3),
    "an entry that is no mapping": ("offers:\n  1a: 25%\n", "E203", 2),
    "a guide above the notice": ("guides:\n  '2023':\n    lower: {1a: {cap: {regional: 9_000_000}}}\n", "E703", 3),
    "a notice below its guide": ("offers:\n  1a:\n    cap: {regional: 1_000_000}\n", "E873", 3),
    "an offer that a pool names no more": ("guides:\n  '2023':\n    pools: {platform: {offers: [9]}}\n", "E303", None),
    "a window that ends before it begins": ("guides:\n  '2023':\n    applications: {to: 2022-01-01}\n", "E210", None),
}


@pytest.mark.parametrize(("body", "code", "line"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_at_the_line_of_the_reform(
    programme: model.Programme, body: str, code: str, line: int | None
) -> None:
    error = refused(programme, body)
    first = error.problems[0]
    assert {one.place.file for one in error.problems} == {FILE}
    assert first.code == code, error
    assert first.place.line >= FIRST
    if line is not None:
        assert first.place.line == FIRST - 1 + line
    assert first.source_line == (HEAD + body).split("\n")[first.place.line - 1]


def test_a_misspelt_offer_is_answered_with_the_nearest(programme: model.Programme) -> None:
    error = refused(programme, "offers:\n  1A: {rate: 25%}\n")
    assert "“1a”" in error.render("en") and "是否指“1a”" in error.render("zh")


def test_a_conflict_elsewhere_names_the_line_there_and_stands_at_the_reform(programme: model.Programme) -> None:
    text = refused(programme, "offers:\n  1a:\n    cap: {regional: 1_000_000}\n").render("en")
    assert text.startswith(f"{FILE}:7:") and "guides/2023.yaml:" in text


def test_every_conflict_is_told_at_once_each_with_its_line() -> None:
    body = """\
offers:
  2a: {cap: {regional: 1_000_000, industry: 900_000, enterprise: 800_000}}
  2b: {amount: 3_000_000}
"""
    programme = load("nmg-ecommerce-2022").model
    found = refused(programme, body)
    assert {one.code for one in found.problems} == {"E873"}
    text = programme.files["guides/2023.yaml"].decode().split("\n")
    line = next(at for at, one in enumerate(text, 1) if one.startswith("  2a: {cap: {regional: 4_000_000"))
    here = [one for one in found.problems if f"guides/2023.yaml:{line}:" in one.en]
    assert [next(cap for cap in ("4_000_000", "3_000_000", "2_000_000") if cap in one.en) for one in here] == [
        "4_000_000", "3_000_000", "2_000_000",
    ]  # fmt: skip
    assert {one.place.line for one in here} == {FIRST + 1}
    assert any(f"guides/2023.yaml:{line + 1}:" in one.en and one.place.line == FIRST + 2 for one in found.problems)


def test_every_key_that_cannot_be_removed_is_told_at_once(programme: model.Programme) -> None:
    body = "offers:\n  1a: {flour: null, rte: null, offer: 1z}\nguides:\n  '2023': {windows: {'2': null, 1a: null}}\n"
    found = refused(programme, body)
    assert sorted((one.code, one.text) for one in found.problems) == [
        ("E871", "1a"), ("E871", "2"), ("E871", "flour"), ("E871", "rte"), ("E872", "offer"),
    ]  # fmt: skip


HEADS = {
    "no title": ("reform: x\nfrom: 2023-01-01\nto: 2023-12-31\n", "E202"),
    "a day that is none": (HEAD.replace("2023-12-31", "2023-02-30"), "E206"),
    "days in the wrong order": (HEAD.replace("2023-12-31", "2022-12-31"), "E210"),
    "an unknown key": (HEAD + "offer: {}\n", "E201"),
    "a year that is none": (HEAD + "guides: {next: {}}\n", "E203"),
    "no YAML": ("reform: [\n", "E133"),
}


@pytest.mark.parametrize(("text", "code"), HEADS.values(), ids=HEADS)
def test_a_reform_file_that_cannot_be_read_says_where(text: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_reform(text.encode(), FILE)
    assert {one.place.file for one in caught.value.problems} == {FILE}
    assert code in {one.code for one in caught.value.problems}, caught.value


def test_a_guide_that_cannot_govern_while_the_reform_holds_is_left_alone(programme: model.Programme) -> None:
    body, later = "offers:\n  1a:\n    cap: {regional: 1_000_000}\n", HEAD.replace("2023-", "2024-")
    assert refused(programme, body).problems[0].code == "E873"
    made = reform(programme, body, head=later)
    assert [change.path for change in made.changes] == [("cap", "regional")]


def test_a_guide_that_is_asked_for_must_hold_whatever_the_days(programme: model.Programme) -> None:
    body, later = "offers:\n  1a:\n    cap: {regional: 1_000_000}\n", HEAD.replace("2023-", "2024-")
    assert refused(programme, body, 2023, later).problems[0].code == "E873"


# in words


def test_changes_are_told_with_titles_and_citations() -> None:
    programme = load("nmg-ecommerce-2022").model
    body = """\
offers:
  2a: {cap: {regional: 6_000_000}, rate: 25%}
guides:
  "2023":
    lower: {2a: {cap: {regional: 6_000_000}}, 2b: null}
    closes: [10a]
    pools: {industrial: {amount: 15_000_000, share: first_come}}
local:
  1502-baotou: {gates: null}
"""
    made = told(reform(programme, body), programme)
    zh = [(one.what.zh, one.before.zh, one.after.zh) for one in made]
    assert zh[:2] == [("上限 › 区域级", "5,000,000", "6,000,000"), ("补助比例", "20%", "25%")]
    assert made[0].entry.zh == "2a 新建工业互联网平台补助" and made[0].cite.zh == "第二条第一款"
    assert zh[2][0] == "下调 › 2a 新建工业互联网平台补助 › 上限 › 区域级"
    assert zh[3][1:] == ("金额 4,000,000", REMOVED.zh)
    assert zh[4][1:] == (NOTHING.zh, "10a")
    assert zh[6] == ("资金池 › industrial › 分配方式", "按比例核减", "先到先得")
    assert made[2].cite.zh == "指南 示例指南〔2023〕1号" and made[7].cite.en == "local rules 示例包头〔2022〕1号"
    assert "上一年度纳税信用等级为A、B或M级" in zh[7][1]
    en = [(one.what.en, one.before.en, one.after.en) for one in made]
    assert en[0] == ("cap › regional", "5,000,000", "6,000,000")
    assert en[4] == ("closes", "not set", "10a")


# the schema


def test_the_schema_takes_a_reform_and_refuses_what_is_none() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    jsonschema.Draft202012Validator.check_schema(schema())
    good = yaml.load(HEAD + "offers: {1a: {rate: 25%}}\n", yaml.BaseLoader)
    assert validator.is_valid(good)
    for bad in ({}, {**good, "offer": {}}, {**good, "offers": {"1a": "25%"}}):
        assert not validator.is_valid(bad)
