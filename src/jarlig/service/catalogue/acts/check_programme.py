"""Checking a folder that came in (校验方案): apart from the server, and made a version byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.policy.model import Programme as Rules
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.models import Area, Body
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.catalogue import digest
from jarlig.service.catalogue.errors import Failed
from jarlig.service.catalogue.kinds import kinds
from jarlig.service.catalogue.loading import rules_of
from jarlig.service.catalogue.models import File, FolderImport, Guide, Programme, Version
from jarlig.service.catalogue.numbering import next_number
from jarlig.service.catalogue.routes import read_route, routes_of
from jarlig.service.catalogue.sandbox import checked
from jarlig.service.catalogue.states import OVER
from jarlig.service.catalogue.upload import unpack
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import Invalid, Missing, Refused

#: Keys by which texts of both languages are kept, and the languages.
_BOTH = (("zh", "zh-hans"), ("en", "en"))


def own(seat: Sitting | None, folder: Any) -> str | None:
    """Why not: a folder is seen through by whoever imported it."""
    if seat is not None and folder is not None and folder.imported_by_id != seat.person:
        return _("Another person imported this folder.")
    return None


CHECK = rule("check_programme", gettext_lazy("Check a programme folder"), "author", where="", condition=own)


def check_programme(identity: UUID) -> FolderImport:
    """Checks a folder that waits: it becomes a version, or it is written down in both languages why it does not.

    A folder that another job has seen to meanwhile stays as it is.

    Raises:
        NotAllowed: to anybody but whoever imported it.
        Missing: when it is not there, or not theirs.
    """
    one: FolderImport | None = FolderImport.objects.select_for_update(of=("self",)).filter(pk=identity).first()
    if one is None:
        raise Missing(_("There is no such folder."))
    require("check_programme", one)
    if one.state != "waiting":
        return one
    try:
        said = checked(unpack(bytes(one.packed)), tick=_still_here)
    except Refused as broken:
        _write_down(one, {key: _in(language, broken) for key, language in _BOTH}, [])
    else:
        _made_or_written_down(one, said)
    return one


def take_in(one: FolderImport) -> Version:
    """The version of a folder that waits, checked here and now.

    Raises:
        NotAllowed: to anybody but whoever imported it, or for a programme of an area outside the seat.
        Invalid: for another programme's folder, or the very files of a version that is not over.
        Failed: when the folder cannot be read so far as to know whose it is; with every problem.
        Ended: when the check was broken off.
    """
    require("check_programme", one)
    return _version_of(one, checked(unpack(bytes(one.packed)), tick=_still_here))


def _made_or_written_down(one: FolderImport, said: dict[str, Any]) -> None:
    """A refusal is worded in the language in which it is met; so what is refused in one is met in the other too."""
    reasons: dict[str, str] = {}
    problems: list[dict[str, Any]] = []
    for key, language in _BOTH:
        try:
            with translation.override(language), transaction.atomic():
                _version_of(one, said)
            return
        except Refused as refused:
            reasons[key], problems = _in(language, refused), getattr(refused, "problems", [])
            one.refresh_from_db()
    _write_down(one, reasons, problems)


def _write_down(one: FolderImport, reasons: dict[str, str], problems: list[dict[str, Any]]) -> None:
    before = fields(one, "state")
    one.state, one.report, one.ended_at = "failed", {"reason": reasons, "problems": problems}, now()
    one.save(update_fields=["state", "report", "ended_at"])
    seat = require("check_programme", one)
    record("check_programme", one, before=before, after={**fields(one, "state"), "reason": reasons},
           area=one.area_path or (seat.path if seat else ""))  # fmt: skip


def _version_of(one: FolderImport, said: dict[str, Any]) -> Version:
    """What becomes of a folder: ``checked`` when nothing is wrong with it, else a ``draft`` with its report."""
    files, into = unpack(bytes(one.packed)), one.into
    seat = require("import_programme", into)
    assert seat is not None  # a rule with roles has let somebody pass
    if said["identity"] is None and into is None:
        raise Failed(_("The folder cannot be read; nothing was imported."), said["problems"])
    identity = said["identity"] or {"key": into.key if into else ""}
    if into is not None and identity["key"] != into.key:
        raise Invalid(_("This is the folder of %(key)s.") % {"key": identity["key"]}, field="folder")
    programme = into or _programme(identity, seat)
    require("import_programme", programme)
    version = _version(programme, identity, said, files, one)
    if said["ok"] and _read_by_the_service(version, said):
        version.state, version.report, version.checked_at = "checked", said, now()
        with on_behalf_of(role="jarlig_worker"):  # the database takes no author's word for a check
            version.save(update_fields=["state", "report", "checked_at"])
    after = fields(version, "programme", "number", "sha256", "source", "state", "proof")
    record("check_programme", version, after={**after, "key": programme.key, "import": one.pk})
    one.state, one.version, one.packed, one.ended_at = "done", version, b"", now()
    one.save(update_fields=["state", "version", "packed", "ended_at"])
    return version


def _programme(identity: dict[str, Any], seat: Sitting) -> Programme:
    known = Programme.objects.filter(key=identity["key"]).first()
    if known is not None:
        return known
    area = Area.objects.filter(division=identity["region"]).first()
    if area is None:
        raise Invalid(
            _("The programme is of the area %(division)s, which is not set up here.")
            % {"division": identity["region"]},
            field="folder", remedy=_("Ask the administrator to add the area."),
        )  # fmt: skip
    leads = Body.objects.filter(area=area, department=identity["leads"] or None, is_active=True).first()
    made = Programme(key=identity["key"], area=area, body_id=leads.pk if leads else seat.body)
    require("import_programme", made)
    made.save(force_insert=True)
    return made


def _version(
    programme: Programme, identity: dict[str, Any], said: dict[str, Any], files: dict[str, bytes], one: FolderImport
) -> Version:  # fmt: skip
    whole, number = digest.whole(files), next_number(Version, programme)
    same = Version.objects.filter(programme=programme, sha256=whole).exclude(state__in=OVER).first()
    if same is not None:
        raise Invalid(_("These very files are version %(number)s already.") % {"number": same.number}, field="folder")
    valid: list[date | None] = [date.fromisoformat(day) for day in identity.get("valid", ())] or [None, None]
    version = Version(
        programme=programme, number=number, sha256=whole, source=one.source, report=said,
        title_zh=identity.get("title_zh", programme.key), title_en=identity.get("title_en", programme.key),
        document=identity.get("document", ""), valid_from=valid[0], valid_to=valid[1], proof=said.get("proof", {}),
        imported_by_id=one.imported_by_id, imported_at=one.imported_at,
    )  # fmt: skip
    version.save(force_insert=True)
    File.objects.bulk_create(
        File(version=version, name=name, sha256=digest.one(data), data=data) for name, data in sorted(files.items())
    )
    Guide.objects.bulk_create(
        Guide(version=version, year=one["year"], title_zh=one["title_zh"], title_en=one["title_en"], file=one["file"],
              document=one["document"] or "", is_sample=bool(one["sample"]), first_day=date.fromisoformat(one["first"]),
              last_day=date.fromisoformat(one["last"]))
        for one in identity.get("guides", ())
    )  # fmt: skip
    return version


def _read_by_the_service(version: Version, said: dict[str, Any]) -> bool:
    """Routes are the service's own matter, so the check of the rules half does not look at them; this does.

    What was read of routes, and which body vouches for what, stands in the report: the database holds both to it.
    """
    rules = rules_of(version)
    model = rules.model
    said["vouched"] = {key: kind.department for key, kind in kinds(rules).items()}
    for guide in model.guides.values():
        for name, route in guide.routes.items():
            faults = _in_both(name, route, model)
            if faults:
                severity = "error" if isinstance(route, Mapping) else "warning"
                said["ok"] = said["ok"] and severity == "warning"
                said["problems"].append({
                    "code": "", "file": guide.place.file, "line": guide.place.line, "column": 0, "severity": severity,
                    "source": "", "hint_zh": "", "hint_en": "", **faults,
                })  # fmt: skip
    if not said["ok"]:
        version.report = said
        version.save(update_fields=["report"])
    else:
        said["routes"] = routes_of(model)
    return bool(said["ok"])


def _in_both(name: str, route: object, model: Rules) -> dict[str, str]:
    """What is wrong with a route, in both languages; empty when nothing is."""
    found = {}
    for key, language in _BOTH:
        with translation.override(language):
            try:
                read_route(name, route, model.bodies)
            except Refused as error:
                found[key] = str(error)
    return found


def _in(language: str, refused: Refused) -> str:
    with translation.override(language):
        return str(refused)


def _still_here() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
