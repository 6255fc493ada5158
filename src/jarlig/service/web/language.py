"""The reader's choice of language (语言切换), kept in a cookie, and with the person of who is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jarlig.service.bodies.acts.choose_language import choose_language

YEAR = 365 * 24 * 3600


# A forged choice of language harms nobody, and a page without a token can be kept by a cache.
@csrf_exempt
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language and returns to the page the reader came from, which is always one of ours."""
    back = str(request.POST.get("next", ""))
    inside = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = HttpResponseRedirect(back if inside else "/")
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, str(language), max_age=YEAR, samesite="Lax", httponly=True,
            secure=settings.HTTPS,
        )  # fmt: skip
        if getattr(request, "person", None) is not None:
            choose_language(request.person, str(language))
    return response
