"""Small tables to run over; and the folder of the benches, with the cluster on which Spark is tried and its cases."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.engines.many.tables import Bench
from tests.tiny import tiny

sys.path.append(str(Path(__file__).parents[3] / "bench"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "tables", tiny(tmp_path / "programme"))
