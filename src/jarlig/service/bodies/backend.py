"""Whose password is right (认证): by login or verified e-mail, one hash whether there is such an account or not."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from jarlig.service.bodies.accounts import account_of_login
from jarlig.service.bodies.models import Account


class Passwords(AuthenticationBackend):
    """Knows accounts that are active and whose person has not left; the others sign in no more, at once."""

    def _authenticate(self, request: Any, **credentials: Any) -> Any:
        """The account of a login, or of an e-mail that was verified: one that anybody typed signs nobody in."""
        login = str(credentials.get("username") or credentials.get("email") or "")
        return self._check_password(account_of_login(login), str(credentials.get("password") or ""))

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether this account opens anything."""
        return bool(user.is_active and user.person.state == "active")

    @classmethod
    def _stash_user(cls, user: Any) -> Any:
        """A closed account with the right password is answered like a wrong one, not led on."""
        return None

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session, with its person."""
        found = Account.objects.select_related("person").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None
