"""Every address, method, role and relation: what the rule says is what the reader gets.

Each request is made for a database whose rows are put back after it, so that none changes what the next one finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import reverse
from tests.service.things import AT_THE_TOP, THINGS, Reader, World, apart

from jarlig.service.bodies.permission import RULES
from jarlig.service.launch.cluster import Cluster
from jarlig.service.web.permissions import PAGE, PUBLIC, Route, load_rules, page, routes

load_rules()
ROUTES = routes()
METHODS = ("get", "post")
#: Addresses for whoever is signed in that are not there for some of them, and why.
BY_STATE = {
    "account_reauthenticate": "asks for a password, which nobody has who was only invited",
    "mfa_reauthenticate": "asks for a factor, which nobody has set up here",
    "mfa_deactivate_totp": "takes away a factor that nobody has set up here",
    "mfa_view_recovery_codes": "shows codes that nobody has here",
}
SIGN_IN = "sign in"
REFUSED = "refused"
SERVED = "served"


@pytest.fixture(scope="module")
def here(server: Cluster) -> Iterator[World]:
    """The world, in a database of its own and in one transaction that is never kept."""
    with apart(server, "matrix") as made:
        yield made


def expected(route: Route, reader: Reader, method: str) -> set[str]:
    """What the rule of an address lets this reader have."""
    if route.public or route.name in PUBLIC:
        return {SERVED, REFUSED, SIGN_IN}  # what is not there, done or not begun is refused to everybody alike
    if reader.role == "anonymous":
        return {SIGN_IN} if method == "get" else {REFUSED}
    if route.rule is None:
        return {SERVED, REFUSED} if route.parts or route.name in BY_STATE else {SERVED}
    rule = RULES[route.rule]
    if rule.roles and reader.role not in rule.roles:
        return {REFUSED}
    if rule.where == "top" and reader.relation != "top":
        return {REFUSED}
    if route.parts and rule.where == "area" and reader.relation == "other place":
        return {REFUSED}
    if route.name in AT_THE_TOP and rule.where == "area" and reader.relation != "top":
        return {REFUSED}
    if route.parts and rule.where == "body" and reader.relation != "own":
        return {REFUSED}
    depends = rule.condition is not None or (route.parts and rule.where == "")
    return {SERVED, REFUSED} if depends else {SERVED}  # the things themselves are shown by the database as it sees fit


def asks(route: Route, reader: Reader) -> bool:
    """Whether this reader's answer could differ from that of another who is asked.

    A role that the rule does not name is asked from the highest seat, which sees most; where there is no rule of roles,
    one officer of each relation is enough; without parts that vary there is nothing that could lie elsewhere.
    """
    if not reader.relation:
        return True
    roles = RULES[route.rule].roles if route.rule else frozenset()
    if not roles:
        return reader.role == "receiver" and (not route.public or reader.relation == "own")
    if reader.role not in roles:
        return reader.relation == "top"
    return bool(route.parts) or reader.relation in ("own", "top")


def given(status: int, location: str) -> str:
    """What the reader got: led to the sign-in, refused, or served (a form with errors and a wrong state are served)."""
    if status == 302 and location.startswith(reverse("account_login")):
        return SIGN_IN
    if status in (403, 404):
        return REFUSED
    return SERVED if status < 500 else f"fault {status}"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name or route.path)
def test_an_address_gives_each_reader_what_its_rule_says(here: World, route: Route) -> None:
    parts = THINGS[route.name](here) if route.parts else {}
    address = reverse(route.name, kwargs=parts)
    wrong = []
    for reader in here.readers:
        if not asks(route, reader):
            continue
        for method in METHODS:
            connection.connection.execute("SAVEPOINT matrix")
            response = reader.ask(method, address)
            connection.connection.execute("ROLLBACK TO SAVEPOINT matrix")
            found = given(response.status_code, response.get("Location", ""))
            if found not in expected(route, reader, method) and response.status_code != 405:
                wrong.append(f"{method} {address} {reader.role} {reader.relation}: {response.status_code}, {found}")
    assert wrong == [], "\n".join(wrong[:20])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name or route.path)
def test_every_address_has_a_name_a_rule_and_a_way_to_make_its_thing(route: Route) -> None:
    assert route.name, f"{route.path} has no name"
    assert route.said or route.name in PUBLIC, f"{route.path}: decorate its view with @screen, or say why it is public"
    assert route.rule is None or route.rule in RULES, f"{route.path} needs an act without a rule: {route.rule}"
    assert not route.parts or route.name in THINGS, f"tell tests/service/things.py what {route.name} is about"


def test_no_address_has_the_name_of_another() -> None:
    assert [name for name, count in Counter(route.name for route in ROUTES).items() if count > 1] == []


def test_what_is_said_to_be_public_exists() -> None:
    assert set(PUBLIC) <= {route.name for route in ROUTES}


def test_everybody_is_there(here: World) -> None:
    assert len(here.readers) == 42
    assert len({reader.person for reader in here.readers}) == 42


def test_a_wrong_rule_is_noticed(here: World) -> None:
    """The invitation is the administrators' alone: read as anybody's, the matrix must differ from what happens."""
    route = next(one for one in ROUTES if one.name == "account_invite")
    reader = next(one for one in here.readers if (one.role, one.relation) == ("receiver", "own"))
    connection.connection.execute("SAVEPOINT matrix")
    status = reader.ask("get", reverse(route.name)).status_code
    connection.connection.execute("ROLLBACK TO SAVEPOINT matrix")
    assert given(status, "") == REFUSED
    as_anybodys = Route(route.path, route.name, route.parts, None, public=False, said=True)
    assert REFUSED not in expected(as_anybodys, reader, "get")


def test_the_page_of_permissions_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m jarlig.service.web.permissions"
