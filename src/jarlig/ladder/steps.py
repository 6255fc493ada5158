"""The ladder (算阶): the named steps in which a measure climbs from its gates to the award.

Every engine climbs the same ladder, and a trace is the ladder with values on it. Order: gates, formula, cap, limits,
floor, one half-up rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from jarlig.ladder.kinds import some_value
from jarlig.ladder.nodes import Fact, Judged, Literal, Node, Open, replaced, walk


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the languages of the project; Chinese binds."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


#: What the source of a dated value begins with.
PARAMETER = "parameter:"


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a figure or a condition comes from.

    ``source`` is ``notice``, ``guide:2023``, ``local:1502-baotou``, ``parameter:tax_rate``, ``reading`` or
    ``default``; ``ref`` the clause number inside it (``2.1``), the name of the reading, or the first day of the period
    of a dated value; ``sample`` marks an illustrative source.
    """

    source: str
    ref: str
    sample: bool = False

    @property
    def text(self) -> str:
        """The citation as one word: ``notice 2.1``, ``guide:2023 3``."""
        return f"{self.source} {self.ref}".strip()


#: What a step is for. Roles decide the wording and the picture, never the arithmetic.
ROLES = (
    "gate",
    "base",
    "kept",
    "count",
    "rate",
    "each",
    "amount",
    "formula",
    "part",
    "cap",
    "capped",
    "share_cap",
    "less",
    "limit",
    "remaining",
    "limited",
    "floor",
    "floored",
    "award",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a name unique in its ladder, its role, the expression, and what it rests on.

    ``label`` is what the step is about in words (a fact, a condition, a cost list); ``key`` is the spelling in the
    programme file to which spans of the notice's text are anchored (``rate``, ``cap``, ``when.1``).
    """

    name: str
    role: str
    node: Node
    label: Words
    cites: tuple[Cite, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A situation in which a person must decide: when the node holds, the answer is ``needs_decision``."""

    name: str
    node: Node
    label: Words
    cites: tuple[Cite, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that allocation decides later (a quota, a ranking, a pool): told, never a gate."""

    name: str
    says: Words
    cites: tuple[Cite, ...] = ()


@dataclass(frozen=True)
class Ladder:
    """One offer in one year and place, ready for any engine.

    ``gates`` names the steps that must hold; ``formula`` and ``award`` the steps whose values are the formula amount
    (before any cap) and the award. Money in fen. ``opens`` is None while no guide has opened or closed it.
    """

    offer: str
    nature: str
    steps: tuple[Step, ...]
    gates: tuple[str, ...]
    formula: str
    award: str
    doubts: tuple[Doubt, ...] = ()
    conditions: tuple[Condition, ...] = ()
    valid: tuple[int, int] = (0, 0)
    window: tuple[int, int] | None = None
    state: str = "open"
    cites: tuple[Cite, ...] = ()
    pay: tuple[tuple[Words, int, int], ...] = ()
    asks: Mapping[str, Words] = field(default_factory=dict)

    def nodes(self) -> Iterator[Node]:
        """Every node of every step and doubt."""
        for node in (*(step.node for step in self.steps), *(doubt.node for doubt in self.doubts)):
            yield from walk(node)

    @cached_property
    def open_terms(self) -> tuple[Open, ...]:
        """The terms that a guide or a place has still to fill, each once."""
        return tuple(dict.fromkeys(node for node in self.nodes() if isinstance(node, Open)))

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """The values that a person decides."""
        return tuple(dict.fromkeys(node for node in self.nodes() if isinstance(node, Judged)))

    def filled(self) -> Ladder:
        """The ladder as if every open term had been filled, to ask what is unknown beside them."""

        def some(node: Node) -> Node | None:
            return Literal(some_value(node.kind), node.kind) if isinstance(node, Open) else None

        return replace(
            self,
            steps=tuple(replace(step, node=replaced(step.node, some)) for step in self.steps),
            doubts=tuple(replace(doubt, node=replaced(doubt.node, some)) for doubt in self.doubts),
        )

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts and built-ins that the ladder reads, each once, in order."""
        return tuple(dict.fromkeys(node.name for node in self.nodes() if isinstance(node, Fact)))

    def step(self, name: str) -> Step:
        """The step of that name; KeyError when there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)
