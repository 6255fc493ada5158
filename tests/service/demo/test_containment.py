"""What belongs to a demonstration stays in it: its database, its machine, its clock."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests.service.demo.conftest import told
from tests.service.people import installation

from jarlig.cli.trouble import Trouble
from jarlig.service.demo.clock import BEGINS
from jarlig.service.demo.middleware import is_here
from jarlig.service.ground.clock import is_demonstration, now
from jarlig.service.ground.context import Who, acting
from jarlig.service.launch.cluster import Cluster
from jarlig.service.launch.preparing import mark_demonstration
from jarlig.service.launch.state import served


def seeding(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "jarlig.service", "seed"]
    return subprocess.run(words, env={**environ, "PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True)


def test_an_installation_has_no_picker(own_db: str) -> None:
    assert "jarlig.service.demo" not in settings.INSTALLED_APPS
    assert Client().get("/demo/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("demo-pick")


def test_processes_on_a_server_get_the_settings_of_an_installation() -> None:
    environ = {"JARLIG_DATABASE_URL": "postgresql://a:b@db.example/jarlig", "DJANGO_SETTINGS_MODULE": "any.demo"}
    assert served(environ)["DJANGO_SETTINGS_MODULE"] == "jarlig.service.config.settings"


def test_a_demonstration_is_never_on_a_server(server: Cluster) -> None:
    done = seeding(told(server, "tests", JARLIG_DATABASE_URL="postgresql://a:b@127.0.0.1:5432/jarlig"))
    assert done.returncode == 2
    assert "never on a server" in done.stderr and "数据库服务器" in done.stderr and "Traceback" not in done.stderr


def test_a_database_without_the_mark_is_refused_with_a_sentence(own_db: str, server: Cluster) -> None:
    done = seeding(told(server, own_db))
    assert done.returncode == 2
    assert "not marked as demonstration" in done.stderr and "Traceback" not in done.stderr
    with acting(Who(role="jarlig_gate")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bodies_area")
        assert cursor.fetchone() == (0,)


def test_a_database_in_use_is_never_marked(own_db: str, server: Cluster) -> None:
    installation()
    with pytest.raises(Trouble, match="cannot become a demonstration"):
        mark_demonstration(server.addresses(own_db)[0])
    with acting(Who()):
        assert not is_demonstration()


def test_marking_again_leaves_the_clock_alone(demonstration: str, server: Cluster) -> None:
    installation()
    mark_demonstration(server.addresses(demonstration)[0])
    with acting(Who()):
        assert is_demonstration() and BEGINS <= now() < BEGINS + timedelta(minutes=5)


def test_the_clock_moves_nowhere_but_in_a_marked_database(own_db: str, server: Cluster) -> None:
    with psycopg.connect(server.addresses(own_db)[0]) as owner, pytest.raises(psycopg.errors.ForeignKeyViolation):
        owner.execute("INSERT INTO jarlig.clock VALUES ('demonstration', '-1 day')")
    with acting(Who()), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("INSERT INTO jarlig.clock VALUES ('demonstration', '-1 day')")


def test_the_clock_of_a_demonstration_runs_on(demonstration: str) -> None:
    def moment() -> datetime:
        with acting(Who()):
            return now()

    first = moment()
    second = moment()
    assert BEGINS <= first < second < first + timedelta(seconds=30)
    assert (first.year, first.month, first.day, first.utcoffset()) == (2023, 10, 10, timedelta(hours=8))


@pytest.mark.parametrize(
    "request_from",
    [
        {"REMOTE_ADDR": "10.0.0.7"}, {"REMOTE_ADDR": ""}, {"HTTP_X_FORWARDED_FOR": "10.0.0.7"},
        {"HTTP_FORWARDED": "for=x"},
    ],
)  # fmt: skip
def test_a_demonstration_answers_this_machine_alone(demonstration: str, request_from: dict[str, str]) -> None:
    response = Client(SERVER_NAME="127.0.0.1", **request_from).get("/demo/")
    assert response.status_code == 403 and "本机" in response.content.decode()


def test_it_is_asked_by_the_names_of_this_machine_alone(demonstration: str) -> None:
    assert Client(SERVER_NAME="jarlig.example", raise_request_exception=False).get("/demo/").status_code == 400
    assert Client(SERVER_NAME="localhost").get("/demo/").status_code == 200


def test_addresses_of_this_machine_are_told_from_others() -> None:
    assert is_here("127.0.0.1") and is_here("::1") and is_here("127.8.8.8")
    assert not any(is_here(other) for other in ("", "10.0.0.1", "169.254.1.1", "localhost", "::2"))
