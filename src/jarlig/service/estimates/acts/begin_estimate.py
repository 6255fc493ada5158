"""Beginning an estimate (开始测算): a row without a name, and a code that only the reader has."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from jarlig.asking import Interview, to_json
from jarlig.policy.messages import PolicyError
from jarlig.service.catalogue.loading import rules_of, version_in_force
from jarlig.service.estimates import codes
from jarlig.service.estimates.finding import holding
from jarlig.service.estimates.models import EstimateSession
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.errors import Invalid

#: So long after the last answer an estimate is kept.
KEPT = timedelta(days=30)
_OLDEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)


def begin_estimate(key: str, on: date | None = None) -> str:
    """Begins an estimate under a programme and gives its code.

    It is no act of office and stands in no log: a log is kept for good, and who answers was promised that everything
    is gone when they delete it or 30 days after their last answer.

    Args:
        key: of the programme.
        on: the day of application; today by default.

    Raises:
        Missing: no version of the programme is in force.
        Invalid: nothing can be estimated for that day.
    """
    day = on or today()
    version = version_in_force(key)
    if not _OLDEST <= day <= _LATEST:
        raise _no_such_day()
    try:
        interview = Interview.begin(rules_of(version), day)
    except PolicyError as error:
        raise _no_such_day() from error
    code, instant = codes.new_code(), now()
    with holding(code) as hashed:
        EstimateSession(
            code_hash=hashed, programme=version.programme, sha256=version.sha256, on=day, answers=to_json(interview),
            begun_at=instant, expires_at=instant + KEPT,
        ).save(force_insert=True)  # fmt: skip
    return code


def _no_such_day() -> Invalid:
    return Invalid(_("Nothing can be estimated for this day. Choose a day from 2000 to 2099."), field="day")
