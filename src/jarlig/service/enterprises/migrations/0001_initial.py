"""Tables of enterprises, their people, letters, disputes and accounts."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables first; their guards follow."""

    initial = True

    dependencies = [
        ("bodies", "0002_guards"),
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Enterprise",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("uscc", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("state", models.TextField(default="draft")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enterprises", to="bodies.area"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="enterprises.enterprise",
                    ),
                ),
            ],
            options={
                "db_table": "enterprises_enterprise",
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("index", models.BinaryField()),
                ("routing", models.TextField()),
                ("bank", models.TextField()),
                ("account_name", models.TextField()),
                ("state", models.TextField(default="asked")),
                ("asked_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="enterprises.enterprise",
                    ),
                ),
            ],
            options={
                "db_table": "enterprises_account",
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("role", models.TextField(default="signatory")),
                ("state", models.TextField(default="asked")),
                ("uscc", models.TextField()),
                ("stated_name", models.TextField()),
                ("mandate", models.TextField(blank=True)),
                ("ends_on", models.DateField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="enterprises.enterprise",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="bodies.person"
                    ),
                ),
                (
                    "stated_area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.area"),
                ),
            ],
            options={
                "db_table": "enterprises_membership",
            },
        ),
        migrations.CreateModel(
            name="LegalPersonProof",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("provider", models.TextField()),
                ("subject_index", models.BinaryField()),
                ("uscc", models.TextField()),
                ("name", models.TextField()),
                ("said_at", models.DateTimeField()),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="enterprises.membership"
                    ),
                ),
            ],
            options={
                "db_table": "enterprises_proof",
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("grounds", models.TextField(blank=True)),
                ("state", models.TextField(default="open")),
                ("opened_at", models.DateTimeField()),
                ("upheld", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.seat"
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="enterprises.enterprise",
                    ),
                ),
                (
                    "claimant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="enterprises.membership",
                    ),
                ),
            ],
            options={
                "db_table": "enterprises_dispute",
            },
        ),
        migrations.CreateModel(
            name="AuthorisationLetter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("state", models.TextField(default="waiting")),
                ("given_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.storedfile"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.seat"
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="enterprises.membership"
                    ),
                ),
            ],
            options={
                "db_table": "enterprises_letter",
            },
        ),
        migrations.CreateModel(
            name="Renaming",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("former", models.TextField()),
                ("name", models.TextField()),
                ("state", models.TextField(default="asked")),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renamings",
                        to="enterprises.enterprise",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.storedfile"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.seat"
                    ),
                ),
            ],
            options={
                "db_table": "enterprises_renaming",
            },
        ),
        migrations.AddIndex(
            model_name="enterprise",
            index=models.Index(
                condition=models.Q(("state", "merged")), fields=["merged_into"], name="enterprise_merged_into"
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(("uscc__regex", "^[0-9A-HJ-NPQRTUWXY]{18}$")), name="enterprise_uscc_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "merged"), ("merged_into__isnull", True), _connector="XOR"),
                name="enterprise_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="bankaccount",
            index=models.Index(fields=["index"], name="account_index"),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "confirmed")), fields=("enterprise",), name="account_in_force_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")), fields=("enterprise",), name="account_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="account_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("asked", "refused")),
                    models.Q(("confirmed_by__isnull", False), ("changed_at__isnull", False)),
                    _connector="OR",
                ),
                name="account_confirmed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("routing__regex", "^[0-9]{12}$")), name="account_routing_form"
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["person", "state"], name="membership_person"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("asked", "accepted"))),
                fields=("enterprise", "person"),
                name="membership_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ("member", "signatory", "agent"))), name="membership_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "agent"), _negated=True),
                    models.Q(models.Q(("mandate", ""), _negated=True), ("ends_on__isnull", False)),
                    _connector="OR",
                ),
                name="membership_agent_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("claimant",), name="dispute_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "decided"), _negated=True),
                    models.Q(
                        ("decided_by__isnull", False),
                        ("upheld__in", ("claimant", "holders", "both")),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="dispute_decided_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="authorisationletter",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["given_at"], name="letter_waiting"),
        ),
        migrations.AddConstraint(
            model_name="authorisationletter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("membership",), name="letter_waits_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisationletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("waiting", "withdrawn")),
                    models.Q(("decided_by__isnull", False), ("seat__isnull", False)),
                    _connector="OR",
                ),
                name="letter_decided_by_a_seat",
            ),
        ),
        migrations.AddConstraint(
            model_name="renaming",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")), fields=("enterprise",), name="renaming_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="renaming",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"
                ),
                name="renaming_second_person",
            ),
        ),
    ]
