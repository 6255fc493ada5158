"""Programmes and their versions: imported, compared, put in force, taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jarlig.service.bodies.permission import may
from jarlig.service.catalogue import comparing, queries
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.acts.withdraw import withdraw
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.loading import files_of
from jarlig.service.catalogue.models import FolderImport, Guide, Programme, Version
from jarlig.service.catalogue.queries import officer_name, progress
from jarlig.service.ground.clock import now
from jarlig.service.web.context import Link, fill
from jarlig.service.web.forms import render_form
from jarlig.service.web.policy import finding
from jarlig.service.web.policy.forms import ConfirmForm, ReasonForm, tried
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

#: How the check of a folder stands, and after how many seconds its page looks again; None where nothing will come.
FOLDERS = {
    "queued": (Word("queued", "quiet", "等待校验", "Waits for its check"), 3),
    "running": (Word("running", "moving", "正在校验", "Is being checked"), 3),
    "no_worker": (Word("no_worker", "hold", "后台未运行", "The worker is not running"), 15),
    "stopped": (Word("stopped", "hold", "校验中断", "The check was cut off"), None),
    "failed": (Word("failed", "against", "未能导入", "Not imported"), None),
    "done": (Word("done", "good", "已导入", "Imported"), None),
}


def standing(one: FolderImport) -> str:
    """The key of ``FOLDERS`` under which a folder stands now."""
    return progress(one) if one.state == "waiting" else str(one.state)


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
    for one in queries.programmes():
        versions = sorted(one.versions.all(), key=lambda each: -each.number)
        current = next((each for each in versions if each.state == "in_force"), None)
        waiting = [each for each in versions if each.state in ("draft", "checked")]
        shown.append({
            "one": one, "title": finding.title(current or (versions[0] if versions else None), one.key),
            "current": current, "waiting": len(waiting),
        })  # fmt: skip
    return render(request, "policy/index.html", {
        "programmes": shown, "may_import": may("import_programme").allowed,
        "folders": [(each, FOLDERS[standing(each)][0]) for each in queries.folders()],
    })  # fmt: skip


@screen("look_at_policy")
def programme(request: HttpRequest, key: str) -> HttpResponse:
    """A programme: its versions side by side, its guides, its routes, what was interpreted."""
    one = finding.programme(request, key)
    crumbs(request, top())
    versions = queries.versions(one)
    current = next((each for each in versions if each.state == "in_force"), None)
    return render(request, "policy/programme.html", {
        "one": one, "title": finding.title(current or (versions[0] if versions else None), one.key),
        "versions": [{"one": each, "state": STATES[each.state], "by": officer_name(each.imported_by_id),
                      "put_by": officer_name(each.put_in_force_by_id), "against": queries.compared_with(each, versions)}
                     for each in versions],
        "guides": [_guide(one, guide) for guide in (queries.guides(current) if current else ())], "current": current,
        "interpretations": len(queries.interpretations(one)),
        "may_import": may("import_programme", one), "may_recognise": may("look_at_recognitions").allowed,
    })  # fmt: skip


def _guide(one: Programme, guide: Guide) -> dict[str, Any]:
    instant = now()
    open_now = [window for window in queries.windows(one, guide.year) if queries.standing(window, instant) == "open"]
    in_force = [route for route in queries.routes(one, guide.year) if route.state == "in_force"]
    return {"guide": guide, "title": guide.title_zh if is_chinese() else guide.title_en, "open": len(open_now),
            "routes": len(in_force)}  # fmt: skip


def told(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a check says, in the language of the reader."""
    lang = "zh" if is_chinese() else "en"
    return [{**one, "says": one[lang], "hint": one[f"hint_{lang}"]} for one in problems]


@screen("look_at_policy")
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version: what the check said, its files, and what may be done with it."""
    one = finding.version(request, key, number)
    crumbs(request, top(), under(one.programme))
    found = told(one.report.get("problems", []))
    others = [each for each in queries.versions(one.programme) if each.pk != one.pk]
    against = queries.compared_with(one, others)
    return render(request, "policy/version.html", {
        "one": one, "title": under(one.programme)[0], "state": STATES[one.state], "proof": one.proof,
        "errors": [each for each in found if each["severity"] == "error"],
        "warnings": [each for each in found if each["severity"] != "error"],
        "by": officer_name(one.imported_by_id), "put_by": officer_name(one.put_in_force_by_id),
        "against": against, "others": [each for each in others if each is not against],
        "files": queries.file_hashes(one),
        "put": may("put_in_force", one), "withdraw": may("withdraw", one),
        "may_import": may("import_programme", one.programme),
    })  # fmt: skip


@screen("look_at_policy")
def compare(request: HttpRequest, key: str, number: int, other: int) -> HttpResponse:
    """Any two versions side by side: figures first, then lines."""
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
        intro=_follows(one),
        back=f"/policy/{key}/versions/{number}/", caption=finding.title(one, key),
    )  # fmt: skip


def _follows(one: Version) -> str:
    """What follows when a version is taken back: everything stops with the one in force."""
    if one.state != "in_force":
        return _("It never comes into force then. What is in force stays so.")
    return _("This version is in force. When it is taken back no version is, until the next one is put in force: the "
             "public page of the programme is gone, its windows cannot be reached, and nobody can apply. Claims in "
             "progress keep the version they began with. An earlier version does not come back by itself: import its "
             "folder again as the next version.")  # fmt: skip
