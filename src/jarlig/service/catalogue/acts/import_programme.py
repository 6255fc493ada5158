"""Importing a programme folder (导入方案): unpacked, checked apart from the server, kept byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.policy.model import Programme as Rules
from jarlig.policy.shipped import shipped
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.models import Area, Body
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.catalogue import digest
from jarlig.service.catalogue.errors import Failed
from jarlig.service.catalogue.kinds import kinds
from jarlig.service.catalogue.loading import rules_of
from jarlig.service.catalogue.models import File, Guide, Programme, Version
from jarlig.service.catalogue.numbering import next_number
from jarlig.service.catalogue.routes import read_route, routes_of
from jarlig.service.catalogue.sandbox import checked
from jarlig.service.catalogue.upload import KINDS, unpack
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid, Missing, Refused

IMPORT = rule("import_programme", gettext_lazy("Import a programme folder"), "author")


def import_programme(
    packed: bytes = b"", source: str = "", *, shipped_as: str = "", into: Programme | None = None
) -> Version:  # fmt: skip
    """Takes in a folder as a new version; ``checked`` when nothing is wrong with it, else a ``draft`` with its report.

    Args:
        packed: the folder as a ZIP.
        source: name of the uploaded file.
        shipped_as: instead of a ZIP, the name of a programme that comes with the package.
        into: the programme whose version it must be.

    Raises:
        NotAllowed: from another seat, or for a programme of an area outside it.
        Invalid: for a ZIP that is none, another programme's folder, or the very files of an earlier version.
        Failed: when the folder cannot be read so far as to know whose it is; with every problem.
        Ended: when the check was broken off.
    """
    seat = require("import_programme", into)
    assert seat is not None
    files = _shipped(shipped_as) if shipped_as else unpack(packed)
    said = checked(files, tick=_still_here)
    if said["identity"] is None and into is None:
        raise Failed(_("The folder cannot be read; nothing was imported."), said["problems"])
    identity = said["identity"] or {"key": into.key if into else ""}
    if into is not None and identity["key"] != into.key:
        raise Invalid(_("This is the folder of %(key)s.") % {"key": identity["key"]}, field="folder")
    programme = into or _programme(identity, seat)
    require("import_programme", programme)
    version = _version(programme, identity, said, files, shipped_as or source)
    if said["ok"] and _read_by_the_service(version, said):
        version.state, version.report, version.checked_at = "checked", said, now()
        version.save(update_fields=["state", "report", "checked_at"])
    after = fields(version, "programme", "number", "sha256", "source", "state", "proof")
    record("import_programme", version, after={**after, "key": programme.key})
    return version


def _shipped(name: str) -> dict[str, bytes]:
    folder = shipped().get(name)
    if folder is None:
        raise Missing(_("No programme of this name comes with the package."), field="shipped_as")
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in KINDS)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


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
    programme: Programme, identity: dict[str, Any], said: dict[str, Any], files: dict[str, bytes], source: str
) -> Version:  # fmt: skip
    whole, number = digest.whole(files), next_number(Version, programme)
    same = Version.objects.filter(programme=programme, sha256=whole).exclude(state="withdrawn").first()
    if same is not None:
        raise Invalid(_("These very files are version %(number)s already.") % {"number": same.number}, field="folder")
    valid: list[date | None] = [date.fromisoformat(day) for day in identity.get("valid", ())] or [None, None]
    version = Version(
        programme=programme, number=number, sha256=whole, source=source[:200], report=said,
        title_zh=identity.get("title_zh", programme.key), title_en=identity.get("title_en", programme.key),
        document=identity.get("document", ""), valid_from=valid[0], valid_to=valid[1], proof=said.get("proof", {}),
        imported_by_id=current().person, imported_at=now(),
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
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            try:
                read_route(name, route, model.bodies)
            except Refused as error:
                found[key] = str(error)
    return found


def _still_here() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
