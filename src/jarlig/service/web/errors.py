"""Pages for what went wrong (错误页): each says what happened and what the reader can do."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.template.loader import get_template
from django.utils.translation import gettext as _

from jarlig.service.ground.errors import NotAllowed, Refused
from jarlig.service.web.context import demonstration
from jarlig.service.web.refusal import Refusal, explained


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing is at this address."""
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """403: this person may not; the reason is said when there is one that they may know."""
    told = Refusal(reason or str(exception or ""), "")
    return render(request, "errors/403.html", {"told": told}, status=403)


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """The page of an act that was not done, by the status of its refusal; nothing was changed."""
    if isinstance(error, NotAllowed):
        return render(request, "errors/403.html", {"told": explained(request, error)}, status=error.status)
    template = "errors/404.html" if error.status == 404 else "errors/refused.html"
    told = {"reason": str(error.reason), "remedy": str(error.remedy), "back": _before(request)}
    return render(request, template, told, status=error.status)


def _before(request: HttpRequest) -> str:
    """The page of this site from which the reader came; empty where the browser does not say, or it is this one."""
    came = urlsplit(request.headers.get("Referer", ""))
    same = came.netloc == request.get_host() and came.path.startswith("/") and not came.path.startswith("//")
    address = came.path + (f"?{came.query}" if came.query else "")
    return address if same and (request.method != "GET" or address != request.get_full_path()) else ""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old: nothing was changed."""
    return forbidden(request, reason=_("This page had been open for too long. Go back, reload it and send it again."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 for a form that is too long: made like 500, for nobody knows how far the request was read."""
    if isinstance(exception, RequestDataTooBig):
        most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return bare("errors/413.html", 413, most=most)
    return bare("errors/400.html", 400)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: asked too often; time alone helps."""
    return render(request, "errors/429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our mistake; made without a database and without anything of the request."""
    return bare("errors/500.html", 500)


def unavailable(request: HttpRequest, reason: str = "") -> HttpResponse:
    """503: closed for a while; made like 500."""
    response = bare("errors/503.html", 503, reason=reason)
    response["Retry-After"] = "300"
    return response


def bare(template: str, status: int, **values: str) -> HttpResponse:
    """A page that needs nothing but its template."""
    return HttpResponse(get_template(template).render({"demo": demonstration(), **values}), status=status)
