"""What an address of the policy room is about; what is not there and what may not be seen are told alike."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from jarlig.library import Programme as Rules
from jarlig.service.catalogue import queries
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.loading import rules_of
from jarlig.service.catalogue.models import (
    FolderImport,
    Interpretation,
    Programme,
    Recognition,
    RecognitionImport,
    RouteVersion,
    Version,
    Window,
)


def programme(_request: HttpRequest, key: str, **_rest: Any) -> Programme:
    """The programme of an address."""
    return queries.the_programme(key)


def version(_request: HttpRequest, key: str, number: int, **_rest: Any) -> Version:
    """The version of an address."""
    return queries.the_version(key, number)


def interpretation(_request: HttpRequest, key: str, number: int, **_rest: Any) -> Interpretation:
    """The interpretation of an address."""
    return queries.the_interpretation(key, number)


def window(_request: HttpRequest, identity: UUID, **_rest: Any) -> Window:
    """The window of an address."""
    return queries.the_window(identity)


def route(_request: HttpRequest, identity: UUID, **_rest: Any) -> RouteVersion:
    """The route of an address."""
    return queries.the_route(identity)


def recognition(_request: HttpRequest, identity: UUID, **_rest: Any) -> Recognition:
    """The recognition of an address."""
    return queries.the_recognition(identity)


def imported(_request: HttpRequest, identity: UUID, **_rest: Any) -> RecognitionImport:
    """The imported list of an address."""
    return queries.the_list(identity)


def sent(_request: HttpRequest, identity: UUID, **_rest: Any) -> FolderImport:
    """The imported folder of an address."""
    return queries.the_folder(identity)


def rules(one: Programme) -> tuple[Version | None, Rules | None]:
    """The version in force and its rules; None for both where there is none."""
    found = queries.version_now(one)
    return (found, rules_of(found)) if found else (None, None)


def titled(one: Programme) -> Version | None:
    """The version whose title a programme goes by: that in force, or the newest."""
    return queries.version_titled(one)


def title(one: Version | None, otherwise: str) -> str:
    """The title of a version in the language of the reader, by the programme's own words."""
    if one is None:
        return otherwise
    return str(one.title_zh if is_chinese() else one.title_en)
