"""A demonstration lets anybody be anybody, so it answers this machine alone (仅限本机)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jarlig.service.web.errors import bare


class OnlyHere:
    """Refuses a request that comes from elsewhere, or through a proxy that may bring one from there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Looks where the request comes from before anything else does."""
        forwarded = any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"))
        if forwarded or not is_here(request.META.get("REMOTE_ADDR", "")):
            return bare("demo/elsewhere.html", 403, reason=_("A demonstration answers this machine alone."))
        return self.get_response(request)


def is_here(address: str) -> bool:
    """Whether an address is of this machine."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
