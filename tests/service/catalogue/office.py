"""An office with authors, publishers and reviewers, and folders to import, for the tests of the catalogue."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta
from types import SimpleNamespace

import psycopg
from django.db import connection
from tests.service.bodies.staff import area, newcomer, table
from tests.service.people import Installation, installation
from tests.tiny import CODE, FILES

from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.import_areas import import_areas
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.open_window import open_window
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.models import Programme, Version, Window
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.jobs import JOBS, _do

ROUTE = """\
routes:
  project:
    title: {zh: 项目法审核流程, en: review of projects}
    for: ["1a", "2"]
    steps:
      - {step: acceptance, by: commerce, workdays: 5}
      - {step: joint_review, by: bodies_of_the_offer, agree: all}
      - {step: public_notice, workdays: 5, first_day_counts: true}
    corrections: {each_level: 1, workdays: 5}
"""
#: The tiny programme with days that hold whenever the tests run: the clock of the database cannot be moved.
STANDING = (
    ("programme.yaml", "to: 2025-06-05", "to: 2199-06-05"),
    ("guides/2023.yaml", "to: 2023-10-31", "to: 2199-05-31"),
    ("guides/2023.yaml", "", ROUTE),
)


def office() -> Installation:
    """The region with two departments and a city: who writes, who publishes, who reviews, who watches."""
    made = installation()
    with made.sits("root"):
        import_areas(table())
        region, city = area("150000"), area("150100")
        commerce = make_body(region, "自治区商务厅", department="commerce")
        other = make_body(region, "自治区审计机构", department="auditor")
        below = make_body(city, "市商务局", department="commerce")
        for key, name, body, role in (
            ("author", "乌云", commerce, "author"),
            ("second author", "娜仁", commerce, "author"),
            ("publisher", "巴图", commerce, "publisher"),
            ("reviewer", "苏和", commerce, "reviewer"),
            ("auditing reviewer", "萨仁", other, "reviewer"),
            ("auditor", "高娃", commerce, "auditor"),
            ("author below", "宝音", below, "author"),
            ("publisher below", "其其格", below, "publisher"),
        ):
            made.seats[key] = appoint(newcomer(name), body, body.area, role)
    return made


def becomes_publisher(made: Installation, root: psycopg.Connection, key: str = "author") -> None:
    """On a later day the author sits as a publisher; nobody holds both at once, so the test turns the seat over."""
    root.execute("ALTER TABLE bodies_seat DISABLE TRIGGER USER")
    root.execute("UPDATE bodies_seat SET role = 'publisher' WHERE id = %s", [made.seats[key].pk])
    root.execute("ALTER TABLE bodies_seat ENABLE TRIGGER USER")


def files(*edits: tuple[str, str, str], drop: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The tiny programme, with edits as ``tests.tiny`` has them."""
    texts = {name: text for name, text in FILES.items() if name not in drop}
    for name, old, new in (*STANDING, *edits):
        text = texts.get(name, "")
        assert old in text, (name, old)
        texts[name] = text.replace(old, new, 1) if old else text + new
    return {name: text.replace("CODE", CODE).encode() for name, text in texts.items()}


def packed(contents: dict[str, bytes], outer: str = "tiny/") -> bytes:
    """A ZIP of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(outer + name, data)
    return out.getvalue()


def imported(made: Installation, *edits: tuple[str, str, str], seat: str = "author") -> Version:
    """A version of the tiny programme, imported by the author."""
    with made.sits(seat):
        return import_at_once(packed(files(*edits)), "tiny.zip")


def jobs_done() -> int:
    """Does what waits for the worker, as it would: each job for whoever put it down, once; how many there were."""
    with acting(Who(role="jarlig_worker")), connection.cursor() as cursor:
        cursor.execute("SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        waiting = cursor.fetchall()
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    for number, name, said in waiting:
        args = json.loads(said) if isinstance(said, str) else said
        _do(JOBS[name], SimpleNamespace(job=SimpleNamespace(id=number)), **args)
    return len(waiting)


def in_force(made: Installation, *edits: tuple[str, str, str]) -> Programme:
    """The tiny programme with a version in force."""
    version = imported(made, *edits)
    with made.sits("publisher"):
        return put_in_force(Version.objects.get(pk=version.pk)).programme


def open_from(made: Installation, programme: Programme, begin: timedelta, end: timedelta, offer: str = "1a") -> Window:
    """A window that opens and closes so long from now."""
    with made.sits("publisher"):
        instant: datetime = now()
        return open_window(programme, offer, 2023, instant + begin, instant + end)
