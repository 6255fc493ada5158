"""One transaction a request: kept when the answer is good, undone when it is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from jarlig.service.bodies.models import Person
from jarlig.service.ground.context import Who, acting, current
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, Refused, WrongState
from jarlig.service.ground.middleware import OneTransaction


def asked(view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """A request through the middleware, its errors handled as the framework does."""

    def inner(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Exception as error:  # noqa: BLE001 - as the framework does around every view
            answer = chain.process_exception(request, error)
            return answer if answer is not None else HttpResponse(status=500)

    chain = OneTransaction(inner)
    return chain(RequestFactory().get("/x/"))


def write(answer: HttpResponse | Exception) -> Callable[[HttpRequest], HttpResponse]:
    """A view that writes a row and then answers or raises."""

    def view(request: HttpRequest) -> HttpResponse:
        Person(name="written").save(force_insert=True)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return view


def written() -> int:
    with acting(Who(role="jarlig_gate")):
        return Person.objects.filter(name="written").count()


def test_a_good_answer_is_kept(own_db: str) -> None:
    assert asked(write(HttpResponse("ok"))).status_code == 200
    assert written() == 1


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (HttpResponse(status=500), 500),
        (KeyError("a fault of the program"), 500),
        (NotAllowed("no"), 403),
        (Missing("no"), 404),
        (WrongState("no"), 409),
        (Invalid("no", field="name"), 422),
        (OperationalError("gone"), 503),
        (InterfaceError("gone"), 503),
    ],
)
def test_any_other_answer_undoes_all_of_it(own_db: str, answer: HttpResponse | Exception, status: int) -> None:
    assert asked(write(answer)).status_code == status
    assert written() == 0


def test_a_refusal_is_a_page_with_its_reason_and_remedy(db: None) -> None:
    page = asked(write(WrongState("<b>late</b>", remedy="come earlier"))).content.decode()
    assert "&lt;b&gt;late&lt;/b&gt;" in page and "come earlier" in page


def test_a_request_begins_in_the_role_of_the_sign_in(db: None) -> None:
    seen = []
    asked(lambda request: HttpResponse(seen.append(current()) or ""))
    assert seen == [Who(role="jarlig_gate")]


def test_whoever_watches_the_server_needs_no_database() -> None:
    answer = OneTransaction(lambda request: HttpResponse(status=500))(RequestFactory().get("/alive/"))
    assert answer.status_code == 200


def test_a_refusal_reads_as_reason_and_remedy() -> None:
    assert str(Refused("This is closed.", remedy="Ask for an extension.")) == "This is closed. Ask for an extension."
