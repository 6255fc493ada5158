"""A version made ready for use (加载): from its stored bytes, proven by their hash, never from a path.

What was read is kept by the hash of the folder, so that a page costs no second reading.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from jarlig.library import Programme as Rules
from jarlig.policy.messages import PolicyError
from jarlig.policy.reading import read_files
from jarlig.service.catalogue import digest
from jarlig.service.catalogue.errors import Broken
from jarlig.service.catalogue.models import File, Version
from jarlig.service.catalogue.states import PUBLIC
from jarlig.service.ground.clock import SHANGHAI
from jarlig.service.ground.errors import Missing
from jarlig.service.ground.kept import Kept

_kept: Kept[str, Rules] = Kept(16)


def programme_in_force(key: str, on: date | None = None) -> Rules:
    """The rules of a programme as they are in force now, or as they last were on a day.

    Raises:
        Missing: there is no such programme, or no version of it was in force then.
        Broken: its stored files are not those that were imported.
    """
    return rules_of(version_in_force(key, on))


def version_in_force(key: str, on: date | None = None) -> Version:
    """The version of a programme that is in force now, or that last was on a day.

    Raises:
        Missing: see ``programme_in_force``.
    """
    found = Version.objects.filter(programme__key=key, state__in=PUBLIC).select_related("programme")
    found = found.defer("report", "proof")
    if on is None:
        found = found.filter(state="in_force")
    else:
        start = datetime(on.year, on.month, on.day, tzinfo=SHANGHAI)
        end = start.replace(hour=23, minute=59, second=59, microsecond=999_999)
        found = found.filter(in_force_at__lte=end).exclude(ended_at__lt=start).order_by(F("in_force_at").desc())
    version: Version | None = found.first()
    if version is None:
        raise Missing(_("No version of this programme is in force."))
    return version


def rules_of(version: Version) -> Rules:
    """The rules of a version.

    Raises:
        Broken: see ``programme_in_force``.
    """
    return _kept.get(version.sha256, lambda: _read(version))


def _read(version: Version) -> Rules:
    files = files_of(version)
    try:
        return Rules(read_files({name: data for name, data in files.items() if name.endswith(".yaml")}, ""))
    except PolicyError as error:
        raise _broken(version) from error


def files_of(version: Version) -> dict[str, bytes]:
    """The files of a version, byte for byte as they were imported.

    Raises:
        Broken: when the stored bytes have another hash.
    """
    files = {name: bytes(data) for name, data in File.objects.filter(version=version).values_list("name", "data")}
    if digest.whole(files) != version.sha256:
        raise _broken(version)
    return files


def forget() -> None:
    """Drops what is kept ready."""
    _kept.forget()


def _broken(version: Version) -> Broken:
    return Broken(
        _("The stored files of version %(number)s are not those that were imported; nothing is computed from them.")
        % {"number": version.number},
        remedy=_("Restore the table from a backup, or import the folder again. Nothing else is lost."),
    )
