"""A run from files to files: what is answered, what is put aside with its reason, and what is left behind."""

from __future__ import annotations

import csv
import json
import os
import signal
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Timer
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest
from tests.tiny import CODE, tiny

from jarlig.engines.answer import Desk
from jarlig.engines.sql.duck import DuckBackend
from jarlig.engines.sql.intake import Rejects
from jarlig.engines.sql.running import Files, Options, Report, differences, duckdb, run
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError
from jarlig.policy.model import Programme
from jarlig.policy.reading import read_programme
from jarlig.policy.shipped import shipped
from jarlig.tabular import read_table, write_table

Row = Mapping[str, str | None]
OTHER = "91150102MA9PTF0137"
CASE = {
    "on": "2023-06-01", "uscc": CODE, "registered_at": "150102", "project_code": "P1", "level": "regional",
    "newly_built": "true", "recognised_on": "2023-01-01",
}  # fmt: skip
LINE = {"seller": CODE, "reverses": "none", "category": "hardware", "paid_on": "2022-07-01"}


def number(at: int) -> str:
    return f"2315{at:016d}"


def table(path: Path, rows: Sequence[Row], columns: Sequence[str] = ()) -> Path:
    names = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


class Bench:
    """Runs tables through the tiny programme."""

    def __init__(self, folder: Path, programme: Programme) -> None:
        self.folder, self.programme = folder, programme
        folder.mkdir()
        self.offers: tuple[str, ...] = ("1a",)
        self.report: Report

    def files(self, cases: Sequence[Row], lines: Sequence[Row] | None, history: Sequence[Row] | None) -> Files:
        rows = {}
        if lines is not None:
            rows["investment"] = table(self.folder / "rows.csv", lines, ["case", "invoice_no", "net", *LINE])
        past = None if history is None else table(self.folder / "history.csv", history, ["offer", "on"])
        asked = table(self.folder / "cases.csv", cases, ["case", *([] if cases else CASE)])
        return Files(asked, self.folder / "out.parquet", rows, past)

    def run(
        self, cases: Sequence[Row], lines: Sequence[Row] | None = (), history: Sequence[Row] | None = (),
        options: Options = Options(),  # noqa: B008  nothing in it changes
    ) -> dict[tuple[str, str], dict[str, Any]]:  # fmt: skip
        files = self.files(cases, lines, history)
        self.report = run(self.programme, self.offers, files, options, duckdb(500, 1))
        return {(row["case"], row["offer"]): row for row in read_table(files.out).to_pylist()}

    @property
    def rejects(self) -> list[dict[str, str]]:
        path = self.folder / "out.rejects.csv"
        return [dict(row) for row in read_table(path).to_pylist()] if path.exists() else []


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "tables", tiny(tmp_path / "programme"))


def case(name: str, **values: str | None) -> dict[str, str | None]:
    return {"case": name, **CASE, **values}


def line(name: str, at: int, net: str | None, **values: str | None) -> dict[str, str | None]:
    return {"case": name, "invoice_no": number(at), "net": net, **LINE, **values}


def test_a_case_gets_what_the_desk_would_say(bench):
    answers = bench.run([case("A")], [line("A", 1, "1000000.10"), line("A", 2, "9000000", category="other")])
    facts = {**CASE, "investment": [{**LINE, "invoice_no": number(1), "net": "1000000.10"}], "history": []}
    facts.pop("on")
    told = Desk(bench.programme).determine("1a", facts, on=parse_date(CASE["on"]))
    assert answers["A", "1a"]["outcome"] == told.outcome == "award"
    assert answers["A", "1a"]["amount"] == told.yuan == Decimal("200000.02")
    assert (answers["A", "1a"]["guide"], answers["A", "1a"]["on"]) == (2023, date(2023, 6, 1))


@pytest.mark.parametrize(
    ("unknown", "lines", "told"),
    [
        ({"level": None}, [("1", "100")], ("undetermined", "level", None)),
        ({"newly_built": None}, [("1", "100")], ("undetermined", "newly_built", None)),
        ({"uscc": None}, [("1", "100")], ("award", None, None)),  # no award of anybody could be meant
        ({}, [("1", None), ("2", "5")], ("undetermined", "investment", None)),
        ({"newly_built": "false", "level": None}, [("1", None)], ("not_eligible", None, "when.1")),
    ],
)
def test_unknown_is_never_nil_and_what_is_missing_is_named(bench, unknown, lines, told):
    row = bench.run([case("A", **unknown)], [line("A", int(at), net) for at, net in lines])["A", "1a"]
    assert (row["outcome"], row["missing"], row["refused"]) == told
    assert (row["amount"] is None) == (told[0] != "award")


def test_a_list_that_was_not_given_is_unknown_and_one_without_rows_is_nil(bench):
    assert bench.run([case("A")], None)["A", "1a"]["missing"] == "investment"
    assert bench.run([case("A")], [line("A", 1, "0")])["A", "1a"]["amount"] == 0
    assert bench.run([case("A")], [])["A", "1a"]["amount"] == 0
    marked = bench.run([case("A", investment="given"), case("B", project_code="P2", investment=None)], [])
    assert [marked[name, "1a"]["outcome"] for name in "AB"] == ["award", "undetermined"]


def test_without_a_history_every_limit_is_unknown(bench):
    answers = bench.run([case("A")], [line("A", 1, "100")], None)
    assert answers["A", "1a"]["missing"] == "history"


def test_the_history_takes_from_a_limit_and_a_void_award_does_not(bench):
    past = {"offer": "1a", "on": "2022-08-01", "guide_year": "2022", "project_code": "P0"}
    history = [
        {**past, "uscc": CODE, "state": "paid", "approved": "5900000", "recovered": "100000"},
        {**past, "uscc": OTHER, "state": "void", "approved": "5900000", "recovered": "0"},
    ]
    answers = bench.run([case("A"), case("B", uscc=OTHER)], [line(n, 1, "5000000") for n in "AB"], history)
    assert [answers[name, "1a"]["amount"] for name in "AB"] == [Decimal("200000.00"), Decimal("1000000.00")]


def test_claims_of_one_subject_in_a_run_are_taken_in_their_order(bench):
    """4 million a project, 6 million an enterprise: the second gets the rest, the third nothing, by day of claim."""
    cases = [
        case("late", on="2023-06-03", project_code="P3"), case("first", on="2023-06-01", project_code="P1"),
        case("second", on="2023-06-02", project_code="P2"), case("again", on="2023-06-09", project_code="P1"),
        case("other", on="2023-06-02", uscc=OTHER), case("nobody", uscc=None),
    ]  # fmt: skip
    lines = [line(row["case"], at, "90000000") for at, row in enumerate(cases)]
    answers = bench.run(cases, lines)
    amounts = {name: row["amount"] for (name, _), row in answers.items()}
    assert amounts["first"] == amounts["other"] == amounts["nobody"] == Decimal("4000000.00")  # lowered by the guide
    assert (amounts["second"], amounts["late"]) == (Decimal("2000000.00"), 0)
    assert (answers["again", "1a"]["outcome"], answers["again", "1a"]["refused"]) == ("not_eligible", "limit.1")


def test_a_claim_after_one_of_unknown_sum_is_unknown_itself(bench):
    cases = [case("A", level=None), case("B", on="2023-06-02", project_code="P2")]
    answers = bench.run(cases, [line(name, 1, "100") for name in "AB"])
    assert answers["B", "1a"]["outcome"] == "undetermined"


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


def test_reversals_take_from_their_originals_before_any_condition(bench):
    """A reversal has no day and no category of its own; one of a reversal is read row by row, to the same end."""
    plain = [line("A", 1, "1000"), line("A", 2, "-400", reverses=number(1), category=None, paid_on=None)]
    deep = [*plain, line("A", 3, "100", reverses=number(2), category=None, paid_on=None)]
    assert bench.run([case("A")], plain)["A", "1a"]["amount"] == Decimal("120.00")
    assert bench.run([case("A")], deep)["A", "1a"]["amount"] == Decimal("140.00")


def test_a_row_claimed_under_another_offer_is_not_counted(bench):
    rows = [line("A", 1, "1000") | {"for": "1a"}, line("A", 2, "500") | {"for": "2"}, line("A", 3, "100")]
    assert bench.run([case("A")], rows)["A", "1a"]["amount"] == Decimal("220.00")


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


def test_documents_that_serve_once_are_told_in_two_cases_and_when_they_were_paid(tmp_path):
    ever = ("measures/01.yaml", "reverses: reverses}", "reverses: reverses, key_once: ever}")
    bench = Bench(tmp_path / "tables", tiny(tmp_path / "programme", ever))
    rows = [line("A", 1, "100"), line("B", 1, "200"), line("B", 2, "300"), line("B", 3, "400")]
    files = bench.files([case("A"), case("B", project_code="P2")], rows, [])
    paid = table(tmp_path / "paid.csv", [{"seller": CODE, "invoice_no": number(3)}])
    files = Files(files.cases, files.out, files.rows, files.history, None, {"investment": paid})
    report = run(bench.programme, ("1a",), files, Options(), duckdb(500, 1))
    told = read_table(files.repeated).to_pylist()
    assert report.repeated == 2
    assert [(row["line"], row["case"], row["other"]) for row in told] == [("3", "B", "A"), ("5", "B", None)]
    assert number(3) in told[1]["key"]
    amounts = {row["case"]: row["amount"] for row in read_table(files.out).to_pylist()}
    assert amounts == {"A": Decimal("20.00"), "B": Decimal("180.00")}  # told, never taken away


def test_steps_are_columns_as_they_are_written(bench):
    answers = bench.run([case("A")], [line("A", 1, "1000.01")], options=Options(steps=True))
    row = answers["A", "1a"]
    assert {name: row[name] for name in ("step.base", "step.rate", "step.award", "step.gate_1")} == {
        "step.base": "1000.01", "step.rate": "0.20", "step.award": "200.00", "step.gate_1": "true",
    }  # fmt: skip


def test_a_guide_asked_for_by_name_is_a_question_what_if(bench):
    late = [case("A", on="2024-03-01")]
    assert bench.run(late, [line("A", 1, "100")])["A", "1a"]["outcome"] in ("awaiting_guide", "closed")
    asked = bench.run(late, [line("A", 1, "100")], options=Options(guide=2023))
    assert asked["A", "1a"]["outcome"] == "award"


@pytest.mark.parametrize("ending", ["csv", "parquet", "arrow"])
def test_an_empty_text_is_unknown_whatever_the_kind_of_table(bench, ending):
    cases = [case("A"), case("B", level="", uscc=OTHER), case("")]
    files = bench.files(cases, [line("A", 1, "100"), line("B", 2, "")], [])
    for path in (files.cases, files.rows["investment"]):
        kinds = dict.fromkeys(path.read_text("utf-8").partition("\n")[0].strip().split(","), pa.string())
        texts = pa.csv.read_csv(path, convert_options=pa.csv.ConvertOptions(column_types=kinds))
        write_table(texts, path.with_suffix(f".{ending}"))
    named = Files(
        files.cases.with_suffix(f".{ending}"), files.out,
        {"investment": files.rows["investment"].with_suffix(f".{ending}")}, files.history,
    )  # fmt: skip
    run(bench.programme, ("1a",), named, Options(), duckdb(500, 1))
    said = [(row["case"], row["outcome"], row["missing"]) for row in read_table(files.out).to_pylist()]
    assert said == [("A", "award", None), ("B", "undetermined", "investment;level")]
    assert [row["reason_en"][:5] for row in bench.rejects] == ["no id"]


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


def test_one_day_for_all_stands_in_for_a_column(bench):
    cases = [{name: value for name, value in case("A").items() if name != "on"}]
    answers = bench.run(cases, [line("A", 1, "100")], options=Options(on=parse_date("2023-06-01")))
    assert answers["A", "1a"]["amount"] == 20


def test_labels_for_reports_are_carried_over_and_never_read(bench):
    answers = bench.run([case("A", **{"group.size": "=micro"})], [])
    assert answers["A", "1a"]["group.size"] == "=micro"


def test_the_number_by_which_a_pool_ranks_claims_stands_beside_them(tmp_path):
    ranked = (
        "guides/2023.yaml",
        "share: pro_rata}",
        """share: pro_rata}
  best: {offers: ["2"], amount: 100_000, share: ranking, by: score, first: highest}""",
    )
    bench = Bench(tmp_path / "tables", tiny(tmp_path / "programme", ranked))
    bench.offers = ("1a", "2")
    answers = bench.run([case("A", score="70"), case("B", score=None, project_code="P2")], [])
    assert {key: row["score"] for key, row in answers.items()} == {
        ("A", "1a"): None, ("A", "2"): "70", ("B", "1a"): None, ("B", "2"): None,
    }  # fmt: skip


def test_texts_of_rejects_are_no_formulas(bench):
    bench.run([case("=cmd()", level="@x")])
    assert [(row["case"], row["value"]) for row in bench.rejects] == [("=cmd()", "@x")]
    text = (bench.folder / "out.rejects.csv").read_text("utf-8")
    assert "\"'=cmd()\"" in text and "\"'@x\"" in text


def test_ids_of_an_answer_are_no_formulas_and_come_back_as_they_were(bench):
    names = ["=1+1", "+86", "-5", "-x", "@a", "'quoted'", "＝1", "plain"]
    files = bench.files([case(name, uscc=None) for name in names], [], [])
    for ending in ("csv", "xlsx"):
        out = bench.folder / f"out.{ending}"
        run(bench.programme, ("1a",), Files(files.cases, out, files.rows, files.history), Options(), duckdb(500, 1))
        assert [row["case"] for row in read_table(out).to_pylist()] == names


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


def test_ctrl_c_within_a_query_is_ctrl_c(tmp_path: Path) -> None:
    backend = duckdb(500, 1)(tmp_path, [])
    stopping = Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
    try:
        stopping.start()
        with pytest.raises(KeyboardInterrupt):
            backend.ask("SELECT sum(a.range * b.range % 7) FROM range(1000000) a, range(100000) b")
    finally:
        signal.signal(signal.SIGINT, before)
    stopping.join()
    backend.close()


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


def test_a_broken_run_leaves_the_old_answer_and_no_folder(bench, monkeypatch):
    files = bench.files([case("A")], [], [])
    files.out.write_bytes(b"the old one")

    def broken(*_: object) -> list[Path]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DuckBackend, "write", broken)
    with pytest.raises(OSError, match="No space"):
        run(bench.programme, ("1a",), files, Options(), duckdb(500, 1))
    assert files.out.read_bytes() == b"the old one"
    assert not [entry for entry in bench.folder.iterdir() if entry.name.startswith(".jarlig")]


def test_too_little_memory_and_a_broken_file_are_told_as_sentences(tmp_path):
    backend = DuckBackend(tmp_path, [], 20, 1)
    with pytest.raises(PolicyError) as caught:
        backend.ask("SELECT list(i) FROM range(30000000) t(i)")
    assert caught.value.problems[0].code == "E827"
    (tmp_path / "broken.parquet").write_bytes(b"PAR1" + b"x" * 40 + b"PAR1")
    with pytest.raises(PolicyError) as caught:
        backend.ask(f"SELECT * FROM {backend.source(tmp_path / 'broken.parquet')}")
    assert caught.value.problems[0].code == "E822"
    backend.close()


def test_no_case_at_all_gives_an_empty_table_with_its_columns(bench):
    assert bench.run([]) == {}
    names = read_table(bench.folder / "out.parquet").column_names
    assert names[:6] == ["case", "offer", "on", "at", "guide", "outcome"]
    assert bench.run([case("A", recognised_on="?")]) == {}
    assert len(bench.rejects) == 1


def test_an_answer_for_a_folder_that_is_not_there_is_refused_before_any_work(bench):
    files = bench.files([case("A")], [], [])
    with pytest.raises(FileNotFoundError, match="nowhere"):
        run(bench.programme, ("1a",), Files(files.cases, bench.folder / "nowhere" / "out.csv"), Options())


def test_names_of_folders_and_signs_in_names_are_only_names(tmp_path):
    """A folder called ``level=industry`` is no column, and ``[1]`` is no pattern, wherever it stands."""
    bench = Bench(tmp_path / "level=industry", tiny(tmp_path / "programme"))
    (bench.folder / "amount=7").mkdir()
    files = bench.files([case("A")], [line("A", 1, "90000000")], [])
    named = files.cases.rename(bench.folder / "c[1]*.csv")
    out = bench.folder / "amount=7" / "out.csv"
    report = run(bench.programme, ("1a",), Files(named, out, files.rows, files.history), Options(), duckdb(500, 1))
    assert [line_.amount for line_ in report.lines] == [Decimal("4000000.00")]
    assert read_table(out).to_pylist()[0]["amount"] == "4000000.00"


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


@pytest.mark.parametrize("over", ["out", "rejects", "default rejects"])
def test_nothing_that_is_read_is_written_over_or_removed(bench, over):
    files = bench.files([case("A")], [line("A", 1, "100")], [])
    before = files.cases.read_bytes()
    asked = {
        "out": Files(files.cases, files.cases, files.rows),
        "rejects": Files(files.cases, files.out, files.rows, rejects=files.cases),
        "default rejects": Files(files.cases.rename(bench.folder / "out.rejects.csv"), files.out, files.rows)
        if over == "default rejects" else files,
    }[over]  # fmt: skip
    with pytest.raises(PolicyError) as caught:
        run(bench.programme, ("1a",), asked, Options(), duckdb(500, 1))
    assert caught.value.problems[0].code == "E828"
    assert asked.cases.read_bytes() == before


def test_the_answer_goes_where_a_link_leads(bench):
    real = bench.folder / "elsewhere.parquet"
    (bench.folder / "out.parquet").symlink_to(real)
    assert bench.run([case("A")], [])["A", "1a"]["amount"] == 0
    assert real.is_file()


def test_limits_by_subjects_without_a_common_key_are_one_queue(tmp_path):
    circles = ("programme.yaml", "subjects: {enterprise: uscc,", "subjects: {grade: level, enterprise: uscc,")
    limit = ("measures/01.yaml", "{awards: 1, per: project}", "{awards: 1, per: grade}")
    bench = Bench(tmp_path / "tables", tiny(tmp_path / "programme", circles, limit))
    cases = [
        case("A", level="regional"), case("B", level="industry", on="2023-06-02"),
        case("C", level="industry", on="2023-06-03", uscc=OTHER),
        case("D", level="regional", on="2023-06-04", uscc=OTHER),
    ]  # fmt: skip
    answers = bench.run(cases, [line(row["case"], at, "90000000") for at, row in enumerate(cases)])
    said = [(answers[name, "1a"]["outcome"], answers[name, "1a"]["amount"]) for name in "ABCD"]
    assert said == [
        ("award", Decimal("4000000.00")), ("award", Decimal("2000000.00")),
        ("not_eligible", None), ("not_eligible", None),
    ]  # fmt: skip


def test_a_list_for_one_offer_is_known_as_its_own_column_or_the_shared_one_says(bench):
    rows = table(bench.folder / "own.csv", [line("A", 1, "100")])
    for said, outcome in (("given", "award"), (None, "undetermined"), ("no", "undetermined")):
        files = bench.files([case("A", investment=said)], None, [])
        asked = Files(files.cases, files.out, {"1a.investment": rows}, files.history)
        run(bench.programme, ("1a",), asked, Options(), duckdb(500, 1))
        assert read_table(files.out).to_pylist()[0]["outcome"] == outcome


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


def test_the_engine_reads_its_files_and_nothing_else(tmp_path):
    backend = DuckBackend(tmp_path, [tmp_path / "named.csv"], 300, 1)
    for query in (
        "SELECT * FROM read_csv('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/elsewhere.csv'", "INSTALL httpfs",
        "ATTACH '/tmp/elsewhere.db'", "SET enable_external_access = true", "SET memory_limit = '99GB'",
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"(?i)permission|cannot|disabled|locked"):
            backend.ask(query)
    backend.close()


@pytest.mark.parametrize("name", ["'; DROP TABLE cases; --", 'a"b', "日常", "x" * 200, " "])
def test_hostile_ids_are_only_ids(bench, name):
    answers = bench.run([case(name), case("B", project_code="P2")], [line(name, 1, "100")])
    assert answers[name, "1a"]["amount"] == Decimal("20.00")


def test_a_run_can_be_made_again_and_differences_are_named(bench):
    files = bench.files([case("A")], [line("A", 1, "100")], [])
    first = run(bench.programme, ("1a",), files, Options(), duckdb(500, 1)).manifest
    again = run(bench.programme, ("1a",), files, Options(), duckdb(500, 1)).manifest
    assert differences(first, again, bench.folder) == []
    bench.files([case("A")], [line("A", 1, "200")], [])
    other = run(bench.programme, ("1a",), files, Options(), duckdb(500, 1)).manifest
    told = [words.en for words in differences(first, other, bench.folder)]
    assert any("rows investment" in words for words in told)
    assert "the answer is another" in told
    assert any(words.startswith("totals differ: 1a award") for words in told)


def test_the_digest_sees_two_cases_that_changed_places(bench):
    """Counts and sums stay the same when two cases swap their awards; the digest does not."""

    def made(one: str, other: str) -> str:
        rows = [line("A", 1, one), line("B", 2, other)]
        bench.run([case("A"), case("B", uscc=OTHER)], rows)
        return str(bench.report.manifest["answer"]["content"])

    assert made("100", "200") == made("100", "200")
    assert made("100", "200") != made("200", "100")


def test_the_table_of_answers_is_in_the_order_of_the_cases(bench):
    bench.offers = ("1a", "2")
    names = [f"C{at:03d}" for at in range(60, 0, -1)]
    bench.run([case(name, uscc=None) for name in names], [])
    told = read_table(bench.folder / "out.parquet").to_pylist()
    assert [(row["case"], row["offer"]) for row in told] == [(name, offer) for name in names for offer in ("1a", "2")]


def test_every_kind_of_answer_table_says_the_same(bench):
    files = bench.files([case("A"), case("B", level=None, uscc=OTHER)], [line("A", 1, "100.05")], [])
    texts = []
    for ending in ("parquet", "csv", "xlsx", "arrow"):
        out = bench.folder / f"out.{ending}"
        run(bench.programme, ("1a",), Files(files.cases, out, files.rows, files.history), Options(), duckdb(500, 1))
        texts.append([[str(cell) for cell in row.values()] for row in read_table(out).to_pylist()])
    assert all(rows == texts[0] for rows in texts)
    assert texts[0][0][5:8] == ["award", "20.01", "20.01"]
