"""Jobs: how they ended, the one way to put one down, and who may touch the tables of the queue."""

from __future__ import annotations

from django.db import migrations, models

from jarlig.service.ground.guard import function, guard

# No row security here: with it PostgreSQL no longer names the lock that was taken, by which the library of the queue
# tells "is waiting already" from a fault. The worker is the only role with a grant.
TABLES = ("procrastinate_jobs", "procrastinate_events", "procrastinate_workers", "procrastinate_periodic_defers")
WORKER = {"jarlig_worker": "true"}

# For whom a job acts is read from the transaction, not told by the program. The queue knows only the real clock.
ENQUEUE = """
BEGIN
    RETURN (procrastinate_defer_jobs_v1(ARRAY[ROW(
        'default', task, 0, NULL, NULL,
        ids || jsonb_strip_nulls(jsonb_build_object('person', jarlig.person(), 'seat', jarlig.seat())),
        due - (jarlig.now() - clock_timestamp())
    )::procrastinate_job_to_defer_v1]))[1];
END
"""


class Migration(migrations.Migration):
    """Requests never touch the queue itself: they call one function, which runs as the owner."""

    dependencies = [("ground", "0001_ground"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.CreateModel(
            name="JobEnd",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("seat", models.UUIDField(null=True)),
                ("refused", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "ground_job_end",
                "indexes": [models.Index(fields=["at"], name="job_end_at")],
            },
        ),
        guard("ground_job_end", select=WORKER, insert=WORKER, delete=WORKER),
        migrations.RunSQL(
            [
                *(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO jarlig_worker" for table in TABLES),
                *(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO jarlig_worker" for table in TABLES if "workers" not in table),
            ],
            [f"REVOKE ALL ON {table} FROM jarlig_worker" for table in TABLES],
        ),
        function(
            "enqueue(task text, ids jsonb, due timestamptz)", "bigint", ENQUEUE, language="plpgsql", volatile="VOLATILE",
            roles=("jarlig_person", "jarlig_gate", "jarlig_worker"),
        ),
    ]  # fmt: skip
