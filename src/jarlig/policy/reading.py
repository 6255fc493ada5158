"""Reading a programme folder: files to a model, names resolved, every problem told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jarlig.ladder.kinds import Division
from jarlig.policy import cases, grammar, model, overlay_grammar, programme_grammar
from jarlig.policy.factkinds import never_a_key
from jarlig.policy.messages import Place, PolicyError, Problem, nearest, problem
from jarlig.policy.shape import Shape
from jarlig.policy.text import PROGRAMME_LIMITS, Tree, read_tree

#: A programme may not have more files than this, nor files of other kinds.
MOST_FILES = 500
#: Gives the tree of a file, named as in its folder, the form in which it is to be read.
Patch = Callable[[str, Tree], Tree]


def read_programme(folder: Path) -> model.Programme:
    """The programme of a folder.

    Raises:
        PolicyError: with every problem found, each at its file, line and column.
    """
    return read_files(_files(folder), str(folder))


def read_files(files: Mapping[str, bytes], folder: str = "", patch: Patch | None = None) -> model.Programme:
    """The programme of the files of a folder, by their names inside it.

    Args:
        files: contents by name.
        folder: what the folder is called.
        patch: changes the tree of each file before it is read (a reform that is asked "what if").

    Raises:
        PolicyError: with every problem found, each at its file, line and column.
    """
    reader = _Reader(files, patch)
    programme: model.Programme | None = reader.one("programme.yaml", programme_grammar.PROGRAMME)
    if programme is None:
        raise PolicyError(tuple(reader.problems)).with_sources(files)
    clauses = reader.one("clauses.yaml", programme_grammar.CLAUSE_FILE) or {}
    entries = [entry for measures in reader.each("measures/", grammar.MeasureFile()) for entry in measures]
    guides = reader.each("guides/", overlay_grammar.GUIDE)
    places = reader.each("local/", overlay_grammar.LOCAL)
    by_kind = {
        kind: [entry for entry in entries if isinstance(entry, kind)]
        for kind in (model.Offer, model.Target, model.Duty, model.Register)
    }
    programme = replace(
        programme,
        clauses={number: replace(clause, clause=number) for number, clause in clauses.items()},
        offers=reader.index(by_kind[model.Offer], "offer"),
        targets=reader.index(by_kind[model.Target], "target"),
        duties=reader.index(by_kind[model.Duty], "duty"),
        registers=reader.index(by_kind[model.Register], "register"),
        guides=reader.index(guides, "year"),
        locals=reader.index(places, "id"),
        files=files,
        folder=folder,
    )
    programme = replace(programme, offers=_with_likes(programme, reader.problems))
    if not reader.problems:  # an entry that cannot be read would make every reference to it look wrong as well
        reader.problems.extend(_names(programme))
    if reader.problems:
        raise PolicyError(tuple(reader.problems)).with_sources(files)
    return programme


def _files(folder: Path) -> dict[str, bytes]:
    place = Place(str(folder), 0, 0)
    if not folder.is_dir():
        raise PolicyError((problem("E110", place, name=str(folder)),))
    found = [path for path in sorted(folder.rglob("*.yaml")) if path.is_file()]
    if not (folder / "programme.yaml").is_file():
        raise PolicyError((problem("E111", place, name=str(folder)),))
    if len(found) > MOST_FILES:
        raise PolicyError((problem("E112", place, count=len(found), most=MOST_FILES),))
    return {path.relative_to(folder).as_posix(): _bytes(path, path.relative_to(folder).as_posix()) for path in found}


def _bytes(path: Path, name: str) -> bytes:
    """A file's bytes; one that is too large or cannot be read is refused before it is."""
    try:
        size = path.stat().st_size
        if size > PROGRAMME_LIMITS.file_bytes:
            raise PolicyError((problem("E101", Place(name, 0, 0), size=size, most=PROGRAMME_LIMITS.file_bytes),))
        return path.read_bytes()
    except OSError as error:
        raise PolicyError((problem("E113", Place(name, 0, 0), reason=error.strerror or str(error)),)) from error


class _Reader:
    """Reads the files of a folder and keeps every problem."""

    def __init__(self, files: Mapping[str, bytes], patch: Patch | None) -> None:
        self.files, self.patch = files, patch
        self.problems: list[Problem] = []

    def one(self, name: str, shape: Shape) -> Any:
        if name not in self.files:
            return None
        try:
            tree = read_tree(self.files[name], name)
            return shape.read(self.patch(name, tree) if self.patch else tree)
        except PolicyError as error:
            self.problems.extend(error.problems)
            return None

    def each(self, prefix: str, shape: Shape) -> list[Any]:
        read = [self.one(name, shape) for name in self.files if name.startswith(prefix)]
        return [value for value in read if value is not None]

    def index(self, entries: Iterable[Any], key: str) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for entry in entries:
            name = getattr(entry, key)
            if name in found:
                self.problems.append(problem("E302", entry.place, str(name), name=name, other=found[name].place.file))
            else:
                found[name] = entry
        return found


def _with_likes(programme: model.Programme, problems: list[Problem]) -> dict[str, model.Offer]:
    """Offers with each ``like: offer.fact`` replaced by the fact it points to."""
    offers: dict[str, model.Offer] = {}
    for name, offer in programme.offers.items():
        facts: dict[str, model.FactDef] = {}
        for fact in offer.facts.values():
            if getattr(fact.kind, "form", "") != "like":
                facts[fact.name] = fact
                continue
            owner, _, wanted = fact.open_kind.rpartition(".")
            source = programme.offers.get(owner)
            if source is None or wanted not in source.facts:
                valid = [f"{o.offer}.{f}" for o in programme.offers.values() for f in o.facts]
                near = nearest(fact.open_kind, valid) or ""
                problems.append(problem("E301", fact.place, fact.open_kind, name=fact.open_kind, near=near, valid=near))
                continue
            facts[fact.name] = replace(source.facts[wanted], name=fact.name)
        offers[name] = replace(offer, facts=facts)
    return offers


def _names(programme: model.Programme) -> list[Problem]:
    """Every reference to a clause, body, evidence, subject, offer or reading must point at something."""
    problems: list[Problem] = []

    def want(name: str, valid: Iterable[Any], place: Place, code: str = "E303") -> None:
        known = [str(x) for x in valid]
        if name and name not in known:
            problems.append(
                problem(code, place, name, name=name, near=nearest(name, known) or "", valid=", ".join(known[:12]))
            )

    owners: list[Any] = [
        *programme.offers.values(),
        *programme.targets.values(),
        *programme.duties.values(),
        *programme.registers.values(),
    ]
    for entry in owners:
        want(entry.cites, programme.clauses, entry.place)
        for body in entry.bodies:
            want(body, programme.bodies, entry.place)
        for anchor in entry.anchors.values():
            want(anchor.clause, programme.clauses, entry.place)
    for clause in programme.clauses.values():
        for body in clause.bodies:
            want(body, programme.bodies, clause.place)
    for fact in _all_facts(programme):
        want(fact.verified_by, programme.bodies, fact.place)
        for evidence in fact.evidence:
            want(evidence, programme.evidence, fact.place)
    places = [fact.name for fact in programme.facts.values() if isinstance(fact.kind, Division)]
    want(programme.applied_at, places, programme.place, "E301")
    for keys in programme.subjects.values():
        for key in keys:
            _known_key(programme, key, want)
    problems.extend(_unfit_keys(programme))
    for offer in programme.offers.values():
        _offer_names(programme, offer, want)
    for overlay in programme.overlays():
        mentioned = (
            *(overlay.opens or ()),
            *overlay.closes,
            *overlay.fill,
            *overlay.lower,
            *overlay.raise_,
            *overlay.narrow,
            *overlay.windows,
            *overlay.gates_for,
            *(o for pool in overlay.pools.values() for o in pool.offers),
        )
        for name in mentioned:
            want(name, programme.offers, overlay.place)
    return problems


def _all_facts(programme: model.Programme) -> list[model.FactDef]:
    own = [fact for offer in programme.offers.values() for fact in offer.facts.values()]
    return [*programme.facts.values(), *own]


def _known_key(programme: model.Programme, key: str, want: Callable[..., None]) -> None:
    names = [*(fact.name for fact in _all_facts(programme)), "at", "claim_month", "guide_year", "claim_year"]
    want(key, dict.fromkeys(names), programme.place, "E301")


def _unfit_keys(programme: model.Programme) -> Iterator[Problem]:
    """Facts that are a key of subjects and of another kind elsewhere (a history has one column), or of no fit kind."""
    keys = {key for keys in programme.subjects.values() for key in keys}
    first: dict[str, model.FactDef] = {}
    for fact in _all_facts(programme):
        if fact.name not in keys:
            continue
        other = first.setdefault(fact.name, fact)
        if (fact.kind, fact.or_none) != (other.kind, other.or_none):
            where = f"{other.place.file}:{other.place.line}"
            yield problem("E306", fact.place, fact.name, name=fact.name, other=where)
        elif never_a_key(fact):
            yield problem("E307", fact.place, fact.name, name=fact.name)


def _offer_names(programme: model.Programme, offer: model.Offer, want: Callable[..., None]) -> None:
    for limit in offer.limits:
        want(limit.per, programme.subjects, limit.place)
        want(limit.reading, programme.readings, limit.place)
        for name in limit.across:
            want(name, programme.offers, limit.place)
    exclusive = offer.exclusive
    groups = [(offer.less_per, offer.less_offers), (offer.after_per, offer.after)]
    if exclusive:
        groups.append((exclusive.per, exclusive.offers))
    for per, offers in groups:
        want(per, programme.subjects, offer.place)
        for name in offers:
            want(name, programme.offers, offer.place)


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema of each kind of file, for editors; made from the same shapes that read."""
    shapes: dict[str, Shape] = {
        "programme": programme_grammar.PROGRAMME,
        "clauses": programme_grammar.CLAUSE_FILE,
        "measures": grammar.MeasureFile(),
        "guide": overlay_grammar.GUIDE,
        "local": overlay_grammar.LOCAL,
        "cases": cases.CASE_FILE,
    }
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {
        name: {"$schema": draft, "title": f"Jarlig {name} file", **shape.schema()} for name, shape in shapes.items()
    }
