"""Changing an area (变更地区信息): its names, its code, and through whom its money comes."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import locked, walls
from jarlig.service.bodies.models import Area
from jarlig.service.bodies.names import order_key
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import Invalid, NotAllowed

CHANGE_AREA = rule("change_area", gettext_lazy("Change an area"), "administrator")

_CHANGED = ("name_zh", "name_en", "division", "fiscal_parent", "is_fiscal")


def change_area(
    area: Area, *, name_zh: str | None = None, name_en: str | None = None, division: str | None = None,
    fiscal_parent: Area | None = None, is_fiscal: bool | None = None,
) -> Area:  # fmt: skip
    """Changes what is given. Where an area lies in the administrative tree never changes.

    Raises:
        NotAllowed: when whoever acts does not administer it, or for the money, does not sit for the region.
        Invalid: for an empty name, a code that another area has, or a fiscal parent that lies under the area itself.
    """
    sitting = require("change_area", area)
    area = locked(area)
    before = fields(area, *_CHANGED)
    if name_zh is not None:
        area.name_zh = name_zh.strip()
        area.order_key = order_key(area.name_zh)
    if not area.name_zh:
        raise Invalid(_("Give the Chinese name."), field="name_zh")
    area.name_en = area.name_en if name_en is None else name_en.strip()
    area.division = area.division if division is None else division.strip()
    if area.division and not (area.division.isascii() and area.division.isdigit() and len(area.division) in (6, 9, 12)):
        raise Invalid(_("A division code has 6, 9 or 12 digits; leave it empty where there is none."), field="division")
    if fiscal_parent is not None:
        area.fiscal_parent = fiscal_parent
    if is_fiscal is not None:
        area.is_fiscal = is_fiscal
    money = before["fiscal_parent"] != area.fiscal_parent or before["is_fiscal"] != area.is_fiscal
    if money and (sitting is None or sitting.level != "region"):
        raise NotAllowed(_("Whom the treasury addresses is set by a seat of the region."))
    if money:
        _check_money(area)
    with walls():
        area.save(update_fields=["name_zh", "name_en", "order_key", "division", "fiscal_parent", "is_fiscal"])
    record("change_area", area, before=before, after=fields(area, *_CHANGED))
    return area


def _check_money(area: Area) -> None:
    above = area.fiscal_parent
    while above is not None:
        if above.pk == area.pk:
            raise Invalid(_("Money cannot come to an area through itself."), field="fiscal_parent")
        above = above.fiscal_parent
    if area.level == "region":
        return
    direct = area.fiscal_parent is not None and area.fiscal_parent.level == "region"
    if area.is_fiscal and not direct:
        raise Invalid(_("The treasury addresses those whose fiscal parent is the region."), field="fiscal_parent")
    if direct and not area.is_fiscal:
        raise Invalid(_("Whoever is paid by the region is addressed by its treasury."), field="is_fiscal")
