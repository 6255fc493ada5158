"""Who signs, from where, and whether two who sign are two: functions that the tables of every room hang on."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations import RunSQL

from jarlig.service.ground.guard import function

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_worker")

# A seat under a decision is that from which it is taken: one that is named to the database and held today. The first
# argument is the column of the seat; a second one is that of who decided, and what they sign says their seat then.
SIGNED = """
CREATE FUNCTION jarlig.signed_from_own_seat() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    new_row jsonb := to_jsonb(NEW);
    old_row jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    named uuid := (new_row ->> TG_ARGV[0])::uuid;
BEGIN
    IF named IS DISTINCT FROM (old_row ->> TG_ARGV[0])::uuid
        OR (TG_NARGS > 1 AND (new_row ->> TG_ARGV[1]) IS DISTINCT FROM (old_row ->> TG_ARGV[1])) THEN
        IF named IS DISTINCT FROM jarlig.seat() OR (named IS NOT NULL AND NOT EXISTS (SELECT FROM jarlig.my_seat())) THEN
            RAISE EXCEPTION '% is signed from the seat of whoever acts', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'own_seat';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
# Of somebody without an identity number nobody knows: `same_human` says what is known, `known_apart` what is certain.
SAME_HUMAN = """
    SELECT a = b OR EXISTS (SELECT FROM public.bodies_person x JOIN public.bodies_person y
        ON y.identity_index = x.identity_index WHERE x.id = a AND y.id = b)
"""
KNOWN_APART = """
    SELECT EXISTS (SELECT FROM public.bodies_person x JOIN public.bodies_person y
        ON y.identity_index <> x.identity_index WHERE x.id = a AND y.id = b)
"""


class Migration(migrations.Migration):
    """Nothing is changed yet: later migrations, of other rooms too, call these."""

    dependencies = [("bodies", "0008_offices")]
    operations = [
        RunSQL([(SIGNED, None)], "DROP FUNCTION jarlig.signed_from_own_seat()"),
        function("same_human(a uuid, b uuid)", "boolean", SAME_HUMAN, roles=ASKERS),
        function("known_apart(a uuid, b uuid)", "boolean", KNOWN_APART, roles=ASKERS),
    ]
