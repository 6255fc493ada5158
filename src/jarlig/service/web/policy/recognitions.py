"""The register of recognitions: a table, a form, and lists that come and go as sheets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jarlig.service.bodies.permission import may
from jarlig.service.catalogue import queries
from jarlig.service.catalogue.acts.end_recognition import end_recognition
from jarlig.service.catalogue.acts.import_recognitions import COLUMNS, import_recognitions
from jarlig.service.catalogue.acts.recognise import recognise
from jarlig.service.catalogue.kinds import is_chinese, kinds
from jarlig.service.catalogue.models import Programme, Recognition
from jarlig.service.catalogue.sheets import MOST_PACKED, write_sheet
from jarlig.service.ground.errors import Missing
from jarlig.service.web.forms import render_form
from jarlig.service.web.policy import finding
from jarlig.service.web.policy.forms import ReasonForm, RecognitionForm, SheetForm, tried
from jarlig.service.web.policy.versions import crumbs, top, under
from jarlig.service.web.screens import screen
from jarlig.service.web.status import Word
from jarlig.service.web.tables import Cell, Column, Filter, Rows, Table, render_table

STATES = {
    "valid": Word("valid", "good", "有效", "Valid"),
    "ended": Word("ended", "quiet", "已撤销", "Ended"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _table(titles: dict[str, str]) -> Table:
    return Table(
        key="recognitions", caption=_("Register of recognitions"), order="-dated", size=50,
        columns=(
            Column("uscc", _("Unified social credit code"), "link", sortable=True, head=True),
            Column("kind", _("Kind"), sortable=True, wide=True),
            Column("value", _("Value")),
            Column("number", _("Document number")),
            Column("dated", _("Recognised on"), "date", sortable=True),
            Column("valid_until", _("Valid until"), "date", sortable=True),
            Column("subject", _("Code of the project, park or circle"), shown=False),
            Column("state", _("State"), "status"),
        ),
        filters=(
            Filter("kind", _("Kind"), tuple(titles.items())),
            Filter("state", _("State"), tuple((key, word.text) for key, word in STATES.items())),
            Filter("find", _("Code or document number")),
        ),
    )  # fmt: skip


@screen("look_at_recognitions")
def register(request: HttpRequest, key: str) -> HttpResponse:
    """The register as a table."""
    one = finding.programme(request, key)
    crumbs(request, top(), under(one))
    titles = _titles(one)
    table = _table(titles)
    state = table.state(request.GET)
    found = queries.recognitions(one, state.filters, state.order)
    ends = may("end_recognition")
    rows = [_row(each, titles, ends.allowed) for each in found[state.offset : state.offset + state.limit]]
    return render_table(
        request, state, Rows(rows=rows, count=found.count()), title=_("Register of recognitions"),
        caption=finding.title(finding.rules(one)[0], key), template="policy/recognitions.html",
        export=f"/policy/{key}/recognitions/register.xlsx", one=one, may_recognise=may("import_recognitions"),
    )  # fmt: skip


@screen("look_at_recognitions")
def download(request: HttpRequest, key: str) -> HttpResponse:
    """The same rows as a sheet."""
    one = finding.programme(request, key)
    titles = _titles(one)
    state = _table(titles).state(request.GET)
    rows = (
        [each.uscc, each.kind, each.value, each.dated.isoformat(), each.number,
         each.valid_until.isoformat() if each.valid_until else "", each.subject, STATES[each.state].text]
        for each in queries.recognitions(one, state.filters, state.order)
    )  # fmt: skip
    return _sheet([*_heads(), _("State")], rows, "register.xlsx")


def _row(each: Recognition, titles: dict[str, str], ends: bool) -> dict[str, Any]:
    return {
        "uscc": Cell(each.uscc, href=f"/policy/recognitions/{each.pk}/end/" if ends and each.state == "valid" else ""),
        "kind": titles.get(each.kind, each.kind), "value": _value(each.value), "number": each.number,
        "dated": each.dated, "valid_until": each.valid_until, "subject": each.subject, "state": STATES[each.state],
    }  # fmt: skip


def _value(value: str) -> str:
    return {"true": _("yes"), "false": _("no")}.get(value, value)


def _titles(one: Programme) -> dict[str, str]:
    _version, rules = finding.rules(one)
    return {key: kind.title() for key, kind in kinds(rules).items()} if rules else {}


def _heads() -> list[str]:
    return [zh if is_chinese() else en for zh, en, _needed in COLUMNS.values()]


@screen("import_recognitions")
def new(request: HttpRequest, key: str) -> HttpResponse:
    """One recognition by a form; the kinds are those that the programme leaves to the body of the seat."""
    one = finding.programme(request, key)
    crumbs(request, top(), under(one))
    _version, rules = finding.rules(one)
    if rules is None:
        raise Missing(_("No version of this programme is in force."))
    department = queries.department(request.seat.body)
    own = [(name, kind.title()) for name, kind in kinds(rules).items() if kind.department == department]
    form = RecognitionForm(request.POST or None)
    form.fields["kind"].choices = own
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: recognise(
            one, given["kind"], given["uscc"], given["value"], dated=given["dated"], number=given["number"],
            subject=given["subject"], valid_until=given["valid_until"],
        ))  # fmt: skip
        if made is not None:
            return redirect("policy-recognitions", key=key)
    intro = "" if own else _("The programme leaves nothing to your body.")
    return render_form(request, form, title=_("Recognise an enterprise"), button=_("Enter in the register"),
                       intro=intro, back=f"/policy/{key}/recognitions/")  # fmt: skip


@screen("import_recognitions")
def bring(request: HttpRequest, key: str) -> HttpResponse:
    """A list by a sheet."""
    one = finding.programme(request, key)
    crumbs(request, top(), under(one))
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["sheet"]
        made = tried(form, lambda: import_recognitions(one, sent.read(MOST_PACKED + 1), sent.name))
        if made is not None:
            return redirect("policy-recognition-import", identity=made.pk)
    return render_form(request, form, title=_("Import a list of recognitions"), button=_("Import"), one=one,
                       back=f"/policy/{key}/recognitions/", template="policy/recognitions_import.html")  # fmt: skip


@screen("look_at_recognitions")
def empty(request: HttpRequest, key: str) -> HttpResponse:
    """The empty sheet."""
    finding.programme(request, key)
    return _sheet(_heads(), [], "empty.xlsx")


@screen("look_at_recognitions")
def imported(request: HttpRequest, identity: UUID) -> HttpResponse:
    """What became of each row of a list."""
    one = finding.imported(request, identity)
    crumbs(request, top(), under(one.programme))
    return render(request, "policy/recognitions_answered.html", {
        "one": one, "columns": [(name, zh if is_chinese() else en) for name, (zh, en, _needed) in COLUMNS.items()],
        "rows": sorted(one.rows, key=lambda row: row["done"])[:500], "lang": "zh" if is_chinese() else "en",
    })  # fmt: skip


@screen("look_at_recognitions")
def answered(request: HttpRequest, identity: UUID) -> HttpResponse:
    """The list with its answers, as a sheet."""
    one = finding.imported(request, identity)
    lang = "zh" if is_chinese() else "en"
    rows = (
        [*(row["cells"].get(name, "") for name in COLUMNS), _("done") if row["done"] else _("skipped"), row[lang]]
        for row in one.rows
    )
    return _sheet([*_heads(), _("Outcome"), _("Because")], rows, "answered.xlsx")


@screen("end_recognition", thing=finding.recognition)
def end(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Ending a recognition, with the reason."""
    one = finding.recognition(request, identity)
    crumbs(request, top(), under(one.programme))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and tried(
        form, lambda: end_recognition(one, form.cleaned_data["reason"])
    ) is not None:  # fmt: skip
        return redirect("policy-recognitions", key=one.programme.key)
    return render_form(
        request, form, title=_("End the recognition of %(code)s") % {"code": one.uscc}, button=_("End it"),
        caption=_("%(label)s: %(value)s") % {
            "label": _titles(one.programme).get(one.kind, one.kind), "value": _value(one.value),
        },
        back=f"/policy/{one.programme.key}/recognitions/",
    )  # fmt: skip


def _sheet(heads: list[str], rows: Any, name: str) -> HttpResponse:
    return HttpResponse(write_sheet(heads, rows, "1"), content_type=XLSX,
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip
