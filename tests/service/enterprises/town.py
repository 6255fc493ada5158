"""Two banners with their receivers, and some people without a seat, for tests to begin from."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from tests.service.bodies.staff import area, table
from tests.service.documents.made import pdf
from tests.service.people import PASSWORD, installation

from jarlig.reference.uscc import organisation_check_character, uscc_check_character
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.import_areas import import_areas
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.acts.sign_up import sign_up
from jarlig.service.bodies.models import Account, Area, Person, Seat
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.register_enterprise import register_enterprise
from jarlig.service.enterprises.acts.upload_letter import upload_letter
from jarlig.service.enterprises.models import AuthorisationLetter, Enterprise, Membership
from jarlig.service.ground.context import Who, acting

HASHED = make_password(PASSWORD)  # once: it is slow on purpose
ROUTING = "313651027012"
NUMBER = "6217000010001234567"
AREAS = """code,zh,en,kind,parent,fiscal_parent
150000,内蒙古自治区,Inner Mongolia,autonomous_region,,
152200,兴安盟,Hinggan League,league,150000,150000
152201,乌兰浩特市,Ulanhot,county_level_city,152200,152200
152202,阿尔山市,Arxan,county_level_city,152200,152200
"""
PLACES = {"region": "150000", "league": "152200", "x": "152201", "y": "152202"}
NAME = "兴安盟乌兰物流有限公司"


def uscc(number: int) -> str:
    """A well-formed code."""
    organisation = f"MA{number:06d}"
    first = "91152201" + organisation + organisation_check_character(organisation)
    return first + uscc_check_character(first)


def letter_file() -> io.BytesIO:
    return io.BytesIO(pdf())


@dataclass
class Town:
    """Areas, seats and people by a name of the test's own."""

    areas: dict[str, Area] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @contextmanager
    def sits(self, name: str) -> Iterator[Seat]:
        """A transaction on behalf of an officer on their seat."""
        seat = self.seats[name]
        with acting(Who(role="jarlig_person", person=seat.person_id, seat=seat.id)):
            yield seat

    @contextmanager
    def acts(self, name: str) -> Iterator[Person]:
        """A transaction on behalf of a person without a seat."""
        person = self.people[name]
        with acting(Who(role="jarlig_person", person=person.id)):
            yield person

    def asks(self, who: str, number: int = 1, area: str = "x", name: str = NAME, role: str = "signatory") -> Membership:
        """Somebody asks for a place in an enterprise."""
        with self.acts(who):
            return register_enterprise(uscc(number), name, self.areas[area], role=role)

    def gives(self, who: str, number: int = 1, area: str = "x", name: str = NAME) -> AuthorisationLetter:
        """Somebody asks and hands in a letter."""
        membership = self.asks(who, number, area, name)
        with self.acts(who):
            return upload_letter(membership, letter_file(), "授权委托书.pdf")

    def speaks(self, who: str, number: int = 1, area: str = "x", name: str = NAME) -> Enterprise:
        """Somebody's letter is accepted."""
        letter = self.gives(who, number, area, name)
        with self.sits(f"receiver {area}"):
            accept_letter(AuthorisationLetter.objects.get(pk=letter.pk))
        with self.acts(who):
            return Enterprise.objects.select_related("area").get(uscc=uscc(number))

    def enters(self, who: str, role: str, number: int = 1, by: str = "", **more: object) -> Membership:
        """Somebody is appointed by a signatory."""
        from jarlig.service.enterprises.acts.appoint_agent import appoint_agent

        membership = self.asks(who, number, role="member")
        with self.acts(by):
            return appoint_agent(Membership.objects.get(pk=membership.pk), role, **more)  # type: ignore[arg-type]


def town() -> Town:
    """Banner x and banner y of one league, each with a receiver; and some people without a seat.

    A provider has vouched for the identity of these people, but for ``din``, who filled in a form.
    """
    made, top = Town(), installation()
    root = top.seats["root"]
    made.seats["root"] = root
    with top.sits("root"):
        import_areas(table(AREAS))
        made.areas = {key: area(division) for key, division in PLACES.items()}
        for name, where, role in (
            ("receiver x", "x", "receiver"), ("receiver y", "y", "receiver"), ("second receiver x", "x", "receiver"),
            ("finance x", "x", "finance"), ("auditor x", "x", "auditor"), ("reviewer x", "x", "reviewer"),
            ("receiver top", "region", "receiver"),
        ):  # fmt: skip
            _seat(made, name, made.areas[where], role)
    with acting(Who(role="jarlig_gate")):
        for login, name in (("ana", "敖登"), ("bat", "巴特尔"), ("che", "车力格尔"), ("din", "丁香")):
            made.people[login] = _person(name, login, "" if login == "din" else f"identity of {login}")
    return made


def _seat(made: Town, name: str, where: Area, role: str) -> None:
    body = make_body(where, f"{where.name_zh}商务局 {name}")
    made.people[name] = _person(f"官员 {name}", name.replace(" ", "-"))
    made.seats[name] = appoint(made.people[name], body, where, role)


def _person(name: str, login: str, identity: str = "") -> Person:
    return sign_up(Account(login=login, password=HASHED), name, "form", identity).person
