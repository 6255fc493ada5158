"""The model: what a programme folder says, before anything is compiled.

Figures and expressions stay trees of text here, each with its place; they become nodes of the kernel when an offer is
compiled for a year and a place. Dates are ordinals, money is fen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jarlig.ladder.kinds import Kind
from jarlig.ladder.steps import Words
from jarlig.policy.messages import Place
from jarlig.policy.text import Scalar, Tree


@dataclass(frozen=True)
class FactDef:
    """A fact (事实) that somebody states and somebody verifies."""

    name: str
    kind: Kind
    title: Words
    place: Place
    why: Words | None = None
    labels: Mapping[str, Words] = field(default_factory=dict)
    columns: Mapping[str, FactDef] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    verified_by: str = ""
    or_none: bool = False
    key_once: str = ""
    open_kind: str = ""


@dataclass(frozen=True)
class TermDef:
    """A term (待定参数) that a later document fills: its form, its bounds and who fills it."""

    name: str
    form: str
    title: Words
    place: Place
    filled_by: str = "guide"
    by: Scalar | None = None
    at_least: Scalar | None = None
    at_most: Scalar | None = None
    decimals: int | None = None
    of: str = ""
    may_use: tuple[str, ...] = ()


@dataclass(frozen=True)
class Test:
    """One condition of a ``when`` or ``where`` list: the expression, its own words and citation."""

    expression: Scalar
    says: Words | None = None
    cites: str = ""
    when_decided: bool = False


@dataclass(frozen=True)
class Total:
    """A base: a scalar expression, or a sum or count over rows."""

    place: Place
    expression: Scalar | None = None
    over: str = ""
    where: tuple[Test, ...] = ()


@dataclass(frozen=True)
class Every:
    """So much for every step of a number or of a growth."""

    place: Place
    step: Scalar
    how: str
    of: Total | None = None
    grown: Scalar | None = None
    since: Scalar | None = None
    from_zero: int = 0
    above: Scalar | None = None


@dataclass(frozen=True)
class Formula:
    """How an amount comes about: one of ``amount``, ``rate`` with ``of``, ``each`` with ``count`` or ``every``."""

    place: Place
    amount: Tree | None = None
    rate: Tree | None = None
    of: Total | None = None
    each: Tree | None = None
    count: Total | None = None
    every: Every | None = None
    caps: tuple[Tree, ...] = ()
    floor: Tree | None = None


@dataclass(frozen=True)
class PartDef:
    """A named small ladder of an award that is a sum of components."""

    name: str
    title: Words
    formula: Formula
    when: tuple[Test, ...] = ()
    cites: str = ""


@dataclass(frozen=True)
class ForEach:
    """A small ladder for each row, added up."""

    rows: str
    formula: Formula
    where: tuple[Test, ...] = ()


@dataclass(frozen=True)
class Limit:
    """A limit over several awards: how many, how many years, or how much; per subject, over a window."""

    place: Place
    awards: int | None = None
    years: int | None = None
    amount: Tree | None = None
    per: str = ""
    over: str = "ever"
    months: int = 0
    across: tuple[str, ...] = ()
    in_a_row: bool = False
    after_a_gap: str = "restart"
    year_not_open: str = "does_not_break"
    by: Scalar | None = None
    reading: str = ""
    cites: str = ""


@dataclass(frozen=True)
class Floor:
    """Never below; what scaling does to it and what happens when it cannot be kept."""

    figure: Tree
    in_scaling: str = "keep"
    when_it_cannot_be_kept: str = "decide"
    cites: str = ""


@dataclass(frozen=True)
class Pool:
    """A sum among a closed list or by factors; allocation divides it, a determination only reads its size."""

    place: Place
    amount: Tree
    among: tuple[str, ...] = ()
    split: str = ""
    ties: str = ""
    factors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instalment:
    """One part of a payment: when it falls due and its share of the award."""

    title: Words
    share: Scalar | None


@dataclass(frozen=True)
class Claims:
    """How often a recipient may claim, and from which day claim years count."""

    per: str = "once"
    start: str = ""
    years: int = 0


@dataclass(frozen=True)
class Exclusive:
    """No second support: other offers, or support from elsewhere."""

    offers: tuple[str, ...] = ()
    per: str = ""
    elsewhere: str = ""
    keep: str = ""
    source: str = ""


@dataclass(frozen=True)
class Offer:
    """Something a recipient can get (奖补事项), as the notice states it."""

    offer: str
    title: Words
    cites: str
    to: str
    place: Place
    nature: str = "award"
    bodies: tuple[str, ...] = ()
    claims: Claims = Claims()
    facts: Mapping[str, FactDef] = field(default_factory=dict)
    terms: Mapping[str, TermDef] = field(default_factory=dict)
    when: tuple[Test, ...] = ()
    formula: Formula | None = None
    parts: tuple[PartDef, ...] = ()
    for_each: ForEach | None = None
    caps: tuple[Tree, ...] = ()
    floor: Floor | None = None
    limits: tuple[Limit, ...] = ()
    less_per: str = ""
    less_offers: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    after_per: str = ""
    exclusive: Exclusive | None = None
    pay: tuple[Instalment, ...] = ()
    pool: Pool | None = None
    report: Words | None = None
    falls: Words | None = None
    anchors: Mapping[str, Anchor] = field(default_factory=dict)


@dataclass(frozen=True)
class Anchor:
    """A span of a clause's normalised text: ``start`` and ``end`` in characters, and the SHA-256 of the words."""

    clause: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class Target:
    """Something the region promised to reach (目标)."""

    target: str
    title: Words
    cites: str
    place: Place
    measure: str
    unit: Words
    key: tuple[str, ...]
    at_least: int
    at_most: int | None
    every: str
    source_phrase: str
    verified: bool
    note: Words | None
    bodies: tuple[str, ...]
    anchors: Mapping[str, Anchor]


@dataclass(frozen=True)
class Duty:
    """Something a body must do (职责)."""

    duty: str
    title: Words
    cites: str
    place: Place
    bodies: tuple[str, ...]
    deliverable: Words
    rhythm: str
    anchors: Mapping[str, Anchor]


@dataclass(frozen=True)
class Register:
    """Something that is only recorded (登记), never an award and never in the award budget."""

    register: str
    title: Words
    cites: str
    place: Place
    bodies: tuple[str, ...]
    records: Mapping[str, Words]
    facts: Mapping[str, FactDef]
    anchors: Mapping[str, Anchor]


@dataclass(frozen=True)
class Clause:
    """A citable unit of the notice (条款): our summary, its fingerprint, and how it is encoded."""

    clause: str
    summary: Words
    place: Place
    paragraph: int
    sha256: str
    start: int | None
    end: int | None
    encoded: str
    why: Words | None
    bodies: tuple[str, ...]
    label: Words


@dataclass(frozen=True)
class Reading:
    """An interpretation (解释口径), logged and cited like a clause."""

    reading: str
    says: Words
    cites: str
    by: str
    on: int


@dataclass(frozen=True)
class ClosingRule:
    """One of the closing rules that govern every offer."""

    rule: str
    says: Words
    cites: str
    effect: str


@dataclass(frozen=True)
class DatedValue:
    """A parameter's value over a period, with its basis."""

    start: int
    end: int | None
    value: Scalar
    basis: Words


@dataclass(frozen=True)
class Parameter:
    """A dated parameter (参数): values by date, each with a reference."""

    parameter: str
    title: Words
    form: str
    place: Place
    values: tuple[DatedValue, ...]


@dataclass(frozen=True)
class Table:
    """A figure used by several offers, by bands of whatever number the offer puts in."""

    table: str
    title: Words
    place: Place
    form: str
    of: str
    bands: Tree
    how: str
    cites: str


@dataclass(frozen=True)
class NamedTest:
    """A condition with a name of its own, usable in any ``when`` list."""

    name: str
    test: Scalar
    title: Words
    cites: str


@dataclass(frozen=True)
class GuidePool:
    """A sum that a guide sets aside for some offers, and how it is shared when requests exceed it.

    ``by`` names the numbers that put claims in order (``amount`` is the capped amount); ``ties`` what orders equal
    ones, empty where the guide leaves it to the default. ``floor`` is in fen, 0 for none; ``carry_over`` the part of
    the amount, in millionths, that may stay for next year's pool of the same name.
    """

    name: str
    place: Place
    offers: tuple[str, ...]
    amount: Scalar
    share: str
    by: tuple[str, ...] = ()
    first: str = "highest"
    most: int | None = None
    partial: str = "cut"
    ties: tuple[str, ...] = ()
    floor: int = 0
    carry_over: int = 0


@dataclass(frozen=True)
class Overlay:
    """A later document on the notice: a year's guide (申报指南) or a place's own rules (地方细则)."""

    id: str
    kind: str
    title: Words
    sample: bool
    place: Place
    document: str
    start: int
    end: int
    year: int | None
    at: str
    opens: tuple[str, ...] | None
    closes: tuple[str, ...]
    windows: Mapping[str, tuple[int, int]]
    gates: tuple[Test, ...]
    gates_cites: str
    gates_for: tuple[str, ...]
    fill: Mapping[str, Mapping[str, Tree]]
    lower: Mapping[str, Mapping[str, Tree]]
    raise_: Mapping[str, Mapping[str, Tree]]
    narrow: Mapping[str, Mapping[str, Tree]]
    pools: Mapping[str, GuidePool]
    routes: Mapping[str, Any]

    @property
    def source(self) -> str:
        """How a citation names the document: ``guide:2023``, ``local:1502-baotou``."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Document:
    """The notice itself: its number, who issued it and when."""

    number: str
    title: Words
    issued_by: Words
    issued_on: int


@dataclass(frozen=True)
class Programme:
    """A notice as rules: everything one folder says."""

    programme: str
    title: Words
    sample: bool
    place: Place
    document: Document
    valid: tuple[int, int]
    valid_cites: str
    region: str
    interpreter: str
    applied_at: str
    units: Mapping[str, Words]
    bodies: Mapping[str, Words]
    evidence: Mapping[str, Words]
    subjects: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, FactDef]
    conditions: Mapping[str, NamedTest]
    parameters: Mapping[str, Parameter]
    tables: Mapping[str, Table]
    readings: Mapping[str, Reading]
    closing: tuple[ClosingRule, ...]
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    registers: Mapping[str, Register] = field(default_factory=dict)
    guides: Mapping[int, Overlay] = field(default_factory=dict)
    locals: Mapping[str, Overlay] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    folder: str = ""

    def fact_defs(self, offer: Offer) -> dict[str, FactDef]:
        """The facts an offer may read: the programme's shared ones and its own."""
        return {**self.facts, **offer.facts}

    def overlays(self) -> Iterator[Overlay]:
        """Guides by year, then local rules by id."""
        yield from (self.guides[year] for year in sorted(self.guides))
        yield from (self.locals[name] for name in sorted(self.locals))
