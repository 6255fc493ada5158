"""Bodies: made, changed, closed, by whom and where."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests.service.bodies.staff import area, auditors, newcomer, staffed

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.change_body import change_body
from jarlig.service.bodies.acts.close_body import close_body
from jarlig.service.bodies.acts.end_seat import end_seat
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.models import Body
from jarlig.service.bodies.queries import bodies_within
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState


def test_an_administrator_makes_and_changes_a_body_of_their_area(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        body = make_body(seat.area, " 财政局 ", name_en="Finance Bureau", department="finance")
        change_body(body, name_zh="赛罕区财政局")
        assert Body.objects.get(pk=body.pk).name_zh == "赛罕区财政局"
        assert [one.name_zh for one in bodies_within()] == ["工业和信息化局", "赛罕区财政局"]
        assert [one.held for one in bodies_within()] == [3, 0]
        acts = Act.objects.filter(thing_id=str(body.pk)).order_by("at").values_list("act", flat=True)
        assert list(acts) == ["make_body", "change_body"]


@pytest.mark.parametrize("name", ["auditor", "reviewer"])
def test_another_role_makes_no_body(db: None, name: str) -> None:
    made = staffed()
    with pytest.raises(NotAllowed), made.sits(name) as seat:
        make_body(seat.area, "新局")


def test_another_area_s_body_is_not_touched_by_act_or_statement(db: None) -> None:
    made = staffed()
    with made.sits("saihan"):
        other = Body.objects.get(area=area("150102"))
        for act in (lambda: change_body(other, name_zh="x"), lambda: close_body(other),
                    lambda: make_body(area("150102"), "新局")):  # fmt: skip
            with pytest.raises(NotAllowed):
                act()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bodies_body SET name_zh = 'x' WHERE id = %s", [other.pk])
            assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Body(name_zh="新局", area=area("150102")).save(force_insert=True)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"name_zh": " "}, "name_zh"),
        ({"name_zh": "工业和信息化局"}, "name_zh"),
        ({"name_zh": "新局", "department": "工信"}, "department"),
        ({"name_zh": "新所", "department": "commerce", "is_third_party": True}, "department"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_at_its_field(db: None, words: dict[str, object], field: str) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        with pytest.raises(Invalid) as caught:
            make_body(seat.area, **words)
        assert caught.value.field == field
        assert Body.objects.filter(area=seat.area).count() == 1


def test_a_body_is_closed_when_nobody_sits_there_and_then_seats_nobody(db: None) -> None:
    made = staffed()
    with made.sits("root") as root:
        body = make_body(root.area, "临时专班")
        seat = appoint(newcomer("甲"), body, root.area, "receiver")
        with pytest.raises(WrongState):
            close_body(body)
        end_seat(seat)
        close_body(body, reason="工作结束")
        with pytest.raises(WrongState):
            close_body(body)
        with pytest.raises(WrongState):
            appoint(newcomer("乙"), body, root.area, "receiver")
        assert body not in bodies_within() and body in bodies_within(closed=True)
        with pytest.raises(IntegrityError, match="body is closed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bodies_seat (id, person_id, body_id, area_id, role, starts_on, contract, claims, state)"
                " VALUES (gen_random_uuid(), %s, %s, %s, 'receiver', '2026-01-01', '', '{}', 'held')",
                [root.person_id, body.pk, root.area_id],
            )


def test_a_third_party_stays_one(db: None) -> None:
    made = staffed()
    body = auditors(made)
    with made.sits("root"), connection.cursor() as cursor:
        assert list(bodies_within(third_party=True)) == [body]
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            cursor.execute("UPDATE bodies_body SET is_third_party = false WHERE id = %s", [body.pk])
