"""Overlays on figures: a later document may lower, raise a floor or narrow a list, each in one direction only."""

from __future__ import annotations

from dataclasses import replace

from jarlig.ladder.numbers import NumberError, parse_decimal, parse_percent
from jarlig.policy import model
from jarlig.policy.messages import PolicyError, Problem, nearest
from jarlig.policy.shape import Whole, fail
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree

_HOW = frozenset(("of", "grown", "since", "table", "dated", "on"))
_COUNT = Whole(1, 10**6)
LOWERABLE = ("rate", "cap", "amount", "each", "awards", "years", "limit")


class Gathered:
    """Problems of several figures told together: what goes wrong inside ``with`` is kept, and the next is looked at."""

    def __init__(self) -> None:
        self.problems: dict[Problem, None] = {}

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, PolicyError):
            return False
        self.add(error)
        return True

    def add(self, error: PolicyError) -> None:
        """Keep the problems of an error."""
        self.problems.update(dict.fromkeys(error.problems))

    def tell(self) -> None:
        """Raise what was kept.

        Raises:
            PolicyError: with every problem, each once.
        """
        if self.problems:
            raise PolicyError(tuple(self.problems))


def lowered(base: Tree, patch: Tree, *, raising: bool = False) -> Tree:
    """A figure with the overlay's values in place of the notice's, proven to lie on the right side of them.

    Raises:
        PolicyError: E703 naming both values, E704 when the patch does not name what it changes.
    """
    if isinstance(base, Scalar) and isinstance(patch, Scalar):
        _check(base, patch, raising)
        return patch
    if isinstance(base, Sequence) and isinstance(patch, Sequence) and len(base.items) == len(patch.items):
        gathered, items = Gathered(), list(patch.items)
        for at, (old, new) in enumerate(zip(base.items, patch.items, strict=True)):
            with gathered:
                items[at] = lowered(old, new, raising=raising)
        gathered.tell()
        return Sequence(tuple(items), patch.place, patch.flow)
    if isinstance(base, Mapping) and isinstance(patch, Mapping):
        return _merged(base, patch, raising)
    raise fail("E704", patch)


def _merged(base: Mapping, patch: Mapping, raising: bool) -> Mapping:
    entries, fixed, gathered = dict(base.entries), _fixed(base), Gathered()
    for key, value in patch.entries.items():
        if key in fixed or key not in entries:
            near = nearest(key, entries.keys() - fixed) or ""
            gathered.add(fail("E201", patch.keys[key], name=key, where="overlay of this figure", near=near))
            continue
        with gathered:
            entries[key] = lowered(entries[key], value, raising=raising)
    gathered.tell()
    return replace(base, entries=entries)


def _fixed(base: Mapping) -> frozenset[str]:
    """The keys of a figure that say how it comes about, and bounds that stand for a value still to come."""
    if "open" in base.entries or "decide" in base.entries:
        return frozenset(base.entries)
    return frozenset(("by",)) if "by" in base.entries else _HOW


def _check(base: Scalar, patch: Scalar, raising: bool) -> None:
    old, new = _exact(base), _exact(patch)
    scale = max(old[1], new[1])
    a, b = old[0] * 10 ** (scale - old[1]), new[0] * 10 ** (scale - new[1])
    if (b < a) if raising else (b > a):
        raise fail("E703", patch, old=base.text, new=patch.text, side="lower" if not raising else "raise")
    if b < 0:
        raise fail("E606", patch)


def _exact(node: Scalar) -> tuple[int, int]:
    try:
        return parse_percent(node.text) if node.text.endswith("%") else parse_decimal(node.text)
    except NumberError as error:
        raise fail("E705", node, text=node.text) from error


def apply(offer: model.Offer, overlay: model.Overlay) -> model.Offer:
    """The offer with an overlay's lowered figures and raised floor.

    Raises:
        PolicyError: for each key that the offer does not have, and each change in the wrong direction.
    """
    gathered = Gathered()
    for key, patch in overlay.lower.get(offer.offer, {}).items():
        with gathered:
            if key not in LOWERABLE:
                raise fail("E201", patch, name=key, where="lower", near=nearest(key, LOWERABLE) or "")
            offer = _lower(offer, key, patch)
    for key, patch in overlay.raise_.get(offer.offer, {}).items():
        with gathered:
            if key != "floor" or offer.floor is None:
                raise fail("E706", patch, name=key)
            offer = replace(offer, floor=replace(offer.floor, figure=lowered(offer.floor.figure, patch, raising=True)))
    gathered.tell()
    return offer


def _lower(offer: model.Offer, key: str, patch: Tree) -> model.Offer:
    if key in ("awards", "years", "limit"):
        return replace(offer, limits=_limits(offer, key, patch))
    if key == "cap" and offer.caps:
        pairs = zip(offer.caps, _each(patch, len(offer.caps)), strict=True)
        return replace(offer, caps=tuple(lowered(cap, value) for cap, value in pairs))
    formula = offer.formula
    base = getattr(formula, key, None) if formula else None
    if formula is None or base is None:
        raise fail("E706", patch, name=key)
    return replace(offer, formula=_with(formula, key, lowered(base, patch)))


def _with(formula: model.Formula, key: str, figure: Tree) -> model.Formula:
    if key == "rate":
        return replace(formula, rate=figure)
    return replace(formula, each=figure) if key == "each" else replace(formula, amount=figure)


def _each(patch: Tree, count: int) -> tuple[Tree, ...]:
    """A value for each of ``count`` places, in their order; without a list it stands for the only one."""
    values = patch.items if isinstance(patch, Sequence) else (patch,)
    if len(values) != count:
        raise fail("E704", patch)
    return values


def _limits(offer: model.Offer, key: str, patch: Tree) -> tuple[model.Limit, ...]:
    """The offer's limits, those that have the key with the overlay's values, one for each in their order."""
    attribute = "amount" if key == "limit" else key
    having = [limit for limit in offer.limits if getattr(limit, attribute) is not None]
    if not having:
        raise fail("E706", patch, name=key)
    values = iter(_each(patch, len(having)))
    return tuple(_limit(limit, attribute, next(values)) if limit in having else limit for limit in offer.limits)


def _limit(limit: model.Limit, attribute: str, patch: Tree) -> model.Limit:
    if limit.amount is not None:
        return replace(limit, amount=lowered(limit.amount, patch))
    value = _COUNT.read(patch)
    lowered(Scalar(str(getattr(limit, attribute)), patch.place, False, 0), Scalar(str(value), patch.place, False, 0))
    return replace(limit, awards=value) if attribute == "awards" else replace(limit, years=value)


def narrowed(base: tuple[str, ...], patch: Tree) -> tuple[str, ...]:
    """A list cut down to a part of itself.

    Raises:
        PolicyError: E707 naming the value that the notice or guide does not have.
    """
    if not isinstance(patch, Sequence):
        raise fail("E203", patch, expected="a list", got="something else")
    chosen = []
    for item in patch.items:
        if not isinstance(item, Scalar) or item.text not in base:
            raise fail("E707", item, valid=", ".join(base))
        chosen.append(item.text)
    return tuple(chosen)
