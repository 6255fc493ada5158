"""Signing in by a provider of identity, over real HTTP; and everything that must not be believed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import override_settings
from tests.service.browsing import Browser
from tests.service.people import Installation
from tests.service.web.account.reading import acts, is_in, sessions

from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.acts.leave import leave
from jarlig.service.bodies.models import Account, Area, Seat
from jarlig.service.enterprises.models import Membership
from jarlig.service.ground.context import Who, acting

VERIFIED = "jarlig.service.web.account.oidc.Verified"
#: The provider stands on a library that warns of its own next version.
pytestmark = [
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
GATE = Who(role="jarlig_gate")
New = Callable[..., Browser]
USERS = {
    "officer": {"name": "其木格", "id_no": "15010119900101001X", "email": "naren@example.org", "email_verified": True},
    "enterprise": {"name": "张三", "id_no": "150101198001010018", "email": "naren@example.org", "email_verified": True},
    "company": {"name": "李四", "uscc": "91150102MA9PTF0137", "corp": "草原云仓有限公司"},
    "stranger": {"name": "王五", "uscc": "91150100MA0MWXYZ1T", "corp": "某某有限公司"},
}


def app(audience: str, issuer: str) -> dict[str, Any]:
    """A provider as the settings have it."""
    return {
        "provider_id": audience.replace("_", "-"), "name": "统一身份认证", "client_id": "jarlig", "secret": "s3cret",
        "settings": {
            "server_url": issuer, "oauth_pkce_enabled": True, "scope": ["openid", "profile"], "audience": audience,
            "claims": {"name": "name", "identity_number": "id_no", "uscc": "uscc", "enterprise_name": "corp"},
            "name_en": "Single sign-in",
        },
    }  # fmt: skip


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A real provider on 127.0.0.1."""
    from oidc_provider_mock import User, run_server_in_thread

    people = [User(sub=sub, claims=claims) for sub, claims in USERS.items()]
    with run_server_in_thread(require_nonce=True, user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def providers(issuer: str, made: Installation) -> Iterator[str]:
    """Three providers of this installation: for officers, for enterprises, for legal persons."""
    apps = [app(audience, issuer) for audience in ("officers", "enterprises", "legal_person")]
    verified = "jarlig.service.web.account.oidc.Verified"
    with override_settings(
        SOCIALACCOUNT_PROVIDERS={
            "openid_connect": {"provider_class": verified, "OAUTH_PKCE_ENABLED": True, "APPS": apps}
        }
    ):
        yield issuer


def begin(one: Browser, provider: str) -> str:
    """Where the browser is sent."""
    answer = one.get(f"/account/oidc/{provider}/")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def approve(address: str, sub: str) -> str:
    """Somebody signs in at the provider; the address to which they are sent back, as this site sees it."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def by_provider(one: Browser, provider: str, sub: str) -> Any:
    """The whole way."""
    return one.get(approve(begin(one, provider), sub))


def test_the_provider_is_asked_with_state_nonce_and_a_challenge(providers: str, browser: New) -> None:
    said = parse_qs(urlsplit(begin(browser(), "officers")).query)
    assert said["response_type"] == ["code"] and said["code_challenge_method"] == ["S256"]
    assert len(said["state"][0]) >= 16 and len(said["nonce"][0]) >= 24 and len(said["code_challenge"][0]) == 43
    assert said["redirect_uri"] == ["http://testserver/account/oidc/officers/answer/"]
    tampered = browser().get("/account/oidc/officers/?process=connect&scope=admin&auth_params=prompt%3Dnone")
    assert "admin" not in tampered.headers["Location"] and "prompt" not in tampered.headers["Location"]
    page = browser().get("/account/sign-in/").content.decode()
    assert page.count("/account/oidc/") == 3
    assert browser().get("/account/oidc/nobody/").status_code == 404


def test_an_officer_who_was_not_invited_is_turned_away_though_the_email_is_known(providers: str, browser: New) -> None:
    one = browser()
    answer = by_provider(one, "officers", "officer")
    assert answer.status_code == 403 and "尚未受邀" in answer.content.decode()
    assert sessions() == 0
    with acting(GATE):
        assert Account.objects.count() == 1 and not SocialAccount.objects.exists()


def test_an_invited_officer_binds_the_provider_and_shows_a_second_factor_all_the_same(
    providers: str, browser: New, made: Installation
) -> None:
    with made.sits("root") as root:
        person, code = invite("其木格", "qimuge")
        appoint(person, root.body, root.area, "receiver")
    one = browser()
    assert "/account/oidc/officers/" in one.get(f"/account/invitation/{code}/").content.decode()
    assert by_provider(one, "officers", "officer").status_code == 302
    assert not is_in(one)
    one.set_up_factor()
    assert is_in(one) and "accept_invitation" in acts()
    assert browser().get(f"/account/invitation/{code}/").status_code == 404
    again = browser()
    assert by_provider(again, "officers", "officer").headers["Location"] == "/account/factor/ask/"
    assert not is_in(again)
    again.send("/account/factor/ask/", {"code": one.recovery[0]})
    assert is_in(again)
    with acting(GATE):
        bound = SocialAccount.objects.get()
        assert bound.user.person_id == person.id and bound.extra_data == {}
    with made.sits("root"):
        leave(person)
    late = browser()
    by_provider(late, "officers", "officer")
    assert not is_in(late) and not is_in(again)


def test_a_person_of_an_enterprise_gets_an_account_of_their_own(providers: str, browser: New) -> None:
    one = browser()
    assert by_provider(one, "enterprises", "enterprise").headers["Location"] == "/"
    assert is_in(one) and "张三" in one.get("/account/").content.decode()
    again = browser()
    by_provider(again, "enterprises", "enterprise")
    assert is_in(again)
    with acting(GATE):
        account = SocialAccount.objects.get().user
        assert account.person.name == "张三" and account.person.identity_index and not account.email
        assert b"150101198001010018" not in bytes(account.person.identity_sealed)
        assert not Seat.objects.filter(person=account.person).exists()
    assert acts().count("sign_up") == 1


def test_an_identity_number_that_is_known_is_bound_to_nobody_else(providers: str, browser: New) -> None:
    by_provider(browser(), "enterprises", "enterprise")
    with acting(GATE):
        SocialAccount.objects.all().delete()
    one = browser()
    answer = by_provider(one, "enterprises", "enterprise")
    assert answer.status_code == 409 and "已有账号" in answer.content.decode()
    assert not is_in(one)


def test_whom_a_provider_of_legal_persons_names_speaks_for_the_enterprise(
    providers: str, browser: New, made: Installation
) -> None:
    with made.sits("root") as root:
        banner = Area(name_zh="新城区", level="county", division="150102", parent=root.area)
        banner.path = f"{root.area.path}{banner.id}/"
        banner.save(force_insert=True)
    one = browser()
    assert by_provider(one, "legal-person", "company").headers["Location"] == "/"
    assert is_in(one)
    with acting(GATE):
        assert "problem" not in one.session["legal_person"]
        person = SocialAccount.objects.get().user.person
    with acting(Who(role="jarlig_person", person=person.id)):
        membership = Membership.objects.get()
        assert (person.name, membership.uscc, membership.state) == ("李四", "91150102MA9PTF0137", "accepted")


def test_a_legal_person_that_cannot_be_placed_signs_in_and_is_told_why(providers: str, browser: New) -> None:
    one = browser()
    by_provider(one, "legal-person", "stranger")
    assert is_in(one)
    with acting(GATE):
        assert one.session["legal_person"]["problem"]


def test_an_answer_without_its_state_signs_nobody_in(providers: str, browser: New) -> None:
    one, victim = browser(), browser()
    back = approve(begin(one, "enterprises"), "enterprise")
    assert victim.get(back).status_code == 403, "another browser"
    path, query = back.split("?")
    said = parse_qs(query)
    for changed in (f"code={said['code'][0]}", f"code={said['code'][0]}&state=other", "error=access_denied", ""):
        assert one.get(f"{path}?{changed}").status_code == 403
    assert sessions() == 0 and acts()[-1] == "sign_in_failed"
    assert one.get(back).status_code == 302
    assert browser().get(back).status_code == 403, "twice"


def test_an_answer_of_one_provider_is_no_answer_of_another(providers: str, browser: New) -> None:
    one = browser()
    back = approve(begin(one, "enterprises"), "enterprise")
    assert one.get(back.replace("/enterprises/", "/legal-person/")).status_code == 403
    assert sessions() == 0


def test_nobody_is_led_to_another_site_by_way_of_a_provider(providers: str, browser: New) -> None:
    one = browser()
    address = one.get("/account/oidc/enterprises/?next=//evil.example/").headers["Location"]
    assert one.get(approve(address, "enterprise")).headers["Location"] == "/"


@dataclass
class Liar:
    """A provider whose every answer the test writes."""

    key: Any = field(default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))
    issuer: str = "http://127.0.0.1:9"
    token: str = ""
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "mallory", "name": "某人"})
    sent: dict[str, Any] = field(default_factory=dict)

    def signed(self, expected: str, key: Any = None, algorithm: str = "RS256", kid: str = "1", **changes: Any) -> str:
        """A token with what is right, and what is changed about it."""
        moment = int(time.time())
        right = {
            "iss": self.issuer, "aud": "jarlig", "sub": "mallory", "nonce": expected, "iat": moment,
            "exp": moment + 300,
        }  # fmt: skip
        said = {name: value for name, value in {**right, **changes}.items() if value is not None}
        return jwt.encode(said, self.key if key is None else key, algorithm=algorithm, headers={"kid": kid})

    def answer(self, method: str, url: str, data: dict[str, Any]) -> Any:
        """What the provider says to one request."""
        if url.endswith("openid-configuration"):
            paths = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "jwks"}
            return {"issuer": self.issuer, "userinfo_endpoint": f"{self.issuer}/me"} | {
                name: f"{self.issuer}/{path}" for name, path in paths.items()
            }
        if url.endswith("/jwks"):
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return {"keys": [{**public, "kid": "1", "use": "sig"}]}
        if url.endswith("/token"):
            self.sent = data
            return {"access_token": "a", "token_type": "Bearer", "id_token": self.token}
        return self.userinfo


@pytest.fixture
def liar(made: Installation) -> Iterator[Liar]:
    """The liar on a port of its own, as the provider for enterprises."""
    import json
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    one = Liar()

    class Handler(BaseHTTPRequestHandler):
        def _say(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            data = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            body = json.dumps(one.answer(self.command, self.path, data)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _say

        def log_message(self, *_words: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one.issuer = f"http://127.0.0.1:{server.server_port}"
    apps = [app("enterprises", one.issuer)]
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"provider_class": VERIFIED, "APPS": apps}}):
        yield one
    server.shutdown()
    server.server_close()


def answered(liar: Liar, one: Browser, **changes: Any) -> Any:
    """The way back from the liar, with a token changed in one point."""
    said = parse_qs(urlsplit(begin(one, "enterprises")).query)
    liar.token = changes.pop("token", None) or liar.signed(said["nonce"][0], **changes)
    return one.get(f"/account/oidc/enterprises/answer/?code=c&state={said['state'][0]}")


def test_a_token_that_is_right_in_every_point_signs_in(liar: Liar, browser: New) -> None:
    one = browser()
    assert answered(liar, one).status_code == 302 and is_in(one)
    assert len(liar.sent["code_verifier"]) >= 43


STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize("changes", [
    {"nonce": "another"}, {"nonce": None}, {"aud": "somebody-else"}, {"iss": "http://127.0.0.1:1"}, {"exp": 1},
    {"exp": None}, {"sub": None}, {"key": STRANGER}, {"kid": "2"}, {"key": "s" * 32, "algorithm": "HS256"},
    {"token": "no.token.atall"}, {"sub": "another"},
], ids=lambda changes: "-".join(changes))  # fmt: skip
def test_a_token_that_is_wrong_in_one_point_signs_nobody_in(changes: dict[str, Any], liar: Liar, browser: New) -> None:
    one = browser()
    assert answered(liar, one, **changes).status_code == 403
    assert not is_in(one) and sessions() == 0
    assert acts()[-1] == "sign_in_failed"


def test_a_token_without_a_signature_signs_nobody_in(liar: Liar, browser: New) -> None:
    one = browser()
    assert answered(liar, one, key="", algorithm="none").status_code == 403
    assert not is_in(one)


def test_a_provider_that_calls_itself_by_another_name_is_not_asked(liar: Liar, browser: New) -> None:
    real = liar.answer
    liar.answer = lambda *asked: {**real(*asked), "issuer": "http://127.0.0.1:1"}  # type: ignore[method-assign]
    assert browser().get("/account/oidc/enterprises/").status_code == 403
