"""Signing in by a provider of identity (统一身份认证): code, PKCE, nonce, and a signature that is always verified.

A provider vouches for who somebody is. It binds to an account in two ways alone: by an invitation that was opened
before, or as the first account of a new person of an enterprise. An equal e-mail binds nothing; none is even kept.
"""

from __future__ import annotations

import json
import logging
import secrets
from typing import Any
from urllib.parse import urlencode

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import get_client_ip
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_GET
from requests import RequestException

from jarlig.service.bodies.acts.accept_invitation import accept_by_provider
from jarlig.service.bodies.acts.sign_in import sign_in_failed
from jarlig.service.bodies.acts.sign_up import sign_up
from jarlig.service.bodies.models import Account
from jarlig.service.ground.errors import NotAllowed, Refused
from jarlig.service.web.account.adapter import LEGAL_PERSON, PROVIDER
from jarlig.service.web.context import Link
from jarlig.service.web.errors import refused

_log = logging.getLogger("jarlig.sign_in")
#: Signatures that are taken; one made with a shared secret, or none, is not.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
#: Where a session keeps the hash of the invitation that was opened.
INVITATION = "invitation"
LEEWAY = 60


class Checked(OpenIDConnectOAuth2Adapter):
    """Reads what a provider answers, and believes nothing that it did not sign for us and for this sign-in."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says about itself; it must call itself as we call it."""
        said: dict[str, Any] = super().openid_config
        if str(said.get("issuer", "")).rstrip("/") != self.get_provider().app.settings["server_url"]:
            raise OAuth2Error("the provider calls itself by another name")
        return said

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **more: Any) -> SocialLogin:
        """Who it is, by the signed token; what the provider tells beside it must be about the same one."""
        signed = self._signed(more["response"].get("id_token"), app)
        told = self._fetch_user_info(token.token) if "userinfo_endpoint" in self.openid_config else {}
        if told.get("sub", signed["sub"]) != signed["sub"]:
            raise OAuth2Error("the provider tells about somebody else")
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, {**told, **signed})
        login.nonce, login.claims = signed.get("nonce"), {**told, **signed}
        return login

    def _signed(self, token: Any, app: SocialApp) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json().get("keys", [])
        try:
            head = jwt.get_unverified_header(str(token))
            if head.get("alg") not in ALGORITHMS:
                raise OAuth2Error("a signature that is not taken")
            named = [key for key in keys if key.get("kid") == head.get("kid")] if "kid" in head else keys
            if len(named) != 1:  # a token may leave out which key it is where there is one
                raise OAuth2Error("a key that the provider does not know")
            one = named[0]
            key = jwt.PyJWK.from_json(json.dumps({**one, "alg": one.get("alg", head["alg"])}))
            signed: dict[str, Any] = jwt.decode(
                str(token), key.key, algorithms=[key.algorithm_name], audience=app.client_id,
                issuer=self.openid_config["issuer"], leeway=LEEWAY,
                options={"require": ["iss", "aud", "sub", "exp", "iat"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise OAuth2Error("a token that does not hold") from error
        return signed


class Verified(OpenIDConnectProvider):
    """A provider of the settings: what a link says changes neither what is asked of it nor what follows."""

    oauth2_adapter_class = Checked

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Only where to go afterwards is taken from the link, and only within this site."""
        asked = super().get_redirect_from_request_kwargs(request)
        return {"process": "login"} | ({"next_url": asked["next_url"]} if "next_url" in asked else {})

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **more: Any
    ) -> HttpResponse:  # fmt: skip
        """Sends the reader to the provider, with a nonce of this sign-in."""
        nonce = secrets.token_urlsafe(24)
        return super().redirect(
            request, process, next_url=next_url, data=data, auth_params={"nonce": nonce}, nonce=nonce, **more
        )

    def serialize(self) -> dict[str, Any]:
        """Which provider it is, by its own key: two of them may know us by the same name."""
        return {"id": self.app.provider_id, "app.client_id": self.app.client_id}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing: what the provider tells about a person is stored nowhere in the clear."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: an e-mail that a provider tells binds nothing."""
        return []

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing that allauth would fill in by itself."""
        return {}


class Identities(DefaultSocialAccountAdapter):
    """What becomes of somebody for whom a provider vouches."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Lets in who is known, binds who was invited, makes a person of an enterprise, and turns away the others."""
        stash = sociallogin.state.get("nonce")
        if not stash or not secrets.compare_digest(str(stash), str(sociallogin.nonce)):
            raise PermissionDenied("the answer belongs to another sign-in")
        app = sociallogin.provider.app
        request.session[PROVIDER] = app.provider_id
        if app.settings["audience"] == "legal_person":
            request.session[LEGAL_PERSON] = {
                "provider": app.provider_id, "subject": sociallogin.account.uid,
                "uscc": self._claim(sociallogin, "uscc"), "name": self._claim(sociallogin, "enterprise_name"),
            }  # fmt: skip
        if sociallogin.is_existing:
            return
        try:
            invitation = request.session.pop(INVITATION, None)
            if invitation is not None:
                sociallogin.connect(request, accept_by_provider(bytes.fromhex(invitation), app.provider_id))
            elif app.settings["audience"] == "officers":
                raise NotAllowed(
                    _("Nobody has invited you here."),
                    remedy=_("Ask an administrator of your body for an invitation, and sign in from its page."),
                )
        except Refused as error:
            raise ImmediateHttpResponse(refused(request, error)) from error

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Account:
        """Makes the person and the account of somebody new, of an enterprise."""
        account = Account(login=f"{sociallogin.provider.app.provider_id}-{secrets.token_hex(6)}")
        account.set_unusable_password()
        name = self._claim(sociallogin, "name") or account.login
        identity = self._claim(sociallogin, "identity_number")
        try:
            sign_up(account, name, sociallogin.provider.app.provider_id, identity)
        except Refused as error:
            raise ImmediateHttpResponse(refused(request, error)) from error
        sociallogin.connect(request, account)
        return account

    def on_authentication_error(self, request: HttpRequest, provider: Any, **more: Any) -> None:
        """One page for whatever went wrong on the way, and one act."""
        raise ImmediateHttpResponse(_broken(request, provider.app.provider_id, more.get("exception")))

    def _claim(self, sociallogin: SocialLogin, what: str) -> str:
        name = sociallogin.provider.app.settings["claims"].get(what)
        value = sociallogin.claims.get(name) if name else None
        return str(value).strip()[:200] if value is not None else ""


@require_GET
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sends the reader to the provider."""
    return _view(OAuth2LoginView, request, provider_id)


@require_GET
def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Takes the reader who comes back."""
    return _view(OAuth2CallbackView, request, provider_id)


def _view(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view.adapter_view(Checked(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404(provider_id) from None
    except (OAuth2Error, RequestException) as error:
        return _broken(request, provider_id, error)


def _broken(request: HttpRequest, provider_id: str, why: Exception | None) -> HttpResponse:
    _log.warning("sign-in by %s was broken off: %s", provider_id, str(why or "no state, or no code")[:200])
    sign_in_failed(provider_id, None, get_client_ip(request) or "", how=provider_id)
    error = NotAllowed(
        _("The sign-in at the provider was broken off, or its answer cannot be trusted."),
        remedy=_("Go back to the sign-in page and begin again."),
    )
    return refused(request, error)


def ways(after: str = "") -> list[Link]:
    """The providers of this installation, as links."""
    english = (get_language() or "").startswith("en")
    tail = "?" + urlencode({"next": after}) if after else ""
    return [
        Link(
            app["settings"]["name_en"] if english else app["name"],
            reverse("openid_connect_login", kwargs={"provider_id": app["provider_id"]}) + tail,
        )
        for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    ]


for _one in (begin, answer):
    _one.rule, _one.public = None, True
