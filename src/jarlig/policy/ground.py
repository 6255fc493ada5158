"""The ground of an offer: its overlays applied, its open terms filled, and the names its expressions may use."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from jarlig.ladder import build
from jarlig.ladder.kinds import (
    CNY,
    DATE,
    MONTH,
    Choice,
    Division,
    Kind,
    Rows,
    Some,
    integer,
)
from jarlig.ladder.nodes import (
    Column as ColumnNode,
    Fact,
    Literal,
    Node,
    Open,
    YearsSince,
    walk,
)
from jarlig.ladder.numbers import NumberError, parse_date, parse_scaled
from jarlig.ladder.steps import PARAMETER, Cite, Condition, Doubt, Step, Words
from jarlig.policy import lowering, model
from jarlig.policy.context import INTEGER, MONEY, RATIO, Context, Want
from jarlig.policy.expressions import Scope
from jarlig.policy.figures import filled
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.shape import Bilingual, MapOf, fail
from jarlig.policy.text import Mapping as TreeMapping, Scalar, Sequence, Tree

BUILT_INS: dict[str, Kind] = {
    "on": DATE,
    "at": Division("county"),
    "guide_year": integer(1950, 2199),
    "claim_year": integer(1, 100),
    "claim_month": MONTH,
}
#: The share that allocation will give, a fact nobody can state before the allocation run.
ALLOCATED_SHARE = "allocated_share"


def open_lists(offer: model.Offer, overlays: tuple[model.Overlay, ...]) -> dict[str, model.FactDef]:
    """The offer's facts with every open list of choices replaced by the list that an overlay gives it."""
    facts = dict(offer.facts)
    for overlay in overlays:
        for name, tree in overlay.fill.get(offer.offer, {}).items():
            for fact in offer.facts.values():
                if fact.name == name and fact.open_kind == overlay.kind:
                    facts[fact.name] = replace(fact, kind=_listed(tree), labels=_labels(tree))
                elif name in fact.columns and fact.columns[name].open_kind == overlay.kind:
                    column = replace(fact.columns[name], kind=_listed(tree), labels=_labels(tree))
                    kind = fact.kind
                    assert isinstance(kind, Rows)
                    columns = tuple((n, column.kind if n == name else k) for n, k in kind.columns)
                    facts[fact.name] = replace(
                        facts[fact.name], kind=replace(kind, columns=columns), columns={**fact.columns, name: column}
                    )
    return facts


def _listed(tree: Tree) -> Choice:
    if not isinstance(tree, TreeMapping) or not tree.entries:
        raise fail("E203", tree, expected="choices with labels {near: {zh: …, en: …}}", got="something else")
    return Choice(tuple(tree.entries))


def _labels(tree: Tree) -> dict[str, Words]:
    labels: dict[str, Words] = MapOf(Bilingual()).read(tree)
    return labels


def _open_in(tree: Tree) -> Iterator[TreeMapping]:
    """The open terms that stand in a figure, at any depth."""
    if isinstance(tree, TreeMapping):
        if "open" in tree.entries:
            yield tree
        else:
            for item in tree.entries.values():
                yield from _open_in(item)
    elif isinstance(tree, Sequence):
        for item in tree.items:
            yield from _open_in(item)


class Ground:
    """An offer under a guide and the rules of a place, ready to be turned into steps."""

    def __init__(
        self,
        programme: model.Programme,
        offer: model.Offer,
        guide: model.Overlay | None,
        places: tuple[model.Overlay, ...],
    ) -> None:
        self.programme, self.guide, self.places = programme, guide, places
        self.overlays = (*((guide,) if guide else ()), *places)
        self.notice_offer = offer
        offer = replace(offer, facts=open_lists(offer, self.overlays))
        fills: dict[str, Tree] = {}
        gathered = lowering.Gathered()
        for overlay in self.overlays:
            with gathered:
                offer = self._filled_then_lowered(offer, overlay)
        with gathered:
            fills = self._fills()
        gathered.tell()
        self.offer = offer
        self.facts = programme.fact_defs(offer)
        self.cite = Cite("notice", offer.cites)
        self.steps: list[Step] = []
        self.gates: list[str] = []
        self.doubts: list[Doubt] = []
        self.conditions: list[Condition] = []
        self.context = Context(programme, offer, Scope({}), self.source_of, fills)
        self.context.scope = self._scope()

    def _filled_then_lowered(self, offer: model.Offer, overlay: model.Overlay) -> model.Offer:
        """Lower what the notice states; what an earlier overlay filled is lowered in the fills themselves."""
        lowered = overlay.lower.get(offer.offer, {})
        filled = {key for other in self.overlays for key in other.fill.get(offer.offer, {})}
        direct = {k: v for k, v in lowered.items() if k not in filled and not self._is_awaited(k, overlay, filled)}
        return lowering.apply(offer, replace(overlay, lower={offer.offer: direct} if direct else {}))

    def _is_awaited(self, key: str, overlay: model.Overlay, filled: Container[str]) -> bool:
        """A place may change a term that this year's guide has not filled: there is nothing to change yet."""
        return overlay.kind == "local" and key not in filled and self._open_names().get(key) == "guide"

    def _fills(self) -> dict[str, Tree]:
        """The terms of the offer, each filled once by who may; later overlays only lower or narrow what was filled."""
        name = self.notice_offer.offer
        fills: dict[str, Tree] = {}
        gathered = lowering.Gathered()
        for overlay in self.overlays:
            own = overlay.fill.get(name, {})
            for key, patch in overlay.lower.get(name, {}).items():
                with gathered:
                    if key in own:
                        raise fail("E713", patch, name=key)
                    if key in fills:
                        fills[key] = lowering.lowered(fills[key], patch)
            for key, tree in own.items():
                with gathered:
                    self._may_fill(key, tree, overlay, fills)
                    fills[key] = tree
            for key, patch in overlay.narrow.get(name, {}).items():
                with gathered:
                    if not self._is_awaited(key, overlay, fills):
                        fills[key] = self._narrowed(key, fills.get(key), patch)
        gathered.tell()
        return fills

    def _narrowed(self, key: str, base: Tree | None, patch: Tree) -> Tree:
        if not isinstance(base, Sequence):
            raise fail("E706", patch, name=key)
        lowering.narrowed(tuple(item.text for item in base.items if isinstance(item, Scalar)), patch)
        return patch

    def _may_fill(self, key: str, tree: Tree, overlay: model.Overlay, fills: Container[str]) -> None:
        known = self._open_names()
        if key not in known:
            raise fail("E701", tree, name=key, near=nearest(key, known) or "", valid=", ".join(known))
        if known[key] != overlay.kind:
            raise fail("E708", tree, name=key, who=known[key])
        if key in fills:
            raise fail("E714", tree, name=key)

    def _open_names(self) -> dict[str, str]:
        """Every term of the offer and who fills it, inline ones under the key they stand in."""
        names = {term.name: term.filled_by for term in self.notice_offer.terms.values()}
        for fact in self.notice_offer.facts.values():
            for definition in (fact, *fact.columns.values()):
                if definition.open_kind:
                    names[definition.name] = definition.open_kind
        parts = [(f"{part.name}_", part.formula) for part in self.notice_offer.parts]
        pieces = [("", self.notice_offer.formula), *parts]
        if self.notice_offer.for_each:
            pieces.append(("", self.notice_offer.for_each.formula))
        for prefix, piece in pieces:
            if piece is not None:
                for key in ("amount", "rate", "each", "floor"):
                    self._inline(names, prefix + key, getattr(piece, key))
        for prefix, caps in (("", self.notice_offer.caps), *((prefix, part.caps) for prefix, part in parts)):
            for index, cap in enumerate(caps, 1):
                self._inline(names, prefix + ("cap" if index == 1 else f"cap_{index}"), cap)
        if self.notice_offer.floor is not None:
            self._inline(names, "floor", self.notice_offer.floor.figure)
        for limit in self.notice_offer.limits:
            self._inline(names, "limit", limit.amount)
        if self.notice_offer.pool is not None:
            self._inline(names, "pool", self.notice_offer.pool.amount)
            names["split"] = "guide"
        return names

    def _inline(self, names: dict[str, str], key: str, tree: Tree | None) -> None:
        """Every open term in a figure takes the name of the key it stands in, so there can be only one."""
        found = list(_open_in(tree)) if tree is not None else []
        if len(found) > 1 or (found and key in names):
            raise fail("E712", found[-1], name=key)
        for one in found:
            who = one.entries.get("filled_by")
            names[key] = who.text if isinstance(who, Scalar) else "guide"

    def source_of(self, file: str) -> str:
        """Which overlay a file belongs to; empty for the notice."""
        return next((overlay.source for overlay in self.overlays if overlay.place.file == file), "")

    def overlay_cite(self, overlay: model.Overlay, ref: str = "") -> Cite:
        return Cite(overlay.source, ref, overlay.sample)

    def sources(self, node: Node) -> tuple[Cite, ...]:
        """The notice's clause, every overlay whose figure stands in the node, and every dated parameter it reads."""
        named = {n.source for n in walk(node) if isinstance(n, Literal) and n.source}
        dated = sorted({source.partition(" ")[0] for source in named if source.startswith(PARAMETER)})
        overlays = (self.overlay_cite(o) for o in self.overlays if o.source in named)
        return (self.cite, *overlays, *(Cite(source, "") for source in dated))

    def _scope(self) -> Scope:
        names: dict[str, Node] = {name: Fact(name, kind) for name, kind in BUILT_INS.items()}
        optional = {fact.name for fact in self.facts.values() if fact.or_none}
        for fact in self.facts.values():
            if fact.name in names:
                raise PolicyError((problem("E304", fact.place, fact.name, name=fact.name),))
            if not isinstance(fact.kind, Rows):
                names[fact.name] = Fact(fact.name, fact.kind, fact.or_none)
        self.context.scope = Scope(names, {}, frozenset(optional))
        if self.offer.claims.start:
            start = names.get(self.offer.claims.start)
            if start is None or start.kind != DATE:
                valid = [name for name, node in names.items() if node.kind == DATE]
                raise self._no_name(self.offer.claims.start, self.offer.place, valid)
            if self.offer.claims.start in optional:
                raise PolicyError((problem("E421", self.offer.place, "", name=self.offer.claims.start),))
            names["claim_year"] = build.add(YearsSince(start, names["on"], integer(0, 200)), build.literal(1, 0))
        columns = {c for fact in self.facts.values() if isinstance(fact.kind, Rows) for c, _ in fact.kind.columns}
        row_bound: dict[str, model.TermDef] = {}
        for term in self.offer.terms.values():
            if term.name in names or term.name in columns:
                raise PolicyError((problem("E304", term.place, term.name, name=term.name),))
            if term.by is not None and term.by.text in columns:
                row_bound[term.name] = term
            else:
                names[term.name] = self.term(term)
        for clash in sorted(columns & names.keys()):
            raise PolicyError((problem("E304", self.offer.place, clash, name=clash),))
        columns_scope: dict[str, Node] = {}
        for fact in self.facts.values():
            if isinstance(fact.kind, Rows):
                rows = fact.kind
                columns_scope.update(
                    {name: ColumnNode(name, kind, name in rows.optional) for name, kind in rows.columns}
                )
        self.context.scope = Scope({**names, **columns_scope}, {}, frozenset(optional))
        for term in row_bound.values():
            names[term.name] = self.term(term)
        return Scope(names, self.programme.conditions, frozenset(optional))

    def _no_name(self, name: str, place: Place, valid: list[str]) -> PolicyError:
        near = nearest(name, valid) or ""
        return PolicyError((problem("E301", place, name, name=name, near=near, valid=", ".join(valid)),))

    def term(self, term: model.TermDef) -> Node:
        """The node of a named term: its value where filled, else open."""
        tree = self.context.fills.get(term.name)
        if term.form == "date":
            if tree is None:
                return Open(term.name, DATE, term.filled_by)
            return Literal(day_of(tree), DATE, self.source_of(tree.place.file))
        if term.form == "some_of":
            kind = self._choice_of(term)
            if tree is None:
                return Open(term.name, Some(kind), term.filled_by)
            if not isinstance(tree, Sequence):
                raise fail("E203", tree, expected="a list", got="something else")
            values = lowering.narrowed(kind.values, tree)
            return Literal(frozenset(values), Some(kind), self.source_of(tree.place.file))
        want = {"money": MONEY, "ratio": RATIO, "integer": INTEGER, "figure": MONEY}.get(
            term.form, Want("unit_rate", CNY)
        )
        at = tree if tree is not None else Scalar(term.name, term.place, False, 0)
        return filled(term, want, self.context, at)

    def _choice_of(self, term: model.TermDef) -> Choice:
        rows, _, column = term.of.partition(".")
        fact = self.facts.get(rows)
        kind: Kind | None = None
        if fact is not None:
            kind = fact.kind.column(column) if isinstance(fact.kind, Rows) else fact.kind
        if not isinstance(kind, Choice):
            raise self._no_name(term.of, term.place, list(self.facts))
        return kind


def day_of(tree: Tree) -> int:
    if not isinstance(tree, Scalar):
        raise fail("E203", tree, expected="a date", got="something else")
    try:
        return parse_date(tree.text)
    except NumberError as error:
        raise fail("E206", tree, zh=error.zh, en=error.en) from error


def money_of(text: Scalar) -> int:
    try:
        return parse_scaled(text.text, 2)
    except NumberError as error:
        raise fail("E205", text, zh=error.zh, en=error.en) from error
