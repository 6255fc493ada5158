"""The text of the first programme's notice, where it is at hand, is the text that was encoded.

The project does not carry the text. These tests look for it beside the checkout and are passed over where it is not;
with CI set it must be there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jarlig.policy.notice import check_notice
from jarlig.policy.reading import read_programme

ROOT = Path(__file__).parents[2]
NOTICE = ROOT.parent / "shared/data/notice.en.txt"
PROGRAMME = read_programme(ROOT / "src/jarlig/programmes/nmg-ecommerce-2022")
PARAGRAPHS = sorted({clause.paragraph for clause in PROGRAMME.clauses.values()})


@pytest.fixture(scope="module")
def lines() -> list[str]:
    if not NOTICE.is_file() and "CI" not in os.environ:
        pytest.skip("the text of the notice is not beside the checkout")
    return NOTICE.read_text("utf-8").splitlines()


def test_the_text_at_hand_is_the_text_that_was_encoded(lines):
    assert check_notice(PROGRAMME, "\n".join(lines), "notice") == ()


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_one_changed_word_names_the_clause(lines, paragraph):
    words = lines[paragraph - 1].split(" ")
    middle = len(words) // 2
    changed = [*lines]
    changed[paragraph - 1] = " ".join([*words[:middle], words[middle] + "x", *words[middle + 1 :]])
    problems = check_notice(PROGRAMME, "\n".join(changed), "notice")
    owners = {name for name, clause in PROGRAMME.clauses.items() if clause.paragraph == paragraph}
    assert problems
    assert any(f"clause {name} " in problem.en for problem in problems for name in owners)
    others = {name.split(".")[0] for name in PROGRAMME.clauses} - {name.split(".")[0] for name in owners}
    assert not any(f"clause {name} " in problem.en for problem in problems for name in others)


def test_white_space_and_line_ends_do_not_matter(lines):
    text = "\r\n".join("  " + line.replace(" ", "\u00a0 ") + " " for line in lines)
    assert check_notice(PROGRAMME, text, "notice") == ()


def test_every_paragraph_of_the_text_belongs_to_a_clause(lines):
    assert {number for number, line in enumerate(lines, 1) if line.strip()} == set(PARAGRAPHS)
