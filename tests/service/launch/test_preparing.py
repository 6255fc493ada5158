"""What is done before the page answers: tables and files, the mark of a demonstration, its first data, each once."""

from __future__ import annotations

import os
import uuid
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from tests.service.launch.helpers import told

from jarlig.cli.trouble import Trouble
from jarlig.service.launch import preparing
from jarlig.service.launch.cluster import Cluster
from jarlig.service.launch.state import State


def test_a_database_that_is_new_is_marked_as_demonstration_once(served: Cluster) -> None:
    served.make_database("to_try", template="served")
    owner = served.addresses("to_try")[0]
    for _ in range(2):
        preparing.mark_demonstration(owner)
    with closing(served.superuser("to_try")) as connection:
        assert connection.execute("SELECT jarlig.is_demonstration()").fetchone() == (True,)


def test_a_database_in_use_never_becomes_a_demonstration(served: Cluster) -> None:
    served.make_database("in_use", template="served")
    with closing(served.superuser("in_use")) as connection:
        connection.execute(
            "INSERT INTO audit_act (id, data) SELECT id, convert_to(jsonb_build_object('id', id, 'act', 'begin',"
            " 'at', jarlig.now(), 'thing', 'area', 'thing_id', '1', 'area', '')::text, 'UTF8')"
            " FROM (VALUES (%s::uuid)) AS v (id)",
            [uuid.uuid4()],
        )
    with pytest.raises(Trouble) as trouble:
        preparing.mark_demonstration(served.addresses("in_use")[0])
    assert "is in use and cannot become a demonstration" in trouble.value.en
    assert "不能改作演示" in trouble.value.zh


def test_what_is_prepared_is_prepared_again_only_when_something_is_new(served: Cluster, tmp_path: Path) -> None:
    served.make_database("prepared", template="served")
    owner, login = served.addresses("prepared")
    environ = {**os.environ, "JARLIG_DATABASE_URL": login, "JARLIG_FILES": str(tmp_path)}

    def login_may() -> bool:
        with closing(served.superuser("prepared")) as connection:
            asked = connection.execute("SELECT pg_has_role('jarlig_login', 'jarlig_public', 'MEMBER')").fetchone()
        return asked == (True,)

    def told_to(statement: str) -> None:
        with psycopg.connect(owner) as connection:
            connection.execute(statement)

    preparing.prepare(environ, owner)
    assert (tmp_path / "static").is_dir()
    told_to("REVOKE jarlig_public FROM jarlig_login")
    try:
        preparing.prepare(environ, owner)  # nothing is new: nothing is looked at
        assert not login_may()
        told_to("COMMENT ON SCHEMA jarlig IS 'prepared: by an older version'")
        preparing.prepare(environ, owner)
        assert login_may()
    finally:
        preparing.migrate(environ, owner)  # the roles are the server's, not this database's


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A room with a command that makes first data, and an environment in which a stand-in counts how often it runs."""
    command = tmp_path / "rooms" / "demo" / "management" / "commands" / "seed.py"
    command.parent.mkdir(parents=True)
    command.touch()
    monkeypatch.setattr(preparing, "_ROOMS", tmp_path / "rooms")
    package = tmp_path / "stand-in" / "jarlig" / "service"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import os, sys\nwith open(os.environ['COUNT'], 'a') as file:\n    file.write(' '.join(sys.argv[1:]) + '\\n')\n"
        "sys.exit(os.environ.get('FAIL'))\n"
    )
    return {**os.environ, "PYTHONPATH": str(tmp_path / "stand-in"), "COUNT": str(tmp_path / "count")}


def test_first_data_are_made_once(tmp_path: Path, seeded: dict[str, str]) -> None:
    for _ in range(2):
        preparing.seed(State(tmp_path), seeded)
    assert (tmp_path / "count").read_text() == "seed\n"


def test_first_data_that_failed_are_tried_again_by_the_next_start(tmp_path: Path, seeded: dict[str, str]) -> None:
    with pytest.raises(Trouble, match="making the demonstration failed:\n  \\| no such enterprise"):
        preparing.seed(State(tmp_path), {**seeded, "FAIL": "no such enterprise"})
    preparing.seed(State(tmp_path), seeded)
    assert (tmp_path / "count").read_text() == "seed\nseed\n"


def test_where_no_room_makes_first_data_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "_ROOMS", tmp_path)
    preparing.seed(State(tmp_path), {})
    assert not (tmp_path / "seeded").exists()
    assert not preparing.has_command("worker")


def test_migrations_that_cannot_be_listed_are_told(served: Cluster) -> None:
    owner, login = served.addresses("served")
    with pytest.raises(Trouble, match="the migrations cannot be listed: JARLIG_SECRET_KEY: 未设置"):
        preparing.unapplied({**told(login), "JARLIG_SECRET_KEY": ""}, owner)
