"""What holds of areas, seats, deputies, calendars and texts whoever asks, and by whatever statement."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations import RunSQL

from jarlig.service.bodies.roles import INCOMPATIBLE
from jarlig.service.bodies.states import TEXT
from jarlig.service.ground.guard import checks, function, guard, transitions

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")
OFFICERS = ("jarlig_person", "jarlig_gate", "jarlig_worker")
ADMINISTERS = "(SELECT jarlig.holds('administrator'))"
WATCHES = "(SELECT jarlig.holds('administrator', 'auditor'))"

PAIRS = sorted(pair for both in INCOMPATIBLE for pair in (tuple(sorted(both)), tuple(sorted(both, reverse=True))))
INCOMPATIBLE_TABLE = [
    "CREATE TABLE jarlig.incompatible (one text, other text, PRIMARY KEY (one, other))",
    "INSERT INTO jarlig.incompatible VALUES " + ", ".join(f"('{one}', '{other}')" for one, other in PAIRS),
]

# Roles of a person with their days: seats of their own and those they are a deputy on. What has ended is not held.
HOLDINGS = """
    SELECT s.role, s.starts_on, coalesce(s.ends_on, 'infinity'::date)
    FROM public.bodies_seat s WHERE s.person_id = who AND s.state = 'held'
    UNION ALL
    SELECT s.role, greatest(d.starts_on, s.starts_on), least(d.ends_on, coalesce(s.ends_on, 'infinity'::date))
    FROM public.bodies_deputy d JOIN public.bodies_seat s ON s.id = d.seat_id
    WHERE d.person_id = who AND NOT d.is_ended AND s.state = 'held'
"""
CONFLICT = """
    SELECT h.role FROM jarlig.holdings(who) h JOIN jarlig.incompatible i ON i.one = wanted AND i.other = h.role
    WHERE h.first <= coalesce(until, 'infinity') AND h.last >= since AND EXISTS (SELECT FROM jarlig.my_seat())
    ORDER BY h.first LIMIT 1
"""
# Two transactions that each add one role of a pair would not see each other: the second waits for the first.
CHECK_HOLDER = """
BEGIN
    PERFORM jarlig.lock_holder(who);
    IF EXISTS (
        SELECT FROM jarlig.holdings(who) a
        JOIN jarlig.incompatible i ON i.one = a.role
        JOIN jarlig.holdings(who) b ON b.role = i.other AND b.first <= a.last AND b.last >= a.first
        WHERE a.first <= a.last AND b.first <= b.last
    ) THEN
        RAISE EXCEPTION 'nobody holds incompatible roles at once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'incompatible_roles';
    END IF;
END
"""
LOCK_HOLDER = "SELECT pg_advisory_xact_lock(hashtextextended('jarlig.holder:' || who::text, 0))"

SEAT_HOLDERS = """
DECLARE who uuid;
BEGIN
    FOR who IN SELECT NEW.person_id UNION SELECT d.person_id FROM public.bodies_deputy d
        WHERE d.seat_id = NEW.id AND NOT d.is_ended ORDER BY 1
    LOOP PERFORM jarlig.check_holder(who); END LOOP;
    RETURN NULL;
END
"""
DEPUTY_HOLDER = "BEGIN PERFORM jarlig.check_holder(NEW.person_id); RETURN NULL; END"

SEAT_FITS = """
DECLARE b record; a text;
BEGIN
    SELECT x.is_active, x.is_third_party, y.path INTO b
    FROM public.bodies_body x JOIN public.bodies_area y ON y.id = x.area_id WHERE x.id = NEW.body_id;
    SELECT path INTO a FROM public.bodies_area WHERE id = NEW.area_id;
    IF NOT b.is_active THEN
        RAISE EXCEPTION 'the body is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'body_closed';
    ELSIF NOT starts_with(a, b.path) THEN
        RAISE EXCEPTION 'a seat lies in the area of its body'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_outside_body';
    ELSIF b.is_third_party <> (NEW.role = 'third_party') THEN
        RAISE EXCEPTION 'a third party has seats of a third party, and nobody else has'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_third_party';
    ELSIF NOT EXISTS (SELECT FROM public.bodies_person WHERE id = NEW.person_id AND state = 'active') THEN
        RAISE EXCEPTION 'the person has left' USING ERRCODE = 'check_violation', CONSTRAINT = 'person_left';
    END IF;
    RETURN NEW;
END
"""
DEPUTY_FITS = """
DECLARE s record;
BEGIN
    SELECT * INTO s FROM public.bodies_seat WHERE id = NEW.seat_id;
    IF s.state <> 'held' OR NEW.person_id = s.person_id THEN
        RAISE EXCEPTION 'a deputy sits for somebody else on a seat that is held'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deputy_for_whom';
    ELSIF NEW.starts_on < s.starts_on OR NEW.ends_on > coalesce(s.ends_on, 'infinity') THEN
        RAISE EXCEPTION 'the days of a deputy lie within those of the seat'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deputy_within_seat';
    ELSIF NOT EXISTS (SELECT FROM public.bodies_person WHERE id = NEW.person_id AND state = 'active') THEN
        RAISE EXCEPTION 'the person has left' USING ERRCODE = 'check_violation', CONSTRAINT = 'person_left';
    END IF;
    RETURN NEW;
END
"""
# A seat that could grow longer could come to overlap another one's days after both were looked at.
DAYS_SHRINK = """
BEGIN
    IF coalesce(NEW.ends_on, 'infinity') > coalesce(OLD.ends_on, 'infinity') THEN
        RAISE EXCEPTION 'a last day comes nearer or stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'days_shrink';
    END IF;
    RETURN NEW;
END
"""
DEPUTY_ENDED = """
BEGIN
    IF OLD.is_ended AND NOT NEW.is_ended THEN
        RAISE EXCEPTION 'a deputy who has ended begins no more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deputy_ended';
    END IF;
    RETURN NEW;
END
"""
# Permission hangs on the path; money hangs on the fiscal parent, which only the region sets.
AREA_LINE = """
DECLARE above text := coalesce((SELECT path FROM public.bodies_area WHERE id = NEW.parent_id), '');
BEGIN
    IF NEW.path <> above || NEW.id::text || '/' OR (NEW.parent_id IS NULL) <> (NEW.level = 'region') THEN
        RAISE EXCEPTION 'the path of an area is that of its parent and itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'area_line';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.path <> OLD.path
        AND EXISTS (SELECT FROM public.bodies_area WHERE parent_id = NEW.id) THEN
        RAISE EXCEPTION 'an area with others under it stays where it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'area_moves_alone';
    END IF;
    RETURN NEW;
END
"""
AREA_MONEY = """
CREATE FUNCTION jarlig.area_money() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF current_user = 'jarlig_person' AND NOT jarlig.at_the_top() AND (CASE TG_OP
        WHEN 'INSERT' THEN NEW.is_fiscal OR NEW.level <> 'filing' OR NEW.fiscal_parent_id IS DISTINCT FROM NEW.parent_id
        ELSE (NEW.is_fiscal, NEW.fiscal_parent_id) IS DISTINCT FROM (OLD.is_fiscal, OLD.fiscal_parent_id) END)
    THEN
        RAISE EXCEPTION 'whom the treasury addresses is set by the region'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'area_money';
    END IF;
    RETURN NEW;
END $$
"""
PERSON_STATE = """
CREATE FUNCTION jarlig.person_state() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (jarlig.holds('administrator') AND jarlig.person_wholly_within(NEW.id)) THEN
        RAISE EXCEPTION 'who leaves or comes back is said by an administrator of all their seats'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'person_state';
    END IF;
    RETURN NEW;
END $$
"""
# Whoever imported or wrote it does not put it in force; what was imported or written is not changed on the way.
TWO_PERSONS = """
BEGIN
    IF NEW.state = 'in_force' AND OLD.state = 'draft' AND (
        NEW.put_in_force_by_id IS DISTINCT FROM jarlig.person()
        OR NEW.put_in_force_by_id::text = to_jsonb(OLD) ->> TG_ARGV[0]) THEN
        RAISE EXCEPTION 'two persons put something in force'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'two_persons';
    END IF;
    RETURN NEW;
END
"""
FROZEN = """
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
            RAISE EXCEPTION '% of % never changes', name, TG_TABLE_NAME
                USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen';
        END IF;
    END LOOP;
    RETURN NEW;
END
"""
# A held seat or a deputyship outside makes a person somebody else's too.
WHOLLY = """
    SELECT jarlig.person_within(who) AND NOT EXISTS (
        SELECT FROM public.bodies_seat s WHERE s.state = 'held'
        AND (s.person_id = who OR EXISTS (
            SELECT FROM public.bodies_deputy d WHERE d.seat_id = s.id AND d.person_id = who AND NOT d.is_ended))
        AND NOT (jarlig.area_within(s.area_id) AND jarlig.body_within(s.body_id)))
"""
TEXT_IN_FORCE = """
    SELECT t.id, t.version, t.body FROM public.bodies_text t
    WHERE t.key = wanted AND t.language = in_language AND t.state = 'in_force'
"""


def on(table: str, name: str, when: str, call: str) -> RunSQL:
    """A trigger for each row."""
    kind = "CONSTRAINT TRIGGER" if name.endswith("_holders") else "TRIGGER"
    return RunSQL(
        f"CREATE {kind} {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION jarlig.{call}",
        f"DROP TRIGGER {name} ON {table}",
    )


def frozen(table: str, *columns: str) -> RunSQL:
    """Columns that keep the value with which their row began."""
    given = ", ".join(f"'{one}'" for one in columns)
    return on(table, f"{table}_frozen", "BEFORE UPDATE", f"frozen({given})")


class Migration(migrations.Migration):
    """Tables of pairs and functions first, then the triggers that call them."""

    dependencies = [("bodies", "0005_administration")]
    operations = [
        RunSQL([(step, None) for step in INCOMPATIBLE_TABLE], "DROP TABLE jarlig.incompatible"),
        RunSQL(
            "INSERT INTO jarlig.transitions VALUES ('calendar', 'draft', 'discarded') ON CONFLICT DO NOTHING",
            "DELETE FROM jarlig.transitions WHERE machine = 'calendar' AND after = 'discarded'",
        ),
        function("body_within(body uuid)", "boolean",
                 "SELECT jarlig.area_within(b.area_id) FROM public.bodies_body b WHERE b.id = body", roles=ASKERS),
        function("person_wholly_within(who uuid)", "boolean", WHOLLY, roles=ASKERS),
        function("holdings(who uuid)", "TABLE (role text, first date, last date)", HOLDINGS, roles=()),
        function("conflict(who uuid, wanted text, since date, until date)", "text", CONFLICT, roles=OFFICERS),
        function("lock_holder(who uuid)", "void", LOCK_HOLDER, roles=OFFICERS, volatile="VOLATILE"),
        function("check_holder(who uuid)", "void", CHECK_HOLDER, roles=(), language="plpgsql", volatile="VOLATILE"),
        function("text_in_force(wanted text, in_language text)", "TABLE (id uuid, version integer, body text)",
                 TEXT_IN_FORCE, roles=ASKERS),
        checks("seat_holders", SEAT_HOLDERS),
        checks("deputy_holders", DEPUTY_HOLDER),
        checks("seat_fits", SEAT_FITS),
        checks("deputy_fits", DEPUTY_FITS),
        checks("days_shrink", DAYS_SHRINK),
        checks("deputy_ended", DEPUTY_ENDED),
        checks("area_line", AREA_LINE),
        checks("two_persons", TWO_PERSONS),
        checks("frozen", FROZEN),
        RunSQL(AREA_MONEY, "DROP FUNCTION jarlig.area_money()"),
        RunSQL(PERSON_STATE, "DROP FUNCTION jarlig.person_state()"),
        RunSQL(
            f"ALTER POLICY bodies_seat_person_insert ON bodies_seat WITH CHECK"
            f" ({ADMINISTERS} AND jarlig.area_within(area_id) AND jarlig.body_within(body_id))",
            f"ALTER POLICY bodies_seat_person_insert ON bodies_seat WITH CHECK"
            f" ({ADMINISTERS} AND jarlig.area_within(area_id))",
        ),
        RunSQL(
            f"ALTER POLICY bodies_seat_person_update ON bodies_seat USING"
            f" ({ADMINISTERS} AND jarlig.area_within(area_id) AND jarlig.body_within(body_id)) WITH CHECK"
            f" ({ADMINISTERS} AND jarlig.area_within(area_id) AND jarlig.body_within(body_id))",
            f"ALTER POLICY bodies_seat_person_update ON bodies_seat USING"
            f" ({ADMINISTERS} AND jarlig.area_within(area_id)) WITH CHECK"
            f" ({ADMINISTERS} AND jarlig.area_within(area_id))",
        ),
        RunSQL(
            f"ALTER POLICY bodies_calendar_person_insert ON bodies_calendar WITH CHECK"
            f" ({ADMINISTERS} AND jarlig.at_the_top() AND imported_by_id = jarlig.person())",
            f"ALTER POLICY bodies_calendar_person_insert ON bodies_calendar WITH CHECK"
            f" ({ADMINISTERS} AND jarlig.at_the_top())",
        ),
        on("bodies_seat", "bodies_seat_fits", "BEFORE INSERT", "seat_fits()"),
        on("bodies_seat", "bodies_seat_days", "BEFORE UPDATE OF ends_on", "days_shrink()"),
        frozen("bodies_seat", "person_id", "body_id", "area_id", "role", "starts_on", "contract"),
        on("bodies_seat", "bodies_seat_holders", "AFTER INSERT OR UPDATE", "seat_holders()"),
        on("bodies_deputy", "bodies_deputy_fits", "BEFORE INSERT", "deputy_fits()"),
        on("bodies_deputy", "bodies_deputy_days", "BEFORE UPDATE OF ends_on", "days_shrink()"),
        on("bodies_deputy", "bodies_deputy_end", "BEFORE UPDATE", "deputy_ended()"),
        frozen("bodies_deputy", "seat_id", "person_id", "starts_on", "reason"),
        on("bodies_deputy", "bodies_deputy_holders", "AFTER INSERT OR UPDATE", "deputy_holders()"),
        on("bodies_area", "bodies_area_line", "BEFORE INSERT OR UPDATE OF path, parent_id, level", "area_line()"),
        on("bodies_area", "bodies_area_money", "BEFORE INSERT OR UPDATE", "area_money()"),
        on("bodies_person", "bodies_person_leaves", "BEFORE UPDATE OF state", "person_state()"),
        frozen("bodies_body", "area_id", "is_third_party"),
        frozen("bodies_calendar", "year", "source", "rest_days", "work_days", "imported_by_id", "imported_at"),
        on("bodies_calendar", "bodies_calendar_two", "BEFORE UPDATE OF state", "two_persons('imported_by_id')"),
        guard(
            "bodies_text",
            select={
                "jarlig_person": f"state <> 'draft' OR {WATCHES}",
                "jarlig_worker": "state <> 'draft'",
            },
            insert={"jarlig_person": f"{ADMINISTERS} AND jarlig.at_the_top() AND written_by_id = jarlig.person()"},
            update={"jarlig_person": f"{ADMINISTERS} AND jarlig.at_the_top()"},
        ),
        transitions("bodies_text", "text", TEXT),
        frozen("bodies_text", "key", "language", "body", "version", "written_by_id", "written_at"),
        on("bodies_text", "bodies_text_two", "BEFORE UPDATE OF state", "two_persons('written_by_id')"),
    ]  # fmt: skip
