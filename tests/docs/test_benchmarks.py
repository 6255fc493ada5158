"""The page of benchmarks is what bench/table.py makes of the figures of the last runs, and hides no bar."""

from __future__ import annotations

import copy
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guide" / "benchmarks.md"


def module() -> ModuleType:
    """bench/table.py."""
    spec = importlib.util.spec_from_file_location("bench_table", ROOT / "bench" / "table.py")
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


TABLE = module()
FOUND: dict[str, Any] = TABLE.results(ROOT / "bench" / "results")


def bars(found: Any) -> list[dict[str, Any]]:
    """Every bar in the figures, however deep."""
    if isinstance(found, dict):
        own = [found] if {"what", "measured", "bar", "met"} <= set(found) else []
        return own + [bar for value in found.values() for bar in bars(value)]
    return [bar for value in found for bar in bars(value)] if isinstance(found, list) else []


def test_the_page_is_made_of_the_figures() -> None:
    assert PAGE.read_text(encoding="utf-8") == TABLE.page(FOUND), "run python bench/table.py"


def test_every_bar_has_a_line_and_says_whether_it_is_met() -> None:
    text = TABLE.page(FOUND)
    many = FOUND["many"]
    known = [(f"| {name}: ", bar) for name, found in FOUND.items() if name != "many" for bar in bars(found)]
    known += [(f"| {name}: ", bar) for name, found in many.items() for bar in bars(found)]
    assert len(known) > len(many)
    for start, bar in known:
        (line,) = [line for line in text.splitlines() if line.startswith(f"{start}{bar['what']}<br>")]
        assert line.endswith("| yes 是 |" if bar["met"] else "| **no 否** |")


def test_a_bar_is_met_only_by_a_figure_that_meets_it() -> None:
    for bar in bars(FOUND):
        meets = bar["measured"] >= bar["bar"] if bar["least"] else bar["measured"] <= bar["bar"]
        assert bar["met"] == meets, bar


def test_another_figure_makes_another_page() -> None:
    other = copy.deepcopy(FOUND)
    other["many"]["population"]["sizes"][-1]["seconds"] = 123_456.0
    assert "123,456 s" in TABLE.page(other)
    assert TABLE.page(other) != TABLE.page(FOUND)


def test_every_line_has_both_languages_and_five_cells() -> None:
    lines = [line for line in TABLE.page(FOUND).splitlines() if "<br>" in line]
    assert len(lines) > 20
    for line in lines:
        assert len(line.strip("|").split("|")) == 5
        english, chinese = line.split("|")[1].split("<br>")
        assert re.search(r"[a-z]", english) and not re.search(r"[一-鿿]", english)
        assert re.search(r"[一-鿿]", chinese), line


def test_a_bench_that_has_not_run_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "allocation.json").write_text(json.dumps(FOUND["allocation"]))
    text = TABLE.page(TABLE.results(tmp_path))
    assert "claims shared" in text
    assert "enterprises" not in text
    assert "Beyond what was measured" not in text


@pytest.mark.parametrize("met", [True, False])
def test_bars_of_a_bench_without_lines_of_its_own_are_told(met: bool) -> None:
    words = {"what": "a reform to a baseline", "zh": "改革与基准之比"}
    bar = {**words, "measured": 1.9, "bar": 2, "least": False, "met": met}
    text = TABLE.page({"another": {"bars": [bar]}})
    assert "| another: a reform to a baseline<br>another：改革与基准之比 | 1.9 |" in text


def test_no_figure_tells_where_it_was_measured() -> None:
    for path in (ROOT / "bench" / "results").glob("*.json"):
        assert not re.search(r"/(home|work|tmp|root|usr)\b", path.read_text("utf-8")), path.name
