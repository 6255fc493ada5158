"""Interpretations and routes: written by one person, put in force by another, never changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.utils import translation
from tests.service.at_once import together
from tests.service.catalogue.office import ROUTE, becomes_publisher, files, imported, in_force, office, packed

from jarlig.service.audit.models import Act
from jarlig.service.catalogue import states
from jarlig.service.catalogue.acts.confirm_interpretation import confirm_interpretation
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.interpret import MOST, interpret
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.acts.put_route_in_force import put_route_in_force
from jarlig.service.catalogue.acts.set_route import set_route
from jarlig.service.catalogue.models import Confirmation, Interpretation, Programme, RouteVersion, Version
from jarlig.service.catalogue.queries import officer_name, route_of
from jarlig.service.catalogue.routes import STEPS, read_corrections, read_steps
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState
from jarlig.service.launch.cluster import Cluster

STEP = {"step": "acceptance", "by": "commerce", "workdays": "5"}


def _written(programme: Programme) -> Interpretation:
    return interpret(
        programme, "1.1", "何为新建？", "指首次建成。", question_en="What is new?", answer_en="Built once."
    )


def test_an_interpretation_counts_when_a_second_person_confirms_it(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("author"):
        one = _written(programme)
        assert (one.number, one.clause) == (1, "1.1")
    with acting(Who(role="jarlig_public")):
        assert not Interpretation.objects.exists()
    with made.sits("publisher"):
        confirm_interpretation(Interpretation.objects.get())
    with pytest.raises(WrongState), made.sits("publisher"):
        confirm_interpretation(Interpretation.objects.get())
    with acting(Who(role="jarlig_public")):
        assert Interpretation.objects.get().answer_zh == "指首次建成。"


def test_whoever_wrote_an_interpretation_or_a_route_never_confirms_it(own_db: str, server: Cluster) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("author"):
        one, route = _written(programme), _route(programme)
    with server.superuser(own_db) as root:
        becomes_publisher(made, root)
    with pytest.raises(NotAllowed, match="yourself"), made.sits("author"):
        confirm_interpretation(Interpretation.objects.get())
    with pytest.raises(NotAllowed, match="yourself"), made.sits("author"):
        put_route_in_force(RouteVersion.objects.get(pk=route.pk))
    for who in ("author", "publisher"):  # in the own name, or in that of another
        person = made.seats[who].person_id
        with pytest.raises(IntegrityError, match="another person"), made.sits("author"):
            Confirmation(interpretation=one, confirmed_by_id=person, confirmed_at=now()).save(force_insert=True)
        with pytest.raises(IntegrityError, match="another person"), made.sits("author"):
            RouteVersion.objects.filter(pk=route.pk).update(state="in_force", put_in_force_by=person)


@pytest.mark.parametrize("statement", ["UPDATE {} SET answer_zh = ''", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_an_interpretation_is_never_changed(db: None, statement: str) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("author"):
        _written(programme)
    with pytest.raises(DatabaseError), made.sits("author"), connection.cursor() as cursor:
        cursor.execute(statement.format("catalogue_interpretation"))


@pytest.mark.parametrize(
    ("clause", "question", "answer", "field"),
    [
        ("99", "问", "答", "clause"),
        ("1.1", " ", "答", "question"),
        ("1.1", "问", "", "answer"),
        ("1.1", "问", "答" * (MOST + 1), "answer"),
    ],
)
def test_an_interpretation_says_what_it_is_about(db: None, clause: str, question: str, answer: str, field: str) -> None:
    made = office()
    programme = in_force(made)
    with pytest.raises(Invalid) as caught, made.sits("author"):
        interpret(programme, clause, question, answer)
    assert caught.value.field == field


def test_a_later_interpretation_replaces_an_earlier_one_of_the_same_programme(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("author"):
        first = _written(programme)
        second = interpret(programme, "1.1", "何为新建？", "自建成之日起一年内。", replaces=first)
        assert second.number == 2 and list(first.replaced_by.all()) == [second]
        other = files(("programme.yaml", "programme: tiny", "programme: tinier"))
        version = import_at_once(packed(other), "x.zip")
    with made.sits("publisher"):
        tinier = put_in_force(Version.objects.get(pk=version.pk)).programme
    with pytest.raises(Invalid), made.sits("author"):
        interpret(tinier, "1.1", "问", "答", replaces=first)


@pytest.mark.parametrize("seat", ["publisher", "reviewer", "auditor", "author below"])
def test_others_than_an_author_write_none(db: None, seat: str) -> None:
    made = office()
    programme = in_force(made)
    for act in (lambda: _written(programme), lambda: _route(programme)):
        with pytest.raises(NotAllowed), made.sits(seat):
            act()


def _route(programme: Programme, name: str = "project", **change: object) -> RouteVersion:
    given = {"offers": ["1a"], "steps": [STEP], "title_zh": "流程", "title_en": "Route", **change}
    return set_route(programme, 2023, name, **given)  # type: ignore[arg-type]


def test_the_routes_of_a_guide_come_into_force_with_it(db: None) -> None:
    made = office()
    programme = in_force(made)
    with acting(Who(role="jarlig_public")):
        route = route_of(programme, 2023, "1a")
        assert [step["step"] for step in route.steps] == ["acceptance", "joint_review", "public_notice"]
        assert route.steps[1] == {"step": "joint_review", "by": "bodies_of_the_offer", "agree": "all"}
        assert route.corrections == {"each_level": 1, "workdays": 5}
        with pytest.raises(Missing):
            route_of(programme, 2023, "9")


def test_a_written_route_replaces_it_and_the_old_one_stays_for_claims_that_run(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("author"):
        old = route_of(programme, 2023, "1a")
        route = _route(programme)
        assert route.number == 2 and route_of(programme, 2023, "1a") == old
    with made.sits("publisher"):
        put_route_in_force(RouteVersion.objects.get(pk=route.pk))
        assert route_of(programme, 2023, "1a").pk == route.pk
        assert RouteVersion.objects.get(pk=old.pk).steps == old.steps
        with pytest.raises(WrongState):
            put_route_in_force(RouteVersion.objects.get(pk=route.pk))
    with pytest.raises(DatabaseError, match="stays as it was written"), made.sits("publisher"):
        RouteVersion.objects.filter(pk=route.pk).update(steps=[])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"offers": ["9"]}, "offers"),
        ({"title_en": " "}, "title_zh"),
        ({"steps": []}, "steps"),
        ({"name": "x"}, "offers"),
    ],
)
def test_a_route_that_cannot_be_is_refused_at_its_field(db: None, change: dict[str, object], field: str) -> None:
    made = office()
    programme = in_force(made)
    with pytest.raises(Invalid) as caught, made.sits("author"):
        _route(programme, **change)  # type: ignore[arg-type]
    assert caught.value.field == field


@pytest.mark.parametrize(
    "steps",
    [
        None, "acceptance", [], [STEP] * 31, ["acceptance"], [{"step": "acceptence"}], [{"by": "commerce"}],
        [{**STEP, "by": "nobody"}], [{**STEP, "agree": "most"}], [{**STEP, "agree": "0"}], [{**STEP, "workdays": "-1"}],
        [{**STEP, "workdays": "9" * 5_000}], [{**STEP, "workdays": "٣"}], [{**STEP, "colour": "red"}],
    ],
)  # fmt: skip
def test_steps_that_cannot_be_read_are_a_sentence(steps: object) -> None:
    with pytest.raises(Invalid) as caught:
        read_steps(steps, ["commerce"])
    assert caught.value.field == "steps" and str(caught.value)


def test_steps_are_read_as_numbers_and_words() -> None:
    read = read_steps([{**STEP, "agree": "2", "sample": "2%", "first_day_counts": "true"}], ["commerce"])
    assert read == [{"step": "acceptance", "by": "commerce", "agree": 2, "workdays": 5, "first_day_counts": True,
                     "sample": "2%"}]  # fmt: skip
    assert read_corrections(None) == {"each_level": 0, "workdays": 0}
    with pytest.raises(Invalid):
        read_corrections({"each_level": "many"})
    assert len(STEPS) > 10


def test_officers_read_names_of_officers_and_the_public_reads_none(db: None) -> None:
    made = office()
    person = made.seats["author"].person_id
    with made.sits("publisher"):
        assert officer_name(person) == "乌云" and officer_name(None) == ""
    with acting(Who(role="jarlig_public")):
        assert officer_name(person) == ""


@pytest.mark.parametrize("machine", ["version", "window", "route", "recognition"])
def test_the_database_lets_through_just_the_changes_of_state_that_the_room_names(db: None, machine: str) -> None:
    with acting(Who()), connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM jarlig.transitions WHERE machine = %s", [machine])
        assert set(cursor.fetchall()) == set(getattr(states, machine.upper()))


#: The guide's own route for offer 2 alone; 1a has none there.
FOR_2 = ("guides/2023.yaml", 'for: ["1a", "2"]', 'for: ["2"]')


def _offers_in_force(programme: Programme) -> dict[str, list[str]]:
    found = RouteVersion.objects.filter(programme=programme, state="in_force")
    return dict(found.values_list("name", "offers"))


def test_the_routes_of_a_version_take_the_place_of_those_written_for_their_offers(db: None) -> None:
    made = office()
    programme = in_force(made, FOR_2)
    with made.sits("author"):
        written = _route(programme, "own")
    with made.sits("publisher"):
        put_route_in_force(RouteVersion.objects.get(pk=written.pk))
        assert _offers_in_force(programme) == {"project": ["2"], "own": ["1a"]}
    version = imported(made)
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=version.pk))
        assert _offers_in_force(programme) == {"project": ["1a", "2"]}
        assert route_of(programme, 2023, "1a").version_id == version.pk
    with made.sits("auditor"):
        assert Act.objects.filter(act="adopt_route", thing_id=str(written.pk)).count() == 1


def test_a_version_whose_routes_would_leave_an_offer_without_one_says_which(db: None) -> None:
    made = office()
    programme = in_force(made, FOR_2, ("guides/2023.yaml", 'for: ["2"]', "for: []"))
    with made.sits("author"):
        written = _route(programme, "own", offers=["1a", "2"])
    with made.sits("publisher"):
        put_route_in_force(RouteVersion.objects.get(pk=written.pk))
    version = imported(made, FOR_2)
    with pytest.raises(WrongState, match=r"own of 2023.*offer 1a"), made.sits("publisher"):
        put_in_force(Version.objects.get(pk=version.pk))
    with made.sits("author"):
        narrower = _route(programme, "own", offers=["1a"])
    with made.sits("publisher"):
        put_route_in_force(RouteVersion.objects.get(pk=narrower.pk))
        put_in_force(Version.objects.get(pk=version.pk))
        assert _offers_in_force(programme) == {"project": ["2"], "own": ["1a"]}


def test_a_guide_with_two_routes_for_an_offer_does_not_come_in_force(db: None) -> None:
    made = office()
    second = ROUTE.partition("\n")[2].replace("project:", "other:")
    version = imported(made, ("guides/2023.yaml", "", second))
    with pytest.raises(WrongState, match="two routes for offer 1a"), made.sits("publisher"):
        put_in_force(Version.objects.get(pk=version.pk))


def test_two_routes_for_an_offer_do_not_come_in_force_at_once(own_db: str) -> None:
    made = office()
    programme = in_force(made, FOR_2)
    with made.sits("author"):
        written = [_route(programme, name) for name in ("one", "another")]
    here = threading.Barrier(2, timeout=10)

    def puts(route: RouteVersion) -> Callable[[], object]:
        def does() -> None:
            with made.sits("publisher"), translation.override("en"):
                read = RouteVersion.objects.get(pk=route.pk)
                here.wait()
                put_route_in_force(read)
                time.sleep(0.3)  # the other comes to it before this is committed

        return does

    assert sorted(together(*map(puts, written))) == ["WrongState", "done"]


def test_the_database_too_keeps_an_offer_to_one_route(db: None) -> None:
    made = office()
    programme = in_force(made, FOR_2)
    with made.sits("author"):
        written = [_route(programme, name) for name in ("one", "another")]
    with pytest.raises(IntegrityError, match="has the route one"), made.sits("publisher"):
        for route in written:
            RouteVersion.objects.filter(pk=route.pk).update(
                state="in_force", put_in_force_by=made.seats["publisher"].person_id
            )
