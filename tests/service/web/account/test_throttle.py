"""How often a password may be tried: by account, by address, by two processes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import connection
from tests.service.browsing import Browser
from tests.service.people import PASSWORD, Installation
from tests.service.web.account.reading import acts, is_in

from jarlig.service.bodies.models import Kept
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting

New = Callable[..., Browser]
_WINDOW, BY_ACCOUNT, BY_ADDRESS = settings.ATTEMPTS

#: Another process: it tries passwords at the same door and prints how often one was looked at.
TRIES = """
import sys
import django
django.setup()
from django.contrib.auth import hashers
from django.test import Client
looked = []
argon2 = type(hashers.get_hasher("argon2"))
real = argon2.verify
argon2.verify = lambda self, *given, **more: (looked.append(1), real(self, *given, **more))[1]
client = Client()
sys.stdin.readline()
for number in range(6):
    client.post("/account/sign-in/", {"login": "naren", "password": f"not this one {number}"})
print(len(looked))
"""


def test_the_sixth_attempt_is_not_looked_at_even_if_it_is_right(made: Installation, browser: New) -> None:
    one = browser()
    for _ in range(BY_ACCOUNT):
        assert one.sign_in("naren", "not this one at all").status_code == 422
    answer = one.sign_in("naren")
    assert answer.status_code == 422 and "错误次数过多" in answer.content.decode()
    one.sign_in("naren")
    assert acts().count("sign_in_locked") == 1, "a lock is written down once"
    with acting(Who(role="jarlig_gate")):
        Kept.objects.update(expires_at=now() - timedelta(seconds=1))  # five minutes later
    assert one.sign_in("naren").status_code == 302


def test_an_unknown_login_is_locked_like_a_known_one(made: Installation, browser: New) -> None:
    told = {}
    for login in ("naren", "nobody"):
        one = browser(REMOTE_ADDR=f"203.0.113.{len(login)}")
        answers = [one.sign_in(login, "not this one at all") for _ in range(BY_ACCOUNT + 1)]
        told[login] = [(each.status_code, "错误次数过多" in each.content.decode()) for each in answers]
    assert told["naren"] == told["nobody"] and told["naren"][-1] == (422, True)


def test_a_right_password_takes_its_own_attempt_back_and_no_other(made: Installation, browser: New) -> None:
    one = browser()
    for _ in range(BY_ACCOUNT - 1):
        one.sign_in("naren", "not this one at all")
    for _ in range(3):
        assert browser().sign_in("naren").status_code == 302
    one.sign_in("naren", "not this one at all")
    assert one.sign_in("naren").status_code == 422


def test_an_address_that_tries_many_logins_is_locked(made: Installation, browser: New) -> None:
    one, elsewhere = browser(REMOTE_ADDR="203.0.113.7"), browser(REMOTE_ADDR="203.0.113.8")
    for number in range(BY_ADDRESS):
        one.sign_in(f"nobody{number}", "not this one at all")
    assert one.sign_in("naren").status_code == 422
    assert elsewhere.sign_in("naren").status_code == 302


def test_a_header_that_anybody_can_send_changes_no_address(made: Installation, browser: New) -> None:
    for number in range(BY_ADDRESS):
        browser(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}").sign_in(f"nobody{number}", "not this one at all")
    assert browser(HTTP_X_FORWARDED_FOR="198.51.100.99").sign_in("naren").status_code == 422


def test_two_processes_at_once_look_at_no_more_passwords_than_one(made: Installation, own_db: str) -> None:
    address = os.environ["JARLIG_DATABASE_URL"].replace("/tests", f"/{own_db}", 1)
    assert own_db in address
    connection.close()
    env = {**os.environ, "JARLIG_DATABASE_URL": address, "PYTHONPATH": os.pathsep.join(sys.path)}
    both = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", TRIES], env=env, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for each in both:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    looked = sum(int(each.communicate(timeout=120)[0]) for each in both)
    assert looked == BY_ACCOUNT


def test_a_locked_account_goes_on_where_it_is_signed_in(made: Installation, browser: New) -> None:
    inside, outside = browser().as_officer(), browser()
    for _ in range(BY_ACCOUNT + 1):
        outside.sign_in("naren", "not this one at all")
    assert is_in(inside) and PASSWORD
