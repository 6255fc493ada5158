"""A folder that was imported waits for its check as a row of its own; nothing of it is a version before."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models

from jarlig.service.catalogue.states import IMPORT
from jarlig.service.ground.guard import function, guard, transitions

OWN = "(SELECT jarlig.holds('author')) AND imported_by_id = jarlig.person()"
KEPT = """
CREATE FUNCTION jarlig.import_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    IF (NEW.into_id, NEW.sha256, NEW.source, NEW.imported_by_id, NEW.imported_at)
        IS DISTINCT FROM (OLD.into_id, OLD.sha256, OLD.source, OLD.imported_by_id, OLD.imported_at)
        OR (NEW.packed <> OLD.packed AND NOT (NEW.state = 'done' AND NEW.packed = ''))
        OR OLD.state = 'done'
    THEN
        RAISE EXCEPTION 'a folder stays as it was imported' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
# What a job is at stands in the queue alone; whoever imported the folder is told in one word, and nobody else.
PROGRESS = """
    SELECT CASE
        WHEN j.id IS NULL OR j.status NOT IN ('todo', 'doing') THEN 'stopped'
        WHEN NOT EXISTS (SELECT FROM public.procrastinate_workers w WHERE w.last_heartbeat > now() - interval '60 seconds')
            THEN 'no_worker'
        WHEN j.status = 'doing' AND EXISTS (SELECT FROM public.procrastinate_workers w
            WHERE w.id = j.worker_id AND w.last_heartbeat > now() - interval '60 seconds') THEN 'running'
        ELSE 'queued' END
    FROM public.catalogue_import i LEFT JOIN public.procrastinate_jobs j ON j.id = i.job
    WHERE i.id = folder AND i.imported_by_id = jarlig.person()
"""


class Migration(migrations.Migration):
    """Read and changed by whoever imported it, on a seat of an author, and by nobody else."""

    dependencies = [("catalogue", "0003_grounds"), ("ground", "0002_jobs")]
    operations = [
        migrations.CreateModel(
            name="FolderImport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sha256", models.TextField()),
                ("source", models.TextField(blank=True)),
                ("packed", models.BinaryField()),
                ("imported_at", models.DateTimeField()),
                ("job", models.BigIntegerField(null=True)),
                ("report", models.JSONField(default=dict)),
                ("ended_at", models.DateTimeField(null=True)),
                ("state", models.TextField(default="waiting")),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="catalogue.programme",
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.version"
                    ),
                ),
            ],
            options={
                "db_table": "catalogue_import",
                "indexes": [models.Index(fields=["imported_by", "-imported_at"], name="import_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state", "done"), ("version__isnull", False)),
                            models.Q(("ended_at__isnull", False), ("state", "failed"), ("version__isnull", True)),
                            models.Q(("ended_at__isnull", True), ("state", "waiting"), ("version__isnull", True)),
                            _connector="OR",
                        ),
                        name="import_came_to_something",
                    )
                ],
            },
        ),
        guard(
            "catalogue_import",
            select={"jarlig_person": OWN},
            insert={"jarlig_person": f"{OWN} AND state = 'waiting'"},
            update={"jarlig_person": OWN},
        ),
        migrations.RunSQL(
            [
                (KEPT, None),
                ("CREATE TRIGGER catalogue_import_kept BEFORE UPDATE ON catalogue_import FOR EACH ROW"
                 " EXECUTE FUNCTION jarlig.import_kept()", None),
            ],
            "DROP FUNCTION jarlig.import_kept() CASCADE",
        ),
        transitions("catalogue_import", "import", IMPORT),
        function("import_progress(folder uuid)", "text", PROGRESS, roles=("jarlig_person",)),
    ]  # fmt: skip
