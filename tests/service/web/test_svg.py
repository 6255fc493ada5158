"""Pictures: exact widths, nothing for what is not known, nothing unescaped."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from jarlig.service.web import svg

HOSTILE = '"><script>alert(1)</script>'


def widths(drawn: str, kind: str) -> list[str]:
    return re.findall(rf'<rect class="{kind}" [^>]*width="([^"]+)"', drawn)


def test_a_range_is_dark_to_its_low_end_and_pale_to_its_high_end() -> None:
    drawn = svg.range_bar(100, 200, 250)
    assert widths(drawn, "sure") == ["37.04%"] and widths(drawn, "maybe") == ["74.07%"]
    assert drawn.count('class="cap"') == 1


def test_fen_and_yuan_meet_on_one_scale() -> None:
    assert svg.range_bar(100_00, 200_00) == svg.range_bar(Decimal(100), Decimal("200.00"))
    assert svg.rung(Decimal("1.5"), 300) == svg.rung(150, 300)


def test_what_is_not_known_has_no_bar() -> None:
    assert svg.rung(None, 100) == "" and svg.rung(1, 0) == ""
    assert 'class="done"' not in svg.target_bar(None, 5) and 'class="goal"' in svg.target_bar(None, 5)


def test_a_cap_shows_what_it_cut_off_and_a_limit_what_was_used() -> None:
    drawn = svg.rung(300, 400, cut_from=380, cap=300, used=0)
    assert widths(drawn, "fill") == ["75.00%"] and widths(drawn, "cut") == ["20.00%"]
    assert widths(svg.rung(120, 300, used=180), "used") == ["60.00%"]
    assert 'x="99.5%"' in svg.rung(1, 300, cap=300)


@given(
    st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**9)
)
def test_parts_of_a_budget_never_leave_their_bar(
    passed: int, paid: int, committed: int, reserved: int, received: int
) -> None:
    line = svg.Budget(received, passed, paid, committed, reserved)
    drawn = svg.budget_bar(line, line.most)
    assert all(0 <= float(one) <= 100 for one in re.findall(r'(?:x|width)="([\d.]+)%"', drawn))
    assert ('class="over"' in drawn) == (line.free < 0)
    assert line.most >= received


def test_each_hatch_has_a_name_of_its_own() -> None:
    lines = [svg.budget_bar(svg.Budget(10, reserved=5), 10) for _ in range(2)]
    names = [re.findall(r'id="(hatch\d+)"', one)[0] for one in lines]
    assert len(set(names)) == 2 and all(f"url(#{name})" in one for name, one in zip(names, lines, strict=True))


def test_a_band_stands_between_two_goals() -> None:
    drawn = svg.target_bar(41, 30, upper=50)
    assert 'class="band"' in drawn and 'class="done"' in drawn
    assert 'class="short"' in svg.target_bar(29, 30, upper=50)


def test_a_ring_runs_with_its_clock_and_shows_when_it_stands() -> None:
    assert 'stroke-dasharray="21.99 43.98"' in svg.ring(5, 10)
    assert 'class="p"' in svg.ring(5, 10, paused=True) and 'class="p"' not in svg.ring(5, 10)
    assert svg.ring(12, 10) == svg.ring(10, 10) == svg.ring(0, 0)


def test_tiles_darken_with_their_value_and_zero_is_told_from_little() -> None:
    tiles = [svg.Tile(0, 0, "甲", 0, "0"), svg.Tile(1, 0, "乙", 1, "1"), svg.Tile(2, 0, HOSTILE, 100, HOSTILE)]
    drawn = svg.tile_map(tiles, HOSTILE)
    assert re.findall(r'class="(q\d)"', drawn) == ["q0", "q1", "q5"]
    assert "<script>" not in drawn


def test_a_chart_leaves_a_gap_for_what_is_not_known() -> None:
    names = ["一", "二", "三"]
    assert svg.chart(names, [("数", [1, None, 3])], "x").count('class="s0"') == 2
    line = svg.chart(names, [("数", [1, None, 3])], "x", lines=True)
    assert line.count('class="l0"') == 0 and line.count('class="d0"') == 2
    assert svg.chart(names, [("数", [1, 2, 3])], "x", lines=True).count('class="l0"') == 2


def test_a_chart_of_four_series_is_refused() -> None:
    with pytest.raises(ValueError, match="three series"):
        svg.chart(["一"], [("数", [1])] * 4, "x")


def test_words_in_a_chart_are_escaped() -> None:
    assert "<script>" not in svg.chart([HOSTILE], [(HOSTILE, [1])], HOSTILE)


@given(st.integers(1, 10**12))
def test_the_end_of_a_scale_is_round_and_near(most: int) -> None:
    end = svg.nice(most)
    assert most <= end <= most * 2
    assert len(str(int(end)).rstrip("0")) <= 2 or end < 10


def test_an_empty_chart_has_a_scale_too() -> None:
    assert svg.nice(0) == 1 and "<svg" in svg.chart(["一"], [("数", [0])], "x")


@pytest.mark.parametrize("kind", ["passed", "used", "committed", "reserved", "track", "over"])
def test_a_legend_shows_each_kind(kind: str) -> None:
    assert kind in svg.swatch(kind) or "hatch" in svg.swatch(kind)
