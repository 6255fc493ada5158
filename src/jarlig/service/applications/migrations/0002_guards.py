"""Whose a file is, when a claim may change and when it is handed in, asked by the database itself."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.applications.states import EVIDENCE, FILE
from jarlig.service.ground.guard import also, append_only, before, checks, function, guard, transitions

CLAIM = (("", "draft"), ("draft", "dropped"), ("draft", "submitted"), ("submitted", "withdrawn"))
ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")

# The file of who has only asked is theirs alone; what an enterprise began is that of all who speak for it.
FILE_MINE = (
    "(state = 'firm' AND enterprise_id IN (SELECT jarlig.my_enterprises()))"
    " OR (state = 'own' AND begun_by_id = jarlig.person() AND jarlig.drafts_for(enterprise_id))"
)
MY_FILES = f"SELECT id FROM public.applications_file WHERE {FILE_MINE}"
EDITS = """
    SELECT EXISTS (SELECT FROM public.applications_claim c
        WHERE c.id = claim AND c.state = 'draft' AND c.file_id = file AND c.file_id IN (SELECT jarlig.my_files()))
"""
SUBMITS = """
    SELECT EXISTS (SELECT FROM public.applications_claim c
        WHERE c.id = claim AND c.state = 'draft' AND c.file_id IN (SELECT jarlig.my_files())
          AND c.enterprise_id IN (SELECT jarlig.my_enterprises()))
"""
# Officers see what was submitted where they sit, never a draft.
OFFICERS = "'receiver', 'reviewer', 'approver', 'finance', 'auditor', 'discipline'"
TAKEN_HERE = (
    f"state NOT IN ('draft', 'dropped') AND (SELECT jarlig.holds({OFFICERS})) AND area_id IN (SELECT jarlig.my_areas())"
)
ENCLOSED_HERE = f"""
    SELECT EXISTS (SELECT FROM public.applications_enclosure i
        JOIN public.applications_submission s ON s.id = i.submission_id
        JOIN public.applications_claim c ON c.id = s.claim_id
        WHERE i.evidence_id = evidence AND c.{TAKEN_HERE.replace("AND area_id", "AND c.area_id")})
"""
CLAIM_BEGINS = """
BEGIN
    IF (NEW.enterprise_id, NEW.programme_id, NEW.year) IS DISTINCT FROM (
        SELECT (f.enterprise_id, f.programme_id, f.year) FROM public.applications_file f WHERE f.id = NEW.file_id)
        OR NEW.number IS NOT NULL OR NEW.area_id IS NOT NULL OR NEW.route_id IS NOT NULL
        OR NEW.submitted_at IS NOT NULL OR NEW.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'a claim begins as a draft of its file'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_begins';
    END IF;
    RETURN NEW;
END
"""
# What two people write one after the other they write on each other's: nobody overwrites what they have not seen.
GROWS = """
BEGIN
    IF NEW.revision <> OLD.revision + 1 AND to_jsonb(NEW) -> 'answers' IS DISTINCT FROM to_jsonb(OLD) -> 'answers' THEN
        RAISE EXCEPTION 'a change is a new revision' USING ERRCODE = 'check_violation', CONSTRAINT = 'revision';
    END IF;
    RETURN NEW;
END
"""
CLAIM_SUBMITTED = """
BEGIN
    IF NEW.state = 'submitted' AND OLD.state <> 'submitted' AND NOT EXISTS (
        SELECT FROM public.applications_submission s JOIN public.enterprises_enterprise e ON e.id = NEW.enterprise_id
        WHERE s.claim_id = NEW.id AND s.submitted_by_id = jarlig.person() AND s.submitted_at = NEW.submitted_at
          AND jarlig.in_this_transaction(s.submitted_at) AND NEW.area_id = e.area_id) THEN
        RAISE EXCEPTION 'a claim is submitted by its submission'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_submitted';
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
# The window is held to the end of the transaction, its clock is read after the lock is had, and that is the instant.
SUBMISSION_BEGINS = """
DECLARE
    c public.applications_claim;
    w public.catalogue_window;
    instant timestamptz;
BEGIN
    SELECT * INTO c FROM public.applications_claim x WHERE x.id = NEW.claim_id;
    SELECT * INTO w FROM public.catalogue_window x WHERE x.id = NEW.window_id FOR SHARE;
    instant := jarlig.now();
    IF w.id IS NULL OR (w.programme_id, w.offer, w.year) IS DISTINCT FROM (c.programme_id, c.offer, c.year)
        OR w.state <> 'open' OR instant < w.opens_at OR instant >= w.closes_at THEN
        RAISE EXCEPTION 'applications are not open' USING ERRCODE = 'check_violation', CONSTRAINT = 'window_open';
    END IF;
    IF NEW.sha256 IS DISTINCT FROM encode(sha256(NEW.snapshot), 'hex') THEN
        RAISE EXCEPTION 'the hash is that of the bytes' USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_hash';
    END IF;
    IF NOT EXISTS (SELECT FROM public.catalogue_version v
        WHERE v.id = NEW.version_id AND v.programme_id = c.programme_id AND v.state = 'in_force') THEN
        RAISE EXCEPTION 'rules are those in force' USING ERRCODE = 'check_violation', CONSTRAINT = 'version_in_force';
    END IF;
    IF NEW.number <> 1 + (SELECT count(*) FROM public.applications_submission s WHERE s.claim_id = NEW.claim_id) THEN
        RAISE EXCEPTION 'submissions are counted' USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_number';
    END IF;
    NEW.submitted_at := instant;
    RETURN NEW;
END
"""
ENCLOSES = """
    SELECT EXISTS (SELECT FROM public.applications_submission s
        JOIN public.applications_claim c ON c.id = s.claim_id
        JOIN public.applications_evidence e ON e.id = evidence AND e.file_id = c.file_id AND e.state = 'attached'
            AND (e.claim_id IS NULL OR e.claim_id = c.id)
        WHERE s.id = submission AND s.submitted_by_id = jarlig.person() AND jarlig.in_this_transaction(s.submitted_at))
"""
IN_MINE = "file_id IN (SELECT jarlig.my_files())"
OPEN = f"(claim_id IS NULL AND {IN_MINE}) OR jarlig.edits(claim_id, file_id)"


class Migration(migrations.Migration):
    """Functions first, for the policies call them; triggers run in the order of their names."""

    dependencies = [("applications", "0001_initial")]
    operations = [
        function("my_files()", "SETOF uuid", MY_FILES, roles=ASKERS),
        function("edits(claim uuid, file uuid)", "boolean", EDITS, roles=ASKERS),
        function("submits(claim uuid)", "boolean", SUBMITS, roles=ASKERS),
        function("enclosed_here(evidence uuid)", "boolean", ENCLOSED_HERE, roles=ASKERS),
        function("encloses(submission uuid, evidence uuid)", "boolean", ENCLOSES, roles=ASKERS, volatile="VOLATILE"),
        checks("claim_begins", CLAIM_BEGINS),
        checks("grows", GROWS),
        checks("claim_submitted", CLAIM_SUBMITTED),
        checks("submission_begins", SUBMISSION_BEGINS),
        guard(
            "applications_file",
            select={"jarlig_person": FILE_MINE},
            insert={"jarlig_person": f"begun_by_id = jarlig.person() AND changed_by_id = jarlig.person() AND ({FILE_MINE})"},
        ),
        also("applications_file", "written", "UPDATE", "jarlig_person", using=FILE_MINE,
             check=f"changed_by_id = jarlig.person() AND ({FILE_MINE})",
             columns=("answers", "revision", "changed_by_id", "changed_at", "state")),
        transitions("applications_file", "application", FILE),
        before("applications_file", "kept", "frozen('enterprise_id', 'programme_id', 'year', 'begun_by_id', 'begun_at')"),
        before("applications_file", "kept_grows", "grows()"),
        guard(
            "applications_claim",
            select={"jarlig_person": f"{IN_MINE} OR ({TAKEN_HERE})"},
            insert={"jarlig_person": f"state = 'draft' AND begun_by_id = jarlig.person() AND {IN_MINE}"},
        ),
        also("applications_claim", "drafted", "UPDATE", "jarlig_person", using=f"state = 'draft' AND {IN_MINE}",
             check=f"state IN ('draft', 'dropped', 'submitted') AND changed_by_id = jarlig.person() AND {IN_MINE}"),
        also("applications_claim", "withdrawn", "UPDATE", "jarlig_person",
             using="state = 'submitted' AND enterprise_id IN (SELECT jarlig.my_enterprises())",
             check="state = 'withdrawn' AND reason <> '' AND enterprise_id IN (SELECT jarlig.my_enterprises())"),
        transitions("applications_claim", "claim", CLAIM),
        before("applications_claim", "kept", "frozen('file_id', 'enterprise_id', 'programme_id', 'year', 'offer', 'project',"
               " 'begun_by_id', 'begun_at')"),
        before("applications_claim", "kept_begins", "claim_begins()", "INSERT"),
        before("applications_claim", "kept_draft", "kept_outside('draft', 'answers', 'revision', 'number', 'area_id',"
               " 'route_id', 'submitted_at', 'changed_by_id', 'changed_at')"),
        before("applications_claim", "kept_end", "kept_outside('draft,submitted', 'reason', 'ended_at')"),
        before("applications_claim", "kept_grows", "grows()"),
        before("applications_claim", "kept_submitted", "claim_submitted()"),
        before("applications_claim", "kept_when", "stamped('ended_at', 'dropped', 'withdrawn')"),
        guard(
            "applications_line",
            select={"jarlig_person": IN_MINE},
            insert={"jarlig_person": OPEN},
            update={"jarlig_person": OPEN},
            delete={"jarlig_person": OPEN},
        ),
        guard(
            "applications_evidence",
            select={"jarlig_person": f"{IN_MINE} OR jarlig.enclosed_here(id)"},
            insert={"jarlig_person": f"state = 'attached' AND attached_by_id = jarlig.person() AND ({OPEN})"
                    " AND jarlig.uploaded_by_me(stored_id)"},
        ),
        also("applications_evidence", "removed", "UPDATE", "jarlig_person", using=f"state = 'attached' AND ({OPEN})",
             check=f"state = 'removed' AND ({OPEN})", columns=("state", "removed_at")),
        transitions("applications_evidence", "evidence", EVIDENCE),
        before("applications_evidence", "kept_when", "stamped('removed_at', 'removed')"),
        guard(
            "applications_submission",
            select={"jarlig_person": "EXISTS (SELECT FROM applications_claim c WHERE c.id = claim_id)"},
            insert={"jarlig_person": "submitted_by_id = jarlig.person() AND jarlig.submits(claim_id)"},
        ),
        before("applications_submission", "begins", "submission_begins()", "INSERT"),
        append_only("applications_submission"),
        guard(
            "applications_enclosure",
            select={"jarlig_person": "EXISTS (SELECT FROM applications_submission s WHERE s.id = submission_id)"},
            insert={"jarlig_person": "jarlig.encloses(submission_id, evidence_id)"},
        ),
        append_only("applications_enclosure"),
        # Who sees a piece of evidence opens its file.
        also("documents_file", "of_evidence", "SELECT", "jarlig_person",
             using="purpose = 'evidence' AND EXISTS (SELECT FROM applications_evidence e WHERE e.stored_id = documents_file.id)"),
    ]  # fmt: skip
