"""An account for a person of an enterprise (企业人员注册), and the e-mail that is verified for it."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ConfirmEmailView, EmailVerificationSentView, SignupView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.web.account.forms import SignUpForm
from jarlig.service.web.account.pages import FormPage, WordsPage


class SignUp(FormPage, SignupView):
    """Name, login, e-mail, password; officers are invited instead."""

    form_class = SignUpForm

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("Make an account for an enterprise"), "button": _("Make the account"),
            "back": reverse("account_login"),
            "intro": _("For people of enterprises. Officers are invited by their administrator instead."),
        }  # fmt: skip


class LetterSent(WordsPage, EmailVerificationSentView):
    """Says that a letter is on its way."""

    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("Look into your mailbox"),
            "text": _("A link was sent to the e-mail you gave. Open it, and the account is yours."),
            "href": reverse("account_login"), "link": _("Back to the sign-in"),
        }  # fmt: skip


class Confirm(ConfirmEmailView):
    """Verifies an e-mail by the link that was sent to it: it is shown first, and done by a button."""

    template_name = "account/confirm.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the template is given."""
        given: dict[str, Any] = super().get_context_data(**kwargs)
        return {"confirmation": None, **given}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page with its button, or that the link opens nothing any more."""
        return super().get(request, *args, **kwargs)
