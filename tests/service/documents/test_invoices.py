"""Invoices read in every layout in which they are issued, and what never is: a wrong guess, a fault, a picture."""

from __future__ import annotations

import io
import time
import tracemalloc
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given, settings as hypothesis, strategies as st
from tests.service.documents.issued import (
    ATTACHED,
    BUYER,
    NUMBER,
    OLDER_CODE,
    OLDER_NUMBER,
    PROPERTIES,
    SELLER,
    TAGGED,
    container,
    digital,
    older,
    page,
    tags,
)
from tests.service.documents.made import LAUGHS, pdf, png, xlsx, zipped

from jarlig.service.documents import store
from jarlig.service.documents.check import check
from jarlig.service.documents.invoices import MOST_ELEMENTS, MOST_XML, Invoice, invoice_of, read_invoice
from jarlig.service.documents.models import StoredFile
from jarlig.service.ground.errors import Invalid

DAY = date(2023, 5, 20)
WHOLE = Invoice(
    number=NUMBER, date=DAY, seller_uscc=SELLER, seller="示范设备有限公司", buyer_uscc=BUYER, buyer="示范物流有限公司",
    net=100_000, vat=13_000, total=113_000, blue=True,
)  # fmt: skip


def read(inside: bytes, kind: str = "xml") -> Invoice | None:
    """What is read of bytes that were taken as this kind."""
    check(io.BytesIO(inside), len(inside), f"a.{kind}")
    return read_invoice(io.BytesIO(inside), kind)


def surely(inside: bytes, kind: str = "xml") -> Invoice:
    found = read(inside, kind)
    assert found is not None
    return found


# layouts


def test_a_fully_digital_invoice_is_read_from_its_xml() -> None:
    found = surely(digital())
    assert found == WHOLE
    assert (found.key, found.red, found.adds_up) == (NUMBER, False, True)


def test_an_older_invoice_is_read_from_what_is_attached_to_its_ofd() -> None:
    found = surely(container(parts=ATTACHED), "ofd")
    assert found == replace(WHOLE, number=OLDER_NUMBER, code=OLDER_CODE, blue=None)
    assert found.key == f"{OLDER_CODE}-{OLDER_NUMBER}"


def test_a_digital_invoice_may_be_attached_as_well() -> None:
    assert surely(container(parts={"Doc_0/Attachs/einvoice.xml": digital()}), "ofd") == WHOLE


def test_properties_of_an_ofd_are_read_where_nothing_is_attached() -> None:
    found = surely(container(PROPERTIES), "ofd")
    assert found == Invoice(number=NUMBER, date=DAY, seller_uscc=SELLER, buyer_uscc=BUYER, net=100_000, vat=13_000)
    assert (found.total, found.adds_up, found.red) == (None, None, False)


def test_tags_are_followed_to_what_is_drawn_on_the_page() -> None:
    found = surely(container(parts=TAGGED), "ofd")
    assert found == Invoice(number=NUMBER, date=DAY, seller_uscc=SELLER, net=100_000, vat=13_000)


def test_a_page_is_not_searched_for_what_no_tag_points_at() -> None:
    assert read(container(parts={"Doc_0/Pages/Page_0/Content.xml": page(_1=NUMBER)}), "ofd") is None


def test_layouts_that_agree_say_more_together() -> None:
    both = surely(container({**PROPERTIES, "价税合计": "1130.00"}, TAGGED), "ofd")
    assert (both.total, both.disputed) == (113_000, frozenset())


def test_what_a_file_says_two_ways_is_not_believed_and_is_named() -> None:
    found = surely(container({**PROPERTIES, "合计金额": "9000.00"}, TAGGED), "ofd")
    assert (found.net, found.disputed, found.vat) == (None, {"net"}, 13_000)
    two = surely(
        container(parts={"Doc_0/Attachs/1.xml": older(), "Doc_0/Attachs/2.xml": older(number="87654321")}), "ofd"
    )
    assert (two.number, two.key, two.disputed) == (None, None, {"number"})


def test_the_day_of_the_request_stands_in_only_where_no_day_of_issue_is() -> None:
    assert surely(digital()).date == DAY
    assert surely(digital(day="")).date == date(2023, 5, 19)


# red ones


@pytest.mark.parametrize(("more", "red"), [
    ({"blue": "N"}, True), ({"net": "-1000.00", "vat": "-130.00", "total": "-1130.00", "blue": ""}, True),
    ({"blue": ""}, False), ({"net": "", "total": "", "blue": ""}, None), ({"net": "-1.00", "blue": "Y"}, True),
])  # fmt: skip
def test_a_red_invoice_is_known_by_its_label_or_its_sums(more: dict[str, str], red: bool | None) -> None:
    assert surely(digital(**more)).red is red


def test_sums_below_zero_are_read_with_their_sign() -> None:
    found = surely(digital(net="-1000.00", vat="-130.00", total="-1130.00", blue="N"))
    assert (found.net, found.vat, found.total, found.adds_up) == (-100_000, -13_000, -113_000, True)


def test_sums_that_do_not_add_up_are_told() -> None:
    assert surely(digital(total="1130.01")).adds_up is False


# what is no value


@pytest.mark.parametrize(("text", "fen"), [
    ("18.63", 1863), ("18.6", 1860), ("18", 1800), ("18.630", 1863), ("￥1,234.50", 123_450), ("１８．６３", 1863),
    ("18.635", None), ("***", None), ("1e5", None), ("--1", None), ("9" * 13, None), ("NaN", None), ("18,63元", None),
])  # fmt: skip
def test_a_sum_is_read_exactly_or_not_at_all(text: str, fen: int | None) -> None:
    assert surely(digital(net=text)).net == fen


@pytest.mark.parametrize(("text", "day"), [
    ("2023-05-20", DAY), ("2023年5月20日", DAY), ("20230520", DAY), ("20230520101112", DAY), ("20230520101112000", DAY),
    ("2023/05/20", DAY), ("2023-02-30", None), ("2023-5", None), ("20 May 2023", None), ("202305201", None),
    ("2023-05-201", None),
])  # fmt: skip
def test_a_day_is_read_or_not_at_all(text: str, day: date | None) -> None:
    assert surely(older(day=text)).date == day


@pytest.mark.parametrize("number", ["", "123", "A" * 20, "9" * 21, "2315200000000000000O"])
def test_what_is_no_number_is_not_known(number: str) -> None:
    found = surely(digital(number=number))
    assert (found.number, found.key) == (None, None)


def test_a_number_that_no_invoice_has_is_kept_and_has_no_key() -> None:
    found = surely(digital(number="00000000000000000001"))
    assert found.number is not None and found.key is None


def test_a_code_of_the_taxpayer_is_read_with_its_blanks_taken_out() -> None:
    assert surely(digital(seller=f" {SELLER[:8].lower()} {SELLER[8:]}")).seller_uscc == SELLER
    assert surely(digital(seller="个人")).seller_uscc is None


def test_lines_of_the_invoice_are_not_taken_for_its_sums() -> None:
    assert surely(digital(net="")).net is None


@pytest.mark.parametrize(("kind", "inside"), [
    ("xml", b"<a><InvoiceNo>12345678</InvoiceNo></a>"), ("xml", b"<EInvoice/>"), ("ofd", container()),
    ("ofd", container({"名称": "1"})), ("pdf", pdf()), ("png", png()), ("xlsx", xlsx()),
])  # fmt: skip
def test_another_paper_is_no_invoice(kind: str, inside: bytes) -> None:
    assert read(inside, kind) is None


# hostile ones


def _tall() -> bytes:
    return digital(before="").replace(b"<Header>", b"<a>" * 200 + b"</a>" * 200 + b"<Header>")


BAD: dict[str, tuple[str, bytes]] = {
    "a billion laughs": ("xml", LAUGHS),
    "an entity from elsewhere": ("xml", digital(before='<!DOCTYPE x [<!ENTITY a SYSTEM "file:/etc/passwd">]>')),
    "a declaration from elsewhere": ("xml", digital(before='<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">')),
    "a parameter entity": ("xml", digital(before='<!DOCTYPE x [<!ENTITY % a "b"> %a;]>')),
    "not closed": ("xml", digital()[:-12]),
    "nothing": ("xml", b""),
    "another encoding than it says": ("xml", digital().decode().encode("gb18030")),
    "an encoding that is none": ("xml", digital().replace(b"UTF-8", b"UTF-99")),
    "very deep": ("xml", _tall()),
    "ten megabytes": ("xml", digital().replace(b"<Header>", b"<x>" + b"1" * (10 << 20) + b"</x><Header>")),
    "too many elements": ("xml", digital().replace(b"<Header>", b"<x/>" * (MOST_ELEMENTS + 1) + b"<Header>")),
    "an ofd with laughs": ("ofd", container(parts={"Doc_0/Attachs/original_invoice.xml": LAUGHS})),
    "an ofd bomb": ("ofd", container(parts={"Doc_0/Attachs/a.xml": b"<a>" + b" " * (90 << 20) + b"</a>"})),
    "many bombs": ("ofd", container(parts={f"Attachs/{n}.xml": b"<a>" + b" " * (7 << 20) + b"</a>" for n in "abc"})),
    "half an ofd": ("ofd", container(PROPERTIES)[:150]),
    "too many parts": ("ofd", container(parts={f"Doc_0/{n}.xml": b"<a/>" for n in range(1001)})),
    "no archive": ("ofd", digital()),
}  # fmt: skip


@pytest.mark.parametrize("trick", BAD)
def test_a_hostile_invoice_is_refused_by_its_reader_too_quickly_and_in_little_memory(trick: str) -> None:
    kind, inside = BAD[trick]
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(Invalid):
            read_invoice(io.BytesIO(inside), kind)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 5


def test_a_path_upwards_is_a_name_and_nothing_else() -> None:
    assert read_invoice(io.BytesIO(container(parts={"../../etc/Attachs/original_invoice.xml": older()})), "ofd")


def test_an_invoice_as_large_as_is_read_is_read() -> None:
    head = digital()
    filled = head.replace(b"<Header>", b"<x>" + b"1" * (MOST_XML - len(head) - 7) + b"</x><Header>")
    assert len(filled) == MOST_XML
    assert surely(filled) == WHOLE


def test_tags_that_point_at_nothing_or_at_too_much_say_nothing() -> None:
    many = tags(InvoiceNo=" ".join(["7"] * 1000))
    parts = {**TAGGED, "Doc_0/Tags/CustomTag.xml": many}
    assert read(container(parts=parts), "ofd") is None


@hypothesis(max_examples=300, deadline=None)
@given(st.sampled_from(["xml", "properties", "attached", "tags"]), st.integers(0, 1 << 16), st.integers(0, 255))
def test_a_byte_turned_over_is_read_or_refused_and_never_a_fault(which: str, at: int, byte: int) -> None:
    whole = {"xml": digital(), "properties": container(PROPERTIES), "attached": container(parts=ATTACHED),
             "tags": container(parts=TAGGED)}[which]  # fmt: skip
    raw = bytearray(whole)
    raw[at % len(raw)] = byte
    kind = "xml" if which == "xml" else "ofd"
    try:
        found = read_invoice(io.BytesIO(bytes(raw)), kind)
    except Invalid:
        return
    assert found is None or isinstance(found, Invoice)


# what is stored


def test_the_invoice_of_a_stored_file_is_read_and_nothing_of_a_damaged_one_or_one_that_is_gone(tmp_path: Path) -> None:
    before, settings.FILES = settings.FILES, tmp_path
    try:
        sha256, _ = store.keep(io.BytesIO(digital()))
        assert invoice_of(StoredFile(sha256=sha256, kind="xml", state="clean")) == WHOLE
        assert invoice_of(StoredFile(sha256=sha256, kind="xml", state="refused")) is None
        assert invoice_of(StoredFile(sha256=sha256, kind="ofd", state="clean")) is None  # it is no archive
        assert invoice_of(StoredFile(sha256=sha256, kind="pdf", state="clean")) is None
        assert invoice_of(StoredFile(sha256="0" * 64, kind="xml", state="clean")) is None
        torn, _ = store.keep(io.BytesIO(zipped({"x.xml": b"<a>"})))
        assert invoice_of(StoredFile(sha256=torn, kind="ofd", state="clean")) is None
    finally:
        settings.FILES = before
