"""Who speaks for whom, asked by the database itself, and the guards on the tables of this room."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.enterprises.states import ACCOUNT, DISPUTE, ENTERPRISE, LETTER, MEMBERSHIP, RENAMING
from jarlig.service.ground.guard import also, function, guard, transitions

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")
ACTORS = ("jarlig_person", "jarlig_gate")

# Whoever speaks for an enterprise speaks for those that were merged into it: their history follows.
MINE = """
    WITH RECURSIVE mine AS (
        SELECT m.enterprise_id AS id FROM public.enterprises_membership m
        JOIN public.bodies_person p ON p.id = m.person_id AND p.state = 'active'
        WHERE m.person_id = jarlig.person() AND m.state = 'accepted' AND m.role = ANY (roles)
          AND (m.ends_on IS NULL OR m.ends_on >= jarlig.today())
        UNION SELECT e.id FROM public.enterprises_enterprise e JOIN mine ON e.merged_into_id = mine.id
    ) SELECT id FROM mine
"""
# A stake is kept by the person, whatever account they come with, and does not end with the membership.
STAKE = """
    SELECT EXISTS (
        WITH RECURSIVE kin AS (
            SELECT has_stake.enterprise AS id
            UNION SELECT CASE WHEN e.id = kin.id THEN e.merged_into_id ELSE e.id END
            FROM public.enterprises_enterprise e JOIN kin ON e.merged_into_id = kin.id OR e.id = kin.id
            WHERE e.merged_into_id IS NOT NULL
        ) SELECT FROM public.enterprises_membership m JOIN kin ON kin.id = m.enterprise_id
          WHERE m.person_id = jarlig.person())
"""
# The same answer, whether the enterprise was there before or not.
ENTERPRISE_FOR = """
DECLARE found uuid;
BEGIN
    IF jarlig.person() IS NULL THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.enterprises_enterprise (id, uscc, name, area_id, state)
    VALUES (gen_random_uuid(), code, called, registered_in, 'draft') ON CONFLICT (uscc) DO NOTHING;
    SELECT e.id INTO found FROM public.enterprises_enterprise e WHERE e.uscc = code;
    RETURN found;
END
"""
# A draft takes the name and area of whoever shows first that they speak for it; nobody else's can.
SETTLE = """
DECLARE m record;
BEGIN
    SELECT * INTO m FROM public.enterprises_membership s WHERE s.id = membership;
    UPDATE public.enterprises_enterprise e SET name = m.stated_name, area_id = m.stated_area_id,
        state = CASE m.state WHEN 'accepted' THEN 'active' ELSE e.state END
    WHERE e.id = m.enterprise_id AND e.state = 'draft' AND (
        m.state = 'accepted' OR (m.person_id = jarlig.person() AND NOT EXISTS (
            SELECT FROM public.enterprises_letter l JOIN public.enterprises_membership o ON o.id = l.membership_id
            WHERE o.enterprise_id = m.enterprise_id AND o.id <> m.id AND l.state = 'waiting')));
END
"""
# Answered only to who has given a letter or proof, and then no more than yes or no.
CONTESTED = """
    SELECT EXISTS (
        SELECT FROM public.enterprises_membership mine JOIN public.enterprises_membership o
            ON o.enterprise_id = mine.enterprise_id AND o.id <> mine.id AND o.role = 'signatory'
        WHERE mine.id = contested.membership AND mine.person_id = jarlig.person()
          AND (EXISTS (SELECT FROM public.enterprises_letter l WHERE l.membership_id = mine.id AND l.state = 'waiting')
               OR EXISTS (SELECT FROM public.enterprises_proof f WHERE f.membership_id = mine.id))
          AND (o.state = 'accepted' OR (o.state = 'asked' AND EXISTS (
               SELECT FROM public.enterprises_letter l WHERE l.membership_id = o.id AND l.state = 'waiting'))))
"""
MEMBER_NAME = """
    SELECT p.name FROM public.enterprises_membership m JOIN public.bodies_person p ON p.id = m.person_id
    WHERE m.id = membership AND (m.person_id = jarlig.person()
        OR (m.enterprise_id IN (SELECT jarlig.my_enterprises()) AND (m.state IN ('accepted', 'ended') OR m.role = 'member'))
        OR (jarlig.holds('receiver', 'auditor') AND m.enterprise_id IN (SELECT jarlig.enterprises_here())))
"""
# Whoever decides signs for themselves: nobody writes another's name under a decision.
SIGNED = """
CREATE FUNCTION jarlig.signed_by_self() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE signed text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF signed IS DISTINCT FROM to_jsonb(OLD) ->> TG_ARGV[0] AND signed::uuid IS DISTINCT FROM jarlig.person() THEN
        RAISE EXCEPTION '% is signed by whoever acts', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$
"""
ROLES_OF_PEOPLE = "ARRAY['signatory', 'member', 'agent']"
FUNCTIONS = [
    function("my_areas()", "SETOF uuid",
             "SELECT a.id FROM jarlig.my_seat() m JOIN public.bodies_area a ON starts_with(a.path, m.path)", roles=ASKERS),
    function("my_enterprises_as(VARIADIC roles text[])", "SETOF uuid", MINE, roles=ASKERS),
    function("my_enterprises()", "SETOF uuid",
             "SELECT jarlig.my_enterprises_as('signatory', 'member', 'agent')", roles=ASKERS),
    function("speaks_for(enterprise uuid)", "boolean",
             "SELECT enterprise IN (SELECT jarlig.my_enterprises())", roles=ASKERS),
    function("drafts_for(enterprise uuid)", "boolean",
             "SELECT jarlig.speaks_for(enterprise) OR EXISTS (SELECT FROM public.enterprises_membership m"
             " WHERE m.enterprise_id = enterprise AND m.person_id = jarlig.person() AND m.state = 'asked')", roles=ASKERS),
    function("has_stake(enterprise uuid)", "boolean", STAKE, roles=ASKERS),
    function("enterprises_here()", "SETOF uuid",
             "SELECT e.id FROM public.enterprises_enterprise e WHERE e.area_id IN (SELECT jarlig.my_areas())"
             " AND jarlig.holds('receiver', 'reviewer', 'approver', 'finance', 'auditor')", roles=ASKERS),
    function("receives(enterprise uuid)", "boolean",
             "SELECT jarlig.holds('receiver') AND NOT jarlig.has_stake(enterprise) AND EXISTS (SELECT FROM"
             " public.enterprises_enterprise e WHERE e.id = enterprise AND e.area_id IN (SELECT jarlig.my_areas()))",
             roles=ASKERS),
    function("enterprise_path(enterprise uuid)", "text",
             "SELECT a.path FROM public.enterprises_enterprise e JOIN public.bodies_area a ON a.id = e.area_id"
             " WHERE e.id = enterprise", roles=ASKERS),
    function("enterprise_for(code text, called text, registered_in uuid)", "uuid", ENTERPRISE_FOR, roles=ACTORS,
             language="plpgsql", volatile="VOLATILE"),
    function("settle(membership uuid)", "void", SETTLE, roles=ACTORS, language="plpgsql", volatile="VOLATILE"),
    function("contested(membership uuid)", "boolean", CONTESTED, roles=ACTORS),
    function("member_name(membership uuid)", "text", MEMBER_NAME, roles=ACTORS),
    function("is_my_membership(membership uuid)", "boolean",
             "SELECT EXISTS (SELECT FROM public.enterprises_membership m WHERE m.id = membership"
             " AND m.person_id = jarlig.person())", roles=ACTORS),
    function("enterprise_of(membership uuid)", "uuid",
             "SELECT m.enterprise_id FROM public.enterprises_membership m WHERE m.id = membership", roles=ACTORS),
    function("has_proof(membership uuid)", "boolean",
             "SELECT EXISTS (SELECT FROM public.enterprises_proof f WHERE f.membership_id = membership)", roles=ACTORS),
]  # fmt: skip

MINE_ = "enterprise_id IN (SELECT jarlig.my_enterprises())"
HERE = "enterprise_id IN (SELECT jarlig.enterprises_here())"
PLACE = ("state", "role", "mandate", "ends_on", "since", "until", "reason")
CONFIRMATION = ("state", "confirmed_by_id", "changed_at", "ended_at", "reason")
DECISION = ("state", "decided_at", "decided_by_id", "seat_id", "reason")


def signed(table: str, column: str) -> migrations.RunSQL:
    """Only whoever acts can stand as the one who decided."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_signed BEFORE UPDATE ON {table} FOR EACH ROW"
        f" EXECUTE FUNCTION jarlig.signed_by_self('{column}')",
        f"DROP TRIGGER {table}_signed ON {table}",
    )


class Migration(migrations.Migration):
    """Functions first, for the policies call them."""

    dependencies = [("enterprises", "0001_initial"), ("bodies", "0002_guards"), ("documents", "0002_guards")]
    operations = [
        *FUNCTIONS,
        migrations.RunSQL([(SIGNED, None)], "DROP FUNCTION jarlig.signed_by_self()"),
        guard(
            "enterprises_enterprise",
            select={
                "jarlig_person": "id IN (SELECT jarlig.my_enterprises()) OR (area_id IN (SELECT jarlig.my_areas()) AND"
                " (SELECT jarlig.holds('receiver', 'reviewer', 'approver', 'finance', 'auditor')))"
            },
        ),
        also("enterprises_enterprise", "owner_adds", "INSERT", "CURRENT_USER", check="state = 'draft'"),
        also("enterprises_enterprise", "owner_settles", "UPDATE", "CURRENT_USER", using="state = 'draft'",
             check="state IN ('draft', 'active')"),
        also("enterprises_enterprise", "received", "UPDATE", "jarlig_person", using="jarlig.receives(id)",
             check="jarlig.receives(id) AND state <> 'draft'", columns=("name", "state", "merged_into_id")),
        guard(
            "enterprises_membership",
            select={
                "jarlig_person": f"person_id = jarlig.person() OR {HERE} OR ({MINE_} AND"
                " (state IN ('accepted', 'ended') OR role = 'member'))",
                "jarlig_gate": "person_id = jarlig.person()",
            },
            insert={
                "jarlig_person": "person_id = jarlig.person() AND state = 'asked' AND role IN ('signatory', 'member')",
                "jarlig_gate": "person_id = jarlig.person() AND state = 'asked'",
            },
        ),
        also("enterprises_membership", "left", "UPDATE", "jarlig_person", using="person_id = jarlig.person()",
             check="person_id = jarlig.person() AND state = 'ended'", columns=PLACE),
        also("enterprises_membership", "managed", "UPDATE", "jarlig_person",
             using="enterprise_id IN (SELECT jarlig.my_enterprises_as('signatory')) AND role <> 'signatory'",
             check="enterprise_id IN (SELECT jarlig.my_enterprises_as('signatory')) AND role <> 'signatory'"
             " AND person_id <> jarlig.person()", columns=PLACE),
        also("enterprises_membership", "received", "UPDATE", "jarlig_person", using="jarlig.receives(enterprise_id)",
             check="jarlig.receives(enterprise_id) AND state <> 'asked'", columns=PLACE),
        also("enterprises_membership", "proved", "UPDATE", "jarlig_gate",
             using="person_id = jarlig.person() AND jarlig.has_proof(id)", check="person_id = jarlig.person()",
             columns=PLACE),
        guard(
            "enterprises_letter",
            select={"jarlig_person": "jarlig.is_my_membership(membership_id) OR"
                    f" jarlig.enterprise_of(membership_id) {HERE.removeprefix('enterprise_id ')}"},
            insert={"jarlig_person": "jarlig.is_my_membership(membership_id) AND jarlig.uploaded_by_me(file_id)"
                    " AND state = 'waiting'"},
        ),
        also("enterprises_letter", "withdrawn", "UPDATE", "jarlig_person",
             using="jarlig.is_my_membership(membership_id)",
             check="jarlig.is_my_membership(membership_id) AND state = 'withdrawn'", columns=DECISION),
        also("enterprises_letter", "received", "UPDATE", "jarlig_person",
             using="jarlig.receives(jarlig.enterprise_of(membership_id))",
             check="jarlig.receives(jarlig.enterprise_of(membership_id)) AND state IN ('accepted', 'refused')",
             columns=DECISION),
        guard(
            "enterprises_proof",
            select={"jarlig_person": "jarlig.is_my_membership(membership_id) OR"
                    f" jarlig.enterprise_of(membership_id) {HERE.removeprefix('enterprise_id ')}",
                    "jarlig_gate": "jarlig.is_my_membership(membership_id)"},
            insert={"jarlig_gate": "jarlig.is_my_membership(membership_id)"},
        ),
        guard(
            "enterprises_dispute",
            select={"jarlig_person": f"jarlig.is_my_membership(claimant_id) OR {MINE_} OR {HERE}",
                    "jarlig_gate": "jarlig.is_my_membership(claimant_id)"},
            insert={"jarlig_person": "state = 'open' AND enterprise_id = jarlig.enterprise_of(claimant_id) AND"
                    " (jarlig.contested(claimant_id) OR jarlig.receives(enterprise_id))",
                    "jarlig_gate": "state = 'open' AND jarlig.contested(claimant_id)"},
        ),
        also("enterprises_dispute", "withdrawn", "UPDATE", "jarlig_person",
             using="jarlig.is_my_membership(claimant_id)",
             check="jarlig.is_my_membership(claimant_id) AND state = 'withdrawn'", columns=(*DECISION, "upheld")),
        also("enterprises_dispute", "received", "UPDATE", "jarlig_person", using="jarlig.receives(enterprise_id)",
             check="jarlig.receives(enterprise_id) AND state = 'decided'", columns=(*DECISION, "upheld")),
        guard(
            "enterprises_account",
            select={"jarlig_person": f"{MINE_} OR ({HERE} AND (SELECT jarlig.holds('receiver', 'finance', 'auditor')))"},
            insert={"jarlig_person": "state = 'asked' AND asked_by_id = jarlig.person() AND enterprise_id IN"
                    " (SELECT jarlig.my_enterprises_as('signatory', 'member'))"},
        ),
        also("enterprises_account", "managed", "UPDATE", "jarlig_person",
             using="enterprise_id IN (SELECT jarlig.my_enterprises_as('signatory', 'member'))",
             check="enterprise_id IN (SELECT jarlig.my_enterprises_as('signatory', 'member')) AND state <> 'asked'",
             columns=CONFIRMATION),
        also("enterprises_account", "received", "UPDATE", "jarlig_person", using="jarlig.receives(enterprise_id)",
             check="jarlig.receives(enterprise_id) AND state <> 'asked'", columns=CONFIRMATION),
        guard(
            "enterprises_renaming",
            select={"jarlig_person": f"{MINE_} OR {HERE}"},
            insert={"jarlig_person": "state = 'asked' AND asked_by_id = jarlig.person() AND jarlig.uploaded_by_me(file_id)"
                    " AND enterprise_id IN (SELECT jarlig.my_enterprises_as('signatory'))"},
        ),
        also("enterprises_renaming", "received", "UPDATE", "jarlig_person", using="jarlig.receives(enterprise_id)",
             check="jarlig.receives(enterprise_id) AND state <> 'asked'", columns=DECISION),
        signed("enterprises_letter", "decided_by_id"),
        signed("enterprises_dispute", "decided_by_id"),
        signed("enterprises_account", "confirmed_by_id"),
        signed("enterprises_renaming", "decided_by_id"),
        transitions("enterprises_enterprise", "enterprise", ENTERPRISE),
        transitions("enterprises_membership", "membership", MEMBERSHIP),
        transitions("enterprises_letter", "letter", LETTER),
        transitions("enterprises_dispute", "dispute", DISPUTE),
        transitions("enterprises_account", "account", ACCOUNT),
        transitions("enterprises_renaming", "renaming", RENAMING),
        # Who sees a letter or the paper of a renaming sees its file.
        also("documents_file", "of_letters", "SELECT", "jarlig_person",
             using="purpose = 'authorisation' AND EXISTS (SELECT FROM enterprises_letter l WHERE l.file_id = documents_file.id)"),
        also("documents_file", "of_renamings", "SELECT", "jarlig_person",
             using="purpose = 'renaming' AND EXISTS (SELECT FROM enterprises_renaming r WHERE r.file_id = documents_file.id)"),
    ]  # fmt: skip
