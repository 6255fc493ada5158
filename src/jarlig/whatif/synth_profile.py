"""Profiles: how a made-up population spreads over places, sizes, trades and sums; data, one YAML file each.

Shares are weights, sums are yuan. A profile of a region serves every programme of that region, ``default`` the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jarlig.ladder.numbers import NumberError, parse_decimal
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.source import PROGRAMME_LIMITS
from jarlig.policy.text import read_plain

SIZES = ("micro", "small", "medium", "large")
_FOLDER = Path(__file__).parent / "profiles"
_WEIGHTS = ("places", "sizes", "trades", "money", "line", "applicants", "bias")
_NUMBERS = ("lines", "history", "defects", "reversed")
_KEYS = ("profile", "about", "region", *_WEIGHTS, *_NUMBERS)


@dataclass(frozen=True)
class Profile:
    """The spread of a population. ``history``, ``defects`` and ``reversed`` are shares of 1."""

    name: str
    region: str
    places: Mapping[str, float]
    sizes: Mapping[str, float]
    trades: Mapping[str, float]
    money: Mapping[str, float]
    line: Mapping[str, float]
    applicants: Mapping[str, float]
    bias: Mapping[str, float]
    lines: float
    history: float
    defects: float
    reversed: float


def profiles() -> dict[str, Path]:
    """The profiles that come with the package, by name."""
    return {path.stem: path for path in sorted(_FOLDER.glob("*.yaml"))}


def profile_for(region: str, asked: str | None = None) -> Profile:
    """The profile asked for, by name or as a file; else the one of the region; else ``default``.

    Raises:
        PolicyError: E862 when there is none of that name, E863 for one that cannot be used.
    """
    known = profiles()
    if asked is None:
        own = (read_profile(path) for path in known.values())
        found = next((profile for profile in own if profile.region and region.startswith(profile.region)), None)
        return found or read_profile(known["default"])
    if asked in known:
        return read_profile(known[asked])
    if asked.endswith(".yaml") and Path(asked).is_file():
        return read_profile(Path(asked))
    near = nearest(asked, known) or ""
    raise PolicyError((problem("E862", Place(asked, 0, 0), asked, name=asked, near=near, valid=", ".join(known)),))


def read_profile(path: Path) -> Profile:
    """A profile from its file.

    Raises:
        PolicyError: E863 naming the key, or what is wrong with the file as YAML.
    """
    with path.open("rb") as stream:
        plain = read_plain(stream.read(PROGRAMME_LIMITS.file_bytes + 1), path.name)
    if not isinstance(plain, dict):
        raise _wrong(path, "profile", "应为键值对", "a mapping is needed")
    for key in plain:
        if key not in _KEYS:
            raise _wrong(path, key, "没有这一项", "there is no such key")
    weights = {key: _weights(path, key, plain.get(key)) for key in _WEIGHTS}
    numbers = {key: _number(path, key, plain.get(key)) for key in _NUMBERS}
    for key in ("sizes", "money", "line", "bias"):
        if not set(SIZES) <= set(weights[key]):
            raise _wrong(path, key, f"须写全 {'、'.join(SIZES)}", f"all of {', '.join(SIZES)} are needed")
    for key in ("money", "line"):
        if not weights[key].get("spread", 1) > 0 or not all(weights[key][size] > 0 for size in SIZES):
            raise _wrong(path, key, "须大于零", "must be above zero")
    for key in ("sizes", "trades"):
        if not sum(weights[key].values()):
            raise _wrong(path, key, "权重合计为零", "the weights add up to nothing")
    if not sum(weights["sizes"][size] * weights["bias"][size] for size in SIZES):
        raise _wrong(path, "bias", "无人申报", "nobody would apply")
    for key in ("history", "defects", "reversed"):
        if numbers[key] > 100:
            raise _wrong(path, key, "不超过 100（百分比）", "at most 100 (per cent)")
        numbers[key] /= 100
    shares: dict[str, Any] = {**weights, **numbers}
    return Profile(str(plain.get("profile") or path.stem), str(plain.get("region") or ""), **shares)


def _weights(path: Path, key: str, plain: Any) -> dict[str, float]:
    if not isinstance(plain, dict):
        raise _wrong(path, key, "应为“名称: 数”", "a mapping of numbers is needed")
    return {name: _number(path, f"{key}.{name}", value) for name, value in plain.items()}


def _number(path: Path, key: str, text: Any) -> float:
    """A weight; never money of a case, so that a float will do."""
    try:
        value, scale = parse_decimal(text if isinstance(text, str) else "")
    except NumberError as error:
        raise _wrong(path, key, error.zh, error.en) from error
    if value < 0:
        raise _wrong(path, key, "不能为负", "must not be negative")
    return float(value / 10**scale)


def _wrong(path: Path, key: str, zh: str, en: str) -> PolicyError:
    return PolicyError((problem("E863", Place(path.name, 0, 0), key, key=key, zh=zh, en=en),))
