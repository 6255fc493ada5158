"""Importing, checking and putting in force: by two persons, by the code and by the database."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection
from tests.service.bodies.staff import newcomer
from tests.service.catalogue.office import becomes_publisher, files, imported, in_force, office, packed
from tests.service.people import PASSWORD, Installation

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.found import Founder, found
from jarlig.service.catalogue import digest, loading
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.acts.supersede import supersede
from jarlig.service.catalogue.acts.withdraw import withdraw
from jarlig.service.catalogue.errors import Broken, Failed
from jarlig.service.catalogue.models import File, Guide, Programme, RouteVersion, Version
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState
from jarlig.service.launch.cluster import Cluster

HIGHER = ("measures/01.yaml", "rate: 20%", "rate: 20%\n  # a note")


def test_an_imported_folder_is_checked_and_kept_byte_for_byte(db: None) -> None:
    made = office()
    version = imported(made)
    with made.sits("author"):
        version = Version.objects.get(pk=version.pk)
        assert (version.state, version.number, version.programme.key) == ("checked", 1, "tiny")
        kept = {name: bytes(data) for name, data in File.objects.values_list("name", "data")}
        assert kept == files() and version.sha256 == digest.whole(kept)
        assert version.proof["solver"] is True and version.proof["cases"] == 2 and version.report["network"]
        assert version.programme.body.department == "commerce"
        assert [guide.year for guide in Guide.objects.all()] == [2023]
        assert Act.objects.filter(act="check_programme", thing="catalogue.version").count() == 1
        assert Act.objects.filter(act="import_programme", thing="catalogue.folderimport").count() == 1


def test_a_folder_with_a_mistake_stays_a_draft_with_every_problem(db: None) -> None:
    made = office()
    in_force(made)
    with made.sits("author"):
        programme = Programme.objects.get()
        wrong = files(("measures/01.yaml", "rate: 20%", "rate: 2O%"))
        version = import_at_once(packed(wrong), "tiny.zip", into=programme)
        assert version.state == "draft" and not version.report["ok"]
        told = version.report["problems"][0]
        assert told["file"] == "measures/01.yaml" and told["line"] > 0 and told["zh"] and told["en"]
    with made.sits("publisher"), pytest.raises(WrongState):
        put_in_force(Version.objects.get(pk=version.pk))


def test_a_folder_whose_programme_is_not_known_tells_its_problems_and_leaves_nothing(db: None) -> None:
    made = office()
    with pytest.raises(Failed) as caught, made.sits("author"):
        import_at_once(packed(files(("programme.yaml", "region:", "regoin:"))), "x.zip")
    assert any(told["file"] == "programme.yaml" for told in caught.value.problems)
    with made.sits("author"):
        assert not Programme.objects.exists()


def test_a_guide_with_a_step_that_there_is_not_stays_a_draft(db: None) -> None:
    made = office()
    version = imported(made, ("guides/2023.yaml", "step: joint_review", "step: joint_revue"))
    assert version.state == "draft"
    assert "joint_revue" in version.report["problems"][-1]["en"] and version.report["problems"][-1]["line"] > 0


@pytest.mark.parametrize("seat", ["publisher", "reviewer", "auditor", "root", "author below"])
def test_others_than_an_author_of_the_area_import_nothing(db: None, seat: str) -> None:
    made = office()
    with pytest.raises(NotAllowed), made.sits(seat):
        import_at_once(packed(files()), "tiny.zip")


def test_the_very_same_files_are_no_second_version(db: None) -> None:
    made = office()
    imported(made)
    with pytest.raises(Invalid, match="1"), made.sits("second author"):
        import_at_once(packed(files()), "again.zip")


@pytest.mark.parametrize("over", ["superseded", "withdrawn"])
def test_the_very_files_of_a_version_that_is_over_come_back_as_the_next_version(db: None, over: str) -> None:
    made = office()
    in_force(made)
    if over == "superseded":
        in_force(made, HIGHER)
    with made.sits("publisher"):
        withdraw(Version.objects.get(state="in_force"), "a wrong rate")
        with pytest.raises(Missing):
            loading.version_in_force("tiny")
    back = imported(made, seat="second author")
    with made.sits("second author"), pytest.raises(NotAllowed):
        put_in_force(Version.objects.get(pk=back.pk))
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=back.pk))
        first, last = Version.objects.get(number=1), loading.version_in_force("tiny")
        assert last.number == (3 if over == "superseded" else 2) and last.sha256 == first.sha256
        assert first.state == over and loading.rules_of(last).name == "tiny"


def test_the_very_files_of_a_draft_or_of_the_version_in_force_are_refused_with_its_number(db: None) -> None:
    made = office()
    in_force(made)
    in_force(made, HIGHER)
    wrong = ("measures/01.yaml", "rate: 20%", "rate: 2O%")
    assert imported(made, wrong).state == "draft"
    for number, edits in ((2, (HIGHER,)), (3, (wrong,))):
        with pytest.raises(Invalid, match=f"version {number} already"):
            imported(made, *edits, seat="second author")


def test_the_folder_of_another_programme_does_not_come_in_as_a_version(db: None) -> None:
    made = office()
    programme = in_force(made)
    other = files(("programme.yaml", "programme: tiny", "programme: tinier"))
    with pytest.raises(Invalid, match="tinier"), made.sits("author"):
        import_at_once(packed(other), "x.zip", into=Programme.objects.get(pk=programme.pk))


def test_a_programme_of_an_area_that_is_not_set_up_is_refused_with_its_code(db: None) -> None:
    made = office()
    with pytest.raises(Invalid, match="990100"), made.sits("author"):
        import_at_once(shipped_as="sample-district-2024")


def test_a_name_that_is_not_shipped_is_never_taken_for_a_path(db: None) -> None:
    made = office()
    for name in ("../../etc", "/etc", "nmg-ecommerce-2022/guides", "."):
        with pytest.raises(Missing), made.sits("author"):
            import_at_once(shipped_as=name)


def test_a_version_is_put_in_force_by_another_person_and_replaces_the_one_before(db: None) -> None:
    made = office()
    programme = in_force(made)
    second = imported(made, HIGHER)
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=second.pk))
        states = dict(Version.objects.filter(programme=programme).values_list("number", "state"))
        assert states == {1: "superseded", 2: "in_force"}
        assert loading.version_in_force("tiny").number == 2
    with made.sits("auditor"):
        acts = set(Act.objects.values_list("act", flat=True))
        assert {"import_programme", "check_programme", "put_in_force", "supersede", "adopt_route"} <= acts


def test_who_imported_a_version_never_puts_it_in_force_from_whatever_seat(own_db: str, server: Cluster) -> None:
    """The rule is about the person, not the account, the seat or the role of the day; code and database both say so."""
    made = office()
    version = imported(made)
    with server.superuser(own_db) as root:
        becomes_publisher(made, root)
    with pytest.raises(NotAllowed, match="another person"), made.sits("author"):
        put_in_force(Version.objects.get(pk=version.pk))
    for who in ("author", "publisher"):  # in the own name, or in that of another
        named = [made.seats[who].person_id, version.pk]
        with pytest.raises(IntegrityError, match="by another person"), made.sits("author"):
            connection.cursor().execute(
                "UPDATE catalogue_version SET state = 'in_force', put_in_force_by_id = %s, in_force_at = jarlig.now()"
                " WHERE id = %s",
                named,
            )


@pytest.mark.parametrize(
    "change", ["imported_by_id = jarlig.person()", "sha256 = 'x'", "number = 9", "report = '{}'::jsonb"]
)
def test_what_was_imported_cannot_be_turned_into_something_else(db: None, change: str) -> None:
    made = office()
    version = imported(made)
    with pytest.raises(DatabaseError, match="stays as it was imported"), made.sits("publisher"):
        connection.cursor().execute(f"UPDATE catalogue_version SET {change} WHERE id = %s", [version.pk])


def test_files_are_added_to_an_own_draft_alone(db: None) -> None:
    made = office()
    version = imported(made)
    for seat in ("author", "publisher", "second author"):
        with pytest.raises(DatabaseError, match="row-level security"), made.sits(seat):
            File(version_id=version.pk, name="x.yaml", sha256=digest.one(b"x"), data=b"x").save(force_insert=True)


def test_an_author_cannot_skip_the_publisher_by_sql(db: None) -> None:
    made = office()
    version = imported(made)
    with pytest.raises(DatabaseError), made.sits("second author"):
        changed = Version.objects.filter(pk=version.pk).update(
            state="in_force", put_in_force_by=made.seats["second author"].person_id
        )
        assert changed == 0
        raise DatabaseError("no row was theirs to change")


def test_only_a_checked_version_comes_into_force_and_only_once(db: None) -> None:
    made = office()
    in_force(made)
    with pytest.raises(WrongState), made.sits("publisher"):
        put_in_force(Version.objects.get())
    with pytest.raises(WrongState), made.sits("publisher"):
        version = Version.objects.get()
        version.state = "draft"
        supersede(version, version)


def test_what_is_not_put_in_force_is_told_its_own_reason(db: None) -> None:
    made = office()
    in_force(made)
    in_force(made, HIGHER)
    imported(made, ("measures/01.yaml", "rate: 20%", "rate: 2O%"))
    reasons = {1: "is over.*import its folder again", 2: "in force already", 3: "the check has passed"}
    for number, reason in reasons.items():
        with pytest.raises(WrongState, match=reason), made.sits("publisher"):
            put_in_force(Version.objects.get(number=number))


def test_a_version_is_withdrawn_with_a_reason_by_its_author_or_a_publisher(db: None) -> None:
    made = office()
    first = imported(made)
    with pytest.raises(NotAllowed), made.sits("second author"):
        withdraw(Version.objects.get(pk=first.pk), "why not")
    with pytest.raises(Invalid), made.sits("author"):
        withdraw(Version.objects.get(pk=first.pk), " ")
    with made.sits("author"):
        assert withdraw(Version.objects.get(pk=first.pk), "wrong file").state == "withdrawn"
    with pytest.raises(WrongState), made.sits("author"):
        withdraw(Version.objects.get(pk=first.pk), "again")
    programme = in_force(made)
    with made.sits("publisher"):
        withdraw(Version.objects.get(programme=programme, state="in_force"), "suspended")
    with pytest.raises(Missing), made.sits("publisher"):
        loading.programme_in_force("tiny")


def test_what_is_in_force_answers_as_the_folder_does(db: None) -> None:
    made = office()
    in_force(made)
    facts = {"score": 70, "uscc": "91150000MA0EXAMP11", "registered_at": "150102"}
    with acting(Who(role="jarlig_public")):
        rules = loading.programme_in_force("tiny")
        assert rules.determine("2", facts, on="2024-06-01").yuan == 100_000
        assert loading.programme_in_force("tiny") is rules
        assert loading.programme_in_force("tiny", today()) is rules
    with pytest.raises(Missing), acting(Who(role="jarlig_public")):
        loading.programme_in_force("tiny", today().replace(year=2000))


def test_the_public_reads_what_was_published_and_no_draft(db: None) -> None:
    made = office()
    version = imported(made)
    with acting(Who(role="jarlig_public")):
        assert not Version.objects.exists() and not File.objects.exists() and not Programme.objects.exists()
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=version.pk))
    imported(made, HIGHER)
    for who in (Who(role="jarlig_public"), Who(role="jarlig_person", person=made.seats["reviewer"].person_id)):
        with acting(who):
            assert list(Version.objects.values_list("number", flat=True)) == [1]
            assert File.objects.count() == len(files()) and RouteVersion.objects.count() == 1


def test_an_office_below_sees_no_draft_of_the_region(db: None) -> None:
    made = office()
    imported(made)
    for seat in ("author below", "publisher below"):
        with made.sits(seat):
            assert not Version.objects.exists()


def test_a_table_whose_bytes_were_changed_is_told_and_nothing_is_computed(own_db: str, server: Cluster) -> None:
    made = office()
    in_force(made)
    loading.forget()
    with server.superuser(own_db) as root:
        root.execute("ALTER TABLE catalogue_file DISABLE TRIGGER USER")
        with pytest.raises(psycopg.errors.CheckViolation):
            root.execute("UPDATE catalogue_file SET data = 'x' WHERE name = 'programme.yaml'")
        root.execute("UPDATE catalogue_file SET data = 'x', sha256 = encode(sha256('x'::bytea), 'hex')"
                     " WHERE name = 'programme.yaml'")  # fmt: skip
    with pytest.raises(Broken, match="1"), acting(Who(role="jarlig_public")):
        loading.programme_in_force("tiny")
    with made.sits("publisher"):
        assert Version.objects.get().state == "in_force" and File.objects.count() == len(files())
    repaired = imported(made, HIGHER)
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=repaired.pk))
        assert loading.programme_in_force("tiny").name == "tiny"


def test_the_programme_of_the_notice_works_as_one_made_in_a_test(db: None) -> None:
    made = office()
    with made.sits("author"):
        version = import_at_once(shipped_as="nmg-ecommerce-2022")
        assert version.state == "checked" and version.proof["failed"] == 0
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=version.pk))
        assert RouteVersion.objects.filter(state="in_force").count() >= 4
        assert loading.programme_in_force("nmg-ecommerce-2022").offers


def test_the_second_shipped_programme_works_the_same_in_an_installation_of_its_own(db: None) -> None:
    with acting(Who(role="jarlig_gate")):
        root = found("示例区", "990100", "示例区商务局", Founder("甲", "first", PASSWORD))
    made = Installation({"root": root})
    with made.sits("root"):
        for role in ("author", "publisher"):
            made.seats[role] = appoint(newcomer(role), root.body, root.area, role)
    with made.sits("author"):
        version = import_at_once(shipped_as="sample-district-2024")
        assert version.state == "checked" and version.programme.area_id == root.area_id
        told = [one for one in version.report["problems"] if "default" in one["en"]]
        assert told and told[0]["severity"] == "warning" and "default" in told[0]["zh"]
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=version.pk))
        rules = loading.programme_in_force("sample-district-2024")
        assert rules.offers and rules.model.guides
