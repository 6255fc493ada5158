"""Commitments are made about oneself, or about somebody or something of which nothing was committed before."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations import RunSQL

from jarlig.service.ground.guard import function

WRITERS = ("jarlig_person", "jarlig_gate", "jarlig_worker")
# Whoever may commit to any value about anybody can guess what stands committed in the log. Where there is no key yet
# there is nothing to compare with; a key that this very transaction made is that of what it writes down.
COMMITTED = """
DECLARE k record; secret bytea; i bytea := ''::bytea; o bytea := ''::bytea;
BEGIN
    SELECT "inner", "outer", made_in INTO k FROM public.audit_key a WHERE a.subject = about;
    IF NOT FOUND THEN
        secret := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
        FOR n IN 0..63 LOOP
            i := i || set_byte('\\x00'::bytea, 0, 54 # CASE WHEN n < 32 THEN get_byte(secret, n) ELSE 0 END);
            o := o || set_byte('\\x00'::bytea, 0, 92 # CASE WHEN n < 32 THEN get_byte(secret, n) ELSE 0 END);
        END LOOP;
        INSERT INTO public.audit_key (subject, "inner", "outer") VALUES (about, i, o) ON CONFLICT DO NOTHING;
        SELECT "inner", "outer", made_in INTO k FROM public.audit_key a WHERE a.subject = about;
    END IF;
    IF k.made_in IS DISTINCT FROM pg_current_xact_id() AND about IS DISTINCT FROM jarlig.person() THEN
        RAISE EXCEPTION 'nobody commits to what concerns somebody else'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'own_commitment';
    END IF;
    RETURN sha256(k."outer" || sha256(k."inner" || value));
END
"""


class Migration(migrations.Migration):
    """The column is of the database alone: nothing in the service reads a key."""

    dependencies = [("bodies", "0010_accounts"), ("audit", "0002_news")]
    operations = [
        RunSQL(
            [
                "ALTER TABLE audit_key ADD COLUMN made_in xid8",
                "ALTER TABLE audit_key ALTER COLUMN made_in SET DEFAULT pg_current_xact_id()",
            ],
            "ALTER TABLE audit_key DROP COLUMN made_in",
        ),
        function("committed(about uuid, value bytea)", "bytea", COMMITTED, roles=WRITERS, language="plpgsql",
                 volatile="VOLATILE"),
    ]  # fmt: skip
