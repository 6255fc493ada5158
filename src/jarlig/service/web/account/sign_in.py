"""Signing in by password, and out (登录与退出)."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jarlig.service.bodies.setup_code import is_empty
from jarlig.service.web.account.forms import SignInForm
from jarlig.service.web.account.oidc import ways
from jarlig.service.web.account.pages import FormPage
from jarlig.service.web.screens import screen


class SignIn(FormPage, LoginView):
    """Login and password; what follows, if anything, is for the second factor."""

    form_class = SignInForm
    template_name = "account/sign_in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; an installation without any account is set up first."""
        return HttpResponseRedirect(reverse("setup")) if is_empty() else super().get(request, *args, **kwargs)

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("Sign in"), "button": _("Sign in"), "ways": ways(self.request.GET.get("next", "")),
            "mail": settings.MAIL,
        }  # fmt: skip


@screen(None, public=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session of whoever asks."""
    logout(request)
    return HttpResponseRedirect("/")
