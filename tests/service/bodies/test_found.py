"""The first administrator."""

from __future__ import annotations

import pytest
from tests.service.people import PASSWORD, installation

from jarlig.service.bodies.acts.found import Founder, found
from jarlig.service.bodies.models import Account, Area, Seat
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, WrongState


def test_an_installation_begins_with_a_region_a_body_and_a_seat(db: None) -> None:
    made = installation()
    with made.sits("root") as seat:
        assert Area.objects.get().level == "region"
        assert Seat.objects.get().role == "administrator"
        account = Account.objects.get()
        assert account.person_id == seat.person_id and account.check_password(PASSWORD)


def test_it_is_begun_once(db: None) -> None:
    installation()
    with pytest.raises(WrongState), acting(Who(role="jarlig_gate")):
        found("辽宁省", "210000", "省厅", Founder("乙", "b", PASSWORD))


def test_a_weak_password_begins_nothing(db: None) -> None:
    with pytest.raises(Invalid) as caught, acting(Who(role="jarlig_gate")):
        found("内蒙古自治区", "150000", "厅", Founder("甲", "a", "1234"))
    assert caught.value.field == "password"
    with acting(Who(role="jarlig_gate")):
        assert not Account.objects.exists()
