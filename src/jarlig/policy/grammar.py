"""The grammar of a programme folder: one shape for each kind of file and entry."""

from __future__ import annotations

from typing import Any

from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.factkinds import FactsShape
from jarlig.policy.formulas import EXPRESSION, FIGURE, FOR_EACH, FORMULA_FIELDS, NUMBER, PART, TESTS, formula
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
    Raw,
    Record,
    Shape,
    Text,
    Whole,
    describe,
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

POOL = Record(
    "pool",
    {
        "amount": Field(FIGURE, True),
        "among": Field(ListOf(Text(r"\d{6}", "a division code of 6 digits")), default=()),
        "split": Field(SPLIT, default="factors"),
        "factors": Field(NAMES, default=()),
        "ties": Field(ANY_TEXT, default=""),
    },
    lambda place, **v: model.Pool(place, v["amount"], v["among"], v["split"], v["ties"], v["factors"]),
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


CLAUSE = Record(
    "clause",
    {
        "summary": Field(WORDS, True),
        "label": Field(WORDS, True, doc="how the clause is called in a citation"),
        "paragraph": Field(Whole(1), True),
        "sha256": Field(Text(r"[0-9a-f]{64}", "64 hexadecimal digits"), True),
        "from": Field(Whole()),
        "to": Field(Whole()),
        "encoded": Field(
            OneOf(("offer", "target", "duty", "register", "rule", "parts", "open", "not_encodable")), True
        ),
        "why": Field(WORDS),
        "bodies": Field(NAMES, default=()),
    },
    lambda place, **v: model.Clause(
        "",
        v["summary"],
        place,
        v["paragraph"],
        v["sha256"],
        v["from"],
        v["to"],
        v["encoded"],
        v["why"],
        v["bodies"],
        v["label"],
    ),
)
CLAUSE_FILE = Record("clauses file", {"clauses": Field(MapOf(CLAUSE, CLAUSE_NO), True)}, lambda place, clauses: clauses)

DATED = Record(
    "dated value",
    {"from": Field(DAY, True), "to": Field(DAY), "value": Field(NUMBER, True), "basis": Field(WORDS, True)},
    lambda place, **v: model.DatedValue(v["from"], v["to"], v["value"], v["basis"]),
)
PARAMETER = Record(
    "parameter",
    {
        "title": Field(WORDS, True),
        "form": Field(OneOf(("ratio", "money", "integer")), True),
        "values": Field(ListOf(DATED), True),
    },
    lambda place, **v: model.Parameter("", v["title"], v["form"], place, v["values"]),
)
TABLE = Record(
    "table",
    {
        "title": Field(WORDS, True),
        "form": Field(OneOf(("ratio", "money", "unit_rate")), True),
        "of": Field(OneOf(("money", "usd", "ratio", "number")), True),
        "bands": Field(Raw({"type": "object"}), True),
        "how": Field(OneOf(("whole", "marginal")), default="whole"),
        "cites": Field(ANY_TEXT, default=""),
    },
    lambda place, **v: model.Table("", v["title"], place, v["form"], v["of"], v["bands"], v["how"], v["cites"]),
)
READING = Record(
    "reading",
    {"says": Field(WORDS, True), "cites": Field(CLAUSE_NO, True), "by": Field(ANY_TEXT, True), "on": Field(DAY, True)},
    lambda place, **v: model.Reading("", v["says"], v["cites"], v["by"], v["on"]),
)
CLOSING = Record(
    "closing rule",
    {
        "rule": Field(ID_TEXT, True),
        "says": Field(WORDS, True),
        "cites": Field(CLAUSE_NO, True),
        "effect": Field(
            OneOf(("validity", "guide_opens", "upper_limits", "budget_scales", "interpretation", "overlays")), True
        ),
    },
    lambda place, rule, says, cites, effect: model.ClosingRule(rule, says, cites, effect),
)
NAMED = Record(
    "named condition",
    {"when": Field(EXPRESSION, True), "title": Field(WORDS, True), "cites": Field(ANY_TEXT, default="")},
    lambda place, when, title, cites: model.NamedTest("", when, title, cites),
)
DOCUMENT = Record(
    "document",
    {
        "number": Field(ANY_TEXT, True),
        "title": Field(WORDS, True),
        "issued_by": Field(WORDS, True),
        "issued_on": Field(DAY, True),
    },
    lambda place, **v: model.Document(v["number"], v["title"], v["issued_by"], v["issued_on"]),
)
PERIOD = Record("period", {"from": Field(DAY, True), "to": Field(DAY, True)}, lambda place, **v: (v["from"], v["to"]))
VALIDITY = Record(
    "validity",
    {"from": Field(DAY, True), "to": Field(DAY, True), "cites": Field(ANY_TEXT, default="")},
    lambda place, **v: (v["from"], v["to"], v["cites"]),
)


def _programme(place: Place, **v: Any) -> model.Programme:
    first, last, cites = v["valid"]
    if last < first:
        raise fail("E210", Scalar("valid", place, False, 0))
    return model.Programme(
        v["programme"],
        v["title"],
        v["sample"],
        place,
        v["document"],
        (first, last),
        cites,
        v["region"],
        v["interpreter"],
        v["units"],
        v["bodies"],
        v["evidence"],
        v["subjects"],
        v["facts"],
        {name: model.NamedTest(name, test.test, test.title, test.cites) for name, test in v["conditions"].items()},
        {name: model.Parameter(name, p.title, p.form, p.place, p.values) for name, p in v["parameters"].items()},
        {
            name: model.Table(name, t.title, t.place, t.form, t.of, t.bands, t.how, t.cites)
            for name, t in v["tables"].items()
        },
        {name: model.Reading(name, r.says, r.cites, r.by, r.on) for name, r in v["readings"].items()},
        v["closing"],
    )


PROGRAMME = Record(
    "programme",
    {
        "programme": Field(ID_TEXT, True),
        "title": Field(WORDS, True),
        "sample": Field(FLAG, default=False, doc="a made-up programme, marked illustrative wherever it shows"),
        "document": Field(DOCUMENT, True),
        "valid": Field(VALIDITY, True),
        "region": Field(Text(r"\d{6}", "a division code of 6 digits"), True),
        "interpreter": Field(NAME_TEXT, default=""),
        "units": Field(MapOf(WORDS, NAME_TEXT), default={}),
        "bodies": Field(MapOf(WORDS, NAME_TEXT), True),
        "evidence": Field(MapOf(WORDS, NAME_TEXT), default={}),
        "subjects": Field(MapOf(ListOf(NAME_TEXT, single=True), NAME_TEXT), default={}),
        "facts": Field(FactsShape(), default={}),
        "conditions": Field(MapOf(NAMED, NAME_TEXT), default={}),
        "parameters": Field(MapOf(PARAMETER, NAME_TEXT), default={}),
        "tables": Field(MapOf(TABLE, NAME_TEXT), default={}),
        "readings": Field(MapOf(READING, ID_TEXT), default={}),
        "closing": Field(ListOf(CLOSING), default=()),
    },
    _programme,
)
