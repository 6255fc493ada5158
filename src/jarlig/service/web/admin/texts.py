"""Text blocks (文书模板): what letters and pages say, in the languages beside each other, by two persons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.acts.discard_text import discard_text
from jarlig.service.bodies.acts.put_text_in_force import put_text_in_force
from jarlig.service.bodies.acts.write_text import write_text
from jarlig.service.bodies.queries import names, text_at
from jarlig.service.bodies.texts import TEXTS, Declared, languages, preview, standing, versions
from jarlig.service.ground.clock import SHANGHAI
from jarlig.service.ground.errors import Missing
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
    sent,
    show,
    steps_of_draft,
    to_do,
    within,
)
from jarlig.service.web.context import Link
from jarlig.service.web.figures import moment
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Table


def _declared(key: str) -> Declared:
    if key not in TEXTS:
        raise Missing(_("There is no text “%(key)s”.") % {"key": key})
    return TEXTS[key]


def _block(request: HttpRequest, key: Any) -> Any:
    return text_at(key)


def _crumb() -> Link:
    return Link(_("Text blocks"), reverse("admin-texts"))


def _language(code: str) -> str:
    return str(dict(settings.LANGUAGES)[code])


@screen(act="see_administration")
def texts(request: HttpRequest) -> HttpResponse:
    """Every text that there is, and how it stands in each language."""
    table = Table(
        key="texts",
        caption=_("Text blocks"),
        order="title",
        columns=(
            Column("title", _("Text"), "link", sortable=True, head=True),
            Column("key", _("Key"), sortable=True),
            Column("places", _("Places"), wide=True),
            *(Column(code, _language(code), "status") for code in languages()),
        ),
        filters=(Filter("q", _("Text or key")),),
    )
    stands = standing()
    rows = [
        {
            "title": Link(str(item.title), reverse("admin-text", args=[item.key])),
            "key": item.key,
            "places": " ".join(f"{{{name}}}" for name in item.places),
            **{code: _stands(stands, item.key, code) for code in languages()},
        }
        for item in TEXTS.values()
    ]
    return listed(
        request,
        table,
        rows,
        intro=_(
            "What letters and pages say, in each language. One person writes a version, a second puts it in force."
        ),
    )


def _stands(stands: dict[tuple[str, str, str], Any], key: str, code: str) -> Any:
    return WORDS[
        "draft" if (key, code, "draft") in stands else "in_force" if (key, code, "in_force") in stands else "missing"
    ]


@screen(act="see_administration")
def text(request: HttpRequest, key: str) -> HttpResponse:
    """One text: both languages beside each other, places, versions."""
    found = _declared(key)
    every = {code: versions(key, code) for code in languages()}
    known = names(
        person
        for blocks in every.values()
        for block in blocks
        for person in (block.written_by_id, block.put_in_force_by_id)
    )
    beside = []
    for code, blocks in every.items():
        current = next((block for block in blocks if block.state == "in_force"), None)
        draft = next((block for block in blocks if block.state == "draft"), None)
        beside.append(
            {
                "code": "zh-Hans" if code.startswith("zh") else code,
                "name": _language(code),
                "current": current,
                "draft": draft,
                "current_seen": preview(key, current.body) if current else "",
                "draft_seen": preview(key, draft.body) if draft else "",
                "todo": [
                    to_do(
                        "write_text",
                        None,
                        reverse("admin-text-write", args=[key, code]),
                        text=_("Write a version (%(language)s)") % {"language": _language(code)},
                    ),
                    *(steps_of_draft("text", draft) if draft else ()),
                ],
            }
        )
    rows = [
        (
            _("%(language)s, version %(version)s") % {"language": _language(code), "version": block.version},
            WORDS[block.state],
            person_link(block.written_by_id, known),
            moment(block.written_at.astimezone(SHANGHAI)),
            person_link(block.put_in_force_by_id, known),
        )
        for code, blocks in every.items()
        for block in blocks
    ]
    shown = Shown(
        title=str(found.title),
        caption=found.key,
        sections=[
            Section(
                _("Places to fill in"),
                (_("Place"), _("What goes there"), _("Sample")),
                [(f"{{{name}}}", words, found.samples.get(name, "")) for name, words in found.places.items()],
                _("This text has no places to fill in."),
            ),
            Section(
                _("Versions"),
                (_("Version"), _("State"), _("Written by"), _("Written"), _("Put in force by")),
                rows,
                _("Nobody has written this text yet."),
            ),
        ],
    )
    return show(request, shown, _crumb(), template="admin/text.html", beside=beside)


class TextForm(forms.Form):
    """The words of a version."""

    body = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": "14"}), strip=False)


@screen(act="write_text")
def write(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Writes a version in one language."""
    found = _declared(key)
    if language not in languages():
        raise Missing(_("There is no such language."))
    stands = standing()
    last = stands.get((key, language, "draft")) or stands.get((key, language, "in_force"))
    form = TextForm(sent(request), initial={"body": last.body if last else ""})
    places = _(", ").join(f"{{{name}}}（{words}）" for name, words in found.places.items())
    form.fields["body"].help_text = (
        _("Places to fill in: %(places)s. There is nothing else between braces.") % {"places": places}
        if places
        else _("This text has no places to fill in.")
    )
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["body"]
        if attempted(form, lambda: write_text(key, language, body)):
            return go("admin-text", key, done="write_text")
    within(request, _crumb(), Link(str(found.title), reverse("admin-text", args=[key])), Link(_("Write a text"), ""))
    return render_form(
        request,
        form,
        title=_("%(title)s (%(language)s)") % {"title": found.title, "language": _language(language)},
        caption=key,
        button=_("Save as draft"),
    )


@screen(act="put_text_in_force", thing=_block)
def put_in_force(request: HttpRequest, key: Any) -> HttpResponse:
    """A second person puts a version in force."""
    found = _block(request, key)
    return confirm(
        request,
        "put_text_in_force",
        lambda _reason: put_text_in_force(found),
        reverse("admin-text", args=[found.key]),
        intro=_("From now on version %(version)s is what is sent and shown; the one before is kept.")
        % {"version": found.version},
    )


@screen(act="discard_text", thing=_block)
def discard(request: HttpRequest, key: Any) -> HttpResponse:
    """Puts a draft aside."""
    found = _block(request, key)
    return put_aside(
        request,
        "discard_text",
        lambda reason: discard_text(found, reason=reason),
        reverse("admin-text", args=[found.key]),
    )
