"""Reading YAML and JSON so that every scalar stays the text its author wrote, until a schema gives it a kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from jarlig.policy.messages import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text and where it stands."""

    text: str
    place: Place
    quoted: bool
    length: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; ``flow`` when written in brackets."""

    items: tuple[Tree, ...]
    place: Place
    flow: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file; ``keys`` knows where each key stands."""

    entries: dict[str, Tree]
    keys: dict[str, Scalar]
    place: Place


Tree: TypeAlias = Scalar | Sequence | Mapping
Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | None"


@dataclass(frozen=True)
class Limits:
    """What a file may be at most."""

    file_bytes: int = 1 << 20
    json_bytes: int = 1 << 20
    line_length: int = 4_000
    nesting: int = 16
    scalar_length: int = 4_000
    nodes: int = 100_000


PROGRAMME_LIMITS = Limits()
FACTS_LIMITS = Limits(file_bytes=32 << 20, json_bytes=1 << 30, nodes=2_000_000)


def read_tree(source: bytes, file: str, limits: Limits = PROGRAMME_LIMITS) -> Tree:
    """The tree of a YAML file."""
    raise NotImplementedError


def read_plain(source: bytes | Path, file: str = "", limits: Limits = FACTS_LIMITS) -> Plain:
    """The plain values of a facts file."""
    raise NotImplementedError


def locate(source: bytes, path: tuple[str | int, ...], file: str) -> Place:
    """The place of a value in a file."""
    raise NotImplementedError
