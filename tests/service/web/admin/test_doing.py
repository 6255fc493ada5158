"""Forms of the administration as a person without scripts sends them: done, refused at the field, led back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.service.bodies.staff import area, auditors, newcomer
from tests.service.people import Installation

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.make_deputy import make_deputy
from jarlig.service.bodies.models import Area, Body, CalendarYear, Deputy, Person, Seat, TextBlock
from jarlig.service.ground.clock import today

Officer = Callable[..., Client]
DAY = timedelta(days=1)
CSV = "日期,截止日期,类别\n2027-01-01,,放假\n2027-02-05,2027-02-11,放假\n2027-02-13,,上班\n"


def at(name: str, *parts: object) -> str:
    return reverse(f"admin-{name}", args=parts)


def done(client: Client, response: Any) -> str:
    """The page that a form led to, which says what was done."""
    assert response.status_code == 302, re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))[-900:]
    page = client.get(response["Location"])
    assert page.status_code == 200
    shown: str = page.content.decode()
    assert "Done: " in shown
    return shown


def refused(response: Any, *words: str) -> None:
    """A form that was not done: 422, with what is wrong at its field."""
    assert response.status_code == 422
    shown = response.content.decode()
    assert "There is a problem" in shown
    for word in words:
        assert word in shown


def test_the_divisions_are_imported_row_by_row(officer: Officer, made: Installation) -> None:
    client = officer("root")
    shown = client.post(at("area-import"), {}).content.decode()
    assert "鄂尔多斯市" in shown and "Added" in shown
    with made.sits("root"):
        assert Area.objects.filter(level="county").count() == 103


def test_a_filing_office_is_added_and_an_area_changed(officer: Officer, made: Installation) -> None:
    client = officer("saihan")
    with made.sits("saihan") as seat:
        key = seat.area_id
    shown = done(client, client.post(at("area-add", key), {"name_zh": "金桥经济技术开发区", "name_en": "Jinqiao"}))
    assert "Jinqiao" in shown
    refused(client.post(at("area-add", key), {"name_zh": "开发区", "division": "12"}), "6, 9 or 12 digits")
    refused(client.post(at("area-add", key), {}), "Fill in: Chinese name.")
    done(client, client.post(at("area-change", key), {"name_zh": "赛罕区", "name_en": "Saihan"}))
    assert "fiscal_parent" not in client.get(at("area-change", key)).content.decode()
    region = officer("root")
    with made.sits("root") as root:
        top = str(root.area_id)
    money = {"name_zh": "赛罕区", "fiscal_parent": top, "is_fiscal": "on"}
    done(region, region.post(at("area-change", key), money))
    with made.sits("root"):
        assert area("150000") == Area.objects.get(pk=key).fiscal_parent or Area.objects.get(pk=key).is_fiscal
    refused(
        region.post(at("area-change", key), {"name_zh": "赛罕区", "fiscal_parent": top}), "addressed by its treasury"
    )


def test_a_body_is_made_changed_and_closed(officer: Officer, made: Installation) -> None:
    client = officer("saihan")
    with made.sits("saihan") as seat:
        place, full = str(seat.area_id), seat.body_id
    form = {"area": place, "name_zh": "财政局", "department": "finance"}
    done(client, client.post(at("body-new"), form))
    refused(client.post(at("body-new"), form), "This area has a body of that name.")
    refused(client.post(at("body-new"), form | {"area": "x"}))
    with made.sits("saihan"):
        key = Body.objects.get(name_zh="财政局").pk
    done(client, client.post(at("body-change", key), {"name_zh": "赛罕区财政局"}))
    refused(client.post(at("body-change", key), {"name_zh": "x", "department": "财政"}), "the word that programmes use")
    assert "Closed" in done(client, client.post(at("body-close", key), {"reason": "合并"}))
    refused(client.post(at("body-close", full), {}), "3 seats are held there.")


def test_a_person_is_appointed_and_the_seat_ended(officer: Officer, made: Installation) -> None:
    with made.sits("saihan") as seat:
        body, place = str(seat.body_id), str(seat.area_id)
    client, person = officer("saihan"), str(made.seats["receiver"].person_id)
    assert f'value="{body}" selected' in client.get(at("appoint") + f"?body={body}").content.decode()
    form = {"person": person, "body": body, "area": place, "role": "reviewer"}
    shown = done(client, client.post(at("appoint"), form))
    assert "白音" in shown
    refused(client.post(at("appoint"), form), "holds this seat already")
    refused(client.post(at("appoint"), form | {"role": "approver"}), "whoever reviews does not decide")
    refused(client.post(at("appoint"), form | {"role": "king"}))
    refused(client.post(at("appoint"), form | {"role": "finance", "ends_on": "2000-01-01"}), "The last day lies before")
    with made.sits("saihan"):
        key = Seat.objects.get(person=person, role="reviewer").pk
    refused(client.post(at("seat-end", key), {"on": "2000-01-01"}), "The last day is past.")
    assert "Ended" in done(client, client.post(at("seat-end", key), {"reason": "调动"}))


def test_a_deputy_is_named_by_an_administrator_and_by_the_holder(officer: Officer, made: Installation) -> None:
    seat, day = made.seats["reviewer"], today_of(made)
    client = officer("reviewer")
    form = {"starts_on": str(day), "ends_on": str(day + DAY), "reason": "休假"}
    shown = client.get(at("deputy-new", seat.pk)).content.decode()
    assert "白音" in shown and "其其格" not in shown
    colleague = str(made.seats["receiver"].person_id)
    shown = done(client, client.post(at("deputy-new", seat.pk), form | {"person": colleague}))
    assert "白音" in shown
    with made.sits("reviewer"):
        key = Deputy.objects.get().pk
    assert officer("receiver").post(at("deputy-end", key), {}).status_code == 403
    done(client, client.post(at("deputy-end", key), {"reason": "提前返岗"}))
    administrator = officer("saihan")
    refused(
        administrator.post(at("deputy-new", seat.pk), form | {"person": colleague, "reason": ""}), "Fill in: Reason."
    )
    refused(
        administrator.post(at("deputy-new", seat.pk), form | {"person": colleague, "ends_on": "2000-01-01"}), "is past"
    )
    done(administrator, administrator.post(at("deputy-new", seat.pk), form | {"person": colleague}))


def today_of(made: Installation) -> Any:
    with made.sits("root"):
        return today()


def test_an_administrator_leaves_by_themself_and_is_signed_out(officer: Officer, made: Installation) -> None:
    client, key = officer("saihan"), made.seats["saihan"].person_id
    answer = client.post(at("leave", key), {"reason": "退休"}, follow=True)
    assert answer.status_code == 200 and "saihan" not in answer.content.decode()
    assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value
    with made.sits("root"):
        assert Person.objects.get(pk=key).state == "left"


def test_a_person_leaves_is_signed_out_and_comes_back(officer: Officer, made: Installation) -> None:
    reviewer, client = officer("reviewer"), officer("saihan")
    key = made.seats["reviewer"].person_id
    assert reviewer.get(at("my-seat")).status_code == 200
    assert "Left" in done(client, client.post(at("leave", key), {"reason": "退休"}))
    assert reviewer.get(at("my-seat")).status_code == 302
    refused(client.post(at("leave", key), {}), "has left")
    assert "Active" in done(client, client.post(at("come-back", key), {}))
    with made.sits("root"):
        assert Person.objects.get(pk=key).state == "active"
        reason = Act.objects.get(act="leave").data
        assert "退休" in bytes(reason).decode()


def test_a_newcomer_of_a_third_party_is_appointed_and_their_claims_changed(
    officer: Officer, made: Installation
) -> None:
    firm = auditors(made)
    with made.sits("root") as root:
        person, place, day = str(newcomer("审计员").pk), str(root.area_id), today()
    client = officer("root")
    form = {"person": person, "body": str(firm.pk), "area": place, "role": "third_party"}
    refused(client.post(at("appoint"), form), "names its contract")
    last = {"contract": "合同1号", "ends_on": str(day + 90 * DAY), "claims": "a\n"}
    shown = done(client, client.post(at("appoint"), form | last))
    assert "合同1号" in shown
    with made.sits("root"):
        seat = Seat.objects.get(person=person)
    assert "b, c" in done(client, client.post(at("seat-claims", seat.pk), {"claims": "c\n b \n\n"}))
    refused(client.post(at("seat-claims", made.seats["reviewer"].pk), {"claims": "a"}), "Only a third party")


def test_a_calendar_is_shown_imported_and_put_in_force_by_a_second_person(officer: Officer, made: Installation) -> None:
    client, second = officer("root"), officer("second")
    form = {"year": "2027", "source": "国办发明电〔2026〕号", "origin": "file"}
    refused(client.post(at("calendar-import"), form), "Choose the file.")
    bad = SimpleUploadedFile("c.csv", (CSV + "2028-01-01,,放假\n").encode())
    shown = client.post(at("calendar-import"), form | {"file": bad}).content.decode()
    assert "It does not lie in 2027." in shown and 'name="days"' not in shown
    refused(
        client.post(at("calendar-import"), form | {"file": SimpleUploadedFile("c.xlsx", b"PK\x03\x04x")}),
        "cannot be read",
    )
    good = SimpleUploadedFile("c.csv", CSV.encode("gb18030"))
    shown = client.post(at("calendar-import"), form | {"file": good}).content.decode()
    with made.sits("root"):
        assert not CalendarYear.objects.exists()
    days = re.search(r'name="days" value="([^"]+)"', shown)
    assert days
    again = {"year": "2027", "source": form["source"], "days": days[1]}
    assert "2027" in done(client, client.post(at("calendar-import"), again))
    with made.sits("root"):
        draft = CalendarYear.objects.get()
        assert draft.state == "draft" and len(draft.work_days) == 1
    assert client.post(at("calendar-in-force", draft.pk), {}).status_code == 403
    assert "In force" in done(second, second.post(at("calendar-in-force", draft.pk), {}))
    refused(second.post(at("calendar-in-force", draft.pk), {}), "no draft any more")
    refused(client.post(at("calendar-import"), again | {"days": "nonsense"}))


def test_a_calendar_comes_from_the_shipped_table_too(officer: Officer, made: Installation) -> None:
    client = officer("root")
    form = {"year": "2026", "source": "x", "origin": "reference"}
    shown = client.post(at("calendar-import"), form).content.decode()
    days = re.search(r'name="days" value="([^"]+)"', shown)
    assert days
    done(client, client.post(at("calendar-import"), {"year": "2026", "source": "x", "days": days[1]}))
    refused(client.post(at("calendar-import"), form | {"year": "2099"}), "not 2099")
    with made.sits("root"):
        draft = CalendarYear.objects.get()
    assert "Discarded" in done(client, client.post(at("calendar-discard", draft.pk), {"reason": "重复"}))


def test_a_text_is_written_and_put_in_force_by_a_second_person(officer: Officer, made: Installation) -> None:
    client, second = officer("root"), officer("second")
    write = at("text-write", "letter.invitation", "zh-hans")
    refused(client.post(write, {"body": "你好{nam}"}), "Line 1, character 3", "{nam}")
    refused(client.post(write, {"body": ""}))
    shown = done(client, client.post(write, {"body": "{name}：\r\n请登录{link}"}))
    assert "〔" not in shown and "乌兰" in shown
    with made.sits("root"):
        draft = TextBlock.objects.get()
    assert client.post(at("text-in-force", draft.pk), {}).status_code == 403
    done(second, second.post(at("text-in-force", draft.pk), {}))
    done(second, second.post(write, {"body": "{name}"}))
    with made.sits("root"):
        later = TextBlock.objects.get(version=2)
    done(client, client.post(at("text-discard", later.pk), {}))


def test_every_form_wants_its_token(made: Installation, officer: Officer) -> None:
    client = officer("root")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(at("body-new"), {}).status_code == 403
    assert strict.post(at("area-import"), {}).status_code == 403


def test_an_unnecessary_deputy_is_named_by_nobody_else(made: Installation, officer: Officer) -> None:
    seat = made.seats["reviewer"]
    with made.sits("saihan"):
        make_deputy(seat, newcomer("甲"), starts_on=today(), ends_on=today(), reason="x")
    for name in ("xincheng", "receiver"):
        assert officer(name).get(at("deputy-new", seat.pk)).status_code in (403, 404)
