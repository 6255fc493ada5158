"""A folder that was imported: kept, checked by a job in the name of whoever imported it, and never lost."""

from __future__ import annotations

import signal
import time

import pytest
from django.db import DatabaseError, connection
from django.utils import translation
from tests.service.catalogue.office import files, imported, in_force, jobs_done, office, packed
from tests.service.ground.test_jobs import eventually, working
from tests.service.people import Installation

from jarlig.service.audit.models import Act
from jarlig.service.catalogue.acts import check_programme as checking
from jarlig.service.catalogue.acts.check_again import check_again
from jarlig.service.catalogue.acts.check_programme import check_programme
from jarlig.service.catalogue.acts.import_programme import import_programme
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.models import File, FolderImport, Programme, Version
from jarlig.service.catalogue.queries import progress
from jarlig.service.catalogue.sandbox import Ended
from jarlig.service.catalogue.states import IMPORT
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState
from jarlig.service.launch.cluster import Cluster

WORKER = Who(role="jarlig_worker")


def sent(made: Installation, contents: dict[str, bytes] | None = None, seat: str = "author") -> FolderImport:
    with made.sits(seat):
        return import_programme(packed(files() if contents is None else contents), "tiny.zip")


def now_is(made: Installation, one: FolderImport) -> FolderImport:
    with made.sits("author"):
        return FolderImport.objects.select_related("version").get(pk=one.pk)


def test_an_import_is_kept_at_once_and_is_no_version_before_its_check(db: None) -> None:
    made = office()
    one = sent(made)
    assert (one.state, one.version, bytes(one.packed)) == ("waiting", None, packed(files()))
    with made.sits("publisher"):
        assert not Version.objects.exists() and not Programme.objects.exists()
    with made.sits("author"):
        assert progress(one) == "no_worker"


def test_the_check_is_an_act_of_whoever_imported_it(db: None) -> None:
    made = office()
    one = sent(made)
    assert jobs_done() == 1
    one = now_is(made, one)
    assert (one.state, one.version.state, bytes(one.packed)) == ("done", "checked", b"")
    with made.sits("author"):
        assert {file.name: bytes(file.data) for file in File.objects.all()} == files()
    with acting(WORKER):
        acts = Act.objects.filter(act__in=("import_programme", "check_programme")).order_by("at")
        assert [(act.act, act.person, act.seat) for act in acts] == [
            (name, made.seats["author"].person_id, made.seats["author"].pk)
            for name in ("import_programme", "check_programme")
        ]
    with made.sits("publisher"):
        assert put_in_force(Version.objects.get()).state == "in_force"


def test_what_comes_to_nothing_says_why_in_both_languages_with_every_problem(db: None) -> None:
    made = office()
    one = sent(made, files(("programme.yaml", "region:", "regoin:")))
    jobs_done()
    one = now_is(made, one)
    assert one.state == "failed" and one.version is None and bytes(one.packed)
    assert "nothing was imported" in one.report["reason"]["en"] and "未作导入" in one.report["reason"]["zh"]
    assert any(told["file"] == "programme.yaml" for told in one.report["problems"])
    with made.sits("author"):
        assert not Programme.objects.exists()
    with acting(WORKER):
        assert Act.objects.filter(act="check_programme", thing="catalogue.folderimport").count() == 1


@pytest.mark.parametrize("name", ["programme.yaml", "measures/01.yaml"])
def test_a_null_byte_is_a_problem_with_file_and_line_and_no_job_without_end(db: None, name: str) -> None:
    made = office()
    programme = in_force(made) if name != "programme.yaml" else None
    with made.sits("author"):
        one = import_programme(packed(files() | {name: b"# one\nid: a\0b\n"}), "nul.zip", into=programme)
    assert jobs_done() == 1
    one = now_is(made, one)
    assert (one.state, one.version is None) == (("failed", True) if programme is None else ("done", False))
    report = one.report if programme is None else one.version.report
    told = next(each for each in report["problems"] if each["file"] == name)
    assert (told["line"], told["column"], told["source"]) == (2, 6, r"id: a\x00b") and "U+0000" in told["en"]


def test_a_null_byte_in_the_text_of_the_notice_comes_to_a_result(db: None) -> None:
    made = office()
    one = sent(made, files() | {"notice.zh.txt": "第一条\0 支持电商\n".encode()})
    jobs_done()
    assert now_is(made, one).version.state == "draft"


def test_another_programmes_folder_fails_and_leaves_no_part_of_it(db: None) -> None:
    made = office()
    programme = in_force(made)
    other = packed(files(("programme.yaml", "programme: tiny", "programme: tinier")))
    with made.sits("author"):
        one = import_programme(other, "x.zip", into=Programme.objects.get(pk=programme.pk))
    jobs_done()
    one = now_is(made, one)
    assert one.state == "failed" and all("tinier" in one.report["reason"][key] for key in ("zh", "en"))
    with made.sits("author"):
        assert Version.objects.count() == 1


def test_a_check_that_is_broken_off_is_told_and_can_be_done_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child is real; it is only given no time, as on a machine that is far too busy."""
    made = office()
    one, checked = sent(made), checking.checked
    monkeypatch.setattr(checking, "checked", lambda packed, tick: checked(packed, tick=tick, patience=0.01))
    jobs_done()
    one = now_is(made, one)
    assert (
        one.state == "failed" and "took too long" in one.report["reason"]["en"] and "超时" in one.report["reason"]["zh"]
    )
    monkeypatch.undo()
    with made.sits("author"):
        assert check_again(one).state == "waiting"
    assert jobs_done() == 1 and now_is(made, one).state == "done"
    with pytest.raises(WrongState), made.sits("author"):
        check_again(one)


def test_a_refusal_of_the_check_speaks_the_language_in_which_it_is_read() -> None:
    with translation.override("zh-hans"):
        refused = Ended(checking.gettext_lazy("The check took too long and was broken off."))
    with translation.override("en"):
        assert "took too long" in str(refused)


def test_a_check_is_done_once_however_often_it_is_asked(db: None) -> None:
    made = office()
    one = sent(made)
    with made.sits("author"):
        first = check_programme(one.pk)
        assert check_programme(one.pk).version_id == first.version_id and Version.objects.count() == 1
    jobs_done()
    assert now_is(made, one).version_id == first.version_id


def test_the_very_same_files_are_told_at_once_while_they_wait_and_after(db: None) -> None:
    made = office()
    sent(made)
    with pytest.raises(Invalid, match="being checked already"):
        sent(made)
    jobs_done()
    for seat in ("author", "second author"):
        with pytest.raises(Invalid, match="version 1 already"):
            sent(made, seat=seat)


def test_two_authors_with_the_very_same_files_make_one_version(db: None) -> None:
    made = office()
    one, other = sent(made), sent(made, seat="second author")
    assert jobs_done() == 2
    assert now_is(made, one).state == "done"
    with made.sits("second author"):
        second = FolderImport.objects.get(pk=other.pk)
        assert second.state == "failed" and "version 1 already" in second.report["reason"]["en"]
        assert Version.objects.count() == 1


@pytest.mark.parametrize("seat", ["second author", "publisher", "reviewer", "auditor", "root", "author below"])
def test_others_neither_see_a_folder_nor_check_it(db: None, seat: str) -> None:
    made = office()
    one = sent(made)
    with made.sits(seat):
        assert not FolderImport.objects.exists()
        assert progress(one) in (None, "")
    with pytest.raises(Missing), made.sits(seat):
        check_programme(one.pk)
    with pytest.raises(NotAllowed), made.sits(seat):
        check_again(one)


@pytest.mark.parametrize("role", ["jarlig_public", "jarlig_gate", "jarlig_worker"])
def test_no_role_without_a_person_reads_a_folder(db: None, role: str) -> None:
    sent(office())
    with pytest.raises(DatabaseError, match="permission denied"), acting(Who(role=role)):
        FolderImport.objects.count()


@pytest.mark.parametrize(
    "change", ["sha256 = 'x'", "packed = 'x'", "packed = ''", "source = 'x'", "imported_at = jarlig.now()"]
)
def test_a_folder_stays_as_it_was_imported(db: None, change: str) -> None:
    made = office()
    one = sent(made)
    with pytest.raises(DatabaseError, match="stays as it was imported"), made.sits("author"):
        connection.cursor().execute(f"UPDATE catalogue_import SET {change} WHERE id = %s", [one.pk])


def test_a_folder_is_not_imported_in_the_name_of_another(db: None) -> None:
    made = office()
    one = sent(made)
    with pytest.raises(DatabaseError, match="row-level security"), made.sits("second author"):
        FolderImport(
            sha256="y", packed=b"x", imported_by_id=made.seats["author"].person_id, imported_at=one.imported_at
        ).save(force_insert=True)


def test_the_database_lets_through_just_the_states_that_the_room_names(db: None) -> None:
    made = office()
    with made.sits("author"), connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM jarlig.transitions WHERE machine = 'import'")
        assert set(cursor.fetchall()) == set(IMPORT)


def test_a_check_under_way_or_in_the_queue_is_not_asked_for_twice(own_db: str) -> None:
    made = office()
    one = sent(made)
    with pytest.raises(WrongState), made.sits("author"):
        check_again(one)


def test_a_job_of_somebody_who_lost_the_seat_leaves_the_folder_for_another_seat(own_db: str, server: Cluster) -> None:
    made = office()
    one = sent(made)
    with server.superuser(own_db) as root:
        root.execute("ALTER TABLE bodies_seat DISABLE TRIGGER USER")
        root.execute("UPDATE bodies_seat SET state = 'ended' WHERE id = %s", [made.seats["author"].pk])
        root.execute("ALTER TABLE bodies_seat ENABLE TRIGGER USER")
    jobs_done()
    with server.superuser(own_db) as root:
        assert root.execute("SELECT state FROM catalogue_import WHERE id = %s", [one.pk]).fetchone() == ("waiting",)
        assert root.execute("SELECT refused <> '' FROM ground_job_end").fetchone() == (True,)


def test_a_worker_killed_in_the_check_has_lost_nothing_and_the_next_one_ends_it(own_db: str, server: Cluster) -> None:
    made = office()
    with made.sits("author"):
        one = import_programme(shipped_as="nmg-ecommerce-2022")
    with working(server, own_db) as worker:
        eventually(lambda: _how(made, one) == "running")
        time.sleep(0.5)
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
    assert now_is(made, one).state == "waiting"
    with made.sits("author"):
        assert not Version.objects.exists() and not Programme.objects.exists()
    with working(server, own_db):
        eventually(lambda: now_is(made, one).state == "done", 120)
    with made.sits("author"):
        assert Version.objects.get().state == "checked"
        assert Act.objects.filter(act="check_programme").count() == 1


def _how(made: Installation, one: FolderImport) -> str:
    with made.sits("author"):
        return progress(one)


def test_the_next_version_of_a_programme_goes_the_same_way(db: None) -> None:
    made = office()
    version = imported(made)
    with made.sits("author"):
        programme = Programme.objects.get()
        wrong = packed(files(("measures/01.yaml", "rate: 20%", "rate: 2O%")))
        one = import_programme(wrong, "second.zip", into=programme)
    jobs_done()
    one = now_is(made, one)
    assert (one.state, one.version.state, one.version.number) == ("done", "draft", version.number + 1)
    with made.sits("publisher"), pytest.raises(WrongState):
        put_in_force(Version.objects.get(pk=one.version_id))
