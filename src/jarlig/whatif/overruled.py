"""Figures that a reform changes and a guide or a place still lowers (仍被下调): there the reform changes nothing.

A guide may only lower what the notice states, so a cap that is raised in the notice alone stays where the guide put it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping as MappingType
from dataclasses import dataclass

from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree
from jarlig.whatif.reform import Change, Reformed, governs
from jarlig.whatif.reform_words import tell

_Path = tuple[str, ...]
#: What overlays call a figure that stands deeper in an offer.
_SHORT: dict[_Path, str] = {
    ("limit", "amount"): "limit",
    ("limit", "awards"): "awards",
    ("limit", "years"): "years",
    ("floor", "amount"): "floor",
}


@dataclass(frozen=True)
class Overruled:
    """A figure of an offer that has no effect under an overlay, and the one that stands there instead."""

    offer: str
    path: _Path
    overlay: model.Overlay
    figure: Scalar
    stands: Scalar


def overruled(reformed: Reformed, guide: int | None = None) -> tuple[Overruled, ...]:
    """Every figure of a reform that an overlay which can govern with it replaces, and which the reform leaves alone.

    Args:
        reformed: the programme with the reform in it.
        guide: year of the only guide that is asked for.
    """
    programme, reform = reformed.programme, reformed.reform
    guides = [one for one in programme.guides.values() if governs(one, reform, guide)]
    places = [one for one in programme.locals.values() if one.start <= reform.end and reform.start <= one.end]
    made: dict[tuple[str, str, _Path], Overruled] = {}
    for change in reformed.changes:
        for offer, path, figure in _figures(change):
            for overlay in places if change.kind == "guide" else [*guides, *places]:
                lowered = overlay.raise_ if _key(path) == "raise" else overlay.lower
                stands = _at(lowered.get(offer, {}), path)
                if stands is not None and not _touched(reformed, overlay, offer, path):
                    made.setdefault((overlay.id, offer, path), Overruled(offer, path, overlay, figure, stands))
    return tuple(made.values())


def _figures(change: Change) -> Iterator[tuple[str, _Path, Scalar]]:
    """The figures that a change sets in what overlays may lower: the offer, the path in a lowering, the new value."""
    if change.after is None or change.kind == "local":
        return
    offer, path = change.entry, change.path
    if change.kind == "guide":
        if len(path) < 3 or path[0] not in ("lower", "raise"):
            return
        offer, path = path[1], path[2:]
    stood = {} if change.before is None else {below: figure.text for below, figure in _leaves(change.before)}
    for below, figure in _leaves(change.after):
        if stood.get(below) == figure.text:  # a list is written whole
            continue
        whole = (*path, *below)
        if whole[0] == "limit" and len(whole) > 1 and whole[1].isdigit():
            whole = (whole[0], *whole[2:])
        yield offer, (_SHORT[whole[:2]], *whole[2:]) if whole[:2] in _SHORT else whole, figure


def _leaves(tree: Tree, path: _Path = ()) -> Iterator[tuple[_Path, Scalar]]:
    if isinstance(tree, Mapping):
        for key, value in tree.entries.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(tree, Sequence):
        for at, item in enumerate(tree.items):
            yield from _leaves(item, (*path, str(at)))
    else:
        yield path, tree


def _at(entries: MappingType[str, Tree], path: _Path) -> Scalar | None:
    """The figure of an overlay at a path, None where it has none there."""
    tree: Tree | None = entries.get(path[0])
    for key in path[1:]:
        if isinstance(tree, Sequence):
            tree = tree.items[int(key)] if key.isdigit() and int(key) < len(tree.items) else None
        else:
            tree = tree.entries.get(key) if isinstance(tree, Mapping) else None
    return tree if isinstance(tree, Scalar) else None


def _touched(reformed: Reformed, overlay: model.Overlay, offer: str, path: _Path) -> bool:
    """Whether the reform sets that figure of the overlay as well."""
    name = str(overlay.year) if overlay.kind == "guide" else overlay.id
    entry: Tree | None = reformed.reform.entries[overlay.kind].get(name)
    for step in (_key(path), offer):
        entry = entry.entries.get(step) if isinstance(entry, Mapping) else None
    return isinstance(entry, Mapping) and _at(entry.entries, path) is not None


def warnings(reformed: Reformed, programme: model.Programme, guide: int | None = None) -> tuple[Words, ...]:
    """The same in words, each with the figure that stands, where it stands, and what to do."""
    made = []
    for one in overruled(reformed, guide):
        overlay = one.overlay
        told = tell(programme, Change("offer", one.offer, one.path, one.stands, one.figure))
        section, name = ("guides", str(overlay.year)) if overlay.kind == "guide" else ("local", overlay.id)
        under = f"{section} › {name} › {_key(one.path)} › {one.offer}"
        at = f"{overlay.place.file}:{one.stands.place.line}"
        made.append(
            Words(
                f"事项 {one.offer} 的“{told.what.zh}”改为 {told.after.zh}，但《{overlay.title.zh}》（{at}）仍定为 "
                f"{told.before.zh}，适用它的案例不变；要使改动生效，请在改革文件的 {under} 下一并更改",
                f"“{told.what.en}” of offer {one.offer} becomes {told.after.en}, but {overlay.title.en} ({at}) still "
                f"sets {told.before.en}: cases under it do not change. To change them, set it under {under} of the "
                "reform too",
            )
        )
    return tuple(made)


def _key(path: _Path) -> str:
    return "raise" if path[0] == "floor" else "lower"
