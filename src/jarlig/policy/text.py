"""Reading YAML so that every scalar stays the text its author wrote, until a schema gives it a kind.

Ordinary YAML reads ``on:`` as true, ``12:30`` as 750 and an invoice ``0123456`` as 42798. This loader stands on the
events of PyYAML, which know no kinds, and leaves out what makes YAML hard to review: anchors, tags, merge keys,
several documents, keys that are not texts, keys given twice. Facts (``read_plain``) may be JSON too.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from jarlig.policy import jsontext, yamlerrors
from jarlig.policy.jsontext import Plain
from jarlig.policy.messages import Place, PolicyError
from jarlig.policy.source import (
    FACTS_LIMITS,
    HIDDEN,
    JSON_LIMITS,
    LONE_SURROGATE,
    PROGRAMME_LIMITS,
    Limits,
    decode,
    refused,
)

__all__ = [
    "FACTS_LIMITS",
    "JSON_LIMITS",
    "PROGRAMME_LIMITS",
    "Limits",
    "Mapping",
    "Plain",
    "Scalar",
    "Sequence",
    "Tree",
    "locate",
    "read_plain",
    "read_tree",
]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, where its first character stands (its quote, when ``quoted``), and its length there on the first line.

    A block text (``|`` or ``>``) stands at the first character of its content. A key without a value has an empty text.
    """

    text: str
    place: Place
    quoted: bool
    length: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; ``flow`` when written in brackets, where YAML cuts every text at a comma."""

    items: tuple[Tree, ...]
    place: Place
    flow: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file; ``keys`` says where each key stands."""

    entries: dict[str, Tree]
    keys: dict[str, Scalar]
    place: Place


Tree: TypeAlias = Scalar | Sequence | Mapping
T = TypeVar("T")

_CONTENT = re.compile(r"[^ \n]")
#: What the parsers read differently, and so nobody may write: ``{key:[``, and a comment that touches ``|`` or ``>``.
_TIGHT_COLON = re.compile(r":[,\[\]{}]")
_TIGHT_COMMENT = re.compile(r"[|>][-+0-9]*#")

#: The parser written in C is some fifteen times as fast; where a platform has none, the one in Python gives the same.
PARSER: Any = yaml.CLoader if yaml.__with_libyaml__ else yaml.Loader


def read_tree(source: bytes, file: str, limits: Limits = PROGRAMME_LIMITS) -> Tree:
    """The tree of a YAML file, every scalar a text with its place.

    Raises:
        PolicyError: one of E101 to E134, at the place where reading stopped.
    """
    return _TreeReader(decode(source, file, limits), file, limits).document()


def read_plain(source: bytes | Path, file: str = "", limits: Limits | None = None) -> Plain:
    """The values of a facts file, JSON or YAML: mappings, lists, texts, and None for what is not known.

    Numbers, dates, ``true`` and ``false`` are the text as written; JSON ``null`` and YAML ``null``, ``~`` or nothing
    are None (unknown, 未知). A name ending in ``.json``, ``.yaml`` or ``.yml`` says which it is, else the first sign.

    Args:
        source: the bytes, or the path of a file.
        file: the name in messages; the path when not given.
        limits: ``JSON_LIMITS`` or ``FACTS_LIMITS`` when not given.

    Raises:
        PolicyError: E101 to E141, at the place where reading stopped.
    """
    if isinstance(source, Path):
        file = file or str(source)
        source = _bytes(source, file, limits)
    if jsontext.is_json(source, file):
        return jsontext.read(source, file, limits or JSON_LIMITS)
    limits = limits or FACTS_LIMITS
    return _PlainReader(decode(source, file, limits), file, limits).document()


def locate(source: bytes, path: tuple[str | int, ...], file: str) -> Place:
    """The place of a value by its keys and list positions (from 0), found only when a message needs it.

    A path that the file does not have gives the place of the innermost part that it has.

    Raises:
        PolicyError: the file itself cannot be read.
    """
    if jsontext.is_json(source, file):
        return jsontext.locate(source, path, file)
    tree = read_tree(source, file, FACTS_LIMITS)
    for step in path:
        if isinstance(tree, Mapping) and step in tree.entries:
            tree = tree.entries[str(step)]
        elif isinstance(tree, Sequence) and isinstance(step, int) and 0 <= step < len(tree.items):
            tree = tree.items[step]
        else:
            break
    return tree.place


def _bytes(path: Path, file: str, limits: Limits | None) -> bytes:
    """The contents of a file, but never more than one byte over its limit."""
    most = (limits or JSON_LIMITS).file_bytes
    try:
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refused("E113", "", Place(file, 0, 0), reason=reason) from error


class _Reader(ABC, Generic[T]):
    """Climbs the events of one document and builds each node from its parts."""

    def __init__(self, source: str, file: str, limits: Limits) -> None:
        self.source, self.file, self.limits = source, file, limits
        self.events = self._events()
        self.nodes = 0

    @abstractmethod
    def scalar(self, event: ScalarEvent) -> T:
        """A text."""

    @abstractmethod
    def sequence(self, event: SequenceStartEvent, items: list[T]) -> T:
        """A list."""

    @abstractmethod
    def mapping(self, event: MappingStartEvent, keys: list[ScalarEvent], values: list[T]) -> T:
        """A mapping; its keys differ."""

    def document(self) -> T:
        """The one document of the file."""
        next(self.events)
        start = next(self.events)
        first = next(self.events) if isinstance(start, DocumentStartEvent) else start
        if not isinstance(first, NodeEvent) or self.is_nothing(first):
            raise refused("E109", "", Place(self.file, 0, 0))
        tree = self.node(first, 1)
        next(self.events)
        after = next(self.events)
        if not isinstance(after, StreamEndEvent):
            raise self.wrong("E124", after)
        return tree

    def is_nothing(self, event: NodeEvent) -> bool:
        self.check(event)
        return isinstance(event, ScalarEvent) and _is_plain(event) and not event.value

    def node(self, event: Event, depth: int) -> T:
        self.check(event)
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        if depth > self.limits.nesting:
            raise self.wrong("E106", event, most=self.limits.nesting)
        if isinstance(event, SequenceStartEvent):
            items = []
            while not isinstance(item := next(self.events), SequenceEndEvent):
                self.check_flow(event, item)
                items.append(self.node(item, depth + 1))
            return self.sequence(event, items)
        assert isinstance(event, MappingStartEvent)
        keys: dict[str, ScalarEvent] = {}
        values = []
        while not isinstance(key := next(self.events), MappingEndEvent):
            self.add_key(keys, key)
            value = next(self.events)
            self.check_flow(event, key, value)
            if isinstance(value, ScalarEvent) and not value.value and _is_plain(value):
                value.start_mark = value.end_mark = (
                    key.end_mark
                )  # the parsers differ; the end of the key serves authors
            values.append(self.node(value, depth + 1))
        return self.mapping(event, list(keys.values()), values)

    def add_key(self, keys: dict[str, ScalarEvent], key: Event) -> None:
        self.check(key)
        if not isinstance(key, ScalarEvent) or self.is_explicit(key):
            raise self.wrong("E125", key)
        if key.value == "<<" and _is_plain(key):
            raise self.wrong("E123", key, "<<")
        if key.value in keys:
            raise self.wrong("E122", key, key.value, first=_span(keys[key.value])[0].line + 1)
        keys[key.value] = key

    def check_flow(self, within: NodeEvent, *parts: Event) -> None:
        """What the two parsers read differently inside brackets: ``?`` in a text, and no space after a colon."""
        if not getattr(within, "flow_style", False):
            return
        for count, event in enumerate(parts):
            if not isinstance(event, ScalarEvent) or not _is_plain(event):
                continue
            start, end = _span(event)
            if "?" in event.value:
                raise yamlerrors.at(self.source, self.source.index("?", start.index), self.file, "E136")
            if len(parts) > 1 and count == 0 and _TIGHT_COLON.match(self.source, end.index):
                raise yamlerrors.at(self.source, end.index, self.file, "E128")

    def is_explicit(self, key: ScalarEvent) -> bool:
        """Whether a key stands behind the sign ``?``, which a reader would take for a question."""
        index = _span(key)[0].index
        return self.source[max(0, index - 200) : index].rstrip().endswith("?")

    def check(self, event: Event) -> None:
        """What no node may have: an anchor, a tag, too much text, hidden characters, too many nodes before it."""
        assert isinstance(event, NodeEvent)
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise self.wrong("E108", event, most=self.limits.nodes)
        if event.anchor is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            raise self.wrong("E120", event, f"{sign}{event.anchor}")
        if not isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
            raise self.wrong("E133", event)
        if event.tag is not None:
            raise self.wrong("E121", event, self.word(event))
        if isinstance(event, ScalarEvent):
            self.check_text(event)

    def check_text(self, event: ScalarEvent) -> None:
        if len(event.value) > self.limits.scalar_length:
            raise self.wrong("E107", event, size=len(event.value), most=self.limits.scalar_length)
        if event.style in ("|", ">") and (tight := _TIGHT_COMMENT.match(self.source, _span(event)[0].index)):
            raise yamlerrors.at(self.source, tight.end() - 1, self.file, "E129")
        if event.style == '"':
            if LONE_SURROGATE.search(event.value):
                raise yamlerrors.half_a_character(self.source, _span(event)[0].index, self.file)
            if hidden := HIDDEN.search(event.value):
                raise self.wrong("E134", event, found=f"U+{ord(hidden.group()):04X}")

    def word(self, event: Event) -> str:
        """The word at the beginning of an event, as it stands in the file."""
        index = _span(event)[0].index
        return self.source[index : index + 80].split(maxsplit=1)[0]

    def place(self, event: Event) -> Place:
        mark = _span(event)[0]
        return Place(self.file, mark.line + 1, mark.column + 1)

    def wrong(self, code: str, event: Event, text: str = "", **values: object) -> PolicyError:
        return refused(code, self.source, self.place(event), text, **values)

    def _events(self) -> Iterator[Event]:
        """The events of the parser, its errors in our words."""
        loader = PARSER(self.source)
        try:
            while (event := loader.get_event()) is not None:
                yield event
        except yaml.YAMLError as error:
            raise yamlerrors.translated(error, self.source, self.file) from error
        except (ValueError, OverflowError) as error:
            # The parser in Python makes characters of escapes without looking whether there is such a character.
            raise yamlerrors.bad_escape(self.source, loader.get_mark().index, self.file) from error
        finally:
            loader.dispose()


class _TreeReader(_Reader[Tree]):
    """Builds the tree of a programme file."""

    def scalar(self, event: ScalarEvent) -> Scalar:
        start, end = _span(event)
        index, place = start.index, self.place(event)
        if event.style in ("|", ">") and event.value.strip():
            # Past the sign, its comment and the lines without content.
            index = self.content(self.source.index("\n", index))
            above = self.source.count("\n", start.index, index)
            place = Place(self.file, place.line + above, index - self.source.rfind("\n", 0, index))
        stop = end.index if end.line == place.line - 1 else self.source.index("\n", index)
        return Scalar(event.value, place, event.style in ("'", '"'), stop - index)

    def content(self, index: int) -> int:
        """The first character from here on that is neither a space nor a line break."""
        found = _CONTENT.search(self.source, index)
        return found.start() if found else index

    def sequence(self, event: SequenceStartEvent, items: list[Tree]) -> Sequence:
        return Sequence(tuple(items), self.place(event), bool(event.flow_style))

    def mapping(self, event: MappingStartEvent, keys: list[ScalarEvent], values: list[Tree]) -> Mapping:
        known = {key.value: self.scalar(key) for key in keys}
        return Mapping(dict(zip(known, values, strict=True)), known, self.place(event))


class _PlainReader(_Reader[Plain]):
    """Builds the plain values of a facts file, without places."""

    def scalar(self, event: ScalarEvent) -> Plain:
        return None if _is_plain(event) and event.value in ("", "~", "null") else event.value

    def sequence(self, event: SequenceStartEvent, items: list[Plain]) -> Plain:
        return items

    def mapping(self, event: MappingStartEvent, keys: list[ScalarEvent], values: list[Plain]) -> Plain:
        return dict(zip((key.value for key in keys), values, strict=True))


def _span(event: Event) -> tuple[Any, Any]:
    """Where an event begins and ends; the two parsers have marks of two classes with the same parts."""
    return event.start_mark, event.end_mark


def _is_plain(event: ScalarEvent) -> bool:
    """Whether a scalar stands without quotes and without a block sign."""
    return event.style in (None, "")
