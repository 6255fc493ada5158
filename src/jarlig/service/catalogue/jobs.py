"""Jobs of the catalogue: a folder that came in is checked, in the name of whoever imported it."""

from __future__ import annotations

from uuid import UUID

from jarlig.service.catalogue.acts.check_programme import check_programme
from jarlig.service.ground.jobs import job


@job("check_folder", for_seat=True)
def check_folder(folder: str) -> None:
    """Checks a folder and makes its version, or writes down why there is none."""
    check_programme(UUID(folder))
