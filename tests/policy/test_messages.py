"""Messages: every code is whole in both languages and provoked by a test, and a problem is shown as compilers do."""

import re
import time

import pytest
from hypothesis import given, strategies as st
from tests.policy.provoking import codes_in_tests, provokes
from tests.tiny import edited

from jarlig.ladder.steps import Words
from jarlig.library import folder_of, shipped
from jarlig.policy import reading
from jarlig.policy.factkinds import FactShape, check_name
from jarlig.policy.messages import CATALOGUE, MOST_SHOWN, Place, PolicyError, Problem, nearest, problem, visible
from jarlig.policy.offer_parts import PERIOD
from jarlig.policy.reading import read_programme
from jarlig.policy.shape import Bilingual, Day, Flag, OneOf, Whole
from jarlig.policy.text import Scalar, read_tree

HERE = Place("measures/02.yaml", 3, 5)
CHINESE = re.compile("[一-鿿]")
NAMED = re.compile(r"\{(\w+)\}")
#: ``{zh}`` in a Chinese sentence and ``{en}`` in an English one are the two halves of one value.
PAIR = {"zh": "sentence", "en": "sentence"}


def placeholders(*templates: str) -> set[str]:
    return {PAIR.get(name, name) for template in templates for name in NAMED.findall(template)}


def filled(code: str) -> Problem:
    template = CATALOGUE[code]
    names = {
        name for text in (template.zh, template.en, template.hint_zh, template.hint_en) for name in NAMED.findall(text)
    }
    return problem(code, HERE, "text", **{name: f"<{name}>" for name in names - {"text"}})


def only_problem(caught: pytest.ExceptionInfo[PolicyError], code: str) -> Problem:
    assert [found.code for found in caught.value.problems] == [code]
    return caught.value.problems[0]


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_message_is_whole_in_both_languages(code):
    template = CATALOGUE[code]
    assert re.fullmatch(r"E[1-9]\d\d", code)
    assert template.zh and template.en
    assert placeholders(template.zh) == placeholders(template.en)
    assert bool(template.hint_zh) == bool(template.hint_en)
    assert placeholders(template.hint_zh) == placeholders(template.hint_en)
    assert template.zh == "{zh}" or CHINESE.search(template.zh)
    assert not CHINESE.search(template.en)


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_message_with_its_values_leaves_nothing_open(code):
    found = filled(code)
    for sentence in (found.zh, found.en, found.hint_zh, found.hint_en):
        assert "[?" not in sentence
        assert "?]" not in sentence
        assert not NAMED.search(sentence)


def test_every_message_is_provoked_by_a_test():
    assert sorted(set(CATALOGUE) - codes_in_tests()) == []


def test_a_test_cannot_claim_a_message_that_does_not_exist():
    with pytest.raises(KeyError, match="E999"):
        provokes("E101", "E999")


def test_an_unknown_code_or_a_missing_value_is_a_mistake_of_ours():
    with pytest.raises(KeyError, match="E999"):
        problem("E999", HERE)
    with pytest.raises(KeyError, match="expected"):
        problem("E203", HERE, got="a list")


def test_a_value_may_have_a_half_for_each_language():
    found = problem("E203", HERE, expected=Words("列表", "a list"), got=Words("映射", "a mapping"))
    assert found.zh == "这里应为 列表，实为 映射"
    assert found.en == "expected a list, got a mapping"


def test_a_part_of_a_hint_is_left_out_when_its_value_is_empty():
    both = problem("E204", HERE, name="regionl", near="regional", valid="regional, industry")
    assert both.hint_en == "Did you mean “regional”? Choices: regional, industry."
    assert both.hint_zh == "是否想写“regional”？可选：regional, industry。"
    assert problem("E204", HERE, name="x", near="", valid="a, b").hint_en == "Choices: a, b."
    assert problem("E201", HERE, name="x", where="offer", near="").hint_en == ""


def test_braces_in_a_value_are_not_filled_again():
    assert "{near}" in problem("E201", HERE, name="{near}", where="[?x?]", near="y").en


def test_a_problem_is_shown_as_a_compiler_shows_it():
    found = problem("E201", HERE, "capp", name="capp", where="offer", near="cap").with_line(
        "- offer: a\n\n    capp: 5\n"
    )
    assert found.render().splitlines() == [
        "measures/02.yaml:3:5: error[E201]: “capp” is not a key of offer",
        "   |     capp: 5",
        "   |     ^^^^",
        "   = hint: Did you mean “cap”?",
    ]
    assert found.render("zh").splitlines() == [
        "measures/02.yaml:3:5: 错误[E201]：事项没有“capp”这个键",
        "   |     capp: 5",
        "   |     ^^^^",
        "   = 提示：是否想写“cap”？",
    ]


def test_colour_changes_nothing_but_the_colour():
    found = problem("E109", HERE).with_line("a\nb\nccccccccc")
    coloured = found.render(colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == found.render()


def test_a_warning_says_so():
    found = Problem("E201", HERE, "", "中文", "English", "", "", severity="warning")
    assert found.render() == "measures/02.yaml:3:5: warning[E201]: English"
    assert found.render("zh") == "measures/02.yaml:3:5: 警告[E201]：中文"


def test_a_problem_of_a_whole_file_has_no_line():
    found = problem("E109", Place("a.yaml", 0, 0)).with_line("x")
    assert found.render().splitlines()[0] == "a.yaml: error[E109]: the file is empty"
    assert "|" not in found.render()


def test_the_caret_stands_below_its_text_after_wide_characters():
    line = "  名称: 内蒙古 cap"
    found = problem("E201", Place("f", 1, line.index("cap") + 1), "cap", name="cap", where="", near="").with_line(line)
    caret = found.render().splitlines()[2]
    assert caret == "   | " + " " * (2 + 4 + 2 + 6 + 1) + "^^^"


def test_a_long_line_is_shown_around_its_column():
    line = "x" * 3_000 + "cap" + "y" * 3_000
    shown, caret = (
        problem("E201", Place("f", 1, 3_001), "cap", name="cap", where="", near="")
        .with_line(line)
        .render()
        .splitlines()[1:3]
    )
    assert len(shown) < 150
    assert shown[caret.index("^") : caret.rindex("^") + 1] == "cap"


def test_a_column_past_the_end_of_the_line_is_shown_at_its_end():
    shown, caret = problem("E109", Place("f", 1, 50)).with_line("abc").render().splitlines()[1:3]
    assert shown == "   | abc"
    assert caret == "   |    ^"


def test_what_a_file_holds_cannot_reach_the_terminal():
    found = problem("E201", Place("f\x1b[2J.yaml", 1, 1), "\x1b[31m", name="\x1b[31m\u202e", where="offer", near="")
    text = found.with_line("\x1b]0;title\x07\u2028x").render()
    assert all(c.isprintable() or c == "\n" for c in text)
    assert r"\x1b[31m\u202e" in text


@given(st.text(), st.text(max_size=20), st.integers(1, 300))
def test_any_line_and_text_can_be_shown(line, piece, column):
    found = problem("E201", Place("f", 1, column), piece, name=piece, where="offer", near="").with_line(line)
    for lang in ("zh", "en"):
        shown = found.render(lang)
        assert all(c.isprintable() or c in "\n\u3000" for c in shown)
        assert shown.encode()


def test_a_long_value_is_shortened():
    assert visible("a" * 1_000) == "a" * (MOST_SHOWN - 1) + "…"
    assert visible("中\u3000文") == "中\u3000文"
    assert len(problem("E201", HERE, name="k" * 10_000, where="offer", near="").en) < 300


def test_an_error_tells_all_its_problems_with_their_lines():
    problems = tuple(problem("E202", Place("a.yaml", line, 1), name="rate", where="offer") for line in (1, 2))
    error = PolicyError((*problems, problem("E109", Place("b.yaml", 1, 1))))
    shown = str(error.with_sources({"a.yaml": b"\xef\xbb\xbfone\r\ntwo\r\n"}))
    assert shown.count("error[") == 3
    assert "   | one\n" in shown
    assert "   | two\n" in shown
    assert error.render("zh").count("错误[") == 3


def test_a_file_with_thousands_of_mistakes_is_told_soon():
    count = 20_000
    problems = tuple(problem("E201", Place("a.yaml", n + 1, 1), "x", name="x", where="", near="") for n in range(count))
    start = time.perf_counter()
    found = PolicyError(problems).with_sources({"a.yaml": b"x: 1\n" * count})
    assert time.perf_counter() - start < 2
    assert found.problems[-1].source_line == "x: 1"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("capp", "cap"),
        ("Floor", "floor"),
        ("recognised-on", "recognised_on"),
        ("投资额度", "投资额"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_valid_name_is_offered_or_none(name, found):
    assert nearest(name, ["cap", "floor", "recognised_on", "投资额"]) == found


def test_the_nearest_name_is_offered_as_it_is_written():
    assert nearest("base_Rate", ["Base_rate"]) == "Base_rate"


def test_comparing_names_has_a_bounded_cost():
    assert nearest("k" * 81, ["k" * 80]) is None
    assert nearest("name", (f"name{n}" for n in range(2_001))) is None
    start = time.perf_counter()
    assert nearest("ab" * 40, [f"{n:04d}" + "ba" * 38 for n in range(2_000)]) is not None
    assert time.perf_counter() - start < 2


@provokes("E201")
def test_an_unknown_key_is_named_with_the_nearest():
    with pytest.raises(PolicyError) as caught:
        PERIOD.read(read_tree(b"from: 2023-01-01\nto: 2023-12-31\nform: 1", "a.yaml"))
    found = only_problem(caught, "E201")
    assert (found.place.line, found.hint_en) == (3, "Did you mean “from”?")


@provokes("E202")
def test_a_missing_key_is_named():
    with pytest.raises(PolicyError) as caught:
        PERIOD.read(read_tree(b"from: 2023-01-01", "a.yaml"))
    assert "lacks “to”" in only_problem(caught, "E202").en


@provokes("E203", "E204", "E205", "E206", "E207")
@pytest.mark.parametrize(
    ("shape", "text", "code", "said"),
    [
        (Whole(), "[1]", "E203", "got a list"),
        (OneOf(("regional", "industry")), "regionl", "E204", "regionl"),
        (Flag(), "yes", "E204", "yes"),
        (Whole(), "1,000", "E205", "write 5_000_000"),
        (Whole(0, 9), "10", "E205", "between 0 and 9"),
        (Day(), "2023-02-30", "E206", "days 1 to 28"),
        (Bilingual(), "{zh: 中文}", "E207", "both languages"),
        (Bilingual(), "{zh: 中文, en: ''}", "E207", "empty"),
    ],
)
def test_a_value_of_the_wrong_kind_says_what_was_expected(shape, text, code, said):
    with pytest.raises(PolicyError) as caught:
        shape.read(read_tree(text.encode(), "a.yaml"))
    assert said in only_problem(caught, code).en


@provokes("E208")
@pytest.mark.parametrize("spec", ["{money: {}, date: {}, title: {zh: 额, en: sum}}", "{title: {zh: 额, en: sum}}"])
def test_a_fact_is_of_one_kind_and_one_only(spec):
    with pytest.raises(PolicyError) as caught:
        FactShape().read(read_tree(spec.encode(), "a.yaml"), "sum")
    assert "exactly one of these" in only_problem(caught, "E208").en


@provokes("E209")
def test_a_word_of_expressions_is_no_name():
    for name in ("between", "on", "2a", "Cap"):
        with pytest.raises(PolicyError) as caught:
            check_name(name, Scalar(name, HERE, False, len(name)))
        only_problem(caught, "E209")


@provokes("E210")
def test_a_programme_cannot_end_before_it_begins(tmp_path):
    folder = edited(tmp_path, ("programme.yaml", "to: 2025-06-05", "to: 2021-06-05"))
    with pytest.raises(PolicyError) as caught:
        read_programme(folder)
    assert "E210" in {found.code for found in caught.value.problems}


@provokes("E110", "E111", "E112")
def test_a_folder_that_is_no_programme_is_refused(tmp_path, monkeypatch):
    with pytest.raises(PolicyError) as caught:
        read_programme(tmp_path / "nowhere")
    assert "nowhere" in only_problem(caught, "E110").en
    with pytest.raises(PolicyError) as caught:
        read_programme(tmp_path)
    only_problem(caught, "E111")
    monkeypatch.setattr(reading, "MOST_FILES", 2)
    with pytest.raises(PolicyError) as caught:
        read_programme(edited(tmp_path))
    only_problem(caught, "E112")


@provokes("E114")
def test_a_programme_that_is_not_shipped_is_answered_with_those_that_are():
    name = next(iter(shipped()))
    with pytest.raises(PolicyError) as caught:
        folder_of(name + "x")
    found = only_problem(caught, "E114")
    assert f"Did you mean {name}?" in found.hint_en
    assert name in found.hint_zh
