"""The estimate that a browser has open (本机测算): its code travels in a cookie that no script reads.

No address carries it. The cookie ends with the browser's session and goes to these pages alone. No cache keeps what
they show.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jarlig.service.estimates.queries import Estimate, estimate
from jarlig.service.web.screens import screen

COOKIE, PATH = "jarlig_estimate", "/estimate/"
CONFLICT = 409


def code_of(request: HttpRequest) -> str:
    """The code that the browser sent; empty without one."""
    return request.COOKIES.get(COOKIE, "")


def opened(response: HttpResponse, code: str) -> HttpResponse:
    """From now on the browser has this estimate open."""
    response.set_cookie(COOKIE, code, path=PATH, httponly=True, secure=settings.HTTPS, samesite="Lax")
    return response


def closed(response: HttpResponse) -> HttpResponse:
    """The browser has none open any more."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def kept_by_no_cache(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a view answers is the reader's own: neither the browser nor anything between keeps it."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return answered


def on_estimate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A public screen about the estimate that the browser has open, which it is given; else a page that says how on."""

    @screen(None, public=True)
    @kept_by_no_cache
    @wraps(view)
    def found(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        one: Estimate | None = estimate(code_of(request))
        if one is None:
            sent = request.method == "POST"
            answer = render(request, "estimate/none.html", {"sent": sent}, status=CONFLICT if sent else 200)
            return closed(answer) if code_of(request) else answer
        return view(request, one, **kwargs)

    return found
