"""Cases written as rows of tables: the facts of a scene varied, spelled, and given a subject and a past."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.engines.many.scenes import Scene, all_places
from tests.engines.many.strategies import HOSTILE, chance, code, number, pick, spelled, value

from jarlig.engines.answer import Desk
from jarlig.engines.candidates import reads
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import day_text, month_of, year_of
from jarlig.ladder.history import STATES, EarlierAward
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number, Rows, money
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import NumberError, format_money
from jarlig.ladder.tables import Table
from jarlig.policy.awards import BUILT_IN_KEYS
from jarlig.policy.codes import check_code, check_division
from jarlig.policy.values import FIRST_DAY, LAST_DAY

Row = dict[str, str | None]
Env = dict[str, Any]
#: Cases of one subject that share one past.
SHARED = 12
MOST_ROWS = 9


class Writer:
    """Collects the tables of made-up cases."""

    def __init__(self, desk: Desk, offer: str, rng: np.random.Generator, scenes: list[Scene]) -> None:
        self.desk, self.offer, self.rng = desk, offer, rng
        self.places = all_places(desk.programme)
        self.cases: list[Row] = []
        self.rows: dict[str, list[Row]] = {}
        self.history: list[Row] = []
        self.serial = 10
        self.spare = next((scene for scene in scenes if scene.what in ("live", "doubtful")), None)
        self.reads = {name for scene in scenes for node in scene.ladder.nodes() for name in _read(node)}
        self.lists = {name for scene in scenes for name, kind in scene.search.kinds.items()
                      if isinstance(kind, Rows) and name in self.reads}  # fmt: skip
        self.rows = {name: [] for name in sorted(self.lists)}
        self.common = _common(scenes, self.lists)
        self.subjects = [self._subject(scenes[0]) for _ in range(SHARED)] if scenes else []
        self.past: set[int] = set()

    def _next(self) -> int:
        self.serial += 1
        return self.serial

    def _subject(self, scene: Scene) -> dict[str, str]:
        return {name: self._key(scene.search.kinds[name]) for name in scene.keys}

    def _key(self, kind: Kind) -> str:
        assert isinstance(kind, Code)
        return check_code(kind.form)(code(kind.form, self._next()))

    # cases

    def edge(self, scene: Scene, env: Env) -> None:
        """A case exactly as it was found, under a subject of its own."""
        kinds = scene.search.kinds
        moved = {name: self._real(held, kinds.get(name)) for name, held in {**env, **self._subject(scene)}.items()}
        self._write(scene, moved, {name: self._lines_of(scene, name, moved) for name in self.rows if name in moved})

    def case(self, scene: Scene, mode: str, unknown: float = 0.0) -> None:
        """A case of a scene: ``plain`` pays, ``shared`` has a past, ``refused`` fails a gate, ``wild`` is anything."""
        base = scene.base or (self.spare.base if self.spare else None) or {}
        shared = int(self.rng.integers(len(self.subjects))) if mode == "shared" or chance(self.rng, unknown) else -1
        subject = self.subjects[shared] if shared >= 0 else self._subject(scene)
        if mode == "wild" or not base:
            env = self._wild(scene, base)
        else:
            env = self._varied(scene, base)
            if mode == "refused":
                env = self._refused(scene, env)
        env = {name: self._real(held, scene.search.kinds.get(name)) for name, held in env.items()}
        env = {**env, **subject, "on": scene.on}
        if shared >= 0:
            env.pop("history", None)
            if shared not in self.past:
                self.past.add(shared)
                self._past(scene, env)
        lines = {name: self._random_lines(scene, name, env, 0.04 if unknown else 0.0) for name in self.rows}
        for name in (*scene.search.kinds, "claim_month", "claim_year"):
            if unknown and chance(self.rng, unknown):
                env.pop(name, None)
                lines.pop(name, None)
        self._write(scene, env, lines)

    def _varied(self, scene: Scene, base: Env) -> Env:
        """The base with some facts moved, still known and not refused."""
        for tries in range(5):
            env = dict(base)
            for name, kind in scene.search.kinds.items():
                if name in scene.search.fixed or name in scene.keys or isinstance(kind, Rows):
                    continue
                if chance(self.rng, 0.7 - 0.15 * tries):
                    env[name] = self._near(scene, kind, name in scene.search.optional)
            said = scene.search.climber.climb({**env, "on": scene.on})
            if not said.refused and not said.unknown:
                return env
        return dict(base)

    def _near(self, scene: Scene, kind: Kind, optional: bool) -> Any:
        if optional and chance(self.rng, 0.4):
            return NONE
        return value(self.rng, kind, scene.on, self._next(), self._of_level(kind))

    def _of_level(self, kind: Kind) -> tuple[str, ...]:
        level = getattr(kind, "level", "county")
        most = {"township": 9, "village": 12}.get(level, 6)
        return tuple(at for at in self.places if len(at) <= most)

    def _wild(self, scene: Scene, base: Env) -> Env:
        """Any value of every fact; numbers at the ends of their kinds; half of the gates left as they were."""
        env = {key: kept for key, kept in base.items() if chance(self.rng, 0.5)}
        for name, kind in scene.search.kinds.items():
            if name not in env and name not in scene.search.fixed and not isinstance(kind, Rows):
                if isinstance(kind, Number) and chance(self.rng, 0.3):
                    env[name] = pick(self.rng, (kind.low, kind.high, min(kind.low + 1, kind.high)))
                else:
                    env[name] = self._near(scene, kind, name in scene.search.optional)
        env.setdefault("claim_month", month_of(scene.on))
        env.setdefault("claim_year", int(self.rng.integers(1, 7)))
        env.pop("history", None)
        return env

    def _refused(self, scene: Scene, env: Env) -> Env:
        """The case with one fact moved so that a gate is false, if a gate can be."""
        gates = scene.refusals()
        self.rng.shuffle(gates)
        for gate in gates:
            for name in reads(scene.ladder, scene.ladder.step(gate).node):
                if name in scene.search.fixed or name == "history" or name in scene.keys:
                    continue
                for value_ in scene.search.values(name, env):
                    moved = self._real(value_, scene.search.kinds.get(name))
                    if scene.search.climber.climb({**env, name: moved}).refused:
                        return {**env, name: moved}
        return env

    def _real(self, held: Any, kind: Kind | None) -> Any:
        """A value that a search made up, or where there is no such place or code, one that there is."""
        if isinstance(kind, Date) and isinstance(held, int):
            return min(max(held, FIRST_DAY), LAST_DAY)
        if held in (None, NONE) or not isinstance(kind, Division | Code):
            return held
        try:
            return check_division(held, kind.level) if isinstance(kind, Division) else check_code(kind.form)(held)
        except NumberError:
            if isinstance(kind, Division):
                return pick(self.rng, self._of_level(kind))
            return f"{held}11" if kind.form == "industry" else self._key(kind)

    # rows of cases

    def _write(self, scene: Scene, env: Env, lines: dict[str, list[Row]]) -> None:
        case = (
            f"{len(self.cases) + 1:05d}"
            if chance(self.rng, 0.9)
            else f"{pick(self.rng, HOSTILE)[:30]}#{len(self.cases)}"
        )
        row: Row = {"case": case, "on": day_text(scene.on), "at": scene.at or None}
        for name, kind in scene.search.kinds.items():
            if name in scene.search.fixed:
                continue
            if isinstance(kind, Rows):
                if name in self.rows:
                    row[name] = "given" if name in lines else None
                continue
            row[name] = spelled(self.rng, env.get(name), kind)
        for name in ("claim_month", "claim_year"):
            if name in self.reads:
                row[name] = spelled(self.rng, env.get(name), BUILT_IN_KEYS[name])
        for judged in scene.ladder.judged:
            decided = env.get("!" + judged.name) if chance(self.rng, 0.8) else None
            row[f"decisions.{judged.name}"] = None if decided is None else format_money(decided)
        row["group.size"] = pick(self.rng, ("micro", "small", None, "“大”; 型"))
        self.cases.append(row)
        for name, listed in lines.items():
            self.rows[name].extend({"case": case, **line} for line in listed)
        for award in env.get("history") or ():
            self._award(award, {**award.keys, **{key: env[key] for key in award.keys if key in env}})

    def _lines_of(self, scene: Scene, name: str, env: Env) -> list[Row]:
        """The rows of a found case with keys of their own; sometimes as an invoice and its partial reversal."""
        table, kind = env[name], scene.search.kinds[name]
        if not isinstance(table, Table):
            return []
        lines: list[Row] = []
        for index in range(table.size):
            row = {**table.row(index), **self._row_keys(kind)}
            signed = [c for c, k in kind.columns if isinstance(k, Number) and k.low < 0 and row.get(c) is not None]
            column = signed[0] if signed else ""
            if kind.reverses and column and row[column] >= 0 and row[column] < 10**13 and chance(self.rng, 0.7):
                extra = int(self.rng.integers(1, 10**6))
                first = {**row, column: row[column] + extra}
                taken = {**self._reversal(kind, first, full=False), column: -extra}
                both = [first, {**taken, **{c: 0 for c in signed if c != column}}]
                lines += [self._line(kind, one) for one in (both if chance(self.rng, 0.5) else both[::-1])]
            else:
                lines.append(self._line(kind, row))
        return lines

    def _row_keys(self, kind: Rows) -> Env:
        return {name: self._key(kind.column(name) or Code("text")) for name in kind.key
                if isinstance(kind.column(name), Code)}  # fmt: skip

    def _random_lines(self, scene: Scene, name: str, env: Env, unknown: float) -> list[Row]:
        """Rows of any kind; about every third is reversed, in part or in whole, and some reversals are reversed."""
        kind = scene.search.kinds.get(name)
        if not isinstance(kind, Rows):
            return []
        base = env.get(name) if isinstance(env.get(name), Table) else None
        rows: list[Env] = []
        for _ in range(min(int(self.rng.integers(0, MOST_ROWS)), kind.most)):
            row = self._row(scene, name, kind, base)
            rows.append(row)
            if kind.reverses and chance(self.rng, 0.3):
                rows.append(self._reversal(kind, row, full=chance(self.rng, 0.3)))
                if chance(self.rng, 0.15):
                    rows.append(self._reversal(kind, rows[-1], full=chance(self.rng, 0.5)))
        order = self.rng.permutation(len(rows))
        others = [offer for offer in self.desk.programme.offers if offer != self.offer]
        lines = []
        for at in order:
            line = self._line(kind, rows[int(at)])
            for column in line:
                if column not in (*kind.key, kind.reverses) and chance(self.rng, unknown):
                    line[column] = None
            claimed = self.rng.random()
            if (
                rows[int(at)].get(kind.reverses, NONE) == NONE
                and claimed < 0.2
                and not _has_reversal(rows, rows[int(at)], kind)
            ):
                line["for"] = self.offer if claimed < 0.12 else pick(self.rng, others) if others else None
            lines.append(line)
        return lines

    def _row(self, scene: Scene, name: str, kind: Rows, base: Table | None) -> Env:
        row: Env = {}
        for column, what in kind.columns:
            if isinstance(what, Choice) and (not scene.at or not what.values):
                what = self.common[name, column]
            optional = column in kind.optional
            kept = base.columns[column][0] if base is not None and base.size else None
            kept = None if isinstance(what, Choice) and kept not in what.values else kept
            if column == kind.reverses:
                row[column] = NONE
            elif kept is not None and not isinstance(what, Number) and chance(self.rng, 0.75):
                row[column] = kept
            elif optional and chance(self.rng, 0.5):
                row[column] = NONE
            elif isinstance(what, Number):
                sum_ = number(self.rng, what)
                row[column] = (
                    sum_ if chance(self.rng, 0.03) else min(max(sum_, max(what.low, -(10**9))), 10**10, what.high)
                )
            elif isinstance(what, Month):
                row[column] = month_of(scene.on) - int(self.rng.integers(0, 3))
            else:
                row[column] = value(self.rng, what, scene.on, self._next(), self._of_level(what))
        return {**row, **self._row_keys(kind)}

    def _reversal(self, kind: Rows, of: Env, *, full: bool) -> Env:
        """A row that cancels another: its key but for the last part, what is counted of it taken away."""
        row = {**of, **{name: self._row_keys(kind)[name] for name in kind.key[-1:]}}
        row[kind.reverses] = of[kind.key[-1]]
        for column, what in kind.columns:
            if isinstance(what, Number) and what.low < 0 and of.get(column) not in (None, NONE):
                whole = abs(of[column])
                part = whole if full else int(self.rng.integers(0, whole // 4 + 1))
                row[column] = -part if of[column] > 0 else part
            elif column in kind.optional and column != kind.reverses:
                row[column] = NONE
        return row

    def _line(self, kind: Rows, row: Env) -> Row:
        return {**{column: spelled(self.rng, row.get(column), what) for column, what in kind.columns}, "for": None}

    # earlier awards

    def _past(self, scene: Scene, env: Env) -> None:
        """Earlier awards of a subject that several cases share: of every state, some on one day, some not known."""
        earlier = [node for node in scene.ladder.nodes() if isinstance(node, n.Earlier)]
        offers = [offer for node in earlier for offer in node.offers] * 3 + [self.offer, *self.desk.programme.offers]
        keys = {key for subject in self.desk.programme.subjects.values() for key in subject}
        known = {key: env[key] for key in sorted(keys) if env.get(key) is not None}
        first = scene.on - int(self.rng.integers(1, 700))
        for _ in range(int(self.rng.integers(1, 6))):
            on = first if chance(self.rng, 0.5) else first + int(self.rng.integers(0, 500))
            sum_ = min(number(self.rng, money()), 4 * 10**8)
            back = pick(self.rng, (0, 0, 0, 0, sum_, sum_ // 3, None))
            state = None if chance(self.rng, 0.04) else pick(self.rng, STATES)
            year = None if chance(self.rng, 0.04) else year_of(on)
            capped = None if chance(self.rng, 0.04) else sum_
            approved = None if state == "pending" else sum_
            self._award(EarlierAward(pick(self.rng, offers), on, year, state, capped, approved, back), known)

    def _award(self, award: EarlierAward, keys: dict[str, Any]) -> None:
        kinds = self._key_kinds()
        year = None if award.guide_year is None else str(award.guide_year)
        row: Row = {"id": f"A{len(self.history):05d}", "offer": award.offer, "guide_year": year, "state": award.state,
                    "on": None if award.on is None else day_text(award.on)}  # fmt: skip
        for name in ("capped", "approved", "recovered", "paid"):
            sum_ = getattr(award, name)
            row[name] = None if sum_ is None else spelled(self.rng, sum_, money())
        for key in kinds:
            held = keys.get(key)
            if key not in row:
                row[key] = None if held is None else spelled(self.rng, held, kinds[key])
        self.history.append(row)

    def _key_kinds(self) -> dict[str, Kind]:
        keys = {key for subject in self.desk.programme.subjects.values() for key in subject}
        own, shared = self.desk.programme.offers[self.offer].facts, self.desk.programme.facts
        known = {**{name: fact.kind for name, fact in (*shared.items(), *own.items())}, **BUILT_IN_KEYS}
        return {key: known.get(key, Code("text")) for key in sorted(keys)}

    def finish(self) -> None:
        """Awards that would poison every case if they were read wrongly: void, of no known subject, or too late."""
        earlier = EarlierAward(self.offer, self.desk.programme.valid[1], None, "approved", 100, 100)
        late = self.desk.programme.valid[1] + 1
        self._award(EarlierAward(self.offer, earlier.on, 2023, "void", 100, 100), {})
        self._award(EarlierAward(self.offer, late, 2023, "approved", 100, 100), {})
        self._award(EarlierAward(self.offer, 730000, 2023, "paid", 100, 100, recovered=100), {})

    def shuffled(self) -> list[Row]:
        """The cases in an order that says nothing, every row with every column."""
        columns = dict.fromkeys(name for row in self.cases for name in row)
        return [
            {name: self.cases[int(at)].get(name) for name in columns} for at in self.rng.permutation(len(self.cases))
        ]


def _read(node: n.Node) -> tuple[str, ...]:
    if isinstance(node, n.Fact):
        return (node.name,)
    return (node.rows,) if isinstance(node, n.Sum) else ()


def _common(scenes: list[Scene], lists: set[str]) -> dict[tuple[str, str], Choice]:
    """Choices that every place's rules know, for cases whose place is only found from their facts."""
    found: dict[tuple[str, str], Choice] = {}
    for scene in scenes:
        for name in lists:
            kind = scene.search.kinds.get(name)
            for column, what in kind.columns if isinstance(kind, Rows) else ():
                if isinstance(what, Choice) and what.values:
                    known = found.setdefault((name, column), what)
                    found[name, column] = Choice(tuple(item for item in known.values if item in what.values))
    return found


def _has_reversal(rows: list[Env], row: Env, kind: Rows) -> bool:
    """Whether another row reverses this one: then both are claimed as one."""
    return bool(kind.reverses) and any(
        other[kind.reverses] == row[kind.key[-1]]
        and [other[k] for k in kind.key[:-1]] == [row[k] for k in kind.key[:-1]]
        for other in rows
    )
