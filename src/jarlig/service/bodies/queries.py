"""What is asked about areas, bodies, people and seats; the database answers with what the seat may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Model, Prefetch, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.utils.translation import get_language, gettext as _, gettext_lazy

from jarlig.service.bodies.models import Account, Area, Body, CalendarYear, Deputy, Person, Seat, TextBlock
from jarlig.service.bodies.permission import rule
from jarlig.service.bodies.sitting import sitting
from jarlig.service.ground.errors import Missing

Thing = TypeVar("Thing", bound=Model)

# What has no division code stands after what it lies under.
_PLACE = Case(
    When(division="", then=Concat("parent__division", Value("~"), output_field=TextField())), default="division"
)

SEE_ADMINISTRATION = rule(
    "see_administration", gettext_lazy("See the administration"), "administrator", "auditor", where=""
)
SEE_PEOPLE = rule("see_people", gettext_lazy("See a person and their seats"), "administrator", "auditor")


def one(kind: type[Thing], key: UUID | str, *related: str) -> Thing:
    """The thing with this id.

    Raises:
        Missing: when there is none, or none that whoever asks may see.
    """
    try:
        found: Thing | None = kind._base_manager.select_related(*related).filter(pk=UUID(str(key))).first()
    except ValueError:
        found = None
    if found is None:
        raise Missing(_("There is no such thing here."))
    return found


def area_at(key: UUID | str) -> Area:
    """The area with this id; see ``one``."""
    return one(Area, key, "parent", "fiscal_parent")


def body_at(key: UUID | str) -> Body:
    """The body with this id; see ``one``."""
    return one(Body, key, "area")


def person_at(key: UUID | str) -> Person:
    """The person with this id; see ``one``."""
    return one(Person, key)


def seat_at(key: UUID | str) -> Seat:
    """The seat with this id; see ``one``."""
    return one(Seat, key, "body__area", "area")


def deputy_at(key: UUID | str) -> Deputy:
    """The deputy with this id; see ``one``."""
    return one(Deputy, key, "seat__body__area", "seat__area")


def calendar_at(key: UUID | str) -> CalendarYear:
    """The calendar with this id; see ``one``."""
    return one(CalendarYear, key)


def text_at(key: UUID | str) -> TextBlock:
    """The version of a text with this id; see ``one``."""
    return one(TextBlock, key)


def named(thing: Area | Body) -> str:
    """The name in the language of the reader; Chinese where there is no other."""
    return thing.name_en if (get_language() or "zh").startswith("en") and thing.name_en else thing.name_zh


def names(people: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of those people that whoever asks may see; a join to them would leave out the rows of the others."""
    return dict(Person.objects.filter(pk__in={one for one in people if one}).values_list("pk", "name"))


def is_wholly_within(person: Person) -> bool:
    """Whether the seat of this transaction covers all that a person holds, and the person held something there."""
    return _asked("person_wholly_within", person.pk)


def is_kept_here(person: Person) -> bool:
    """Whether whoever acts may renew a person's way in: that of somebody else, who sits here and nowhere else."""
    return _asked("keeps_person", person.pk)


def same_human(one: UUID | None, other: UUID | None) -> bool:
    """Whether two persons are known to be one human."""
    return _asked("same_human", one, other)


def known_apart(one: UUID | None, other: UUID | None) -> bool:
    """Whether two persons are known to be two humans: the identity numbers of both are known, and differ."""
    return _asked("known_apart", one, other)


def _asked(function: str, *values: UUID | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT jarlig.{function}({', '.join(['%s'] * len(values))})", list(values))
        return cursor.fetchone()[0] is True


@dataclass(frozen=True, slots=True)
class Place:
    """An area in a tree, with how deep it lies."""

    area: Area
    depth: int


def administrative_tree() -> list[Place]:
    """The areas by who administers them, each after the one it lies under, by name among its like."""
    return _tree("parent_id")


def fiscal_tree() -> list[Place]:
    """The areas by whom their money comes through."""
    return _tree("fiscal_parent_id")


def fiscal_addressees() -> QuerySet[Area]:
    """Those whom the region's treasury addresses directly (财政直达单位)."""
    return Area.objects.filter(is_fiscal=True, fiscal_parent__level="region").order_by("division")


def fiscal_addressee_of(area: Area) -> Area:
    """The one through whom an area is paid: itself, or the nearest above it in the fiscal tree.

    Raises:
        Missing: for the region itself, which nobody pays through another.
    """
    at: Area | None = area
    while at is not None:
        if at.is_fiscal and at.level != "region":
            return at
        at = at.fiscal_parent
    raise Missing(_("%(area)s has no fiscal addressee.") % {"area": named(area)})


def all_areas() -> QuerySet[Area]:
    """Every area with the two that it lies under, in the order of the codes."""
    return Area.objects.select_related("parent", "fiscal_parent").order_by(_PLACE, "order_key", "name_zh")


def children_of(area: Area) -> list[Area]:
    """The areas right under one, by administration."""
    return list(Area.objects.filter(parent=area).order_by("division", "order_key", "name_zh"))


def places_in(area: UUID) -> list[tuple[str, str]]:
    """The code and the name of each area right under one, in the language of the reader."""
    found = Area.objects.filter(parent=area).exclude(division="").order_by("division", "order_key", "name_zh")
    english = (get_language() or "zh").startswith("en")
    names = found.values_list("division", "name_zh", "name_en")
    return [(code, en if english and en else zh) for code, zh, en in names]


def bodies_of(area: Area) -> list[Body]:
    """The bodies of an area, the open ones first."""
    return list(Body.objects.filter(area=area).order_by("-is_active", "name_zh"))


def areas_within() -> QuerySet[Area]:
    """The areas at or under that of the seat."""
    seat = sitting()
    found = Area.objects.filter(path__startswith=seat.path) if seat else Area.objects.none()
    return found.order_by(_PLACE, "order_key", "name_zh")


def bodies_within(*, third_party: bool | None = None, closed: bool = False) -> QuerySet[Body]:
    """The bodies of those areas, with how many seats are held in each."""
    seat = sitting()
    found = Body.objects.filter(area__path__startswith=seat.path) if seat else Body.objects.none()
    if third_party is not None:
        found = found.filter(is_third_party=third_party)
    if not closed:
        found = found.filter(is_active=True)
    held = Count("seats", filter=Q(seats__state="held"), distinct=True)
    return found.select_related("area").annotate(held=held).order_by("area__division", "area__order_key", "name_zh")


def people_within() -> QuerySet[Person]:
    """People who sit or sat there, with their held seats and the accounts by which they come in."""
    held = Seat.objects.filter(state="held").select_related("body", "area").order_by("starts_on", "pk")
    return Person.objects.prefetch_related(
        Prefetch("seats", held, to_attr="held_seats"), Prefetch("accounts", Account.objects.order_by("login"))
    ).order_by("name", "pk")


def account_in_use(person: Person) -> Account:
    """The account by which a person comes in.

    Raises:
        Missing: when they have none that is open.
    """
    found: Account | None = (
        Account.objects.select_related("person").filter(person=person, is_active=True).order_by("login").first()
    )
    if found is None:
        raise Missing(_("%(name)s has no account.") % {"name": person.name})
    return found


def all_seats_of(person: Person) -> list[Seat]:
    """All seats of a person, those held first, with their deputies."""
    deputies = Deputy.objects.order_by("-starts_on")
    found = Seat.objects.filter(person=person).select_related("body__area", "area")
    found = found.prefetch_related(Prefetch("deputies", deputies))
    return list(found.order_by("-state", "-starts_on"))


def deputyships_of(person: Person) -> list[Deputy]:
    """Where a person sits for somebody else."""
    found = Deputy.objects.filter(person=person).select_related("seat__body", "seat__area")
    return list(found.order_by("is_ended", "-starts_on"))


def seats_in(body: Body) -> list[Seat]:
    """The seats of a body that are held, with how many deputies sit there."""
    found = Seat.objects.filter(body=body, state="held").select_related("area")
    waiting = Count("deputies", filter=Q(deputies__is_ended=False))
    return list(found.annotate(deputies_held=waiting).order_by("role", "starts_on"))


def deputies_on(seat: Seat) -> list[Deputy]:
    """The deputies of a seat, those who sit or will sit first."""
    return list(Deputy.objects.filter(seat=seat).order_by("is_ended", "-starts_on"))


def on_seat(seat: Seat) -> Deputy:
    """A deputy on a seat who is nobody yet: what is asked about before somebody is named."""
    return Deputy(seat=seat)


def candidates(seat: Seat) -> list[Person]:
    """Who may be named as a deputy: people whom an administrator sees, otherwise colleagues of the same body."""
    me = sitting()
    if me is not None and me.role == "administrator":
        found = Person.objects.filter(state="active").exclude(pk=seat.person_id)
        return list(found.order_by("name", "pk"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM jarlig.colleagues()")
        return [Person(pk=key, name=name) for key, name in cursor.fetchall()]


def calendars() -> list[CalendarYear]:
    """All calendars, latest years first, in each the one in force before the others."""
    return list(CalendarYear.objects.order_by("-year", "-imported_at"))


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of everything the seat administers."""

    areas: int
    bodies: int
    people: int
    seats: int


def counts() -> Counts:
    """The figures at the head of the administration."""
    seat = sitting()
    path = seat.path if seat else "-"
    return Counts(
        areas=Area.objects.filter(path__startswith=path).count(),
        bodies=Body.objects.filter(area__path__startswith=path, is_active=True).count(),
        people=Person.objects.filter(state="active").count(),
        seats=Seat.objects.filter(area__path__startswith=path, state="held").count(),
    )


def _tree(parent: str) -> list[Place]:
    under: dict[UUID | None, list[Area]] = {}
    for area in Area.objects.order_by("division", "order_key", "name_zh"):
        under.setdefault(getattr(area, parent), []).append(area)
    found: list[Place] = []

    def walk(at: UUID | None, depth: int) -> None:
        for area in under.get(at, ()):
            found.append(Place(area, depth))
            walk(area.pk, depth + 1)

    walk(None, 0)
    return found
