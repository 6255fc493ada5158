"""``jarlig run``: the table of a run on the terminal, its files, and every way to ask wrongly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.tiny import CODE

from jarlig.tabular import read_table
from jarlig.words.layout import width

HEAD = "case,on,uscc,registered_at,project_code,level,newly_built,recognised_on,score,group.size\n"
ROW = f"{{}},2023-06-01,{CODE},150102,{{}},regional,true,2023-01-01,70,small\n"
LINES = (
    "case,seller,invoice_no,reverses,net,category,paid_on\n"
    f"A,{CODE},23151000000000000001,none,1000000.10,hardware,2022-07-01\n"
)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Cases, rows and an empty history, in a folder with a Chinese name and a space."""
    where = tmp_path / "数据 表"
    where.mkdir()
    (where / "cases.csv").write_text(HEAD + ROW.format("A", "P1") + ROW.format("B", "P2"), "utf-8")
    (where / "rows.csv").write_text(LINES, "utf-8")
    (where / "history.csv").write_text("offer,on,state\n", "utf-8")
    return where


def arguments(folder: Path, tables: Path, *more: str | Path) -> list[str | Path]:
    return [
        "run", folder, "--cases", tables / "cases.csv", "--rows", f"investment={tables / 'rows.csv'}",
        "--history", tables / "history.csv", "--out", tables / "out.csv", "--memory", "500", *more,
    ]  # fmt: skip


def test_a_run_tells_awards_sums_and_files_in_the_language_asked_for(run: Run, folder: Path, tables: Path) -> None:
    zh, en = (run(*arguments(folder, tables), lang=lang) for lang in ("zh", "en"))
    assert (zh.code, zh.err, en.code, en.err) == (0, "", 0, "")
    assert "测算 2 个案例" in zh.out
    assert "Cases answered: 2" in en.out
    assert "400,000.02" in en.out  # 200,000.02 under 1a; twice 100,000 under 2
    assert "guide (sample)" in en.out
    assert max(width(line) for done in (zh, en) for line in done.out.splitlines()) <= 80
    answers = read_table(tables / "out.csv").to_pylist()
    assert [(row["case"], row["offer"], row["amount"], row["group.size"]) for row in answers] == [
        ("A", "1a", "200000.02", "small"), ("A", "2", "100000.00", "small"),
        ("B", "1a", "0.00", "small"), ("B", "2", "100000.00", "small"),
    ]  # fmt: skip


def test_the_manifest_names_every_file_and_can_be_run_again(run: Run, folder: Path, tables: Path) -> None:
    told = json.loads(run(*arguments(folder, tables, "--json")).out)
    assert told == json.loads((tables / "out.manifest.json").read_text("utf-8"))
    assert told["inputs"].keys() == {"cases", "rows investment", "history"}
    assert all(len(entry["sha256"]) == 64 for entry in told["inputs"].values())
    again = run("run", folder, "--again", tables / "out.manifest.json")
    assert again.code == 0
    assert again.out.startswith("✓ the same again")
    written = (tables / "out.csv").read_text("utf-8")
    (tables / "out.csv").write_text(written.replace("200000.02", "900000.02"), "utf-8")
    edited = run("run", folder, "--again", tables / "out.manifest.json")
    assert (edited.code, "was changed after it was written" in " ".join(edited.out.split())) == (1, True)
    (tables / "out.csv").write_text(written, "utf-8")
    (tables / "rows.csv").write_text(LINES.replace("1000000.10", "1000000.20"), "utf-8")
    changed = run("run", folder, "--again", tables / "out.manifest.json")
    assert changed.code == 1
    assert "the table rows investment" in changed.out
    assert "the answer is another" in changed.out
    machine = json.loads(run("run", folder, "--again", tables / "out.manifest.json", "--json").out)
    assert machine["same"] is False
    assert machine["differences"][0]["zh"]


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("programme_files", None), ("totals", None), ("inputs.cases.sha256", None), ("answer.sha256", None),
        ("answer.content", None), ("totals.1.offer", None), ("inputs.cases", None), ("inputs", []), ("offers", [1]),
        ("programme_files", []), ("totals", {}), ("on", 5), ("guide", "2023"), ("answer.file", None),
    ],
)  # fmt: skip
def test_a_manifest_that_lacks_something_is_refused_before_the_run(
    run: Run, folder: Path, tables: Path, entry: str, value: object
) -> None:
    run(*arguments(folder, tables))
    path = tables / "out.manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    *outer, last = entry.split(".")
    place = manifest
    for name in outer:
        place = place[int(name) - 1] if isinstance(place, list) else place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    path.write_text(json.dumps(manifest), "utf-8")
    zh, en = (run("run", folder, "--again", path, lang=lang) for lang in ("zh", "en"))
    assert (zh.code, en.code) == (2, 2)
    assert f"“{entry}”缺失或有误" in zh.err
    assert "no manifest of a run" in en.err


def test_a_manifest_is_understood_wherever_it_is_read(
    run: Run, folder: Path, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tables / "out").mkdir()
    monkeypatch.chdir(tables)
    asked = arguments(folder, Path(), "--out", "out/answer.csv")
    told = json.loads(run(*asked, "--json").out)
    assert {name: entry["file"] for name, entry in told["inputs"].items()} == {
        "cases": "../cases.csv", "rows investment": "../rows.csv", "history": "../history.csv",
    }  # fmt: skip
    assert told["answer"]["file"] == "answer.csv"
    assert told["answer"]["content_of"] == ["case", "offer", "outcome", "formula_amount", "amount"]
    moved = tables.rename(tables.parent / "moved")
    monkeypatch.chdir(moved.parent)
    assert run("run", folder, "--again", "moved/out/answer.manifest.json").code == 0
    (moved / "out" / "answer.csv").write_text("", "utf-8")
    assert run("run", folder, "--again", moved / "out" / "answer.manifest.json").code == 1


def test_the_names_of_conditions_in_the_answer_are_told_in_the_manifest(run: Run, folder: Path, tables: Path) -> None:
    (tables / "cases.csv").write_text(HEAD + ROW.replace("true", "false").format("A", "P1"), "utf-8")
    told = json.loads(run(*arguments(folder, tables, "--json")).out)["refused"]
    refused = {row["offer"]: row["refused"] for row in read_table(tables / "out.csv").to_pylist() if row["refused"]}
    assert refused == {"1a": "when.1"}
    assert told["1a"]["when.1"] == {"zh": "新建", "en": "newly built"}
    assert all(set(words) == {"zh", "en"} for gates in told.values() for words in gates.values())


def test_rows_put_aside_are_counted_and_the_reader_is_told_where(run: Run, folder: Path, tables: Path) -> None:
    bad = ROW.replace("true", "yes").format("B", "P2")
    (tables / "cases.csv").write_text(HEAD + ROW.format("A", "P1") + bad, "utf-8")
    done = run(*arguments(folder, tables))
    assert done.code == 0
    assert "rows that cannot be used: 1; cases left out: 1" in " ".join(done.out.split())
    assert read_table(tables / "out.rejects.csv").to_pylist()[0]["column"] == "newly_built"


def test_one_offer_with_its_steps(run: Run, folder: Path, tables: Path) -> None:
    assert run(*arguments(folder, tables, "--offer", "1a", "--steps")).code == 0
    assert read_table(tables / "out.csv").to_pylist()[0]["step.base"] == "1000000.10"


WRONG = {
    "no cases": (["--out", "o.csv"], "--cases and --out"),
    "steps of all offers": (["--steps"], "one offer"),
    "rows without a name": (["--rows", "rows.csv"], "NAME=FILE"),
    "rows given twice": (["--rows", "investment=x.csv"], "given twice"),
    "paid without a name": (["--paid", "paid.csv"], "--paid is written NAME=FILE"),
    "paid given twice": (["--paid", "investment=x.csv", "--paid", "investment=y.csv"], "--paid investment is given"),
    "no such list": (["--rows", "investmnt=x.csv"], "investment"),
    "no such offer": (["--offer", "1b"], "1a"),
    "no such guide": (["--guide", "2031"], "2023"),
    "no such day": (["--on", "2023-02-30"], "2023-02-30"),
    "no such engine": (["--engine", "sqlite"], "duckdb"),
    "a master without spark": (["--master", "local[2]"], "spark"),
    "an unknown table": (["--out", "out.ods"], ".parquet"),
    "the answer over its cases": (["--out", "CASES"], "cannot be written over"),
    "no manifest": (["--again", "CASES"], "no manifest"),
    "too little memory": (["--memory", "1"], "256"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_asked_is_answered_with_a_sentence(run: Run, folder: Path, tables: Path, what: str) -> None:
    extra, words = WRONG[what]
    extra = [str(tables / "cases.csv") if text == "CASES" else text for text in extra]
    base = arguments(folder, tables) if what != "no cases" else ["run", folder]
    for lang in ("zh", "en"):
        done = run(*base, *extra, lang=lang)
        assert done.code == 2, done
        assert done.err.strip()
        assert "Traceback" not in done.err
    assert words in done.err
    assert sorted(path.name for path in tables.iterdir()) == ["cases.csv", "history.csv", "rows.csv"]


def test_a_table_that_is_not_there_is_named(run: Run, folder: Path, tables: Path) -> None:
    (tables / "rows.csv").unlink()
    done = run(*arguments(folder, tables))
    assert done.code == 2
    assert "rows.csv" in done.err


def test_help_speaks_the_readers_language(run: Run) -> None:
    assert "明细表" in run("run", "--help", lang="zh").out
    assert "A table of rows" in run("run", "--help", lang="en").out
