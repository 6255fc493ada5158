"""The table of stored files."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    """Files."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sha256", models.TextField()),
                ("size", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("uploaded_by", models.UUIDField()),
                ("uploaded_at", models.DateTimeField()),
                ("purpose", models.TextField()),
                ("thing", models.TextField(blank=True)),
                ("thing_id", models.TextField(blank=True)),
                ("state", models.TextField(default="pending")),
                ("checked_at", models.DateTimeField()),
                ("scanned_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "db_table": "documents_file",
                "indexes": [
                    models.Index(fields=["sha256"], name="file_sha256"),
                    models.Index(fields=["uploaded_by", "uploaded_at"], name="file_uploader"),
                    models.Index(fields=["thing", "thing_id"], name="file_thing"),
                    models.Index(condition=models.Q(("state", "pending")), fields=["uploaded_at"], name="file_pending"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="file_sha256_form"
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="file_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "clean"), _negated=True), ("scanned_at__isnull", False), _connector="OR"
                        ),
                        name="file_clean_was_scanned",
                    ),
                ],
            },
        ),
    ]
