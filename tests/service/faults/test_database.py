"""The database goes away under a request: a page that says so, nothing half done, and served again by itself."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import close_old_connections, connection
from django.test import Client, override_settings
from tests.service.conftest import migrate_on
from tests.service.faults.killing import commits_by, dead_by_then, snapshot

from jarlig.service.launch.cluster import Cluster, binaries

OURS = override_settings(ROOT_URLCONF="tests.service.faults.addresses")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_request_whose_database_dies_is_answered_503_and_left_nothing(
    own_db: str, server: Cluster, when: str
) -> None:
    with OURS:
        client = Client(raise_request_exception=False)
        assert client.get("/count/").content == b"0"
        before = snapshot(server, own_db)
        response = client.get(f"/found/{when}/")
        assert response.status_code == 503 and int(response["Retry-After"]) > 0
        assert "暂停服务" in response.content.decode()
        assert snapshot(server, own_db) == before
        close_old_connections()  # as the server does between requests
        assert client.get("/found/never/").status_code == 200
        assert client.get("/count/").content == b"1"


def test_an_answer_is_not_given_before_the_commit(own_db: str, server: Cluster) -> None:
    with OURS:
        client = Client(raise_request_exception=False)
        client.get("/count/")
        with commits_by(dead_by_then(server)):
            assert client.get("/found/never/").status_code == 503
        close_old_connections()
        assert client.get("/count/").content == b"0"


def test_the_page_of_a_missing_database_asks_none(own_db: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = "there_is_no_such_database"
    for language, word in (("zh-hans", "暂停服务"), ("en", "Try again")):
        client = Client(raise_request_exception=False)
        client.cookies["django_language"] = language
        response = client.get("/count/")
        assert response.status_code == 503 and word in response.content.decode()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def web(cluster: Cluster, name: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A real web server with one process, on that database."""
    port = free_port()
    env = {**os.environ, "JARLIG_DATABASE_URL": cluster.addresses(name)[1], "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "2", "--port",
        str(port), "--no-ws", "jarlig.service.config.wsgi:application",
    ]  # fmt: skip
    with subprocess.Popen(words, env=env) as process:
        try:
            yield process, port
        finally:
            process.send_signal(signal.SIGTERM)


def status(port: int, path: str = "/there-is-nothing/") -> int:
    """What the server answers; 0 while nobody listens. Any page but ``/alive/`` asks the database."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as asked:
        try:
            asked.request("GET", path)
            return asked.getresponse().status
        except (ConnectionError, TimeoutError):
            return 0


def becomes(port: int, wanted: int) -> None:
    deadline = time.monotonic() + 30
    while (found := status(port)) != wanted:
        assert time.monotonic() < deadline, f"{found} instead of {wanted}"
        time.sleep(0.1)


def test_a_killed_database_is_found_again_by_the_same_web_process(tmp_path: Path) -> None:
    cluster = Cluster(binaries(), tmp_path / "state", durable=False)
    with cluster:
        cluster.make_database("kept")
        migrate_on(cluster, "kept")
        with web(cluster, "kept") as (process, port):
            becomes(port, 404)
            assert cluster.process is not None
            cluster.process.kill()
            cluster.process.wait()
            becomes(port, 503)
            assert status(port, "/alive/") == 200
            cluster.stop()
            cluster.start()
            becomes(port, 404)
            assert all(status(port) == 404 for _ in range(8))
            assert process.poll() is None


def test_a_full_disk_is_answered_503_and_nothing_acknowledged_is_lost(tmp_path: Path, own_db: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=220m", "none", disk], check=False).returncode
    ):
        pytest.skip("no small disk can be mounted here")
    before = dict(connection.settings_dict)
    try:
        with Cluster(binaries(), disk / "state") as cluster, OURS:
            cluster.make_database("small")
            migrate_on(cluster, "small")
            connection.settings_dict.update(NAME="small", HOST=str(cluster.socket))
            client = Client(raise_request_exception=False)
            assert client.get("/count/").content == b"0"
            ballast = disk / "ballast"
            with ballast.open("wb") as file, pytest.raises(OSError, match="No space"):
                while True:
                    file.write(b"\\0" * 65536)
            with closing(cluster.superuser("small")) as root, pytest.raises(psycopg.Error):
                root.execute("CREATE TABLE big AS SELECT repeat('x', 500) FROM generate_series(1, 200000)")
            full = client.get("/found/never/")
            close_old_connections()
            ballast.unlink()
            if full.status_code == 200:  # a few bytes were left: what was acknowledged is there
                assert client.get("/count/").content == b"1"
            else:
                assert full.status_code == 503
                assert client.get("/count/").content == b"0"
                assert client.get("/found/never/").status_code == 200
    finally:
        connection.close()
        connection.settings_dict.update(before)
        subprocess.run(["umount", disk], check=True)
        shutil.rmtree(disk, ignore_errors=True)
