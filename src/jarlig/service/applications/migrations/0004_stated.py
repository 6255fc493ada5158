"""Invoices that submissions state, who sees them, and the yes or no about those of others."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from jarlig.service.ground.guard import append_only, function, guard

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")
OFFICERS = "'receiver', 'reviewer', 'approver', 'finance', 'auditor', 'discipline'"
STATES = """
    SELECT EXISTS (SELECT FROM public.applications_submission s
        WHERE s.id = submission AND s.submitted_by_id = jarlig.person() AND jarlig.in_this_transaction(s.submitted_at))
"""
# Asked about a claim of one's own, or one that is taken where one sits; answered with nothing of whoever else states it.
ELSEWHERE = f"""
    SELECT asked.key, bool_or(o.key = asked.key)
    FROM public.applications_claim mine
    CROSS JOIN unnest(keys[1:2000], looses[1:2000]) AS asked (key, loose)
    JOIN public.applications_stated o ON o.loose = asked.loose
    JOIN public.applications_submission s ON s.id = o.submission_id
    JOIN public.applications_claim c ON c.id = s.claim_id
    WHERE mine.id = claim AND c.enterprise_id <> mine.enterprise_id
      AND c.state NOT IN ('draft', 'dropped', 'withdrawn')
      AND NOT EXISTS (SELECT FROM public.applications_submission n WHERE n.claim_id = c.id AND n.number > s.number)
      AND (mine.enterprise_id IN (SELECT jarlig.my_enterprises())
        OR (mine.state NOT IN ('draft', 'dropped') AND jarlig.holds({OFFICERS})
            AND mine.area_id IN (SELECT jarlig.my_areas())))
    GROUP BY asked.key
"""


class Migration(migrations.Migration):
    """The table, then its guard."""

    dependencies = [("applications", "0003_corrections")]
    operations = [
        migrations.CreateModel(
            name="Stated",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("fact", models.TextField()),
                ("position", models.IntegerField()),
                ("is_shared", models.BooleanField()),
                ("key", models.TextField()),
                ("loose", models.TextField()),
                ("submission", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="stated",
                                                 to="applications.submission")),
            ],
            options={
                "db_table": "applications_stated",
                "indexes": [models.Index(fields=["loose"], name="stated_loose")],
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "fact", "position"), name="stated_row_once")
                ],
            },
        ),
        function("states(submission uuid)", "boolean", STATES, roles=ASKERS, volatile="VOLATILE"),
        function("stated_elsewhere(claim uuid, keys text[], looses text[])", "TABLE (key text, exact boolean)", ELSEWHERE,
                 roles=ASKERS),
        guard(
            "applications_stated",
            select={"jarlig_person": "EXISTS (SELECT FROM applications_submission s WHERE s.id = submission_id)"},
            insert={"jarlig_person": "jarlig.states(submission_id)"},
        ),
        append_only("applications_stated"),
    ]  # fmt: skip
