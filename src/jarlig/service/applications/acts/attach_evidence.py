"""Attaching a document (上传证明材料)."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.applications.corrections import require_open
from jarlig.service.applications.errors import not_editable
from jarlig.service.applications.models import ApplicationFile, Claim, Evidence
from jarlig.service.applications.queries import the_claim, the_file
from jarlig.service.applications.speaking import drafts
from jarlig.service.applications.states import EDITABLE
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.documents.acts.store_file import store_file
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid

ATTACH = rule("attach_evidence", gettext_lazy("Attach a document"), condition=drafts)
#: The word by which stored files of this room are known.
PURPOSE = "evidence"
MOST_ATTACHED, LONGEST_KEY = 2_000, 200


def attach_evidence(
    source: IO[bytes], name: str, kind: str, *, claim: Claim | None = None, file: ApplicationFile | None = None,
    fact: str = "", row_key: str = "",
) -> Evidence:  # fmt: skip
    """Stores a document and attaches it to a claim, or to a file for all its claims.

    Args:
        source: its bytes.
        name: what it is called where it comes from.
        kind: which document it is, by the programme's own word.
        claim: the claim; otherwise ``file`` is given.
        file: the file.
        fact: the fact that it shows, where it is about one.
        row_key: and the row of a list, where it is about one.

    Raises:
        NotAllowed: to who is not of the enterprise.
        WrongState: when the claim was submitted or is gone.
        Invalid: for a document that the programme does not know, or a file that is not taken.
    """
    assert (claim is None) != (file is None)
    require("attach_evidence", claim or file)
    if claim is not None:
        if claim.state not in EDITABLE:
            raise not_editable()
        claim = the_claim(claim.pk, lock=True)
        if claim.state not in EDITABLE:
            raise not_editable()
        require_open(claim, "document", kind)
        whole = claim.file
    else:
        assert file is not None
        whole = the_file(file.pk, lock=True)
    if kind not in programme_in_force(whole.programme.key).model.evidence:
        raise Invalid(_("The programme knows no such document: %(kind)s.") % {"kind": kind[:80]}, field="kind")
    if len(fact) > LONGEST_KEY or len(row_key) > LONGEST_KEY:
        raise Invalid(_("This row cannot be told from others."), field="row_key")
    if Evidence.objects.filter(file=whole, state="attached").count() >= MOST_ATTACHED:
        raise Invalid(_("A file holds at most %(most)s documents.") % {"most": MOST_ATTACHED}, field="file")
    made = Evidence(file=whole, claim=claim, kind=kind, fact=fact, row_key=row_key, attached_by_id=current().person,
                    attached_at=now())  # fmt: skip
    made.stored = store_file(source, name, purpose=PURPOSE, thing="applications.evidence", thing_id=str(made.pk),
                             area=whole.area_path)  # fmt: skip
    made.save(force_insert=True)
    record("attach_evidence", made, after=fields(made, "file_id", "claim_id", "kind", "fact", "row_key", "stored_id"))
    return made
