"""A version becomes checked by whoever checks, never by whoever wrote it: an author's own word is no check."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.guard import also, policy

OWN = "(SELECT jarlig.holds('author')) AND imported_by_id = jarlig.person() AND jarlig.programme_within(programme_id)"


class Migration(migrations.Migration):
    """The role of the worker alone carries a draft over; the trigger on the report stays."""

    dependencies = [("catalogue", "0004_import_job")]
    operations = [
        policy("catalogue_version", "person_update", using=f"{OWN} AND state IN ('draft', 'checked')",
               check=f"{OWN} AND state IN ('draft', 'withdrawn')"),
        also("catalogue_version", "checked_apart", "UPDATE", "jarlig_worker", using="state = 'draft'",
             check="state = 'checked'", columns=("state", "report", "checked_at")),
    ]  # fmt: skip
