"""Parts of an offer that have a shape of their own: limits, floors, terms, pools, instalments, exclusions, anchors."""

from __future__ import annotations

from typing import Any

from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.formulas import EXPRESSION, FIGURE, NUMBER
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.shape import (
    ANY_TEXT,
    ID_TEXT,
    NAME_TEXT,
    Bilingual,
    Day,
    Field,
    Flag,
    JsonSchema,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Shape,
    Text,
    Whole,
    fail,
    scalar,
)
from jarlig.policy.text import Mapping, Scalar, Tree

WORDS, FLAG, DAY = Bilingual(), Flag(), Day()
NAMES = ListOf(NAME_TEXT, single=True)
IDS = ListOf(ID_TEXT, single=True)
CLAUSE_NO = Text(r"[0-9A-Za-z.]+", "a clause number")


class WindowShape(Shape):
    """``ever``, ``validity``, ``guide_year``, ``calendar_year`` or ``rolling n months``."""

    words = ("ever", "validity", "guide_year", "calendar_year")

    def read(self, tree: Tree) -> tuple[str, int]:
        text = scalar(tree, "a window").text
        parts = text.split()
        if (
            len(parts) == 3
            and parts[0] == "rolling"
            and parts[2] == "months"
            and parts[1].isdecimal()
            and int(parts[1]) > 0
        ):
            return "rolling", int(parts[1])
        return OneOf(self.words).read(tree), 0

    def schema(self) -> JsonSchema:
        return {"anyOf": [{"enum": list(self.words)}, {"type": "string", "pattern": "^rolling [0-9]+ months$"}]}


def lacking(name: str, where: str, place: Place) -> PolicyError:
    """A key that the other keys of its entry make necessary."""
    return PolicyError((problem("E202", place, "", name=name, where=where),))


def _limit(place: Place, over: tuple[str, int] | None, **v: Any) -> model.Limit:
    given = [name for name in ("awards", "years", "amount") if v[name] is not None]
    if len(given) != 1:
        raise fail(
            "E208", Scalar("limit", place, False, 0), keys="awards, years, amount", got=", ".join(given) or "none"
        )
    if over is None and given[0] == "amount":
        raise lacking("over", "limit of an amount", place)
    if not v["per"] and given[0] != "awards":
        raise lacking("per", f"limit of {given[0]}", place)
    window, months = over or ("ever", 0)
    return model.Limit(place, over=window, months=months, **v)


LIMIT = Record(
    "limit",
    {
        "awards": Field(Whole(1, 10**6)),
        "years": Field(Whole(1, 100)),
        "amount": Field(FIGURE),
        "per": Field(NAME_TEXT, default=""),
        "over": Field(WindowShape()),
        "across": Field(IDS, default=()),
        "in_a_row": Field(FLAG, default=False),
        "after_a_gap": Field(OneOf(("restart", "no_restart")), default="restart"),
        "year_not_open": Field(OneOf(("does_not_break", "breaks")), default="does_not_break"),
        "by": Field(EXPRESSION),
        "reading": Field(ID_TEXT, default=""),
        "cites": Field(ANY_TEXT, default=""),
    },
    _limit,
)


class FloorShape(Shape):
    """A figure, or ``{amount: …, in_scaling: keep, when_it_cannot_be_kept: decide}``."""

    record = Record(
        "floor",
        {
            "amount": Field(FIGURE, True),
            "in_scaling": Field(OneOf(("keep", "scale")), default="keep"),
            "when_it_cannot_be_kept": Field(OneOf(("decide", "scale")), default="decide"),
            "cites": Field(ANY_TEXT, default=""),
        },
        lambda place, amount, in_scaling, when_it_cannot_be_kept, cites: model.Floor(
            amount, in_scaling, when_it_cannot_be_kept, cites
        ),
    )

    def read(self, tree: Tree) -> model.Floor:
        if isinstance(tree, Mapping) and "amount" in tree.entries:
            floor: model.Floor = self.record.read(tree)
            return floor
        return model.Floor(tree)

    def schema(self) -> JsonSchema:
        return {"anyOf": [FIGURE.schema(), self.record.schema()]}


def _term(place: Place, **v: Any) -> model.TermDef:
    form, of = v["open"]
    return model.TermDef(
        "",
        form,
        v["title"] or Words("", ""),
        place,
        v["filled_by"],
        v["by"],
        v["at_least"],
        v["at_most"],
        v["decimals"],
        of,
        v["may_use"],
    )


class TermForm(Shape):
    """``money``, ``unit_rate``, ``ratio``, ``integer``, ``date``, ``figure``, ``shares`` or ``{some_of: choice}``."""

    words = ("money", "unit_rate", "ratio", "integer", "date", "figure", "shares")

    def read(self, tree: Tree) -> tuple[str, str]:
        if isinstance(tree, Mapping) and set(tree.entries) == {"some_of"}:
            return "some_of", scalar(tree.entries["some_of"], "rows.column or a fact").text
        return OneOf(self.words).read(tree), ""

    def schema(self) -> JsonSchema:
        return {"anyOf": [{"enum": list(self.words)}, {"type": "object", "required": ["some_of"]}]}


TERM = Record(
    "term",
    {
        "open": Field(TermForm(), True),
        "title": Field(WORDS),
        "filled_by": Field(OneOf(("guide", "local")), default="guide"),
        "by": Field(EXPRESSION),
        "at_least": Field(NUMBER),
        "at_most": Field(NUMBER),
        "decimals": Field(Whole(0, 6)),
        "may_use": Field(NAMES, default=()),
    },
    _term,
)
SPLIT = OneOf(("shares", "factors"))


def _pool(place: Place, **v: Any) -> model.Pool:
    if len({code.endswith("00") for code in v["among"]}) > 1:
        raise PolicyError((problem("E715", place, "among"),))
    return model.Pool(place, v["amount"], v["among"], v["split"], v["ties"], v["factors"])


POOL = Record(
    "pool",
    {
        "amount": Field(FIGURE, True),
        "among": Field(ListOf(Text(r"\d{6}", "a division code of 6 digits")), default=()),
        "split": Field(SPLIT, default="factors"),
        "factors": Field(NAMES, default=()),
        "ties": Field(ANY_TEXT, default=""),
    },
    _pool,
)

INSTALMENT = Record(
    "instalment",
    {"title": Field(WORDS, True), "share": Field(NUMBER)},
    lambda place, title, share: model.Instalment(title, share),
)
CLAIMS = Record(
    "claims",
    {
        "per": Field(OneOf(("once", "year", "guide_year", "month")), True),
        "from": Field(NAME_TEXT, default=""),
        "years": Field(Whole(1, 100), default=0),
    },
    lambda place, **v: model.Claims(v["per"], v["from"], v["years"]),
)


def _exclusive(place: Place, **v: Any) -> model.Exclusive:
    """Other offers need a subject to look for; support from elsewhere needs the fact that states it."""
    offers = tuple(x for x in v["with"] if x != "elsewhere")
    elsewhere = "elsewhere" in v["with"]
    for name, needed in (("per", bool(offers)), ("received", elsewhere or v["keep"] != "")):
        if needed and not v[name]:
            raise lacking(name, "exclusive", place)
    if v["received"] and not elsewhere:
        raise lacking("with: elsewhere", "exclusive", place)
    return model.Exclusive(offers, v["per"], v["received"], v["keep"], v["source"])


EXCLUSIVE = Record(
    "exclusive",
    {
        "with": Field(ListOf(ANY_TEXT, single=True), True),
        "per": Field(NAME_TEXT, default=""),
        "received": Field(NAME_TEXT, default=""),
        "keep": Field(OneOf(("higher",)), default=""),
        "source": Field(OneOf(("notice", "guide", "default")), default="notice"),
    },
    _exclusive,
)
AFTER = Record(
    "after",
    {"offers": Field(IDS, True), "per": Field(NAME_TEXT, True)},
    lambda place, offers, per: (offers, per),
)
LESS = Record(
    "less",
    {"paid_before": Field(IDS, True), "per": Field(NAME_TEXT, True)},
    lambda place, paid_before, per: (paid_before, per),
)
ANCHOR = Record(
    "anchor",
    {
        "clause": Field(CLAUSE_NO, True),
        "from": Field(Whole(), True),
        "to": Field(Whole(), True),
        "sha256": Field(Text(r"[0-9a-f]{64}", "64 hexadecimal digits"), True),
    },
    lambda place, **v: model.Anchor(v["clause"], v["from"], v["to"], v["sha256"]),
)
ANCHORS = MapOf(ANCHOR)
PERIOD = Record("period", {"from": Field(DAY, True), "to": Field(DAY, True)}, lambda place, **v: (v["from"], v["to"]))
