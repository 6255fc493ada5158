"""What allauth asks about accounts and factors (账号适配): answered by our acts, counted by our counts."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jarlig.service.bodies import attempts
from jarlig.service.bodies.accounts import account_of_login
from jarlig.service.bodies.acts.change_password import change_password
from jarlig.service.bodies.acts.sign_in import locked, sign_in_failed, signed_in, signed_out
from jarlig.service.bodies.acts.sign_up import sign_up
from jarlig.service.bodies.models import Account
from jarlig.service.bodies.seats import seats_of
from jarlig.service.bodies.sessions import FACTOR
from jarlig.service.enterprises.acts.accept_by_proof import VerifiedClaims, accept_by_proof
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import Refused
from jarlig.service.ground.personal import seal, unseal

SECRET = "factor.secret"
PROVIDER = "provider"
#: Where a session keeps the legal person that a provider vouched for, and why that could not be taken, if it could not.
LEGAL_PERSON = "legal_person"
TOO_MANY = _("Too many wrong attempts. Wait five minutes, then try again.")


class Accounts(DefaultAccountAdapter):
    """Signing in, out and up, and passwords."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": TOO_MANY,
        "username_password_mismatch": _("Login or password is wrong."),
        "email_password_mismatch": _("Login or password is wrong."),
        "incorrect_password": _("The password is wrong."),
        "enter_current_password": _("The password is wrong."),
        "username_taken": _("Somebody has this login already."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Looks at a password, unless too many were wrong; each answer is written down."""
        login = str(credentials.get("username") or credentials.get("email") or "")
        account = account_of_login(login)
        who, address = str(account.id) if account else login.casefold(), self.get_client_ip(request)
        if not attempts.begin(who, address):
            if attempts.first_lock(who, address):
                locked(login, account, address)
            raise self.validation_error("too_many_login_attempts")
        found = super().authenticate(request, **credentials)
        if found:
            attempts.succeeded(who)
        else:
            attempts.failed(address)
            sign_in_failed(login, account, address)
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: attempts are counted in ``authenticate``."""

    def pre_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse | None:
        """Turns away closed accounts and people who left, by whatever way they came."""
        if not user.is_active or user.person.state != "active":
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        return None

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begins the session under a new key and writes it down."""
        super().login(request, user)
        signed_in(user, self.get_client_ip(request), request.session.pop(PROVIDER, "password"))
        if LEGAL_PERSON in request.session:
            request.session[LEGAL_PERSON] = spoken_for(user, request.session[LEGAL_PERSON])

    def logout(self, request: HttpRequest) -> None:
        """Ends the session and writes it down."""
        if request.user.is_authenticated:
            signed_out(request.user)
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """Sets a password by the act; every session ends."""
        change_password(user, password)

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        """Makes person and account of whoever signs up."""
        said = form.cleaned_data
        user.login, user.email = said["username"], said.get("email") or ""
        user.set_password(said["password1"])
        return sign_up(user, said["name"], "form")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The front page, or the choice of a seat for who has several."""
        several = request.user.is_authenticated and len(seats_of(request.user.person_id)) > 1
        return reverse("account_seat") if several else settings.LOGIN_REDIRECT_URL

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The page of the account."""
        return reverse("account_home")

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whether the last proof of who it is lies too far back for a change of what proves it."""
        records = get_authentication_records(context.request, context.request.user)
        last = max((one["at"] for one in records), default=0.0)
        return bool(time.time() - last > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


class Factors(DefaultMFAAdapter):
    """Second factors: their secrets encrypted, and never taken away by an officer alone."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong. Codes change every 30 seconds, and each is taken once."),
        "cannot_delete_authenticator": _("Officers sign in with a second factor; it cannot be taken away."),
    }

    def encrypt(self, text: str) -> str:
        """A secret as it is stored."""
        return base64.b64encode(seal(text, SECRET)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A stored secret."""
        return unseal(base64.b64decode(encrypted_text), SECRET)

    def get_totp_label(self, user: Any) -> str:
        """How the entry is called on the telephone."""
        return str(user.login)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whether it is nobody's who holds a seat."""
        return not seats_of(authenticator.user.person_id)


def spoken_for(account: Account, said: dict[str, str]) -> dict[str, str]:
    """Lets a person speak for the enterprise that a provider names; the sign-in stands whether that is taken or not."""
    try:
        with transaction.atomic(), on_behalf_of(role="jarlig_person", person=account.person_id):
            accept_by_proof(VerifiedClaims(said["provider"], said["subject"], said["uscc"], said["name"]))
    except Refused as error:
        return {**said, "problem": str(error)}
    return said


def factor_shown(request: HttpRequest, account: Any) -> None:
    """From now on the session may be that of an officer."""
    request.session[FACTOR] = str(account.pk)
