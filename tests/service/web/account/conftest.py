"""Browsers that keep cookies and must send a token with every form, over a database of the test's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.service.people import PASSWORD, Installation, installation


class Browser(Client):
    """Fills in forms as a person does: opens the page, takes the token from it, sends the form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(enforce_csrf_checks=True, raise_request_exception=True, **options)

    def send(self, path: str, data: dict[str, Any], page: str = "", **options: Any) -> Any:
        """Opens a page and sends a form from it."""
        shown = self.get(page or path).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        assert token, f"no form with a token at {page or path}"
        return self.post(path, {**data, "csrfmiddlewaretoken": token[1]}, **options)

    def sign_in(self, login: str, password: str = PASSWORD, next: str = "") -> Any:
        """Sends login and password."""
        return self.send(
            "/account/sign-in/" + (f"?next={next}" if next else ""), {"login": login, "password": password}
        )


@pytest.fixture
def browser() -> Callable[..., Browser]:
    """A new browser."""
    return Browser


@pytest.fixture
def made(own_db: str) -> Installation:
    """An installation whose first administrator can sign in."""
    return installation()
