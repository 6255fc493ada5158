"""Row security, two persons, exact files, and windows that do not overlap, kept by the database itself."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.catalogue.states import RECOGNITION, ROUTE, VERSION, WINDOW
from jarlig.service.ground.guard import append_only, function, guard, transitions

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")
PUBLISHED = "state IN ('in_force', 'superseded')"

FUNCTIONS = [
    function("programme_within(programme uuid)", "boolean",
             "SELECT jarlig.area_within(p.area_id) FROM public.catalogue_programme p WHERE p.id = programme",
             roles=ASKERS),
    function("programme_published(programme uuid)", "boolean",
             "SELECT EXISTS (SELECT FROM public.catalogue_version v WHERE v.programme_id = programme"
             " AND v.state IN ('in_force', 'superseded'))", roles=ASKERS),
    function("version_within(version uuid)", "boolean",
             "SELECT jarlig.programme_within(v.programme_id) FROM public.catalogue_version v WHERE v.id = version",
             roles=ASKERS),
    # Officers see the names of officers with whom they have to do; nobody else does.
    function("officer_name(who uuid)", "text",
             "SELECT p.name FROM public.bodies_person p WHERE p.id = who AND EXISTS (SELECT FROM jarlig.my_seat())"
             " AND EXISTS (SELECT FROM public.bodies_seat s WHERE s.person_id = who)", roles=ASKERS),
]  # fmt: skip

# Whoever submits holds the window; a closing waits for them, and who comes while one is under way waits for it and
# then reads what it wrote. The clock is read after the lock is had: not the time at which the transaction began.
HOLD = function(
    "hold_window(wanted uuid)",
    "TABLE (answer text, opens_at timestamptz, closes_at timestamptz, asked_at timestamptz)",
    """
    DECLARE
        found public.catalogue_window;
        instant timestamptz;
    BEGIN
        SELECT * INTO found FROM public.catalogue_window w WHERE w.id = wanted FOR SHARE;
        instant := jarlig.now();
        RETURN QUERY SELECT
            CASE WHEN found.id IS NULL THEN 'missing'
                 WHEN instant < found.opens_at THEN 'not_yet'
                 WHEN found.state = 'open' AND instant < found.closes_at THEN 'open'
                 ELSE 'closed' END,
            found.opens_at, found.closes_at, instant;
    END
    """,
    roles=("jarlig_person", "jarlig_worker"), language="plpgsql", volatile="VOLATILE",
)  # fmt: skip

_TRIGGER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS"

VERSION_KEPT = f"""
CREATE FUNCTION jarlig.version_kept() RETURNS trigger {_TRIGGER} $$
BEGIN
    IF (NEW.programme_id, NEW.number, NEW.sha256, NEW.imported_by_id, NEW.imported_at)
        IS DISTINCT FROM (OLD.programme_id, OLD.number, OLD.sha256, OLD.imported_by_id, OLD.imported_at)
        OR (OLD.state <> 'draft' AND NEW.report::text IS DISTINCT FROM OLD.report::text)
        OR (OLD.put_in_force_by_id IS NOT NULL AND NEW.put_in_force_by_id IS DISTINCT FROM OLD.put_in_force_by_id)
    THEN
        RAISE EXCEPTION 'a version stays as it was imported' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'in_force' AND OLD.state <> 'in_force' THEN
        IF NEW.put_in_force_by_id IS DISTINCT FROM jarlig.person() OR NEW.put_in_force_by_id = OLD.imported_by_id THEN
            RAISE EXCEPTION 'a version is put in force by another person than the one who imported it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'jarlig_two_persons';
        END IF;
        IF NEW.sha256 IS DISTINCT FROM (
            SELECT encode(sha256(convert_to(coalesce(
                string_agg(f.name || E'\\n' || f.sha256 || E'\\n', '' ORDER BY f.name COLLATE "C"), ''), 'UTF8')), 'hex')
            FROM public.catalogue_file f WHERE f.version_id = NEW.id
        ) THEN
            RAISE EXCEPTION 'the files are not those of the version' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'jarlig_version_files';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
ROUTE_KEPT = f"""
CREATE FUNCTION jarlig.route_kept() RETURNS trigger {_TRIGGER} $$
BEGIN
    IF (NEW.programme_id, NEW.year, NEW.name, NEW.number, NEW.offers, NEW.steps::text, NEW.corrections::text, NEW.set_by_id)
        IS DISTINCT FROM
       (OLD.programme_id, OLD.year, OLD.name, OLD.number, OLD.offers, OLD.steps::text, OLD.corrections::text, OLD.set_by_id)
    THEN
        RAISE EXCEPTION 'a version of a route stays as it was written' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'in_force' AND OLD.state <> 'in_force'
        AND (NEW.put_in_force_by_id IS DISTINCT FROM jarlig.person() OR NEW.put_in_force_by_id = OLD.set_by_id)
    THEN
        RAISE EXCEPTION 'a route is put in force by another person than the one who wrote it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'jarlig_two_persons';
    END IF;
    RETURN NEW;
END $$
"""
CONFIRMED_KEPT = f"""
CREATE FUNCTION jarlig.confirmation_kept() RETURNS trigger {_TRIGGER} $$
BEGIN
    IF NEW.confirmed_by_id IS DISTINCT FROM jarlig.person() OR EXISTS (
        SELECT FROM public.catalogue_interpretation i
        WHERE i.id = NEW.interpretation_id AND i.written_by_id = NEW.confirmed_by_id
    ) THEN
        RAISE EXCEPTION 'an interpretation is confirmed by another person than the one who wrote it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'jarlig_two_persons';
    END IF;
    RETURN NEW;
END $$
"""
# When a window is closed early, the instant is that of the database after every submission in flight has ended.
WINDOW_KEPT = f"""
CREATE FUNCTION jarlig.window_kept() RETURNS trigger {_TRIGGER} $$
BEGIN
    IF (NEW.programme_id, NEW.offer, NEW.year, NEW.opens_at)
        IS DISTINCT FROM (OLD.programme_id, OLD.offer, OLD.year, OLD.opens_at) THEN
        RAISE EXCEPTION 'a window stays where it was opened' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'open' OR OLD.closes_at <= jarlig.now() THEN
        RAISE EXCEPTION 'a closed window is not changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'jarlig_window_over';
    END IF;
    IF NEW.state = 'closed' THEN
        NEW.closes_at := greatest(OLD.opens_at, jarlig.now());
    ELSIF NEW.closes_at < OLD.closes_at THEN
        RAISE EXCEPTION 'a window is made shorter by closing it alone' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'jarlig_window_shorter';
    END IF;
    RETURN NEW;
END $$
"""
RECOGNITION_KEPT = f"""
CREATE FUNCTION jarlig.recognition_kept() RETURNS trigger {_TRIGGER} $$
BEGIN
    IF (NEW.programme_id, NEW.kind, NEW.uscc, NEW.subject, NEW.value, NEW.body_id, NEW.number, NEW.dated, NEW.valid_until,
        NEW.source_id) IS DISTINCT FROM (OLD.programme_id, OLD.kind, OLD.uscc, OLD.subject, OLD.value, OLD.body_id,
        OLD.number, OLD.dated, OLD.valid_until, OLD.source_id) OR OLD.state <> 'valid' THEN
        RAISE EXCEPTION 'a recognition is ended, never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def _before(table: str, name: str, when: str) -> list[tuple[str, None]]:
    return [
        (f"CREATE TRIGGER {table}_kept BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION jarlig.{name}()", None)
    ]


def _kept(body: str, table: str, name: str, when: str = "UPDATE") -> migrations.RunSQL:
    return migrations.RunSQL([(body, None), *_before(table, name, when)], f"DROP FUNCTION jarlig.{name}() CASCADE")


def _everywhere(condition: str) -> dict[str, str]:
    return {"jarlig_public": condition, "jarlig_gate": condition}


READS = (
    "(SELECT jarlig.holds('administrator', 'author', 'publisher', 'receiver', 'reviewer', 'approver', 'finance',"
    " 'auditor', 'discipline'))"
)
ROOM = "(SELECT jarlig.holds('administrator', 'author', 'publisher', 'auditor'))"
AUTHOR, PUBLISHER = "(SELECT jarlig.holds('author'))", "(SELECT jarlig.holds('publisher'))"
RECOGNISES = "(SELECT jarlig.holds('reviewer', 'approver')) AND body_id = (SELECT jarlig.my_body())"
IN_AREA = "jarlig.programme_within(programme_id)"
OF_VERSION = "EXISTS (SELECT FROM catalogue_version v WHERE v.id = version_id)"
OWN_DRAFT = (
    "(SELECT jarlig.holds('author')) AND EXISTS (SELECT FROM catalogue_version v WHERE v.id = version_id"
    " AND v.state = 'draft' AND v.imported_by_id = jarlig.person())"
)
CONFIRMED = "EXISTS (SELECT FROM catalogue_confirmation c WHERE c.interpretation_id = catalogue_interpretation.id)"


class Migration(migrations.Migration):
    """``btree_gist`` is a trusted extension: whoever owns the database may make it, on 15 as on 18."""

    dependencies = [("catalogue", "0001_initial"), ("bodies", "0002_guards")]
    operations = [
        *FUNCTIONS,
        guard(
            "catalogue_programme",
            select={
                **_everywhere("jarlig.programme_published(id)"),
                "jarlig_person": f"jarlig.programme_published(id) OR ({ROOM} AND jarlig.area_within(area_id))",
                "jarlig_worker": "true",
            },
            insert={"jarlig_person": f"{AUTHOR} AND jarlig.area_within(area_id)"},
        ),
        guard(
            "catalogue_version",
            select={
                **_everywhere(PUBLISHED),
                "jarlig_person": f"{PUBLISHED} OR ({ROOM} AND {IN_AREA})",
                "jarlig_worker": "true",
            },
            insert={"jarlig_person": f"{AUTHOR} AND {IN_AREA} AND imported_by_id = jarlig.person()"},
            update={"jarlig_person": f"(({AUTHOR} AND imported_by_id = jarlig.person() AND state IN ('draft', 'checked',"
                                     f" 'withdrawn')) OR {PUBLISHER}) AND {IN_AREA}"},
        ),
        guard(
            "catalogue_file",
            select={**_everywhere(OF_VERSION), "jarlig_person": OF_VERSION, "jarlig_worker": "true"},
            insert={"jarlig_person": OWN_DRAFT},
        ),
        guard(
            "catalogue_guide",
            select={**_everywhere(OF_VERSION), "jarlig_person": OF_VERSION, "jarlig_worker": "true"},
            insert={"jarlig_person": OWN_DRAFT},
        ),
        guard(
            "catalogue_window",
            select=dict.fromkeys(ASKERS, "true"),
            insert={"jarlig_person": f"{PUBLISHER} AND {IN_AREA}"},
            update={"jarlig_person": f"{PUBLISHER} AND {IN_AREA}"},
        ),
        guard(
            "catalogue_route",
            select={
                **_everywhere(PUBLISHED),
                "jarlig_person": f"{PUBLISHED} OR ({ROOM} AND {IN_AREA})",
                "jarlig_worker": "true",
            },
            insert={"jarlig_person": f"({AUTHOR} AND set_by_id = jarlig.person() OR {PUBLISHER}"
                                     f" AND version_id IS NOT NULL) AND {IN_AREA}"},
            update={"jarlig_person": f"({AUTHOR} AND set_by_id = jarlig.person() AND state = 'withdrawn'"
                                     f" OR {PUBLISHER}) AND {IN_AREA}"},
        ),
        guard(
            "catalogue_confirmation",
            select=dict.fromkeys(ASKERS, "true"),
            insert={"jarlig_person": f"{PUBLISHER} AND EXISTS (SELECT FROM catalogue_interpretation i"
                                     " WHERE i.id = interpretation_id AND jarlig.programme_within(i.programme_id))"},
        ),
        guard(
            "catalogue_interpretation",
            select={
                **_everywhere(CONFIRMED),
                "jarlig_person": f"{CONFIRMED} OR ({ROOM} AND {IN_AREA})",
                "jarlig_worker": "true",
            },
            insert={"jarlig_person": f"{AUTHOR} AND {IN_AREA} AND written_by_id = jarlig.person()"},
        ),
        guard(
            "catalogue_recognition_import",
            select={"jarlig_person": READS, "jarlig_worker": "true"},
            insert={"jarlig_person": f"{RECOGNISES} AND imported_by_id = jarlig.person()"},
        ),
        guard(
            "catalogue_recognition",
            select={"jarlig_person": READS, "jarlig_worker": "true"},
            insert={"jarlig_person": RECOGNISES},
            update={"jarlig_person": RECOGNISES},
        ),
        # To lock a row for reading one must be able to change it: its owner can, and writes nothing all the same.
        migrations.RunSQL([
            ("CREATE POLICY catalogue_window_holds ON catalogue_window FOR UPDATE TO CURRENT_USER USING (true)"
             " WITH CHECK (false)", None),
            ("CREATE EXTENSION IF NOT EXISTS btree_gist", None),
            ("ALTER TABLE catalogue_window ADD CONSTRAINT window_never_overlaps EXCLUDE USING gist (programme_id WITH =,"
             " offer WITH =, year WITH =, tstzrange(opens_at, closes_at) WITH &&)", None),
            ("ALTER TABLE catalogue_file ADD CONSTRAINT file_is_its_hash CHECK (sha256 = encode(sha256(data), 'hex'))",
             None),
        ], migrations.RunSQL.noop),
        HOLD,
        _kept(VERSION_KEPT, "catalogue_version", "version_kept"),
        _kept(ROUTE_KEPT, "catalogue_route", "route_kept"),
        _kept(CONFIRMED_KEPT, "catalogue_confirmation", "confirmation_kept", "INSERT"),
        _kept(WINDOW_KEPT, "catalogue_window", "window_kept"),
        _kept(RECOGNITION_KEPT, "catalogue_recognition", "recognition_kept"),
        *(append_only(table) for table in ("catalogue_file", "catalogue_guide", "catalogue_interpretation",
                                           "catalogue_confirmation", "catalogue_recognition_import")),
        transitions("catalogue_version", "version", VERSION),
        transitions("catalogue_window", "window", WINDOW),
        transitions("catalogue_route", "route", ROUTE),
        transitions("catalogue_recognition", "recognition", RECOGNITION),
    ]  # fmt: skip
