"""``jarlig receipt``, ``jarlig handbook`` and ``jarlig anchor``: what is kept, printed and anchored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.tiny import PARAGRAPHS, edited

from jarlig import library
from jarlig.words import handbook


@pytest.fixture
def report(run: Run, folder: Path, facts: Path, tmp_path: Path) -> Path:
    """What ``determine --json`` printed, kept in a file."""
    path = tmp_path / "凭证.json"
    done = run("determine", folder, "1a", "--facts", facts, "--on", "2023-06-01", "--json")
    path.write_text(done.out, "utf-8")
    return path


# Receipts -------------------------------------------------------------------------------------------------------------


def test_what_determine_printed_is_verified_from_a_file_and_from_standard_input(
    run: Run, folder: Path, report: Path
) -> None:
    for lang, told in (("zh", "凭证属实"), ("en", "The receipt holds")):
        done = run("receipt", "verify", report, "--programme", folder, lang=lang)
        assert (done.code, done.err) == (0, "")
        assert told in done.out
    assert run("receipt", "verify", "-", "--programme", folder, stdin=report.read_bytes()).code == 0


def test_the_receipt_alone_is_verified_too(run: Run, folder: Path, report: Path) -> None:
    receipt = json.loads(report.read_text("utf-8"))["receipt"]
    report.write_text(json.dumps(receipt), "utf-8")
    assert run("receipt", "verify", report, "--programme", folder).code == 0


def test_a_changed_figure_fails(run: Run, folder: Path, report: Path) -> None:
    report.write_text(report.read_text("utf-8").replace('"amount": "200000.02"', '"amount": "200000.03"'), "utf-8")
    done = run("receipt", "verify", report, "--programme", folder)
    assert done.code == 1
    assert "200,000.03" in done.out.replace("200000.03", "200,000.03")
    assert "The receipt does not hold" in done.out


def test_changed_rules_fail_and_are_named(run: Run, report: Path, tmp_path: Path) -> None:
    other = edited(tmp_path / "other", ("measures/01.yaml", "rate: 20%", "rate: 19%"))
    done = run("receipt", "verify", report, "--programme", other)
    assert done.code == 1
    assert "measures/01.yaml" in done.out


def test_a_programme_that_is_not_at_hand_fails(run: Run, report: Path, tmp_path: Path) -> None:
    assert run("receipt", "verify", report).code == 1
    other = edited(tmp_path / "other", ("programme.yaml", "programme: tiny", "programme: another"))
    assert run("receipt", "verify", report, "--programme", other).code == 1


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"format": "x"}', b'{"receipt": null}'])
def test_what_is_no_receipt_does_not_hold(run: Run, content: bytes) -> None:
    done = run("receipt", "verify", "-", stdin=content)
    assert done.code == 1
    assert "The receipt does not hold" in done.out


def test_a_receipt_that_is_not_there_is_bad_input(run: Run, report: Path) -> None:
    assert run("receipt", "verify", "nowhere.json").code == 2
    assert run("receipt", "verify", report, "--programme", "nowhere").code == 2


def test_an_answer_of_a_shipped_programme_is_verified_without_naming_a_folder(run: Run, tmp_path: Path) -> None:
    name, folder = next(iter(library.shipped().items()))
    facts = next(iter(sorted((folder / "enterprises").glob("*.yaml"))))
    offer = next(iter(library.load(name).offers))
    report = run("determine", name, offer, "--facts", facts, "--on", "2023-06-30", "--json").out
    done = run("receipt", "verify", "-", stdin=report.encode())
    assert (done.code, "The receipt holds" in done.out) == (0, True)


# Handbook -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_handbook_is_written_in_the_language_asked_for(run: Run, folder: Path, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "手册.html"
    done = run("handbook", folder, "--out", path, "--lang", lang)
    assert (done.code, done.err) == (0, "")
    assert str(path) in done.out
    page = path.read_text("utf-8")
    assert page == handbook.render(library.load(folder).model, lang)
    assert ("新建平台补助" if lang == "zh" else "new platform") in page


def test_a_handbook_that_cannot_be_made_leaves_the_old_one(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "old.html"
    path.write_text("old", "utf-8")
    broken = edited(tmp_path / "p", ("measures/01.yaml", "rate: 20%", "rate: 2o%"))
    assert run("handbook", broken, "--out", path).code == 2
    assert path.read_text("utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["old.html"]


@pytest.mark.parametrize("out", ["nowhere/x.html", "."])
def test_a_handbook_needs_a_folder_and_a_name(run: Run, folder: Path, tmp_path: Path, out: str) -> None:
    done = run("handbook", folder, "--out", tmp_path / out)
    assert (done.code, done.out) == (2, "")
    assert "cannot write" in done.err


# Anchors --------------------------------------------------------------------------------------------------------------


def test_an_anchor_is_the_line_that_the_programme_holds(run: Run, folder: Path, notice: Path) -> None:
    done = run("anchor", folder, "--notice", notice, "1.1", "20%")
    assert (done.code, done.err) == (0, "")
    assert f"rate: {done.out.strip()}" in (folder / "measures/01.yaml").read_text("utf-8")


def test_words_may_be_given_without_quotes(run: Run, folder: Path, notice: Path) -> None:
    at = PARAGRAPHS[4].index("各地加强")
    assert f"from: {at}, to: {at + 4}" in run("anchor", folder, "--notice", notice, "4", "各地加强").out
    spaced = notice.read_text("utf-8").replace("各地加强宣传", "各地 加强 宣传")
    notice.write_text(spaced, "utf-8")
    assert run("anchor", folder, "--notice", notice, "4", "各地", "加强").code == 0


@pytest.mark.parametrize(
    ("clause", "words", "code"), [("1.1", "万元", "E909"), ("1.1", "百分", "E909"), ("9", "x", "E303")]
)
def test_words_that_do_not_stand_there_once_are_refused(
    run: Run, folder: Path, notice: Path, clause: str, words: str, code: str
) -> None:
    done = run("anchor", folder, "--notice", notice, clause, words)
    assert (done.code, done.out) == (2, "")
    assert f"error[{code}]" in done.err
