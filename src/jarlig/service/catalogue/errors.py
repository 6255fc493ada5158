"""What goes wrong in the catalogue alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jarlig.service.ground.errors import Invalid, Refused


class Broken(Refused):
    """The stored files of a version are not those that were imported; nothing is computed from them."""

    status = 500


class Failed(Invalid):
    """A folder that the check does not let pass before its programme is known; every problem is told."""

    def __init__(self, reason: object, problems: Sequence[dict[str, Any]], *, remedy: object = "") -> None:
        super().__init__(reason, field="folder", remedy=remedy)
        self.problems = list(problems)
