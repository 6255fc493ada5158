"""Forms of the sign-in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm as PasswordAgainForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SignupForm,
)
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from jarlig.reference.divisions import divisions
from jarlig.service.bodies import attempts, kept
from jarlig.service.bodies.acts.change_factor import factor_changed
from jarlig.service.bodies.acts.sign_in import locked, sign_in_failed
from jarlig.service.bodies.codes import hash_of
from jarlig.service.web.account.adapter import TOO_MANY

#: Longer ones are not looked at: a megabyte of password would be a megabyte to hash.
LONGEST = 256
#: How long a code that was used is known; longer than any is good.
USED = timedelta(minutes=2)
NEW_PASSWORD = _("At least 12 characters. A sentence of several words is good; your login or a common password is not.")


def _login(label: Any, **more: Any) -> forms.CharField:
    plain = {"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.TextInput(plain), **more)


def _password(label: Any, kind: str = "current-password", **more: Any) -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": kind})
    return forms.CharField(label=label, max_length=LONGEST, strip=False, widget=widget, **more)


def _new(form: forms.Form, first: str = "password1", second: str = "password2") -> None:
    form.fields[first] = _password(_("New password"), "new-password", help_text=NEW_PASSWORD)
    form.fields[second] = _password(_("The same once more"), "new-password")


class SignInForm(LoginForm):
    """Login or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.clear()
        self.fields["login"] = _login(_("Login or e-mail"))
        self.fields["password"] = _password(_("Password"))


class AgainForm(PasswordAgainForm):
    """The password once more, before something is changed that proves who one is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password(_("Password"))


class PasswordForm(ChangePasswordForm):
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check = self.fields["password1"]
        self.fields["oldpassword"] = _password(_("Present password"))
        _new(self)
        self.fields["password1"].clean = lambda value: check.clean(value)  # it asks how strong the password is


class ResetForm(ResetPasswordForm):
    """The e-mail to which a link is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("E-mail"), max_length=LONGEST, widget=forms.EmailInput({"autocomplete": "email"})
        )


class NewPasswordForm(ResetPasswordKeyForm):
    """The new password twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check = self.fields["password1"]
        _new(self)
        self.fields["password1"].clean = lambda value: check.clean(value)


class SignUpForm(SignupForm):
    """Name, login, e-mail and password of a person of an enterprise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.clear()
        self.fields["name"] = forms.CharField(label=_("Your name"), max_length=LONGEST)
        self.fields["username"] = _login(_("Login"), min_length=3)
        self.fields["email"] = forms.EmailField(
            label=_("E-mail"), max_length=LONGEST, widget=forms.EmailInput({"autocomplete": "email"})
        )
        _new(self)


class InvitedForm(forms.Form):
    """The password that somebody invited chooses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new(self, "password", "again")

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", _("The two passwords differ."))
        return said


class SetUpForm(InvitedForm):
    """Region, administering body, and the first administrator."""

    code = forms.CharField(
        label=_("Set-up code"), max_length=LONGEST, help_text=_("It is printed where the server was started."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    region = forms.CharField(label=_("Name of the region"), max_length=LONGEST)
    division = forms.RegexField(
        r"^[1-9]\d{5}$", label=_("Division code"), help_text=_("Six digits, by GB/T 2260."),
        error_messages={"invalid": _("Write six digits, for example 150000.")},
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-10"}),
    )  # fmt: skip
    body = forms.CharField(
        label=_("Administering body"), max_length=LONGEST, help_text=_("The department that runs this installation.")
    )
    name = forms.CharField(label=_("Your name"), max_length=LONGEST)
    login = _login(_("Login"), min_length=3)
    email = forms.EmailField(label=_("E-mail"), max_length=LONGEST, required=False)

    def clean_division(self) -> str:
        """The code, if it is that of the region whose divisions the service knows: another's could not be imported."""
        code: str = self.cleaned_data["division"]
        region = divisions().region
        if code != region.code:
            name = region.zh if (get_language() or "zh").startswith("zh") else region.en
            raise forms.ValidationError(
                _("The service knows the divisions of this region: %(name)s (%(code)s). Write its code."),
                code="unknown", params={"name": name, "code": region.code},
            )  # fmt: skip
        return code


class InviteForm(forms.Form):
    """Whom an administrator invites."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST)
    login = _login(_("Login"), min_length=3)
    email = forms.EmailField(label=_("E-mail"), max_length=LONGEST, required=False)


class _Counted(forms.Form):
    """Before a form with one ``code``: attempts are counted and written down."""

    kind = "factor"

    def clean_code(self) -> str:
        """The code, unless it is wrong or too many were."""
        user: Any = self.user
        who, address = f"factor:{user.pk}", get_client_ip(context.request) or ""
        if not attempts.begin(who, address):
            if attempts.first_lock(who, address):
                locked(user.login, user, address)
            raise forms.ValidationError(TOO_MANY, code="locked")
        try:
            code: str = super().clean_code()
            if not kept.first(f"code:{user.pk}:{hash_of(code).hex()}", USED):
                raise get_adapter().validation_error("incorrect_code")
        except forms.ValidationError:
            attempts.failed(address)
            sign_in_failed(user.login, user, address, how=self.kind)
            raise
        attempts.succeeded(who)
        used = getattr(self, "authenticator", None)
        if used is not None and used.type == Authenticator.Type.RECOVERY_CODES:
            factor_changed(user, "code_used")
        return code


def _code(label: Any, **more: Any) -> forms.CharField:
    widget = forms.TextInput(
        {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}
    )
    return forms.CharField(label=label, max_length=40, widget=widget, **more)


class CodeForm(_Counted, AuthenticateForm):
    """A code of the second factor, at the sign-in."""

    code = _code(_("Code"), help_text=_("The six digits that your telephone shows now, or a recovery code."))


class CodeAgainForm(_Counted, ReauthenticateForm):
    """A code of the second factor, later on."""

    code = _code(_("Code"), help_text=_("The six digits that your telephone shows now, or a recovery code."))


class FirstCodeForm(_Counted, ActivateTOTPForm):
    """The first code, which shows that the telephone has the secret."""

    code = _code(_("Code"), help_text=_("The six digits that your telephone shows now."))
    kind = "factor_set_up"
