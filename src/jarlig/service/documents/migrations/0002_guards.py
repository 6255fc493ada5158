"""Guards on the table of files: whoever handed a file in sees it; rooms above say who else does."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.documents.states import FILE
from jarlig.service.ground.guard import also, function, guard, transitions


class Migration(migrations.Migration):
    """The bytes that a row stands for never change; only what a scanner says of them does."""

    dependencies = [("documents", "0001_initial"), ("ground", "0001_ground")]
    operations = [
        guard(
            "documents_file",
            select={"jarlig_person": "uploaded_by = jarlig.person()", "jarlig_worker": "true"},
            insert={"jarlig_person": "uploaded_by = jarlig.person() AND state = 'pending'"},
        ),
        also("documents_file", "scanned", "UPDATE", "jarlig_worker", using="true", check="true",
             columns=("state", "reason", "scanned_at")),
        transitions("documents_file", "file", FILE),
        function("uploaded_by_me(file uuid)", "boolean",
                 "SELECT EXISTS (SELECT FROM public.documents_file f WHERE f.id = file AND f.uploaded_by = jarlig.person())",
                 roles=("jarlig_person",)),
    ]  # fmt: skip
