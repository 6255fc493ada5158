"""Programmes and their versions: imported, compared, put in force, taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jarlig.policy.shipped import shipped
from jarlig.service.bodies.permission import may
from jarlig.service.catalogue import comparing
from jarlig.service.catalogue.acts.import_programme import import_programme
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.acts.withdraw import withdraw
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.loading import files_of
from jarlig.service.catalogue.models import Guide, Interpretation, Programme, RouteVersion, Version
from jarlig.service.catalogue.queries import officer_name, windows
from jarlig.service.catalogue.upload import MOST_PACKED
from jarlig.service.ground.clock import now
from jarlig.service.web.context import Link, fill
from jarlig.service.web.forms import render_form
from jarlig.service.web.policy import finding
from jarlig.service.web.policy.forms import ConfirmForm, ImportForm, ReasonForm, tried
from jarlig.service.web.screens import screen
from jarlig.service.web.status import Word

#: How the states of versions and routes are shown.
STATES = {
    "draft": Word("draft", "quiet", "草稿", "Draft"),
    "checked": Word("checked", "moving", "已校验", "Checked"),
    "in_force": Word("in_force", "good", "施行中", "In force"),
    "superseded": Word("superseded", "quiet", "已被取代", "Superseded"),
    "withdrawn": Word("withdrawn", "quiet", "已撤回", "Withdrawn"),
}


def crumbs(request: HttpRequest, *links: tuple[str, str]) -> None:
    """Where the page lies."""
    fill(request, section=_("Policy room"), crumbs=tuple(Link(text, href) for text, href in links))


def top() -> tuple[str, str]:
    """The first crumb."""
    return _("Policy room"), "/policy/"


def under(one: Programme) -> tuple[str, str]:
    """The crumb of a programme."""
    return finding.title(finding.titled(one), one.key), f"/policy/{one.key}/"


@screen("look_at_policy")
def index(request: HttpRequest) -> HttpResponse:
    """Every programme of the area, with the version in force and what waits."""
    crumbs(request)
    shown = []
    for one in Programme.objects.select_related("area", "body").prefetch_related("versions").order_by("key"):
        versions = sorted(one.versions.all(), key=lambda each: -each.number)
        current = next((each for each in versions if each.state == "in_force"), None)
        waiting = [each for each in versions if each.state in ("draft", "checked")]
        shown.append({
            "one": one, "title": finding.title(current or (versions[0] if versions else None), one.key),
            "current": current, "waiting": len(waiting),
        })  # fmt: skip
    return render(request, "policy/index.html", {"programmes": shown, "may_import": may("import_programme").allowed})


@screen("look_at_policy")
def programme(request: HttpRequest, key: str) -> HttpResponse:
    """A programme: its versions side by side, its guides, its routes, what was interpreted."""
    one = finding.programme(request, key)
    crumbs(request, top())
    versions = list(Version.objects.filter(programme=one).order_by("-number"))
    current = next((each for each in versions if each.state == "in_force"), None)
    years = sorted({guide.year for guide in Guide.objects.filter(version=current)}) if current else []
    return render(request, "policy/programme.html", {
        "one": one, "title": finding.title(current or (versions[0] if versions else None), one.key),
        "versions": [{"one": each, "state": STATES[each.state], "by": officer_name(each.imported_by_id),
                      "put_by": officer_name(each.put_in_force_by_id)} for each in versions],
        "guides": [_guide(current, one, year) for year in years], "current": current,
        "interpretations": Interpretation.objects.filter(programme=one).count(),
        "may_import": may("import_programme", one), "may_recognise": may("look_at_recognitions").allowed,
    })  # fmt: skip


def _guide(current: Version | None, one: Programme, year: int) -> dict[str, Any]:
    guide = Guide.objects.get(version=current, year=year)
    instant = now()
    open_now = [w for w in windows(one, year) if w.state == "open" and w.opens_at <= instant < w.closes_at]
    return {"guide": guide, "title": guide.title_zh if is_chinese() else guide.title_en, "open": len(open_now),
            "routes": RouteVersion.objects.filter(programme=one, year=year, state="in_force").count()}  # fmt: skip


@screen("import_programme")
def bring(request: HttpRequest) -> HttpResponse:
    """The first version of a programme."""
    crumbs(request, top())
    return _import(request, None)


@screen("import_programme", thing=finding.programme)
def bring_version(request: HttpRequest, key: str) -> HttpResponse:
    """The next version of a programme."""
    one = finding.programme(request, key)
    crumbs(request, top(), under(one))
    return _import(request, one)


def _import(request: HttpRequest, into: Programme | None) -> HttpResponse:
    names = sorted(shipped()) if into is None else [into.key] if into.key in shipped() else []
    form = ImportForm(names, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent, given = form.cleaned_data["folder"], form.cleaned_data.get("shipped_as", "")
        version = tried(form, lambda: import_programme(
            sent.read(MOST_PACKED + 1) if sent else b"", sent.name if sent else "",
            shipped_as="" if sent else given, into=into,
        ))  # fmt: skip
        if version is not None:
            return redirect("policy-version", key=version.programme.key, number=version.number)
    refused = getattr(form, "refused", None)
    return render_form(
        request, form, title=_("Import a programme folder"), button=_("Import and check"),
        template="policy/import.html",
        intro=_("The folder is checked apart from the server, with proofs where the solver is installed; this takes "
                "some seconds. Another person then puts it in force."),
        back=f"/policy/{into.key}/" if into else "/policy/", problems=_problems(getattr(refused, "problems", [])),
    )  # fmt: skip


def _problems(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lang = "zh" if is_chinese() else "en"
    return [{**one, "says": one[lang], "hint": one[f"hint_{lang}"]} for one in told]


@screen("look_at_policy")
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version: what the check said, its files, and what may be done with it."""
    one = finding.version(request, key, number)
    crumbs(request, top(), under(one.programme))
    told = _problems(one.report.get("problems", []))
    before = Version.objects.filter(programme=one.programme, number__lt=number).order_by("-number").first()
    return render(request, "policy/version.html", {
        "one": one, "title": under(one.programme)[0], "state": STATES[one.state], "proof": one.proof,
        "errors": [each for each in told if each["severity"] == "error"],
        "warnings": [each for each in told if each["severity"] != "error"],
        "by": officer_name(one.imported_by_id), "put_by": officer_name(one.put_in_force_by_id), "before": before,
        "files": one.files.order_by("name").values_list("name", "sha256"),
        "put": may("put_in_force", one), "withdraw": may("withdraw", one),
        "may_import": may("import_programme", one.programme),
    })  # fmt: skip


@screen("look_at_policy")
def compare(request: HttpRequest, key: str, number: int, other: int) -> HttpResponse:
    """Two versions side by side: figures first, then lines."""
    one, two = finding.version(request, key, number), finding.version(request, key, other)
    crumbs(request, top(), under(one.programme))
    before, after = files_of(one), files_of(two)
    return render(request, "policy/compare.html", {
        "one": one, "two": two, "title": under(two.programme)[0], "figures": comparing.figures(before, after),
        "files": comparing.files(before, after),
    })  # fmt: skip


@screen("put_in_force", thing=finding.version)
def put(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Putting in force, with a word that one has looked."""
    one = finding.version(request, key, number)
    crumbs(request, top(), under(one.programme))
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and tried(form, lambda: put_in_force(one)) is not None:
        return redirect("policy-version", key=key, number=number)
    return render_form(
        request, form, title=_("Put version %(number)s in force") % {"number": number}, button=_("Put in force"),
        intro=_("From this moment applications are judged by it. Claims that run keep the version they began with."),
        back=f"/policy/{key}/versions/{number}/", caption=finding.title(one, key),
    )  # fmt: skip


@screen("withdraw", thing=finding.version)
def take_back(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Taking a version back, with the reason."""
    one = finding.version(request, key, number)
    crumbs(request, top(), under(one.programme))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and tried(
        form, lambda: withdraw(one, form.cleaned_data["reason"])
    ) is not None:  # fmt: skip
        return redirect("policy-version", key=key, number=number)
    return render_form(
        request, form, title=_("Take version %(number)s back") % {"number": number}, button=_("Take back"),
        back=f"/policy/{key}/versions/{number}/", caption=finding.title(one, key),
    )  # fmt: skip
