"""``jarlig up``: from nothing to the page; what dies is started again; all ends at once; trouble is told plainly."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from tests.service.launch.helpers import descendants, eventually, kill, lives, told, told_of
from tests.service.launch.running import Running, free_port, jarlig, plain

from jarlig.service.launch import state
from jarlig.service.launch.cluster import LOGIN, OWNER, Cluster, binaries
from jarlig.service.launch.state import DATABASE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A long path with a space and Chinese characters."""
    return tmp_path_factory.mktemp("up").joinpath(*["运行 目录"] * 6)


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Running]:
    """A Jarlig that was started from nothing."""
    with Running(folder) as started:
        yield started


# From nothing to the page ---------------------------------------------------------------------------------------------


def test_the_page_answers_within_a_minute_from_nothing(running: Running) -> None:
    assert running.answers()
    assert running.seconds < 60
    assert f"the page is ready: http://127.0.0.1:{running.port}/" in running.said


def test_a_second_start_says_where_it_runs_and_ends_well(running: Running) -> None:
    for language, words in (("en", "already running: "), ("zh", "已在运行：")):
        done = jarlig("up", "--state", running.state, "--port", free_port(), "--lang", language)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{words}http://127.0.0.1:{running.port}/\n"


def test_the_doctor_finds_nothing_to_mend(running: Running) -> None:
    done = jarlig("doctor", "--json", "--state", running.state)
    assert [one for one in json.loads(done.stdout)["findings"] if one["state"] == "mend"] == []
    assert done.returncode == 0


def test_no_process_but_the_first_ever_hears_of_the_owner(running: Running) -> None:
    everyone = running.below()
    assert len(everyone) > 5
    for pid in everyone:
        assert OWNER not in told_of(pid, "environ")
        assert "ACTS_AS_OWNER" not in told_of(pid, "environ")


def test_keys_are_made_for_this_folder_alone_and_only_its_owner_reads_them(running: Running) -> None:
    assert stat.S_IMODE((running.state / "keys").stat().st_mode) == 0o600
    names = [line.partition("=")[0] for line in (running.state / "keys").read_text().splitlines()]
    assert names == ["JARLIG_SECRET_KEY", "JARLIG_DATA_KEY"]


def test_the_page_is_for_this_machine_alone(running: Running) -> None:
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = [row[1] for row in listening if row[1].endswith(f":{running.port:04X}") and row[3] == "0A"]
    assert mine and set(mine) == {f"0100007F:{running.port:04X}"}


# What dies is started again -------------------------------------------------------------------------------------------


def test_a_web_server_that_dies_is_started_again_and_the_person_is_told(running: Running) -> None:
    web = running.named("granian")
    kill([web])
    running.until("the web server died unasked (was ended by SIGKILL); starting it again in 0.5 s")
    assert eventually(lambda: running.answers() and running.named("granian") not in (0, web), 20)


def test_a_web_process_that_falls_over_a_request_is_replaced_and_the_server_goes_on(running: Running) -> None:
    web = running.named("granian")
    workers = set(descendants(web))
    assert len(workers) == 2
    kill([min(workers)])

    def is_replaced() -> bool:
        now = set(filter(lives, descendants(web)))
        return len(now) == 2 and now != workers and running.answers()

    assert eventually(is_replaced, 30)
    assert running.named("granian") == web


def test_a_database_that_dies_is_started_again_with_all_that_was_committed(running: Running) -> None:
    address = Cluster(binaries({}), running.state).addresses(DATABASE)[0]
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'committed' AS words")
    kill([running.named("postgres")])
    running.until("the database died unasked (was ended by SIGKILL)")

    def is_back() -> bool:
        try:
            with closing(psycopg.connect(address)) as connection:
                return connection.execute("SELECT words FROM kept").fetchone() == ("committed",)
        except psycopg.OperationalError:
            return False

    assert eventually(is_back, 20)


# Ended all at once ----------------------------------------------------------------------------------------------------


def test_it_ends_leaves_nothing_and_starts_again(tmp_path: Path) -> None:
    for ending in (signal.SIGINT, signal.SIGTERM):
        with Running(tmp_path / "state") as started:
            keys = (tmp_path / "state" / "keys").read_text()
            everyone = started.below()
            started.process.send_signal(ending)
            started.process.send_signal(ending)  # an impatient second one
            assert started.process.wait(90) == 128 + ending
            assert eventually(lambda pids=everyone: not any(map(lives, pids)))
        assert "Traceback" not in started.said
        assert (tmp_path / "state" / "address").read_text() == ""
        assert (tmp_path / "state" / "keys").read_text() == keys


def test_a_killed_supervisor_leaves_no_process_and_no_lock_that_matters(tmp_path: Path) -> None:
    with Running(tmp_path / "state") as started:
        everyone = started.below()
        started.process.kill()
        assert eventually(lambda: not any(map(lives, everyone)), 15)
    assert (tmp_path / "state" / "address").read_text() != ""
    with Running(tmp_path / "state") as again:
        kill([again.process.pid, *again.below()])  # everything at once, as when the power goes
    with Running(tmp_path / "state") as last:
        assert last.answers()


# What is in the way ---------------------------------------------------------------------------------------------------


def refused(*arguments: object, environ: dict[str, str] | None = None) -> str:
    """What a start that is refused says; nothing of it runs on."""
    done = jarlig("up", *arguments, "--lang", "en", environ=environ)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_that_is_taken_is_named_and_no_other_is_tried(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        words = refused("--port", port, "--state", tmp_path)
        assert f"port {port} is taken by another program" in words
        assert f"--port {port + 1}" in words
        done = jarlig("up", "--port", port, "--state", tmp_path, "--lang", "zh")
        assert f"端口 {port} 已被其他程序占用" in done.stderr
    assert not (tmp_path / "pgdata").exists()


def test_lost_keys_are_never_made_anew_beside_old_data(tmp_path: Path) -> None:
    (tmp_path / "pgdata").mkdir()
    assert "without the keys what is encrypted cannot be read" in refused("--state", tmp_path, "--port", free_port())
    assert not (tmp_path / "keys").exists()


def test_damaged_keys_are_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("JARLIG_SECRET_KEY=\n")
    assert "is damaged" in refused("--state", tmp_path, "--port", free_port())
    (tmp_path / "keys").write_bytes(b"\xff\xfe")
    assert "cannot read" in refused("--state", tmp_path, "--port", free_port())


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot write" in refused("--state", tmp_path / "file" / "state", "--port", free_port())


def test_the_owners_address_alone_is_no_choice_of_a_server(tmp_path: Path) -> None:
    environ = {**plain(), "JARLIG_OWNER_DATABASE_URL": "postgresql://a@b/c"}
    words = refused("--state", tmp_path, "--port", free_port(), environ=environ)
    assert "JARLIG_OWNER_DATABASE_URL is set, but not JARLIG_DATABASE_URL" in words


def test_without_programs_of_a_database_it_says_what_to_install(tmp_path: Path) -> None:
    environ = {**plain(), "JARLIG_POSTGRES": str(tmp_path)}
    assert "there is no initdb and postgres in" in refused("--state", tmp_path, "--port", free_port(), environ=environ)


# On a server ----------------------------------------------------------------------------------------------------------


def test_a_server_is_used_as_it_is_by_the_login_alone(served: Cluster, tmp_path: Path) -> None:
    owner, login = served.addresses("served")
    environ = {**told(login), "JARLIG_OWNER_DATABASE_URL": owner, "JARLIG_FILES": str(tmp_path / "files")}
    with Running(
        tmp_path / "state", {**environ, "JARLIG_HTTPS": "0", "JARLIG_HOSTS": "localhost,127.0.0.1"}
    ) as started:
        assert started.answers()
        assert not (tmp_path / "state" / "pgdata").exists()
        assert not [pid for pid in started.below() if "postgres" in told_of(pid, "comm")]
        for pid in started.below():
            assert OWNER not in told_of(pid, "environ")


@pytest.mark.parametrize("unfit", ["owner", "unmigrated", "unreachable"])
def test_an_unfit_login_starts_nothing(served: Cluster, tmp_path: Path, unfit: str) -> None:
    if not served.has_database("fresh"):
        served.make_database("fresh")
    owner, login = served.addresses("served")
    address, words = {
        "owner": (owner, "the login jarlig_owner is the owner jarlig_owner of the database"),
        "unmigrated": (served.addresses("fresh")[1], "the database was never migrated"),
        "unreachable": (login.replace("/served?", "/gone?"), "there is no database gone on the server"),
    }[unfit]
    said = refused("--state", tmp_path, "--port", free_port(), environ=told(address))
    assert "the login of the database is unfit, nothing was started" in said
    assert words in said


@pytest.mark.parametrize("programs", ["embedded"], indirect=True)
def test_migrations_that_wait_start_nothing(served: Cluster, tmp_path: Path) -> None:
    if not served.has_database("behind"):
        served.make_database("behind")
    owner, login = served.addresses("behind")
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE SCHEMA jarlig")  # as far as the login can see it was prepared
    environ = {**told(login), "JARLIG_OWNER_DATABASE_URL": owner}
    said = refused("--state", tmp_path, "--port", free_port(), environ=environ)
    assert "migrations are not applied, nothing was started. Run jarlig migrate first" in said
    served.drop_database("behind")


@pytest.mark.parametrize("programs", ["embedded"], indirect=True)
def test_migrate_makes_database_and_login_fit(served: Cluster) -> None:
    served.make_database("by_command")
    owner, login = served.addresses("by_command")
    with closing(served.superuser()) as connection:
        connection.execute("DROP ROLE IF EXISTS fresh_login")
        connection.execute(f"SET ROLE {OWNER}")
        connection.execute("CREATE ROLE fresh_login LOGIN NOINHERIT")
        connection.execute("GRANT CONNECT ON DATABASE by_command TO fresh_login")
    environ = {**told(login.replace(LOGIN, "fresh_login")), "JARLIG_OWNER_DATABASE_URL": owner}
    done = jarlig("migrate", "--lang", "en", environ=environ)
    assert done.returncode == 0, done.stderr
    assert 'done: GRANT "jarlig_public" TO "fresh_login"' in done.stdout
    told_code = r"the database is up to date\nnobody has an account yet. Open /setup/; the set-up code: (\S+)\n\Z"
    code = re.search(told_code, done.stdout)
    assert code and len(code[1]) > 20
    again = jarlig("migrate", "--lang", "zh", environ={**environ, "JARLIG_SETUP_CODE": "chosen by the operator"})
    assert again.stdout == "数据库已是最新\n尚无账号。打开 /setup/，初始化口令：chosen by the operator\n"


def test_migrate_without_addresses_names_the_setting() -> None:
    done = jarlig("migrate", "--lang", "en")
    assert done.returncode == 2
    assert done.stderr.startswith("error: JARLIG_OWNER_DATABASE_URL is not set")


@pytest.mark.parametrize("programs", ["embedded"], indirect=True)
def test_a_migration_that_fails_is_told_with_its_last_words(served: Cluster) -> None:
    owner, login = served.addresses("served")
    environ = {**told(login), "JARLIG_OWNER_DATABASE_URL": owner.replace("/served?", "/gone?")}
    done = jarlig("migrate", "--lang", "en", environ=environ)
    assert done.returncode == 2
    assert "migrating the database failed" in done.stderr
    assert 'database "gone" does not exist' in done.stderr


# The command ----------------------------------------------------------------------------------------------------------


def test_help_names_the_commands_of_the_service_after_those_of_the_rules() -> None:
    listed = jarlig("--help", "--lang", "zh").stdout
    assert listed.index("determine ") < listed.index("up ") < listed.index("migrate ") < listed.index("doctor ")


def test_without_the_packages_of_the_service_it_says_what_to_install_and_the_rules_still_work(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ModuleNotFoundError('no', name='psycopg')\n")
    environ = {**plain(), "PYTHONPATH": os.pathsep.join([str(tmp_path), plain()["PYTHONPATH"]])}
    done = jarlig("doctor", "--lang", "zh", environ=environ)
    assert done.returncode == 2
    assert done.stderr == "错误：没有安装服务所需的软件包，请执行 pip install 'jarlig[service,embedded]'\n"
    assert jarlig("programmes", environ=environ).returncode == 0


def test_a_copy_of_the_package_keeps_its_data_where_the_user_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    assert state.default_folder().name == "var"
    installed = tmp_path / "lib" / "python" / "jarlig"
    installed.mkdir(parents=True)
    shutil.copy(state.jarlig.__file__, installed / "__init__.py")
    monkeypatch.setattr(state.jarlig, "__file__", str(installed / "__init__.py"))
    monkeypatch.chdir(tmp_path)
    assert state.default_folder() == tmp_path / "var"
