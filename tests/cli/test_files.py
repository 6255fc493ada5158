"""Files that a user names: read from anywhere, refused with a sentence, written whole or not at all."""

from __future__ import annotations

import io
import os
import stat
import sys
import threading
from pathlib import Path

import pytest
from tests.cli.conftest import FACTS, Run
from tests.policy.frame import codes

from jarlig.cli import files
from jarlig.cli.trouble import Trouble
from jarlig.policy.messages import PolicyError

ON = ("--on", "2023-06-01")


# Reading --------------------------------------------------------------------------------------------------------------


def test_facts_come_from_standard_input(run: Run, folder: Path) -> None:
    done = run("determine", folder, "1a", "--facts", "-", *ON, stdin=FACTS.encode())
    assert done.code == 0
    assert "200,000.02" in done.out


def test_facts_may_be_json_whatever_the_name_of_the_file(run: Run, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts"
    path.write_text('{"score": 70}', "utf-8")
    assert "100,000.00" in run("determine", folder, "2", "--facts", path, *ON).out


def test_facts_come_from_a_pipe_that_can_be_read_once_only_also_when_they_are_wrong(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    for text, code in ((FACTS, 0), (FACTS.replace("hardware", "hardwear"), 2)):
        os.mkfifo(pipe)
        writer = threading.Thread(target=pipe.write_text, args=(text,))
        writer.start()
        done = run("determine", folder, "1a", "--facts", pipe, *ON)
        writer.join()
        pipe.unlink()
        assert done.code == code
        assert ("did you mean “hardware”" in done.err) == (code == 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E109"),
        (b"\x7fELF\x02\x01\x00\x00", "E104"),
        ("名称: 甲".encode("gb18030"), "E102"),
        (b"{", "E140"),
        (b"[1, 2]", "E203"),
        (b'a: "x', "E126"),
        (b"a: &x 1\nb: *x", "E120"),
    ],
)
def test_a_file_that_holds_no_facts_is_refused_by_its_code(run: Run, folder: Path, content: bytes, code: str) -> None:
    done = run("determine", folder, "1a", "--facts", "-", *ON, stdin=content)
    assert (done.code, done.out) == (2, "")
    assert "<stdin>" in done.err
    assert f"error[{code}]" in done.err


def test_what_cannot_be_opened_is_told_in_both_languages(run: Run, folder: Path, tmp_path: Path) -> None:
    asked = {
        str(tmp_path / "没有.yaml"): ("没有这个文件或文件夹", "no such file or directory"),
        str(folder): ("这是文件夹，不是文件", "is a directory"),
        str(folder / "programme.yaml" / "x"): ("路径中有一段不是文件夹", "not a directory"),
        "x" * 300: ("文件名过长", "file name too long"),
        "a\x00b": ("路径中有无效字符", "an invalid character in the path"),
    }
    for path, (zh, en) in asked.items():
        for option in (["--facts", path], ["--facts", "-", "--history", path], ["--facts", "-", "--notice", path]):
            told = [run("determine", folder, "1a", *option, stdin=b"score: 1", lang=lang) for lang in ("zh", "en")]
            assert [done.code for done in told] == [2, 2]
            assert zh in told[0].err
            assert en in told[1].err


def test_a_file_without_permission_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Trouble) as trouble:
        files.contents("secret", "en")
    assert (trouble.value.zh, trouble.value.en) == (
        "无法读取 secret：没有权限",
        "cannot read secret: permission denied",
    )


def test_no_more_is_read_than_the_limit_and_one_byte(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(b"x" * 100)
    assert len(files.contents(str(path), "en", most=10)) == 11


@pytest.mark.parametrize("text", ["[]", "history: []", "- {offer: 2, on: 2022-07-01, state: paid, approved: 10}"])
def test_a_history_is_a_list_or_a_mapping_with_one(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert files.history("-", "en") == ([] if "[]" in text else [
        {"offer": "2", "on": "2022-07-01", "state": "paid", "approved": "10"}
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("other: []", "E203", 1),
        ("history: 7", "E203", 1),
        ("x", "E203", 1),
        ("history:\n  - {offer: 2, state: payed}", "E803", 2),
        ("- {on: 2022-07-01}\n- {on: 2022-13-01}", "E803", 2),
    ],
)
def test_a_wrong_history_is_told_at_its_own_line(
    text: str, code: str, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    with pytest.raises(PolicyError) as error:
        files.history("-", "en")
    assert codes(error.value) == [code]
    assert (error.value.problems[0].place.file, error.value.problems[0].place.line) == ("<stdin>", line)


def test_a_notice_may_have_lines_of_any_length_and_tabs(tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_text("甲" * 50_000 + "\t乙", "utf-8")
    assert files.text(str(path), "en").rstrip().endswith("甲 乙")


# Writing --------------------------------------------------------------------------------------------------------------


def test_a_file_is_written_with_the_permissions_that_any_new_file_gets(tmp_path: Path) -> None:
    path = tmp_path / "手册.html"
    before = os.umask(0o027)
    try:
        files.write_whole(str(path), "甲\n")
    finally:
        os.umask(before)
    assert path.read_text("utf-8") == "甲\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_cannot_be_written_whole_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    path.write_text("old", "utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Trouble, match="no space left"):
        files.write_whole(str(path), "new")
    assert path.read_text("utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("name", "zh", "en"), [("nowhere/x", "没有文件夹", "no folder"), ("there", "这是文件夹", "a folder; name a file")]
)
def test_a_place_that_cannot_hold_a_file_is_told(tmp_path: Path, name: str, zh: str, en: str) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(Trouble) as trouble:
        files.write_whole(str(tmp_path / name), "new")
    assert zh in trouble.value.zh
    assert en in trouble.value.en


def test_a_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    files.write_whole("/dev/null", "x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old", "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    files.write_whole(str(tmp_path / "link"), "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text("utf-8") == "new"
