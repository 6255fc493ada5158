"""The text of a notice beside its programme: what drifted, moved, is missing or was never claimed."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st
from tests.tiny import CUT, NOTICE, PARAGRAPHS, tiny

from jarlig.policy.messages import PolicyError, Problem
from jarlig.policy.notice import (
    anchor,
    anchors,
    check_notice,
    clause_text,
    fingerprint,
    normalised,
    read_notice,
    span,
    words_of,
)

CLAUSES, MEASURES = "clauses.yaml", "measures/01.yaml"


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.code, problem.text) for problem in problems]


def test_the_text_that_was_encoded_has_nothing_to_tell(tmp_path: Path) -> None:
    assert check_notice(tiny(tmp_path), NOTICE) == ()


def test_white_space_and_composed_characters_do_not_count_as_a_change(tmp_path: Path) -> None:
    other = NOTICE.replace("\n", "\r\n\u3000\r\n").replace("措施\r\n", "措施\u00a0 \r\n")
    assert check_notice(tiny(tmp_path), "\ufeff" + other) == ()


def test_quotes_are_kept_and_runs_of_white_space_become_one_space() -> None:
    assert normalised("\u3000“甲”\u00a0\t 乙\u3000 ") == "“甲” 乙"
    assert normalised("e\u0301") == "é"


@given(st.text())
def test_normalising_twice_changes_nothing(line: str) -> None:
    once = normalised(line)
    assert normalised(once) == once


@given(st.lists(st.text(alphabet=" ab\u3000\u00a0甲\t", max_size=8), max_size=8))
def test_paragraphs_are_the_lines_that_are_not_empty_and_remember_their_line(lines: list[str]) -> None:
    notice = read_notice("\n".join(lines))
    assert all(notice.paragraphs)
    for words, number in zip(notice.paragraphs, notice.lines, strict=True):
        assert normalised(lines[number - 1]) == words


def test_a_changed_figure_names_its_clause_and_its_anchor(tmp_path: Path) -> None:
    found = check_notice(tiny(tmp_path), NOTICE.replace("20%", "25%"))
    assert told(found) == [("E902", "1"), ("E902", "1.1"), ("E903", "rate")]
    assert "1a.rate" in found[-1].en
    assert "25%" in found[-1].hint_en
    assert found[0].place.file == CLAUSES


def test_a_change_elsewhere_in_a_clause_leaves_its_anchors_alone(tmp_path: Path) -> None:
    found = check_notice(tiny(tmp_path), NOTICE.replace("300万元", "200万元"))
    assert told(found) == [("E902", "1"), ("E902", "1.1")]


def test_a_new_paragraph_before_a_clause_only_moves_it(tmp_path: Path) -> None:
    found = check_notice(tiny(tmp_path), NOTICE.replace("四、各地", "新增一段。\n四、各地"))
    assert told(found) == [("E905", "4"), ("E905", "5"), ("E906", "")]
    assert "from paragraph 5 to 6" in found[0].en
    assert (found[-1].place.file, found[-1].place.line) == ("notice", 6)


def test_a_paragraph_that_is_gone_is_missing(tmp_path: Path) -> None:
    found = check_notice(tiny(tmp_path), NOTICE.replace("本措施有效期3年。\n", ""))
    assert told(found) == [("E904", "5")]


def test_anchors_of_a_moved_clause_are_not_told_to_have_changed(tmp_path: Path) -> None:
    found = check_notice(tiny(tmp_path), "通知\n" + NOTICE)
    assert {problem.code for problem in found} == {"E905", "E906"}


def test_words_that_only_a_clause_of_parts_claims_are_told(tmp_path: Path) -> None:
    words = PARAGRAPHS[1][CUT:]
    clauses = f"from: {CUT}, to: {len(PARAGRAPHS[1])}, sha256: {fingerprint(words)}"
    short = words[: words.index("不超过")]
    fewer = f"from: {CUT}, to: {CUT + len(short)}, sha256: {fingerprint(short)}"
    found = check_notice(tiny(tmp_path, (CLAUSES, clauses, fewer)), NOTICE)
    assert [(problem.code, problem.severity) for problem in found] == [("E907", "warning")]
    assert "不超过600万元" in found[0].zh


def test_an_anchor_outside_its_clause_is_refused(tmp_path: Path) -> None:
    programme = tiny(tmp_path, (MEASURES, 'rate: {clause: "1.1"', 'rate: {clause: "1.2"'))
    assert told(check_notice(programme, NOTICE)) == [("E908", "rate")]


def test_the_words_of_an_anchor_are_the_clause_s_own(tmp_path: Path) -> None:
    programme = tiny(tmp_path)
    (owned,) = anchors(programme)
    assert words_of(read_notice(NOTICE), programme, owned.anchor) == "20%"
    assert words_of(read_notice(NOTICE.replace("20%", "30%")), programme, owned.anchor) is None
    assert clause_text(read_notice(NOTICE), programme.clauses["1.2"]) == "每家企业累计不超过600万元。"


def test_an_anchor_line_can_be_pasted_into_the_programme(tmp_path: Path) -> None:
    programme = tiny(tmp_path)
    line = anchor(programme, NOTICE, "1.2", "600万元")
    made = yaml.safe_load(line)
    assert PARAGRAPHS[1][made["from"] : made["to"]] == "600万元"
    assert made["sha256"] == fingerprint("600万元")
    again = tiny(tmp_path, (MEASURES, "  anchors:\n", f"  anchors:\n    limit: {line}\n"))
    assert check_notice(again, NOTICE) == ()


@pytest.mark.parametrize(("words", "count"), [("900万元", 0), ("不超过600", 1), ("万元", 3), ("", 0)])
def test_words_must_stand_in_the_clause_exactly_once(tmp_path: Path, words: str, count: int) -> None:
    programme = tiny(tmp_path)
    if count == 1:
        assert "from" in anchor(programme, NOTICE, "1.2", words)
        return
    with pytest.raises(PolicyError) as error:
        anchor(programme, NOTICE, "1" if count else "1.2", words)
    assert error.value.problems[0].code == "E909"
    assert f"{count} times" in error.value.problems[0].en


def test_an_anchor_for_an_unknown_clause_lists_the_clauses(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="E303"):
        anchor(tiny(tmp_path), NOTICE, "9", "20%")


def test_a_clause_s_keys_are_written_for_a_whole_paragraph_or_for_some_words() -> None:
    assert span(NOTICE, 6) == f"paragraph: 6, sha256: {fingerprint('本措施有效期3年。')}"
    assert span(NOTICE, 6, "3年").startswith("paragraph: 6, from: 6, to: 8, sha256: ")
    with pytest.raises(PolicyError, match="E909"):
        span(NOTICE, 60)


@given(st.integers(0, len(PARAGRAPHS) - 1), st.data())
def test_any_change_to_any_paragraph_is_noticed(number: int, data: st.DataObject) -> None:
    lines = list(PARAGRAPHS)
    at = data.draw(st.integers(0, len(lines[number]) - 1))
    lines[number] = lines[number][:at] + "改" + lines[number][at + 1 :]
    if lines[number] == PARAGRAPHS[number]:
        return
    found = check_notice(PROGRAMME, "\n".join(lines))
    assert any(problem.code == "E902" for problem in found)


@pytest.fixture(scope="module", autouse=True)
def _programme(tmp_path_factory: pytest.TempPathFactory) -> None:
    global PROGRAMME
    PROGRAMME = tiny(tmp_path_factory.mktemp("tiny"))
