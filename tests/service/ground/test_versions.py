"""The oldest PostgreSQL that may serve, beside the one that comes along."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest
from tests.service.conftest import migrate_on

from jarlig.service.launch.binaries import system_binaries
from jarlig.service.launch.cluster import Cluster

_POLICIES = "SELECT tablename, policyname, cmd, roles::text, qual, with_check FROM pg_policies ORDER BY 1, 2"
_FUNCTIONS = """
    SELECT proname, pg_get_function_arguments(oid), prosecdef FROM pg_proc
    WHERE pronamespace = 'jarlig'::regnamespace ORDER BY 1, 2
"""


def test_the_oldest_version_gets_the_same_guards(server: Cluster, tmp_path: Path) -> None:
    old = [folder for folder in system_binaries() if "/15/" in str(folder)]
    if not old:
        assert os.environ.get("JARLIG_NEEDS") != "all" or not Path("/usr/lib/postgresql").exists()
        pytest.skip("no PostgreSQL 15 on this machine")
    with Cluster(old[0], tmp_path, durable=False) as cluster:
        cluster.make_database("old")
        migrate_on(cluster, "old")
        addresses = cluster.addresses("old")[0], server.addresses("tests")[0]
        with psycopg.connect(addresses[0]) as one, psycopg.connect(addresses[1]) as other:
            assert one.info.server_version < 160_000 <= other.info.server_version
            for question in (_POLICIES, _FUNCTIONS):
                found = one.execute(question).fetchall()
                assert found == other.execute(question).fetchall() and len(found) > 10
