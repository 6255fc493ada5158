"""The database alone: what a version, a route and the register say is what was read, and by whom it may be said.

Each statement is sent by the role of requests, with the person and seat of somebody who may write such rows at all.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection
from tests.service.bodies.staff import area, newcomer
from tests.service.catalogue.office import files, imported, in_force, office, packed
from tests.service.catalogue.test_recognitions import CODE, DAY, HEAD, code, row
from tests.service.catalogue.test_versions import HIGHER
from tests.service.people import Installation

from jarlig.reference.uscc import organisation_check_character, uscc_check_character
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.catalogue.acts.end_recognition import end_recognition
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.import_recognitions import import_recognitions
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.acts.recognise import recognise
from jarlig.service.catalogue.acts.set_route import set_route
from jarlig.service.catalogue.acts.withdraw import withdraw
from jarlig.service.catalogue.models import File, Programme, Recognition, RecognitionImport, RouteVersion, Version
from jarlig.service.catalogue.queries import recognitions_of
from jarlig.service.catalogue.sheets import write_sheet
from jarlig.service.enterprises.acts.register_enterprise import register_enterprise
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState

STEPS = [{"step": "acceptance", "by": "commerce"}]


def sql(text: str, *values: object) -> int:
    """A statement as it is sent; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(text, list(values))
        return int(cursor.rowcount)


def local(number: int, division: str = "150102") -> str:
    """A well-formed code that the registry of a division issued."""
    organisation = f"EY{number:06d}"
    first = f"91{division}" + organisation + organisation_check_character(organisation)
    return first + uscc_check_character(first)


def with_districts(made: Installation) -> Installation:
    """Reviewers of commerce in two districts, beside that of the region."""
    with made.sits("root"):
        below = make_body(area("150102"), "一区商务局", department="commerce")
        beside = make_body(area("150105"), "另一区商务局", department="commerce")
        made.seats["district reviewer"] = appoint(newcomer("哈斯"), below, below.area, "reviewer")
        made.seats["reviewer beside"] = appoint(newcomer("斯琴"), beside, beside.area, "reviewer")
    return made


def test_a_publisher_writes_no_route_in_the_name_of_an_author(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("publisher"):
        adopted = RouteVersion.objects.get()
        assert adopted.set_by_id == made.seats["author"].person_id and adopted.steps[1]["agree"] == "all"
    forged = {
        "set_by_id": made.seats["author"].person_id, "programme": programme, "year": 2023, "title_zh": "x",
        "title_en": "x", "offers": ["1a"], "steps": STEPS, "set_at": adopted.set_at, "number": 9,
    }  # fmt: skip
    for more in ({"name": "other"}, {"name": "other", "version_id": adopted.version_id},
                 {"name": "project", "version_id": adopted.version_id}):  # fmt: skip
        with pytest.raises(DatabaseError), made.sits("publisher"):
            RouteVersion(**forged, **more).save(force_insert=True)
    with pytest.raises(DatabaseError), made.sits("author"):  # nor an author one that would seem to be of a guide
        RouteVersion(**forged, name="other", version_id=adopted.version_id).save(force_insert=True)


@pytest.mark.parametrize(
    "change", ["put_in_force_by_id = set_by_id", "put_in_force_by_id = NULL", "version_id = NULL",
               "title_zh = 'x'", "title_en = 'x'", "set_at = '2020-01-01'", "steps = '[]'"],
)  # fmt: skip
def test_a_route_in_force_stays_as_it_came_there(db: None, change: str) -> None:
    made = office()
    in_force(made)
    with pytest.raises(IntegrityError), made.sits("publisher"):
        sql(f"UPDATE catalogue_route SET {change}")


def test_a_written_route_is_still_put_in_force_and_an_own_draft_taken_back(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("author"):
        one = set_route(programme, 2023, "short", [], STEPS, title_zh="短", title_en="short")
        assert sql("UPDATE catalogue_route SET state = 'withdrawn' WHERE id = %s", one.pk) == 1
    with made.sits("second author"):
        assert sql("UPDATE catalogue_route SET state = 'withdrawn' WHERE state = 'draft'") == 0


@pytest.mark.parametrize(
    "change", ["title_zh = 'x'", "title_en = 'x'", "document = 'x'", "valid_from = NULL", "valid_to = '2300-01-01'",
               "source = 'x'", "proof = '{}'", "checked_at = '2020-01-01'"],
)  # fmt: skip
@pytest.mark.parametrize("state", ["checked", "in_force"])
def test_nothing_that_was_checked_is_written_anew(db: None, change: str, state: str) -> None:
    made = office()
    version = imported(made) if state == "checked" else in_force(made)
    assert version is not None
    with pytest.raises(DatabaseError), made.sits("publisher"):
        sql(f"UPDATE catalogue_version SET {change}")


def test_a_draft_is_not_the_publisher_s_and_is_checked_by_its_report(db: None) -> None:
    made = office()
    in_force(made)
    with made.sits("author"):
        wrong = files(("measures/01.yaml", "rate: 20%", "rate: 2O%"))
        draft = import_at_once(packed(wrong), "tiny.zip", into=Programme.objects.get())
    with made.sits("publisher"):
        assert sql("UPDATE catalogue_version SET title_zh = 'x' WHERE id = %s", draft.pk) == 0
        with pytest.raises(NotAllowed, match="by whoever imported it"):
            withdraw(Version.objects.get(pk=draft.pk), "x")
    checked = "UPDATE catalogue_version SET state = 'checked', report = %s WHERE id = %s"
    for report in ("{}", '{"ok": true}', '{"ok": true, "routes": []}'):
        with pytest.raises(IntegrityError, match="when its report says so"), acting(Who(role="jarlig_worker")):
            sql(checked, report, draft.pk)
    whole = '{"ok": true, "routes": [], "vouched": {}}'
    with pytest.raises(DatabaseError, match="row-level security"), made.sits("author"):
        sql(checked, whole, draft.pk)  # what they wrote themselves is no check
    with made.sits("publisher"):
        assert sql(checked, whole, draft.pk) == 0
    with made.sits("author"):
        assert withdraw(Version.objects.get(pk=draft.pk), "wrong").state == "withdrawn"


def test_a_version_begins_neither_in_force_nor_named(db: None) -> None:
    made = office()
    version = imported(made)
    for given in ({"in_force_at": version.imported_at}, {"put_in_force_by_id": made.seats["publisher"].person_id}):
        with pytest.raises(IntegrityError, match="begins without a decision"), made.sits("author"):
            one = Version.objects.get(pk=version.pk)
            fresh = Version(programme_id=one.programme_id, number=9, sha256="x", title_zh="x", title_en="x",
                            imported_by_id=one.imported_by_id, imported_at=one.imported_at, **given)  # fmt: skip
            fresh.save(force_insert=True)


def test_from_when_a_version_is_in_force_is_not_backdated(db: None) -> None:
    made = office()
    version = imported(made)
    with made.sits("publisher") as seat:
        before = now()
        sql("UPDATE catalogue_version SET state = 'in_force', put_in_force_by_id = %s, in_force_at = '2020-01-01'",
            seat.person_id)  # fmt: skip
        assert Version.objects.get(pk=version.pk).in_force_at >= before
    with pytest.raises(DatabaseError), made.sits("publisher"):
        sql("UPDATE catalogue_version SET in_force_at = '2020-01-01', state = 'superseded'")


def test_what_was_in_force_and_is_withdrawn_stays_readable_and_what_never_was_does_not(db: None) -> None:
    made = office()
    in_force(made)
    never = imported(made, HIGHER)
    with made.sits("publisher"):
        withdraw(Version.objects.get(state="in_force"), "suspended")
        withdraw(Version.objects.get(pk=never.pk), "not wanted")
    with acting(Who(role="jarlig_public")):
        assert list(Version.objects.values_list("number", "state")) == [(1, "withdrawn")]
        assert File.objects.count() == len(files())


def test_a_version_that_an_earlier_release_checked_says_what_to_do(db: None) -> None:
    made = office()
    version = imported(made)
    with made.sits("publisher"):
        one = Version.objects.get(pk=version.pk)
        del one.report["routes"]
        with pytest.raises(WrongState, match="earlier release"):
            put_in_force(one)


def entry(made: Installation, programme: Programme, uscc: str, kind: str = "1a.level") -> Recognition:
    """An entry as a program that forgets every rule would write it, from the body of the seat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.my_body()")
        body = cursor.fetchone()[0]
    one = Recognition(programme=programme, kind=kind, uscc=uscc, value="industry", body_id=body, dated=DAY)
    one.save(force_insert=True)
    return one


def test_the_register_takes_entries_from_the_named_department_and_area_alone(db: None) -> None:
    made = with_districts(office())
    programme = in_force(made)
    for seat, uscc, kind in (
        ("district reviewer", local(1, "150105"), "1a.level"),  # registered in another district
        ("district reviewer", CODE, "1a.level"),  # registered with the region
        ("reviewer beside", local(1), "1a.level"),
        ("district reviewer", local(1), "1a.newly_built"),  # left to the auditing body
        ("reviewer", CODE, "1a.newly_built"),
        ("reviewer", CODE, "nothing.of_the_kind"),
    ):
        with pytest.raises(DatabaseError, match="row-level security"), made.sits(seat):
            entry(made, programme, uscc, kind)
    with made.sits("district reviewer"):
        entry(made, programme, local(1))
    with made.sits("reviewer"):
        entry(made, programme, local(2, "150105"))


def test_the_register_is_read_within_the_area_of_the_seat(db: None) -> None:
    made = with_districts(office())
    programme = in_force(made)
    with made.sits("district reviewer"):
        recognise(programme, "1a.level", local(1), "industry", dated=DAY)
        import_recognitions(programme, write_sheet(HEAD, [row(local(2))], "1"), "名单.xlsx")
    for seat, seen in (
        ("district reviewer", 2),
        ("reviewer", 2),
        ("auditor", 2),
        ("reviewer beside", 0),
        ("author below", 2),
    ):
        with made.sits(seat):
            assert (Recognition.objects.count(), RecognitionImport.objects.count()) == (seen, seen // 2), seat


def test_a_code_of_elsewhere_is_refused_with_a_sentence_and_row_by_row(db: None) -> None:
    made = with_districts(office())
    programme = in_force(made)
    with made.sits("district reviewer"):
        with pytest.raises(Invalid, match="not registered in the area") as caught:
            recognise(programme, "1a.level", local(1, "150105"), "industry", dated=DAY)
        assert caught.value.field == "uscc"
        sheet = write_sheet(HEAD, [row(local(1)), row(local(1, "150105"))], "1")
        answered = import_recognitions(programme, sheet, "名单.xlsx")
        assert [one["done"] for one in answered.rows] == [True, False] and "登记" in answered.rows[1]["zh"]


def test_another_body_of_the_same_department_ends_nothing(db: None) -> None:
    made = with_districts(office())
    programme = in_force(made)
    with made.sits("district reviewer"):
        one = recognise(programme, "1a.level", local(1), "industry", dated=DAY)
    with made.sits("reviewer"), pytest.raises(NotAllowed, match="Another body"):
        end_recognition(Recognition.objects.get(pk=one.pk), "no")
    with made.sits("reviewer"):
        assert Recognition.objects.update(state="ended") == 0


def test_an_entry_points_to_no_list_of_somebody_else(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("reviewer"):
        brought = import_recognitions(programme, write_sheet(HEAD, [row()], "1"), "名单.xlsx")
    with pytest.raises(DatabaseError, match="row-level security"), made.sits("auditing reviewer") as seat:
        Recognition(programme=programme, kind="1a.newly_built", uscc=code(2), value="true", body_id=seat.body_id,
                    dated=date(2024, 5, 10), source_id=brought.pk).save(force_insert=True)  # fmt: skip


def test_the_people_of_an_enterprise_read_what_is_vouched_for_it_and_nobody_who_only_asks(db: None) -> None:
    from tests.service.catalogue.speaking import speaks

    made = office()
    programme = in_force(made)
    ana, bat = speaks(made, CODE)
    with made.sits("reviewer"):
        recognise(programme, "1a.level", CODE, "industry", dated=DAY)
        recognise(programme, "1a.level", code(2), "industry", dated=DAY)
    with acting(Who(role="jarlig_person", person=ana)):
        assert [one.uscc for one in recognitions_of(CODE)] == [CODE] and Recognition.objects.count() == 1
        assert not RecognitionImport.objects.exists()
    with acting(Who(role="jarlig_person", person=bat)):
        register_enterprise(CODE, "某公司", area("150102"))
        assert not Recognition.objects.exists()
