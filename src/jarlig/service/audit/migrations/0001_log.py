"""The act log: append-only, its columns read out of its bytes by the database."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models

from jarlig.service.ground.guard import append_only, function, guard

# A column that did not come from the hashed bytes could say something else than they do.
FILL = """
CREATE FUNCTION jarlig.read_act() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE said jsonb := convert_from(NEW.data, 'UTF8')::jsonb;
BEGIN
    IF (said ->> 'id')::uuid <> NEW.id THEN
        RAISE EXCEPTION 'the bytes of an act carry its own id' USING ERRCODE = 'check_violation';
    END IF;
    NEW.act := said ->> 'act';
    NEW.at := (said ->> 'at')::timestamptz;
    NEW.person := (said ->> 'person')::uuid;
    NEW.seat := (said ->> 'seat')::uuid;
    NEW.thing := said ->> 'thing';
    NEW.thing_id := said ->> 'thing_id';
    NEW.area := said ->> 'area';
    IF NEW.at NOT BETWEEN jarlig.now() - interval '5 minutes' AND jarlig.now() THEN
        RAISE EXCEPTION 'an act is written down when it is done, by the clock of the database'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""

# HMAC-SHA-256 by its two pads: whoever may call this can commit to a value and can read no key.
COMMITTED = """
DECLARE pads record; secret bytea; i bytea := ''::bytea; o bytea := ''::bytea;
BEGIN
    SELECT "inner", "outer" INTO pads FROM public.audit_key k WHERE k.subject = about;
    IF NOT FOUND THEN
        secret := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
        FOR n IN 0..63 LOOP
            i := i || set_byte('\\x00'::bytea, 0, 54 # CASE WHEN n < 32 THEN get_byte(secret, n) ELSE 0 END);
            o := o || set_byte('\\x00'::bytea, 0, 92 # CASE WHEN n < 32 THEN get_byte(secret, n) ELSE 0 END);
        END LOOP;
        INSERT INTO public.audit_key (subject, "inner", "outer") VALUES (about, i, o) ON CONFLICT DO NOTHING;
        SELECT "inner", "outer" INTO pads FROM public.audit_key k WHERE k.subject = about;
    END IF;
    RETURN sha256(pads."outer" || sha256(pads."inner" || value));
END
"""

EVERYONE = ("jarlig_person", "jarlig_gate", "jarlig_worker")


class Migration(migrations.Migration):
    """Acts, their order, the tree, the keys of commitments."""

    initial = True
    dependencies = [("ground", "0001_ground")]
    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("act", models.TextField()),
                ("person", models.UUIDField(null=True)),
                ("seat", models.UUIDField(null=True)),
                ("thing", models.TextField()),
                ("thing_id", models.TextField()),
                ("area", models.TextField()),
            ],
            options={
                "db_table": "audit_act",
                "indexes": [
                    models.Index(fields=["thing", "thing_id"], name="audit_act_thing"),
                    models.Index(fields=["at"], name="audit_act_at"),
                    models.Index(fields=["person"], name="audit_act_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("edge", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "audit_head"},
        ),
        migrations.CreateModel(
            name="CommitmentKey",
            fields=[
                ("subject", models.UUIDField(primary_key=True, serialize=False)),
                ("inner", models.BinaryField()),
                ("outer", models.BinaryField()),
            ],
            options={"db_table": "audit_key"},
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField()),
                (
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaf", to="audit.act"
                    ),
                ),
            ],
            options={"db_table": "audit_leaf"},
        ),
        migrations.RunSQL([(FILL, None)], "DROP FUNCTION jarlig.read_act()"),
        migrations.RunSQL(
            "CREATE TRIGGER audit_act_read BEFORE INSERT ON audit_act FOR EACH ROW EXECUTE FUNCTION jarlig.read_act()",
            "DROP TRIGGER audit_act_read ON audit_act",
        ),
        guard(
            "audit_act",
            select={"jarlig_worker": "true"},
            insert=dict.fromkeys(EVERYONE, "person IS NOT DISTINCT FROM jarlig.person()"),
        ),
        guard("audit_leaf", select={"jarlig_worker": "true"}, insert={"jarlig_worker": "true"}),
        guard("audit_head", select={"jarlig_worker": "true"}, insert={"jarlig_worker": "true"}),
        guard("audit_key", select={}),
        migrations.RunSQL(
            "CREATE POLICY audit_key_owner_adds ON audit_key FOR INSERT TO CURRENT_USER WITH CHECK (true)",
            "DROP POLICY audit_key_owner_adds ON audit_key",
        ),
        append_only("audit_act"),
        append_only("audit_leaf"),
        append_only("audit_head"),
        function(
            "committed(about uuid, value bytea)", "bytea", COMMITTED, roles=EVERYONE, language="plpgsql",
            volatile="VOLATILE",
        ),
    ]  # fmt: skip
