"""Tables of the sign-in: one-time codes and short-lived values."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Kept",
            fields=[
                ("key_hash", models.BinaryField(primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "bodies_kept",
                "indexes": [models.Index(fields=["expires_at"], name="kept_expiry")],
            },
        ),
        migrations.CreateModel(
            name="OneTimeCode",
            fields=[
                ("code_hash", models.BinaryField(primary_key=True, serialize=False)),
                ("purpose", models.TextField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "bodies_code",
            },
        ),
    ]
