"""Adding a filing office (增设申报办公室): where papers go in, such as a development zone without a division code."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import walls
from jarlig.service.bodies.models import Area
from jarlig.service.bodies.names import order_key
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import Invalid

ADD_AREA = rule("add_area", gettext_lazy("Add a filing office"), "administrator")


def add_area(under: Area, name_zh: str, *, name_en: str = "", division: str = "") -> Area:
    """Adds a filing office under a league, city or banner; its money comes through the area it lies under.

    Raises:
        NotAllowed: when whoever acts does not administer the area above.
        Invalid: without a name, under the region or another filing office, or for a code that another area has.
    """
    require("add_area", under)
    name, code = name_zh.strip(), division.strip()
    if not name:
        raise Invalid(_("Give the Chinese name."), field="name_zh")
    if under.level not in ("league", "county"):
        raise Invalid(_("A filing office lies under a league, city or banner."), field="under")
    if code and not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
        raise Invalid(_("A division code has 6, 9 or 12 digits; leave it empty where there is none."), field="division")
    if Area.objects.filter(parent=under, name_zh=name).exists():
        raise Invalid(_("There is an area of that name here."), field="name_zh")
    area = Area(name_zh=name, name_en=name_en.strip(), level="filing", division=code, parent=under,
                fiscal_parent=under, order_key=order_key(name))  # fmt: skip
    area.path = f"{under.path}{area.pk}/"
    with walls():
        area.save(force_insert=True)
    record("add_area", area, after=fields(area, "name_zh", "name_en", "level", "division", "parent", "fiscal_parent"))
    return area
