"""The cluster on which Spark is tried, and its cases, are those of the benches: plain modules of one folder."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3] / "bench"))
