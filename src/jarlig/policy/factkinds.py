"""Facts and their kinds, as a programme file spells them: ``{money: signed, title: …, evidence: […]}``."""

from __future__ import annotations

from collections.abc import Mapping as MappingType

from jarlig.ladder.kinds import (
    CNY,
    DATE,
    MONTH,
    MOST_FEN,
    USD,
    YES_NO,
    Choice,
    Code,
    Date,
    Division,
    Kind,
    Month,
    Number,
    Rows,
    Some,
    Unit,
    YesNo,
    times_unit,
)
from jarlig.ladder.numbers import NumberError, parse_scaled
from jarlig.ladder.steps import Words
from jarlig.policy.messages import PolicyError, nearest
from jarlig.policy.model import FactDef
from jarlig.policy.shape import (
    ANY_TEXT,
    NAME,
    NAME_TEXT,
    Bilingual,
    JsonSchema,
    ListOf,
    OneOf,
    Shape,
    Text,
    Whole,
    collect,
    describe,
    fail,
    scalar,
)
from jarlig.policy.syntax import KEYWORDS
from jarlig.policy.text import Mapping, Scalar, Tree

KINDS = (
    "money",
    "unit_rate",
    "ratio",
    "quantity",
    "integer",
    "date",
    "month",
    "yes_no",
    "choice",
    "set",
    "code",
    "division",
    "rows",
    "like",
)
CODE_FORMS = ("uscc", "invoice", "sha256", "industry", "project", "bank", "text")
LEVELS = ("region", "league", "county", "township", "village")
LIKE = Text(r"[A-Za-z0-9][A-Za-z0-9_.-]*\.[a-z][a-z0-9_]*", "offer.fact")
COMMON = ("title", "why", "evidence", "verified_by", "or", "columns")
BUILT_IN_NAMES = ("on", "at", "guide_year", "claim_year", "claim_month", "history", "decisions")
RESERVED = frozenset((*BUILT_IN_NAMES, *KEYWORDS, "for", "none"))
#: A sum of money as large as an unbounded quantity or a fact of 12 digits may be.
MOST_QUANTITY = 10**12


class FactShape(Shape):
    """One fact: exactly one kind key, and who states and verifies it."""

    def __init__(self, column: bool = False) -> None:
        self.column = column

    def read(self, tree: Tree, name: str = "") -> FactDef:
        if not isinstance(tree, Mapping):
            raise fail("E203", tree, expected="a fact such as {money: {}, title: …}", got=describe(tree))
        kinds = [key for key in tree.entries if key in KINDS]
        for key, node in tree.keys.items():
            if key not in KINDS and key not in COMMON:
                raise fail("E201", node, name=key, where="fact", near=nearest(key, (*KINDS, *COMMON)) or "")
        if len(kinds) != 1:
            raise fail("E208", tree, keys=", ".join(KINDS), got=", ".join(kinds) or "none")
        entry = tree.entries
        title = Bilingual().read(entry["title"]) if "title" in entry else None
        if title is None and not self.column and kinds[0] != "like":
            raise fail("E202", tree, name="title", where=f"fact {name}".strip())
        kind, labels, columns, key_once, opened = self._kind(kinds[0], entry[kinds[0]], tree)
        or_none = "or" in entry and OneOf(("none",)).read(entry["or"]) == "none"
        return FactDef(
            name=name,
            kind=kind,
            title=title or Words(name, name),
            place=tree.place,
            why=Bilingual().read(entry["why"]) if "why" in entry else None,
            labels=labels,
            columns=columns,
            evidence=ListOf(NAME_TEXT, single=True).read(entry["evidence"]) if "evidence" in entry else (),
            verified_by=NAME_TEXT.read(entry["verified_by"]) if "verified_by" in entry else "",
            or_none=or_none,
            key_once=key_once,
            open_kind=opened,
        )

    def _kind(
        self, form: str, spec: Tree, fact: Mapping
    ) -> tuple[Kind, MappingType[str, Words], MappingType[str, FactDef], str, str]:
        none: MappingType[str, Words] = {}
        empty: MappingType[str, FactDef] = {}
        if form == "rows":
            kind, columns, key_once = _rows(spec, fact)
            return kind, none, columns, key_once, ""
        if form in ("choice", "set"):
            choice, labels, filled_by = _choice(spec)
            return (Some(choice) if form == "set" else choice), labels, empty, "", filled_by
        if form == "like":
            return Code("like"), none, empty, "", LIKE.read(spec)
        return _plain(form, spec), none, empty, "", ""

    def schema(self) -> JsonSchema:
        money = {"anyOf": [{"const": "signed"}, {"type": "object"}]}
        words = {
            key: {"type": "object"}
            for key in KINDS
            if key not in ("money", "choice", "set", "code", "division", "like")
        }
        return {
            "type": "object",
            "properties": {
                "money": money,
                **words,
                "choice": {"type": "object"},
                "set": {"type": "object"},
                "code": {"enum": list(CODE_FORMS)},
                "division": {"enum": list(LEVELS)},
                "like": {"type": "string"},
                "title": Bilingual().schema(),
                "why": Bilingual().schema(),
                "evidence": ListOf(NAME_TEXT, single=True).schema(),
                "verified_by": NAME_TEXT.schema(),
                "or": {"const": "none"},
                "columns": {"type": "object", "additionalProperties": {"type": "object"}},
            },
            "oneOf": [{"required": [kind]} for kind in KINDS],
            "additionalProperties": False,
        }


class FactsShape(Shape):
    """A mapping of fact names to facts."""

    def read(self, tree: Tree) -> dict[str, FactDef]:
        if not isinstance(tree, Mapping):
            raise fail("E203", tree, expected="a mapping of facts", got=describe(tree))
        for name, node in tree.keys.items():
            check_name(name, node)
        shape = FactShape()
        facts = collect(lambda entry: shape.read(entry[1], entry[0]), tree.entries.items())
        return {fact.name: fact for fact in facts}

    def schema(self) -> JsonSchema:
        return {"type": "object", "additionalProperties": FactShape().schema()}


def check_name(name: str, node: Scalar) -> None:
    """Refuse a name that an expression could not hold or that means something already."""
    if not NAME.match(name) or name in RESERVED:
        raise fail("E209", node, name=name)


def _options(spec: Tree, allowed: tuple[str, ...], where: str) -> dict[str, Tree]:
    if not isinstance(spec, Mapping):
        raise fail("E203", spec, expected=f"{{}} or a mapping with {', '.join(allowed)}", got=describe(spec))
    for key, node in spec.keys.items():
        if key not in allowed:
            raise fail("E201", node, name=key, where=where, near=nearest(key, allowed) or "")
    return dict(spec.entries)


def _bound(options: dict[str, Tree], name: str, scale: int, default: int) -> int:
    if name not in options:
        return default
    node = scalar(options[name], "a number")
    try:
        return parse_scaled(node.text, scale)
    except NumberError as error:
        raise fail("E205", node, zh=error.zh, en=error.en) from error


def _plain(form: str, spec: Tree) -> Kind:
    if form == "code":
        return Code(OneOf(CODE_FORMS).read(spec))
    if form == "division":
        return Division(OneOf(LEVELS).read(spec))
    if form == "money":
        if isinstance(spec, Scalar) and spec.text == "signed":
            return Number(CNY, 2, -MOST_FEN, MOST_FEN)
        options = _options(spec, ("least", "most", "currency"), "money")
        unit = USD if "currency" in options and OneOf(("cny", "usd")).read(options["currency"]) == "usd" else CNY
        return _number(unit, 2, options, MOST_FEN)
    if form in ("date", "month", "yes_no"):
        _options(spec, (), form)
        plain: dict[str, Kind] = {"date": DATE, "month": MONTH, "yes_no": YES_NO}
        return plain[form]
    return _measured(form, spec)


def _measured(form: str, spec: Tree) -> Number:
    allowed = {
        "unit_rate": ("per", "decimals", "least", "most"),
        "ratio": ("decimals", "least", "most"),
        "quantity": ("unit", "decimals", "least", "most"),
        "integer": ("unit", "least", "most"),
    }[form]
    options = _options(spec, allowed, form)
    default = 4 if form in ("ratio", "unit_rate") else 0
    decimals = Whole(0, 9).read(options["decimals"]) if "decimals" in options else default
    unit: Unit = ((NAME_TEXT.read(options["unit"]), 1),) if "unit" in options else ()
    if form == "quantity" and not unit:
        raise fail("E202", spec, name="unit", where="quantity")
    if form == "unit_rate":
        unit = times_unit(CNY, ((NAME_TEXT.read(options["per"]), 1),) if "per" in options else (), -1)
    top = 10**decimals if form == "ratio" else MOST_QUANTITY * 10**decimals
    return _number(unit, decimals, options, top)


def _number(unit: Unit, scale: int, options: dict[str, Tree], top: int) -> Number:
    low, high = _bound(options, "least", scale, 0), _bound(options, "most", scale, top)
    if low > high:
        raise fail("E504", options["least" if "least" in options else "most"])
    return Number(unit, scale, low, high)


def _choice(spec: Tree) -> tuple[Choice, dict[str, Words], str]:
    if not isinstance(spec, Mapping) or not spec.entries:
        raise fail("E203", spec, expected="choices with labels {a: {zh: …, en: …}, …}", got=describe(spec))
    if "open" in spec.entries:
        options = _options(spec, ("open", "filled_by"), "choice")
        OneOf(("list",)).read(options["open"])
        return (
            Choice((), open=True),
            {},
            OneOf(("guide", "local")).read(options["filled_by"]) if "filled_by" in options else "guide",
        )
    for name, node in spec.keys.items():
        check_name(name, node)
    labels = collect(Bilingual().read, spec.entries.values())
    return Choice(tuple(spec.entries)), dict(zip(spec.entries, labels, strict=True)), ""


def _rows(spec: Tree, fact: Mapping) -> tuple[Rows, dict[str, FactDef], str]:
    options = _options(spec, ("most", "key", "reverses", "key_once"), "rows")
    if "most" not in options:
        raise fail("E202", spec, name="most", where="rows")
    if "columns" not in fact.entries:
        raise fail("E202", fact, name="columns", where="rows")
    columns = fact.entries["columns"]
    if not isinstance(columns, Mapping) or not columns.entries:
        raise fail("E203", columns, expected="a mapping of columns", got=describe(columns))
    for name, node in columns.keys.items():
        check_name(name, node)
    shape = FactShape(column=True)
    defs = {d.name: d for d in collect(lambda entry: shape.read(entry[1], entry[0]), columns.entries.items())}
    for column in defs.values():
        if isinstance(column.kind, Rows | Some):
            raise PolicyError(
                fail("E203", columns.entries[column.name], expected="a plain column", got="rows or set").problems
            )
    key = ListOf(ANY_TEXT, single=True).read(options["key"]) if "key" in options else ()
    reverses = NAME_TEXT.read(options["reverses"]) if "reverses" in options else ""
    for name in (*key, *((reverses,) if reverses else ())):
        if name not in defs:
            raise fail("E301", spec, name, name=name, near=nearest(name, defs) or "", valid=", ".join(defs))
    for name in key:
        if never_a_key(defs[name]):
            raise fail("E307", columns.keys[name], name, name=name)
    if reverses:
        _reversible(spec, columns, defs, key)
    once = OneOf(("ever", "offer")).read(options["key_once"]) if "key_once" in options else ""
    kind = Rows(
        tuple((name, column.kind) for name, column in defs.items()),
        Whole(1, 10**9).read(options["most"]),
        key,
        reverses,
        frozenset(name for name, column in defs.items() if column.or_none),
    )
    return kind, defs, once


def never_a_key(fact: FactDef) -> bool:
    """Whether "none" of a fact is no text among its values, so that rows and awards cannot be told apart by it."""
    return fact.or_none and isinstance(fact.kind, Number | Date | Month | YesNo)


def _reversible(spec: Tree, columns: Mapping, defs: dict[str, FactDef], key: tuple[str, ...]) -> None:
    """A row that cancels another is found by its key, and takes away what is counted of it: such columns are signed.

    A column that may be none need not be: a reversal says none of it, and with its whole invoice it is cancelled too.
    """
    if not key:
        raise fail("E202", spec, name="key", where="rows")
    for name, tree in columns.entries.items():
        kind = defs[name].kind
        counted = isinstance(tree, Mapping) and any(form in tree.entries for form in ("money", "quantity", "integer"))
        free = name in key or defs[name].or_none
        if counted and not free and isinstance(kind, Number) and kind.low >= 0:
            raise fail("E505", columns.keys[name], name, name=name)
