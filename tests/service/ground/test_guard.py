"""The catalogue of the database against what the program says of it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connection

from jarlig.service.bodies import states as bodies
from jarlig.service.bodies.models import Person
from jarlig.service.ground.context import ROLES, Who, acting
from jarlig.service.ground.guard import EXEMPT
from jarlig.service.launch.cluster import Cluster

_TABLES = """
    SELECT c.oid::regclass::text, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""


#: Tables of which the public reads what was published, and how the database tells it.
_OF_VERSION = "(EXISTS ( SELECT FROM catalogue_version v WHERE (v.id = {}.version_id)))"
PUBLISHED = {
    "catalogue_programme": "jarlig.programme_published(id)",
    "catalogue_version": "((state = ANY (ARRAY['in_force'::text, 'superseded'::text])) OR ((state = 'withdrawn'::text)"
    " AND (in_force_at IS NOT NULL)))",
    "catalogue_route": "(state = ANY (ARRAY['in_force'::text, 'superseded'::text]))",
    "catalogue_file": _OF_VERSION.format("catalogue_file"),
    "catalogue_guide": _OF_VERSION.format("catalogue_guide"),
    "catalogue_interpretation": "(EXISTS ( SELECT FROM catalogue_confirmation c"
    " WHERE (c.interpretation_id = catalogue_interpretation.id)))",
    # Not published: the row of the code whose hash the transaction names.
    "estimates_session": "((code_hash = ( SELECT jarlig.named_estimate() AS named_estimate))"
    " AND (expires_at > jarlig.now()))",
}


@pytest.fixture(scope="module")
def owner(server: Cluster) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.addresses("tests")[0], autocommit=True) as connected:
        yield connected


def test_every_table_has_row_security_or_stands_among_the_exempt(owner: psycopg.Connection) -> None:
    guarded = dict(owner.execute(_TABLES).fetchall())
    open_ones = {name for name, forced in guarded.items() if not forced}
    assert open_ones == set(EXEMPT) & set(guarded)
    assert len(guarded) > 10


def test_every_exempt_table_exists(owner: psycopg.Connection) -> None:
    assert set(EXEMPT) <= {name for name, _ in owner.execute(_TABLES).fetchall()}


def test_no_context_sees_no_row_of_a_private_table(owner: psycopg.Connection) -> None:
    """Where the public may read, every row is for everybody, was published, or is its reader's by a code.

    Which is said here once more.
    """
    rows = owner.execute(
        "SELECT tablename, qual FROM pg_policies WHERE 'jarlig_public' = ANY (roles) AND cmd = 'SELECT'"
    ).fetchall()
    everything = {name for name, qual in rows if qual == "true"}
    assert everything == {
        "bodies_area", "bodies_body", "bodies_calendar", "catalogue_confirmation", "catalogue_window",
    }  # fmt: skip
    published = {name: " ".join(qual.split()) for name, qual in rows if qual != "true"}
    assert published == PUBLISHED


def test_no_role_of_requests_owns_anything_or_passes_row_security(owner: psycopg.Connection) -> None:
    rows = owner.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole FROM pg_roles WHERE rolname = ANY (%s)",
        [list(ROLES)],
    ).fetchall()
    assert {row[0] for row in rows} == set(ROLES)
    assert not any(any(row[1:]) for row in rows)
    owned = owner.execute("SELECT relname FROM pg_class WHERE relowner::regrole::text = ANY (%s)", [list(ROLES)])
    assert owned.fetchall() == []


def test_nobody_may_empty_a_table(owner: psycopg.Connection) -> None:
    rows = owner.execute(
        "SELECT grantee, table_name FROM information_schema.role_table_grants"
        " WHERE privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES') AND starts_with(grantee, 'jarlig')"
        " AND grantee <> %s",
        [owner.info.user],
    ).fetchall()
    assert rows == []


@pytest.mark.parametrize("machine", ["person", "seat", "calendar", "text"])
def test_the_database_lets_through_just_the_changes_of_state_that_the_room_names(
    owner: psycopg.Connection, machine: str
) -> None:
    kept = owner.execute("SELECT before, after FROM jarlig.transitions WHERE machine = %s", [machine]).fetchall()
    assert set(kept) == set(getattr(bodies, machine.upper()))


def test_a_state_that_is_no_beginning_is_refused_by_the_database(db: None) -> None:
    with pytest.raises(IntegrityError, match="cannot go from nothing to left"), acting(Who(role="jarlig_gate")):
        Person(name="x", state="left").save(force_insert=True)


def test_every_model_is_a_table(owner: psycopg.Connection) -> None:
    tables = {name for name, _ in owner.execute(_TABLES).fetchall()}
    assert {model._meta.db_table for model in apps.get_models()} <= tables


def test_functions_of_the_owner_fix_where_names_are_looked_up(owner: psycopg.Connection) -> None:
    """Otherwise a caller could put a table of their own before ours."""
    rows = owner.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'jarlig'::regnamespace AND prosecdef AND"
        " NOT coalesce(proconfig::text, '') LIKE '%search_path=pg_catalog%'"
    ).fetchall()
    assert rows == []


def test_the_login_reaches_nothing_without_taking_a_role(db: None, server: Cluster) -> None:
    with acting(Who()), connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == ("jarlig_login", "jarlig_public")
