"""Acts without a number stand in a small table: whoever puts the log in order reads that, not the log."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from jarlig.service.ground.guard import guard

WAITS = """
CREATE FUNCTION jarlig.act_waits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO public.audit_waiting (act_id, at) VALUES (NEW.id, NEW.at);
    RETURN NULL;
END $$
"""
# Nobody makes the sequencer forget an act: its row goes when it has its number, and not before.
NUMBERED = """
CREATE FUNCTION jarlig.act_is_numbered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.audit_leaf l WHERE l.act_id = OLD.act_id) THEN
        RAISE EXCEPTION 'an act waits until it has its number' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$
"""
SHOWN = "EXISTS (SELECT FROM audit_act a WHERE a.id = act_id)"


class Migration(migrations.Migration):
    """Filled by the database itself, in the transaction of each act; emptied by the sequencer, in that of the number."""

    dependencies = [("audit", "0002_news")]
    operations = [
        migrations.CreateModel(
            name="Waiting",
            fields=[
                (
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="waits",
                        serialize=False, to="audit.act",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "audit_waiting",
                "indexes": [models.Index(fields=["at", "act"], name="audit_waiting_order")],
            },
        ),
        guard(
            "audit_waiting",
            select={"jarlig_worker": "true", "jarlig_person": SHOWN},
            delete={"jarlig_worker": "true"},
        ),
        migrations.RunSQL(
            "CREATE POLICY audit_waiting_owner_adds ON audit_waiting FOR INSERT TO CURRENT_USER WITH CHECK (true)",
            "DROP POLICY audit_waiting_owner_adds ON audit_waiting",
        ),
        migrations.RunSQL([(WAITS, None), (NUMBERED, None)],
                          "DROP FUNCTION jarlig.act_waits(), jarlig.act_is_numbered() CASCADE"),
        migrations.RunSQL(
            [
                # The trigger first: it keeps writers out until the commit, so no act falls between the two.
                ("CREATE TRIGGER audit_act_waits AFTER INSERT ON audit_act FOR EACH ROW"
                 " EXECUTE FUNCTION jarlig.act_waits()", None),
                ("INSERT INTO audit_waiting (act_id, at) SELECT a.id, a.at FROM audit_act a"
                 " WHERE NOT EXISTS (SELECT FROM audit_leaf l WHERE l.act_id = a.id)", None),
                ("CREATE TRIGGER audit_waiting_numbered BEFORE DELETE ON audit_waiting FOR EACH ROW"
                 " EXECUTE FUNCTION jarlig.act_is_numbered()", None),
                # All its rows come and go; dead ones must not pile up before the first living one.
                ("ALTER TABLE audit_waiting SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)",
                 None),
            ],
            "DROP TRIGGER audit_act_waits ON audit_act",
        ),
    ]  # fmt: skip
