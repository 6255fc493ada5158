"""The world of the permission matrix, and how to make what each address is about.

A part that adds an address with parts that vary adds here how to make its thing: a function under the name of the
address that gives those parts. The thing lies in banner X, in the department ``own``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from tests.service.people import Installation, installation

from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.import_areas import import_areas
from jarlig.service.bodies.acts.import_calendar import import_calendar, reference_days
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.acts.make_deputy import make_deputy
from jarlig.service.bodies.acts.sign_up import sign_up
from jarlig.service.bodies.acts.write_text import write_text
from jarlig.service.bodies.log import Wanted, search_acts
from jarlig.service.bodies.models import Account, Area, Body, Person, Seat
from jarlig.service.bodies.roles import ROLES
from jarlig.service.bodies.sessions import FACTOR, OFFICER, SEAT, SessionStore
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import Who, acting

GATE = Who(role="jarlig_gate")
#: How a seat lies to the thing.
RELATIONS = ("own", "other department", "other place", "top")


@dataclass(frozen=True)
class Reader:
    """Somebody who asks: role and relation, or ``anonymous`` and ``no seat``."""

    role: str
    relation: str
    session: str = ""
    person: UUID | None = None

    def ask(self, method: str, address: str) -> Any:
        """One request in a browser that has nothing but the session: no earlier answer has left anything there."""
        client = Client(raise_request_exception=False)
        if self.session:
            client.cookies["sessionid"] = self.session
        return getattr(client, method)(address)


@dataclass
class World:
    """One installation with a person for each role in each relation."""

    made: Installation
    x: Area
    y: Area
    region: Area
    bodies: dict[str, Body]
    people: dict[str, Person] = field(default_factory=dict)
    readers: list[Reader] = field(default_factory=list)
    things: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, seat: str, make: Callable[[], Any]) -> Any:
        """What somebody makes from their seat, made when it is first asked for."""
        if name not in self.things:
            with self.made.sits(seat):
                self.things[name] = make()
        return self.things[name]


def world() -> World:
    """The installation, made by acts, and a session for everybody."""
    made = installation()
    with made.sits("root"):
        import_areas()
        region = Area.objects.get(level="region")
        first, second = Area.objects.filter(level="league").order_by("division")[:2]
        x = Area.objects.filter(parent=first).earliest("division")
        y = Area.objects.filter(parent=second).earliest("division")
        bodies = {
            "own": make_body(x, "甲旗商务局", department="trade"),
            "other department": make_body(x, "甲旗财政局", department="money"),
            "other place": make_body(y, "乙旗商务局", department="trade"),
            "top": make_body(region, "自治区商务厅", department="trade"),
        }
        here = World(made, x, y, region, bodies)
        for role in ROLES:
            for relation, body in bodies.items():
                here.people[f"{role} {relation}"] = _officer(made, role, relation, body)
    with acting(GATE):
        account = Account(login="ana")
        account.set_unusable_password()
        here.people["no seat"] = sign_up(account, "敖登", "form").person
    here.readers.append(Reader("anonymous", ""))
    here.readers.append(Reader("no seat", "", *_session(here.people["no seat"], None)))
    for name, seat in made.seats.items():
        if name != "root":
            role, _, relation = name.partition(" ")
            here.readers.append(Reader(role, relation, *_session(here.people[name], seat)))
    return here


def _officer(made: Installation, role: str, relation: str, body: Body) -> Person:
    name = f"{role} {relation}"
    person, _code = invite(name, name.replace(" ", "-"))
    more: dict[str, Any] = {}
    if role == "third_party":
        body = make_body(body.area, f"{relation} 会计师事务所", is_third_party=True)
        more = {"contract": "1", "ends_on": today() + timedelta(days=30)}
    made.seats[name] = appoint(person, body, body.area, role, **more)
    return person


def _session(person: Person, seat: Seat | None) -> tuple[str, UUID]:
    """A session in which that person is signed in, with their second factor shown."""
    with acting(GATE):
        account = Account.objects.get(person=person)
        store = SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = "jarlig.service.bodies.backend.Passwords"
        store[FACTOR], store[OFFICER] = str(account.pk), seat is not None
        if seat is not None:
            store[SEAT] = str(seat.pk)
        store.create()
    return store.session_key or "", person.pk


Made = Callable[[World], dict[str, Any]]
THINGS: dict[str, Made] = {}


def thing(*names: str) -> Callable[[Made], Made]:
    """Says of which addresses this makes the parts that vary."""

    def declare(make: Made) -> Made:
        THINGS.update(dict.fromkeys(names, make))
        return make

    return declare


@thing("account_confirm_email")
def _letter(_: World) -> dict[str, Any]:
    return {"key": "of-no-letter"}


@thing("account_reset_password_from_key")
def _reset(_: World) -> dict[str, Any]:
    return {"uidb36": "x", "key": "of-no-letter"}


@thing("account_invitation")
def _invitation(_: World) -> dict[str, Any]:
    return {"code": "of-no-invitation"}


@thing("openid_connect_login", "openid_connect_callback")
def _provider(_: World) -> dict[str, Any]:
    return {"provider_id": "none"}


def _own_seat(here: World) -> dict[str, Any]:
    return {"key": here.made.seats["receiver own"].pk}


@thing("admin-area", "admin-area-change", "admin-area-add")
def _area(here: World) -> dict[str, Any]:
    return {"key": here.x.pk}


@thing("admin-body", "admin-body-change", "admin-body-close")
def _body(here: World) -> dict[str, Any]:
    return {"key": here.bodies["own"].pk}


@thing("admin-person", "admin-leave", "admin-come-back")
def _person(here: World) -> dict[str, Any]:
    return {"key": here.people["receiver own"].pk}


thing("admin-seat", "admin-seat-end", "admin-seat-claims", "admin-deputy-new")(_own_seat)


@thing("admin-deputy-end")
def _deputy(here: World) -> dict[str, Any]:
    return {"key": here.once("deputy", "administrator own", lambda: make_deputy(
        here.made.seats["receiver own"], here.people["receiver other department"], starts_on=today(), ends_on=today(),
        reason="休假",
    ).pk)}  # fmt: skip


@thing("admin-calendar", "admin-calendar-in-force", "admin-calendar-discard")
def _calendar(here: World) -> dict[str, Any]:
    return {"key": here.once("calendar", "root", lambda: import_calendar(2026, "x", *reference_days(2026)).pk)}


@thing("admin-text-in-force", "admin-text-discard")
def _text(here: World) -> dict[str, Any]:
    return {"key": here.once("text", "root", lambda: write_text("home.introduction", "en", "x").pk)}


@thing("admin-text")
def _text_key(_: World) -> dict[str, Any]:
    return {"key": "home.introduction"}


@thing("admin-text-write")
def _text_language(_: World) -> dict[str, Any]:
    return {"key": "home.introduction", "language": "en"}


@thing("admin-act")
def _act(here: World) -> dict[str, Any]:
    return {"key": here.once("act", "root", lambda: search_acts(Wanted(act="make_body", area=here.x.name_zh))[0].pk)}


@thing("admin-job-retry")
def _job(_: World) -> dict[str, Any]:
    return {"key": 1}
