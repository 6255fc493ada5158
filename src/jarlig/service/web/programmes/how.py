"""How it works (办事说明): how a sum comes about, what the answers and signs mean, how a version comes into force."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jarlig.ladder.outcome import OUTCOMES
from jarlig.service.web.programmes.telling import language
from jarlig.service.web.screens import screen
from jarlig.service.web.status import TONES
from jarlig.words.catalogue import say as words
from jarlig.words.handbook_page.rules import BADGES
from jarlig.words.handbook_page.sayings import say

#: The signs of the steps, in the order in which a sum climbs them, with what each does.
_STEPS = ("base", "rate", "each", "cap", "limit", "less", "floor", "round", "award")


@screen(None, public=True)
def how(request: HttpRequest) -> HttpResponse:
    """The page that explains the others; nothing of it is about one programme."""
    lang = language()
    return render(request, "programmes/how.html", {
        "badges": {name: BADGES[lang][name] for name in _STEPS},
        "outcomes": [(words("outcome." + name, lang), say("outcome." + name, lang)) for name in OUTCOMES],
        "tones": [(tone.key, tone.zh if lang == "zh" else tone.en) for tone in TONES],
    })  # fmt: skip
