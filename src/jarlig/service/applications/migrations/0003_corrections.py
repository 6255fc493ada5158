"""Corrections: what is open again, who asks for it, and until when; asked by the database itself."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models

from jarlig.service.applications.states import CORRECTION
from jarlig.service.ground.guard import also, before, checks, function, guard, policy, transitions

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")

EDITS = """
    SELECT EXISTS (SELECT FROM public.applications_claim c WHERE c.id = claim AND c.state IN ('draft', 'correcting')
        AND c.file_id = file AND c.file_id IN (SELECT jarlig.my_files()))
"""
SUBMITS = """
    SELECT EXISTS (SELECT FROM public.applications_claim c WHERE c.id = claim AND c.state IN ('draft', 'correcting')
        AND c.file_id IN (SELECT jarlig.my_files()) AND c.enterprise_id IN (SELECT jarlig.my_enterprises()))
"""
# What went along with an earlier submission goes along again, also when it has been taken out of the file since.
ENCLOSES = """
    SELECT EXISTS (SELECT FROM public.applications_submission s
        JOIN public.applications_claim c ON c.id = s.claim_id
        JOIN public.applications_evidence e ON e.id = evidence AND e.file_id = c.file_id
            AND (e.claim_id IS NULL OR e.claim_id = c.id)
        WHERE s.id = submission AND s.submitted_by_id = jarlig.person() AND jarlig.in_this_transaction(s.submitted_at)
          AND (e.state = 'attached' OR EXISTS (SELECT FROM public.applications_enclosure i
               JOIN public.applications_submission o ON o.id = i.submission_id
               WHERE i.evidence_id = e.id AND o.claim_id = c.id)))
"""
RETURNS = """
    SELECT EXISTS (SELECT FROM public.applications_claim c WHERE c.id = claim
        AND jarlig.holds('receiver', 'reviewer') AND c.area_id IN (SELECT jarlig.my_areas())
        AND NOT jarlig.has_stake(c.enterprise_id))
"""
# A correction is handed in while its days last, under the rules and the window of the first submission.
SUBMISSION_BEGINS = """
DECLARE
    c public.applications_claim;
    w public.catalogue_window;
    instant timestamptz;
BEGIN
    SELECT * INTO c FROM public.applications_claim x WHERE x.id = NEW.claim_id;
    SELECT * INTO w FROM public.catalogue_window x WHERE x.id = NEW.window_id FOR SHARE;
    instant := jarlig.now();
    IF NEW.sha256 IS DISTINCT FROM encode(sha256(NEW.snapshot), 'hex') THEN
        RAISE EXCEPTION 'the hash is that of the bytes' USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_hash';
    END IF;
    IF NEW.number <> 1 + (SELECT count(*) FROM public.applications_submission s WHERE s.claim_id = NEW.claim_id) THEN
        RAISE EXCEPTION 'submissions are counted' USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_number';
    END IF;
    IF c.state = 'correcting' THEN
        IF NOT EXISTS (SELECT FROM public.applications_correction k WHERE k.claim_id = c.id AND k.state = 'open'
            AND k.due_on >= jarlig.today()) THEN
            RAISE EXCEPTION 'no correction is awaited' USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_due';
        END IF;
        IF (NEW.window_id, NEW.version_id) IS DISTINCT FROM (SELECT (s.window_id, s.version_id)
            FROM public.applications_submission s WHERE s.claim_id = c.id AND s.number = 1) THEN
            RAISE EXCEPTION 'a correction keeps its window and rules'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_rules';
        END IF;
    ELSE
        IF w.id IS NULL OR (w.programme_id, w.offer, w.year) IS DISTINCT FROM (c.programme_id, c.offer, c.year)
            OR w.state <> 'open' OR instant < w.opens_at OR instant >= w.closes_at THEN
            RAISE EXCEPTION 'applications are not open' USING ERRCODE = 'check_violation', CONSTRAINT = 'window_open';
        END IF;
        IF NOT EXISTS (SELECT FROM public.catalogue_version v
            WHERE v.id = NEW.version_id AND v.programme_id = c.programme_id AND v.state = 'in_force') THEN
            RAISE EXCEPTION 'rules are those in force'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'version_in_force';
        END IF;
    END IF;
    NEW.submitted_at := instant;
    RETURN NEW;
END
"""
CLAIM_SUBMITTED = """
BEGIN
    IF NEW.state = 'submitted' AND OLD.state = 'draft' AND NOT EXISTS (
        SELECT FROM public.applications_submission s JOIN public.enterprises_enterprise e ON e.id = NEW.enterprise_id
        WHERE s.claim_id = NEW.id AND s.submitted_by_id = jarlig.person() AND s.submitted_at = NEW.submitted_at
          AND jarlig.in_this_transaction(s.submitted_at) AND NEW.area_id = e.area_id)
    OR NEW.state = 'submitted' AND OLD.state = 'correcting' AND NOT EXISTS (
        SELECT FROM public.applications_correction k JOIN public.applications_submission s ON s.id = k.answered_by_id
        WHERE k.claim_id = NEW.id AND s.submitted_by_id = jarlig.person() AND jarlig.in_this_transaction(s.submitted_at))
    THEN
        RAISE EXCEPTION 'a claim is submitted by its submission'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_submitted';
    END IF;
    IF NEW.state = 'correcting' AND OLD.state <> 'correcting' AND NOT EXISTS (
        SELECT FROM public.applications_correction k WHERE k.claim_id = NEW.id AND k.state = 'open'
          AND k.asked_by_id = jarlig.person() AND jarlig.in_this_transaction(k.asked_at)) THEN
        RAISE EXCEPTION 'a claim is given back by a correction'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_returned';
    END IF;
    IF NEW.reason <> OLD.reason AND NEW.state <> 'withdrawn' THEN
        RAISE EXCEPTION 'a reason is that of a withdrawal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_reason';
    END IF;
    IF NEW.route_id IS NOT NULL AND NEW.route_id IS DISTINCT FROM OLD.route_id AND NOT EXISTS (
        SELECT FROM public.catalogue_route r WHERE r.id = NEW.route_id AND r.programme_id = NEW.programme_id
          AND r.year = NEW.year AND NEW.offer = ANY (r.offers) AND r.state = 'in_force') THEN
        RAISE EXCEPTION 'a claim takes the route of its offer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_route';
    END IF;
    RETURN NEW;
END
"""
CORRECTION_BEGINS = """
BEGIN
    IF NEW.level IS DISTINCT FROM (SELECT m.level FROM jarlig.my_seat() m) OR NEW.due_on < jarlig.today()
        OR NOT jarlig.in_this_transaction(NEW.asked_at) OR NEW.reason = '' OR NEW.answered_by_id IS NOT NULL
        OR NEW.ended_at IS NOT NULL OR NOT EXISTS (SELECT FROM public.applications_claim c
            JOIN public.catalogue_route r ON r.id = c.route_id WHERE c.id = NEW.claim_id AND c.state = 'submitted'
            AND (r.corrections ->> 'each_level')::int > (SELECT count(*) FROM public.applications_correction k
                WHERE k.claim_id = c.id AND k.level = NEW.level)) THEN
        RAISE EXCEPTION 'a correction is asked as the route says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_begins';
    END IF;
    RETURN NEW;
END
"""
CORRECTION_ENDS = """
BEGIN
    IF NEW.state = 'answered' AND NOT EXISTS (SELECT FROM public.applications_submission s
            WHERE s.id = NEW.answered_by_id AND s.claim_id = NEW.claim_id AND s.submitted_at > OLD.asked_at
              AND jarlig.in_this_transaction(s.submitted_at))
        OR NEW.state = 'dropped' AND NOT EXISTS (SELECT FROM public.applications_claim c
            WHERE c.id = NEW.claim_id AND c.state = 'withdrawn') THEN
        RAISE EXCEPTION 'a correction ends with a submission or a withdrawal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_ends';
    END IF;
    RETURN NEW;
END
"""
IN_MINE = "file_id IN (SELECT jarlig.my_files())"
MINE = "enterprise_id IN (SELECT jarlig.my_enterprises())"
CLAIM_MINE = f"EXISTS (SELECT FROM applications_claim c WHERE c.id = claim_id AND c.{MINE})"
LAPSED = (
    "EXISTS (SELECT FROM applications_correction k WHERE k.claim_id = applications_claim.id AND k.state = 'lapsed')"
)


def instead(name: str, call: str) -> list[migrations.RunSQL]:
    """A trigger of the claims made anew."""
    drop = migrations.RunSQL(f"DROP TRIGGER applications_claim_{name} ON applications_claim", migrations.RunSQL.noop)
    return [drop, before("applications_claim", name, call)]


class Migration(migrations.Migration):
    """The table first, then what of the guards says something else from here on."""

    dependencies = [
        ("applications", "0002_guards"),
        ("bodies", "0011_commitments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("asks", models.JSONField()),
                ("reason", models.TextField()),
                ("level", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("state", models.TextField(default="open")),
                (
                    "answered_by",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.submission",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="applications.claim"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.seat"),
                ),
            ],
            options={
                "db_table": "applications_correction",
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["due_on"], name="correction_due")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("claim",), name="correction_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "answered"), ("answered_by__isnull", True), _connector="XOR"),
                        name="correction_answered",
                    ),
                ],
            },
        ),
        function("edits(claim uuid, file uuid)", "boolean", EDITS, roles=ASKERS),
        function("submits(claim uuid)", "boolean", SUBMITS, roles=ASKERS),
        function("encloses(submission uuid, evidence uuid)", "boolean", ENCLOSES, roles=ASKERS, volatile="VOLATILE"),
        function("returns(claim uuid)", "boolean", RETURNS, roles=ASKERS),
        checks("submission_begins", SUBMISSION_BEGINS),
        checks("claim_submitted", CLAIM_SUBMITTED),
        checks("correction_begins", CORRECTION_BEGINS),
        checks("correction_ends", CORRECTION_ENDS),
        policy("applications_claim", "drafted", using=f"state IN ('draft', 'correcting') AND {IN_MINE}",
               check="state IN ('draft', 'dropped', 'submitted', 'correcting') AND changed_by_id = jarlig.person()"
               f" AND {IN_MINE}"),
        policy("applications_claim", "withdrawn", using=f"state IN ('submitted', 'correcting') AND {MINE}",
               check=f"state = 'withdrawn' AND reason <> '' AND {MINE}"),
        also("applications_claim", "answered", "UPDATE", "jarlig_person", using=f"state = 'correcting' AND {MINE}",
             check=f"state = 'submitted' AND {MINE}"),
        also("applications_claim", "returned", "UPDATE", "jarlig_person",
             using="state = 'submitted' AND jarlig.returns(id)", check="state = 'correcting' AND jarlig.returns(id)"),
        *instead("kept_draft", "kept_outside('draft', 'number', 'area_id', 'route_id', 'submitted_at')"),
        *instead("kept_end", "kept_outside('draft,submitted,correcting', 'reason', 'ended_at')"),
        before("applications_claim", "kept_answers",
               "kept_outside('draft,correcting', 'answers', 'revision', 'changed_by_id', 'changed_at')"),
        guard(
            "applications_correction",
            select={"jarlig_person": "EXISTS (SELECT FROM applications_claim c WHERE c.id = claim_id)",
                    "jarlig_worker": "true"},
            insert={"jarlig_person": "state = 'open' AND asked_by_id = jarlig.person() AND jarlig.returns(claim_id)"},
        ),
        also("applications_correction", "ended", "UPDATE", "jarlig_person", using=f"state = 'open' AND {CLAIM_MINE}",
             check=f"state IN ('answered', 'dropped') AND {CLAIM_MINE}",
             columns=("state", "answered_by_id", "ended_at")),
        also("applications_correction", "lapsed", "UPDATE", "jarlig_worker",
             using="state = 'open' AND due_on < jarlig.today()", check="state = 'lapsed'",
             columns=("state", "ended_at")),
        also("applications_claim", "seen_lapsing", "SELECT", "jarlig_worker",
             using="state IN ('correcting', 'withdrawn')"),
        also("applications_claim", "lapsed", "UPDATE", "jarlig_worker", using="state = 'correcting'",
             check=f"state = 'withdrawn' AND {LAPSED}", columns=("state", "reason", "ended_at")),
        transitions("applications_correction", "correction", CORRECTION),
        before("applications_correction", "begins", "correction_begins()", "INSERT"),
        before("applications_correction", "ends", "correction_ends()"),
        before("applications_correction", "kept_when", "stamped('ended_at', 'answered', 'lapsed', 'dropped')"),
        before("applications_correction", "signed", "signed_from_own_seat('seat_id', 'asked_by_id')", "INSERT"),
        migrations.RunSQL(
            "INSERT INTO jarlig.transitions (machine, before, after) VALUES ('claim', 'submitted', 'correcting'),"
            " ('claim', 'correcting', 'submitted'), ('claim', 'correcting', 'withdrawn')",
            "DELETE FROM jarlig.transitions WHERE machine = 'claim' AND 'correcting' IN (before, after)",
        ),
    ]  # fmt: skip
