"""Reforms (改革方案): a small dated overlay that changes a programme for a question "what if".

A reform is merged into the trees of the programme's files before they are read, so anything that a programme can say
can be changed, upward too, and whatever is wrong with it is told at its own line. A value replaces, a mapping merges,
a list replaces, ``null`` removes a key.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from typing import Any

from jarlig.ladder.dates import year_of
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.lowering import Gathered
from jarlig.policy.messages import Place, PolicyError, Problem, nearest, problem
from jarlig.policy.offer_parts import DAY, WORDS
from jarlig.policy.plans import Plan, layers
from jarlig.policy.reading import read_files
from jarlig.policy.shape import ID_TEXT, Field, JsonSchema, MapOf, Record, Shape, Text, describe, fail
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree, read_tree

#: The parts of a reform: the key in its file, the key that names an entry in the programme's, and where those stand.
SECTIONS = {"offers": ("offer", "measures/"), "guides": ("guide", "guides/"), "local": ("local", "local/")}
#: Lines of a reform are numbered from here on while they stand in a file of the programme.
_LINES = 10**7
_WHAT = {"offer": "offer", "guide": "guide", "local": "local rules"}


class _Entry(Shape):
    """What is merged into an entry: a mapping, read with the entry."""

    def read(self, tree: Tree) -> Mapping:
        if not isinstance(tree, Mapping):
            raise fail("E203", tree, expected="a mapping", got=describe(tree))
        return tree

    def schema(self) -> JsonSchema:
        return {"type": "object"}


def _reform(place: Place, **v: Any) -> Reform:
    if v["to"] < v["from"]:
        raise fail("E210", Scalar("window", place, False, 0))
    entries = {SECTIONS[name][0]: v[name] for name in SECTIONS}
    return Reform(v["reform"], v["title"], v["from"], v["to"], place, entries)


REFORM = Record(
    "reform",
    {
        "reform": Field(ID_TEXT, True, doc="the name"),
        "title": Field(WORDS, True),
        "from": Field(DAY, True, doc="first day of application for which it holds"),
        "to": Field(DAY, True, doc="last day of application for which it holds"),
        "offers": Field(MapOf(_Entry(), ID_TEXT), default={}, doc="changes of offers, by their ids"),
        "guides": Field(MapOf(_Entry(), Text(r"\d{4}", "a year")), default={}, doc="changes of guides, by their years"),
        "local": Field(MapOf(_Entry(), ID_TEXT), default={}, doc="changes of local rules, by their ids"),
    },
    _reform,
)


def schema() -> JsonSchema:
    """JSON Schema of a reform file, for editors."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "title": "Jarlig reform file", **REFORM.schema()}


@dataclass(frozen=True)
class Reform:
    """A reform as its file says it: changes by kind of entry (``offer``, ``guide``, ``local``) and id.

    It holds for applications from ``start`` to ``end`` (ordinals); for others the rules stand as they are.
    """

    name: str
    title: Words
    start: int
    end: int
    place: Place
    entries: MappingType[str, MappingType[str, Mapping]]
    source: bytes = b""


@dataclass(frozen=True)
class Change:
    """One thing that a reform changes: the entry, the keys that lead to it, and what stood there and stands now."""

    kind: str
    entry: str
    path: tuple[str, ...]
    before: Tree | None
    after: Tree | None


@dataclass(frozen=True)
class Reformed:
    """A programme with a reform merged into it, and everything that the reform changed."""

    programme: model.Programme
    reform: Reform
    changes: tuple[Change, ...]


def read_reform(source: bytes, file: str) -> Reform:
    """The reform of a file.

    Raises:
        PolicyError: what is wrong with the file, each at its line.
    """
    try:
        found: Reform = REFORM.read(read_tree(source, file))
    except PolicyError as error:
        raise error.with_sources({file: source}) from error
    return replace(found, source=source)


def reformed(programme: model.Programme, reform: Reform, guide: int | None = None) -> Reformed:
    """A programme with a reform merged into it; all that the reform touches compiles.

    Args:
        programme: the programme as it stands.
        reform: what is changed.
        guide: year of the only guide that is asked for; without it, every guide that governs while the reform holds.

    Raises:
        PolicyError: E870 to E873, or what is wrong in a changed entry, each at the line of the reform.
    """
    merging = _Merging(reform)
    try:
        changed = _read(programme, merging)
        _compile(changed, reform, guide)
    except PolicyError as error:
        raise error.with_sources({reform.place.file: reform.source, **programme.files}) from error
    return Reformed(changed, reform, tuple(merging.changes))


def _read(programme: model.Programme, merging: _Merging) -> model.Programme:
    reform = merging.reform
    known = {
        "offer": list(programme.offers),
        "guide": [str(year) for year in programme.guides],
        "local": list(programme.locals),
    }
    lost = [
        problem(
            "E870", entry.place, name, name=name, what=_WHAT[kind], near=nearest(name, known[kind]) or "",
            valid=", ".join(known[kind]),
        )
        for kind, entries in reform.entries.items() for name, entry in entries.items() if name not in known[kind]
    ]  # fmt: skip
    if lost:
        raise PolicyError(tuple(lost))
    try:
        with merging.problems:
            changed = read_files(programme.files, programme.folder, merging)
        merging.problems.tell()
    except PolicyError as error:
        raise _at_home(error, reform, merging.files) from error
    return changed


def _compile(programme: model.Programme, reform: Reform, year: int | None) -> None:
    """Compile every offer that the reform touches, under all guides and rules of places that can govern with it."""
    wide = bool(reform.entries["guide"] or reform.entries["local"])
    touched = list(programme.offers) if wide else list(reform.entries["offer"])
    guides = [guide for guide in programme.guides.values() if governs(guide, reform, year)]
    plans = [Plan(programme, guide) for guide in (*([None] if year is None else []), *guides)]
    plans += [
        Plan(programme, guide, chain)
        for guide in guides
        for place in programme.locals.values()
        for chain in layers(programme, place, reform.start, reform.end)
    ]
    problems: dict[Problem, None] = {}
    for plan in plans:
        for offer in touched:
            try:
                plan.ladder(offer)
            except PolicyError as error:
                where = _nearest_entry(reform, offer, plan)
                problems.update(dict.fromkeys(_at_home(error, reform, {}, where).problems))
    if problems:
        raise PolicyError(tuple(problems))


def governs(guide: model.Overlay, reform: Reform, year: int | None) -> bool:
    """Whether a guide can govern an application for which the reform holds; ``policy.plans`` says which does."""
    if year is not None:
        return guide.year == year
    inside = guide.start <= reform.end and reform.start <= guide.end
    return inside or (guide.year is not None and year_of(reform.start) <= guide.year <= year_of(reform.end))


def _nearest_entry(reform: Reform, offer: str, plan: Plan) -> Place:
    """The line of the reform that has most to do with an offer under a plan."""
    guide = str(plan.guide.year) if plan.guide else ""
    wanted = [("offer", offer), ("guide", guide), *(("local", place.id) for place in plan.places)]
    found = (reform.entries[kind][name].place for kind, name in wanted if name in reform.entries[kind])
    return next(found, reform.place)


def _at_home(
    error: PolicyError, reform: Reform, files: MappingType[str, Place], where: Place | None = None
) -> PolicyError:
    """The problems, each at a line of the reform: what is wrong elsewhere is wrong because of it."""
    file = reform.place.file
    own = tuple(
        replace(one, place=Place(file, one.place.line - _LINES, one.place.column))
        for one in error.problems if one.place.line > _LINES
    )  # fmt: skip
    if own:  # others may only follow from an entry that cannot be read
        return PolicyError(own)
    return PolicyError(tuple(
        problem(
            "E873", where or files.get(one.place.file, reform.place), "",
            where=str(one.place), zh=one.zh.rstrip("。"), en=one.en.rstrip("."),
        )
        for one in error.problems
    ))  # fmt: skip


@dataclass
class _Merging:
    """The patch of a programme's files; keeps what it changed, and which files it touched by which entry."""

    reform: Reform
    changes: list[Change] = field(default_factory=list)
    problems: Gathered = field(default_factory=Gathered)
    files: dict[str, Place] = field(default_factory=dict)

    def __call__(self, name: str, tree: Tree) -> Tree:
        for key, folder in SECTIONS.values():
            if name.startswith(folder) and isinstance(tree, Sequence):
                return replace(tree, items=tuple(self._entry(name, key, item) for item in tree.items))
            if name.startswith(folder):
                return self._entry(name, key, tree)
        return tree

    def _entry(self, file: str, key: str, tree: Tree) -> Tree:
        if not isinstance(tree, Mapping) or not isinstance(identity := tree.entries.get(key), Scalar):
            return tree
        found = self.reform.entries[key].get(identity.text)
        if found is None:
            return tree
        patch = _within(found, file)
        assert isinstance(patch, Mapping)
        if key in patch.entries:
            self.problems.add(fail("E872", patch.keys[key], name=key))
            patch = replace(patch, entries={name: value for name, value in patch.entries.items() if name != key})
        self.files.setdefault(file, found.place)
        return self._merged(tree, patch, Change(key, identity.text, (), None, None))

    def _merged(self, base: Tree, patch: Tree, at: Change) -> Tree:
        if not isinstance(base, Mapping) or not isinstance(patch, Mapping):
            patch = self._new(patch)
            if said(base) != said(patch):
                self.changes.append(replace(at, before=base, after=patch))
            return patch
        entries, keys = dict(base.entries), dict(base.keys)
        for key, value in patch.entries.items():
            here = replace(at, path=(*at.path, key))
            if is_null(value):
                if key not in entries:
                    self.problems.add(fail("E871", patch.keys[key], name=key, near=nearest(key, entries) or ""))
                    continue
                self.changes.append(replace(here, before=entries.pop(key)))
                del keys[key]
            elif key in entries:
                entries[key] = self._merged(entries[key], value, here)
            else:
                entries[key], keys[key] = self._new(value), patch.keys[key]
                self.changes.append(replace(here, after=value))
        # what is wrong with the whole, such as a missing key, is wrong because of the reform
        return Mapping(entries, keys, patch.place)

    def _new(self, tree: Tree) -> Tree:
        """What is new; no key can be removed from it."""
        if not isinstance(tree, Mapping):
            return tree
        for key in (key for key, value in tree.entries.items() if is_null(value)):
            self.problems.add(fail("E871", tree.keys[key], name=key, near=""))
        kept = {key: self._new(value) for key, value in tree.entries.items() if not is_null(value)}
        return replace(tree, entries=kept)


def _within(tree: Tree, file: str) -> Tree:
    """A tree of the reform as a part of a programme's file, which says whose figures they are; its lines stay known."""
    place = Place(file, tree.place.line + _LINES, tree.place.column)
    if isinstance(tree, Scalar):
        return replace(tree, place=place)
    if isinstance(tree, Sequence):
        return replace(tree, items=tuple(_within(item, file) for item in tree.items), place=place)
    keys = {
        name: replace(key, place=Place(file, key.place.line + _LINES, key.place.column))
        for name, key in tree.keys.items()
    }
    return Mapping({key: _within(value, file) for key, value in tree.entries.items()}, keys, place)


def is_null(tree: Tree) -> bool:
    """Whether a value is ``null``, ``~`` or nothing, without quotes."""
    return isinstance(tree, Scalar) and not tree.quoted and tree.text in ("", "null", "~")


def said(tree: Tree) -> object:
    """What a tree says, wherever it stands."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Sequence):
        return [said(item) for item in tree.items]
    return {key: said(value) for key, value in tree.entries.items()}
