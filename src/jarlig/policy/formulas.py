"""How figures, bases and formulas are written: the shapes that offers, parts and rows share."""

from __future__ import annotations

from typing import Any

from jarlig.policy import model
from jarlig.policy.messages import Place
from jarlig.policy.shape import (
    ANY_TEXT,
    NAME_TEXT,
    Bilingual,
    Field,
    JsonSchema,
    ListOf,
    OneOf,
    Raw,
    Record,
    Shape,
    Whole,
    describe,
    fail,
    scalar,
)
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree

WORDS = Bilingual()
FIGURE = Raw(
    {
        "anyOf": [{"type": ["string", "number"]}, {"type": "object"}],
        "description": "a literal, a term, or by, bands, grown, share, open, decide, table, dated, default",
    }
)


class ScalarShape(Shape):
    """An expression or figure kept as text with its place, read when its kind is known."""

    def __init__(self, what: str) -> None:
        self.what = what

    def read(self, tree: Tree) -> Scalar:
        return scalar(tree, self.what)

    def schema(self) -> JsonSchema:
        return {"type": ["string", "number", "boolean"], "description": self.what}


EXPRESSION = ScalarShape("an expression")
NUMBER = ScalarShape("a number")


class TestShape(Shape):
    """A condition: an expression, or ``{when: …, says: …, cites: …}``."""

    record = Record(
        "condition",
        {
            "when": Field(EXPRESSION, True),
            "says": Field(WORDS),
            "cites": Field(ANY_TEXT, default=""),
            "as_of": Field(OneOf(("application", "decision")), default="application"),
        },
        lambda place, when, says, cites, as_of: model.Test(when, says, cites, as_of == "decision"),
    )

    def read(self, tree: Tree) -> model.Test:
        if isinstance(tree, Scalar):
            return model.Test(tree)
        test: model.Test = self.record.read(tree)
        return test

    def schema(self) -> JsonSchema:
        return {"anyOf": [EXPRESSION.schema(), self.record.schema()]}


class TestsShape(ListOf):
    """A list of conditions; a flow list cut by YAML at a comma inside an expression is noticed."""

    def __init__(self) -> None:
        super().__init__(TestShape(), single=True)

    def read(self, tree: Tree) -> tuple[Any, ...]:
        if isinstance(tree, Sequence) and tree.flow:
            for item in tree.items:
                if isinstance(item, Scalar) and item.text.count("(") != item.text.count(")"):
                    raise fail("E410", item, text=item.text)
        return super().read(tree)


TESTS = TestsShape()


class TotalShape(Shape):
    """A base: an expression, ``{sum: …, over: …, where: […]}`` or ``{rows: …, where: […]}``."""

    summed = Record(
        "sum over rows",
        {"sum": Field(EXPRESSION, True), "over": Field(NAME_TEXT, True), "where": Field(TESTS, default=())},
        lambda place, sum, over, where: model.Total(place, sum, over, where),
    )
    counted = Record(
        "count of rows",
        {"rows": Field(NAME_TEXT, True), "where": Field(TESTS, default=())},
        lambda place, rows, where: model.Total(place, None, rows, where),
    )

    def read(self, tree: Tree) -> model.Total:
        if isinstance(tree, Scalar):
            return model.Total(tree.place, tree)
        if not isinstance(tree, Mapping):
            raise fail("E203", tree, expected="an expression or a sum over rows", got=describe(tree))
        total: model.Total = (self.counted if "rows" in tree.entries else self.summed).read(tree)
        return total

    def schema(self) -> JsonSchema:
        return {"anyOf": [EXPRESSION.schema(), self.summed.schema(), self.counted.schema()]}


TOTAL = TotalShape()


def _every(place: Place, step: Scalar, count: str, of: model.Total | None, **growth: Any) -> model.Every:
    return model.Every(place, step, count, of, growth["grown"], growth["since"], growth["from_zero"], growth["above"])


EVERY = Record(
    "every",
    {
        "step": Field(NUMBER, True),
        "count": Field(OneOf(("full", "started", "exact")), default="full"),
        "of": Field(TOTAL),
        "grown": Field(EXPRESSION),
        "since": Field(EXPRESSION),
        "from_zero": Field(Whole(), default=0),
        "above": Field(NUMBER),
    },
    _every,
)

FORMULA_FIELDS = {
    "amount": Field(FIGURE, doc="a lump sum"),
    "rate": Field(FIGURE, doc="a share of the base that stands in `of`"),
    "of": Field(TOTAL, doc="the base of `rate`"),
    "each": Field(FIGURE, doc="so much for each unit that `count` or `every` gives"),
    "count": Field(TOTAL, doc="how many units `each` is paid for"),
    "every": Field(EVERY, doc="so much for every step"),
    "cap": Field(ListOf(FIGURE, single=True), default=(), doc="never above; may be a list"),
}


def formula(place: Place, values: dict[str, Any], floor: Tree | None = None) -> model.Formula | None:
    """The formula of an offer, a part or a row; None when none is written."""
    names = [name for name in ("amount", "rate", "each") if values[name] is not None]
    if not names:
        return None
    legal = {
        "amount": values["of"] is None and values["count"] is None and values["every"] is None,
        "rate": values["of"] is not None and values["count"] is None and values["every"] is None,
        "each": values["of"] is None and (values["count"] is None) != (values["every"] is None),
    }
    if len(names) != 1 or not legal[names[0]]:
        raise fail("E604", Scalar(", ".join(names), place, False, 0))
    return model.Formula(
        place,
        values["amount"],
        values["rate"],
        values["of"],
        values["each"],
        values["count"],
        values["every"],
        values["cap"],
        floor,
    )


def _part(place: Place, **v: Any) -> model.PartDef:
    made = formula(place, v, v["floor"])
    if made is None:
        raise fail("E604", Scalar(v["part"], place, False, 0))
    return model.PartDef(v["part"], v["title"], made, v["when"], v["cites"])


PART = Record(
    "part",
    {
        "part": Field(NAME_TEXT, True),
        "title": Field(WORDS, True),
        "when": Field(TESTS, default=()),
        "cites": Field(ANY_TEXT, default=""),
        **FORMULA_FIELDS,
        "floor": Field(FIGURE),
    },
    _part,
)


def _for_each(place: Place, **v: Any) -> model.ForEach:
    plain = v["each"] is not None and v["of"] is None and v["count"] is None and v["every"] is None
    made = (
        model.Formula(place, each=v["each"], caps=v["cap"], floor=v["floor"])
        if plain
        else formula(place, v, v["floor"])
    )
    if made is None:
        raise fail("E604", Scalar(v["row"], place, False, 0))
    return model.ForEach(v["row"], made, v["where"])


FOR_EACH = Record(
    "for_each",
    {"row": Field(NAME_TEXT, True), "where": Field(TESTS, default=()), **FORMULA_FIELDS, "floor": Field(FIGURE)},
    _for_each,
)


class ExceptionsShape(Shape):
    """The exceptions to a rule: ``[{when: …, then: figure}, …]``."""

    record = Record(
        "exception",
        {"when": Field(EXPRESSION, True), "then": Field(FIGURE, True)},
        lambda place, when, then: (when, then),
    )

    def read(self, tree: Tree) -> tuple[tuple[Scalar, Tree], ...]:
        made: tuple[tuple[Scalar, Tree], ...] = ListOf(self.record).read(tree)
        return made

    def schema(self) -> JsonSchema:
        return ListOf(self.record).schema()


EXCEPTIONS = ExceptionsShape()
