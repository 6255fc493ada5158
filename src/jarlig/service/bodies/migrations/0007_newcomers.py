"""People who are seen before they sit: newcomers by who invited them, colleagues by whoever names a deputy."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations import RunSQL

from jarlig.service.ground.guard import function

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")

COLLEAGUES = """
    SELECT DISTINCT p.id, p.name FROM public.bodies_seat s JOIN public.bodies_person p ON p.id = s.person_id
    WHERE s.body_id = jarlig.my_body() AND s.state = 'held' AND p.state = 'active' AND p.id <> jarlig.person()
    ORDER BY 2, 1
"""
# A person of an enterprise has no seat either, and is nobody's newcomer: what tells them apart is the invitation.
NEWCOMER = """
    SELECT NOT EXISTS (SELECT FROM public.bodies_seat s WHERE s.person_id = who) AND EXISTS (
        SELECT FROM public.bodies_account c
        JOIN public.audit_act a ON a.thing = 'bodies.account' AND a.thing_id = c.id::text AND a.act = 'invite'
        WHERE c.person_id = who AND (a.person = jarlig.person() OR jarlig.at_the_top()))
"""
WHOLLY = """
    SELECT (jarlig.person_within(who) OR jarlig.is_newcomer(who)) AND NOT EXISTS (
        SELECT FROM public.bodies_seat s WHERE s.state = 'held'
        AND (s.person_id = who OR EXISTS (
            SELECT FROM public.bodies_deputy d WHERE d.seat_id = s.id AND d.person_id = who AND NOT d.is_ended))
        AND NOT (jarlig.area_within(s.area_id) AND jarlig.body_within(s.body_id)))
"""
WATCHES = "(SELECT jarlig.holds('administrator', 'auditor'))"
ADMINISTERS = "(SELECT jarlig.holds('administrator'))"


def seen(table: str, key: str) -> RunSQL:
    """Whose rows an officer sees: their own, those of people who sit or sat in their area, and those of newcomers."""
    was = f"{key} = jarlig.person() OR ({WATCHES} AND jarlig.person_within({key}))"
    alter = f"ALTER POLICY {table}_person_select ON {table} USING"
    return RunSQL(f"{alter} ({was} OR ({ADMINISTERS} AND jarlig.is_newcomer({key})))", f"{alter} ({was})")


def left(table: str) -> RunSQL:
    """A newcomer may leave before they ever sat."""
    was = f"id = jarlig.person() OR ({ADMINISTERS} AND jarlig.person_within(id))"
    now = f"{was} OR ({ADMINISTERS} AND jarlig.is_newcomer(id))"
    alter = f"ALTER POLICY {table}_person_update ON {table}"
    return RunSQL(f"{alter} USING ({now}) WITH CHECK ({now})", f"{alter} USING ({was}) WITH CHECK ({was})")


class Migration(migrations.Migration):
    """Row security shows an officer no other person; these are the two exceptions."""

    dependencies = [("bodies", "0006_walls")]
    operations = [
        function("colleagues()", "TABLE (id uuid, name text)", COLLEAGUES, roles=("jarlig_person",)),
        function("is_newcomer(who uuid)", "boolean", NEWCOMER, roles=ASKERS),
        function("person_wholly_within(who uuid)", "boolean", WHOLLY, roles=ASKERS),
        seen("bodies_person", "id"),
        seen("bodies_account", "person_id"),
        left("bodies_person"),
    ]
