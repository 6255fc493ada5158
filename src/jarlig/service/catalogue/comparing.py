"""Two versions side by side (版本比对): which files differ in which lines, and which figures of which entry changed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jarlig.policy.messages import PolicyError
from jarlig.policy.text import Mapping as Tree, Scalar, Sequence, read_tree

#: Lines around a change, and the most lines of one file that are shown.
AROUND, MOST_LINES = 3, 2_000
_IDENTITY = ("offer", "target", "duty", "register", "case", "guide", "local", "programme")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: ``same``, ``old``, ``new`` or ``gap``, with its numbers in the two files."""

    kind: str
    text: str
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class FileChange:
    """What became of a file: ``added``, ``removed`` or ``changed``, and its lines."""

    name: str
    kind: str
    lines: tuple[Line, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A value that changed: of which entry (``offer 2a``), where in it, what it was and is; None where it is not."""

    entry: str
    path: str
    before: str | None
    after: str | None


def files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileChange]:
    """The files that differ, in the order of their names."""
    found = []
    for name in sorted({*before, *after}):
        if before.get(name) == after.get(name):
            continue
        kind = "added" if name not in before else "removed" if name not in after else "changed"
        lines = list(_lines(_text(before.get(name, b"")), _text(after.get(name, b""))))
        found.append(FileChange(name, kind, tuple(lines[:MOST_LINES]), len(lines) > MOST_LINES))
    return found


def figures(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Figure]:
    """The values that differ, whatever file they stand in and however it is written; notes do not count."""
    old, new = _values(before), _values(after)
    keys = list(dict.fromkeys([*old, *new]))
    return [
        Figure(entry, path, old.get((entry, path)), new.get((entry, path)))
        for entry, path in keys
        if old.get((entry, path)) != new.get((entry, path))
    ]


def _text(data: bytes) -> list[str]:
    return data.decode("utf-8-sig", "replace").splitlines()


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(AROUND)):
        if number:
            yield Line("gap", "")
        for what, start, end, first, last in group:
            if what == "equal":
                for at in range(end - start):
                    yield Line("same", before[start + at], start + at + 1, first + at + 1)
                continue
            for at in range(start, end):
                yield Line("old", before[at], at + 1)
            for at in range(first, last):
                yield Line("new", after[at], None, at + 1)


def _values(contents: Mapping[str, bytes]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for name in sorted(contents):
        if not name.endswith(".yaml"):
            continue
        try:
            tree = read_tree(contents[name], name)
        except PolicyError:  # a draft that cannot be read: its lines are compared, its figures are not
            continue
        entries = tree.items if isinstance(tree, Sequence) else (tree,)
        for entry in entries:
            found.update(((_named(entry, name), path), value) for path, value in _flat(entry, ""))
    return found


def _named(entry: Tree | Scalar | Sequence, file: str) -> str:
    if isinstance(entry, Tree):
        for key in _IDENTITY:
            value = entry.entries.get(key)
            if isinstance(value, Scalar):
                return f"{key} {value.text}"
    return file


def _flat(tree: Tree | Scalar | Sequence, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(tree, Scalar):
        yield path, tree.text
    elif isinstance(tree, Tree):
        for key, value in tree.entries.items():
            yield from _flat(value, f"{path}.{key}" if path else key)
    elif all(isinstance(item, Scalar) for item in tree.items):
        yield path, ", ".join(item.text for item in tree.items if isinstance(item, Scalar))
    else:
        for at, item in enumerate(tree.items, 1):
            yield from _flat(item, f"{path}.{at}" if path else str(at))
