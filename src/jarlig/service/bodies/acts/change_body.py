"""Changing the names or department of a body (变更机构信息)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import locked, walls
from jarlig.service.bodies.acts.make_body import check_body
from jarlig.service.bodies.models import Body
from jarlig.service.bodies.permission import require, rule

CHANGE_BODY = rule("change_body", gettext_lazy("Change a body"), "administrator")


def change_body(
    body: Body, *, name_zh: str | None = None, name_en: str | None = None, department: str | None = None
) -> Body:
    """Changes what is given; its area, and whether it is a third party, never change.

    Raises:
        NotAllowed: when whoever acts does not administer it.
        Invalid: as when a body is made.
    """
    require("change_body", body)
    body = locked(body)
    before = fields(body, "name_zh", "name_en", "department")
    for name, value in (("name_zh", name_zh), ("name_en", name_en), ("department", department)):
        if value is not None:
            setattr(body, name, value.strip())
    check_body(body)
    with walls():
        body.save(update_fields=["name_zh", "name_en", "department"])
    record("change_body", body, before=before, after=fields(body, "name_zh", "name_en", "department"))
    return body
