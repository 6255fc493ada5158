"""Offices are those whose area holds the place that is asked about; without a place there are none."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.guard import function

OFFICES = """
    SELECT DISTINCT b.name_zh, b.name_en, s.role FROM public.bodies_seat s
    JOIN public.bodies_body b ON b.id = s.body_id JOIN public.bodies_area a ON a.id = s.area_id
    WHERE s.role = ANY (offices.roles) AND s.state = 'held' AND s.role <> 'third_party'
      AND starts_with(offices.path, a.path)
      AND jarlig.today() BETWEEN s.starts_on AND coalesce(s.ends_on, 'infinity')
    ORDER BY 1, 3 LIMIT 20
"""


class Migration(migrations.Migration):
    """The same function, told apart from the column of the same name."""

    dependencies = [("bodies", "0007_newcomers")]
    operations = [
        migrations.RunSQL("DROP FUNCTION jarlig.offices(text[], text)", migrations.RunSQL.noop),
        function(
            "offices(roles text[], path text)", "TABLE (name_zh text, name_en text, role text)", OFFICES,
            roles=("jarlig_person", "jarlig_gate", "jarlig_public"),
        ),
    ]  # fmt: skip
