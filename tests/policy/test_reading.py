"""A programme folder: what is not there, not readable or not ours is told; nothing is read half."""

import os

import pytest

from jarlig.policy.messages import PolicyError
from jarlig.policy.reading import MOST_FILES, read_files, read_programme, schemas


def code_of(folder) -> str:
    with pytest.raises(PolicyError) as caught:
        read_programme(folder)
    return caught.value.problems[0].code


def test_a_folder_that_is_not_there_or_has_no_programme_is_told(tmp_path):
    assert code_of(tmp_path / "nothing") == "E110"
    assert code_of(tmp_path) == "E111"


def test_a_file_too_large_is_refused_by_its_size_alone(tmp_path):
    (tmp_path / "programme.yaml").write_text("programme: x\n")
    with (tmp_path / "clauses.yaml").open("wb") as file:
        os.truncate(file.fileno(), 1 << 40)
    assert code_of(tmp_path) == "E101"


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "programme.yaml").write_text("programme: x\n")
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "programme.yaml")
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "round").symlink_to(tmp_path / "loop")
    with pytest.raises(PolicyError) as caught:
        read_programme(tmp_path)
    assert {p.code for p in caught.value.problems} == {"E202"}


def test_a_folder_with_too_many_files_is_not_a_programme(tmp_path):
    (tmp_path / "programme.yaml").write_text("programme: x\n")
    for number in range(MOST_FILES):
        (tmp_path / f"{number}.yaml").write_text("a: b\n")
    assert code_of(tmp_path) == "E112"


def test_every_problem_of_a_file_is_told_at_once():
    with pytest.raises(PolicyError) as caught:
        read_files({"programme.yaml": b"programme: x\nvaild: {}\ntitel: y\n"})
    codes = [p.code for p in caught.value.problems]
    assert codes.count("E201") == 2 and codes.count("E202") >= 4


def test_each_kind_of_file_has_a_schema():
    assert set(schemas()) == {"programme", "clauses", "measures", "guide", "local", "cases"}
