"""A region with a few areas, bodies and officers, for the tests of this room."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from tests.service.people import Installation, installation

from jarlig.reference.divisions import COLUMNS, Divisions
from jarlig.reference.tables import read_table
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.import_areas import import_areas
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.models import Area, Body, Person

TABLE = """code,zh,en,kind,parent,fiscal_parent
150000,内蒙古自治区,Inner Mongolia,autonomous_region,,
150100,呼和浩特市,Hohhot,city,150000,150000
150102,新城区,Xincheng District,district,150100,150100
150105,赛罕区,Saihan District,district,150100,150100
150700,呼伦贝尔市,Hulunbuir,city,150000,150000
150781,满洲里市,Manzhouli,county_level_city,150700,150000
"""


def table(text: str = TABLE) -> Divisions:
    """Divisions from a text."""
    return Divisions.from_rows(read_table(text.splitlines(keepends=True), COLUMNS, "areas"))


def area(division: str) -> Area:
    """The area with this code."""
    return Area.objects.get(division=division)


def newcomer(name: str) -> Person:
    """A person without a seat, invited by the administrator who acts."""
    return invite(name, f"{uuid4().hex[:12]}@example.org")[0]


def staffed() -> Installation:
    """The region with areas, and these seats.

    ``root`` and ``second`` administer the region, ``auditor`` audits it; ``saihan`` and ``xincheng`` administer two
    districts of one city; ``reviewer`` and ``receiver`` sit in Saihan.
    """
    made = installation()
    with made.sits("root") as root:
        import_areas(table())
        made.seats["second"] = appoint(newcomer("其其格"), root.body, root.area, "administrator")
        made.seats["auditor"] = appoint(newcomer("图雅"), root.body, root.area, "auditor")
        for name, code in (("saihan", "150105"), ("xincheng", "150102")):
            body = make_body(area(code), "工业和信息化局", department="commerce")
            made.seats[name] = appoint(newcomer(f"{name}的管理员"), body, body.area, "administrator")
    with made.sits("saihan") as seat:
        made.seats["reviewer"] = appoint(newcomer("苏日娜"), seat.body, seat.area, "reviewer")
        made.seats["receiver"] = appoint(newcomer("白音"), seat.body, seat.area, "receiver")
    return made


def auditors(made: Installation) -> Body:
    """A third party of the region, under contract."""
    with made.sits("root") as root:
        return make_body(root.area, "信永会计师事务所", is_third_party=True)


FAR = date(2999, 12, 31)
