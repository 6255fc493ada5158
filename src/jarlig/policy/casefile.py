"""The facts of a case as they were given: a plain tree, and where it came from for messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.text import locate


@dataclass(frozen=True)
class Facts:
    """What is known of a case: a plain tree, and where it came from for messages.

    ``lines`` are the lines of the file on which the rows of a list stand, where the list comes from a table; otherwise
    rows are told by their place in their list. ``read`` keeps what is the same for every offer once it was read.
    """

    plain: Mapping[str, Any]
    file: str = "facts"
    source: bytes | Path = b""
    lines: Sequence[int] = field(default=(), kw_only=True)
    read: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def error(self, code: str, at: tuple[str | int, ...], /, **values: object) -> PolicyError:
        """A problem at a value of the file."""
        rows = [part for part in at if isinstance(part, int)]
        place = Place(self.file, self.lines[rows[0]] if rows and self.lines else 0, 0)
        data = self.source.read_bytes() if isinstance(self.source, Path) else self.source
        if data:
            place = locate(data, at, self.file)
        text = str(values.pop("text", ""))
        return PolicyError((problem(code, place, text, **values),)).with_sources({self.file: data})


    def line(self, row: int) -> int:
        """How a row of a list is told, its first row being 0."""
        return self.lines[row] if self.lines else row + 1


def dotted(path: tuple[str | int, ...]) -> str:
    """A path as a reader writes it, rows counted from 1: ``investment.17.net``."""
    return ".".join(f"{part + 1}" if isinstance(part, int) else part for part in path)
