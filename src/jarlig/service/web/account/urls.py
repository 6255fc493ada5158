"""Addresses of the sign-in; names are those by which allauth knows them."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, re_path

from jarlig.service.web.account import factor, home, invitation, oidc, password, seat, sign_in, sign_up
from jarlig.service.web.screens import screen

_RESET = r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$"


def _anyone(view: Any) -> Any:
    return screen(None, public=True)(view.as_view())


def _signed_in(view: Any) -> Any:
    return screen(None)(view.as_view())


urlpatterns: list[URLPattern] = [
    path("", home.show, name="account_home"),
    path("sign-in/", _anyone(sign_in.SignIn), name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("sign-up/", _anyone(sign_up.SignUp), name="account_signup"),
    path("sign-up/sent/", _anyone(sign_up.LetterSent), name="account_email_verification_sent"),
    path("sign-up/<str:key>/", _anyone(sign_up.Confirm), name="account_confirm_email"),
    path("seat/", seat.change, name="account_seat"),
    path("again/", _signed_in(factor.AskPassword), name="account_reauthenticate"),
    path("password/", _signed_in(password.Change), name="account_change_password"),
    path("password/forgotten/", _anyone(password.Forgotten), name="account_reset_password"),
    path("password/sent/", _anyone(password.Sent), name="account_reset_password_done"),
    re_path(_RESET, _anyone(password.Anew), name="account_reset_password_from_key"),
    path("password/done/", _anyone(password.Done), name="account_reset_password_from_key_done"),
    path("factor/", factor.index, name="mfa_index"),
    path("factor/set-up/", _signed_in(factor.SetUp), name="mfa_activate_totp"),
    path("factor/take-away/", _signed_in(factor.TakeAway), name="mfa_deactivate_totp"),
    path("factor/ask/", _anyone(factor.Ask), name="mfa_authenticate"),
    path("factor/again/", _signed_in(factor.AskAgain), name="mfa_reauthenticate"),
    path("factor/recovery/", _signed_in(factor.Codes), name="mfa_view_recovery_codes"),
    path("factor/recovery/new/", _signed_in(factor.NewCodes), name="mfa_generate_recovery_codes"),
    path("invitation/", invitation.write, name="account_invite"),
    path("invitation/made/", invitation.written, name="account_invited"),
    path("invitation/<str:code>/", invitation.accept, name="account_invitation"),
    path("oidc/<slug:provider_id>/", oidc.begin, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/answer/", oidc.answer, name="openid_connect_callback"),
]
