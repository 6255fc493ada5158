"""Passwords (密码): changed by who knows theirs, set anew by who reads the mail sent to them."""

from __future__ import annotations

from typing import Any

from allauth.account.views import (
    PasswordChangeView,
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.ground.errors import WrongState
from jarlig.service.web.account.forms import NewPasswordForm, PasswordForm, ResetForm
from jarlig.service.web.account.pages import FormPage, WordsPage


class Change(FormPage, PasswordChangeView):
    """The old password, and the new one twice; every other session ends."""

    form_class = PasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who signs in by a provider has no password here."""
        if not request.user.has_usable_password():
            raise WrongState(_("You sign in by a provider of identity and have no password here."))
        return super().dispatch(request, *args, **kwargs)

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("Change your password"), "button": _("Change password"), "back": reverse("account_home"),
            "intro": _("You stay signed in here and are signed out everywhere else."),
        }  # fmt: skip


class Forgotten(FormPage, PasswordResetView):
    """Sends a link, where mail can be sent; the answer is the same whether there is such an account or not."""

    form_class = ResetForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is here without a mail server: an administrator gives a new link."""
        if not settings.MAIL:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("I forgot my password"), "button": _("Send a link"), "back": reverse("account_login"),
            "intro": _("A link is sent to the e-mail of your account. Your second factor stays as it is."),
        }  # fmt: skip


class Sent(WordsPage, PasswordResetDoneView):
    """Says that a link was sent, if there is such an account."""

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("Look into your mailbox"),
            "text": _("If there is an account with this e-mail, a link was sent to it. It opens for three days."),
            "href": reverse("account_login"), "link": _("Back to the sign-in"),
        }  # fmt: skip


class Anew(FormPage, PasswordResetFromKeyView):
    """Takes a new password from who opened the link."""

    form_class = NewPasswordForm
    template_name = "account/reset.html"

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {"title": _("Choose a new password"), "button": _("Change password"), "mail": settings.MAIL}


class Done(WordsPage, PasswordResetFromKeyDoneView):
    """Says that the password is changed."""

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("Your password is changed"), "text": _("Sign in with it now."),
            "href": reverse("account_login"), "link": _("Sign in"),
        }  # fmt: skip
