"""The rows of a list (明细): the table with its totals, one row, many from a spreadsheet, an empty sheet to fill."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from jarlig.asking.question import kind_name
from jarlig.ladder.kinds import CNY, Date, Number, Rows
from jarlig.policy.model import FactDef
from jarlig.service.applications import queries
from jarlig.service.applications.acts.write_rows import write_rows
from jarlig.service.applications.case import Case, case_of, title_of
from jarlig.service.applications.errors import Conflict, not_editable
from jarlig.service.applications.models import Claim
from jarlig.service.applications.states import EDITABLE
from jarlig.service.catalogue.queries import windows
from jarlig.service.catalogue.sheets import write_sheet
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import Invalid, Missing
from jarlig.service.web.apply import fields, sheets, tasks
from jarlig.service.web.apply.answers import CONFLICT, revision_of, save
from jarlig.service.web.apply.shared import claim_at, claim_title, crumbs, estimate, until_of, words_of
from jarlig.service.web.cells import Cell
from jarlig.service.web.context import Link
from jarlig.service.web.forms import UNPROCESSABLE, render_form
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Table, arrange, render_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _open(request: HttpRequest, claim: UUID, fact: str) -> tuple[Claim, Case, FactDef, list[dict[str, str]]]:
    """The claim, the list and its rows.

    Raises:
        Missing: when nothing of this name is told row by row.
        WrongState: when the claim was submitted.
    """
    one = claim_at(request, claim)
    if one.state not in EDITABLE:
        raise not_editable()
    case = case_of(one)
    found = tasks.own_lists(case, one).get(fact)
    if found is None:
        raise Missing(_("There is no such thing, or none that you may see."))
    return one, case, found, list(case.facts(one.offer).get(fact) or [])


def table_of(case: Case, fact: FactDef) -> Table:
    """The table of a list: a number for each row, then its columns."""
    columns = [Column("number_", _("Row"), "number", head=True)]
    for name, one in sheets.columns_of(fact).items():
        columns.append(_column(case, name, one))
    return Table(key="rows", caption=title_of(fact), columns=tuple(columns), size=50, nothing=_("No row yet."))


def _column(case: Case, name: str, one: FactDef) -> Column:
    unit = words_of(fields.wanted(case.rules, one).unit) if isinstance(one.kind, Number) else ""
    kind = "text"
    if isinstance(one.kind, Number):
        kind = "money" if kind_name(one.kind) == "money" else "number"
    return Column(name, title_of(one), kind, wide=not isinstance(one.kind, (Number, Date)), unit=unit)


def shown(case: Case, fact: FactDef, number: int, row: dict[str, str], href: str) -> dict[str, Any]:
    """A row as the table shows it."""
    found: dict[str, Any] = {"number_": Cell(number, href=href)}
    for name, one in sheets.columns_of(fact).items():
        value = row.get(name)
        if value is None:
            found[name] = None
        elif isinstance(one.kind, Number):
            found[name] = Decimal(value.replace("_", "")) if not value.endswith("%") else None
        else:
            found[name] = fields.said(case.rules, one, value)
    return found


def totals(fact: FactDef, rows: Sequence[dict[str, str]]) -> dict[str, Decimal]:
    """The sums of columns of money over all rows."""
    return {
        name: sum((Decimal(row[name].replace("_", "")) for row in rows if row.get(name)), Decimal(0))
        for name, one in sheets.columns_of(fact).items() if isinstance(one.kind, Number) and one.kind.unit == CNY
    }  # fmt: skip


@screen("write_rows", thing=claim_at)
def rows(request: HttpRequest, claim: UUID, fact: str) -> HttpResponse:
    """The table of a list with its totals beside the estimate."""
    one, case, found, had = _open(request, claim, fact)
    worth, _found = estimate(case, one.offer)
    state = table_of(case, found).state(request.GET)
    here = [reverse("apply-row", args=[one.pk, fact, number]) for number in range(1, len(had) + 1)]
    lines = [shown(case, found, number, row, here[number - 1]) for number, row in enumerate(had, 1)]
    crumbs(request, one.file, case.rules, Link(title_of(found), ""))
    until = until_of(one, windows(one.programme, one.year), now())
    back = reverse("apply-file", args=[one.file_id])
    kept = request.GET.get("kept", "")
    said = ngettext("%(count)s row was kept.", "%(count)s rows were kept.", int(kept)) % {"count": kept} if (
        kept.isdecimal() and len(kept) < 6) else ""  # fmt: skip
    return render_table(
        request, state, arrange(state, lines, totals=totals(found, had)), title=title_of(found),
        caption=claim_title(case.rules, one), template="apply/rows.html", claim=one, fact=fact, estimate=worth,
        why=fields.hint(fields.wanted(case.rules, found), found, case.rules), said=said, most=sheets.most(found),
        rest=sheets.most(found) - len(had), revision=one.revision,
        onward=tasks.after(tasks.claim_sections(one, case, until, worth), request.path, back), back=back,
    )  # fmt: skip


# One row --------------------------------------------------------------------------------------------------------------


def _row_form(request: HttpRequest, case: Case, fact: FactDef, kept: dict[str, str]) -> fields.FactForm:
    assert isinstance(fact.kind, Rows)
    made = {}
    for name, one in sheets.columns_of(fact).items():
        made[name] = fields.field_of(case.rules, one, name not in fact.kind.optional)
    return fields.FactForm(request.POST or None, made=made, initial=kept)


def _cells(fact: FactDef, form: fields.FactForm) -> dict[str, str]:
    assert isinstance(fact.kind, Rows)
    optional = fact.kind.optional
    return {name: value for name, value in form.cleaned_data.items()
            if value not in ("", []) and not (value == fields.NONE and name in optional)}  # fmt: skip


@screen("write_rows", thing=claim_at)
def new(request: HttpRequest, claim: UUID, fact: str) -> HttpResponse:
    """Adds a row."""
    return _edited(request, claim, fact, None)


@screen("write_rows", thing=claim_at)
def row(request: HttpRequest, claim: UUID, fact: str, number: int) -> HttpResponse:
    """Changes a row, or takes it out."""
    return _edited(request, claim, fact, number)


def _edited(request: HttpRequest, claim: UUID, fact: str, number: int | None) -> HttpResponse:
    one, case, found, had = _open(request, claim, fact)
    if number is not None and not 1 <= number <= len(had):
        raise Missing(_("There is no such thing, or none that you may see."))
    kept = had[number - 1] if number else {}
    form, met = _row_form(request, case, found, kept), None
    back = reverse("apply-rows", args=[one.pk, fact])
    if request.method == "POST":
        sent = revision_of(request, one.revision)
        if number and "remove" in request.POST:
            write_rows(one, fact, had[: number - 1] + had[number:], sent)
            return HttpResponseRedirect(back)
        done, met = save(request, form, lambda: write_rows(one, fact, _with(had, number, _cells(found, form)), sent))
        if done is not None:
            again = reverse("apply-row-new", args=[one.pk, fact])
            return HttpResponseRedirect(again if "another" in request.POST else back)
    beside = []
    if met and form.is_valid():
        beside = [(title_of(column), fields.said(case.rules, column, kept.get(name)),
                   fields.said(case.rules, column, form.cleaned_data[name]))
                  for name, column in sheets.columns_of(found).items()
                  if form.cleaned_data[name] != kept.get(name, "")]  # fmt: skip
    title = _("Row %(number)s") % {"number": number} if number else _("Add a row")
    response = render_form(
        request, form, template="apply/row.html", title=title, caption=title_of(found), back=back, met=met,
        beside=beside, revision=queries.the_claim(one.pk).revision, number=number or 0, button=_("Save the row"),
    )  # fmt: skip
    if met:
        response.status_code = CONFLICT
    return response


def _with(had: list[dict[str, str]], number: int | None, cells: dict[str, str]) -> list[dict[str, str]]:
    if not cells:
        raise Invalid(_("There is no row in it."))
    if number is None:
        if len(had) >= sheets.MOST_ROWS:
            raise Invalid(_("A list takes at most %(most)s rows.") % {"most": f"{sheets.MOST_ROWS:,}"})
        return [*had, cells]
    return [*had[: number - 1], cells, *had[number:]]


# Many rows ------------------------------------------------------------------------------------------------------------


class PasteForm(forms.Form):
    """Rows from a spreadsheet: pasted, or as a workbook."""

    text = fields.PlainText(
        label=gettext_lazy("Cells copied from a spreadsheet"), required=False, widget=forms.Textarea({"rows": 8}),
        strip=False,
        help_text=gettext_lazy("With the line of heads, or in the order of the columns below."),
    )  # fmt: skip
    sheet = forms.FileField(
        label=gettext_lazy("Or a workbook"), required=False, max_length=1000, allow_empty_file=True,
        help_text=gettext_lazy("XLSX, at most 5 MB; its first sheet is read."),
    )  # fmt: skip


@screen("write_rows", thing=claim_at)
def paste(request: HttpRequest, claim: UUID, fact: str) -> HttpResponse:
    """Takes rows from a spreadsheet: the good are kept, the bad come back to be mended."""
    one, case, found, had = _open(request, claim, fact)
    back = reverse("apply-rows", args=[one.pk, fact])
    form = PasteForm(request.POST or None, request.FILES or None) if request.method == "POST" else PasteForm()
    outcomes: list[sheets.Outcome] = []
    met = None
    if request.method == "POST" and form.is_valid():
        try:
            kept, outcomes = _take(form, case, one, found, had)
            if kept:
                write_rows(one, fact, [*had, *kept], revision_of(request, one.revision))
        except Invalid as wrong:
            request.undone = True
            form.add_error("sheet" if form.cleaned_data["sheet"] else "text", str(wrong))
            outcomes = []
        except Conflict as error:
            request.undone = True
            met, outcomes = error, []
        else:
            if all(not each.why for each in outcomes):
                return HttpResponseRedirect(f"{back}?kept={len(kept)}")
            form = PasteForm(initial={"text": mend(found, outcomes)})
    columns = [words_of(each.title) for each in sheets.columns_of(found).values()]
    response = render_form(
        request, form, template="apply/paste.html", title=_("Rows from a spreadsheet"), caption=title_of(found),
        back=back, button=_("Take these rows"), outcomes=outcomes, columns=columns, met=met, claim=one, fact=fact,
        revision=queries.the_claim(one.pk).revision, most=sheets.most(found),
        kept=sum(not each.why for each in outcomes), skipped=sum(bool(each.why) for each in outcomes),
    )  # fmt: skip
    response.status_code = CONFLICT if met else UNPROCESSABLE if outcomes else response.status_code
    return response


def _take(form: PasteForm, case: Case, claim: Claim, fact: FactDef, had: list[dict[str, str]]) -> Any:
    source = form.cleaned_data["sheet"]
    cells = sheets.uploaded(source) if source else sheets.pasted(form.cleaned_data["text"])
    return sheets.taken(case.rules, claim.offer, fact, cells, had)


def mend(fact: FactDef, outcomes: Sequence[sheets.Outcome]) -> str:
    """The rows that were skipped, as they came, to be mended and sent again."""
    return "\n".join("\t".join(each.cells) for each in outcomes if each.why)


@screen("write_rows", thing=claim_at)
def empty(request: HttpRequest, claim: UUID, fact: str) -> HttpResponse:
    """An empty workbook with the heads of the list."""
    _one, _case, found, _had = _open(request, claim, fact)
    heads = [words_of(each.title) for each in sheets.columns_of(found).values()]
    name = title_of(found)
    response = HttpResponse(write_sheet(heads, [], "".join(c for c in name if c not in "[]:*?/\\'")), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    return response
