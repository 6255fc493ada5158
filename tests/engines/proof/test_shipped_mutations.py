"""Figures of the shipped guide changed by a seeded hand: refused, refuted by cases, or proved harmless."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from tests.engines.proof.standing import of, stand_of

from jarlig.engines.answer import Desk
from jarlig.engines.exact import Climber
from jarlig.engines.proof.offer import compare, prove
from jarlig.engines.proof.proof import Found
from jarlig.library import load
from jarlig.policy import model
from jarlig.policy.messages import PolicyError
from jarlig.policy.reading import read_files

GUIDE = "guides/2023.yaml"
#: The caps of the notice and of the guide for each level of platform (clause 2.1).
CAPS = {"regional": (5_000_000, 4_000_000), "industry": (4_000_000, 3_000_000), "enterprise": (3_000_000, 2_000_000)}
BANDS = "{under 60: 0, 60 to under 75: 800_000, 75 to under 90: 1_800_000, from 90: 3_000_000}"
GROWTH = "{under 20%: 0, 20% to under 50%: 300_000, from 50%: 800_000}"


@cache
def nmg() -> model.Programme:
    return load("nmg-ecommerce-2022").model


def changed(old: str, new: str) -> model.Programme:
    """The shipped programme with one line of its guide of 2023 changed."""
    text = nmg().files[GUIDE].decode()
    assert text.count(old) == 1
    return read_files({**nmg().files, GUIDE: text.replace(old, new).encode()})


def found_of(programme: model.Programme, offer: str) -> list[Found]:
    """What is found of an offer under the guide of 2023; every case of a counterexample is climbed again."""
    one = replace(programme, guides={2023: programme.guides[2023]})
    stand, above = stand_of(one, offer)
    found = [*prove(Desk(one), stand, 10), *compare(Desk(one), stand, above, 10)]
    for finding in found:
        if finding.code == "E945":
            less, more = (Climber(stand.ladder).trace(dict(case))[0].award for case in finding.cases)
            assert less is not None and more is not None and more < less
    return found


def statuses(found: list[Found], subject: str) -> set[str]:
    return {status for status, _ in of(found, subject)}


@pytest.mark.parametrize("seed", range(6))
def test_caps_of_a_guide_are_refused_above_the_notice_and_proved_at_or_below_it(seed: int) -> None:
    chance = random.Random(seed)
    caps = {name: notice + chance.choice([-1, 0, 1, 1 - notice]) for name, (notice, _) in CAPS.items()}
    line = "2a: {{cap: {{regional: {regional}, industry: {industry}, enterprise: {enterprise}}}}}"
    stands = line.format(**{name: f"{guide:_}" for name, (_, guide) in CAPS.items()})
    programme = changed(stands, line.format(**caps))
    if any(caps[name] > notice for name, (notice, _) in CAPS.items()):
        with pytest.raises(PolicyError) as caught:
            found_of(programme, "2a")
        above = [name for name, (notice, _) in CAPS.items() if caps[name] > notice]
        assert [problem.code for problem in caught.value.problems] == ["E703"] * len(above)
        return
    found = found_of(programme, "2a")
    for subject in ("can_pay", "ceiling", "within", "monotone"):
        assert statuses(found, subject) == {"proved"}, of(found, subject)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("offer", "bands"), [("2c", BANDS), ("10a", GROWTH)])
def test_bands_of_a_guide_are_refuted_just_where_the_award_falls(offer: str, bands: str, seed: int) -> None:
    chance = random.Random(seed)
    names = [part.rpartition(":")[0] for part in bands.strip("{}").split(", ")]
    values = [0, *(chance.choice([1, 500_000, 900_000, 1_000_000]) for _ in names[1:])]
    told = ", ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    found = found_of(changed(bands, f"{{{told}}}"), offer)
    assert statuses(found, "can_pay") == {"proved"}
    falls = any(more < less for less, more in pairwise(values))
    assert ("E945" in {finding.code for finding in found}) is falls
    assert "not_proved" not in {finding.status for finding in found}
