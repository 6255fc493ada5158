"""The table of cases (案例表): one row a case, typed, with its plan; what cannot be used is put aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jarlig.engines.sql.asking import Asked, Lists, Rules, Slot, asked
from jarlig.engines.sql.backend import ROW, Backend
from jarlig.engines.sql.dialect import Dialect
from jarlig.engines.sql.intake import RAW, Intake, Reject, Rejects, Typed
from jarlig.engines.sql.printing import written
from jarlig.engines.sql.sheet import Value
from jarlig.engines.sql.spreadsheet import check_error
from jarlig.ladder.kinds import DATE, Division, Kind
from jarlig.ladder.numbers import NumberError
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.messages import nearest
from jarlig.policy.plans import Plan
from jarlig.tabular import Staged
from jarlig.tabular.formats import refused
from jarlig.tabular.sheets import ERRORS, NOT_COMPUTED

#: Columns of the cases table that are no facts.
OWN = ("case", "on", "at", "claim_month", "claim_year")
GROUP, DECISIONS = "group.", "decisions."
#: Longer ids are refused: they are repeated on every row of the answer.
MOST_ID = 200


@dataclass
class Cases:
    """The cases as they stand in the engine.

    The table ``cases`` has ``n`` (its order), ``line``, ``case``, ``on_``, ``at_``, the numbers of plans, ``bad``, the
    groups and the facts. ``asked`` is what each set of rules reads, ``columns`` are the facts, ``lists`` the rows that
    are read, ``groups`` the labels for reports.
    """

    asked: list[Asked]
    columns: dict[Slot, Value]
    lists: Lists
    groups: tuple[str, ...]
    case_type: str
    #: Lists for which the cases say whether they are known, with the column that says so.
    flags: Mapping[str, str]
    same_day: int | None = None
    #: The name of the file.
    file: str = ""


def read_cases(
    backend: Backend,
    staged: Staged,
    rules: Sequence[Rules],
    offers: Iterable[str],
    tables: Iterable[str],
    rejects: Rejects,
    *,
    on: int | None,
) -> Cases:
    """Read the cases into the table ``cases``.

    Args:
        backend: the engine.
        staged: the file.
        rules: the sets of rules that are asked; their programmes have the same facts.
        offers: ids of the offers that are asked.
        tables: names of the rows tables.
        rejects: takes the rows that cannot be used.
        on: the application date of all cases, when the file has none.

    Raises:
        PolicyError: E825 for a column that nothing reads, E826 without a column ``case`` or any day of application,
            E816 with a day for all beside the days of the table.
    """
    programme = rules[0].programme
    check_columns(staged, [programme for one in rules for programme in one.programmes])
    intake, names, dialect = Intake(backend, staged, "cases", programme.region), list(staged.columns), backend.dialect
    base = f"{intake.source} {RAW}"
    first = {slot.source: slot for slot in _first_slots(names, programme)}
    early = {typed.slot.source: typed for typed in intake.typed(base, list(first.values()))}
    joins = "".join(typed.join for typed in early.values())
    if "on" not in early and on is None:
        raise refused("E826", staged.source, 1, "on", name="on")
    if "on" in early and on is not None:
        raise refused("E816", staged.source, 1, "on")
    day = early["on"].value if "on" in early else written(on, DATE, dialect)
    places = [early[name].value for name in ("at", programme.applied_at) if name in early]
    place = f"coalesce({', '.join(places)})" if places else f"CAST(NULL AS {dialect.text})"
    inner = f"SELECT {RAW}.*, {day} AS __on, {place} AS __at FROM {base}{joins}"
    plans = ", ".join(f"{_plan_sql(one, dialect)} AS __{one.plan}" for one in rules)  # no column of a file is called so
    rows = f"(SELECT *, {plans} FROM ({inner})) {RAW}"
    lists: Lists = {}
    made: list[Asked] = []
    for one in rules:
        query = f"SELECT DISTINCT __{one.plan} FROM {rows} WHERE __on IS NOT NULL"
        numbers = sorted(row[0] for row in backend.ask(query)) or [0]  # no case at all: the notice alone
        occurring = {number: one.numbers.plan(number) for number in numbers}
        made.append(asked(one, offers, occurring, names, tables, lists))
    slots = list(dict.fromkeys(slot for one in made for slot in one.facts.values() if slot is not None))
    told_by = [(slot.source, name) for slot in lists for name in (slot.source.rpartition(".")[2], slot.source)]
    flags = {source: name for source, name in told_by if name in names}  # its own column before the shared one
    typed = intake.typed(rows, slots)
    groups = tuple(name for name in names if name.startswith(GROUP))
    found = Cases(made, {}, lists, groups, _case_type(intake), flags, file=staged.source.name)
    chosen = _chosen(intake, found, [*early.values(), *typed], typed, flags)
    joined = rows + "".join(one.join for one in typed)
    outer = "".join(one.join for one in early.values())  # their "bad" is asked again, beside the others
    backend.keep("cases", f"SELECT {', '.join(chosen)} FROM {joined}{outer}")
    _reject(backend, intake, base, early, flags, rejects)
    for column in typed:
        for reject in intake.rejected(rows, column, f"{RAW}.{dialect.ident('case')}"):
            rejects.add(reject)
    days = backend.ask("SELECT DISTINCT on_ FROM cases WHERE NOT bad LIMIT 2")
    found.same_day = days[0][0].toordinal() if len(days) == 1 else None
    return found


def _plan_sql(rules: Rules, dialect: Dialect) -> str:
    at = dialect.literal(rules.at) if rules.at else "coalesce(__at, '')"
    return rules.numbers.sql("__on", at, dialect)


def check_columns(staged: Staged, programmes: Sequence[model.Programme]) -> None:
    """Refuse a column that no rule could read: a misspelt fact would silently be unknown."""
    if "case" not in staged.columns:
        raise refused("E826", staged.source, 1, "case", name="case")
    facts: dict[str, set[str]] = {}
    for programme in programmes:
        for offer in programme.offers:
            facts.setdefault(offer, set()).update(Plan(programme, None).fact_defs(offer))
    own = {f"{offer}.{name}" for offer, names in facts.items() for name in names}
    valid = {*OWN, *(name for names in facts.values() for name in names)}
    some = any(name.startswith(DECISIONS) for name in staged.columns)
    decisions = _decisions(programmes) if some else set()
    for name in staged.columns:
        if name in valid or name in own or name in decisions or name.startswith(GROUP):
            continue
        if name.startswith(DECISIONS):
            near = nearest(name, decisions)
        else:
            near = _nearest_own(name, facts) if "." in name else nearest(name, valid)
        raise refused("E825", staged.source, 1, name, name=name, near=near or "")


def _decisions(programmes: Sequence[model.Programme]) -> set[str]:
    """The columns of what a person decides: by name, and by name for one offer."""
    found = set()
    for programme in programmes:
        for guide in (None, *programme.guides.values()):
            plan = Plan(programme, guide)
            for offer in programme.offers:
                for node in plan.ladder(offer).judged:
                    found |= {f"{DECISIONS}{node.name}", f"{DECISIONS}{offer}.{node.name}"}
    return found


def _nearest_own(name: str, facts: Mapping[str, set[str]]) -> str | None:
    """The column of one offer that may be meant: a fact of that offer, or the offer that has the fact."""
    offer, _, fact = name.partition(".")
    near = nearest(fact, facts.get(offer, set()))
    if near:
        return f"{offer}.{near}"
    return nearest(name, {f"{other}.{fact}" for other, names in facts.items() if fact in names})


def _first_slots(names: Iterable[str], programme: model.Programme) -> list[Slot]:
    kinds: dict[str, Kind] = {"on": DATE, "at": Division("village")}
    if programme.applied_at:
        kinds[programme.applied_at] = programme.facts[programme.applied_at].kind
    return [Slot(name, False, ((0, kind),)) for name, kind in kinds.items() if name in names]


def _case_type(intake: Intake) -> str:
    return "BIGINT" if intake.exact("case") == "integer" else intake.dialect.text


def _chosen(
    intake: Intake, found: Cases, all_typed: list[Typed], typed: list[Typed], flags: Mapping[str, str]
) -> list[str]:
    """The columns of the table, each with its name."""
    ident, dialect = intake.dialect.ident, intake.dialect
    case = f"CAST({intake.raw('case')} AS {found.case_type})"
    bad = [f"{case} IS NULL", "__on IS NULL", *(one.bad for one in all_typed if one.bad)]
    if found.case_type != "BIGINT":
        bad.append(f"length({case}) NOT BETWEEN 1 AND {MOST_ID}")
    bad += [_is_error(intake, name) for name in _untyped(intake, flags)]
    plans = [one.rules.plan for one in found.asked]
    chosen = [
        f"{RAW}.{ROW} AS n", f"{intake.line} AS line", f"{case} AS {ident('case')}", "__on AS on_", "__at AS at_",
        *(f"{RAW}.__{plan} AS {plan}" for plan in plans), f"coalesce({' OR '.join(bad)}, TRUE) AS bad",
    ]  # fmt: skip
    chosen += [f"CAST({intake.raw(name)} AS {dialect.text}) AS {ident(name)}" for name in found.groups]
    for at, one in enumerate(typed):
        name, flag = f"f{at}", f"f{at}n"
        chosen.append(f"{one.value} AS {name}")
        if one.none:
            chosen.append(f"{one.none} AS {flag}")
        none = flag if one.none else ""
        wide = one.type == dialect.wide
        found.columns[one.slot] = Value(name, 0, wide, none, one.nullable, True)
    for source, column in sorted(flags.items()):
        word = f"CAST({intake.raw(column)} AS {dialect.text})"
        chosen.append(f"coalesce({word} = 'given', FALSE) AS {ident('given ' + source)}")
    return chosen


def _untyped(intake: Intake, flags: Mapping[str, str]) -> list[str]:
    """The columns that are read without a grammar: ids, and what says whether a list is known."""
    return [name for name in dict.fromkeys(("case", *flags.values())) if not intake.exact(name)]


def _is_error(intake: Intake, column: str) -> str:
    words = ", ".join(intake.dialect.literal(word) for word in (*ERRORS, NOT_COMPUTED))
    return f"coalesce(CAST({intake.raw(column)} AS {intake.dialect.text}) IN ({words}), FALSE)"


def _errors(intake: Intake, base: str, flags: Mapping[str, str]) -> Iterator[Reject]:
    """The cells of these columns that hold an error of a spreadsheet."""
    case = f"CAST({intake.raw('case')} AS {intake.dialect.text})"
    for name in _untyped(intake, flags):
        query = f"SELECT {intake.line}, {case}, {intake.raw(name)} FROM {base} WHERE {_is_error(intake, name)}"
        for block in intake.backend.stream(query):
            for line, whose, word in block:
                try:
                    check_error(word)
                except NumberError as error:
                    why = Words(f"“{word}”：{error.zh}", f"“{word}”: {error.en}")
                    yield Reject(intake.staged.source.name, line, whose or "", name, word, why)


def _reject(
    backend: Backend, intake: Intake, base: str, early: dict[str, Typed], flags: Mapping[str, str], rejects: Rejects
) -> None:
    """Say why cases are left out: no id, an id that stands twice, no day, an error of a spreadsheet."""
    file, case = intake.staged.source.name, intake.dialect.ident("case")
    for one in early.values():
        for reject in intake.rejected(base, one, f"{RAW}.{case}"):
            rejects.add(reject)
    for reject in _errors(intake, base, flags):
        rejects.add(reject)
    told = {(reject.line, reject.column) for reject in rejects.kept if reject.file == file}
    text = f"CAST({case} AS {intake.dialect.text})"
    no_id = f"{case} IS NULL OR length({text}) NOT BETWEEN 1 AND {MOST_ID}"
    for where, why, column in (
        (no_id, Words(f"没有案例编号，或超过 {MOST_ID} 字", f"no id, or one longer than {MOST_ID} characters"), "case"),
        ("on_ IS NULL", Words("申请日期未知", "the application date is not known"), "on"),
    ):
        for block in backend.stream(f"SELECT line, {text} FROM cases WHERE {where}"):
            for line, whose in block:
                if (line, column) not in told:
                    rejects.add(Reject(file, line, (whose or "")[:MOST_ID], column, "", why))
    twice = f"SELECT {case} FROM cases GROUP BY {case} HAVING count(*) > 1"
    backend.keep("twice", f"SELECT n, line, {text} AS whose FROM cases WHERE {case} IN ({twice})")
    why = Words("案例编号重复", "the id of the case stands twice")
    for block in backend.stream("SELECT line, whose FROM twice ORDER BY n"):
        for line, whose in block:
            rejects.add(Reject(file, line, whose, "case", whose, why))
