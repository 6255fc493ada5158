"""Guards in the database (数据库防线): row security, grants and allowed changes of state, as steps of a migration.

Every table has row security, forced, or stands in ``EXEMPT`` with the reason; a test compares with the catalogue of
the database. ``jarlig.person()`` and the other functions that policies call are made in the first migrations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.migrations import RunSQL

#: Tables without row security, and why.
EXEMPT = {
    "django_migrations": "which changes of the database were made; read by the owner alone",
    "django_content_type": "names of models; no right hangs on them",
    "auth_permission": "names made by the framework; nobody holds one, and nothing asks for them",
    "auth_group": "of the framework; stays empty",
    "auth_group_permissions": "of the framework; stays empty",
    "procrastinate_jobs": "the queue, ids only; granted to the worker alone, requests call jarlig.enqueue",
    "procrastinate_events": "of the queue, as above",
    "procrastinate_workers": "of the queue, as above",
    "procrastinate_periodic_defers": "of the queue, as above",
}

Rule = Mapping[str, str]


def guard(
    table: str, *, select: Rule, insert: Rule | None = None, update: Rule | None = None, delete: Rule | None = None
) -> RunSQL:
    """Row security for a table, and just the grants that go with it.

    Args:
        table: name of the table.
        select: for each role, the SQL condition under which it may see a row; a role that is absent sees none.
        insert: the condition that a new row must meet.
        update: the condition that a row must meet before and after a change.
        delete: the condition under which a row may be removed.
    """
    steps = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"REVOKE ALL ON {table} FROM PUBLIC",
        # Functions that policies call belong to the owner and read through this; the owner serves no request.
        f"CREATE POLICY {_name(table)}_owner ON {table} FOR SELECT TO CURRENT_USER USING (true)",
    ]
    for verb, rules in (("SELECT", select), ("INSERT", insert), ("UPDATE", update), ("DELETE", delete)):
        for role, condition in (rules or {}).items():
            clause = {
                "SELECT": f"USING ({condition})",
                "INSERT": f"WITH CHECK ({condition})",
                "UPDATE": f"USING ({condition}) WITH CHECK ({condition})",
                "DELETE": f"USING ({condition})",
            }[verb]
            steps += [
                f"GRANT {verb} ON {table} TO {role}",
                f"CREATE POLICY {_name(table)}_{role.removeprefix('jarlig_')}_{verb.lower()} ON {table}"
                f" FOR {verb} TO {role} {clause}",
            ]
    undo = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"]
    return _run(steps, undo)


def unguard_and_guard(table: str, **rules: Rule | None) -> list[RunSQL]:
    """Row security of a table made anew: every policy it has goes, then ``guard``."""
    drop = (
        f"DO $$ DECLARE one record; BEGIN FOR one IN SELECT policyname FROM pg_policies WHERE tablename = '{table}'"
        f" LOOP EXECUTE format('DROP POLICY %I ON {table}', one.policyname); END LOOP; END $$"
    )
    roles = "jarlig_public, jarlig_person, jarlig_gate, jarlig_worker"
    return [_run([drop, f"REVOKE ALL ON {table} FROM {roles}"], []), guard(table, **rules)]  # type: ignore[arg-type]


def append_only(table: str) -> RunSQL:
    """Rows of the table are never changed or removed, not even by a slip of the owner."""
    return _run(
        [
            f"CREATE TRIGGER {_name(table)}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION jarlig.never_changed()",
            f"CREATE TRIGGER {_name(table)}_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION jarlig.never_changed()",
        ],
        [
            f"DROP TRIGGER {_name(table)}_append_only ON {table}",
            f"DROP TRIGGER {_name(table)}_never_emptied ON {table}",
        ],
    )


def transitions(table: str, machine: str, allowed: Iterable[tuple[str, str]]) -> RunSQL:
    """The states that rows may begin in (from ``""``) and the changes of state that the database lets through.

    ``allowed`` is what the room's ``states.py`` says; a test keeps the two equal.
    """
    rows = ", ".join(f"('{machine}', '{before}', '{after}')" for before, after in allowed)
    return _run(
        [
            f"INSERT INTO jarlig.transitions (machine, before, after) VALUES {rows}",
            f"CREATE TRIGGER {_name(table)}_states BEFORE INSERT OR UPDATE OF state ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION jarlig.check_state('{machine}')",
        ],
        [
            f"DROP TRIGGER {_name(table)}_states ON {table}",
            f"DELETE FROM jarlig.transitions WHERE machine = '{machine}'",
        ],
    )


def function(signature: str, returns: str, body: str, *, roles: Sequence[str], language: str = "sql",
             volatile: str = "STABLE") -> RunSQL:  # fmt: skip
    """A function of schema ``jarlig`` that runs as the owner and that just these roles may call."""
    return _run(
        [
            f"CREATE OR REPLACE FUNCTION jarlig.{signature} RETURNS {returns} LANGUAGE {language} {volatile}"
            f" SECURITY DEFINER SET search_path = pg_catalog, public AS $body$ {body} $body$",
            f"REVOKE ALL ON FUNCTION jarlig.{signature} FROM PUBLIC",
            *(f"GRANT EXECUTE ON FUNCTION jarlig.{signature} TO {role}" for role in roles),
        ],
        [f"DROP FUNCTION jarlig.{signature}"],
    )


def checks(name: str, body: str) -> RunSQL:
    """A function in plpgsql that triggers call, as the owner: it sees every row."""
    return function(f"{name}()", "trigger", body, roles=(), language="plpgsql", volatile="VOLATILE")


def before(table: str, name: str, call: str, when: str = "UPDATE") -> RunSQL:
    """A trigger before each change of a row, its own name on this table; triggers run in the order of their names."""
    return _run(
        [f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION jarlig.{call}"],
        [f"DROP TRIGGER {table}_{name} ON {table}"],
    )


def policy(table: str, name: str, *, using: str = "", check: str = "") -> RunSQL:
    """A policy that says from here on something else; what it said before does not come back."""
    clause = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    return _run([f"ALTER POLICY {_name(table)}_{name} ON {table}{clause}"], [])


def _run(steps: list[str], undo: list[str]) -> RunSQL:
    return RunSQL([(step, None) for step in steps], [(step, None) for step in undo])


def _name(table: str) -> str:
    return table.replace('"', "").replace(".", "_")[:40]


def also(
    table: str, name: str, verb: str, role: str, *, using: str = "", check: str = "", columns: Sequence[str] = ()
) -> RunSQL:
    """One more policy on a table that has its guard: what a room above adds, or a change whose end differs.

    Policies for one verb are joined by "or", conditions before and after each for itself: ``check`` says again whatever
    of ``using`` must still hold, or another policy's ``check`` would let through what this one's ``using`` opened.

    Args:
        table: name of the table.
        name: name of the policy, its own on this table.
        verb: SELECT, INSERT, UPDATE or DELETE.
        role: to whom; ``CURRENT_USER`` is the owner, for functions that run as the owner.
        using: the condition on a row as it stands.
        check: the condition on a row as it will stand.
        columns: the columns that may be changed; all of them when empty.
    """
    clause = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    steps = [f"CREATE POLICY {_name(table)}_{name} ON {table} FOR {verb} TO {role}{clause}"]
    if role != "CURRENT_USER":
        which = f" ({', '.join(columns)})" if columns else ""
        steps.append(f"GRANT {verb}{which} ON {table} TO {role}")
    return _run(steps, [f"DROP POLICY {_name(table)}_{name} ON {table}"])
