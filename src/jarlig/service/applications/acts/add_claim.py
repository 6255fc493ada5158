"""Adding a claim to a file (添加申报事项)."""

from __future__ import annotations

import unicodedata

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications.models import ApplicationFile, Claim
from jarlig.service.applications.queries import the_file
from jarlig.service.applications.speaking import drafts
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid, WrongState

ADD = rule("add_claim", gettext_lazy("Add a claim"), condition=drafts)
LONGEST_PROJECT, MOST_CLAIMS = 80, 100


def add_claim(file: ApplicationFile, offer: str, project: str = "") -> Claim:
    """Begins a claim for an offer.

    Args:
        file: the file.
        offer: the offer; one that pays an applicant, in a guide of the file's year.
        project: what tells it from another claim of the same offer; empty for the only one.

    Raises:
        NotAllowed: to who is not of the enterprise.
        Invalid: for an offer that nobody applies for, or that the year's guide does not open.
        WrongState: when there is one for this offer and project.
    """
    require("add_claim", file)
    one = the_file(file.pk, lock=True)
    model = programme_in_force(one.programme.key).model
    found, guide = model.offers.get(offer), model.guides.get(one.year)
    if found is None:
        raise Invalid(_("There is no offer %(offer)s.") % {"offer": offer[:40]}, field="offer")
    if guide is None or offer not in (guide.opens or ()) or offer in guide.closes:
        raise Invalid(_("The guide of %(year)s does not open this offer.") % {"year": one.year}, field="offer")
    tidy = " ".join(unicodedata.normalize("NFC", project).split())
    if len(tidy) > LONGEST_PROJECT or not tidy.isprintable():
        raise Invalid(_("Name the project in at most %(most)s characters.") % {"most": LONGEST_PROJECT},
                      field="project")  # fmt: skip
    if Claim.objects.filter(file=one).exclude(state="dropped").count() >= MOST_CLAIMS:
        raise Invalid(_("A file has at most %(most)s claims.") % {"most": MOST_CLAIMS}, field="offer")
    who, moment = current().person, now()
    claim = Claim(file=one, enterprise_id=one.enterprise_id, programme_id=one.programme_id, year=one.year, offer=offer,
                  project=tidy, begun_by_id=who, begun_at=moment, changed_by_id=who, changed_at=moment)  # fmt: skip
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as error:
        raise WrongState(_("There is a claim for this offer and project already."), field="project",
                         remedy=_("Open it, or name another project.")) from error  # fmt: skip
    record("add_claim", claim, after=fields(claim, "file_id", "offer", "project", "year", "state"))
    return claim
