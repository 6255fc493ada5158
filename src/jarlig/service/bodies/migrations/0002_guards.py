"""Who sits where, asked by the database itself, and the guards on the tables of this room and of the log."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.bodies.states import CALENDAR, PERSON, SEAT
from jarlig.service.ground.guard import function, guard, transitions, unguard_and_guard

WRITERS = ("jarlig_person", "jarlig_gate", "jarlig_worker")
ASKERS = (*WRITERS, "jarlig_public")

# The seat that the transaction names, if its person holds it today or is a deputy on it: not what the program believes.
MY_SEAT = """
    SELECT s.id, s.role, s.body_id, s.area_id, a.path, a.level
    FROM public.bodies_seat s JOIN public.bodies_area a ON a.id = s.area_id
    JOIN public.bodies_person p ON p.id = jarlig.person() AND p.state = 'active'
    WHERE s.id = jarlig.seat() AND s.state = 'held'
      AND jarlig.today() BETWEEN s.starts_on AND coalesce(s.ends_on, 'infinity')
      AND (s.person_id = p.id OR EXISTS (
          SELECT FROM public.bodies_deputy d WHERE d.seat_id = s.id AND d.person_id = p.id AND NOT d.is_ended
          AND jarlig.today() BETWEEN d.starts_on AND d.ends_on))
"""
FUNCTIONS = [
    function("my_seat()", "TABLE (id uuid, role text, body uuid, area uuid, path text, level text)", MY_SEAT, roles=ASKERS),
    function("holds(VARIADIC roles text[])", "boolean",
             "SELECT EXISTS (SELECT FROM jarlig.my_seat() m WHERE m.role = ANY (roles))", roles=ASKERS),
    function("within(path text)", "boolean",
             "SELECT EXISTS (SELECT FROM jarlig.my_seat() m WHERE starts_with(within.path, m.path))", roles=ASKERS),
    function("at_the_top()", "boolean",
             "SELECT EXISTS (SELECT FROM jarlig.my_seat() m WHERE m.level = 'region')", roles=ASKERS),
    function("area_within(area uuid)", "boolean",
             "SELECT jarlig.within(a.path) FROM public.bodies_area a WHERE a.id = area", roles=ASKERS),
    function("my_body()", "uuid", "SELECT m.body FROM jarlig.my_seat() m", roles=ASKERS),
    function("person_within(who uuid)", "boolean",
             "SELECT EXISTS (SELECT FROM public.bodies_seat s WHERE s.person_id = who AND jarlig.area_within(s.area_id))",
             roles=ASKERS),
    function("sits_on(seat uuid)", "boolean",
             "SELECT EXISTS (SELECT FROM public.bodies_seat s WHERE s.id = seat AND s.person_id = jarlig.person())",
             roles=ASKERS),
    function("seat_within(seat uuid)", "boolean",
             "SELECT jarlig.area_within(s.area_id) FROM public.bodies_seat s WHERE s.id = seat", roles=ASKERS),
    function("is_deputy_on(seat uuid)", "boolean",
             "SELECT EXISTS (SELECT FROM public.bodies_deputy d WHERE d.seat_id = seat"
             " AND d.person_id = jarlig.person() AND NOT d.is_ended)", roles=ASKERS),
    function("is_empty()", "boolean", "SELECT NOT EXISTS (SELECT FROM public.bodies_account)", roles=ASKERS),
]  # fmt: skip

ADMINISTERS = "(SELECT jarlig.holds('administrator'))"
WATCHES = "(SELECT jarlig.holds('administrator', 'auditor'))"
EVERYBODY = dict.fromkeys(ASKERS, "true")
# The first administrator of an installation is made by the sign-in, while there is no account at all.
FIRST = "(SELECT jarlig.is_empty())"
OWN_OR_WATCHED = f"= jarlig.person() OR ({WATCHES} AND jarlig.person_within("


class Migration(migrations.Migration):
    """Functions first, for the policies call them."""

    dependencies = [("bodies", "0001_initial"), ("audit", "0001_log")]
    operations = [
        *FUNCTIONS,
        guard(
            "bodies_area",
            select=EVERYBODY,
            insert={"jarlig_person": f"{ADMINISTERS} AND jarlig.within(path)", "jarlig_gate": FIRST},
            update={"jarlig_person": f"{ADMINISTERS} AND jarlig.within(path)"},
        ),
        guard(
            "bodies_body",
            select=EVERYBODY,
            insert={"jarlig_person": f"{ADMINISTERS} AND jarlig.area_within(area_id)", "jarlig_gate": FIRST},
            update={"jarlig_person": f"{ADMINISTERS} AND jarlig.area_within(area_id)"},
        ),
        guard(
            "bodies_person",
            select={"jarlig_person": f"id {OWN_OR_WATCHED}id))", "jarlig_gate": "true"},
            insert={"jarlig_person": ADMINISTERS, "jarlig_gate": "true"},
            update={
                "jarlig_person": f"id = jarlig.person() OR ({ADMINISTERS} AND jarlig.person_within(id))",
                "jarlig_gate": "true",
            },
        ),
        guard(
            "bodies_account",
            select={"jarlig_person": f"person_id {OWN_OR_WATCHED}person_id))", "jarlig_gate": "true"},
            insert={"jarlig_person": ADMINISTERS, "jarlig_gate": "true"},
            update={
                "jarlig_person": f"person_id = jarlig.person() OR ({ADMINISTERS} AND jarlig.person_within(person_id))",
                "jarlig_gate": "true",
            },
        ),
        guard(
            "bodies_session",
            select={"jarlig_gate": "true", "jarlig_worker": "true"},
            insert={"jarlig_gate": "true"},
            update={"jarlig_gate": "true"},
            delete={"jarlig_gate": "true", "jarlig_worker": "true"},
        ),
        guard(
            "bodies_seat",
            select={
                "jarlig_person": f"person_id = jarlig.person() OR jarlig.is_deputy_on(id) OR body_id = (SELECT jarlig.my_body())"
                f" OR ({WATCHES} AND jarlig.area_within(area_id))",
                "jarlig_gate": "true",
            },
            insert={"jarlig_person": f"{ADMINISTERS} AND jarlig.area_within(area_id)", "jarlig_gate": FIRST},
            update={"jarlig_person": f"{ADMINISTERS} AND jarlig.area_within(area_id)"},
        ),
        guard(
            "bodies_deputy",
            select={
                "jarlig_person": "person_id = jarlig.person() OR jarlig.sits_on(seat_id)"
                f" OR ({WATCHES} AND jarlig.seat_within(seat_id))",
                "jarlig_gate": "true",
            },
            insert={"jarlig_person": f"jarlig.sits_on(seat_id) OR ({ADMINISTERS} AND jarlig.seat_within(seat_id))"},
            update={"jarlig_person": f"jarlig.sits_on(seat_id) OR ({ADMINISTERS} AND jarlig.seat_within(seat_id))"},
        ),
        guard(
            "bodies_calendar",
            select=EVERYBODY,
            insert={"jarlig_person": f"{ADMINISTERS} AND jarlig.at_the_top()"},
            update={"jarlig_person": f"{ADMINISTERS} AND jarlig.at_the_top()"},
        ),
        transitions("bodies_person", "person", PERSON),
        transitions("bodies_seat", "seat", SEAT),
        transitions("bodies_calendar", "calendar", CALENDAR),
        *unguard_and_guard(
            "audit_act",
            select={
                "jarlig_worker": "true",
                "jarlig_person": f"person = jarlig.person() OR ({WATCHES} AND"
                " CASE area WHEN '' THEN jarlig.at_the_top() ELSE jarlig.within(area) END)",
            },
            insert=dict.fromkeys(WRITERS, "person IS NOT DISTINCT FROM jarlig.person()"),
        ),
        *unguard_and_guard(
            "audit_leaf",
            select={"jarlig_worker": "true", "jarlig_person": "EXISTS (SELECT FROM audit_act a WHERE a.id = act_id)"},
            insert={"jarlig_worker": "true"},
        ),
        *unguard_and_guard(
            "audit_head",
            select={"jarlig_worker": "true", "jarlig_person": WATCHES},
            insert={"jarlig_worker": "true"},
        ),
    ]
