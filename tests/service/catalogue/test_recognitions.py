"""The register of recognitions: by the body that the programme names, row by row, read by the engines."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date, timedelta

import pytest
from django.db import DatabaseError
from python_calamine import CalamineWorkbook
from tests.service.catalogue.office import in_force, office
from tests.service.meanwhile import twice_at_once

from jarlig.reference.uscc import organisation_check_character, uscc_check_character
from jarlig.service.audit.models import Act
from jarlig.service.bodies.models import Body
from jarlig.service.catalogue.acts.end_recognition import end_recognition
from jarlig.service.catalogue.acts.import_recognitions import COLUMNS, import_recognitions
from jarlig.service.catalogue.acts.recognise import recognise
from jarlig.service.catalogue.kinds import kinds
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Programme, Recognition, RecognitionImport
from jarlig.service.catalogue.queries import recognised
from jarlig.service.catalogue.sheets import read_sheet, write_sheet
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState

DAY = date(2024, 5, 10)
HEAD = [zh for zh, _en, _needed in COLUMNS.values()]


def code(number: int) -> str:
    """A well-formed code that no enterprise has."""
    organisation = f"EX{number:06d}"
    first = "91150000" + organisation + organisation_check_character(organisation)
    return first + uscc_check_character(first)


CODE = code(1)


def row(uscc: str = CODE, kind: str = "1a.level", value: str = "industry", dated: str = "2024-05-10",
        number: str = "", valid_until: str = "", subject: str = "") -> list[str]:  # fmt: skip
    return [uscc, kind, value, dated, number, valid_until, subject]


def test_kinds_are_the_facts_that_the_programme_leaves_to_a_body(db: None) -> None:
    made = office()
    in_force(made)
    with made.sits("reviewer"):
        found = kinds(programme_in_force("tiny"))
        assert {key: kind.department for key, kind in found.items()} == {
            "registered_at": "commerce", "1a.level": "commerce", "1a.newly_built": "auditor",
            "1a.recognised_on": "commerce", "2.score": "commerce",
        }  # fmt: skip


def test_a_recognition_stands_as_a_fact_that_the_engine_reads(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("reviewer"):
        recognise(programme, "2.score", CODE, "85", dated=DAY, number="厅发〔2024〕1号")
        recognise(programme, "registered_at", CODE, "150102", dated=DAY)
        facts = recognised(programme, CODE)
        assert facts == {"2": {"score": "85"}, "registered_at": "150102"}
        assert programme_in_force("tiny").determine("2", facts, on="2024-06-01").yuan == 300_000
        assert recognised(programme, CODE, DAY - timedelta(days=1)) == {} == recognised(programme, code(2))
    with made.sits("auditor"):
        assert Act.objects.filter(act="recognise").count() == 2


def test_a_recognition_holds_to_its_last_day_and_an_end_takes_it_from_that_day(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("reviewer"):
        one = recognise(programme, "1a.level", CODE, "regional", dated=DAY, valid_until=date(2025, 5, 9))
        assert recognised(programme, CODE, date(2025, 5, 9)) and not recognised(programme, CODE, date(2025, 5, 10))
        with pytest.raises(Invalid):
            end_recognition(one, " ")
        end_recognition(one, "taken back by the committee")
        assert recognised(programme, CODE, date(2025, 5, 9)) and Recognition.objects.get().ended_on == today()
        with pytest.raises(WrongState):
            end_recognition(one, "twice")
        recognise(programme, "1a.level", CODE, "industry", dated=DAY)
        assert recognised(programme, CODE) == {"1a": {"level": "industry"}}


def test_a_recognition_of_a_project_is_read_for_that_project_alone(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("reviewer"):
        recognise(programme, "1a.level", CODE, "regional", dated=DAY, subject="P1")
        assert recognised(programme, CODE, subject="P1") and not recognised(programme, CODE, subject="P2")


@pytest.mark.parametrize("seat", ["author", "publisher", "root", "auditor", "auditing reviewer"])
def test_only_the_body_that_the_programme_names_vouches(db: None, seat: str) -> None:
    made = office()
    programme = in_force(made)
    with pytest.raises(NotAllowed), made.sits(seat):
        recognise(programme, "1a.level", CODE, "industry", dated=DAY)
    with made.sits("reviewer"):
        one = recognise(programme, "1a.level", CODE, "industry", dated=DAY)
    with pytest.raises(NotAllowed), made.sits(seat):
        end_recognition(one, "no")
    with made.sits(seat):
        assert Recognition.objects.filter(pk=one.pk).update(state="ended") == 0
    with pytest.raises(DatabaseError, match="row-level security"), made.sits(seat):
        commerce = Body.objects.get(department="commerce", area__level="region")
        Recognition(programme=programme, kind="1a.level", uscc=code(9), value="x", body=commerce, dated=DAY).save(
            force_insert=True
        )


def test_what_one_body_leaves_to_another_that_one_may(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("auditing reviewer"):
        assert recognise(programme, "1a.newly_built", CODE, "true", dated=DAY).value == "true"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"uscc": CODE[:-1] + ("0" if CODE[-1] != "0" else "1")}, "uscc"),
        ({"uscc": CODE.lower()}, "uscc"),
        ({"uscc": "=HYPERLINK(1)"}, "uscc"),
        ({"value": "galactic"}, "value"),
        ({"dated": date(2199, 1, 1)}, "dated"),
        ({"valid_until": DAY - timedelta(days=1)}, "valid_until"),
        ({"number": "x" * 201}, "number"),
    ],
)
def test_what_cannot_stand_in_the_register_is_refused_at_its_field(
    db: None, given: dict[str, object], field: str
) -> None:
    made = office()
    programme = in_force(made)
    with pytest.raises(Invalid) as caught, made.sits("reviewer"):
        recognise(programme, "1a.level", **{"uscc": CODE, "value": "industry", "dated": DAY, **given})
    assert caught.value.field == field


def test_a_kind_that_there_is_not_and_a_second_of_the_same_are_refused(db: None) -> None:
    made = office()
    programme = in_force(made)
    for kind in ("1a.investment", "uscc", "x", ""):
        with pytest.raises(Missing), made.sits("reviewer"):
            recognise(programme, kind, CODE, "1", dated=DAY)
    with made.sits("reviewer"):
        recognise(programme, "1a.level", CODE, "industry", dated=DAY)
    with pytest.raises(WrongState), made.sits("reviewer"):
        recognise(programme, "1a.level", CODE, "regional", dated=DAY)


def test_a_sheet_is_answered_row_by_row(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("reviewer"):
        recognise(programme, "1a.level", code(3), "industry", dated=DAY)
        rows = [
            row(), row(value="regional"), row(code(2), "1a 级别", "行业级", "2024/05/10"),
            row(CODE[:-1] + ("0" if CODE[-1] != "0" else "1")), row(code(3)), row(code(4), "1a.levle"),
            row(code(4), "1a.newly_built", "是"), row(code(4), value="=1+1"), row(code(4), dated="soon"), [""] * 7,
            row(code(4), valid_until="2020-01-01"),
        ]  # fmt: skip
        done = import_recognitions(programme, write_sheet(HEAD, rows, "x"), "名单.xlsx")
        assert [answer["done"] for answer in done.rows] == [True, False, True] + [False] * 7
        said = [answer["en"] for answer in done.rows]
        assert "row 2" in said[1] and "position 18" in said[3] and "already" in said[4] and "1a.level" in said[5]
        assert "auditor" in said[6] and "=1+1" in said[7] and "2024-05-10" in said[8] and said[0] == ""
        assert done.rows[-1]["line"] == 12 and (done.done, done.skipped) == (2, 8)
        assert all(answer["zh"] for answer in done.rows if not answer["done"])
        assert recognised(programme, code(2)) == {"1a": {"level": "industry"}}
        assert Recognition.objects.filter(source=done).count() == 2
    with pytest.raises(WrongState), made.sits("reviewer"):
        import_recognitions(programme, write_sheet(HEAD, rows, "x"), "again.xlsx")


def test_a_sheet_without_a_column_and_a_file_that_is_none_are_refused(db: None) -> None:
    made = office()
    programme = in_force(made)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"a" * (100 << 20))
    for data in (write_sheet(HEAD[1:], [], "x"), b"uscc,kind", b"", b"PK\x03\x04", bomb.getvalue(),
                 write_sheet(HEAD, [], "x")[:-30]):  # fmt: skip
        with pytest.raises(Invalid) as caught, made.sits("reviewer"):
            import_recognitions(programme, data, "x.xlsx")
        assert caught.value.field == "sheet"
    with made.sits("reviewer"):
        assert not RecognitionImport.objects.exists()


def test_others_import_no_sheet(db: None) -> None:
    made = office()
    programme = in_force(made)
    for seat in ("author", "publisher", "auditor", "root"):
        with pytest.raises(NotAllowed), made.sits(seat):
            import_recognitions(programme, write_sheet(HEAD, [row()], "x"), "x.xlsx")


def test_ten_thousand_rows_are_answered_in_seconds(db: None) -> None:
    made = office()
    programme = in_force(made)
    rows = [row(code(number) if number % 10 else "bad", value="industry") for number in range(10_000)]
    sheet = write_sheet(HEAD, rows, "x")
    began = time.process_time()
    with made.sits("reviewer"):
        done = import_recognitions(programme, sheet, "x.xlsx")
    assert (done.done, done.skipped) == (9_000, 1_000)
    assert time.process_time() - began < 15


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "\t=1", "00123", "2024-05-10", "中文"]
)
def test_a_cell_that_goes_out_comes_back_as_the_same_text_and_no_formula(text: str) -> None:
    data = write_sheet(["a", "b"], [[text, "x"]], "s")
    assert read_sheet(data)[1][0] == text.strip()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_numbers_and_days_that_a_spreadsheet_made_of_texts_are_read_as_texts() -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_number(0, 0, 2024)
        sheet.write_number(0, 1, 0.5)
        sheet.write_boolean(0, 2, True)
        sheet.write_datetime(0, 3, date(2024, 5, 10), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert read_sheet(out.getvalue()) == [["2024", "0.5", "true", "2024-05-10"]]
    assert CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).sheet_names


def test_the_public_and_people_without_a_seat_read_no_register(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("reviewer"):
        recognise(programme, "1a.level", CODE, "industry", dated=DAY)
    with acting(Who(role="jarlig_person", person=made.seats["reviewer"].person_id)):
        assert not Recognition.objects.exists()
    with pytest.raises(DatabaseError, match="permission denied"), acting(Who(role="jarlig_public")):
        Recognition.objects.exists()
    with made.sits("auditor"):
        assert recognised(Programme.objects.get(), CODE)


def test_the_same_recognition_entered_twice_at_once_is_refused_in_words(own_db: str) -> None:
    made = office()
    one = in_force(made)
    second = twice_at_once(made, "reviewer", lambda: recognise(one, "1a.level", CODE, "industry", dated=DAY))
    assert isinstance(second, WrongState)
    with made.sits("reviewer"):
        assert Recognition.objects.count() == 1


def test_the_same_list_sent_twice_at_once_is_refused_in_words(own_db: str) -> None:
    made = office()
    one, data = in_force(made), write_sheet(HEAD, [row()], "x")
    second = twice_at_once(made, "reviewer", lambda: import_recognitions(one, data, "list.xlsx"))
    assert isinstance(second, WrongState)
    with made.sits("reviewer"):
        assert (RecognitionImport.objects.count(), Recognition.objects.count()) == (1, 1)
