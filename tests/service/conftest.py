"""A real PostgreSQL for the tests of the service: one server a process, one migrated template, queries as the login.

``db`` gives a test the database and undoes all it did; ``own_db`` gives it a database of its own, where commits are
commits, for tests with several connections or processes.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jarlig.service.launch.cluster import Cluster, binaries

_STATE = Path(tempfile.mkdtemp(prefix="jarlig-tests-"))
atexit.register(shutil.rmtree, _STATE, ignore_errors=True)
(_STATE / "files" / "static").mkdir(parents=True)  # the server looks there as it starts
CLUSTER = Cluster(binaries(), _STATE, durable=False)
TEMPLATE = "template_jarlig"

os.environ.update(
    DJANGO_SETTINGS_MODULE="jarlig.service.config.settings",
    JARLIG_SECRET_KEY="of the tests alone " * 3,
    JARLIG_DATA_KEY="MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    JARLIG_DATABASE_URL=CLUSTER.addresses("tests")[1],
    JARLIG_HTTPS="0",
    DJANGO_ALLOW_ASYNC_UNSAFE="1",  # a driven browser keeps a loop in this thread; our queries are none of its business
    JARLIG_HOSTS="testserver,127.0.0.1,localhost",
    JARLIG_FILES=str(_STATE / "files"),
)
os.environ.pop("JARLIG_OWNER_DATABASE_URL", None)

import django  # noqa: E402 - the settings stand in the environment first
from django.conf import settings  # noqa: E402

settings.TESTS_HOLD_A_TRANSACTION = True
django.setup()

from django.db import connection, transaction  # noqa: E402


def migrate_on(cluster: Cluster, name: str) -> None:
    """Brings a database to the newest state, as its owner, and lets the login take the roles."""
    owner, _ = cluster.addresses(name)
    env = {**os.environ, "JARLIG_OWNER_DATABASE_URL": owner, "JARLIG_ACTS_AS_OWNER": "1"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
    with psycopg.connect(owner, autocommit=True) as database:
        how = " WITH INHERIT FALSE, SET TRUE" if database.info.server_version >= 160_000 else ""
        for (role,) in database.execute("SELECT name FROM jarlig.roles").fetchall():
            database.execute(f"GRANT {role} TO jarlig_login{how}")


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """The running server with a migrated template."""
    with CLUSTER:
        CLUSTER.make_database(TEMPLATE)
        migrate_on(CLUSTER, TEMPLATE)
        CLUSTER.make_database("tests", template=TEMPLATE)
        yield CLUSTER
        connection.close()


@pytest.fixture
def db(server: Cluster) -> Iterator[None]:
    """The database; all that the test does in it is undone."""
    # Only the first statement of the transaction goes unwatched: the test says for whom it acts, as a request does.
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def own_db(server: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the test's own, by its name: what is committed stays until the test ends."""
    name = f"own_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
    server.make_database(name, template=TEMPLATE)
    before = settings.DATABASES["default"]["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.TESTS_HOLD_A_TRANSACTION = False
    try:
        yield name
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        settings.TESTS_HOLD_A_TRANSACTION = True
        server.drop_database(name)
