"""Two banners with their receivers, and some people without a seat, for tests to begin from."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from tests.service.documents.made import pdf
from tests.service.people import PASSWORD, installation

from jarlig.reference.uscc import organisation_check_character, uscc_check_character
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.sign_up import FIELD
from jarlig.service.bodies.models import Account, Area, Body, Person, Seat
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.register_enterprise import register_enterprise
from jarlig.service.enterprises.acts.upload_letter import upload_letter
from jarlig.service.enterprises.models import AuthorisationLetter, Enterprise, Membership
from jarlig.service.ground.context import Who, acting, on_behalf_of
from jarlig.service.ground.personal import index, seal

HASHED = make_password(PASSWORD)  # once: it is slow on purpose
ROUTING = "313651027012"
NUMBER = "6217000010001234567"
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
        region = Area.objects.get()
        league = _area(made, "league", "兴安盟", "152200", "league", region)
        _area(made, "x", "乌兰浩特市", "152201", "county", league)
        _area(made, "y", "阿尔山市", "152202", "county", league)
        for name, area, role in (
            ("receiver x", "x", "receiver"), ("receiver y", "y", "receiver"), ("second receiver x", "x", "receiver"),
            ("finance x", "x", "finance"), ("auditor x", "x", "auditor"), ("reviewer x", "x", "reviewer"),
        ):  # fmt: skip
            _seat(made, name, made.areas[area], role)
        _seat(made, "receiver top", region, "receiver")
    with acting(Who(role="jarlig_gate")):
        for login, name in (("ana", "敖登"), ("bat", "巴特尔"), ("che", "车力格尔"), ("din", "丁香")):
            made.people[login] = _person(name, login, "" if login == "din" else f"identity of {login}")
    return made


def _area(made: Town, key: str, name: str, division: str, level: str, parent: Area) -> Area:
    area = Area(name_zh=name, level=level, division=division, parent=parent, fiscal_parent=parent)
    area.path = f"{parent.path}{area.id}/"
    area.save(force_insert=True)
    made.areas[key] = area
    return area


def _seat(made: Town, name: str, area: Area, role: str) -> None:
    body = Body(name_zh=f"{area.name_zh}商务局 {name}", area=area)
    body.save(force_insert=True)
    with on_behalf_of(role="jarlig_gate"):
        person = _person(f"官员 {name}", name.replace(" ", "-"))
    made.people[name] = person
    made.seats[name] = appoint(person, body, area, role)


def _person(name: str, login: str, identity: str = "") -> Person:
    person = Person(name=name)
    if identity:
        person.identity_index, person.identity_sealed = index(identity, FIELD), seal(identity, FIELD)
    person.save(force_insert=True)
    account = Account(login=login, person=person)
    account.password = HASHED
    account.save(force_insert=True)
    return person
