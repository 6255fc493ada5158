"""The working calendar (工作日历): years, one year as a grid, import in two steps, putting in force."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.acts.discard_calendar import discard_calendar
from jarlig.service.bodies.acts.import_calendar import import_calendar, reference_days
from jarlig.service.bodies.acts.put_calendar_in_force import put_calendar_in_force
from jarlig.service.bodies.calendar_file import CalendarFile, as_csv, read_calendar
from jarlig.service.bodies.queries import calendar_at, calendars as all_calendars, names
from jarlig.service.ground.clock import SHANGHAI, today
from jarlig.service.web.admin.common import (
    WORDS,
    Section,
    Shown,
    attempted,
    confirm,
    go,
    listed,
    person_link,
    put_aside,
    sent_with_files,
    show,
    steps_of_draft,
    to_do,
    within,
)
from jarlig.service.web.context import Link
from jarlig.service.web.figures import MONTHS, chinese, moment
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Table


def _calendar(request: HttpRequest, key: Any) -> Any:
    return calendar_at(key)


def _crumb() -> Link:
    return Link(_("Working calendar"), reverse("admin-calendars"))


@screen(act="see_administration")
def calendars(request: HttpRequest) -> HttpResponse:
    """The years that there are."""
    states = ("in_force", "draft", "replaced", "discarded")
    table = Table(
        key="calendars",
        caption=_("Working calendar"),
        columns=(
            Column("year", _("Calendar year"), "link", sortable=True, head=True),
            Column("source", _("Source"), wide=True),
            Column("rest", _("Weekdays off"), "number"),
            Column("work", _("Weekend days worked"), "number"),
            Column("state", _("State"), "status"),
            Column("standing", _("State"), shown=False),
        ),
        filters=(Filter("standing", _("State"), tuple((key, WORDS[key].text) for key in states)),),
        nothing=_(
            "No calendar has been imported yet. Until a year is in force, whatever needs its working days is refused."
        ),
    )
    rows = [
        {
            "year": Link(str(item.year), reverse("admin-calendar", args=[item.pk])),
            "source": item.source,
            "rest": len(item.rest_days),
            "work": len(item.work_days),
            "state": WORDS[item.state],
            "standing": item.state,
        }
        for item in all_calendars()
    ]
    return listed(
        request,
        table,
        rows,
        todo=[to_do("import_calendar", None, reverse("admin-calendar-import"))],
        intro=_(
            "Deadlines and public notices count working days by the calendar in force. One person imports "
            "it, a second puts it in force."
        ),
    )


@screen(act="see_administration")
def calendar(request: HttpRequest, key: Any) -> HttpResponse:
    """One year as a grid of its months."""
    found = _calendar(request, key)
    known = names([found.imported_by_id, found.put_in_force_by_id])
    imported = moment(found.imported_at.astimezone(SHANGHAI)) if found.imported_at else ""
    shown = Shown(
        title=_("Calendar of %(year)s") % {"year": found.year},
        status=WORDS[found.state],
        values=[
            (_("Source"), found.source),
            (_("Imported by"), person_link(found.imported_by_id, known)),
            (_("Imported"), imported),
            (_("Put in force by"), person_link(found.put_in_force_by_id, known)),
            (_("Working days"), _working(found)),
        ],
    )
    if found.state == "draft":
        shown.todo = steps_of_draft("calendar", found)
    return show(request, shown, _crumb(), template="admin/calendar.html", months=_grid(found), weekdays=_weekdays())


def _working(found: Any) -> int:
    start = date(found.year, 1, 1)
    days = (start + timedelta(days=place) for place in range(365 + months.isleap(found.year)))
    return sum(_kind(found, day) in ("", "work") for day in days)


def _kind(found: Any, day: date) -> str:
    if day in found.work_days:
        return "work"
    if day in found.rest_days:
        return "rest"
    return "weekend" if day.weekday() >= months.SATURDAY else ""


def _weekdays() -> list[str]:
    return list("一二三四五六日") if chinese() else ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]


def _grid(found: Any) -> list[tuple[str, list[list[tuple[int, str]]]]]:
    made = []
    for month in range(1, 13):
        weeks = [
            [(day.day, _kind(found, day)) if day.month == month else (0, "") for day in week]
            for week in months.Calendar().monthdatescalendar(found.year, month)
        ]
        made.append((f"{month}月" if chinese() else MONTHS[month - 1], weeks))
    return made


class ImportForm(forms.Form):
    """Which year, by which document, from where."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=1950, max_value=2999)
    source = forms.CharField(
        label=gettext_lazy("Document that announces it"),
        max_length=200,
        help_text=gettext_lazy("Its title or number, such as 国办发明电〔2022〕16号."),
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Where the days come from"),
        widget=forms.RadioSelect,
        choices=(
            ("file", gettext_lazy("A file, CSV or XLSX")),
            ("reference", gettext_lazy("The table that ships with the service")),
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "The first row names the columns: 日期 (date), 截止日期 (until, may be left out), 类别 (kind: 放假 or "
            "上班)."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """A file is there where the days come from one."""
        said: dict[str, Any] = super().clean()
        if said.get("origin") == "file" and not said.get("file"):
            self.add_error("file", _("Choose the file."))
        return said


class AgainForm(forms.Form):
    """What was shown, sent once more to be imported."""

    year = forms.IntegerField(widget=forms.HiddenInput, min_value=1950, max_value=2999)
    source = forms.CharField(widget=forms.HiddenInput, max_length=200)
    days = forms.CharField(widget=forms.HiddenInput, max_length=200_000)


@screen(act="import_calendar")
def bring(request: HttpRequest) -> HttpResponse:
    """First shows what a file says, row by row; then imports just that as a draft."""
    if request.method == "POST" and "days" in request.POST:
        return _imported(request)
    form = ImportForm(*sent_with_files(request), initial={"year": today().year + 1, "origin": "file"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        found = attempted(form, lambda: _read(said))
        if found is not None:
            return _preview(request, found, said["source"])
    within(request, _crumb(), Link(_("Import a calendar"), ""))
    return render_form(
        request,
        form,
        title=_("Import a calendar"),
        button=_("Show what it says"),
        intro=_("You see every row before anything is imported."),
    )


def _read(said: dict[str, Any]) -> CalendarFile:
    if said["origin"] == "file":
        return read_calendar(said["file"].name, said["file"].read(), said["year"])
    rest, work = reference_days(said["year"])
    lines = [f"{day},,off" for day in rest] + [f"{day},,work" for day in work]
    return read_calendar("", "\n".join(["from,to,what", *sorted(lines)]).encode(), said["year"])


def _preview(request: HttpRequest, found: CalendarFile, source: str) -> HttpResponse:
    kinds = {"off": _("off"), "work": _("worked")}
    rows = [
        (
            row.line,
            row.said if row.problem else str(row.first),
            "" if row.problem or row.last == row.first else str(row.last),
            kinds.get(row.what, ""),
            WORDS["refused" if row.problem else "read"],
            row.problem,
        )
        for row in found.rows
    ]
    heads = (_("Row"), _("Date"), _("Until"), _("Kind"), _("Result"), _("Reason"))
    shown = Shown(
        title=_("Calendar of %(year)s: what the file says") % {"year": found.year},
        intro=_("Nothing has been imported yet.")
        if not found.problems
        else _(
            "Rows that cannot be used: %(count)s. A calendar with a row missing is a wrong calendar: mend "
            "the file and send it again."
        )
        % {"count": len(found.problems)},
        values=[
            (_("Source"), source),
            (_("Weekdays off"), len(found.rest_days)),
            (_("Weekend days worked"), len(found.work_days)),
        ],
        sections=[Section(_("Row by row"), heads, rows)],
    )
    again = None if found.problems else AgainForm(initial={"year": found.year, "source": source, "days": as_csv(found)})
    return show(
        request,
        shown,
        _crumb(),
        template="admin/calendar_preview.html",
        again=again,
        back=reverse("admin-calendar-import"),
    )


def _imported(request: HttpRequest) -> HttpResponse:
    form = AgainForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data

        def do() -> Any:
            found = read_calendar("", said["days"].encode(), said["year"])
            return import_calendar(said["year"], said["source"], found.rest_days, found.work_days)

        made = attempted(form, do)
        if made:
            return go("admin-calendar", made.pk, done="import_calendar")
    within(request, _crumb(), Link(_("Import a calendar"), ""))
    return render_form(request, form, title=_("Import a calendar"), button=_("Import"))


@screen(act="put_calendar_in_force", thing=_calendar)
def put_in_force(request: HttpRequest, key: Any) -> HttpResponse:
    """A second person puts a calendar in force."""
    found = _calendar(request, key)
    return confirm(
        request,
        "put_calendar_in_force",
        lambda _reason: put_calendar_in_force(found),
        reverse("admin-calendar", args=[found.pk]),
        intro=_(
            "From now on working days of %(year)s are counted by this calendar; the one in force until now is kept."
        )
        % {"year": found.year},
    )


@screen(act="discard_calendar", thing=_calendar)
def discard(request: HttpRequest, key: Any) -> HttpResponse:
    """Puts a draft aside."""
    found = _calendar(request, key)
    return put_aside(
        request,
        "discard_calendar",
        lambda reason: discard_calendar(found, reason=reason),
        reverse("admin-calendar", args=[found.pk]),
    )
