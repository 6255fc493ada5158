"""Overlays on figures: a later document may lower, raise a floor or narrow a list, each in one direction only."""

from __future__ import annotations

from dataclasses import replace

from jarlig.ladder.numbers import NumberError, parse_decimal, parse_percent
from jarlig.policy import model
from jarlig.policy.messages import nearest
from jarlig.policy.shape import fail
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree

LOWERABLE = ("rate", "cap", "amount", "each", "awards", "years", "limit")


def lowered(base: Tree, patch: Tree, *, raising: bool = False) -> Tree:
    """A figure with the overlay's values in place of the notice's, proven to lie on the right side of them.

    Raises:
        PolicyError: E703 naming both values, E704 when the patch does not name what it changes.
    """
    if isinstance(base, Scalar) and isinstance(patch, Scalar):
        _check(base, patch, raising)
        return patch
    if isinstance(base, Sequence) and isinstance(patch, Sequence) and len(base.items) == len(patch.items):
        items = tuple(lowered(b, p, raising=raising) for b, p in zip(base.items, patch.items, strict=True))
        return Sequence(items, patch.place, patch.flow)
    if isinstance(base, Mapping) and isinstance(patch, Mapping):
        inner = next((key for key in ("bands", "marginal") if key in base.entries), "")
        if inner and inner in patch.entries:
            return replace(
                base,
                entries={**base.entries, inner: lowered(base.entries[inner], patch.entries[inner], raising=raising)},
            )
        return _merged(base, patch, raising)
    raise fail("E704", patch)


def _merged(base: Mapping, patch: Mapping, raising: bool) -> Mapping:
    entries = dict(base.entries)
    for key, value in patch.entries.items():
        if key in ("by", "of", "grown", "since", "open", "decide") or key not in entries:
            raise fail(
                "E201", patch.keys[key], name=key, where="overlay of this figure", near=nearest(key, entries) or ""
            )
        entries[key] = lowered(entries[key], value, raising=raising)
    return replace(base, entries=entries)


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
        PolicyError: for a key that the offer does not have, or a change in the wrong direction.
    """
    for key, patch in overlay.lower.get(offer.offer, {}).items():
        if key not in LOWERABLE:
            raise fail("E201", patch, name=key, where="lower", near=nearest(key, LOWERABLE) or "")
        offer = _lower(offer, key, patch)
    for key, patch in overlay.raise_.get(offer.offer, {}).items():
        if key != "floor" or offer.floor is None:
            raise fail("E706", patch, name=key)
        offer = replace(offer, floor=replace(offer.floor, figure=lowered(offer.floor.figure, patch, raising=True)))
    return offer


def _lower(offer: model.Offer, key: str, patch: Tree) -> model.Offer:
    if key in ("awards", "years", "limit"):
        return replace(offer, limits=_limits(offer, key, patch))
    if key == "cap" and offer.caps:
        bases = list(offer.caps)
        patches = list(patch.items) if isinstance(patch, Sequence) else [patch]
        if len(bases) != len(patches):
            raise fail("E704", patch)
        return replace(offer, caps=tuple(lowered(b, p) for b, p in zip(bases, patches, strict=True)))
    formula = offer.formula
    base = getattr(formula, key, None) if formula else None
    if formula is None or base is None:
        raise fail("E706", patch, name=key)
    return replace(offer, formula=_with(formula, key, lowered(base, patch)))


def _with(formula: model.Formula, key: str, figure: Tree) -> model.Formula:
    if key == "rate":
        return replace(formula, rate=figure)
    return replace(formula, each=figure) if key == "each" else replace(formula, amount=figure)


def _limits(offer: model.Offer, key: str, patch: Tree) -> tuple[model.Limit, ...]:
    attribute = "amount" if key == "limit" else key
    limits = []
    changed = False
    for limit in offer.limits:
        value = getattr(limit, attribute)
        if value is None:
            limits.append(limit)
            continue
        changed = True
        if attribute == "amount":
            limits.append(replace(limit, amount=lowered(value, patch)))
            continue
        if not isinstance(patch, Scalar):
            raise fail("E704", patch)
        _check(Scalar(str(value), patch.place, False, 0), patch, False)
        value = _exact(patch)[0]
        limits.append(replace(limit, awards=value) if attribute == "awards" else replace(limit, years=value))
    if not changed:
        raise fail("E706", patch, name=key)
    return tuple(limits)


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
