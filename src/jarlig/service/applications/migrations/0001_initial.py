"""Tables of files, claims, rows, evidence and submissions."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first of this room."""

    initial = True

    dependencies = [
        ("bodies", "0011_commitments"),
        ("catalogue", "0004_import_job"),
        ("documents", "0003_begins"),
        ("enterprises", "0005_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApplicationFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("year", models.IntegerField()),
                ("answers", models.JSONField(default=dict)),
                ("revision", models.IntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("state", models.TextField(default="firm")),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.enterprise"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.programme"
                    ),
                ),
            ],
            options={
                "db_table": "applications_file",
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("year", models.IntegerField()),
                ("offer", models.TextField()),
                ("project", models.TextField(blank=True)),
                ("answers", models.JSONField(default=dict)),
                ("revision", models.IntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("number", models.TextField(null=True, unique=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("state", models.TextField(default="draft")),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.area"
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.enterprise"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="applications.applicationfile",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.programme"
                    ),
                ),
                (
                    "route",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.routeversion",
                    ),
                ),
            ],
            options={
                "db_table": "applications_claim",
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("fact", models.TextField(blank=True)),
                ("row_key", models.TextField(blank=True)),
                ("attached_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("state", models.TextField(default="attached")),
                (
                    "attached_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="applications.claim",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="applications.applicationfile",
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.storedfile"
                    ),
                ),
            ],
            options={
                "db_table": "applications_evidence",
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("fact", models.TextField()),
                ("position", models.IntegerField()),
                ("cells", models.JSONField(default=dict)),
                (
                    "claim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="applications.claim",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="applications.applicationfile",
                    ),
                ),
            ],
            options={
                "db_table": "applications_line",
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("key", models.UUIDField()),
                ("seen", models.TextField()),
                ("snapshot", models.BinaryField()),
                ("sha256", models.TextField()),
                ("submitted_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="applications.claim"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.version"
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.window"
                    ),
                ),
            ],
            options={
                "db_table": "applications_submission",
            },
        ),
        migrations.CreateModel(
            name="Enclosure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.evidence"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enclosures",
                        to="applications.submission",
                    ),
                ),
            ],
            options={
                "db_table": "applications_enclosure",
            },
        ),
        migrations.AddIndex(
            model_name="applicationfile",
            index=models.Index(fields=["enterprise", "programme", "year"], name="application_of"),
        ),
        migrations.AddConstraint(
            model_name="applicationfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "firm")),
                fields=("enterprise", "programme", "year"),
                name="file_of_firm_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "own")),
                fields=("enterprise", "programme", "year", "begun_by"),
                name="file_of_person_once",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["enterprise"], name="claim_of_enterprise"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("area__isnull", False)), fields=["area", "submitted_at"], name="claim_taken"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("dropped", "withdrawn")), _negated=True),
                fields=("file", "offer", "project"),
                name="claim_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "dropped")),
                    models.Q(("area__isnull", False), ("number__isnull", False), ("submitted_at__isnull", False)),
                    _connector="OR",
                ),
                name="claim_submitted_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["stored"], name="evidence_stored"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(
                fields=("file", "claim", "fact", "position"), name="line_position_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("claim", "number"), name="submission_number_once"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("claim", "key"), name="submission_key_once"),
        ),
        migrations.AddConstraint(
            model_name="enclosure",
            constraint=models.UniqueConstraint(fields=("submission", "evidence"), name="enclosed_once"),
        ),
    ]
