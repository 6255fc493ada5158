"""Shapes: what a programme file may hold, said once and used twice.

A shape reads a tree of text into plain values and describes itself as JSON Schema for editors. Reading collects every
problem of a record before it raises, so that an author sees all of them at once.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping as MappingType
from dataclasses import dataclass
from typing import Any

from jarlig.ladder.numbers import NumberError, parse_date, parse_scaled
from jarlig.ladder.steps import Words
from jarlig.policy.messages import PolicyError, Problem, nearest, problem
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree

JsonSchema = dict[str, Any]
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def fail(code: str, tree: Tree, text: str = "", **values: object) -> PolicyError:
    """A problem at the place of a tree, ready to raise."""
    shown = text or (tree.text if isinstance(tree, Scalar) else "")
    return PolicyError((problem(code, tree.place, shown, **values),))


def describe(tree: Tree) -> str:
    """What a tree is, for "expected X, got Y"."""
    if isinstance(tree, Mapping):
        return "a mapping"
    if isinstance(tree, Sequence):
        return "a list"
    return f"“{tree.text}”"


class Shape(ABC):
    """Base of all shapes: ``read`` a tree or raise PolicyError; ``schema`` for editors."""

    @abstractmethod
    def read(self, tree: Tree) -> Any:
        """The value of a tree."""

    @abstractmethod
    def schema(self) -> JsonSchema:
        """The JSON Schema of what ``read`` accepts."""


def scalar(tree: Tree, expected: str) -> Scalar:
    """The tree as a scalar, or a problem that says what was expected."""
    if not isinstance(tree, Scalar):
        raise fail("E203", tree, expected=expected, got=describe(tree))
    return tree


@dataclass(frozen=True)
class Text(Shape):
    """Any text; ``pattern`` narrows it and ``what`` names it in messages."""

    pattern: str = ""
    what: str = "text"

    def read(self, tree: Tree) -> str:
        value = scalar(tree, self.what).text
        if not value or (self.pattern and not re.fullmatch(self.pattern, value)):
            raise fail("E203", tree, expected=self.what, got=describe(tree))
        return value

    def schema(self) -> JsonSchema:
        return {"type": ["string", "number", "boolean"], **({"pattern": f"^{self.pattern}$"} if self.pattern else {})}


ANY_TEXT = Text()
NAME_TEXT = Text(r"[a-z][a-z0-9_]*", "a name of small letters, digits and _")
ID_TEXT = Text(r"[A-Za-z0-9][A-Za-z0-9_.-]*", "an id of letters, digits, - _ and .")


@dataclass(frozen=True)
class Whole(Shape):
    """A whole number."""

    low: int = 0
    high: int = 10**12

    def read(self, tree: Tree) -> int:
        node = scalar(tree, "a whole number")
        try:
            value = parse_scaled(node.text, 0)
        except NumberError as error:
            raise fail("E205", node, zh=error.zh, en=error.en) from error
        if not self.low <= value <= self.high:
            raise fail(
                "E205",
                node,
                zh=f"应在 {self.low} 与 {self.high} 之间",
                en=f"must lie between {self.low} and {self.high}",
            )
        return value

    def schema(self) -> JsonSchema:
        return {"type": ["integer", "string"]}


@dataclass(frozen=True)
class Day(Shape):
    """An ISO date, as its ordinal."""

    def read(self, tree: Tree) -> int:
        node = scalar(tree, "a date")
        try:
            return parse_date(node.text)
        except NumberError as error:
            raise fail("E206", node, zh=error.zh, en=error.en) from error

    def schema(self) -> JsonSchema:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Flag(Shape):
    """true or false."""

    def read(self, tree: Tree) -> bool:
        node = scalar(tree, "true or false")
        if node.text not in ("true", "false"):
            raise fail("E204", node, name=node.text, valid="true, false", near="")
        return node.text == "true"

    def schema(self) -> JsonSchema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class OneOf(Shape):
    """One of a closed list of words."""

    values: tuple[str, ...]

    def read(self, tree: Tree) -> str:
        node = scalar(tree, "one of " + ", ".join(self.values))
        if node.text not in self.values:
            raise fail(
                "E204", node, name=node.text, valid=", ".join(self.values), near=nearest(node.text, self.values) or ""
            )
        return node.text

    def schema(self) -> JsonSchema:
        return {"enum": list(self.values)}


@dataclass(frozen=True)
class Bilingual(Shape):
    """A text in both languages: ``{zh: …, en: …}``."""

    def read(self, tree: Tree) -> Words:
        if not isinstance(tree, Mapping) or set(tree.entries) != {"zh", "en"}:
            raise fail("E207", tree, got=describe(tree))
        zh, en = (scalar(tree.entries[lang], "text").text for lang in ("zh", "en"))
        if not zh.strip() or not en.strip():
            raise fail("E207", tree, got="an empty text")
        return Words(zh, en)

    def schema(self) -> JsonSchema:
        text = {"type": "string", "minLength": 1}
        return {
            "type": "object",
            "properties": {"zh": text, "en": text},
            "required": ["zh", "en"],
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Raw(Shape):
    """A part that is read later, when its kind is known; ``described`` is its JSON Schema."""

    described: MappingType[str, Any]

    def read(self, tree: Tree) -> Tree:
        return tree

    def schema(self) -> JsonSchema:
        return dict(self.described)


@dataclass(frozen=True)
class ListOf(Shape):
    """A list; with ``single`` one item may stand without the brackets."""

    item: Shape
    single: bool = False

    def read(self, tree: Tree) -> tuple[Any, ...]:
        if isinstance(tree, Sequence):
            return tuple(collect(self.item.read, tree.items))
        if self.single:
            return (self.item.read(tree),)
        raise fail("E203", tree, expected="a list", got=describe(tree))

    def schema(self) -> JsonSchema:
        listed = {"type": "array", "items": self.item.schema()}
        return {"anyOf": [listed, self.item.schema()]} if self.single else listed


@dataclass(frozen=True)
class MapOf(Shape):
    """A mapping with free keys of one form and values of one shape."""

    value: Shape
    key: Shape = ANY_TEXT

    def read(self, tree: Tree) -> dict[str, Any]:
        if not isinstance(tree, Mapping):
            raise fail("E203", tree, expected="a mapping", got=describe(tree))
        for key in tree.keys.values():
            self.key.read(key)
        values = collect(self.value.read, tree.entries.values())
        return dict(zip(tree.entries, values, strict=True))

    def schema(self) -> JsonSchema:
        return {"type": "object", "additionalProperties": self.value.schema()}


@dataclass(frozen=True)
class Field:
    """One key of a record: its shape, whether it must be there, and what stands for it when it is not."""

    shape: Shape
    required: bool = False
    default: Any = None
    doc: str = ""


class Record(Shape):
    """A mapping with known keys, built into an object by ``build(place=…, **fields)``."""

    def __init__(self, name: str, fields: MappingType[str, Field], build: Callable[..., Any]) -> None:
        self.name, self.fields, self.build = name, fields, build

    def read(self, tree: Tree) -> Any:
        if not isinstance(tree, Mapping):
            raise fail("E203", tree, expected=f"a mapping ({self.name})", got=describe(tree))
        problems: list[Problem] = []
        for key, node in tree.keys.items():
            if key not in self.fields:
                near = nearest(key, self.fields) or ""
                problems.append(problem("E201", node.place, key, name=key, where=self.name, near=near))
        values: dict[str, Any] = {}
        for key, field in self.fields.items():
            if key in tree.entries:
                try:
                    values[key] = field.shape.read(tree.entries[key])
                except PolicyError as error:
                    problems.extend(error.problems)
            elif field.required:
                problems.append(problem("E202", tree.place, "", name=key, where=self.name))
            else:
                values[key] = field.default
        if problems:
            raise PolicyError(tuple(problems))
        return self.build(place=tree.place, **{key.replace("-", "_"): value for key, value in values.items()})

    def schema(self) -> JsonSchema:
        properties = {
            key: {**field.shape.schema(), **({"description": field.doc} if field.doc else {})}
            for key, field in self.fields.items()
        }
        required = [key for key, field in self.fields.items() if field.required]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def collect(read: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """Read every item; raise all their problems together, or return all their values."""
    values: list[Any] = []
    problems: list[Problem] = []
    for item in items:
        try:
            values.append(read(item))
        except PolicyError as error:
            problems.extend(error.problems)
    if problems:
        raise PolicyError(tuple(problems))
    return values
