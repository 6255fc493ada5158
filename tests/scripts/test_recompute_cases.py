"""The script that recomputes worked cases: its arithmetic, what it tells, and that it shares no code with ours."""

import ast
import importlib.util
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from tests.tiny import edited

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "recompute_cases.py"
_spec = importlib.util.spec_from_file_location("recompute_cases", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
script = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(script)
CASES = "cases/01.yaml"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20% * (24_000_000 + 1_000_000)", 5_000_000),
        ("min(20% * 25_000_000, 4_000_000)", 4_000_000),
        ("max(1, 2, 3) - 2 * 3", -3),
        ("1 - 2 - 3", -4),
        ("12 / 2 / 3", 2),
        ("-(2 + 3) * -2", 10),
        ("floor(7 / 2) + ceil(7 / 2)", 7),
        ("half_up(0.3 * 0.35)", Fraction(11, 100)),
        ("half_up(1 / 3)", Fraction(33, 100)),
        ("half_up(-0.005)", Fraction(-1, 100)),
        ("1 / 3 * 3", 1),
        ("12.5%", Fraction(1, 8)),
    ],
)
def test_arithmetic_is_exact(text: str, value: Fraction) -> None:
    assert script.compute(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "1 2", "(1", "1)", "min(1)", "floor(1, 2)", "sum(1, 2)", "x", "1 / 0", "2 ** 3", "__import__", "1 % 2",
     "(" * 60 + "1" + ")" * 60, "1+" * 2000 + "1", "1;2", "max 1"],
)  # fmt: skip
def test_anything_but_plain_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(script.Unreadable):
        script.compute(text)


@given(st.decimals(-(10**9), 10**9, places=4))
def test_half_up_is_within_half_a_fen_and_goes_away_from_zero_on_a_tie(value: object) -> None:
    exact = Fraction(str(value))
    rounded = script.half_up(exact)
    assert abs(rounded - exact) <= Fraction(1, 200)
    if abs(rounded - exact) == Fraction(1, 200):
        assert abs(rounded) > abs(exact)


def test_cases_that_agree_give_nothing(tmp_path: Path) -> None:
    assert list(script.check(edited(tmp_path))) == []
    assert script.main([str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "20% * (24_000_000",
            "20% * (24_000_001",
            "expected 5_000_000, but 20% * (24_000_001 + 1_000_000) = 5000000.2",
        ),
        ("    low: min(20% * 25_000_000, 4_000_000)\n", "", "low has no recompute"),
        ("    low: min", "    low: mean", "mean"),
        ("low: 4_000_000, ", "", "low is recomputed but not expected"),
        ("amount: 4_000_000, low", "amount: 4_000_000.01, low", "amount: expected 4_000_000.01"),
    ],
)
def test_what_differs_is_told_with_file_case_and_field(
    tmp_path: Path, old: str, new: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([str(edited(tmp_path, (CASES, old, new)))]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("cases/01.yaml: at-the-cap: ")
    assert told in printed


def test_without_a_folder_the_script_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main([]) == 2
    assert "PROGRAMME_FOLDER" in capsys.readouterr().err


def test_the_script_shares_no_code_with_the_engine() -> None:
    allowed = {"__future__", "collections", "decimal", "fractions", "math", "pathlib", "re", "sys", "typing", "yaml"}
    for node in ast.walk(ast.parse(SCRIPT.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] in allowed
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec", "compile", "__import__")


def test_every_shipped_programme_recomputes() -> None:
    for programme in sorted((ROOT / "src" / "jarlig" / "programmes").glob("*/programme.yaml")):
        assert list(script.check(programme.parent)) == [], programme.parent.name
