"""Forms of the sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

#: Longer ones are not looked at: a megabyte of password would be a megabyte to hash.
LONGEST = 256


class SignInForm(LoginForm):
    """Login or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.clear()
        self.fields["login"] = forms.CharField(
            label=_("Login or e-mail"), max_length=LONGEST,
            widget=forms.TextInput({"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
        )  # fmt: skip
        self.fields["password"] = forms.CharField(
            label=_("Password"), max_length=LONGEST, strip=False,
            widget=forms.PasswordInput({"autocomplete": "current-password"}),
        )  # fmt: skip
