"""Search of the acts: what the seat may see, each with its exact bytes; exports in which nothing runs."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings, strategies as st
from python_calamine import CalamineWorkbook
from tests.service.bodies.staff import area, staffed

from jarlig.service.audit.models import Act
from jarlig.service.audit.order import put_in_order
from jarlig.service.audit.tree import leaf_hash
from jarlig.service.bodies import log
from jarlig.service.bodies.acts.change_body import change_body
from jarlig.service.bodies.exports import as_json, as_xlsx, harmless
from jarlig.service.bodies.log import Wanted, evidence, exported, lines, search_acts
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Missing, NotAllowed


def test_the_region_finds_all_acts_and_a_banner_those_of_its_own(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        everything = search_acts(Wanted()).count()
        assert everything == Act.objects.count() > 10
    with made.sits("saihan") as seat:
        own = list(search_acts(Wanted()))
        assert own and len(own) < everything
        assert all(act.area.startswith(seat.area.path) or act.person == seat.person_id for act in own)
    with made.sits("xincheng"):
        ids = {act.pk for act in search_acts(Wanted())}
    assert not ids & {act.pk for act in own}


def test_acts_are_found_by_person_act_thing_area_day_and_id(db: None) -> None:
    made = staffed()
    with made.sits("auditor"):
        by_person = search_acts(Wanted(person="saihan的管"))
        assert {act.act for act in by_person} == {"invite", "appoint"} and by_person.count() == 4
        assert {act.act for act in search_acts(Wanted(act="make_body"))} == {"make_body"}
        assert {act.thing for act in search_acts(Wanted(thing="bodies.area"))} == {"bodies.area"}
        one = search_acts(Wanted(act="make_body")).first()
        assert one is not None
        assert list(search_acts(Wanted(text=f" {one.pk} "))) == [one]
        assert one in search_acts(Wanted(text=one.thing_id))
        assert search_acts(Wanted(person=str(made.seats["saihan"].person_id))).count() == 4
        assert not search_acts(Wanted(person="没有此人")).exists()
        banner = search_acts(Wanted(area="赛罕区"))
        for text in ("150105", "saihan district", str(area("150105").pk)):
            assert list(search_acts(Wanted(area=text))) == list(banner)
        assert banner.exists() and all(area("150105").path in act.area for act in banner)
        assert search_acts(Wanted(since=today(), until=today())).count() == search_acts(Wanted()).count()
        assert not search_acts(Wanted(since=today() + timedelta(days=1))).exists()
        assert not search_acts(Wanted(until=date(2000, 1, 1))).exists()
        assert not search_acts(Wanted(area=str(uuid4()))).exists()
        assert not search_acts(Wanted(text="' OR 1=1 --")).exists()


@pytest.mark.parametrize("name", ["reviewer", "receiver"])
def test_only_administrators_and_auditors_search(db: None, name: str) -> None:
    made = staffed()
    with made.sits("root"):
        one = search_acts(Wanted(act="import_areas")).first()
        assert one is not None
    with made.sits(name):
        with pytest.raises(NotAllowed):
            search_acts(Wanted())
        with pytest.raises(NotAllowed):
            evidence(one.pk)
        assert not Act.objects.filter(act="import_areas").exists()


def test_an_act_shows_its_bytes_its_hash_and_its_number(db: None) -> None:
    made = staffed()
    with made.sits("root") as root:
        change_body(root.body, name_en="<script>alert(1)</script>")
        act = search_acts(Wanted(act="change_body")).get()
        before = evidence(act.pk)
        assert before.number is None and before.in_order is None
    with acting(Who(role="jarlig_worker")):
        put_in_order()
    with made.sits("auditor"):
        shown = evidence(str(act.pk))
        assert shown.number is not None and shown.in_order is True
        assert shown.hash == leaf_hash(shown.data).hex()
        assert json.loads(shown.pretty) == json.loads(shown.data) == shown.said
        assert list(search_acts(Wanted(text=str(shown.number)))) == [act]
        assert shown.line.title != "change_body" and shown.line.person == "那仁"
    with made.sits("saihan"):
        for key in (act.pk, "nonsense", uuid4()):
            with pytest.raises(Missing):
                evidence(key)


def test_a_hundred_acts_are_told_with_few_questions(db: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    made = staffed()
    with made.sits("root") as root:
        for number in range(100):
            change_body(root.body, name_en=f"x{number}")
        with CaptureQueriesContext(connection) as asked:
            told = lines(search_acts(Wanted())[:100])
        assert len(told) == 100 and len(asked) <= 6
        assert {one.person for one in told} == {"那仁"}


def test_a_list_or_an_export_reads_no_bytes_of_acts_and_knows_when_it_is_cut(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    made = staffed()
    with made.sits("root"):
        count = search_acts(Wanted()).count()
        for most, cut in ((count - 1, True), (count, False)):
            monkeypatch.setattr(log, "MOST_EXPORTED", most)
            with CaptureQueriesContext(connection) as asked:
                told, is_cut = exported(Wanted())
            assert (len(told), is_cut) == (most, cut)
            assert not [one for one in asked if '"audit_act"."data"' in one["sql"]]


def test_a_person_of_another_office_is_not_named(db: None) -> None:
    made = staffed()
    with made.sits("saihan"):
        told = lines(search_acts(Wanted(act="make_body")))
        assert told and all("那仁" not in one.person for one in told)


_risky = st.text(alphabet="=+-@＝＋－＠\t\r\n \u00a0\u3000'abc,\"", max_size=12)


@settings(max_examples=1000, deadline=None)
@given(_risky)
def test_no_text_begins_as_a_formula(text: str) -> None:
    shown = harmless(text)
    assert shown in (text, f"'{text}")
    assert not shown.lstrip(" \u00a0\u3000\t\r\n").startswith(tuple("=+-@＝＋－＠")) or shown == ""


def test_a_sheet_has_texts_and_no_formulas() -> None:
    hostile = [
        '=HYPERLINK("http://x","y")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "http://example.org",
        "{=1}",
        "007",
        "",
    ]
    made = as_xlsx(["名"], [[text] for text in hostile])
    import zipfile

    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet.lower()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [harmless(text) for text in hostile][: len(rows) - 1]


def test_json_says_the_same() -> None:
    assert json.loads(as_json(["a", "b", "c"], [["=1", 2, None]])) == [{"a": "=1", "b": 2, "c": None}]
