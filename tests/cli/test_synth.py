"""``jarlig synth``: what it tells, in both languages, and what it refuses before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from jarlig.cli import app

PROGRAMME = "nmg-ecommerce-2022"
FEW = ("--enterprises", "60", "--seed", "7")


def test_it_tells_the_tables_the_defects_and_where_they_are(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "示意 数据"
    done = run("synth", PROGRAMME, *FEW, "--out", out, "--year", "2023", "--everyone")
    assert (done.code, done.err) == (0, "")
    assert "none is real" in done.out
    assert "cases.parquet" in done.out
    assert f"written: {out}" in done.out
    assert {"README.txt", "manifest.json", "cases.parquet", "history.parquet"} <= {p.name for p in out.iterdir()}
    assert list(tmp_path.iterdir()) == [out]


def test_in_chinese_it_speaks_chinese(run: Run, tmp_path: Path) -> None:
    done = run("synth", PROGRAMME, *FEW, "--out", tmp_path / "out", lang="zh")
    assert done.code == 0
    assert "全部由程序虚构" in done.out
    assert "已写入" in done.out
    assert "none is real" not in done.out
    everyone = run("synth", PROGRAMME, *FEW, "--out", tmp_path / "all", "--everyone", "--enterprises", "400", lang="zh")
    assert "拒绝（E8" in everyone.out
    assert "refused" not in everyone.out


def test_as_json_it_is_the_manifest(run: Run, tmp_path: Path) -> None:
    done = run("synth", PROGRAMME, *FEW, "--out", tmp_path / "out", "--json")
    assert json.loads(done.out) == json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_tables_of_the_kind_asked_for_are_written(run: Run, tmp_path: Path, kind: str) -> None:
    done = run("synth", PROGRAMME, *FEW, "--out", tmp_path / "out", "--format", kind, "--clean")
    assert done.code == 0
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {f".{kind}", ".json", ".txt"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--enterprises", "0"), "E861"),
        (("--enterprises", "99999999999999999999999"), "E861"),
        (("--enterprises", "many"), "many"),
        (("--seed", "-1"), "E861"),
        (("--parcels", "1000000001"), "E861"),
        (("--year", "1999"), "E812"),
        (("--profile", "nowhere"), "E862"),
        (("--profile", "../../secrets.yaml"), "E862"),
        (("--format", "sql"), "sql"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = run("synth", PROGRAMME, *FEW, "--out", tmp_path / "out", *arguments)
    assert done.code == app.BAD_INPUT
    assert told in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_programme_that_there_is_not_is_told(run: Run, tmp_path: Path) -> None:
    done = run("synth", "nowhere", *FEW, "--out", tmp_path / "out")
    assert done.code == app.BAD_INPUT
    assert "E114" in done.err


def test_a_folder_that_is_not_empty_or_not_there_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    done = run("synth", PROGRAMME, *FEW, "--out", tmp_path)
    assert "E860" in done.err
    missing = run("synth", PROGRAMME, *FEW, "--out", tmp_path / "a" / "b")
    assert missing.code == app.BAD_INPUT
    assert "Traceback" not in missing.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_programme_of_ones_own_is_populated_too(run: Run, folder: Path, tmp_path: Path) -> None:
    done = run("synth", folder, *FEW, "--out", tmp_path / "out", "--everyone")
    assert done.code == 0
    assert (tmp_path / "out" / "investment.parquet").is_file()


def test_the_command_stands_in_the_list_and_has_its_page(run: Run) -> None:
    assert "synth" in run().out
    page = run("synth", "--help").out
    assert "--enterprises" in page
    assert "Makes up a population" in page
