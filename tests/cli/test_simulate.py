"""``jarlig simulate``: the report, the data, what is told on the screen, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.tiny import CODE
from tests.whatif.comparing import reform_file, table

CASES = f"""\
case,on,uscc,registered_at,score,group.size
a,2023-05-01,{CODE},150102,70,small
b,2023-05-02,{CODE},150102,90,large
c,2023-05-03,{CODE},150102,,large
"""
REFORM = """\
reform: more
title: {zh: 提高奖励, en: More for all}
from: 2023-01-01
to: 2023-12-31
offers:
  "2": {amount: {bands: {60 to under 80: 150_000}}}
"""


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder with cases and a reform, under a name with a space."""
    folder = tmp_path / "数 据"
    folder.mkdir()
    (folder / "cases.csv").write_text(CASES, "utf-8")
    (folder / "reform.yaml").write_text(REFORM, "utf-8")
    return folder


def asked(folder: Path, tables: Path, *more: str | Path) -> list[str | Path]:
    out = tables / "report.html"
    sides = ["rules", tables / "reform.yaml"]
    return ["simulate", folder, *sides, "--offer", "2", "--cases", tables / "cases.csv", "--out", out, *more]


def test_the_report_is_written_and_its_sums_are_told(run: Run, folder: Path, tables: Path) -> None:
    done = run(*asked(folder, tables))
    assert (done.code, done.err) == (0, "")
    assert "More for all" in done.out and "+50,000.00" in done.out
    assert "gain: 1 (+50,000.00); lose: 0 (0.00); unchanged: 2" in done.out
    assert "Illustrative, not government documents: Tiny programme; guide (sample)" in done.out
    page = (tables / "report.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>") and "More for all" in page and "400,000.00" in page
    assert not list(tables.glob(".jarlig-run-*"))


def test_the_report_is_in_the_language_that_is_spoken(run: Run, folder: Path, tables: Path) -> None:
    done = run(*asked(folder, tables), lang="zh")
    assert done.code == 0 and "3 个案例：1 个增加（+50,000.00）" in done.out
    assert "提高奖励" in (tables / "report.html").read_text("utf-8")
    run(*asked(folder, tables, "--lang", "en"), lang="zh")
    assert "More for all" in (tables / "report.html").read_text("utf-8")


@pytest.mark.parametrize("ending", ["json", "xlsx", "parquet"])
def test_data_is_written_beside_the_report(run: Run, folder: Path, tables: Path, ending: str) -> None:
    done = run(*asked(folder, tables, "--data", tables / f"data.{ending}"))
    assert done.code == 0 and f"data.{ending}" in done.out.replace("\n", "")
    assert (tables / f"data.{ending}").stat().st_size > 100


def test_json_is_the_comparison_alone(run: Run, folder: Path, tables: Path) -> None:
    told = json.loads(run(*asked(folder, tables, "--json")).out)
    (total,) = told["tables"]["total"]
    assert (total["cost_a"], total["cost_b"], total["difference"]) == ("400000.00", "450000.00", "50000.00")
    assert (total["not_known_a"], total["not_known_b"]) == (1, 1)
    assert [side["asked"] for side in told["rules"]] == ["rules", "reform.yaml"]
    assert str(tables) not in json.dumps(told, ensure_ascii=False)


def test_the_same_asked_again_is_the_same_report(run: Run, folder: Path, tables: Path) -> None:
    run(*asked(folder, tables))
    first = (tables / "report.html").read_bytes()
    run(*asked(folder, tables))
    assert (tables / "report.html").read_bytes() == first


def test_rows_put_aside_are_told_and_written(run: Run, folder: Path, tables: Path) -> None:
    (tables / "cases.csv").write_text(CASES + f"a,2023-05-01,{CODE},150102,70,small\n", "utf-8")
    done = run(*asked(folder, tables))
    assert done.code == 0 and "cases that cannot be used: 2" in done.out
    assert "id of the case stands twice" in (tables / "report.rejects.csv").read_text("utf-8")


def test_a_mistake_in_the_reform_is_told_at_its_line_and_nothing_is_written(
    run: Run, folder: Path, tables: Path
) -> None:
    (tables / "reform.yaml").write_text(REFORM.replace("amount:", "amuont:"), "utf-8")
    done = run(*asked(folder, tables))
    assert done.code == 2 and "reform.yaml:6:9" in done.err and "Did you mean “amount”?" in done.err
    assert not (tables / "report.html").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--out", "report.pdf"), "the report is an .html file"),
        (("--data", "data.docx"), "E875"),
        (("--offer", "9"), "E811"),
        (("--on", "soon"), "E803"),
        (("--master", "local"), "--master goes with --engine spark"),
        (("--rows", "investment"), "--rows is written NAME=FILE"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_is_written(
    run: Run, folder: Path, tables: Path, more: tuple[str, ...], said: str
) -> None:
    done = run(*asked(folder, tables, *more))
    assert done.code == 2 and said in done.err
    assert not (tables / "report.html").exists() and not list(tables.glob("data.*"))


def test_what_is_read_is_not_written_over(run: Run, folder: Path, tables: Path) -> None:
    cases = tables / "cases.xlsx"
    cases.write_bytes(b"as it was")
    done = run(*asked(folder, tables, "--cases", cases, "--data", cases))
    assert done.code == 2 and "cannot be written over what is read" in done.err
    assert cases.read_bytes() == b"as it was"


def test_the_help_says_how_rules_are_written_in_both_languages(run: Run) -> None:
    zh, en = (run("simulate", "--help", lang=lang) for lang in ("zh", "en"))
    assert "现行规则" in zh.out and "at:150200" in zh.out and "as they stand" in en.out


def test_the_schema_of_reforms_is_printed(run: Run) -> None:
    assert json.loads(run("schema", "--kind", "reform").out)["title"] == "Jarlig reform file"


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "!事项2b的“金额”改为9,000,000"), ("en", "! “amount” of offer 2b becomes 9,0")]
)
def test_a_reform_without_effect_says_so_on_the_terminal(run: Run, tmp_path: Path, lang: str, said: str) -> None:
    reform = reform_file(tmp_path, "offers: {2b: {amount: 9_000_000}}\n")
    table(tmp_path, "case,on\na,2023-05-01\n")
    asked = ("simulate", "nmg-ecommerce-2022", "rules", reform, "--offer", "2b", "--cases", tmp_path / "cases.csv")
    done = run(*asked, "--out", tmp_path / "r.html", lang=lang)
    assert (done.code, done.err) == (0, "")
    assert said in ("".join(done.out.split()) if lang == "zh" else " ".join(done.out.split()))
