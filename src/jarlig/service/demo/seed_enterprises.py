"""Enterprises of the demonstration, with somebody whose letter their banner accepted."""

from __future__ import annotations

import io
from typing import Any

from jarlig.reference.uscc import organisation_check_character, uscc_check_character
from jarlig.service.bodies.acts.sign_up import sign_up
from jarlig.service.bodies.models import Account, Area
from jarlig.service.demo.cast import cast
from jarlig.service.demo.sitting import GATE, acts, sits
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.register_enterprise import register_enterprise
from jarlig.service.enterprises.acts.upload_letter import upload_letter
from jarlig.service.enterprises.models import AuthorisationLetter
from jarlig.service.ground.context import acting

#: The least that is a PDF; nothing is written on it.
_LETTER = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\nstartxref\n0\n%%EOF\n"


def uscc(area: str, number: int) -> str:
    """A well-formed code of a made-up enterprise of that banner."""
    organisation = f"MA{number:06d}"
    first = f"91{area}{organisation}{organisation_check_character(organisation)}"
    return first + uscc_check_character(first)


def enterprises() -> int:
    """The enterprises of the cast."""
    return sum(_enterprise(one) for one in cast()["enterprises"])


def _enterprise(one: dict[str, Any]) -> int:
    with acting(GATE):
        if Account.objects.filter(login=one["login"]).exists():
            return 0
        account = Account(login=one["login"])
        account.set_unusable_password()
        sign_up(account, one["speaker"], "form")
    with acts(one["login"]):
        area = Area.objects.get(division=one["area"])
        membership = register_enterprise(uscc(one["area"], one["number"]), one["name"], area)
        letter = upload_letter(membership, io.BytesIO(_LETTER), "授权委托书.pdf")
    with sits(one["receiver"], "receiver"):
        accept_letter(AuthorisationLetter.objects.get(pk=letter.pk))
    return 1
