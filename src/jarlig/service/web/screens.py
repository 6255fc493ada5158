"""Which act a screen needs (页面权限): said where the view is written, asked before the view runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.bodies.permission import require
from jarlig.service.ground.errors import NotAllowed

View = Callable[..., HttpResponse]


def screen(
    act: str | None, *, thing: Callable[..., Any] | None = None, public: bool = False
) -> Callable[[View], View]:  # fmt: skip
    """Marks a view with the act that whoever sees it must be allowed to do.

    A reader who is not signed in is led to the sign-in and back; what they send unsigned is refused.

    Args:
        act: the act, or None for whoever is signed in.
        thing: from the request and the parts of its address, what the act would be done to.
        public: whether the screen is for readers without a name; then ``act`` is asked only where it is given.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not public and request.person is None:
                return _sign_in_first(request)
            if act is not None:
                require(act, thing(request, **kwargs) if thing else None)
            return view(request, *args, **kwargs)

        # Marks on a function, for the page of permissions and its tests; a function has no type that takes them.
        guarded.rule, guarded.public = act, public  # type: ignore[attr-defined]
        return guarded

    return decorate


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        raise NotAllowed(_("You are not signed in."), remedy=_("Sign in and send it again."))
    address = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):  # a part of a page: the whole page goes to the sign-in
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
