"""What README and the guides show is what the command prints.

A block marked ``console`` holds commands after ``$ `` and their output; a line ``…`` stands for any lines. A YAML
block that begins with ``# NAME`` is a file that the commands after it may read; so is what follows that line in a
block of CSV, which has no comments.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRONT = [ROOT / "README.md", ROOT / "README.zh.md"]
PAGES = [*FRONT, *sorted((ROOT / "docs/guide").glob("*.md"))]
EDITIONS = [page for page in PAGES if page.name.endswith(".zh.md")]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY = "…"


def run(command: str, folder: Path) -> str:
    """What a command prints, both streams, without a terminal."""
    words = shlex.split(command)
    assert words[0] in ("jarlig", "./jarlig"), command
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "jarlig", *words[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def matches(shown: list[str], printed: list[str]) -> bool:
    """Whether the lines shown are the lines printed, ``…`` standing for any number of them."""
    if not shown:
        return not printed
    if shown[0] == ANY:
        return any(matches(shown[1:], printed[at:]) for at in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and matches(shown[1:], printed[1:])


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Each command of a block with the lines shown after it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.rstrip("\n").split("\n"):
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line.rstrip())
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_what_the_command_prints(page, tmp_path):
    for language, block in BLOCK.findall(page.read_text("utf-8")):
        first = block.split("\n", 1)[0]
        if language == "yaml" and re.fullmatch(r"# [\w.-]+\.yaml", first):
            (tmp_path / first[2:]).write_text(block, "utf-8")
        if language == "csv" and re.fullmatch(r"# [\w.-]+\.csv", first):
            (tmp_path / first[2:]).write_text(block.partition("\n")[2], "utf-8")
        if language == "console":
            for command, shown in commands(block):
                printed = [line.rstrip() for line in run(command, tmp_path).rstrip("\n").split("\n")]
                assert matches(shown, printed), f"{page.name}: {command} prints\n" + "\n".join(printed)


@pytest.mark.parametrize("page", FRONT, ids=lambda page: page.name)
def test_readme_shows_at_least_one_estimate_and_one_exact_answer(page):
    blocks = [block for language, block in BLOCK.findall(page.read_text("utf-8")) if language == "console"]
    assert sum(len(commands(block)) for block in blocks) >= 2


def original(edition: Path) -> Path:
    """The English page that a Chinese edition stands beside."""
    return edition.with_name(edition.name.replace(".zh.md", ".md"))


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda page: page.name)
def test_the_editions_link_to_each_other_at_their_top(edition):
    assert edition.read_text("utf-8").split("\n")[2] == f"[English]({original(edition).name})"
    assert original(edition).read_text("utf-8").split("\n")[2] == f"[中文]({edition.name})"


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda page: page.name)
def test_a_chinese_edition_has_the_sections_of_its_original(edition):
    headings = [re.findall(r"^(#+) ", page.read_text("utf-8"), re.MULTILINE) for page in (edition, original(edition))]
    assert headings[0] == headings[1]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda page: page.name)
def test_commands_of_a_chinese_edition_answer_in_chinese(edition):
    blocks = [block for language, block in BLOCK.findall(edition.read_text("utf-8")) if language == "console"]
    assert all(command.endswith(" --lang zh") for block in blocks for command, _ in commands(block))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_to_a_file_of_the_project_finds_it(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert links and not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", FRONT, ids=lambda page: page.name)
def test_python_in_readme_runs(page):
    for language, block in BLOCK.findall(page.read_text("utf-8")):
        if language == "python":
            done = subprocess.run(
                [sys.executable, "-c", block],
                env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            assert done.stdout.strip() == block.rsplit("# ", 1)[1].strip()


@pytest.mark.parametrize(
    ("shown", "same"), [(["a", "b"], True), (["a"], False), (["a", ANY], True), ([ANY, "b"], True), ([ANY, "c"], False)]
)
def test_an_ellipsis_stands_for_any_lines(shown, same):
    assert matches(shown, ["a", "b"]) is same
