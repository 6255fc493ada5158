"""Accounts and persons: who may be given a way in, by whom, and what of a person never changes."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations import RunSQL

from jarlig.service.ground.guard import before, checks, function

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")
ADMINISTERS = "(SELECT jarlig.holds('administrator'))"

# What the log says of an invitation anybody can write down; who made the account the database writes down itself.
FILL = """
    UPDATE bodies_account c SET invited_by_id = a.person FROM audit_act a
    WHERE a.act = 'invite' AND a.thing = 'bodies.account' AND a.thing_id = c.id::text AND a.at = (
        SELECT min(b.at) FROM audit_act b WHERE b.act = a.act AND b.thing = a.thing AND b.thing_id = a.thing_id)
"""
NEWCOMER = """
    SELECT NOT EXISTS (SELECT FROM public.bodies_seat s WHERE s.person_id = who) AND EXISTS (
        SELECT FROM public.bodies_account c WHERE c.person_id = who AND c.invited_by_id IS NOT NULL
        AND (c.invited_by_id = jarlig.person() OR jarlig.at_the_top()))
"""
# Whose way in an administrator renews: somebody who sits there now, or was invited and never sat; nobody who sits
# elsewhere too, nobody who only sat there once and may by now be somebody else's, and not the administrator.
KEEPS = """
    SELECT jarlig.holds('administrator') AND who <> jarlig.person() AND jarlig.person_wholly_within(who) AND (
        jarlig.is_newcomer(who) OR EXISTS (SELECT FROM public.bodies_seat s
            WHERE s.person_id = who AND s.state = 'held' AND coalesce(s.ends_on, 'infinity') >= jarlig.today()))
"""
# A new person has no account yet, and whoever sits elsewhere is not a new person.
MAY_BE_INVITED = """
    SELECT NOT EXISTS (SELECT FROM public.bodies_account c WHERE c.person_id = who)
        AND NOT EXISTS (SELECT FROM public.bodies_seat s WHERE s.person_id = who AND s.state = 'held'
            AND NOT (jarlig.area_within(s.area_id) AND jarlig.body_within(s.body_id)))
"""
OF_ACCOUNT = "SELECT EXISTS (SELECT FROM public.bodies_account c WHERE c.id = account AND {})"
PERSON_KEPT = """
CREATE FUNCTION jarlig.person_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF (OLD.identity_index IS NOT NULL OR OLD.identity_sealed IS NOT NULL)
        AND (NEW.identity_index, NEW.identity_sealed) IS DISTINCT FROM (OLD.identity_index, OLD.identity_sealed) THEN
        RAISE EXCEPTION 'an identity number is known once and for all'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'identity_kept';
    END IF;
    IF current_user = 'jarlig_person' AND NEW.language <> OLD.language AND NEW.id <> jarlig.person() THEN
        RAISE EXCEPTION 'everybody chooses their own language'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'own_language';
    END IF;
    RETURN NEW;
END $$
"""
TWO_PERSONS = """
BEGIN
    IF NEW.state = 'in_force' AND OLD.state = 'draft' AND (
        NEW.put_in_force_by_id IS DISTINCT FROM jarlig.person()
        OR jarlig.same_human(NEW.put_in_force_by_id, (to_jsonb(OLD) ->> TG_ARGV[0])::uuid)) THEN
        RAISE EXCEPTION 'two persons put something in force'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'two_persons';
    END IF;
    RETURN NEW;
END
"""
#: While nobody is named it is the sign-in that finds out who it is; afterwards everybody's factor is their own.
OWN = "jarlig.person() IS NULL OR jarlig.is_my_account(user_id)"


def only(table: str, role: str, verb: str, now: str, was: str) -> RunSQL:
    """The condition of a policy, from now on."""
    clauses = {"insert": "WITH CHECK ({0})", "delete": "USING ({0})", "update": "USING ({0}) WITH CHECK ({0})"}
    alter = f"ALTER POLICY {table}_{role}_{verb} ON {table} {clauses[verb]}"
    return RunSQL(alter.format(now), alter.format(was))


def columns(table: str, *names: str) -> RunSQL:
    """The columns that somebody who is signed in may change; none at all when there are none."""
    grant = [f"GRANT UPDATE ({', '.join(names)}) ON {table} TO jarlig_person"] if names else []
    return RunSQL([f"REVOKE UPDATE ON {table} FROM jarlig_person", *grant], f"GRANT UPDATE ON {table} TO jarlig_person")


class Migration(migrations.Migration):
    """The column and what fills it first, then the functions, then the policies that call them."""

    dependencies = [("bodies", "0009_signatures")]
    operations = [
        migrations.AddField(
            "account",
            "invited_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
            ),
        ),
        RunSQL(
            [
                "CREATE POLICY bodies_account_fill ON bodies_account FOR UPDATE TO CURRENT_USER USING (true)",
                FILL,
                # What waits for the end of the transaction would keep the table from being altered.
                "SET CONSTRAINTS ALL IMMEDIATE",
                "DROP POLICY bodies_account_fill ON bodies_account",
            ],
            RunSQL.noop,
        ),
        function("is_newcomer(who uuid)", "boolean", NEWCOMER, roles=ASKERS),
        function("keeps_person(who uuid)", "boolean", KEEPS, roles=ASKERS),
        function("may_be_invited(who uuid)", "boolean", MAY_BE_INVITED, roles=ASKERS),
        function("is_my_account(account uuid)", "boolean", OF_ACCOUNT.format("c.person_id = jarlig.person()"),
                 roles=ASKERS),
        function("keeps_account(account uuid)", "boolean", OF_ACCOUNT.format("jarlig.keeps_person(c.person_id)"),
                 roles=ASKERS),
        checks("two_persons", TWO_PERSONS),
        only("bodies_account", "person", "insert", f"{ADMINISTERS} AND starts_with(password, '!') AND"
             " invited_by_id = jarlig.person() AND jarlig.may_be_invited(person_id)", ADMINISTERS),
        only("bodies_account", "gate", "insert", "invited_by_id IS NULL", "true"),
        columns("bodies_account"),
        before("bodies_account", "frozen", "frozen('person_id', 'invited_by_id')"),
        only("bodies_person", "person", "insert", f"{ADMINISTERS} AND state = 'active' AND identity_index IS NULL"
             " AND identity_sealed IS NULL AND phone_sealed IS NULL", ADMINISTERS),
        columns("bodies_person", "language", "state"),
        RunSQL(PERSON_KEPT, "DROP FUNCTION jarlig.person_kept()"),
        before("bodies_person", "kept", "person_kept()"),
        # The sign-in, too, gives nobody another's way in: it asks who acts.
        only("bodies_code", "gate", "insert", "purpose <> 'invitation' OR jarlig.keeps_account(account_id)", "true"),
        before("bodies_code", "frozen", "frozen('code_hash', 'purpose', 'account_id')"),
        only("mfa_authenticator", "gate", "insert", OWN, "true"),
        only("mfa_authenticator", "gate", "update", OWN, "true"),
        only("mfa_authenticator", "gate", "delete", f"{OWN} OR jarlig.keeps_account(user_id)", "true"),
    ]  # fmt: skip
