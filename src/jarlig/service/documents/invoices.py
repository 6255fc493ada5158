"""Electronic invoices (电子发票) as the tax service issues them: read from OFD and XML, never from a picture.

Four layouts are read, and what two of them in one file say differently is not believed:

- the XML of the fully digital invoice (数电票), root ``EInvoice``: ``TaxSupervisionInfo``, ``EInvoiceData`` and the
  label ``InIssuType``, which is N of a red one; no standard of it is published: the names are those of issued files;
- the invoice attached to an OFD, root ``eInvoice``, ``original_invoice.xml``: ``InvoiceCode``, ``InvoiceNo``,
  ``IssueDate``, ``Seller``, ``Buyer`` and three sums; State Taxation Administration, announcement 2020 No. 1;
- the properties of an OFD (GB/T 33190-2016, ``CustomData`` of ``OFD.xml``), named in Chinese;
- the tags of an OFD (as above, ``CustomTags``), which point at texts drawn on its pages.

No seal is verified here: that an invoice exists and is not void only the tax service says. A PDF or a picture of an
invoice is read by a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import IO
from zipfile import ZipFile

from jarlig.ladder.numbers import NumberError, parse_scaled
from jarlig.reference import BadCode, check_invoice, check_invoice_parts
from jarlig.service.documents import store
from jarlig.service.documents.kinds.archives import MOST_ENTRIES, opened
from jarlig.service.documents.kinds.inside import broken, too_much
from jarlig.service.documents.kinds.texts import Element, read_xml
from jarlig.service.documents.models import StoredFile
from jarlig.service.ground.errors import Invalid, Missing

#: What is read of one XML, of all parts of one OFD, and how many elements one of them has at most.
MOST_XML, MOST_OFD, MOST_ELEMENTS = 8 << 20, 16 << 20, 100_000
#: Kinds of stored files in which an invoice can be read.
READ = ("ofd", "xml")


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as its file says it: sums in fen, None where it says nothing.

    ``disputed`` names the fields of which the file says two things; they are None.
    """

    number: str | None = None
    code: str | None = None  # none of a fully digital invoice
    date: date | None = None
    seller_uscc: str | None = None
    seller: str | None = None
    buyer_uscc: str | None = None
    buyer: str | None = None
    net: int | None = None
    vat: int | None = None
    total: int | None = None
    blue: bool | None = None  # how the file calls itself: blue (蓝字) or not
    disputed: frozenset[str] = frozenset()

    @property
    def key(self) -> str | None:
        """The one text that stands for this invoice, as in ``jarlig.reference``; None when its number is none."""
        with suppress(BadCode):
            if self.number is not None:
                return (check_invoice_parts(self.code, self.number) if self.code else check_invoice(self.number)).key
        return None

    @property
    def red(self) -> bool | None:
        """Whether it reverses another (红字发票): it says so, or its sums are below zero."""
        sums = [one for one in (self.net, self.total) if one is not None]
        if self.blue is False or any(one < 0 for one in sums):
            return True
        return False if self.blue or sums else None

    @property
    def adds_up(self) -> bool | None:
        """Whether net and tax are the total; None when one of them is not known."""
        if self.net is None or self.vat is None or self.total is None:
            return None
        return self.net + self.vat == self.total


def invoice_of(file: StoredFile) -> Invoice | None:
    """The invoice in a stored file; None where none is read in it, be it a picture, another paper or damaged."""
    if file.kind not in READ or file.state == "refused":
        return None
    with suppress(Invalid, Missing), store.bytes_of(file.sha256) as source:
        return read_invoice(source, file.kind)
    return None


def read_invoice(source: IO[bytes], kind: str) -> Invoice | None:
    """The invoice in these bytes; None when it is another kind of file, or has none of the layouts.

    Raises:
        Invalid: for bytes that are damaged, unfold into too much, or declare what XML of an invoice never does.
    """
    said = _Said()
    if kind == "xml":
        _xml(source, said.hears)
    elif kind == "ofd":
        with opened(source) as archive:
            _ofd(archive, said)
    return said.invoice()


# What each layout calls a field: its own name first, what stands in for it when that is missing second.

_DIGITAL = {
    "TaxSupervisionInfo/InvoiceNumber": ("number", 0),
    "Header/EIid": ("number", 0),
    "TaxSupervisionInfo/IssueTime": ("date", 0),
    "EInvoiceData/BasicInformation/RequestTime": ("date", 1),
    "EInvoiceData/SellerInformation/SellerIdNum": ("seller_uscc", 0),
    "EInvoiceData/SellerInformation/SellerName": ("seller", 0),
    "EInvoiceData/BuyerInformation/BuyerIdNum": ("buyer_uscc", 0),
    "EInvoiceData/BuyerInformation/BuyerName": ("buyer", 0),
    "EInvoiceData/BasicInformation/TotalAmWithoutTax": ("net", 0),
    "EInvoiceData/BasicInformation/TotalTaxAm": ("vat", 0),
    "EInvoiceData/BasicInformation/TotalTax-includedAmount": ("total", 0),
    "Header/InherentLabel/InIssuType/LabelCode": ("blue", 0),
}
_OLDER = {
    "InvoiceCode": ("code", 0),
    "InvoiceNo": ("number", 0),
    "IssueDate": ("date", 0),
    "Seller/SellerTaxID": ("seller_uscc", 0),
    "Seller/SellerName": ("seller", 0),
    "Buyer/BuyerTaxID": ("buyer_uscc", 0),
    "Buyer/BuyerName": ("buyer", 0),
    "TaxExclusiveTotalAmount": ("net", 0),
    "TaxTotalAmount": ("vat", 0),
    "TaxInclusiveTotalAmount": ("total", 0),
}
_LAYOUTS = {"EInvoice": _DIGITAL, "eInvoice": _OLDER}
_PROPERTIES = {
    "发票代码": "code", "发票号码": "number", "开票日期": "date",
    "销售方纳税人识别号": "seller_uscc", "销售方名称": "seller",
    "购买方纳税人识别号": "buyer_uscc", "购买方名称": "buyer",
    "合计金额": "net", "合计税额": "vat", "价税合计": "total",
}  # fmt: skip
_PROPERTY = ["OFD", "DocBody", "DocInfo", "CustomDatas", "CustomData"]


@dataclass
class _Said:
    """Everything that a file says of an invoice, by field, and where it only points at a text of a page."""

    values: dict[tuple[str, int], set[object]] = field(default_factory=dict)
    points: list[tuple[tuple[str, int], str]] = field(default_factory=list)  # to drawn texts, in their order
    drawn: dict[str, str] = field(default_factory=dict)

    def hears(self, within: list[Element], text: str) -> None:
        """A text of an invoice in XML, or a tag that points at one."""
        names = [name for name, _ in within]
        points = names[-1] == "ObjectRef"
        layout = _LAYOUTS.get(names[0], {})
        what = layout.get("/".join(names[1 : -1 if points or names[-1] == "ObjectData" else None]))
        if what is None:
            return
        if points:
            self.points.append((what, text))
        else:
            self.takes(what, text)

    def hears_property(self, within: list[Element], text: str) -> None:
        """A text of the first part of an OFD."""
        what = _PROPERTIES.get(within[-1][1].get("Name", ""))
        if what is not None and [name for name, _ in within] == _PROPERTY:
            self.takes((what, 0), text)

    def hears_drawn(self, within: list[Element], text: str) -> None:
        """A text that is drawn on a page."""
        if len(within) > 1 and within[-1][0] == "TextCode" and within[-2][0] == "TextObject":
            identity = within[-2][1].get("ID", "")
            self.drawn[identity] = self.drawn.get(identity, "") + text

    def follows(self) -> None:
        """What tags point at becomes what they say; a text in several pieces is put together."""
        pieces: dict[tuple[str, int], str] = {}
        for what, identity in self.points:
            pieces[what] = pieces.get(what, "") + self.drawn.get(identity, "")
        for what, text in pieces.items():
            self.takes(what, text)

    def takes(self, what: tuple[str, int], text: str) -> None:
        """One value, if it is one."""
        value = _READERS[what[0]](unicodedata.normalize("NFKC", text).strip())
        if value is not None:
            self.values.setdefault(what, set()).add(value)

    def invoice(self) -> Invoice | None:
        """What it comes to; None when nothing was said."""
        if not self.values:
            return None
        sure: dict[str, object] = {}
        disputed: set[str] = set()
        for (name, _rank), values in sorted(self.values.items(), key=lambda one: one[0]):
            if name in sure or name in disputed:
                continue
            if len(values) > 1:
                disputed.add(name)
            else:
                (sure[name],) = values
        return Invoice(**sure, disputed=frozenset(disputed))  # type: ignore[arg-type]  # each is what its reader gives


# The container --------------------------------------------------------------------------------------------------------


def _ofd(archive: ZipFile, said: _Said) -> None:
    """First what is attached and said, then what tags point at; pages are read only where a tag points at them."""
    names = archive.namelist()
    if len(names) > MOST_ENTRIES:
        raise too_much()
    left = MOST_OFD

    def reads(wanted: Callable[[list[str]], bool], told: Callable[[list[Element], str], None]) -> None:
        nonlocal left
        for name in names:
            if name.lower().endswith(".xml") and wanted(name.split("/")):
                with archive.open(name) as part:
                    inside = part.read(min(left, MOST_XML) + 1)
                left -= len(inside)
                if left < 0:
                    raise too_much()
                _xml(BytesIO(inside), told)

    reads(lambda parts: parts == ["OFD.xml"], said.hears_property)
    reads(lambda parts: "Attachs" in parts or parts[-1] == "original_invoice.xml", said.hears)
    reads(lambda parts: "Tags" in parts, said.hears)
    if said.points:
        reads(lambda parts: "Pages" in parts and parts[-1] == "Content.xml", said.hears_drawn)
        said.follows()


def _xml(source: IO[bytes], told: Callable[[list[Element], str], None]) -> None:
    inside = source.read(MOST_XML + 1)
    if len(inside) > MOST_XML:
        raise too_much()
    if not inside:
        raise broken()
    read_xml(BytesIO(inside), most=MOST_ELEMENTS, told=told)


# Values ---------------------------------------------------------------------------------------------------------------

_SUM = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?").fullmatch
_CODE = re.compile(r"[0-9]{8}|[0-9]{10}|[0-9]{12}").fullmatch
_NUMBER = re.compile(r"[0-9]{8}|[0-9]{10}|[0-9]{20}").fullmatch
_TAXPAYER = re.compile(r"[0-9A-Z]{15,20}").fullmatch
_DAY = re.compile(r"([0-9]{4})\s*[年./-]\s*([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})(?![0-9])").match
_DAY_IN_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6,9})?").fullmatch


def _digits(form: Callable[[str], re.Match[str] | None]) -> Callable[[str], str | None]:
    return lambda text: text if form(text) else None


def _taxpayer(text: str) -> str | None:
    tidy = re.sub(r"\s", "", text).upper()
    return tidy if _TAXPAYER(tidy) else None


def _sum(text: str) -> int | None:
    tidy = re.sub(r"[¥,\s]", "", text)
    with suppress(NumberError):
        if _SUM(tidy):
            return parse_scaled(tidy, 2)
    return None


def _day(text: str) -> date | None:
    found = _DAY(text) or _DAY_IN_DIGITS(text)
    with suppress(ValueError):
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    return None


def _blue(text: str) -> bool | None:
    return {"Y": True, "N": False}.get(text)


def _name(text: str) -> str | None:
    return text or None


_READERS: dict[str, Callable[[str], object]] = {
    "number": _digits(_NUMBER), "code": _digits(_CODE), "date": _day, "seller_uscc": _taxpayer, "seller": _name,
    "buyer_uscc": _taxpayer, "buyer": _name, "net": _sum, "vat": _sum, "total": _sum, "blue": _blue,
}  # fmt: skip
