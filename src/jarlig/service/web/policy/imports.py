"""Importing a folder, and how far its check is: a page that looks again by itself until there is a result."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jarlig.policy.shipped import shipped
from jarlig.service.bodies.permission import may
from jarlig.service.catalogue.acts.check_again import check_again
from jarlig.service.catalogue.acts.import_programme import import_programme
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.models import Programme
from jarlig.service.catalogue.upload import MOST_PACKED
from jarlig.service.web.forms import render_form
from jarlig.service.web.policy import finding
from jarlig.service.web.policy.forms import ImportForm, tried
from jarlig.service.web.policy.versions import FOLDERS, crumbs, standing, told, top, under
from jarlig.service.web.screens import screen


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
        made = tried(form, lambda: import_programme(
            sent.read(MOST_PACKED + 1) if sent else b"", sent.name if sent else "",
            shipped_as="" if sent else given, into=into,
        ))  # fmt: skip
        if made is not None:
            return redirect("policy-imported", identity=made.pk)
    return render_form(
        request, form, title=_("Import a programme folder"), button=_("Import and check"),
        intro=_("The folder is checked apart from the server, with proofs where the solver is installed; the next page "
                "shows how far it is. Another person then puts it in force."),
        back=f"/policy/{into.key}/" if into else "/policy/",
    )  # fmt: skip


@screen("check_programme", thing=finding.sent)
def imported(request: HttpRequest, identity: UUID) -> HttpResponse:
    """How far a folder is; once it is a version, that version."""
    one = finding.sent(request, identity)
    if one.version is not None:
        return redirect("policy-version", key=one.version.programme.key, number=one.version.number)
    crumbs(request, top(), *([under(one.into)] if one.into else []))
    key = standing(one)
    word, again = FOLDERS[key]
    return render(request, "policy/imported.html", {
        "one": one, "key": key, "state": word, "seconds": again,
        "reason": one.report.get("reason", {}).get("zh" if is_chinese() else "en", ""),
        "problems": told(one.report.get("problems", [])), "again": may("check_again", one),
    })  # fmt: skip


@require_POST
@screen("check_again", thing=finding.sent)
def again(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Checks it again."""
    check_again(finding.sent(request, identity))
    return redirect("policy-imported", identity=identity)
