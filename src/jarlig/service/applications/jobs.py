"""Jobs of this room: corrections whose days have run out."""

from __future__ import annotations

from jarlig.service.applications.acts.lapse_correction import lapse_corrections
from jarlig.service.ground.jobs import job


@job("lapse_corrections", every="20 16 * * *")
def lapse() -> None:
    """Just after midnight in Shanghai: what was due yesterday and is not there is withdrawn."""
    lapse_corrections()
