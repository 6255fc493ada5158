"""Missing facts told in the order of what they are worth: what is asked, why, by which evidence, and its effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jarlig.engines.exact.earlier import HISTORY
from jarlig.engines.interval import Missing
from jarlig.ladder import nodes as n
from jarlig.ladder.steps import Step
from jarlig.policy.model import FactDef
from jarlig.words import fmt
from jarlig.words.case import Case


@dataclass(frozen=True)
class Asked:
    """One missing fact: its path as a facts file spells it, why it is asked, its worth in fen, and the telling."""

    fact: str
    why: str
    worth: int | None
    says: str
    details: tuple[str, ...]


def asked(case: Case) -> list[Asked]:
    """The missing facts, the one that can change the award most first."""
    return [_asked(case, missing) for missing in case.answer.missing]


def _asked(case: Case, missing: Missing) -> Asked:
    definition = _definition(case, missing)
    what, why = _what(case, missing), _why(case, missing, definition)
    if missing.worth is None:
        says = case.say("missing.unbounded", what=what)
    elif missing.worth == 0 and isinstance(missing.key, str) and case.is_rough(missing.key):
        says = case.say("missing.about", what=what)
    elif missing.worth == 0:
        says = case.say("missing.nothing", what=what)
    else:
        says = case.say("missing.worth", what=what, worth=fmt.money(missing.worth, case.lang))
    details = (*([why] if why else []), *_sources(case, definition))
    key = missing.key
    path = key if isinstance(key, str) else f"{key[0]}.{_line(case, key[0], key[1])}.{key[2]}"
    return Asked(path, why, missing.worth, says, details)


def _definition(case: Case, missing: Missing) -> FactDef | None:
    key = missing.key
    return case.facts.get(key if isinstance(key, str) else key[0])


def _what(case: Case, missing: Missing) -> str:
    if isinstance(missing.key, str):
        return case.speaker.title(missing.key)
    rows, index, column = missing.key
    title = case.speaker.title(rows)
    name = case.speaker.history_column(column) if rows == HISTORY else case.speaker.column(rows, column)
    return case.say("missing.cell", rows=title, line=_line(case, rows, index), column=name)


def _line(case: Case, rows: str, index: int) -> str:
    """The line of a row in the list as it was given."""
    if rows == HISTORY:
        return str(_history_order(case)[index] + 1)
    table = case.table(rows)
    return str(table.line(index) if table else index + 1)


def _history_order(case: Case) -> list[int]:
    """Places of earlier awards in the list as it was given: the engines read them by day and id."""
    given: list[Mapping[str, str | None]] = case.answer.facts.plain[HISTORY]
    days = [(row.get("on") is None, row.get("on") or "", row.get("id") or "") for row in given]
    return sorted(range(len(given)), key=days.__getitem__)


def _why(case: Case, missing: Missing, definition: FactDef | None) -> str:
    """The programme's own reason for asking; else the first step that reads the fact."""
    own = definition
    if definition is not None and not isinstance(missing.key, str):
        own = definition.columns.get(missing.key[2])
    if own is not None and own.why is not None:
        return own.why[case.lang]
    step = next((step for step in case.answer.ladder.steps if _reads(step, missing)), None)
    if step is None:
        return ""
    label = step.label[case.lang]
    if step.role == "gate":
        return case.say("missing.decides", phrase=label or case.speaker.phrase(step.node))
    return case.say("missing.enters", label=label) if label else ""


def _reads(step: Step, missing: Missing) -> bool:
    key = missing.key
    history = HISTORY in (key, key[0])
    for node in n.walk(step.node):
        if isinstance(node, n.Fact | n.Column) and node.name == (key if isinstance(key, str) else key[2]):
            return True
        if isinstance(node, n.Sum) and node.rows == key:
            return True
        if isinstance(node, n.Earlier) and history:
            return True
    return False


def _sources(case: Case, definition: FactDef | None) -> list[str]:
    """By which evidence a fact is shown and who verifies it."""
    if definition is None:
        return []
    found = []
    named = [
        case.programme.evidence[name][case.lang] for name in definition.evidence if name in case.programme.evidence
    ]
    if named:
        found.append(case.say("missing.sources", evidence=fmt.listed(named, case.lang)))
    if case.body(definition.verified_by):
        found.append(case.say("missing.verified", body=case.body(definition.verified_by)))
    return [case.say("list_stop").join(found)] if found else []
