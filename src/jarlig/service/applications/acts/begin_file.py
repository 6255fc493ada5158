"""Beginning a file (建立申报档案)."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications.models import ApplicationFile
from jarlig.service.applications.speaking import drafts
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Programme
from jarlig.service.enterprises.speaking import may_speak
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid, WrongState

BEGIN = rule("begin_file", gettext_lazy("Begin a file"), condition=drafts)


def begin_file(enterprise: UUID, programme: Programme, year: int) -> ApplicationFile:
    """The file of an enterprise under a programme for a year: that which there is, or a new one.

    What the enterprise answered in its latest file under the programme is taken over, to be looked through. The file of
    somebody who has only asked to join is theirs alone, until they speak for the enterprise.

    Raises:
        NotAllowed: to who is not of the enterprise.
        Missing: when no version of the programme is in force.
        Invalid: for a year without a guide.
        WrongState: when somebody else began it this instant.
    """
    made = ApplicationFile(enterprise_id=enterprise, programme=programme, year=year)
    require("begin_file", made)
    if year not in programme_in_force(programme.key).model.guides:
        raise Invalid(_("There is no guide of %(year)s.") % {"year": year}, field="year")
    who = current().person
    assert who is not None  # the rule has let somebody pass
    firm = may_speak(who, enterprise)
    known = ApplicationFile.objects.filter(enterprise_id=enterprise, programme=programme)
    found: ApplicationFile | None = known.filter(year=year).order_by("state").first()
    if found is not None:
        return found
    earlier = known.order_by("-year").first()
    made.answers, made.state = (earlier.answers if earlier else {}), ("firm" if firm else "own")
    made.begun_by_id = made.changed_by_id = who
    made.begun_at = made.changed_at = now()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise WrongState(_("Somebody else has just begun this file."), remedy=_("Open it.")) from error
    record("begin_file", made, after=fields(made, "enterprise_id", "programme_id", "year", "state"))
    return made


def taken_over(file: ApplicationFile) -> dict[str, str]:
    """The file of who has only asked becomes the enterprise's once they speak for it: the change, if there is one.

    Raises:
        WrongState: when the enterprise has a file of that year already.
    """
    who = current().person
    if file.state != "own" or who is None or not may_speak(who, file.enterprise_id):
        return {}
    if ApplicationFile.objects.filter(
        enterprise=file.enterprise_id, programme=file.programme_id, year=file.year, state="firm"
    ).exists():
        raise WrongState(_("The enterprise has a file of this year already; this one stays as you left it."),
                         remedy=_("Enter it in the file of the enterprise."))  # fmt: skip
    return {"state": "firm"}
