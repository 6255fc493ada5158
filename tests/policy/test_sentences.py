"""What an author is told: one edit to the tiny programme, the code, the place where it points, and the sentence."""

import ast
from pathlib import Path

import pytest
from tests.tiny import CODE, tiny

from jarlig.engines.answer import Desk
from jarlig.engines.check import settings
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError, Problem
from jarlig.policy.phrases import PHRASED, in_chinese
from jarlig.policy.plans import Plan

PROGRAMME, CLAUSES, MEASURES = "programme.yaml", "clauses.yaml", "measures/01.yaml"
GUIDE, LOCAL = "guides/2023.yaml", "local/1502.yaml"
SOURCES = Path(__file__).parents[2] / "src" / "jarlig" / "policy"
#: Signs and forms that are written alike in both languages.
SAME = {"in", "{about: …} or {from: …, to: …}"}
Edit = tuple[str, str, str]

WHEN = (MEASURES, "when: [newly_built, recognised_on <= on]")
AMOUNT = """\
  amount:
    of: score
    bands: {"under 60": 0, "60 to under 80": 100_000, "from 80": 300_000}
"""
SCORE = "      quantity: {unit: point, most: 100}\n"
OPEN = (MEASURES, "rate: 20%\n", "rate: {open: ratio, at_most: 20%, decimals: 2}\n")
SHARES = 'fill:\n  "7": {split: {"150100": 50%, "150200": 40%}}\n'
POOL = """\
- offer: "7"
  title: {zh: 资金分配, en: split}
  cites: "2"
  to: city
  nature: transfer
  pool: {amount: 10_000_000, among: ["150100", "150200"], split: shares}
"""


def told(folder: Path, *edits: Edit) -> tuple[Problem, ...]:
    """What is told of a programme when it is read and every offer compiled."""
    try:
        programme = tiny(folder, *edits)
    except PolicyError as error:
        return error.problems
    for guide, place in settings(programme):
        for offer in programme.offers:
            try:
                Plan(programme, guide, place).ladder(offer)
            except PolicyError as error:
                return error.with_sources(programme.files).problems
    return ()


def when(*conditions: str) -> Edit:
    return (*WHEN, "when:\n" + "".join(f"    - {condition}\n" for condition in conditions))


def amount(figure: str, *more: str) -> Edit:
    return MEASURES, AMOUNT, "".join(f"  {line}\n" for line in (f"amount: {figure}", *more))


def fact(kind: str) -> Edit:
    """The score as a fact of another kind."""
    return MEASURES, SCORE, f"      {kind}\n"


PROJECT = "    project_code: {code: project, title: {zh: 项目, en: project}}\n"


def also_second(kind: str) -> Edit:
    """The project's code as a fact of the second offer too, of a kind of its own."""
    return MEASURES, "facts:\n    score", f"facts:\n{PROJECT.replace('{code: project,', kind)}    score"


NAMES: list[tuple[str, str, str, tuple[Edit, ...]]] = [
    ("E301", "newly_bilt", "Did you mean “newly_built”?", (when("newly_bilt"),)),
    ("E301", "{sum", "“investmnt”", ((MEASURES, "over: investment", "over: investmnt"),)),
    ("E302", "offer", "“2” stands twice; also in measures/01.yaml", ((MEASURES, 'offer: "1a"', 'offer: "2"'),)),
    ("E303", "offer", "“1.7”", ((MEASURES, 'cites: "1.1"', 'cites: "1.7"'),)),
    ("E303", "offer", "Did you mean “commerce”?", ((MEASURES, "  to: ent", "  bodies: comerce\n  to: ent"),)),
    ("E304", "{open: date", "“level” clashes", ((MEASURES, "costs_from: {open: date", "level: {open: date"),)),
    ("E304", "offer", "“level” clashes", ((MEASURES, "        paid_on: {date", "        level: {date"),)),
    (
        "E305",
        "offer",
        "no fact “project_code”",
        ((MEASURES, PROJECT, ""), (MEASURES, "facts:\n    score", f"facts:\n{PROJECT}    score")),
    ),
    ("E306", "{code", "see also measures/01.yaml:7", (also_second("{code: text,"),)),
    ("E307", "{integer", "make it a code or a choice", ((MEASURES, "{code: project", "{integer: {}, or: none"),)),
    ("E307", "{date", "“project_code” is a key", ((MEASURES, "{code: project", "{date: {}, or: none"),)),
    ("E307", "invoice_no", "“invoice_no” is a key", ((MEASURES, "no: {code: invoice", "no: {month: {}, or: none"),)),
    ("E306", "{code", "bounds and or: none must be the same", (also_second("{code: project, or: none,"),)),
]
EXPRESSIONS: list[tuple[str, str, str, tuple[Edit, ...]]] = [
    ("E204", "regionl", "Did you mean “regional”?", (when("level = regionl"),)),
    ("E402", ")", "“)”", (when("newly_built)"),)),
    ("E403", "=", "write is null", (when("level = null"),)),
    ("E404", "=", "a <= b and b <= c", (when("recognised_on <= on = on"),)),
    ("E405", "%", "Write 0.2", (when("on >= recognised_on and 20% > 1"),)),
    ("E406", "'", "level = regional", (when("level = 'regional'"),)),
    ("E407", "1e5", "“1e5”", ((MEASURES, "of: score", "of: score * 1e5"),)),
    ("E408", "newly_built", "most: 1000", (when(" and ".join(["newly_built"] * 90)),)),
    ("E409", "foo", "no function “foo”", ((MEASURES, "of: score", "of: foo(score)"),)),
    (
        "E410",
        "level in (regional",
        "“level in (regional” was cut at a comma",
        ((*WHEN, "when: [level in (regional, industry)]"),),
    ),
    ("E411", "/", "grown and since", ((MEASURES, "of: score", "of: score / 2"),)),
    ("E412", "end", "needs its else", ((MEASURES, "of: score", "of: case when score > 1 then score end"),)),
    ("E413", "level", "a condition (yes or no) is needed", (when("level"),)),
    ("E414", "region", "has no part “region”", (when("level.region = 150000"),)),
    ("E415", "is null", "cannot be “none”", (when("level is null"),)),
    ("E416", "1500", "6, 9 or 12 digits", (when("registered_at = 1500"),)),
    ("E417", "=", "Write x or not x", (when("newly_built = newly_built"),)),
    ("E418", "<", "“<” does not apply", (when("level < regional"),)),
    ("E419", "150102", "league and county", (when("registered_at.league = 150102"),)),
    ("E419", "150102", "league and county", (when("registered_at.league in (150100, 150102)"),)),
    ("E419", "=", ".league", (when("registered_at = registered_at.region"),)),
    ("E420", "in", "a list is needed after in", (when("level in costs_from"),)),
    ("E421", "score", "coalesce(score, 0)", (fact("money: {}\n      or: none"), amount("score"))),
    ("E422", "level", "needs two dates", (when("years(on, level) > 1"),)),
]
FIGURES: list[tuple[str, str, str, tuple[Edit, ...]]] = [
    (
        "E501",
        "+",
        "units differ",
        (
            (MEASURES, "of: score", "of: score + money"),
            fact("money: {}"),
            (MEASURES, "    score:", "    money: {integer: {unit: day}, title: {zh: 天, en: days}}\n    score:"),
        ),
    ),
    ("E503", "300_000.001", "more than 2 decimals", ((MEASURES, "  cap: 300_000\n", "  cap: 300_000.001\n"),)),
    ("E601", '"about 60"', "“about 60” cannot be read", ((MEASURES, '"under 60": 0', '"about 60": 0'),)),
    ("E602", '"61 to', "gap after “under 60”", ((MEASURES, '"60 to under', '"61 to under'),)),
    ("E602", '"60 to', "overlap with “under 61”", ((MEASURES, '"under 60": 0', '"under 61": 0'),)),
    ("E602", '"60 to', "the edge is also in “up to 60”", ((MEASURES, '"under 60": 0', '"up to 60": 0'),)),
    ("E602", '"10 to', "nothing below “10 to under 60”", ((MEASURES, '"under 60": 0', '"10 to under 60": 0'),)),
    ("E602", '"80 to', "nothing above “80 to under 90”", ((MEASURES, '"from 80": 3', '"80 to under 90": 3'),)),
    ("E603", "{by", "no figure for “industry”", ((MEASURES, ", industry: 3_000_000", ""), (GUIDE, "lower:", "lower:"))),
    ("E604", "offer", "not a whole formula", ((MEASURES, "  rate: 20%\n", ""),)),
    ("E605", "{table", "number is needed here", (amount("{table: ladder, of: score}"),)),
    ("E605", "{share", "money is needed here", (amount("{share: 20%, of: score}"),)),
    ("E606", "-5", "negative", ((MEASURES, "  cap: 300_000\n", "  cap: -5\n"),)),
    ("E607", "{plus", "got none", (amount("{plus: 3}"),)),
    ("E608", "20%", "no percent sign on money", ((MEASURES, "  cap: 300_000\n", "  cap: 20%\n"),)),
    ("E609", "{by", "a choice is needed after by", ((MEASURES, "cap: {by: level", "cap: {by: newly_built"),)),
    ("E610", "{of", "only under rate or each", (amount('{of: score, marginal: {"under 60": 1, "from 60": 2}}'),)),
    (
        "E611",
        "",
        "“base_rate”",
        (
            (PROGRAMME, "value: 3%,", "to: 2022-06-30, value: 3%,"),
            (
                PROGRAMME,
                "en: announcement}}]",
                "en: announcement}}, {from: 2022-08-01, value: 4%, basis: {zh: 甲, en: a}}]",
            ),
            (MEASURES, "rate: 20%", "rate: {dated: base_rate, on: on}"),
        ),
    ),
    ("E612", "{step", "every needs of", ((MEASURES, AMOUNT, "  each: 100\n  every: {step: 10}\n"),)),
    ("E614", "0.0", "above zero", ((MEASURES, AMOUNT, "  each: 100\n  every: {step: 0.0, of: score}\n"),)),
    ("E504", "5", "Check both bounds", (fact("quantity: {unit: point, least: 5, most: 1}"),)),
    ("E504", "-1", "Check both bounds", (fact("money: {most: -1}"),)),
    ("E203", "title", "a value at least", ((PROGRAMME, "values: [{", "values: []\n    #"),)),
    ("E613", "3", "count: full", ((MEASURES, AMOUNT, "  each: 100\n  every: {step: 3, of: score, count: exact}\n"),)),
]
OVERLAYS: list[tuple[str, str, str, tuple[Edit, ...]]] = [
    ("E701", "2022-01-01", "Did you mean “costs_from”?", ((GUIDE, "costs_from: 2022-06-06", "cost_from: 2022-01-01"),)),
    (
        "E702",
        "25%",
        "out of bounds: at most 20%",
        (OPEN, (GUIDE, "costs_from: ", "rate: 25%, costs_from: "), (LOCAL, "lower:\n  1a: {rate: 15%}\n", "")),
    ),
    ("E703", "6_000_000", "can only lower it", ((GUIDE, "regional: 4_000_000", "regional: 6_000_000"),)),
    (
        "E703",
        "2_000_000",
        "can only raise it",
        (
            (MEASURES, "  limit:\n", "  floor: 3_000_000\n  limit:\n"),
            (GUIDE, "pools:", "raise: {1a: {floor: 2_000_000}}\npools:"),
        ),
    ),
    ("E704", "[1, 2]", "must be named", ((GUIDE, "cap: {regional: 4_000_000}", "cap: [1, 2]"),)),
    (
        "E705",
        "score",
        "is not a number",
        ((MEASURES, "  cap: 300_000\n", "  cap: [300_000]\n"), (GUIDE, "lower:\n", 'lower:\n  "2": {cap: [score]}\n')),
    ),
    ("E706", "5", "no “each” that could be changed", ((LOCAL, "{rate: 15%}", "{each: 5}"),)),
    ("E707", "software", "The list: hardware", ((GUIDE, "pools:", "narrow: {1a: {eligible: [software]}}\npools:"),)),
    ("E708", "2022-01-01", "filled by the guide", ((LOCAL, "lower:", "fill: {1a: {costs_from: 2022-01-01}}\nlower:"),)),
    (
        "E709",
        "local",
        "window of 1a goes beyond",
        ((LOCAL, "lower:", "windows: {1a: {from: 2023-02-01, to: 2023-04-01}}\nlower:"),),
    ),
    (
        "E712",
        "{open",
        "more than one open term in “amount”",
        (
            amount("{default: {open: money}, unless: [{when: score > 5, then: {open: money}}]}"),
            (GUIDE, "fill:\n", 'fill:\n  "2": {amount: 5}\n'),
        ),
    ),
    ("E715", "{amount", "of one level", ((MEASURES, "", POOL.replace('"150200"', '"150221"')),)),
    ("E710", '{"150100"', "add up to 90", ((MEASURES, "", POOL), (GUIDE, "fill:\n", SHARES))),
    (
        "E711",
        "",
        "cap of offer 2 is below its floor",
        ((MEASURES, "  cap: 300_000\n", "  cap: 300_000\n  floor: 400_000\n"),),
    ),
]


@pytest.mark.parametrize(
    ("code", "at", "words", "edits"),
    [pytest.param(*entry, id=f"{entry[0]}-{entry[1]}") for entry in (*NAMES, *EXPRESSIONS, *FIGURES, *OVERLAYS)],
)
def test_one_edit_gives_one_sentence_at_its_place(
    tmp_path: Path, code: str, at: str, words: str, edits: tuple[Edit, ...]
) -> None:
    problem = told(tmp_path, *edits)[0]
    assert problem.code == code, problem.render()
    assert words in f"{problem.en}\n{problem.hint_en}", problem.render()
    line = (tmp_path / problem.place.file).read_text("utf-8").split("\n")[problem.place.line - 1]
    assert line[problem.place.column - 1 :].startswith(at), problem.render()


FACTS = {
    "uscc": CODE, "registered_at": "150102", "project_code": "P1", "level": "regional", "newly_built": True,
    "recognised_on": "2023-01-01", "history": [],
    "investment": [
        {"seller": CODE, "invoice_no": number, "net": net, "category": "hardware", "paid_on": "2023-01-01"}
        for number, net in (("23151000000000000001", 1000), ("23151000000000000002", 2000))
    ],
}  # fmt: skip


def row(at: int, **change: object) -> dict[str, object]:
    rows = [dict(line) for line in FACTS["investment"]]
    rows[at].update(change)
    return {"investment": rows}


@pytest.mark.parametrize(
    ("code", "words", "change", "asked"),
    [
        ("E801", "Did you mean “newly_built”?", {"newly_bult": True}, {}),
        ("E815", "Did you mean “net”? Known: ", row(0, nett=5), {}),
        ("E801", "Did you mean “newly_built”?", {"新建": True}, {}),
        ("E801", "Did you mean “recognised_on”?", {"recognised on": "2023-01-01"}, {}),
        ("E803", "write regional", {"level": "区域级"}, {}),
        ("E801", "Write a number without commas", {"800.00": 1}, {}),
        ("E815", "Write a number without commas", row(0, **{"000": None}), {}),
        ("E803", "Use plain quotes", {"newly_built": "“true”"}, {}),
        ("E802", "“level” must be one of regional, industry, not a list", {"level": ["regional"]}, {}),
        ("E802", "must be a list of rows", {"investment": "all"}, {}),
        ("E803", "bad value “maybe” of “newly_built”: write true or false", {"newly_built": "maybe"}, {}),
        ("E803", "“registered_at”: no province-level division begins with 99", {"registered_at": "999999"}, {}),
        ("E803", "investment.2.net", row(1, net="1e5"), {}),
        ("E804", "has 201 rows; the most is 200", {"investment": [{}] * 201}, {}),
        ("E805", "line 2 repeats line 1", row(1, invoice_no="23151000000000000001"), {}),
        ("E806", "which is not listed", row(1, reverses="23151000000000000009"), {}),
        ("E807", "the reversals go in a circle", row(1, reverses="23151000000000000002"), {}),
        ("E808", "from is above to", {"score": {"from": 5, "to": 1}}, {"offer": "2"}),
        ("E811", "there is no offer “1b”", {}, {"offer": "1b"}),
        ("E812", "There are: 2023.", {}, {"guide": 1999}),
        ("E813", "not something to receive", {}, {"offer": "3-events"}),
        ("E814", "line 2 cannot reverse line 1", row(1, reverses="23151000000000000001"), {}),
        ("E416", "“1502” is not a division code", {}, {"at": "1502"}),
        ("E801", "there is no fact “amuont”", {"decisions": {"amuont": 1}}, {}),
    ],
)
def test_one_wrong_fact_or_question_gives_one_sentence(
    tmp_path: Path, code: str, words: str, change: dict[str, object], asked: dict[str, object]
) -> None:
    desk = Desk(tiny(tmp_path))
    question = {"offer": "1a", **asked}
    with pytest.raises(PolicyError) as error:
        desk.determine(str(question.pop("offer")), {**FACTS, **change}, on=parse_date("2023-06-01"), **question)
    (problem,) = error.value.problems
    assert problem.code == code
    assert words in f"{problem.en}\n{problem.hint_en}", problem.render()


def test_the_facts_of_these_tests_are_good(tmp_path: Path) -> None:
    answer = Desk(tiny(tmp_path)).determine("1a", FACTS, on=parse_date("2023-06-01"))
    assert (answer.outcome, answer.amount) == ("award", 600_00)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("overlap with “under 61”", "与“under 61”重叠"),
        ("CNY with 2 decimals", "CNY（2 位小数）"),
        ("number with 0 decimals", "数（0 位小数）"),
        ("a mapping (offer)", "映射（事项）"),
        ("{} or a mapping with least, most", "{} 或含 least, most 的映射"),
        ("“)”, expected a name, a number or (", "“)”，这里应为 名称、数字或“(”"),
        ("a row such as {net: 100.00}", "形如 {net: 100.00} 的一行"),
        ("“a list”", "“a list”"),
    ],
)
def test_a_phrase_has_its_chinese_and_an_author_s_text_is_left_alone(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_every_phrase_that_the_source_names_has_its_chinese() -> None:
    found = set()
    for path in SOURCES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in PHRASED and isinstance(node.value, ast.Constant):
                found.add(str(node.value.value))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("scalar", "Text"):
                found.update(str(a.value) for a in node.args[1:] if isinstance(a, ast.Constant))
    assert len(found) > 25
    assert sorted(phrase for phrase in found if in_chinese(phrase) == phrase and phrase not in SAME) == []


def test_no_sentence_in_chinese_carries_an_english_phrase(tmp_path: Path) -> None:
    edits = ((MEASURES, '"under 60": 0', '"under 61": 0'),)
    assert "与“under 61”重叠" in told(tmp_path, *edits)[0].zh
