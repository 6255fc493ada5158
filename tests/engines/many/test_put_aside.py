"""What a run cannot use: put aside with line and reason, or refused before any work; nothing is lost in silence."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from tests.engines.many.tables import OTHER, case, line, number, table
from tests.tiny import CODE

from jarlig.engines.sql.intake import Rejects
from jarlig.engines.sql.running import Files, Options, duckdb, run
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError
from jarlig.policy.reading import read_programme
from jarlig.policy.shipped import shipped


def test_more_claims_than_a_year_can_hold_are_put_aside(bench, monkeypatch):
    monkeypatch.setattr("jarlig.engines.sql.answering.MOST_CLAIMS", 2)
    cases = [case(str(at), on=f"2023-06-{at:02d}", project_code=f"P{at}") for at in range(1, 5)]
    answers = bench.run(cases, [line(row["case"], at, "100") for at, row in enumerate(cases)])
    assert {name for name, _ in answers} == {"1", "2"}
    assert [(row["case"], row["file"], row["line"]) for row in bench.rejects] == [
        ("3", "cases.csv", "4"), ("4", "cases.csv", "5"),
    ]  # fmt: skip
    assert "more than 2 claims" in bench.rejects[0]["reason_en"] and "超过 2 次" in bench.rejects[0]["reason_zh"]


def test_no_case_of_very_many_claims_of_one_subject_is_lost(bench):
    bench.offers = ("1a", "2")
    cases = [case(str(at), on=f"2023-06-{at // 3 + 1:02d}", project_code=f"P{at}") for at in range(70)]
    answers = bench.run(cases, [])
    told = {(row["case"], row["line"], row["column"], row["value"]) for row in bench.rejects}
    assert told == {(str(at), str(at + 2), "offer", "1a") for at in range(60, 70)}
    assert {name for name, offer in answers if offer == "1a"} == {str(at) for at in range(60)}
    assert {name for name, offer in answers if offer == "2"} == {str(at) for at in range(70)}
    assert (bench.report.left_out, bench.report.rejects) == (0, 10)


BAD_CASES = {
    "on": ("2023-06-31", "there is no such day"),
    "uscc": ("91150000MA0EXAMP12", "check character"),
    "registered_at": ("1501", "code"),
    "level": ("national", "choose regional, industry"),
    "newly_built": ("yes", "true or false"),
    "recognised_on": ("01/01/2023", "yyyy-mm-dd"),
    "at": ("159999", "159999"),
    "1a.registered_at": ("999999", "no province-level division begins with 99"),
}


@pytest.mark.parametrize("column", BAD_CASES)
def test_a_value_that_cannot_be_read_puts_its_case_aside_with_line_and_reason(bench, column):
    value, why = BAD_CASES[column]
    answers = bench.run([case("A"), case("B", project_code="P2", **{column: value})], [line("A", 1, "100")])
    assert {name for name, _ in answers} == {"A"}
    (reject,) = {json.dumps(row): row for row in bench.rejects}.values()
    assert (reject["file"], reject["line"], reject["case"], reject["column"]) == ("cases.csv", "3", "B", column)
    assert why in reject["reason_en"]
    assert reject["reason_zh"]
    assert (bench.report.cases, bench.report.left_out) == (1, 1)


def test_a_truth_and_a_day_are_taken_as_a_spreadsheet_writes_them(bench):
    """The same amounts as plainly written, also where a list is read row by row for a reversal of a reversal."""
    odd = {"on": "2023/6/1", "newly_built": "TRUE", "recognised_on": "2023/1/01"}
    rows = [line("A", 1, "1000"), line("A", 2, "-400", reverses=number(1)), line("A", 3, "100", reverses=number(2))]
    rows = [row | {"paid_on": "2022/7/1"} for row in rows]
    past = {"offer": "1a", "on": "2022/8/1", "state": "void", "uscc": CODE, "project_code": "P0"}
    answers = bench.run([case("A") | odd, case("B", uscc=OTHER) | odd | {"newly_built": "FALSE"}], rows, [past])
    assert (answers["A", "1a"]["amount"], answers["A", "1a"]["on"]) == (Decimal("140.00"), date(2023, 6, 1))
    assert answers["B", "1a"]["refused"] == "when.1"
    assert not bench.rejects


AS_CELLS = {
    "1,234.50": ("investment", "net", "“常规”", "format General"),
    "¥100": ("investment", "net", "“常规”", "format General"),
    "20%": ("investment", "net", "0.2", "write 0.2 for 20%"),
    "１２": ("investment", "net", "半角", "full-width digit"),
    "1.2E+07": ("investment", "net", "“常规”", "format General"),
    "2.3151E+19": ("investment", "invoice_no", "“文本”", "format Text"),
    "1/2/2023": ("cases", "recognised_on", "yyyy-mm-dd", "format yyyy-mm-dd"),
    "2023/13/1": ("cases", "recognised_on", "yyyy-mm-dd", "no month 13"),
    "２０２３-01-01": ("cases", "recognised_on", "半角", "half-width"),
    "True": ("cases", "newly_built", "true", "write true or false"),
}


@pytest.mark.parametrize("text", AS_CELLS)
def test_what_the_format_of_a_cell_made_of_a_value_is_told_with_the_format_to_set(bench, text):
    table_, column, zh, en = AS_CELLS[text]
    bench.run(
        [case("A", **({column: text} if table_ == "cases" else {}))],
        [line("A", 1, "100") | ({column: text} if table_ == "investment" else {})],
    )
    (reject,) = bench.rejects
    assert (reject["column"], reject["value"]) == (column, text)
    assert zh in reject["reason_zh"] and en in reject["reason_en"]


@pytest.mark.parametrize(("text", "zh", "en"), [
    ("部级", "可选：regional（区域级）、industry（行业级）", "choose regional, industry"),
    ("行业级", "请写 industry", "write industry"),
])  # fmt: skip
def test_choices_are_told_with_their_labels(bench, text, zh, en):
    bench.run([case("A", level=text)], [])
    assert bench.rejects[0]["reason_zh"] == f"“{text}”：{zh}"
    assert bench.rejects[0]["reason_en"] == f"“{text}”: {en}"


BAD_LISTS = {
    "an amount of another grammar": ([line("B", 1, "1e5")], "net", "1e5"),
    "three decimals": ([line("B", 1, "1.005")], "net", "decimals"),
    "no such category": ([line("B", 1, "1", category="food")], "category", "choose"),
    "an offer there is not": ([line("B", 1, "1") | {"for": "9z"}], "for", "there is no offer"),
    "one invoice twice": ([line("B", 1, "1"), line("B", 1, "2")], "investment", "line 4 repeats line 3"),
    "a reversal of nothing": ([line("B", 1, "-1", reverses=number(9))], "investment", "not listed"),
    "a reversal of more than there is": (
        [line("B", 1, "100"), line("B", 2, "-101", reverses=number(1))], "investment", "",
    ),
    "reversals in a circle": (
        [line("B", 1, "-1", reverses=number(2)), line("B", 2, "-1", reverses=number(1))], "investment", "circle",
    ),
    "too many rows": ([line("B", at, "1") for at in range(201)], "investment", "at most 200"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_LISTS)
def test_a_list_that_is_wrong_leaves_its_whole_case_out(bench, what):
    rows, column, why = BAD_LISTS[what]
    answers = bench.run([case("A"), case("B", project_code="P2")], [line("A", 7, "100"), *rows])
    assert {name for name, _ in answers} == {"A"}
    assert {row["column"] for row in bench.rejects} == {column}
    assert all(row["case"] == "B" for row in bench.rejects)
    assert why in bench.rejects[0]["reason_en"]
    assert {row["file"] for row in bench.rejects} == {"rows.csv"}


def test_rows_of_a_list_are_told_by_their_lines_in_the_file(bench):
    files = bench.files([case("A"), case("B", project_code="P2"), case("C", project_code="P3")], [
        line("A", 1, "100"), line("B", 1, "100"), line("A", 2, "100"), line("C", 5, "-1", reverses=number(9)),
        line("B", 1, "100"),
    ], [])  # fmt: skip
    path = files.rows["investment"]
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, "", *rows[:2], "", "", *rows[2:]]) + "\n", "utf-8")  # A 3, B 4, A 7, C 8, B 9
    run(bench.programme, ("1a",), files, Options(), duckdb(500, 1))
    told = {row["case"]: (row["line"], row["reason_en"]) for row in bench.rejects}
    assert told["B"][0] == "9" and "line 9 repeats line 4" in told["B"][1]
    assert told["C"][0] == "8" and "line 8 reverses" in told["C"][1]


def test_rows_of_no_case_and_cases_named_twice_are_put_aside(bench):
    answers = bench.run([case("A"), case("B"), case("B"), case("")], [line("A", 1, "100"), line("Z", 2, "100")])
    assert {name for name, _ in answers} == {"A"}
    told = {(row["file"], row["line"], row["reason_en"]) for row in bench.rejects}
    assert ("rows.csv", "3", "there is no such case in the cases table") in told
    assert {("cases.csv", at, "the id of the case stands twice") for at in ("3", "4")} <= told
    assert any(line_ == "5" and why.startswith("no id") for _, line_, why in told)


def test_nothing_is_put_aside_in_silence_and_an_old_list_of_rejects_is_removed(bench):
    bench.run([case("A", level="x")])
    assert bench.rejects
    bench.run([case("A")])
    assert not bench.rejects
    left = sorted(path.name for path in bench.folder.iterdir())
    assert left == ["cases.csv", "history.csv", "out.parquet", "rows.csv"]


def test_a_table_of_another_kind_is_refused_instead_of_listed_row_by_row(bench, monkeypatch):
    monkeypatch.setattr("jarlig.engines.sql.running.Rejects", lambda: Rejects(most=3))
    with pytest.raises(PolicyError) as caught:
        bench.run([case(str(at), recognised_on="15/06/2023") for at in range(5)])
    (problem,) = caught.value.problems
    assert problem.code == "E839"
    assert problem.place.line in range(2, 7)
    assert "recognised_on" in problem.en


@pytest.mark.parametrize(
    ("column", "word"),
    [("project_code", "#REF!"), ("level", "#N/A"), ("uscc", "#FORMULA?"), ("investment", "#N/A"), ("case", "#NAME?")],
)
def test_an_error_of_a_spreadsheet_is_neither_a_value_nor_unknown(bench, column, word):
    answers = bench.run([case("A", investment="given"), case("B", uscc=OTHER, investment="given") | {column: word}], [])
    assert {name for name, _ in answers} == {"A"}
    (reject,) = bench.rejects
    assert (reject["line"], reject["column"], reject["value"]) == ("3", column, word)
    assert reject["reason_en"].startswith(f"“{word}”: a") and "formula" in reject["reason_en"]
    assert "公式" in reject["reason_zh"]


def test_texts_of_rejects_are_no_formulas(bench):
    bench.run([case("=cmd()", level="@x")])
    assert [(row["case"], row["value"]) for row in bench.rejects] == [("=cmd()", "@x")]
    text = (bench.folder / "out.rejects.csv").read_text("utf-8")
    assert "\"'=cmd()\"" in text and "\"'@x\"" in text


def test_a_misspelt_column_and_a_table_without_ids_are_refused(bench):
    no_day = {"case": "A", "uscc": CODE}
    for cases, code in (([case("A", levle="x")], "E825"), ([{"uscc": CODE}], "E826"), ([no_day], "E826")):
        path = table(bench.folder / "cases.csv", cases)
        with pytest.raises(PolicyError) as caught:
            run(bench.programme, ("1a",), Files(path, bench.folder / "out.csv"), Options(), duckdb(500, 1))
        assert caught.value.problems[0].code == code
    assert not (bench.folder / "out.csv").exists()


def test_a_day_for_all_beside_days_of_their_own_is_refused(bench):
    files = bench.files([case("A", on="2023-06-15")], [], [])
    with pytest.raises(PolicyError) as caught:
        run(bench.programme, ("1a",), files, Options(on=parse_date("2023-05-05")), duckdb(500, 1))
    assert [one.code for one in caught.value.problems] == ["E816"]
    assert not files.out.exists()


MISMEANT = {
    "2.level": "1a.level", "9z.level": "1a.level", "1a.levle": "1a.level", "levle": "level", "scroe": "score",
    "decisions.amount": "", "decisions.1a.level": "",
}  # fmt: skip


@pytest.mark.parametrize("name", MISMEANT)
def test_a_column_that_nothing_would_read_is_refused_with_the_nearest_one(bench, name):
    with pytest.raises(PolicyError) as caught:
        bench.run([case("A", **{name: "x"})], [])
    (problem,) = caught.value.problems
    assert (problem.code, problem.text) == ("E825", name)
    assert problem.hint_en.startswith(f"Did you mean “{MISMEANT[name]}”?" if MISMEANT[name] else "Labels")


@pytest.mark.parametrize(("name", "near"), [
    ("decisions.amuont", "decisions.amount"), ("decisions.4d.amount", "decisions.4e.amount"),
    ("decisions.4e.amount", ""), ("decisions.amount", ""),
])  # fmt: skip
def test_only_what_a_person_decides_may_be_a_decision(tmp_path, name, near):
    programme = read_programme(shipped()["sample-district-2024"])
    path = table(tmp_path / "cases.csv", [{"case": "A", "on": "2025-05-01", name: ""}])
    files, options = Files(path, tmp_path / "out.csv"), Options()
    if not near:
        assert run(programme, ("4e",), files, options, duckdb(500, 1)).cases == 1
        return
    with pytest.raises(PolicyError) as caught:
        run(programme, ("4e",), files, options, duckdb(500, 1))
    assert f"“{near}”" in caught.value.problems[0].hint_en


def test_a_history_with_a_hole_in_it_is_refused_with_its_line(bench):
    good = {"offer": "1a", "on": "2022-08-01", "state": "paid", "uscc": CODE}
    with pytest.raises(PolicyError) as caught:
        bench.run([case("A")], [], [good, {**good, "state": "paied"}])
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line) == ("E832", 3)


def test_a_list_that_no_offer_has_is_refused_with_the_nearest(bench):
    files = bench.files([case("A")], [], [])
    with pytest.raises(PolicyError) as caught:
        run(bench.programme, ("1a",), Files(files.cases, files.out, {"investmnt": files.cases}), Options())
    assert caught.value.problems[0].code == "E836"
    assert "investment" in caught.value.problems[0].hint_en


@pytest.mark.parametrize("what", ["investment", "history"])
def test_a_row_of_another_width_stops_the_run_for_its_case_is_not_known(bench, what):
    files = bench.files([case("A")], [line("A", 1, "100")], [])
    path = files.rows["investment"] if what == "investment" else files.history
    assert path is not None
    path.write_text(path.read_text("utf-8") + "A,1,2,3,4,5,6,7,8,9\n", "utf-8")
    with pytest.raises(PolicyError) as caught:
        run(bench.programme, ("1a",), files, Options(), duckdb(500, 1))
    assert caught.value.problems[0].code == "E830"
    assert not files.out.exists()


def test_every_case_without_a_day_is_told(bench):
    bench.run([case("A", on=None, project_code="P2"), case("B", on="2023-02-30", project_code="P3"), case("C")], [])
    assert [(row["case"], row["column"]) for row in bench.rejects] == [("A", "on"), ("B", "on")]
    assert (bench.report.rejects, bench.report.left_out) == (2, 2)


def test_a_case_whose_row_has_another_width_is_counted_as_left_out(bench):
    files = bench.files([case("A"), case("B", project_code="P2", on=None)], [], [])
    with files.cases.open("a", encoding="utf-8") as stream:
        stream.write("C,2023-06-01,1,2,3,4,5,6,7,8,9\nD,2023-06-01\n")
    report = run(bench.programme, ("1a",), files, Options(), duckdb(500, 1))
    assert (report.cases, report.rejects, report.left_out) == (1, 3, 3)
