"""Real clusters of both versions: the embedded package's and, where it is installed, the oldest that is supported."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service.launch.helpers import OLDEST, told

from jarlig.service.launch.binaries import FLOOR, system_binaries
from jarlig.service.launch.cluster import Cluster, binaries
from jarlig.service.launch.preparing import migrate
from jarlig.service.web.assets import build


@pytest.fixture(scope="session", params=["embedded", "oldest"])
def programs(request: pytest.FixtureRequest) -> Path:
    """The programs of PostgreSQL, of each version in turn."""
    if request.param == "embedded":
        return binaries({})
    if OLDEST not in system_binaries():
        pytest.skip(f"PostgreSQL {FLOOR} is not installed here, so the oldest version is not tried")
    return OLDEST


@pytest.fixture(scope="session")
def cluster(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running cluster of each version, shared by tests that make databases of their own."""
    with Cluster(programs, tmp_path_factory.mktemp("shared") / "state", durable=False) as running:
        yield running


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter, unlike those of pytest; removed afterwards."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def as_root() -> None:
    """Leaves a test out that only root can do."""
    if os.geteuid() != 0:
        pytest.skip("only root can change accounts; everything else here runs as a plain user already")


@pytest.fixture(scope="session")
def served(cluster: Cluster) -> Cluster:
    """The shared cluster with a migrated database ``served`` and a login that is fit."""
    cluster.make_database("served")
    owner, login = cluster.addresses("served")
    migrate(told(login), owner)
    return cluster


@pytest.fixture(scope="session", autouse=True)
def styled() -> None:
    """The style sheet is there, as after any start: the doctor would miss it."""
    build()
