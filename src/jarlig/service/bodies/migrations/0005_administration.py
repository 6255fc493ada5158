"""Calendars know who imported them and who put them in force; texts have versions."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0004_gate_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="calendaryear",
            name="imported_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="calendaryear",
            name="imported_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
            ),
        ),
        migrations.AddField(
            model_name="calendaryear",
            name="put_in_force_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
            ),
        ),
        migrations.CreateModel(
            name="TextBlock",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("language", models.TextField()),
                ("body", models.TextField()),
                ("version", models.IntegerField()),
                ("state", models.TextField(default="draft")),
                ("written_at", models.DateTimeField()),
                (
                    "put_in_force_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
            ],
            options={
                "db_table": "bodies_text",
                "constraints": [
                    models.UniqueConstraint(fields=("key", "language", "version"), name="text_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")), fields=("key", "language"), name="text_in_force_once"
                    ),
                ],
            },
        ),
    ]
