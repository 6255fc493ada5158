"""My applications (我的申报): the files of one's enterprises, and beginning another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from jarlig.service.applications import queries
from jarlig.service.applications.acts.begin_file import begin_file
from jarlig.service.applications.models import ApplicationFile
from jarlig.service.catalogue.models import Programme, Version, Window
from jarlig.service.catalogue.queries import coming_windows, standing, versions_in_force
from jarlig.service.enterprises.queries import my_places
from jarlig.service.ground.clock import now
from jarlig.service.web import nav
from jarlig.service.web.apply.shared import days_left, place_in
from jarlig.service.web.context import Link, fill
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen

nav.ITEMS.append((gettext_lazy("My applications"), "apply", "begin_file"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A file in the list: what it is of, what to do next, and how long there is."""

    file: ApplicationFile
    title: str
    status: str
    next: str
    left: str


@screen("begin_file")
def mine(request: HttpRequest) -> HttpResponse:
    """The files of every enterprise for which whoever asks drafts, each with what to do next."""
    places = [one for one in my_places() if one.state in ("asked", "accepted") and not one.over]
    versions = {one.programme_id: one for one in versions_in_force()}
    windows, instant = coming_windows(), now()
    by_enterprise: dict[UUID, list[Shown]] = {one.enterprise_id: [] for one in places}
    for file in queries.files_for(by_enterprise):
        by_enterprise[file.enterprise_id].append(shown(file, versions, windows, instant))
    found = [(one, by_enterprise[one.enterprise_id]) for one in places]
    return render(request, "apply/mine.html", {"places": found, "anything": bool(windows)})


def shown(file: ApplicationFile, versions: dict[UUID, Version], windows: list[Window], instant: datetime) -> Shown:
    """A file with the next thing to do, told from the states of its claims alone."""
    claims = list(file.claims.all())
    drafts = [one for one in claims if one.state == "draft"]
    sent = sum(one.state == "submitted" for one in claims)
    mine_ = [one for one in windows if one.programme_id == file.programme_id and one.year == file.year]
    ends = [one.closes_at for one in mine_ if one.offer in {each.offer for each in drafts or claims}
            and standing(one, instant) == "open"]  # fmt: skip
    left = days_left(min(ends), instant) if ends and drafts else ""
    title = title_of(versions.get(file.programme_id), file.programme)
    if any(one.state == "correcting" for one in claims):
        return Shown(file, title, "correction_asked", _("Put right what was asked"), left)
    if not claims:
        return Shown(file, title, "not_started", _("Add a claim"), left)
    if drafts and not ends:
        return Shown(file, title, "paused", _("Applications are not open"), left)
    if drafts:
        said = ngettext("Fill in and submit %(count)s claim", "Fill in and submit %(count)s claims", len(drafts))
        return Shown(file, title, "in_progress", said % {"count": len(drafts)}, left)
    if not sent:
        return Shown(file, title, "withdrawn", _("Nothing to do"), left)
    said = ngettext("%(count)s claim is submitted", "%(count)s claims are submitted", sent)
    return Shown(file, title, "submitted", said % {"count": sent}, left)


def title_of(version: Version | None, programme: Programme) -> str:
    """What a programme is called by its version in force."""
    from jarlig.service.catalogue.kinds import is_chinese

    if version is None:
        return programme.key
    return version.title_zh if is_chinese() else version.title_en


class BeginForm(forms.Form):
    """For which programme and year."""

    what = forms.ChoiceField(label=gettext_lazy("Programme and year"), widget=forms.RadioSelect)

    def __init__(self, *args: object, options: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = options


@screen("begin_file", thing=place_in)
def begin(request: HttpRequest, enterprise: UUID) -> HttpResponse:
    """Begins the file of a programme and year in which something is applied for, or opens the one there is."""
    place = place_in(request, enterprise)
    versions = {one.programme_id: one for one in versions_in_force()}
    instant = now()
    known: dict[str, tuple[Programme, int]] = {}
    options: dict[str, str] = {}
    for one in coming_windows():
        key = f"{one.programme.key}/{one.year}"
        if one.programme_id in versions and key not in known:
            known[key] = one.programme, one.year
            options[key] = f"{title_of(versions[one.programme_id], one.programme)} · {one.year}"
            if standing(one, instant) != "open":
                options[key] += " · " + _("not open yet")
    fill(request, crumbs=(Link(_("My applications"), reverse("apply")), Link(_("Begin a file"), "")))
    if not options:
        return render(request, "apply/nothing.html", {"place": place})
    form = BeginForm(request.POST or None, options=list(options.items()))
    if len(options) == 1:
        form.fields["what"].initial = next(iter(options))
    if request.method == "POST":
        made = attempt(request, form, lambda: begin_file(enterprise, *known[form.cleaned_data["what"]]))
        if made is not None:
            return HttpResponseRedirect(reverse("apply-file", args=[made.pk]))
    return render_form(
        request, form, title=_("Begin a file"), caption=place.stated_name, button=_("Begin"),
        intro=_("A file holds any number of claims of one year. What they share is asked once."),
    )  # fmt: skip
