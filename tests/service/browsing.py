"""A browser for tests of whole requests: it keeps cookies, and sends a form only with the token of its page."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from tests.service.people import PASSWORD


def code_of(secret: str, ahead: int = 0) -> str:
    """The six digits that a telephone with this secret shows, so many steps of 30 seconds from now."""
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + ahead))


class Browser(Client):
    """Fills in forms as a person does: opens the page, takes the token from it, sends the form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **options)
        self.secret = ""
        self.recovery: list[str] = []

    def send(self, path: str, data: dict[str, Any], page: str = "", **options: Any) -> Any:
        """Opens a page and sends a form from it."""
        shown = self.get(page or path).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        assert token, f"no form with a token at {page or path}"
        return self.post(path, {**data, "csrfmiddlewaretoken": token[1]}, **options)

    def sign_in(self, login: str, password: str = PASSWORD, after: str = "") -> Any:
        """Sends login and password."""
        page = "/account/sign-in/" + (f"?next={after}" if after else "")
        return self.send(page, {"login": login, "password": password})

    def set_up_factor(self) -> Any:
        """Sets up the second factor and keeps the recovery codes that are shown once."""
        page = "/account/factor/set-up/"
        shown = self.get(page).content.decode()
        secret, token = (
            re.search(r'<code class="jl-secret"[^>]*>([^<]+)<', shown),
            re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown),
        )
        assert secret and token, shown
        self.secret = secret[1].replace(" ", "")
        answer = self.post(page, {"code": code_of(self.secret), "csrfmiddlewaretoken": token[1]})
        codes = self.get("/account/factor/recovery/").content.decode()
        self.recovery = [one.replace(" ", "") for one in re.findall(r'<code class="jl-secret">([^<]+)<', codes)]
        return answer

    def as_officer(self, login: str = "naren", password: str = PASSWORD) -> Browser:
        """Signed in, with a second factor that was just set up."""
        self.sign_in(login, password)
        self.set_up_factor()
        return self
