"""Schema ``jarlig``, the roles, the clock, who asks, and the guards that other rooms put on their tables."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.context import ROLES

ALL = ", ".join(ROLES)

SCHEMA = [
    "CREATE SCHEMA jarlig",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "CREATE TABLE jarlig.roles (name text PRIMARY KEY, meaning text NOT NULL)",
    "CREATE TABLE jarlig.transitions (machine text, before text, after text, PRIMARY KEY (machine, before, after))",
    # A database is marked as demonstration when it is made, by whoever makes it, or never.
    "CREATE TABLE jarlig.mark (kind text PRIMARY KEY CHECK (kind = 'demonstration'))",
    "CREATE TABLE jarlig.clock (kind text PRIMARY KEY REFERENCES jarlig.mark, ahead interval NOT NULL)",
    """
    CREATE FUNCTION jarlig.now() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog AS
    $$ SELECT clock_timestamp() + coalesce((SELECT ahead FROM jarlig.clock), interval '0') $$
    """,
    """
    CREATE FUNCTION jarlig.today() RETURNS date LANGUAGE sql VOLATILE SET search_path = pg_catalog AS
    $$ SELECT (jarlig.now() AT TIME ZONE 'Asia/Shanghai')::date $$
    """,
    """
    CREATE FUNCTION jarlig.is_demonstration() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog AS $$ SELECT EXISTS (SELECT FROM jarlig.mark) $$
    """,
    # After a local setting ends PostgreSQL leaves an empty text, not NULL.
    """
    CREATE FUNCTION jarlig.person() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog AS
    $$ SELECT nullif(current_setting('app.person', true), '')::uuid $$
    """,
    """
    CREATE FUNCTION jarlig.seat() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog AS
    $$ SELECT nullif(current_setting('app.seat', true), '')::uuid $$
    """,
    """
    CREATE FUNCTION jarlig.session() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS
    $$ SELECT nullif(current_setting('app.session', true), '') $$
    """,
    """
    CREATE FUNCTION jarlig.never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE FUNCTION jarlig.check_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS $$
    DECLARE was text := '';
    BEGIN
        IF TG_OP = 'UPDATE' THEN was := OLD.state; END IF;
        IF TG_OP = 'UPDATE' AND NEW.state = was THEN RETURN NEW; END IF;
        IF NOT EXISTS (
            SELECT FROM jarlig.transitions t WHERE t.machine = TG_ARGV[0] AND t.before = was AND t.after = NEW.state
        ) THEN
            RAISE EXCEPTION '% cannot go from % to %', TG_ARGV[0], coalesce(nullif(was, ''), 'nothing'), NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'jarlig_state';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION jarlig.mark_is_first() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM public.audit_act) THEN
            RAISE EXCEPTION 'a database in use cannot be marked as demonstration' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER mark_is_first BEFORE INSERT ON jarlig.mark FOR EACH ROW EXECUTE FUNCTION jarlig.mark_is_first()",
]


def make_roles(apps: object, schema_editor: object) -> None:
    """Roles belong to the whole server: another database may have made them."""
    # Django hands in what its untyped library made.
    execute = schema_editor.execute  # type: ignore[attr-defined]
    for name, meaning in ROLES.items():
        execute(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN"
            f" CREATE ROLE {name} NOLOGIN NOINHERIT; END IF; END $$"
        )
        execute("INSERT INTO jarlig.roles VALUES (%s, %s)", [name, meaning])
    execute(f"GRANT USAGE ON SCHEMA public, jarlig TO {ALL}")
    execute(f"GRANT SELECT ON jarlig.transitions TO {ALL}")


class Migration(migrations.Migration):
    """The first of all."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL([(step, None) for step in SCHEMA], "DROP SCHEMA jarlig CASCADE"),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
