"""Text blocks (文书模板): what letters and pages say, with named places to fill in and no language of templates.

A text is words and ``{name}``. Nothing in it is computed, looked up or run: a name either is declared here by the room
that fills it in, or the text is refused; a value goes in as it is and is never read again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.models import TextBlock
from jarlig.service.ground.errors import Invalid, Missing

MOST_CHARACTERS = 20_000
_is_name = re.compile(r"[a-z][a-z0-9_]{0,39}").fullmatch
_brace = re.compile(r"\{([^{}\n]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Declared:
    """A text that some room sends or shows: its key, what it is for, and the places that may be filled in."""

    key: str
    title: Promise
    places: Mapping[str, Promise] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)


#: Every text that there is, by its key; rooms declare theirs when they are loaded.
TEXTS: dict[str, Declared] = {}


def declare(
    key: str, title: Promise, places: Mapping[str, Promise] | None = None, samples: Mapping[str, str] | None = None
) -> Declared:
    """Declares a text, the places that may be filled in and what a preview shows there.

    Raises:
        ValueError: for a place that is no name, a sample of no place, or a key declared otherwise before.
    """
    made = Declared(key, title, dict(places or {}), dict(samples or {}))
    wrong = [name for name in made.places if not _is_name(name)] + sorted(set(made.samples) - set(made.places))
    if wrong or (key in TEXTS and TEXTS[key].places.keys() != made.places.keys()):
        raise ValueError(f"text {key!r}: {wrong or 'declared otherwise before'}")
    TEXTS[key] = made
    return made


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its places filled in, and which version said so."""

    block: UUID
    key: str
    language: str
    version: int
    words: str


class NoText(Missing):
    """No version of a text is in force in this language."""


def languages() -> list[str]:
    """The languages in which texts are written, the binding one first."""
    return [code for code, _name in settings.LANGUAGES]


def check_text(key: str, body: str) -> list[str]:
    """The places that a text uses, in their order.

    Raises:
        Missing: for a key that no room has declared.
        Invalid: for a place that the key does not have or a brace that opens no place, with line and column.
    """
    if key not in TEXTS:
        raise Missing(_("There is no text “%(key)s”.") % {"key": key})
    known = TEXTS[key].places
    used: list[str] = []
    for match in _brace.finditer(body):
        at = {
            "line": body.count("\n", 0, match.start()) + 1,
            "column": match.start() - body.rfind("\n", 0, match.start()),
        }
        name = match[1]
        if name is None:
            raise Invalid(
                _("Line %(line)s, character %(column)s: a brace that is no place to fill in.") % at, field="body",
                remedy=_("Write {name} for a place, and no brace otherwise."),
            )  # fmt: skip
        if name not in known:
            listed = _(", ").join(f"{{{one}}}" for one in known) or _("none")
            raise Invalid(
                _("Line %(line)s, character %(column)s: this text has no place {%(name)s}.") % {**at, "name": name},
                field="body", remedy=_("It has: %(listed)s.") % {"listed": listed},
            )  # fmt: skip
        used.append(name)
    return list(dict.fromkeys(used))


def filled(body: str, values: Mapping[str, Any]) -> str:
    """The words with each place replaced by its value, once and as it is.

    Raises:
        KeyError: when a place has no value: a fault of whoever fills it in.
    """
    return _brace.sub(lambda match: str(values[match[1]]) if match[1] is not None else match[0], body)


def render(key: str, language: str, values: Mapping[str, Any]) -> Text:
    """The text in force in a language, filled in.

    Raises:
        NoText: when none is.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, version, body FROM jarlig.text_in_force(%s, %s)", [key, language])
        found = cursor.fetchone()
    if found is None:
        raise NoText(
            _("The text “%(key)s” is not in force in this language (%(language)s).")
            % {"key": key, "language": language},
            remedy=_("An administrator of the region writes it and a second one puts it in force."),
        )
    return Text(found[0], key, language, found[1], filled(found[2], values))


def preview(key: str, body: str) -> str:
    """A text filled in with samples, or with the words for its places."""
    one = TEXTS[key]
    return filled(body, {name: one.samples.get(name, f"〔{words}〕") for name, words in one.places.items()})


def standing() -> dict[tuple[str, str, str], TextBlock]:
    """The texts that are in force and the drafts, by key, language and state; of several drafts the latest."""
    found = TextBlock.objects.filter(state__in=("in_force", "draft")).order_by("version")
    return {(one.key, one.language, one.state): one for one in found}


def versions(key: str, language: str) -> list[TextBlock]:
    """All versions of a text that the reader may see, newest first."""
    return list(TextBlock.objects.filter(key=key, language=language).order_by("-version"))


declare("home.introduction", gettext_lazy("Introduction on the home page"))
declare("page.contact", gettext_lazy("Page: whom to ask"))
declare("page.accessibility", gettext_lazy("Page: accessibility statement"))
declare("page.privacy", gettext_lazy("Page: how personal data are treated"))
declare(
    "letter.invitation", gettext_lazy("Letter: invitation of an officer"),
    {
        "name": gettext_lazy("name of the person"), "office": gettext_lazy("name of the office"),
        "role": gettext_lazy("role of the seat"), "link": gettext_lazy("link by which to begin"),
        "until": gettext_lazy("day until which the link holds"),
    },
    {"name": "乌兰", "office": "赛罕区工业和信息化局", "role": "受理岗", "link": "https://…/", "until": "2023-10-09"},
)  # fmt: skip
