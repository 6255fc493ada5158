"""Somebody who speaks for an enterprise under the office of the catalogue's tests, and somebody who does not."""

from __future__ import annotations

from uuid import UUID

from tests.service.bodies.staff import area, newcomer
from tests.service.enterprises.town import NAME, letter_file
from tests.service.people import Installation

from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.models import Person
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.register_enterprise import register_enterprise
from jarlig.service.enterprises.acts.upload_letter import upload_letter
from jarlig.service.enterprises.models import AuthorisationLetter
from jarlig.service.ground.context import Who, acting


def speaks(made: Installation, uscc: str) -> tuple[UUID, UUID]:
    """A person whose letter for the enterprise of that code was accepted, and another who has nothing to do with it."""
    with made.sits("root"):
        banner = make_body(area("150102"), "旗商务局", department="trade")
        made.seats["receiver"] = appoint(newcomer("收件人"), banner, banner.area, "receiver")
    with acting(Who(role="jarlig_gate")):
        ana, bat = (Person(name=name) for name in ("敖登", "巴特尔"))
        ana.save(force_insert=True)
        bat.save(force_insert=True)
    with acting(Who(role="jarlig_person", person=ana.pk)):
        upload_letter(register_enterprise(uscc, NAME, area("150102")), letter_file(), "a.pdf")
    with made.sits("receiver"):
        accept_letter(AuthorisationLetter.objects.get())
    return ana.pk, bat.pk
