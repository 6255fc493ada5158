"""The public list of programmes and the page of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jarlig.service.catalogue import queries
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.loading import rules_of, version_in_force
from jarlig.service.ground.clock import SHANGHAI, now, today
from jarlig.service.web.context import Link, fill
from jarlig.service.web.programmes import listing
from jarlig.service.web.screens import screen


@screen(None, public=True)
def index(request: HttpRequest) -> HttpResponse:
    """Every programme that is in force."""
    day = today()
    shown = [{
        "key": one.programme.key, "title": one.title_zh if is_chinese() else one.title_en, "document": one.document,
        "first": one.valid_from, "last": one.valid_to, "lapsed": one.valid_to is not None and one.valid_to < day,
    } for one in queries.versions_in_force()]  # fmt: skip
    return render(request, "programmes/index.html", {"programmes": shown})


@screen(None, public=True)
def programme(request: HttpRequest, key: str) -> HttpResponse:
    """The measures of a programme as they stand now."""
    version = version_in_force(key)
    rules, instant = rules_of(version), now()
    lang = "zh" if is_chinese() else "en"
    fill(request, crumbs=(Link(_("Programmes"), "/programmes/"),))
    windows = sorted(queries.windows(version.programme), key=lambda window: window.opens_at)
    groups = listing.groups(rules, version.sha256, lang)
    document = rules.model.document
    return render(request, "programmes/programme.html", {
        "version": version, "title": rules.title.zh if lang == "zh" else rules.title.en, "document": document,
        "issued_by": document.issued_by.zh if lang == "zh" else document.issued_by.en,
        "today": instant.astimezone(SHANGHAI).date(), "groups": list(listing.rows(rules, groups, windows, instant)),
        "offers": listing.offered(rules, windows, instant, lang), "sample": rules.model.sample,
        "guides": [{"year": year, "title": guide.title.zh if lang == "zh" else guide.title.en, "sample": guide.sample}
                   for year, guide in sorted(rules.model.guides.items())],
    })  # fmt: skip
