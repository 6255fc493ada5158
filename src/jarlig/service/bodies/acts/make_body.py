"""Making a body (设立机构): a department of an area, or a third party under contract."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import walls
from jarlig.service.bodies.models import Area, Body
from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.errors import Invalid

MAKE_BODY = rule("make_body", gettext_lazy("Make a body"), "administrator")

_is_word = re.compile(r"[a-z][a-z0-9_]{0,39}").fullmatch


def make_body(
    area: Area, name_zh: str, *, name_en: str = "", department: str = "", is_third_party: bool = False
) -> Body:
    """Makes a body of an area.

    Raises:
        NotAllowed: when whoever acts does not administer the area.
        Invalid: without a name, for a name that the area has already, and for a department that is no word.
    """
    body = Body(area=area, name_zh=name_zh.strip(), name_en=name_en.strip(), department=department.strip(),
                is_third_party=is_third_party)  # fmt: skip
    require("make_body", body)
    check_body(body)
    with walls():
        body.save(force_insert=True)
    record("make_body", body, after=fields(body, "name_zh", "name_en", "department", "area", "is_third_party"))
    return body


def check_body(body: Body) -> None:
    """Whether its words can stand.

    Raises:
        Invalid: naming the field.
    """
    if not body.name_zh:
        raise Invalid(_("Give the Chinese name."), field="name_zh")
    if body.department and not _is_word(body.department):
        raise Invalid(
            _("The department is the word that programmes use for it: small letters, digits and _, as in “commerce”."),
            field="department",
        )
    if body.department and body.is_third_party:
        raise Invalid(_("A third party is no department."), field="department")
