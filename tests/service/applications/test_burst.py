"""The last second of a window: many at once, each sent twice, while it is closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event
from uuid import UUID, uuid4

from django.db import connection
from tests.service.applications.desk import DECLARED, OFFER, Desk, read

from jarlig.service.applications.acts.submit_claim import seen_of, submit_claim
from jarlig.service.applications.models import Claim, Submission
from jarlig.service.audit.models import Act
from jarlig.service.catalogue.acts.close_window import close_window
from jarlig.service.catalogue.models import Window
from jarlig.service.ground.errors import WrongState

CLAIMS, WORKERS = 40, 8
#: Answers after which the window is closed, under those who are still coming.
CLOSE_AFTER = 20


def test_acknowledgements_claims_and_log_agree_and_nothing_is_taken_after_the_close(own_at: Desk) -> None:
    claims = [own_at.complete(project=f"{number}期") for number in range(CLAIMS)]
    with own_at.place.acts("ana"):
        forms = [(one, uuid4(), seen_of(read(one))) for one in claims]
    enough, answered = Event(), []

    def send(form: tuple[Claim, UUID, str]) -> tuple[UUID, datetime] | None:
        claim, key, seen = form
        try:
            with own_at.place.acts("ana"):
                made = submit_claim(read(claim), key, seen, DECLARED)
                found = (made.pk, made.submitted_at)
        except WrongState:
            return None
        finally:
            connection.close()
        answered.append(key)
        if len(answered) >= CLOSE_AFTER:
            enough.set()
        return found

    def close() -> None:
        assert enough.wait(60)
        try:
            with own_at.place.sits("publisher"):
                close_window(Window.objects.get(pk=own_at.windows[OFFER].pk), "到期")
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS + 1) as pool:
        closing = pool.submit(close)
        told = list(pool.map(send, [form for form in forms for _twice in range(2)]))
        closing.result()
    acknowledged = {one for one in told if one is not None}
    with own_at.place.acts("ana"):
        kept = {(one.pk, one.submitted_at) for one in Submission.objects.all()}
        states = list(Claim.objects.values_list("state", flat=True))
        logged = Act.objects.filter(act="submit_claim").count()
        closes_at = Window.objects.get(pk=own_at.windows[OFFER].pk).closes_at
    assert acknowledged == kept
    assert CLOSE_AFTER // 2 <= len(kept) == logged == states.count("submitted")
    assert len(kept) + states.count("draft") == CLAIMS
    assert max(moment for _one, moment in kept) <= closes_at
