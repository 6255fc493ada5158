"""What a version, a route and the register stand on: what the check read in the folder, and whose area it is."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.guard import also, before, checks, function, policy

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")
AUTHOR, PUBLISHER = "(SELECT jarlig.holds('author'))", "(SELECT jarlig.holds('publisher'))"
IN_AREA = "jarlig.programme_within(programme_id)"
ROOM = "(SELECT jarlig.holds('administrator', 'author', 'publisher', 'auditor'))"
READS = (
    "(SELECT jarlig.holds('administrator', 'author', 'publisher', 'receiver', 'reviewer', 'approver', 'finance',"
    " 'auditor', 'discipline'))"
)
OWN_BODY = "body_id = (SELECT jarlig.my_body())"
RECOGNISES = f"(SELECT jarlig.holds('reviewer', 'approver')) AND {OWN_BODY}"
# What was once in force stays readable: claims ran under it.
PUBLISHED = "state IN ('in_force', 'superseded') OR (state = 'withdrawn' AND in_force_at IS NOT NULL)"

# A version is checked when the check said so and wrote down what it read of routes and of bodies that vouch.
VERSION = """
BEGIN
    IF NEW.state = 'checked' AND OLD.state = 'draft'
        AND NOT (NEW.report ->> 'ok' = 'true' AND NEW.report ? 'routes' AND NEW.report ? 'vouched') THEN
        RAISE EXCEPTION 'a version is checked when its report says so'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'version_report';
    END IF;
    RETURN NEW;
END
"""
# A route that bears the name of who imported a version is one of those that the check read in it, to the letter.
ROUTE = """
BEGIN
    IF NEW.version_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.catalogue_version v, jsonb_array_elements(v.report -> 'routes') r
        WHERE v.id = NEW.version_id AND v.programme_id = NEW.programme_id AND v.state = 'in_force'
          AND v.put_in_force_by_id = jarlig.person() AND v.imported_by_id = NEW.set_by_id
          AND r = jsonb_build_object('year', NEW.year, 'name', NEW.name, 'title_zh', NEW.title_zh, 'title_en',
              NEW.title_en, 'offers', NEW.offers, 'steps', NEW.steps, 'corrections', NEW.corrections)) THEN
        RAISE EXCEPTION 'a route of a version is one that the check read in it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'route_of_version';
    END IF;
    RETURN NEW;
END
"""
# Where an enterprise is registered; of one that is not known here, the area whose registry issued its code.
CODE_PATH = """
    SELECT coalesce(
        (SELECT a.path FROM public.enterprises_enterprise e JOIN public.bodies_area a ON a.id = e.area_id
         WHERE e.uscc = code AND e.state <> 'draft'),
        (SELECT a.path FROM public.bodies_area a WHERE a.division = substr(code, 3, 6) ORDER BY a.path LIMIT 1))
"""
# Of a version that was put in force before the check wrote it down, the program alone knows whom it names.
VOUCHES = """
    SELECT EXISTS (SELECT FROM public.catalogue_version v JOIN public.bodies_body b ON b.id = jarlig.my_body()
        WHERE v.programme_id = programme AND v.state = 'in_force'
        AND coalesce(v.report -> 'vouched' ->> kind = b.department, NOT v.report ? 'vouched'))
"""


OWN = f"{AUTHOR} AND imported_by_id = jarlig.person() AND {IN_AREA}"
WRITTEN = f"{AUTHOR} AND set_by_id = jarlig.person() AND {IN_AREA}"
PUBLISHES = f"{PUBLISHER} AND {IN_AREA}"
VERSION_SEEN = f"{PUBLISHED} OR ({ROOM} AND {IN_AREA})"
REGISTER_SEEN = f"{READS} AND ((SELECT jarlig.at_the_top()) OR {OWN_BODY} OR jarlig.code_within(uscc))"


class Migration(migrations.Migration):
    """Functions first; triggers run in the order of their names, after those that were there."""

    dependencies = [("catalogue", "0002_guards"), ("enterprises", "0004_grounds")]
    operations = [
        function("code_path(code text)", "text", CODE_PATH, roles=()),
        function("code_within(code text)", "boolean",
                 "SELECT jarlig.at_the_top() OR coalesce(jarlig.within(jarlig.code_path(code)), false)", roles=ASKERS),
        function("my_codes()", "SETOF text", "SELECT e.uscc FROM public.enterprises_enterprise e"
                 " WHERE e.id IN (SELECT jarlig.my_enterprises())", roles=ASKERS),
        function("vouches(programme uuid, kind text)", "boolean", VOUCHES, roles=ASKERS),
        function("programme_published(programme uuid)", "boolean",
                 "SELECT EXISTS (SELECT FROM public.catalogue_version v WHERE v.programme_id = programme"
                 f" AND ({PUBLISHED}))", roles=ASKERS),
        checks("version_checked", VERSION),
        checks("route_of_version", ROUTE),
        *(policy("catalogue_version", f"{role}_select", using=PUBLISHED) for role in ("public", "gate")),
        policy("catalogue_version", "person_select", using=VERSION_SEEN),
        policy("catalogue_version", "person_update", using=f"{OWN} AND state IN ('draft', 'checked')",
               check=f"{OWN} AND state IN ('draft', 'checked', 'withdrawn')"),
        also("catalogue_version", "published", "UPDATE", "jarlig_person",
             using=f"{PUBLISHES} AND state IN ('checked', 'in_force')",
             check=f"{PUBLISHES} AND state IN ('in_force', 'superseded', 'withdrawn')"),
        *(before("catalogue_version", f"kept_{column}", f"begins_unsigned('{column}')", "INSERT")
          for column in ("put_in_force_by_id", "in_force_at")),
        before("catalogue_version", "kept_checked", "version_checked()"),
        before("catalogue_version", "kept_form", "kept_outside('draft', 'title_zh', 'title_en', 'document',"
               " 'valid_from', 'valid_to', 'source', 'report', 'proof')"),
        before("catalogue_version", "kept_reason", "kept_outside('draft,checked,in_force', 'reason')"),
        before("catalogue_version", "kept_who", "signed_by_state('put_in_force_by_id', 'in_force')"),
        *(before("catalogue_version", f"kept_when_{column}", f"stamped('{column}', {states})") for column, states in (
            ("checked_at", "'checked'"), ("in_force_at", "'in_force'"), ("ended_at", "'superseded', 'withdrawn'"))),
        policy("catalogue_route", "person_insert", check=f"({WRITTEN} AND version_id IS NULL)"
               f" OR ({PUBLISHES} AND version_id IS NOT NULL)"),
        policy("catalogue_route", "person_update", using=f"{WRITTEN} AND state = 'draft'",
               check=f"{WRITTEN} AND state = 'withdrawn'"),
        also("catalogue_route", "published", "UPDATE", "jarlig_person",
             using=f"{PUBLISHES} AND state IN ('draft', 'in_force')",
             check=f"{PUBLISHES} AND state IN ('in_force', 'superseded', 'withdrawn')"),
        before("catalogue_route", "kept_begins", "begins_unsigned('put_in_force_by_id')", "INSERT"),
        before("catalogue_route", "kept_version", "route_of_version()", "INSERT"),
        before("catalogue_route", "kept_form", "frozen('title_zh', 'title_en', 'version_id', 'set_at')"),
        before("catalogue_route", "kept_who", "signed_by_state('put_in_force_by_id', 'in_force')"),
        policy("catalogue_recognition", "person_select",
               using=f"({REGISTER_SEEN}) OR uscc IN (SELECT jarlig.my_codes())"),
        policy("catalogue_recognition", "person_insert", check=f"{RECOGNISES} AND jarlig.code_within(uscc)"
               " AND jarlig.vouches(programme_id, kind) AND (source_id IS NULL OR EXISTS (SELECT FROM"
               " catalogue_recognition_import i WHERE i.id = source_id AND i.imported_by_id = jarlig.person()))"),
        # A list holds codes as they were written: it is read by the body that wrote it and by those above.
        policy("catalogue_recognition_import", "person_select",
               using=f"{READS} AND ({OWN_BODY} OR jarlig.body_within(body_id))"),
    ]  # fmt: skip
