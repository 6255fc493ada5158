"""What holds for the room as a whole: its names, its errors, its tables."""

import inspect
from importlib.resources import files

import pytest

import jarlig.reference as room
from jarlig.reference import errors


def test_every_name_is_exported_once_and_in_order() -> None:
    assert room.__all__ == sorted(set(room.__all__))
    assert all(hasattr(room, name) for name in room.__all__)


def test_every_error_belongs_to_one_family_and_speaks_both_languages() -> None:
    kinds = [item for _, item in inspect.getmembers(errors, inspect.isclass) if issubclass(item, Exception)]
    assert len(kinds) == 7
    assert all(issubclass(kind, room.ReferenceFault) for kind in kinds)
    with pytest.raises(room.ReferenceFault) as caught:
        room.check_bank_routing("1")
    assert (caught.value.zh, str(caught.value)) == ("联行号应为12位数字。", "bank routing code: 12 digits expected.")
    assert caught.value.en == str(caught.value)


def test_every_public_name_says_what_it_promises() -> None:
    assert [name for name in room.__all__ if not (getattr(room, name).__doc__ or "").strip()] == []


def test_every_table_names_its_source_on_top() -> None:
    tables = [item for item in files("jarlig.reference").joinpath("data").iterdir() if item.name.endswith(".csv")]
    assert len(tables) == 4
    assert all(item.read_text(encoding="utf-8").startswith("# ") for item in tables)
