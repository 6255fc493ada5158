"""The grammar of guides and local rules, the documents laid over the notice."""

from __future__ import annotations

from typing import Any

from jarlig.policy import model
from jarlig.policy.formulas import TESTS
from jarlig.policy.messages import Place
from jarlig.policy.offer_parts import FLAG, IDS, PERIOD, WORDS
from jarlig.policy.pools import POOL, named
from jarlig.policy.shape import ANY_TEXT, ID_TEXT, NAME_TEXT, Field, MapOf, OneOf, Raw, Record, Text, Whole, fail
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree

BY_OFFER = MapOf(MapOf(Raw({}), NAME_TEXT), ID_TEXT)
GATES = Record(
    "gates",
    {
        "when": Field(TESTS, True),
        "as_of": Field(OneOf(("application", "decision")), default="application"),
        "cites": Field(ANY_TEXT, default=""),
        "for": Field(IDS, default=()),
    },
    lambda place, **v: (v["when"], v["as_of"] == "decision", v["cites"], v["for"]),
)
NO_GATES: tuple[Any, ...] = ((), False, "", ())


def plain(tree: Tree) -> Any:
    """A tree as nested lists and texts, for parts that the rules half only carries along (review routes)."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Sequence):
        return [plain(item) for item in tree.items]
    return {key: plain(value) for key, value in tree.entries.items()}


def _overlay(place: Place, kind: str, **v: Any) -> model.Overlay:
    start, end = v["applications"] if kind == "guide" else v["valid"]
    if end < start:
        raise fail("E210", Scalar("window", place, False, 0))
    tests, decided, cites, only = v["gates"]
    gates = tuple(model.Test(t.expression, t.says, t.cites, t.when_decided or decided) for t in tests)
    routes = v.get("routes")
    return model.Overlay(
        id=str(v["guide"]) if kind == "guide" else v["local"],
        kind=kind,
        title=v["title"],
        sample=v["sample"],
        place=place,
        document=v["document"],
        start=start,
        end=end,
        year=v.get("guide"),
        at=v.get("at", ""),
        opens=v.get("opens"),
        closes=v["closes"],
        windows=v["windows"],
        gates=gates,
        gates_cites=cites,
        gates_for=only,
        fill=v["fill"],
        lower=v["lower"],
        raise_=v["raise"],
        narrow=v["narrow"],
        pools=named(v.get("pools") or {}),
        routes=plain(routes) if isinstance(routes, Mapping) else {},
    )


_SHARED = {
    "title": Field(WORDS, True),
    "sample": Field(FLAG, default=False, doc="illustrative: marked so wherever it shows"),
    "document": Field(ANY_TEXT, default="", doc="document number"),
    "closes": Field(IDS, default=()),
    "windows": Field(MapOf(PERIOD, ID_TEXT), default={}, doc="windows of single offers"),
    "gates": Field(GATES, default=NO_GATES),
    "fill": Field(BY_OFFER, default={}, doc="terms that the notice leaves open"),
    "lower": Field(BY_OFFER, default={}, doc="rates, caps, amounts, awards and years, downwards only"),
    "raise": Field(BY_OFFER, default={}, doc="floors, upwards only"),
    "narrow": Field(BY_OFFER, default={}, doc="lists and windows, to a part only"),
}
GUIDE = Record(
    "guide",
    {
        "guide": Field(Whole(1950, 2199), True, doc="the year"),
        **_SHARED,
        "applications": Field(PERIOD, True, doc="first and last day of application"),
        "opens": Field(IDS, True),
        "pools": Field(MapOf(POOL, NAME_TEXT), default={}),
        "routes": Field(Raw({"type": "object"}), doc="review routes, carried for the service"),
    },
    lambda place, **v: _overlay(place, "guide", **v),
)
LOCAL = Record(
    "local rules",
    {
        "local": Field(ID_TEXT, True),
        **_SHARED,
        "at": Field(Text(r"\d{6}", "a division code of 6 digits"), True),
        "valid": Field(PERIOD, True),
    },
    lambda place, **v: _overlay(place, "local", **v),
)
