"""A job is done for whoever puts it down, whatever else the ids that come with it say."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.guard import function

# Person and seat of the ids go first: with nobody signed in nothing would be laid over them.
ENQUEUE = """
BEGIN
    RETURN (procrastinate_defer_jobs_v1(ARRAY[ROW(
        'default', task, 0, NULL, NULL,
        (ids - 'person' - 'seat') || jsonb_strip_nulls(jsonb_build_object('person', jarlig.person(), 'seat', jarlig.seat())),
        due - (jarlig.now() - clock_timestamp())
    )::procrastinate_job_to_defer_v1]))[1];
END
"""


class Migration(migrations.Migration):
    """The function says something else from here on, in installations that were made before too."""

    dependencies = [("ground", "0002_jobs")]
    operations = [
        function(
            "enqueue(task text, ids jsonb, due timestamptz)", "bigint", ENQUEUE, language="plpgsql", volatile="VOLATILE",
            roles=("jarlig_person", "jarlig_gate", "jarlig_worker"),
        ),
    ]  # fmt: skip
