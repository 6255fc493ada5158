"""Keeping of files: once, whole, under their hash; the scanner; who may see what."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import stat
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError
from tests.service.documents.clamd import Clamd
from tests.service.documents.made import pdf, png

from jarlig.service.audit.models import Act
from jarlig.service.documents import scanner, store
from jarlig.service.documents.acts import store_file as storing
from jarlig.service.documents.acts.read_file import read_file
from jarlig.service.documents.acts.scan_file import scan_waiting
from jarlig.service.documents.acts.store_file import store_file
from jarlig.service.documents.models import StoredFile
from jarlig.service.documents.queries import file_of, files_of, scan_in_words, why_withheld
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState
from jarlig.service.launch.grants import LIMITS

ANA, BAT = UUID(int=1), UUID(int=2)


def by(person: UUID) -> Who:
    return Who(role="jarlig_person", person=person)


def kept(inside: bytes = pdf(), name: str = "授权委托书.pdf", **more: str) -> StoredFile:
    return store_file(io.BytesIO(inside), name, purpose="authorisation", **more)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of files of the test's own."""
    before, settings.FILES = settings.FILES, tmp_path
    yield tmp_path
    settings.FILES = before


def test_a_file_is_kept_under_its_hash_and_read_back(db: None, folder: Path) -> None:
    with acting(by(ANA)):
        file = kept()
        assert (file.kind, file.size, file.name, file.state) == ("pdf", len(pdf()), "授权委托书.pdf", "pending")
        place = folder / "stored" / file.sha256[:2] / file.sha256[2:4] / file.sha256
        assert place.read_bytes() == pdf()
        with read_file(file.pk)[1] as source:
            assert source.read() == pdf()
        assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0


def test_the_same_bytes_lie_there_once_and_their_rows_know_nothing_of_each_other(db: None, folder: Path) -> None:
    with acting(by(ANA)):
        first = kept()
    with acting(by(BAT)):
        second = kept(name="b.pdf")
        assert StoredFile.objects.get() == second
    assert first.sha256 == second.sha256
    assert len([one for one in (folder / "stored").rglob("*") if one.is_file()]) == 1


def test_nothing_half_written_stands_where_files_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= 4:
                raise OSError("the disk is full")
            return super().read(4)

    with pytest.raises(OSError, match="full"):
        store.keep(Broken(pdf()))
    assert [one for one in (folder / "stored").rglob("*") if one.is_file()] == []


def test_bytes_are_forced_to_the_disk_before_they_get_their_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("fsync"), fsync(handle)))
    monkeypatch.setattr(Path, "replace", lambda one, other: (done.append("rename"), replace(one, other)))
    store.keep(io.BytesIO(pdf()))
    assert done == ["fsync", "rename", "fsync", "fsync"]


def test_two_who_keep_the_same_bytes_at_once_both_succeed(folder: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(store.keep(io.BytesIO(png()))[0])) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 8 and len(set(found)) == 1


@pytest.mark.parametrize("text", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_no_text_becomes_a_path(text: str) -> None:
    with pytest.raises(ValueError, match="hash"):
        store.place(text)


def test_bytes_that_are_not_here_are_told(db: None, folder: Path) -> None:
    with acting(by(ANA)):
        file = kept()
        store.place(file.sha256).unlink()
        with pytest.raises(Missing):
            read_file(file.pk)


def test_a_person_sees_their_own_files_and_no_others(db: None) -> None:
    with acting(by(ANA)):
        file = kept(thing="a.thing", thing_id="7")
        assert files_of("a.thing", ["7"]) == {"7": [file]}
    with acting(by(BAT)):
        assert StoredFile.objects.count() == 0
        for identity in (file.pk, uuid4()):
            with pytest.raises(Missing):
                file_of(identity)
    with acting(Who(role="jarlig_person")):
        assert StoredFile.objects.count() == 0
        with pytest.raises(NotAllowed):
            kept()


def test_nobody_hands_in_a_file_as_another_or_calls_it_clean(db: None) -> None:
    values = {"sha256": "0" * 64, "size": 1, "kind": "pdf", "name": "a.pdf", "purpose": "x"}
    with acting(by(ANA)):
        made = kept()
    values |= {"uploaded_at": made.uploaded_at, "checked_at": made.checked_at}
    with pytest.raises(ProgrammingError), acting(by(ANA)):
        StoredFile(**values, uploaded_by=BAT).save(force_insert=True)
    with pytest.raises((ProgrammingError, IntegrityError)), acting(by(ANA)):
        StoredFile(**values, uploaded_by=ANA, state="clean", scanned_at=made.checked_at).save(force_insert=True)
    with pytest.raises(ProgrammingError), acting(by(ANA)):
        StoredFile.objects.update(state="clean", scanned_at=made.checked_at)
    with pytest.raises(ProgrammingError), acting(Who(role="jarlig_worker")):
        StoredFile.objects.update(sha256="1" * 64)


def test_a_refused_file_leaves_no_row_and_no_bytes(db: None, folder: Path) -> None:
    with acting(by(ANA)):
        with pytest.raises(Invalid):
            kept(b"<html>")
        assert StoredFile.objects.count() == 0
    assert not (folder / "stored").exists()


def test_a_day_has_its_measure(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "MOST_A_DAY", 2 * len(pdf()))
    with acting(by(ANA)):
        kept(), kept()
        with pytest.raises(Invalid, match="500 MB"):
            kept()
    with acting(by(BAT)):
        kept()


def test_the_log_has_the_hash_and_not_the_name(db: None) -> None:
    with acting(by(ANA)):
        file = kept(name="张三身份证.pdf")
        written = bytes(Act.objects.get(act="store_file").data).decode()
    assert file.sha256 in written and "张三" not in written


# the scanner


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Clamd]:
    """A scanner that answers."""
    one = Clamd(tmp_path / "clamd")
    settings.SCANNER = one.path
    yield one
    settings.SCANNER = ""
    one.close()


def test_without_a_scanner_a_file_is_told_as_not_scanned_and_served(db: None) -> None:
    with acting(by(ANA)):
        file = kept()
        assert file.state == "pending" and file.scanned_at is None
        assert "未" in scan_in_words(file) or "Not scanned" in scan_in_words(file)
        assert why_withheld(file) == ""
    with acting(Who(role="jarlig_worker")):
        assert scan_waiting() == 0


def test_what_the_scanner_passed_is_clean(db: None, clamd: Clamd) -> None:
    with acting(by(ANA)):
        file = kept()
        assert (file.state, clamd.seen) == ("clean", 1) and file.scanned_at
        assert StoredFile.objects.get().state == "clean"


def test_what_the_scanner_found_is_not_taken(db: None, clamd: Clamd) -> None:
    with acting(by(ANA)):
        with pytest.raises(Invalid, match=r"Test\.Virus"):
            kept(pdf(b"% virus"))
        assert StoredFile.objects.count() == 0


def test_a_scanner_that_does_not_answer_lets_nothing_through(db: None) -> None:
    settings.SCANNER = "/nowhere/clamd"
    try:
        with acting(by(ANA)):
            file = kept()
            assert file.state == "pending" and why_withheld(file)
            with pytest.raises(WrongState):
                read_file(file.pk)
        with acting(Who(role="jarlig_worker")):
            assert scan_waiting() == 0
    finally:
        settings.SCANNER = ""


def test_the_worker_asks_later_about_what_waits(db: None, tmp_path: Path) -> None:
    with acting(by(ANA)):
        good, bad = kept(), kept(pdf(b"% virus"))
    one = Clamd(tmp_path / "later")
    settings.SCANNER = one.path
    try:
        with acting(Who(role="jarlig_worker")):
            assert scan_waiting() == 2
            assert scan_waiting() == 0
        with acting(by(ANA)):
            file, source = read_file(good.pk)
            source.close()
            assert file.state == "clean"
            assert file_of(bad.pk).reason == "Test.Virus"
            with pytest.raises(WrongState):
                read_file(bad.pk)
    finally:
        settings.SCANNER = ""
        one.close()


class Hanging:
    """A scanner that takes the line and the bytes, and drips its answer or gives none."""

    def __init__(self, path: Path, drip: bytes) -> None:
        self.path, self.drip, self.over = str(path), drip, threading.Event()
        self.line = socket.socket(socket.AF_UNIX)
        self.line.bind(self.path)
        self.line.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            line, _ = self.line.accept()
            with line:
                while not self.over.wait(0.05):
                    line.sendall(self.drip)

    def close(self) -> None:
        self.over.set()
        self.line.close()
        self.thread.join()


@pytest.mark.parametrize(("inside", "drip"), [(pdf(), b""), (pdf(), b"s"), (pdf(b"%" + b" " * 4_000_000), b"")])
def test_a_scanner_that_hangs_or_drips_leaves_the_file_waiting(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: bytes, drip: bytes
) -> None:
    monkeypatch.setattr(scanner, "SECONDS", 0.5)
    hanging = Hanging(tmp_path / "hanging", drip)
    settings.SCANNER = hanging.path
    began = time.monotonic()
    try:
        with acting(by(ANA)):
            file = kept(inside)
            assert (file.state, bool(why_withheld(file))) == ("pending", True)
    finally:
        settings.SCANNER = ""
        hanging.close()
    assert time.monotonic() - began < 5


def test_a_scan_ends_well_before_the_database_ends_the_upload_as_idle() -> None:
    idle = LIMITS["idle_in_transaction_session_timeout"]
    assert idle.endswith("s") and 0 < scanner.SECONDS <= 8 < int(idle[:-1]) / 1.5


@pytest.mark.parametrize("most", [100, 2])
def test_files_whose_bytes_are_gone_keep_no_other_from_being_scanned(
    db: None, clamd: Clamd, caplog: pytest.LogCaptureFixture, most: int
) -> None:
    settings.SCANNER = ""
    with acting(by(ANA)):
        lost = [kept(pdf(b"%% lost %d" % number)) for number in range(3)]
        good, bad = kept(), kept(pdf(b"% virus"))
    for file in lost:
        store.place(file.sha256).unlink()
    settings.SCANNER = clamd.path
    with acting(Who(role="jarlig_worker")):
        assert (scan_waiting(most), scan_waiting(most)) == (2, 0)
    assert all(f"{file.pk} waits" in caplog.text for file in lost)
    with acting(by(ANA)):
        assert [file_of(file.pk).state for file in (good, bad, *lost)] == ["clean", "refused"] + ["pending"] * 3
        store.keep(io.BytesIO(pdf(b"% lost 1")))
    with acting(Who(role="jarlig_worker")):
        assert scan_waiting(most) == 1
    with acting(by(ANA)):
        assert file_of(lost[1].pk).state == "clean"


@pytest.mark.parametrize(
    ("said", "found"),
    [("stream: OK", ""), ("stream: X FOUND", "X"), ("INSTREAM size limit exceeded. ERROR", None), ("", None),
     ("stream: OK FOUND OK", None)],
)  # fmt: skip
def test_only_a_plain_ok_is_an_ok(said: str, found: str | None) -> None:
    verdict = scanner._read(said)
    assert (verdict.found if verdict else None) == found


@pytest.mark.parametrize("given", [{"scanned_at": datetime(2020, 1, 1, tzinfo=UTC)}, {"reason": "looked at"}])
def test_no_file_begins_with_the_word_of_a_scanner(db: None, given: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="without the word of a scanner"):
        row_by_hand(**given)


def test_when_a_file_was_handed_in_is_not_backdated(db: None) -> None:
    for day in (datetime(2020, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)):
        before, file = row_by_hand(uploaded_at=day)
        assert before <= file.uploaded_at < datetime(2199, 1, 1, tzinfo=UTC)


def row_by_hand(**given: object) -> tuple[datetime, StoredFile]:
    """A row as a program that forgets every rule would write it, and the instant before."""
    person = uuid4()
    with acting(Who(role="jarlig_person", person=person)):
        moment = now()
        values = {"uploaded_at": moment, "checked_at": moment, **given}
        StoredFile(sha256="0" * 64, size=1, kind="pdf", name="a.pdf", uploaded_by=person, purpose="x",
                   **values).save(force_insert=True)  # fmt: skip
        return moment, StoredFile.objects.get()
