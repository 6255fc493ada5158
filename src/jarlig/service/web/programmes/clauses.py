"""The clauses of a programme and what became of each, its guides and places, its versions, and the handbook to keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.catalogue.loading import rules_of, version_in_force
from jarlig.service.catalogue.public import answers_about
from jarlig.service.ground.kept import Kept
from jarlig.service.web.context import Link, fill
from jarlig.service.web.programmes.past import told
from jarlig.service.web.programmes.telling import Place, language, names, pages_of, titled
from jarlig.service.web.screens import screen
from jarlig.words.handbook import render as handbook_page

_handbooks: Kept[tuple[str, str], bytes] = Kept(8)


def under(request: HttpRequest, key: str, title: str) -> None:
    """Says that a page lies under that of a programme."""
    fill(request, crumbs=(Link(_("Programmes"), reverse("programmes")), Link(title, reverse("programme", args=[key]))))


@screen(None, public=True)
def clauses(request: HttpRequest, key: str) -> HttpResponse:
    """The notice clause by clause, with everything that it leads to."""
    version = version_in_force(key)
    pages = pages_of(version)
    under(request, key, titled(version))
    return render(request, "programmes/clauses.html", {
        "title": titled(version), "version": version, "rest": pages.rest(), "guides": pages.guides(), "key": key,
        "locals": pages.locals(), "say": pages.book.say, "place": Place(key), "document": pages.book.programme.document,
        "answers": answers_about(version.programme, (one.split(".")[0] for one in pages.book.programme.clauses)),
        "sample": pages.book.programme.sample, "names": names(pages),
    })  # fmt: skip


@screen(None, public=True)
def versions(request: HttpRequest, key: str) -> HttpResponse:
    """Every version of a programme that was ever in force, and the figures that each changed."""
    version = version_in_force(key)
    under(request, key, titled(version))
    pages = pages_of(version)
    return render(request, "programmes/versions.html", {
        "title": titled(version), "steps": told(version.programme), "place": Place(key), "names": names(pages),
        "say": pages.book.say,
    })  # fmt: skip


@screen(None, public=True)
def handbook(request: HttpRequest, key: str) -> HttpResponse:
    """The handbook of the version in force, one page that needs nothing else, as a file to keep."""
    version, lang = version_in_force(key), language()
    rules = rules_of(version)
    page = _handbooks.get((version.sha256, lang), lambda: handbook_page(rules.model, lang).encode())
    name = f"{key}-{version.number}.{lang}.html"
    return HttpResponse(page, content_type="text/html; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{name}"',
    })  # fmt: skip
