"""The grammar of programme.yaml and clauses.yaml."""

from __future__ import annotations

from typing import Any

from jarlig.policy import model
from jarlig.policy.factkinds import FactsShape
from jarlig.policy.formulas import EXPRESSION, NUMBER
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.offer_parts import CLAUSE_NO, DAY, FLAG, NAMES, WORDS
from jarlig.policy.shape import (
    ANY_TEXT,
    ID_TEXT,
    NAME_TEXT,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Raw,
    Record,
    Text,
    Whole,
    fail,
)
from jarlig.policy.text import Scalar

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


def _parameter(place: Place, **v: Any) -> model.Parameter:
    if not v["values"]:
        raise PolicyError((problem("E203", place, "", expected="a value at least", got="an empty list"),))
    return model.Parameter("", v["title"], v["form"], place, v["values"])


PARAMETER = Record(
    "parameter",
    {
        "title": Field(WORDS, True),
        "form": Field(OneOf(("ratio", "money", "integer")), True),
        "values": Field(ListOf(DATED), True),
    },
    _parameter,
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
        v["applied_at"],
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
        "applied_at": Field(
            NAME_TEXT, default="", doc="the fact that gives the place of application when none is given"
        ),
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
