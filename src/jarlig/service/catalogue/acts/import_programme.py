"""Importing a programme folder (导入方案): unpacked and kept; a job then checks it apart from whoever waits."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.policy.shipped import shipped
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue import digest
from jarlig.service.catalogue.acts.check_programme import take_in
from jarlig.service.catalogue.jobs import check_folder
from jarlig.service.catalogue.models import FolderImport, Programme, Version
from jarlig.service.catalogue.states import OVER
from jarlig.service.catalogue.upload import KINDS, unpack
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid, Missing
from jarlig.service.ground.jobs import enqueue

IMPORT = rule("import_programme", gettext_lazy("Import a programme folder"), "author")


def import_programme(
    packed: bytes = b"", source: str = "", *, shipped_as: str = "", into: Programme | None = None
) -> FolderImport:  # fmt: skip
    """Keeps a folder and puts down the job that checks it; the version is made when the check has read it.

    Args:
        packed: the folder as a ZIP.
        source: name of the uploaded file.
        shipped_as: instead of a ZIP, the name of a programme that comes with the package.
        into: the programme whose version it must be.

    Raises:
        NotAllowed: from another seat, or for a programme of an area outside it.
        Invalid: for a ZIP that is none, or the very files of a version that is not over or of a folder that waits.
        Missing: when nothing of that name comes with the package.
    """
    made = _kept(packed, source, shipped_as, into)
    made.job = enqueue(check_folder, folder=made.pk)
    made.save(update_fields=["job"])
    return made


def import_at_once(
    packed: bytes = b"", source: str = "", *, shipped_as: str = "", into: Programme | None = None
) -> Version:  # fmt: skip
    """The same with its check, for who may wait for it in this transaction: a demonstration that is filled.

    Raises:
        Refused: as ``import_programme`` and ``take_in`` do.
    """
    return take_in(_kept(packed, source, shipped_as, into))


def _kept(packed: bytes, source: str, shipped_as: str, into: Programme | None) -> FolderImport:
    seat = require("import_programme", into)
    assert seat is not None  # a rule with roles has let somebody pass
    files = _shipped(shipped_as) if shipped_as else unpack(packed)
    whole = digest.whole(files)
    same = Version.objects.filter(sha256=whole).exclude(state__in=OVER).first()
    if same is not None:
        raise Invalid(_("These very files are version %(number)s already.") % {"number": same.number}, field="folder")
    if FolderImport.objects.filter(sha256=whole, state="waiting").exists():
        raise Invalid(_("These very files are being checked already."), field="folder")
    made = FolderImport(
        into=into, sha256=whole, source=(shipped_as or source)[:200], packed=_packed(files) if shipped_as else packed,
        imported_by_id=current().person, imported_at=now(),
    )  # fmt: skip
    made.save(force_insert=True)
    record("import_programme", made, after=fields(made, "into", "sha256", "source", "state"),
           area=made.area_path or seat.path)  # fmt: skip
    return made


def _shipped(name: str) -> dict[str, bytes]:
    folder = shipped().get(name)
    if folder is None:
        raise Missing(_("No programme of this name comes with the package."), field="shipped_as")
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in KINDS)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
