"""Importing the divisions of the region (导入行政区划), with whom the treasury addresses."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.reference.divisions import Division, Divisions, divisions
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.models import Area
from jarlig.service.bodies.names import order_key
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import Invalid, Missing

IMPORT_AREAS = rule("import_areas", gettext_lazy("Import the divisions"), "administrator", where="top")

_WRITTEN = ("name_zh", "name_en", "level", "division", "parent", "fiscal_parent", "is_fiscal")
_COMPARED = ("name_zh", "name_en", "fiscal_parent_id", "is_fiscal")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: ``added``, ``changed``, ``unchanged`` or ``refused`` with the reason."""

    code: str
    name: str
    result: str
    reason: str = ""


def import_areas(table: Divisions | None = None) -> list[Outcome]:
    """Brings the areas up to a table of divisions: adds what is missing, corrects names and fiscal parents.

    Done again it changes nothing. What the table does not have stays: filing offices, divisions of earlier years.

    Args:
        table: the divisions; by default those that ship with the service.

    Raises:
        NotAllowed: when it is not done from a seat of the region.
        Invalid: when the table is another region's.
    """
    sitting = require("import_areas")
    table = table or divisions()
    region = Area.objects.filter(level="region", parent=None).first()
    if sitting is None or region is None:
        raise Missing(_("There is no region yet."))
    if region.division != table.region.code:
        raise Invalid(
            _("The table is that of %(table)s (%(code)s); this installation is %(own)s (%(own_code)s).")
            % {"table": table.region.zh, "code": table.region.code, "own": region.name_zh, "own_code": region.division},
            remedy=_("If the code of this installation is wrong, correct it: Areas, %(own)s, Change an area.")
            % {"own": region.name_zh},
        )
    known = {area.division: area for area in Area.objects.exclude(division="")}
    fiscal = {division.code for division in table.fiscal_addressees}
    found = []
    for division in (*table.leagues, *table.banners):  # leagues first: banners hang under them
        found.append(_bring(division, known, division.code in fiscal))
    return found


def _bring(division: Division, known: dict[str, Area], is_fiscal: bool) -> Outcome:
    parent, fiscal_parent = known.get(division.parent), known.get(division.fiscal_parent)
    area = known.get(division.code)
    if parent is None or fiscal_parent is None:
        return Outcome(division.code, division.zh, "refused", _("What it lies under is missing."))
    if area is None:
        area = Area(name_zh=division.zh, name_en=division.en, level=division.level, division=division.code,
                    parent=parent, fiscal_parent=fiscal_parent, is_fiscal=is_fiscal,
                    order_key=order_key(division.zh))  # fmt: skip
        area.path = f"{parent.path}{area.pk}/"
        area.save(force_insert=True)
        known[division.code] = area
        record("import_areas", area, after=fields(area, *_WRITTEN))
        return Outcome(division.code, division.zh, "added")
    if area.parent_id != parent.pk or area.level != division.level:
        reason = _("It lies elsewhere in this installation; bodies and claims there keep it where it is.")
        return Outcome(division.code, division.zh, "refused", reason)
    before = fields(area, *_COMPARED)
    area.name_zh, area.name_en, area.is_fiscal = division.zh, division.en, is_fiscal
    area.fiscal_parent, area.order_key = fiscal_parent, order_key(division.zh)
    after = fields(area, *_COMPARED)
    if after == before:
        return Outcome(division.code, division.zh, "unchanged")
    area.save(update_fields=["name_zh", "name_en", "is_fiscal", "fiscal_parent", "order_key"])
    record("import_areas", area, before=before, after=after)
    return Outcome(division.code, division.zh, "changed")
