"""The second factor (双因素认证): set up, asked for, renewed; codes of a telephone and codes for the day it is lost."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.views import ReauthenticateView as PasswordAgainView
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from jarlig.service.bodies.acts.change_factor import factor_changed, has_factor
from jarlig.service.bodies.sessions import FACTOR
from jarlig.service.web.account.adapter import factor_shown
from jarlig.service.web.account.forms import AgainForm, CodeAgainForm, CodeForm, FirstCodeForm
from jarlig.service.web.account.pages import FormPage
from jarlig.service.web.screens import screen

_WAITING = "account_reauthentication_state"


@screen(None)
def index(request: HttpRequest) -> HttpResponse:
    """Whether there is a second factor; officers without one, or who have not shown it here, are led on."""
    there = has_factor(request.user)
    if request.seats and not there:
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    if request.seats and request.session.get(FACTOR) != str(request.user.pk):
        after = urlencode({"next": request.GET.get("next", "/")})
        return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{after}")
    return render(request, "account/factor.html", {"there": there, "officer": bool(request.seats)})


class SetUp(FormPage, ActivateTOTPView):
    """Shows the secret as a picture and as text, and takes the first code."""

    form_class = FirstCodeForm
    template_name = "account/factor_set_up.html"

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        intro = ""
        if self.request.seats:
            intro = _("Whoever holds a seat signs in with a second factor. Set it up now; nothing else opens before.")
        return {"title": _("Set up your second factor"), "button": _("Confirm"), "intro": intro}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the template is given; the picture without its XML head."""
        given = super().get_context_data(**kwargs)
        picture, secret = given["totp_svg"].partition("<svg")[2], given["form"].secret
        grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return {**given, "picture": Markup("<svg" + picture), "secret": grouped}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keeps the factor; the session has shown it."""
        response = super().form_valid(form)
        factor_shown(self.request, self.request.user)
        factor_changed(self.request.user, "set_up")
        return response


class TakeAway(FormPage, DeactivateTOTPView):
    """Takes the factor away, for who holds no seat."""

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("Take away your second factor"), "button": _("Take away"), "back": reverse("mfa_index"),
            "intro": _("After that your password alone opens your account, and your recovery codes open nothing."),
        }  # fmt: skip

    def form_valid(self, form: Any) -> HttpResponse:
        """Takes it away."""
        factor_changed(self.request.user, "removed")
        self.request.session.pop(FACTOR, None)
        return super().form_valid(form)


class Ask(FormPage, AuthenticateView):
    """Asks for the code at the sign-in."""

    form_class = CodeForm

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {"title": _("Your second factor"), "button": _("Sign in"), "back": reverse("account_login")}

    def form_valid(self, form: Any) -> HttpResponse:
        """Signs in; the session has shown the factor."""
        factor_shown(self.request, self.stage.login.user)
        return super().form_valid(form)


class AskAgain(FormPage, ReauthenticateView):
    """Asks for the code of somebody who is signed in."""

    form_class = CodeAgainForm

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {"title": _("Your second factor"), "button": _("Continue"), "intro": _("Show once more that it is you.")}

    def form_valid(self, form: Any) -> HttpResponse:
        """Goes on to where the reader was; nothing that was sent before is sent again."""
        factor_shown(self.request, self.request.user)
        self.request.session.pop(_WAITING, None)
        return super().form_valid(form)


class AskPassword(FormPage, PasswordAgainView):
    """Asks for the password of somebody who is signed in."""

    form_class = AgainForm

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {"title": _("Your password"), "button": _("Continue"), "intro": _("Show once more that it is you.")}

    def form_valid(self, form: Any) -> HttpResponse:
        """Goes on to where the reader was; nothing that was sent before is sent again."""
        self.request.session.pop(_WAITING, None)
        return super().form_valid(form)


class Codes(ViewRecoveryCodesView):
    """Shows the recovery codes, once."""

    template_name = "account/recovery.html"


class NewCodes(FormPage, GenerateRecoveryCodesView):
    """Makes new recovery codes; the old ones open nothing more."""

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("Make new recovery codes"), "button": _("Make new codes"), "back": reverse("mfa_index"),
            "intro": _("The codes you have now will open nothing."),
        }  # fmt: skip

    def form_valid(self, form: Any) -> HttpResponse:
        """Makes them."""
        factor_changed(self.request.user, "codes_renewed")
        return super().form_valid(form)
