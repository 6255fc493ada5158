"""A row beside its invoice (票表比对): which column is what by its kind alone, and what the two say differently.

A difference is a finding: a person judges it with a reason, and nothing is refused for it. Kinds say which column holds
the number of the invoice and the code of who issued it. Which of several days or sums is the invoice's they do not say:
what agrees with the invoice agrees, what agrees with none of its sums differs, and the rest cannot be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jarlig.ladder.kinds import CNY, Code, Date, Number, Rows
from jarlig.ladder.numbers import NumberError, format_scaled
from jarlig.policy.model import FactDef
from jarlig.policy.values import converter
from jarlig.service.applications.models import Evidence
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.documents.invoices import Invoice, invoice_of
from jarlig.words.canonical import canonical

DIFFERS, UNSURE = "differs", "unsure"
#: How many decimals sums of money have.
_SCALE = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a list by what they are of an invoice; empty where the list has none or the data do not tell."""

    number: str
    issuer: str
    days: tuple[str, ...]
    sums: tuple[str, ...]
    reverses: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a row and its invoice do not say the same (票表差异), or where that cannot be told."""

    what: str  # number, seller, date, sum, buyer, red, adds_up, disputed
    state: str  # differs or unsure
    column: FactDef | None = None
    on_invoice: str = ""
    in_row: str = ""

    @property
    def title(self) -> str:
        """What it is about: the column by the programme's word, else a word of ours."""
        if self.column is not None:
            return self.column.title.zh if is_chinese() else self.column.title.en
        words = {
            "number": _("number of the invoice"), "code": _("code of the invoice"), "date": _("date of the invoice"),
            "seller_uscc": _("code of the seller"), "seller": _("name of the seller"), "sum": _("sums of the invoice"),
            "buyer_uscc": _("code of the buyer"), "buyer": _("name of the buyer"), "net": _("sum without tax"),
            "vat": _("amount of tax"), "total": _("sum with tax"), "red": _("red invoice"),
            "adds_up": _("sums of the invoice"), "blue": _("red invoice"),
        }  # fmt: skip
        return words[self.what]

    def __str__(self) -> str:
        said = {"title": self.title, "invoice": self.on_invoice, "row": self.in_row}
        if self.what == "red":
            if self.on_invoice:
                return _("The invoice is a red one, but the row does not say which invoice it reverses.")
            return _("The row reverses another invoice, but this invoice is not a red one.")
        if self.what == "adds_up":
            return _("On the invoice, the sum without tax and the tax are not the sum with tax (%(invoice)s).") % said
        if self.what == "buyer":
            return _("The invoice is issued to %(invoice)s, not to the applicant (%(row)s).") % said
        if self.state == DIFFERS:
            return _("%(title)s: the invoice says %(invoice)s, the row says %(row)s.") % said
        if not self.on_invoice:
            return _("%(title)s cannot be compared: the invoice file does not say it, or says two things.") % said
        if not self.in_row:
            return _("%(title)s cannot be compared: the row does not say it; the invoice says %(invoice)s.") % said
        return _("%(title)s cannot be compared: the invoice says %(invoice)s, the row says %(row)s, and the rules"
                 " do not tell whether they are the same thing.") % said  # fmt: skip


def columns_of(definition: FactDef) -> Columns | None:
    """Which columns of a list are what of an invoice; None when none holds the number of one.

    Of several numbers or codes the one counts that tells the rows apart; the column that names the reversed invoice is
    not the row's own.
    """
    kind = definition.kind
    if not isinstance(kind, Rows):
        return None
    own = [(name, one) for name, one in kind.columns if name != kind.reverses]
    number = _one([name for name, one in own if isinstance(one, Code) and one.form == "invoice"], kind.key)
    if not number:
        return None
    return Columns(
        number,
        _one([name for name, one in own if isinstance(one, Code) and one.form == "uscc"], kind.key),
        tuple(name for name, one in own if isinstance(one, Date)),
        tuple(name for name, one in own if isinstance(one, Number) and one.unit == CNY and one.scale == _SCALE),
        kind.reverses,
    )


def row_key_of(definition: FactDef, cells: Mapping[str, str]) -> str:
    """How a piece of evidence names the row that it shows: the values that tell rows apart, as the rules read them.

    Empty when one of them is not known: such a row cannot be named.
    """
    kind = definition.kind
    assert isinstance(kind, Rows)
    values = [_value(definition, name, cells) for name in kind.key]
    if not values or any(value is None for value in values):
        return ""
    return canonical([str(value) for value in values]).decode()


def compare(invoice: Invoice, definition: FactDef, cells: Mapping[str, str], buyer: str = "") -> list[Difference]:
    """What a row and its invoice say differently, in the order number, seller, dates, sums; empty when nothing.

    Args:
        invoice: as its file says it.
        definition: of the list.
        cells: of the row, as a file of facts spells them.
        buyer: the applicant's code, to whom the invoice should be issued; empty when that is not asked.
    """
    which = columns_of(definition)
    if which is None:
        return []
    row = {name: _value(definition, name, cells) for name in definition.columns}
    at = definition.columns
    found = [
        *_same("number", at[which.number], invoice.key, row[which.number]),
        *(_same("seller", at[which.issuer], invoice.seller_uscc, row[which.issuer]) if which.issuer else ()),
        *_dates(invoice, [(at[name], row[name]) for name in which.days]),
        *_sums(invoice, [(at[name], row[name]) for name in which.sums]),
    ]
    if buyer and invoice.buyer_uscc and invoice.buyer_uscc != buyer:
        found.append(Difference("buyer", DIFFERS, None, invoice.buyer_uscc, buyer))
    if which.reverses and invoice.red is not None:
        reverses = cells.get(which.reverses, "none") not in ("", "none")
        if invoice.red is not reverses:
            found.append(Difference("red", DIFFERS, None, "red" if invoice.red else "", "red" if reverses else ""))
    if invoice.adds_up is False:
        sums = (_yuan(one) for one in (invoice.net, invoice.vat, invoice.total) if one is not None)
        found.append(Difference("adds_up", DIFFERS, None, ", ".join(sums)))
    return found + [Difference(name, UNSURE) for name in sorted(invoice.disputed)]


@dataclass(frozen=True, slots=True)
class Beside:
    """A document in which an invoice was read, the row that it shows (counted from 0), and what they say differently.

    ``position`` is None when the row that the document names, or one of the invoice's number, is not there.
    """

    evidence: Evidence
    invoice: Invoice
    fact: str
    position: int | None
    differences: tuple[Difference, ...]


def beside_rows(
    evidence: Iterable[Evidence], lists: Mapping[str, FactDef], stated: Mapping[str, Any], buyer: str = ""
) -> list[Beside]:
    """Every document in which an invoice can be read, beside its row.

    A document that names no row stands beside the one that has its number. A picture of an invoice is read by a person
    and is not among these.

    Args:
        evidence: with their stored files.
        lists: the lists that are asked, by name.
        stated: the rows of each, by name, as they stand now or as they were submitted.
        buyer: the applicant's code.
    """
    found: list[Beside] = []
    wanted = {name: one for name, one in lists.items() if columns_of(one) is not None}
    for one in evidence:
        if one.fact and one.fact not in wanted:
            continue
        invoice = invoice_of(one.stored)
        if invoice is None:
            continue
        fact, at = _row_of(one, invoice, wanted, stated)
        differences = compare(invoice, wanted[fact], stated[fact][at], buyer) if at is not None else []
        found.append(Beside(one, invoice, fact, at, tuple(differences)))
    return found


def _row_of(
    one: Evidence, invoice: Invoice, lists: Mapping[str, FactDef], stated: Mapping[str, Any]
) -> tuple[str, int | None]:
    for fact, definition in lists.items():
        which = columns_of(definition)
        for at, cells in enumerate(stated.get(fact, ()) if which is not None and one.fact in ("", fact) else ()):
            named = row_key_of(definition, cells) == one.row_key if one.row_key else (
                which is not None and invoice.key is not None
                and _value(definition, which.number, cells) == invoice.key
            )  # fmt: skip
            if named:
                return fact, at
    return one.fact, None


def _same(what: str, column: FactDef, said: str | None, cell: object) -> list[Difference]:
    if said is None or cell is None:
        return [Difference(what, UNSURE, column, said or "", "" if cell is None else str(cell))]
    return [] if said == cell else [Difference(what, DIFFERS, column, said, str(cell))]


def _dates(invoice: Invoice, days: list[tuple[FactDef, object]]) -> list[Difference]:
    """A day that is the invoice's settles it; whether another one should be, no kind says."""
    if not days or (invoice.date is not None and invoice.date.toordinal() in [day for _column, day in days]):
        return []
    said = invoice.date.isoformat() if invoice.date else ""
    shown = ", ".join(date.fromordinal(day).isoformat() for _column, day in days if isinstance(day, int))
    return [Difference("date", UNSURE, days[0][0] if len(days) == 1 else None, said, shown)]


def _sums(invoice: Invoice, sums: list[tuple[FactDef, object]]) -> list[Difference]:
    """Each sum of the row is one of the invoice's, or differs; one with tax may stand where one without it belongs."""
    found: list[Difference] = []
    total = invoice.total
    if total is None and invoice.net is not None and invoice.vat is not None:
        total = invoice.net + invoice.vat
    known = [one for one in (invoice.net, invoice.vat, total) if one is not None]
    every = ", ".join(_yuan(one) for one in known)
    for column, cell in sums:
        if not isinstance(cell, int):
            found.append(Difference("sum", UNSURE, column, every))
        elif cell not in known:
            sure = total is not None and invoice.net is not None and invoice.vat is not None
            found.append(Difference("sum", DIFFERS if sure else UNSURE, column, every, _yuan(cell)))
        elif cell == total != invoice.net and invoice.net not in [other for _column, other in sums]:
            found.append(Difference("sum", UNSURE, column, every, _yuan(cell)))
    return found


def _one(names: list[str], key: tuple[str, ...]) -> str:
    """The column that is meant: the only one, or the only one by which rows are told apart."""
    for some in (names, [name for name in names if name in key]):
        if len(some) == 1:
            return some[0]
    return ""


def _value(definition: FactDef, name: str, cells: Mapping[str, str]) -> object:
    """A cell as the rules read it; None when it is not known, or not readable."""
    kind, cell = definition.kind, cells.get(name, "")
    assert isinstance(kind, Rows)
    column = kind.column(name)
    if not cell or column is None:
        return None
    try:
        return converter(column)(cell)
    except NumberError:
        return None


def _yuan(fen: int) -> str:
    return format_scaled(fen, _SCALE)
