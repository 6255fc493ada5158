"""Profiles: the shipped ones are whole, each programme finds its own, and a wrong one is told by its key."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.policy.provoking import provokes

import jarlig
from jarlig.policy.messages import PolicyError
from jarlig.whatif.synth import synthesise
from jarlig.whatif.synth_profile import SIZES, profile_for, profiles, read_profile


def written(folder: Path, **changes: object) -> Path:
    """A profile like the default one, with some keys changed; None takes a key out."""
    plain = yaml.safe_load(profiles()["default"].read_text("utf-8"))
    plain.update(changes)
    path = folder / "own.yaml"
    kept = {key: value for key, value in plain.items() if value is not None}
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), "utf-8")
    return path


def problem_of(path: Path) -> tuple[str, str]:
    with pytest.raises(PolicyError) as error:
        read_profile(path)
    return error.value.problems[0].code, error.value.problems[0].text


@pytest.mark.parametrize("name", list(profiles()))
def test_a_shipped_profile_is_whole(name: str) -> None:
    found = read_profile(profiles()[name])
    assert found.name == name
    assert set(SIZES) <= set(found.money) & set(found.line) & set(found.sizes) & set(found.bias)
    assert 0 < found.defects <= 0.1
    assert 0 < found.history < 0.5
    assert all(len(code) == 4 and code.isdigit() for code in found.trades)
    assert {"enterprise", "unit", "park", "carrier", "circle"} <= set(found.applicants)


def test_the_programme_of_a_region_finds_the_profile_of_the_region() -> None:
    assert profile_for("150000").name == "inner-mongolia"
    assert profile_for("990100").name == "default"
    assert profile_for("150000", "default").name == "default"


def test_the_shares_of_the_census_stand_in_the_regions_profile() -> None:
    places = profile_for("150000").places
    assert (places["1501"], places["1502"], places["1506"]) == (19.5, 14, 13)
    assert round(sum(places.values())) == 100


def test_claims_named_for_an_offer_are_claims_of_an_offer_that_there_is() -> None:
    for name in profiles():
        for key in read_profile(profiles()[name]).applicants:
            programme, cut, offer = key.partition("/")
            assert not cut or offer in jarlig.load(programme).offers


@provokes("E862")
def test_a_profile_that_there_is_not_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(PolicyError) as error:
        profile_for("150000", "defualt")
    told = error.value.problems[0]
    assert told.code == "E862"
    assert "inner-mongolia" in told.hint_en
    assert "“default”" in told.hint_en


def test_a_file_of_ones_own_serves_as_a_profile(tmp_path: Path) -> None:
    path = written(tmp_path, profile="mine", sizes={"micro": 0, "small": 0, "medium": 0, "large": 1}, lines=9)
    found = synthesise(jarlig.load("nmg-ecommerce-2022"), tmp_path / "out", enterprises=50, seed=1, profile=str(path))
    assert found.profile == "mine"


@provokes("E863")
@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"sizes": {"micro": 1}}, "sizes"),
        ({"sizes": {"micro": 0, "small": 0, "medium": 0, "large": 0}}, "sizes"),
        ({"bias": {"micro": 0, "small": 0, "medium": 0, "large": 0}}, "bias"),
        ({"money": {"micro": 1, "small": 1, "medium": 1, "large": 0, "spread": 1}}, "money"),
        ({"line": {"micro": 1, "small": 1, "medium": 1, "large": 1, "spread": 0}}, "line"),
        ({"trades": {}}, "trades"),
        ({"trades": ["5193"]}, "trades"),
        ({"lines": "five"}, "lines"),
        ({"lines": None}, "lines"),
        ({"lines": -1}, "lines"),
        ({"defects": 101}, "defects"),
        ({"applicants": {"enterprise": "1e3"}}, "applicants.enterprise"),
        ({"defect": 3}, "defect"),
    ],
)
def test_a_wrong_profile_is_told_by_its_key(tmp_path: Path, changes: dict[str, object], key: str) -> None:
    assert problem_of(written(tmp_path, **changes)) == ("E863", key)


def test_a_profile_that_is_no_mapping_or_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- 1\n")
    assert problem_of(tmp_path / "a.yaml") == ("E863", "profile")
    (tmp_path / "b.yaml").write_text("a: &x 1\n")
    with pytest.raises(PolicyError):
        read_profile(tmp_path / "b.yaml")
