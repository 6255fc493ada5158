"""Bytes of uploads that came to nothing go after a day; those of an upload under way, or of any row, never do."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from tests.service.documents.made import pdf, png

from jarlig.service.documents import jobs, leftover, store
from jarlig.service.documents.acts.store_file import store_file
from jarlig.service.documents.leftover import clear_away
from jarlig.service.documents.models import StoredFile
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import WrongState
from jarlig.service.ground.jobs import JOBS

WORKER = Who(role="jarlig_worker")
ANA = Who(role="jarlig_person", person=UUID(int=1))
TWO_DAYS = 2 * 86_400


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of files of the test's own."""
    before, settings.FILES = settings.FILES, tmp_path
    yield tmp_path
    settings.FILES = before


def hand_in(inside: bytes = pdf()) -> StoredFile:
    name = "a.png" if inside == png() else "a.pdf"
    return store_file(io.BytesIO(inside), name, purpose="authorisation")


def undone(inside: bytes = pdf()) -> Path:
    """The bytes of an upload whose transaction was rolled back."""
    place: list[Path] = []
    with pytest.raises(ZeroDivisionError), acting(ANA):
        place.append(store.place(hand_in(inside).sha256))
        raise ZeroDivisionError
    return place[0]


def grow_old(path: Path) -> Path:
    """Two days pass for a file."""
    told = path.stat()
    os.utime(path, (told.st_atime - TWO_DAYS, told.st_mtime - TWO_DAYS))
    return path


def cleared() -> int:
    with acting(WORKER):
        return clear_away()


def test_bytes_of_an_upload_that_was_undone_go_after_a_day_and_not_before(own_db: str) -> None:
    left = undone()
    assert left.exists() and cleared() == 0 and left.exists()
    grow_old(left)
    assert cleared() == 1 and not left.exists()


def test_bytes_that_a_row_names_stay_however_old(own_db: str) -> None:
    with acting(ANA):
        place = store.place(hand_in().sha256)
    grow_old(place)
    assert cleared() == 0 and place.read_bytes() == pdf()


def test_an_upload_that_finds_old_bytes_in_their_place_makes_them_new(own_db: str) -> None:
    left = grow_old(undone())
    assert undone() == left
    assert cleared() == 0 and left.exists()


def test_an_upload_under_way_is_never_removed_even_if_its_bytes_are_old(own_db: str) -> None:
    """Another transaction holds the upload open while the job runs; then it is kept, and the job runs again."""
    left, hold, under_way = undone(), threading.Event(), threading.Event()

    def upload() -> None:
        connection.settings_dict["NAME"] = own_db
        with acting(ANA):
            hand_in()
            grow_old(left)  # a slow upload: days pass between its bytes and its commit
            under_way.set()
            assert hold.wait(30)
        connection.close()

    thread = threading.Thread(target=upload)
    thread.start()
    try:
        assert under_way.wait(30)
        assert cleared() == 0 and left.exists()
    finally:
        hold.set()
        thread.join(30)
    assert cleared() == 0 and left.read_bytes() == pdf()


def test_a_row_that_was_written_after_the_first_look_saves_its_bytes(
    own_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, look = grow_old(undone()), leftover._known

    def late(hashes: list[str]) -> set[str]:
        seen = look(hashes)

        def upload() -> None:
            connection.settings_dict["NAME"] = own_db
            with acting(ANA):
                hand_in()
            connection.close()
            grow_old(left)

        thread = threading.Thread(target=upload)
        thread.start()
        thread.join(30)
        return seen

    monkeypatch.setattr(leftover, "_known", late)
    assert cleared() == 0 and left.exists()


def test_the_removal_holds_no_hash_when_it_is_done(own_db: str) -> None:
    with acting(WORKER):
        grow_old(undone_outside(own_db))
        assert clear_away() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            assert cursor.fetchone() == (0,)


def undone_outside(name: str) -> Path:
    """The same from another connection."""
    found: list[Path] = []

    def upload() -> None:
        connection.settings_dict["NAME"] = name
        found.append(undone())
        connection.close()

    thread = threading.Thread(target=upload)
    thread.start()
    thread.join(30)
    return found[0]


def test_what_a_killed_upload_had_begun_to_write_goes_too(own_db: str, folder: Path) -> None:
    store.incoming().mkdir(parents=True)
    old, new = store.incoming() / "tmpold", store.incoming() / "tmpnew"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    grow_old(old)
    assert cleared() == 1 and not old.exists() and new.exists()


def test_what_is_none_of_the_store_is_left_alone(own_db: str, folder: Path) -> None:
    other = folder / "stored" / "ab" / "cd" / "notes.txt"
    static = folder / "static" / "ab" / "cd" / ("a" * 64)
    for path in (other, static):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
        grow_old(path)
    assert cleared() == 0 and other.exists() and static.exists()


def test_a_folder_that_is_another_databases_is_not_emptied(own_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftover, "TOO_MANY", 1)
    left = [grow_old(undone(inside)) for inside in (pdf(), png())]
    with pytest.raises(WrongState, match="2"):
        cleared()
    assert all(path.exists() for path in left)


def test_the_worker_does_it_every_night(own_db: str) -> None:
    left = grow_old(undone())
    with acting(WORKER):
        JOBS["clear_away_bytes"].run()
    assert not left.exists() and jobs.clear_away_bytes.every
