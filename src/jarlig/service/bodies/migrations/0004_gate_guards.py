"""Guards on what the sign-in keeps, that of allauth too: the role of the sign-in alone comes to it."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.guard import function, guard

GATE = {"jarlig_gate": "true"}
TABLES = (
    "account_emailaddress", "account_emailconfirmation", "mfa_authenticator", "socialaccount_socialaccount",
    "socialaccount_socialapp", "socialaccount_socialtoken",
)  # fmt: skip
# Which offices hold one of some roles over an area: offices, never people, for whoever is told who may do something.
OFFICES = """
    SELECT DISTINCT b.name_zh, b.name_en, s.role FROM public.bodies_seat s
    JOIN public.bodies_body b ON b.id = s.body_id JOIN public.bodies_area a ON a.id = s.area_id
    WHERE s.role = ANY (roles) AND s.state = 'held' AND s.role <> 'third_party' AND starts_with(path, a.path)
      AND jarlig.today() BETWEEN s.starts_on AND coalesce(s.ends_on, 'infinity')
    ORDER BY 1, 3 LIMIT 20
"""


class Migration(migrations.Migration):
    """One role for all of it."""

    dependencies = [
        ("bodies", "0003_sign_in"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        *(guard(table, select=GATE, insert=GATE, update=GATE, delete=GATE) for table in TABLES),
        guard(
            "bodies_kept",
            select=GATE,
            insert=GATE,
            update=GATE,
            delete=GATE | {"jarlig_worker": "expires_at < jarlig.now()"},
        ),
        guard("bodies_code", select=GATE, insert=GATE, update=GATE),
        migrations.RunSQL(
            "CREATE POLICY bodies_code_owner_adds ON bodies_code FOR INSERT TO CURRENT_USER WITH CHECK (purpose = 'setup')",
            "DROP POLICY bodies_code_owner_adds ON bodies_code",
        ),
        migrations.RunSQL(
            [(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO jarlig_gate", None) for table in TABLES],
            migrations.RunSQL.noop,
        ),
        function(
            "offices(roles text[], path text)",
            "TABLE (name_zh text, name_en text, role text)",
            OFFICES,
            roles=("jarlig_person", "jarlig_gate", "jarlig_public"),
        ),
    ]
