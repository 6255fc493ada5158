"""Places to choose from (区划选择): the leagues of the programme's region, each with its banners.

The rules half says which of them are an answer; a region of which there is no list is asked for its code.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from jarlig.asking import Interview
from jarlig.policy.messages import PolicyError
from jarlig.reference.divisions import divisions
from jarlig.reference.errors import BadCode, UnknownDivision
from jarlig.service.web.figures import chinese


@dataclass(frozen=True, slots=True)
class Group:
    """A league with those places in it that are an answer, as code and name."""

    title: str
    options: tuple[tuple[str, str], ...]


_kept: OrderedDict[tuple[str, str, bool], tuple[Group, ...]] = OrderedDict()
_MOST = 64


def places(interview: Interview, topic: str) -> tuple[Group, ...]:
    """The places that answer a question; none where no list has them."""
    key = (interview.estimates.fingerprint, topic, chinese())
    if key not in _kept:
        _kept[key] = tuple(_groups(interview, topic))
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return _kept[key]


def _groups(interview: Interview, topic: str) -> list[Group]:
    if not _is_listed(interview.programme.model.region):
        return []
    found = []
    for league in divisions().leagues:
        options = [
            (one.code, one.zh if chinese() else one.en)
            for one in (league, *divisions().children(league.code)) if _fits(interview, topic, one.code)
        ]  # fmt: skip
        if options:
            found.append(Group(league.zh if chinese() else league.en, tuple(options)))
    return found


def _is_listed(region: str) -> bool:
    try:
        divisions().division(region)
    except (BadCode, UnknownDivision):
        return False
    return True


def _fits(interview: Interview, topic: str, code: str) -> bool:
    try:
        interview.answer(topic, code)
    except PolicyError:
        return False
    return True
