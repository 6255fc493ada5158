"""Handing in a file (上传文件)."""

from __future__ import annotations

from datetime import timedelta
from typing import IO

from django.db.models import Sum
from django.utils.translation import gettext as _

from jarlig.service.audit.record import fields, record
from jarlig.service.documents import scanner, store
from jarlig.service.documents.acts.scan_file import settle
from jarlig.service.documents.check import check
from jarlig.service.documents.leftover import claim
from jarlig.service.documents.models import StoredFile
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid, NotAllowed

#: The most bytes that one person may hand in within a day.
MOST_A_DAY = 500 * 1024 * 1024


def store_file(
    source: IO[bytes], name: str, *, purpose: str, thing: str = "", thing_id: str = "", area: str = ""
) -> StoredFile:
    """Checks a file, keeps its bytes and writes down who handed it in.

    Args:
        source: the bytes, from which can be read more than once.
        name: what the file is called where it comes from.
        purpose: what it is for, a word of the room above (``authorisation``).
        thing: what it belongs to, by the label of its model.
        thing_id: and its id.
        area: path of the area under which the act is found.

    Raises:
        NotAllowed: when nobody is signed in.
        Invalid: for a file that is not taken, or is one too many today.
    """
    person = current().person
    if person is None:
        raise NotAllowed(_("You are not signed in."))
    source.seek(0, 2)
    size = source.tell()
    kind, tidy = check(source, size, name)
    since = now() - timedelta(days=1)
    today = StoredFile.objects.filter(uploaded_by=person, uploaded_at__gt=since).aggregate(sum=Sum("size"))["sum"] or 0
    if today + size > MOST_A_DAY:
        raise Invalid(_("You have handed in 500 MB within a day; more is not taken."), field="file",
                      remedy=_("Try again tomorrow, or bring the papers to the office."))  # fmt: skip
    verdict = scanner.scan(source)
    if verdict is not None and verdict.found:
        raise Invalid(_("The virus scanner found “%(found)s” in this file.") % {"found": verdict.found},
                      field="file", remedy=_("Clean your computer first, then make the file anew."))  # fmt: skip
    sha256, kept = store.keep(source, claim)
    moment = now()
    file = StoredFile(sha256=sha256, size=kept, kind=kind, name=tidy, uploaded_by=person, uploaded_at=moment,
                      purpose=purpose, thing=thing, thing_id=thing_id, checked_at=moment)  # fmt: skip
    file.save(force_insert=True)
    after = fields(file, "sha256", "size", "kind", "name", "purpose", "thing", "thing_id")
    # A name that somebody chose for a file often holds the name of a person.
    record("store_file", file, after=after, personal={"name": person}, area=area)
    if verdict is not None:
        settle(file, verdict)
    return file
