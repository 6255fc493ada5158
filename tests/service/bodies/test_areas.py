"""Areas: both trees, filing offices, and whose they are."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import translation
from tests.service.bodies.staff import TABLE, area, staffed, table
from tests.service.people import installation

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.add_area import add_area
from jarlig.service.bodies.acts.change_area import change_area
from jarlig.service.bodies.acts.import_areas import import_areas
from jarlig.service.bodies.models import Area
from jarlig.service.bodies.queries import (
    administrative_tree,
    fiscal_addressee_of,
    fiscal_addressees,
    fiscal_tree,
    named,
)
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed


def test_the_shipped_table_gives_12_and_103_areas_and_14_fiscal_addressees(db: None) -> None:
    made = installation()
    with made.sits("root"):
        outcomes = import_areas()
        assert [one.result for one in outcomes] == ["added"] * 115
        levels = [place.area.level for place in administrative_tree()]
        assert (levels.count("league"), levels.count("county")) == (12, 103)
        assert fiscal_addressees().count() == 14
        assert {one.name_zh for one in fiscal_addressees().filter(level="county")} == {"满洲里市", "二连浩特市"}
        assert Act.objects.filter(act="import_areas").count() == 115


def test_importing_again_changes_nothing(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        before = Act.objects.count()
        assert {one.result for one in import_areas(table())} == {"unchanged"}
        assert Act.objects.count() == before


def test_a_corrected_name_is_brought_in_and_written_down(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        outcomes = import_areas(table(TABLE.replace("Xincheng District", "Xincheng")))
        assert [one.code for one in outcomes if one.result == "changed"] == ["150102"]
        assert area("150102").name_en == "Xincheng"


def test_the_table_of_another_region_is_refused(db: None) -> None:
    made = installation()
    other = "code,zh,en,kind,parent,fiscal_parent\n210000,辽宁省,Liaoning,province,,\n"
    with pytest.raises(Invalid, match="辽宁省"), made.sits("root"):
        import_areas(table(other))


def test_a_wrong_code_of_the_region_is_corrected_and_the_import_goes_on(db: None) -> None:
    made = installation()
    with made.sits("root") as root:
        change_area(root.area, division="999999")
        with pytest.raises(Invalid, match="999999") as caught:
            import_areas(table())
        assert root.area.name_zh in str(caught.value.remedy)
        change_area(root.area, division="150000")
        assert {one.result for one in import_areas(table())} == {"added"}


def test_only_the_region_imports_areas(db: None) -> None:
    made = staffed()
    with pytest.raises(NotAllowed), made.sits("saihan"):
        import_areas(table())
    with pytest.raises(NotAllowed), made.sits("auditor"):
        import_areas(table())


def test_manzhouli_lies_under_a_city_and_is_paid_by_the_region(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        city = area("150781")
        assert city.parent == area("150700")
        assert fiscal_addressee_of(city) == city
        assert fiscal_addressee_of(area("150105")) == area("150100")
        depths = {place.area.division: place.depth for place in administrative_tree()}
        fiscal = {place.area.division: place.depth for place in fiscal_tree()}
        assert (depths["150781"], fiscal["150781"]) == (2, 1)
        with pytest.raises(Missing):
            fiscal_addressee_of(area("150000"))


def test_a_filing_office_has_no_code_and_is_paid_through_its_banner(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        office = add_area(seat.area, " 金桥经济技术开发区 ", name_en="Jinqiao Zone")
        again = add_area(seat.area, "敕勒川乳业开发区")  # no code either: empty codes do not clash
        assert (office.name_zh, office.division, office.level) == ("金桥经济技术开发区", "", "filing")
        assert office.path == f"{seat.area.path}{office.pk}/" and again.path != office.path
        assert fiscal_addressee_of(office) == area("150100")
        assert Act.objects.filter(act="add_area", area__startswith=seat.area.path).count() == 2


@pytest.mark.parametrize(
    ("name", "division", "field"),
    [
        ("", "", "name_zh"),
        ("开发区", "12345", "division"),
        ("开发区", "150102", "division"),
        ("开发区", "１５０１０２", "division"),
    ],
)
def test_a_filing_office_that_does_not_fit_is_refused(db: None, name: str, division: str, field: str) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        with pytest.raises(Invalid) as caught:
            add_area(seat.area, name, division=division)
        assert caught.value.field == field
        assert not Area.objects.filter(level="filing").exists()


def test_a_filing_office_lies_under_no_region_and_no_other_office(db: None) -> None:
    made = staffed()
    with made.sits("root") as seat:
        office = add_area(area("150105"), "开发区")
        for under in (seat.area, office):
            with pytest.raises(Invalid, match=r"filing office lies under|申报办公室设在"):
                add_area(under, "另一开发区")
        with pytest.raises(Invalid):
            add_area(area("150105"), "开发区")


def test_an_administrator_changes_areas_of_their_own_alone(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        assert change_area(seat.area, name_en="Saihan").name_en == "Saihan"
        with pytest.raises(NotAllowed):
            change_area(area("150102"), name_en="x")
        with pytest.raises(NotAllowed):
            add_area(area("150102"), "开发区")
        with pytest.raises(Invalid):
            change_area(seat.area, name_zh=" ")


def test_whom_the_treasury_addresses_is_the_region_s_to_say(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat, pytest.raises(NotAllowed, match=r"treasury|财政"):
        change_area(seat.area, fiscal_parent=seat.area.parent.parent, is_fiscal=True)
    with made.sits("root") as seat:
        changed = change_area(area("150105"), fiscal_parent=seat.area, is_fiscal=True)
        assert fiscal_addressee_of(changed) == changed
        for wrong in ({"fiscal_parent": area("150105")}, {"is_fiscal": False}):
            with pytest.raises(Invalid):
                change_area(area("150105"), **wrong)
        with pytest.raises(Invalid):
            change_area(area("150102"), is_fiscal=True)


def test_statements_of_our_own_meet_the_same_walls(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat, connection.cursor() as cursor:
        own, other, region = seat.area, area("150102"), area("150000")
        cursor.execute("UPDATE bodies_area SET name_en = 'x' WHERE id = %s", [other.pk])
        assert cursor.rowcount == 0
        for statement, values in (
            ("UPDATE bodies_area SET is_fiscal = true WHERE id = %s", [own.pk]),
            ("UPDATE bodies_area SET fiscal_parent_id = %s WHERE id = %s", [region.pk, own.pk]),
            ("UPDATE bodies_area SET level = 'region', parent_id = NULL WHERE id = %s", [own.pk]),
            ("UPDATE bodies_area SET path = 'x/' WHERE id = %s", [own.pk]),
        ):
            with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
                cursor.execute(statement, values)


def test_an_area_that_claims_another_line_than_its_parent_s_is_refused_by_the_database(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        bad = Area(name_zh="假", level="filing", parent=area("150102"), fiscal_parent=area("150102"))
        bad.path = f"{seat.area.path}{bad.pk}/"
        with pytest.raises(IntegrityError, match="path of an area"), transaction.atomic():
            bad.save(force_insert=True)
        league = Area(name_zh="假盟", level="league", parent=seat.area, fiscal_parent=seat.area)
        league.path = f"{seat.area.path}{league.pk}/"
        with pytest.raises(ProgrammingError, match="treasury"), transaction.atomic():
            league.save(force_insert=True)


def test_an_area_is_named_in_the_reader_s_language(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        with translation.override("en"):
            assert named(area("150105")) == "Saihan District"
        with translation.override("zh-hans"):
            assert named(area("150105")) == "赛罕区"
