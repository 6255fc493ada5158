"""The grammar of a measure file: offers, targets, duties and registers."""

from __future__ import annotations

from typing import Any

from jarlig.policy import model
from jarlig.policy.factkinds import FactsShape
from jarlig.policy.formulas import FOR_EACH, FORMULA_FIELDS, PART, TESTS, formula
from jarlig.policy.messages import Place
from jarlig.policy.offer_parts import (
    AFTER,
    ANCHORS,
    CLAIMS,
    CLAUSE_NO,
    EXCLUSIVE,
    FLAG,
    INSTALMENT,
    LESS,
    LIMIT,
    NAMES,
    POOL,
    TERM,
    WORDS,
    FloorShape,
)
from jarlig.policy.shape import (
    ANY_TEXT,
    ID_TEXT,
    NAME_TEXT,
    Field,
    JsonSchema,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Shape,
    Whole,
    describe,
    fail,
)
from jarlig.policy.text import Mapping, Scalar, Tree


def _offer(place: Place, **v: Any) -> model.Offer:
    made = formula(place, v)
    forms = [name for name, given in (("formula", made), ("parts", v["parts"]), ("for_each", v["for_each"])) if given]
    allotted = v["nature"] == "transfer" and v["pool"] is not None
    if len(forms) > 1 or not (forms or allotted):
        raise fail("E604", Scalar(v["offer"], place, False, 0))
    terms = {name: _named(term, name) for name, term in v["terms"].items()}
    return model.Offer(
        v["offer"],
        v["title"],
        v["cites"],
        v["to"],
        place,
        v["nature"],
        v["bodies"],
        v["claims"],
        v["facts"],
        terms,
        v["when"],
        made,
        v["parts"],
        v["for_each"],
        v["cap"],
        v["floor"],
        v["limit"],
        v["less"][1],
        v["less"][0],
        v["after"][0],
        v["after"][1],
        v["exclusive"],
        v["pay"],
        v["pool"],
        v["report"],
        v["may_fall"],
        v["anchors"],
    )


def _named(term: model.TermDef, name: str) -> model.TermDef:
    return model.TermDef(**{**term.__dict__, "name": name})


OFFER = Record(
    "offer",
    {
        "offer": Field(ID_TEXT, True, doc="the id"),
        "title": Field(WORDS, True),
        "cites": Field(CLAUSE_NO, True),
        "to": Field(OneOf(("enterprise", "unit", "park", "carrier", "circle", "county", "city")), True, doc="payee"),
        "nature": Field(OneOf(("award", "transfer", "inform")), default="award"),
        "bodies": Field(NAMES, default=()),
        "claims": Field(CLAIMS, default=model.Claims()),
        "facts": Field(FactsShape(), default={}),
        "terms": Field(MapOf(TERM, NAME_TEXT), default={}),
        "when": Field(TESTS, default=()),
        **FORMULA_FIELDS,
        "parts": Field(ListOf(PART), default=()),
        "for_each": Field(FOR_EACH),
        "floor": Field(FloorShape()),
        "limit": Field(ListOf(LIMIT, single=True), default=()),
        "less": Field(LESS, default=((), "")),
        "after": Field(AFTER, default=((), "")),
        "exclusive": Field(EXCLUSIVE),
        "pay": Field(ListOf(INSTALMENT), default=()),
        "pool": Field(POOL),
        "report": Field(WORDS, doc="what the recipient must report afterwards"),
        "may_fall": Field(WORDS, doc="why more cost may pay less"),
        "anchors": Field(ANCHORS, default={}),
    },
    _offer,
)
TARGET = Record(
    "target",
    {
        "target": Field(ID_TEXT, True),
        "title": Field(WORDS, True),
        "cites": Field(CLAUSE_NO, True),
        "measure": Field(OneOf(("count", "sum", "ratio")), default="count"),
        "unit": Field(WORDS, True),
        "key": Field(NAMES, True),
        "at_least": Field(Whole(), True),
        "at_most": Field(Whole()),
        "every": Field(OneOf(("validity", "year")), default="validity"),
        "source_phrase": Field(ANY_TEXT, default=""),
        "verified": Field(FLAG, default=True),
        "note": Field(WORDS),
        "bodies": Field(NAMES, default=()),
        "anchors": Field(ANCHORS, default={}),
    },
    model.Target,
)
DUTY = Record(
    "duty",
    {
        "duty": Field(ID_TEXT, True),
        "title": Field(WORDS, True),
        "cites": Field(CLAUSE_NO, True),
        "bodies": Field(NAMES, True),
        "deliverable": Field(WORDS, True),
        "rhythm": Field(OneOf(("once", "yearly", "quarterly", "monthly", "standing")), True),
        "anchors": Field(ANCHORS, default={}),
    },
    model.Duty,
)
REGISTER = Record(
    "register",
    {
        "register": Field(ID_TEXT, True),
        "title": Field(WORDS, True),
        "cites": Field(CLAUSE_NO, True),
        "bodies": Field(NAMES, default=()),
        "records": Field(MapOf(WORDS, NAME_TEXT), True),
        "facts": Field(FactsShape(), default={}),
        "anchors": Field(ANCHORS, default={}),
    },
    model.Register,
)
ENTRIES = {"offer": OFFER, "target": TARGET, "duty": DUTY, "register": REGISTER}


class MeasureFile(Shape):
    """A list of offers, targets, duties and registers."""

    def read(self, tree: Tree) -> tuple[Any, ...]:
        return ListOf(_Entry()).read(tree)

    def schema(self) -> JsonSchema:
        return {"type": "array", "items": _Entry().schema()}


class _Entry(Shape):
    def read(self, tree: Tree) -> Any:
        if isinstance(tree, Mapping):
            for key, record in ENTRIES.items():
                if next(iter(tree.entries), "") == key:
                    return record.read(tree)
        raise fail("E203", tree, expected="an entry that begins with " + ", ".join(ENTRIES), got=describe(tree))

    def schema(self) -> JsonSchema:
        return {"anyOf": [record.schema() for record in ENTRIES.values()]}
