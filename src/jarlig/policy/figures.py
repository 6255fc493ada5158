"""Figures to nodes: wherever a figure may stand, any of the ten ways to write one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from jarlig.ladder import build
from jarlig.ladder.dates import day_text
from jarlig.ladder.kinds import CNY, DATE, PURE, USD, Choice, Kind, KindError, Number
from jarlig.ladder.nodes import (
    All,
    Banded,
    Case,
    Choose,
    Grown,
    Judged,
    Literal,
    Marginal,
    Node,
    Open,
    walk,
)
from jarlig.ladder.numbers import NumberError, parse_decimal, parse_percent
from jarlig.ladder.steps import PARAMETER, Words
from jarlig.policy import model
from jarlig.policy.bands import edges, read_bands
from jarlig.policy.bases import total
from jarlig.policy.context import RATIO, Context, Want
from jarlig.policy.expressions import Scope, compile_expression, compile_test
from jarlig.policy.formulas import EXCEPTIONS, TOTAL
from jarlig.policy.messages import nearest
from jarlig.policy.offer_parts import TERM
from jarlig.policy.shape import fail
from jarlig.policy.text import Mapping as TreeMapping, Scalar, Tree

_NUMBER = re.compile(r"-?[0-9][0-9_.]*%?\Z")
FORM_KEYS = ("by", "bands", "marginal", "grown", "share", "open", "decide", "table", "dated", "default")
#: Forms that hold the key of another form inside them.
_WIDER_FORMS = ("open", "grown")


def figure(tree: Tree, want: Want, context: Context, key: str) -> Node:
    """The node of a figure; ``key`` names the place it stands in (``rate``, ``cap``), and so the term it opens.

    Raises:
        PolicyError: with the place of what is wrong.
    """
    node = _figure(tree, want, context, key)
    _check_unit(tree, node, want)
    return node


def _check_unit(tree: Tree, node: Node, want: Want) -> None:
    if not isinstance(node.kind, Number):
        raise fail("E605", tree, want=want.form, got=node.kind.text)
    if node.kind.unit != want.unit and want.form != "unit_rate":
        raise fail("E605", tree, want=want.form, got=node.kind.text)
    if node.kind.low < 0 and want.form in ("money", "ratio", "unit_rate") and isinstance(node, Literal):
        raise fail("E606", tree)


def _figure(tree: Tree, want: Want, context: Context, key: str) -> Node:
    if isinstance(tree, Scalar):
        return _plain(tree, want, context)
    if not isinstance(tree, TreeMapping):
        raise fail("E604", tree)
    forms = [name for name in _WIDER_FORMS if name in tree.entries] or [n for n in FORM_KEYS if n in tree.entries]
    if len(forms) != 1:
        raise fail("E607", tree, forms=", ".join(FORM_KEYS), got=", ".join(forms) or "none")
    return _FORMS[forms[0]](tree, want, context, key)


def _plain(tree: Scalar, want: Want, context: Context) -> Node:
    if not _NUMBER.match(tree.text):
        return build.in_unit(compile_expression(tree, context.scope), want.unit)
    try:
        if tree.text.endswith("%"):
            if want.form != "ratio":
                raise fail("E608", tree, want=want.form)
            value, scale = parse_percent(tree.text)
        else:
            value, scale = parse_decimal(tree.text)
    except NumberError as error:
        raise fail("E205", tree, zh=error.zh, en=error.en) from error
    if want.form == "money" and scale > 2:
        raise fail("E503", tree, most=2)
    if want.form == "integer" and scale:
        raise fail("E503", tree, most=0)
    return build.literal(value, scale, want.unit, context.source_of(tree.place.file))


def _only(tree: TreeMapping, allowed: tuple[str, ...], required: tuple[str, ...]) -> None:
    for key, node in tree.keys.items():
        if key not in allowed:
            raise fail("E201", node, name=key, where="figure", near=nearest(key, allowed) or "")
    for key in required:
        if key not in tree.entries:
            raise fail("E202", tree, name=key, where="figure")


def _expression(tree: TreeMapping, key: str, context: Context) -> Node:
    value = tree.entries[key]
    if isinstance(value, Scalar):
        return compile_expression(value, context.scope)
    return total(TOTAL.read(value), context)


def _by(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    selector = _expression(tree, "by", context)
    entries = {name: value for name, value in tree.entries.items() if name != "by"}
    return choose(selector, entries, tree, want, context, key)


def choose(
    selector: Node, entries: Mapping[str, Tree], tree: TreeMapping, want: Want, context: Context, key: str
) -> Node:
    """A value for each value of a choice; every value must have one."""
    kind = selector.kind
    if not isinstance(kind, Choice):
        raise fail("E609", tree, got=kind.text)
    if not kind.open:
        for name in kind.values:
            if name not in entries:
                raise fail("E603", tree, name=name)
    for name in entries:
        if not kind.open and name not in kind.values:
            raise fail(
                "E204", tree.keys[name], name=name, valid=", ".join(kind.values), near=nearest(name, kind.values) or ""
            )
    values, result = _level([figure(value, want, context, key) for value in entries.values()], tree)
    return Choose(selector, tuple(zip(entries, values, strict=True)), result)


def _level(values: list[Node], tree: Tree) -> tuple[list[Node], Kind]:
    try:
        return build.one_kind(values)
    except KindError as error:
        raise fail("E501", tree, zh=error.zh, en=error.en) from error


def band_edge(kind: Kind, ratio: bool = False) -> Callable[[Scalar, str], int]:
    """Reads an edge of a band as a scaled integer of the banded number."""

    def read(key: Scalar, text: str) -> int:
        try:
            if text.endswith("%"):
                if not ratio and not (isinstance(kind, Number) and not kind.unit):
                    raise fail("E608", key, want=kind.text)
                value, scale = parse_percent(text)
            else:
                value, scale = parse_decimal(text)
        except NumberError as error:
            raise fail("E205", key, zh=error.zh, en=error.en) from error
        most: int = 6 if ratio else kind.scale if isinstance(kind, Number) else 0
        if scale > most:
            raise fail("E503", key, most=most)
        return int(value * 10 ** (most - scale))

    return read


def banded(of: Node, tree: Tree, want: Want, context: Context, key: str) -> Node:
    """A value by bands of a number, the whole number taking the value of its band."""
    if not isinstance(of.kind, Number):
        raise fail("E605", tree, want="number", got=of.kind.text)
    bands = read_bands(tree, band_edge(of.kind))
    values, kind = _level([figure(band.figure, want, context, key) for band in bands], tree)
    return Banded(of, edges(bands), tuple(values), kind)


def _bands(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    _only(tree, ("of", "bands"), ("of",))
    return banded(_expression(tree, "of", context), tree.entries["bands"], want, context, key)


def marginal(of: Node, tree: Tree, want: Want, context: Context, key: str) -> Marginal:
    """Each band's rate on its own part of a number; ``of`` must not be negative."""
    of = build.not_below_zero(of)
    kind = build.number_kind(of)
    bands = read_bands(tree, band_edge(kind))
    values, rate = _level([figure(band.figure, want, context, key) for band in bands], tree)
    if not isinstance(rate, Number):
        raise fail("E605", tree, want=want.form, got=rate.text)
    try:
        whole = build.multiply(of, Literal(rate.high, rate)).kind
    except KindError as error:
        raise fail("E501", tree, zh=error.zh, en=error.en) from error
    return Marginal(
        of,
        tuple(edge for edge, _ in edges(bands)),
        tuple(values),
        Number(whole.unit, whole.scale, 0, max(0, kind.high * rate.high)),
    )


def _marginal(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    """Marginal bands give an amount at once, so they stand only in ``rate`` and ``each``, with their own base."""
    raise fail("E610", tree)


def _grown(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    _only(tree, ("grown", "since", "from_zero", "bands"), ("since", "from_zero", "bands"))
    try:
        now, since = build.aligned(_expression(tree, "grown", context), _expression(tree, "since", context))
    except KindError as error:
        raise fail("E501", tree, zh=error.zh, en=error.en) from error
    bands = read_bands(tree.entries["bands"], band_edge(now.kind, ratio=True))
    trees = [band.figure for band in bands] + [tree.entries["from_zero"]]
    values, kind = _level([figure(value, want, context, key) for value in trees], tree)
    return Grown(now, since, edges(bands), 6, tuple(values[:-1]), values[-1], kind)


def _share(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    _only(tree, ("share", "of"), ("of",))
    if want.form != "money":
        raise fail("E605", tree, want=want.form, got="a share")
    share = figure(tree.entries["share"], RATIO, context, key)
    base = build.not_below_zero(_expression(tree, "of", context))
    try:
        return build.rounded(build.multiply(base, share))
    except KindError as error:
        raise fail("E501", tree, zh=error.zh, en=error.en) from error


def _open(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    term: model.TermDef = TERM.read(tree)
    if term.form not in (want.form, "figure"):
        raise fail("E605", tree.entries["open"], want=want.form, got=term.form)
    return filled(replace(term, name=context.prefix + key), want, context, tree)


def filled(term: model.TermDef, want: Want, context: Context, tree: Tree) -> Node:
    """The value a term was filled with, inside its bounds; ``Open`` while nobody has filled it."""
    fill = context.fills.get(term.name)
    kind = want.open_kind(term.decimals)
    if fill is None:
        return Open(term.name, _bounded(kind, term, context), term.filled_by)
    names = {**context.scope.names}
    if term.form == "figure":
        facts = {**context.programme.facts, **context.offer.facts}
        names = {name: node for name, node in names.items() if name not in facts or name in term.may_use}
    inner = replace(context.within(Scope(names, {}, context.scope.optional)), fills={})
    if term.by is not None and isinstance(fill, TreeMapping) and "by" not in fill.entries:
        node = choose(compile_expression(term.by, context.scope), fill.entries, fill, want, inner, term.name)
    else:
        node = figure(fill, want, inner, term.name)
    own, term_form = (term.name, context.prefix + term.name), "open"
    if any(isinstance(below, Open) and below.term in own for below in walk(node)):
        filling = [form for form in FORM_KEYS if form != term_form]
        raise fail("E607", fill, forms=", ".join(filling), got=term_form)
    _check_bounds(node, term, fill, context, want)
    return node


def _bounded(kind: Number, term: model.TermDef, context: Context) -> Number:
    low, high = kind.low, kind.high
    if term.at_least is not None:
        low = _at(term.at_least, kind.scale, context)
    if term.at_most is not None:
        high = _at(term.at_most, kind.scale, context)
    return Number(kind.unit, kind.scale, low, high)


def _at(text: Scalar, scale: int, context: Context) -> int:
    node = _plain(text, Want("ratio"), context)
    value = build.at_scale(node, scale)
    if not isinstance(value, Literal) or not isinstance(value.value, int):
        raise fail("E205", text, zh="应为数字", en="a number is needed")
    return value.value


def _check_bounds(node: Node, term: model.TermDef, fill: Tree, context: Context, want: Want) -> None:
    kind = build.number_kind(node)
    if term.decimals is not None and kind.scale > term.decimals:
        raise fail("E503", fill, most=term.decimals)
    scale = max(kind.scale, want.open_kind(term.decimals).scale)
    level = 10 ** (scale - kind.scale)
    most, lowest = term.at_most, term.at_least
    if most is not None and kind.high * level > _at(most, scale, context):
        raise fail("E702", fill, name=term.name, side=Words("最高", "at most"), bound=most.text)
    if lowest is not None and kind.low * level < _at(lowest, scale, context):
        raise fail("E702", fill, name=term.name, side=Words("最低", "at least"), bound=lowest.text)


def _decide(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    _only(tree, ("decide", "from", "to"), ("from", "to"))
    if _scalar(tree.entries["decide"]).text != want.form:
        raise fail("E605", tree.entries["decide"], want=want.form, got=_scalar(tree.entries["decide"]).text)
    low, high = (_plain(_scalar(tree.entries[side]), want, context) for side in ("from", "to"))
    if not (isinstance(low, Literal) and isinstance(high, Literal)):
        raise fail("E604", tree)
    values, kind = _level([low, high], tree)
    if not isinstance(kind, Number) or kind.low != getattr(values[0], "value", None):
        raise fail("E210", Scalar(key, tree.place, False, 0))
    scale = 2 if want.form == "money" else kind.scale
    level = 10 ** (scale - kind.scale)
    return Judged(context.prefix + key, Number(kind.unit, scale, kind.low * level, kind.high * level))


def _scalar(tree: Tree) -> Scalar:
    if not isinstance(tree, Scalar):
        raise fail("E203", tree, expected="a number", got="something else")
    return tree


def _table(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    _only(tree, ("table", "of"), ("of",))
    name = _scalar(tree.entries["table"])
    table = context.programme.tables.get(name.text)
    if table is None:
        valid = context.programme.tables
        raise fail("E301", name, name=name.text, near=nearest(name.text, valid) or "", valid=", ".join(valid))
    of = _expression(tree, "of", context)
    in_form(tree, table.form, want)
    kinds = {"money": CNY, "usd": USD, "ratio": PURE, "number": PURE}
    if build.number_kind(of).unit != kinds[table.of]:
        raise fail("E605", tree, want=table.of, got=of.kind.text)
    if table.how == "marginal":
        raise fail("E610", tree)
    return banded(of, table.bands, want, context, key)


def in_form(tree: Tree, form: str, want: Want) -> None:
    """A parameter or table stands only where figures of its form do; so much money may be a rate for each unit."""
    if form != want.form and (form, want.form) not in (("money", "unit_rate"), ("integer", "unit_rate")):
        raise fail("E605", tree, want=want.form, got=form)


def _dated(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    _only(tree, ("dated", "on"), ("on",))
    name = _scalar(tree.entries["dated"])
    parameter = context.programme.parameters.get(name.text)
    if parameter is None:
        valid = context.programme.parameters
        raise fail("E301", name, name=name.text, near=nearest(name.text, valid) or "", valid=", ".join(valid))
    in_form(tree, parameter.form, want)
    on = _expression(tree, "on", context)
    if on.kind != DATE:
        raise fail("E605", tree, want="date", got=on.kind.text)
    return dated(parameter, on, want, context)


def dated(parameter: model.Parameter, on: Node, want: Want, context: Context) -> Node:
    """The value of a parameter on a day; days before the first or after the last value are unknown, never guessed."""
    periods = sorted(parameter.values, key=lambda value: value.start)
    unknown = Open(parameter.parameter, want.open_kind(), "parameter")
    cuts: list[tuple[int, bool]] = [(periods[0].start, False)]
    values: list[Node] = [unknown]
    for period, following in zip(periods, [*periods[1:], None], strict=True):
        values.append(_on_basis(_plain(period.value, want, context), parameter, period))
        end = period.end
        if following is not None and (end is None or end + 1 != following.start):
            raise fail("E611", Scalar(parameter.parameter, parameter.place, False, 0), name=parameter.parameter)
        if following is not None:
            cuts.append((following.start, False))
        elif end is not None:
            cuts.append((end, True))
            values.append(unknown)
    level, kind = _level(values, period.value)
    return Banded(on, tuple(cuts), tuple(level), kind)


def _on_basis(value: Node, parameter: model.Parameter, period: model.DatedValue) -> Node:
    """The value with the parameter and the first day of the period that it was published for as its source."""
    named = f"{PARAMETER}{parameter.parameter} {day_text(period.start)}"
    return replace(value, source=named) if isinstance(value, Literal) else value


def _default(tree: TreeMapping, want: Want, context: Context, key: str) -> Node:
    """A rule and its exceptions; that two exceptions hold at once is a doubt for a person, never "the last wins"."""
    _only(tree, ("default", "unless"), ("unless",))
    exceptions = EXCEPTIONS.read(tree.entries["unless"])
    tests = [compile_test(test, context.scope) for test, _ in exceptions]
    values, kind = _level(
        [figure(t, want, context, key) for t in (*(then for _, then in exceptions), tree.entries["default"])], tree
    )
    for i, one in enumerate(tests):
        for j in range(i):
            words = Words("两个例外同时成立", "two exceptions hold at once")
            context.doubts.append((f"{key}_exceptions_{j + 1}_{i + 1}", All((tests[j], one)), words))
    return Case(tuple(zip(tests, values[:-1], strict=True)), values[-1], kind)


_FORMS: dict[str, Callable[[TreeMapping, Want, Context, str], Node]] = {
    "by": _by,
    "bands": _bands,
    "marginal": _marginal,
    "grown": _grown,
    "share": _share,
    "open": _open,
    "decide": _decide,
    "table": _table,
    "dated": _dated,
    "default": _default,
}
