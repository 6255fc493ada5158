"""Importing a list of recognitions (导入认定名单): every row is answered, done or skipped because."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.policy.messages import nearest
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.models import Body
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue import digest
from jarlig.service.catalogue.acts.doing import walls
from jarlig.service.catalogue.acts.recognise import check, elsewhere, outside
from jarlig.service.catalogue.kinds import Kind, day, kinds
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Programme, Recognition, RecognitionImport
from jarlig.service.catalogue.sheets import read_sheet
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid, Refused, WrongState

IMPORT = rule("import_recognitions", gettext_lazy("Import a list of recognitions"), "reviewer", "approver", where="")

#: Columns of the sheet by their heads, and whether one must be there.
COLUMNS = {
    "uscc": ("统一社会信用代码", "uscc", True),
    "kind": ("认定事项", "kind", True),
    "value": ("认定结果", "value", True),
    "dated": ("认定日期", "dated", True),
    "number": ("文号", "number", False),
    "valid_until": ("有效期至", "valid until", False),
    "subject": ("项目（载体）代码", "subject", False),
}
LANGUAGES = ("zh-hans", "en")


@dataclass
class _List:
    """What rows are compared with, asked once for all of them."""

    programme: Programme
    body: Any
    department: str
    kinds: dict[str, Kind]
    today: date
    taken: set[tuple[str, str, str]]
    outside: set[str]
    lines: dict[tuple[str, str, str], int] = field(default_factory=dict)


def import_recognitions(programme: Programme, data: bytes, source: str) -> RecognitionImport:
    """Takes in a sheet; what can stand in the register stands there, and each other row says why not.

    Raises:
        NotAllowed: from another seat.
        Invalid: when the sheet cannot be read, or lacks a column.
        WrongState: when this very file was imported before by the same body.
    """
    seat = require("import_recognitions", programme)
    assert seat is not None
    rows = read_sheet(data)
    at = _columns(rows[0] if rows else [])
    found = RecognitionImport(programme=programme, body_id=seat.body, source=source[:200], sha256=digest.one(data),
                              imported_by_id=current().person, imported_at=now())  # fmt: skip
    if RecognitionImport.objects.filter(programme=programme, body=seat.body, sha256=found.sha256).exists():
        raise WrongState(_("This very file was imported before."), field="sheet")
    known = _List(
        programme, seat.body, Body.objects.values_list("department", flat=True).get(pk=seat.body),
        kinds(programme_in_force(programme.key)), today(),
        set(Recognition.objects.filter(programme=programme, state="valid").values_list("kind", "uscc", "subject")),
        outside({row[at["uscc"]].strip() for row in rows[1:] if at["uscc"] < len(row)}),
    )  # fmt: skip
    made, answers = [], []
    for line, cells in enumerate(rows[1:], 2):
        given = {name: cells[column] if column < len(cells) else "" for name, column in at.items()}
        if not any(given.values()):
            continue
        one, said = _answered(known, given, line)
        answers.append({"line": line, "cells": given, "done": one is not None, "zh": said[0], "en": said[1]})
        if one is not None:
            one.source = found
            made.append(one)
    found.rows, found.done, found.skipped = answers, len(made), len(answers) - len(made)
    with walls():
        found.save(force_insert=True)
        Recognition.objects.bulk_create(made, batch_size=1_000)
    record(
        "import_recognitions", found, after=fields(found, "programme", "body", "source", "sha256", "done", "skipped")
    )
    return found


def _columns(head: list[str]) -> dict[str, int]:
    words = {word.strip().casefold(): column for column, word in reversed(list(enumerate(head)))}
    found = {}
    for name, (zh, en, needed) in COLUMNS.items():
        column = words.get(zh, words.get(en.casefold(), words.get(name)))
        if column is not None:
            found[name] = column
        elif needed:
            raise Invalid(_("The first row has no column %(name)s.") % {"name": zh}, field="sheet",
                          remedy=_("Use the empty sheet of this page."))  # fmt: skip
    return found


def _answered(known: _List, given: dict[str, str], line: int) -> tuple[Recognition | None, tuple[str, str]]:
    try:
        one = _row(known, given)
    except Refused:
        return None, _in_both(lambda: _row(known, given))
    key = (one.kind, one.uscc, one.subject)
    known.taken.add(key)
    known.lines[key] = line
    return one, ("", "")


def _row(known: _List, given: dict[str, str]) -> Recognition:
    text = {name: value.strip() for name, value in given.items()}
    kind = _kind(known, text["kind"])
    if kind.department != known.department:
        raise Invalid(_("The programme leaves this to the body %(body)s.") % {"body": kind.department})
    one = Recognition(
        programme=known.programme, kind=kind.key, uscc=text["uscc"], value=_value(kind, text["value"]),
        dated=day(text["dated"], "dated"), number=text.get("number", ""), subject=text.get("subject", ""),
        valid_until=day(text["valid_until"], "valid_until") if text.get("valid_until") else None, body_id=known.body,
    )  # fmt: skip
    check(one, kind, known.today)
    if one.uscc in known.outside:
        raise elsewhere()
    key = (one.kind, one.uscc, one.subject)
    if key in known.lines:
        raise Invalid(_("The same stands in row %(line)s.") % {"line": known.lines[key]})
    if key in known.taken:
        raise Invalid(_("A recognition of this kind is valid for it already."))
    return one


def _kind(known: _List, text: str) -> Kind:
    if text in known.kinds:
        return known.kinds[text]
    titled = [kind for kind in known.kinds.values() if text in (_titled(kind, "zh"), _titled(kind, "en"))]
    if len(titled) == 1:
        return titled[0]
    near = nearest(text, known.kinds)
    raise Invalid(_("The programme leaves nothing to a body under this name: %(name)s.") % {"name": text[:80]},
                  remedy=_("Is %(name)s meant?") % {"name": near} if near else "")  # fmt: skip


def _titled(kind: Kind, lang: str) -> str:
    words: str = getattr(kind.fact.title, lang)
    return f"{kind.offer} {words}".strip()


def _value(kind: Kind, text: str) -> str:
    """A choice may be written by its words, yes and no as people write them."""
    for value, words in kind.fact.labels.items():
        if text in (words.zh, words.en):
            return value
    return {"是": "true", "否": "false", "yes": "true", "no": "false"}.get(text.casefold(), text)


def _in_both(refused: Callable[[], object]) -> tuple[str, str]:
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            try:
                refused()
            except Refused as error:
                said.append(str(error))
    return said[0], said[-1]
