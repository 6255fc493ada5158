"""Pictures drawn on the server as SVG (图示): small, exact, unstyled; the table beside each is the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from markupsafe import Markup, escape

from jarlig.service.web.figures import number

Amount = int | Decimal
_patterns = count(1)
RING = 43.98


def share(part: Amount, whole: Amount) -> str:
    """A part of a whole as a percentage with two decimals, never under 0 nor over 100."""
    if whole <= 0:
        return "0%"
    return f"{min(Decimal(100), max(Decimal(0), Decimal(part) * 100 / Decimal(whole))):.2f}%"


def fen(sum_: Amount) -> Decimal:
    """A sum in fen, as ``figures.money`` reads it: an ``int`` is fen, a ``Decimal`` is yuan."""
    return Decimal(sum_) if isinstance(sum_, int) else sum_ * 100


def rect(kind: str, x: str, y: float, width: str | float, height: float) -> str:
    """One bar."""
    return f'<rect class="{kind}" x="{x}" y="{y:g}" width="{width}" height="{height:g}"/>'


def picture(kind: str, height: int, parts: Sequence[str], before: str = "") -> Markup:
    """A picture as wide as its place; read by nobody, because the words beside it say the same."""
    body = before + "".join(part for part in parts if part)
    return Markup(
        f'<svg class="{kind}" width="100%" height="{height}" aria-hidden="true" focusable="false">{body}</svg>'
    )


def rung(amount: Amount | None, scale: Amount, *, cut_from: Amount | None = None, cap: Amount | None = None,
         used: Amount = 0) -> Markup:  # fmt: skip
    """The bar of one step of a ladder: what earlier awards used, what is left, what a cap cut off, where the cap is."""
    if amount is None or scale <= 0:
        return Markup("")
    amount, scale, used = fen(amount), fen(scale), fen(used)
    cut_from, cap = (None if one is None else fen(one) for one in (cut_from, cap))
    parts = [
        rect("track", "0", 2, "100%", 10),
        rect("used", "0", 2, share(used, scale), 10) if used else "",
        rect("fill", share(used, scale), 2, share(amount, scale), 10),
        rect("cut", share(used + amount, scale), 2.5, share(cut_from - amount, scale), 9)
        if cut_from is not None and cut_from > amount else "",
        _line("cap", cap, scale, 14) if cap is not None else "",
    ]  # fmt: skip
    return picture("jl-rung", 14, parts)


def _line(kind: str, at: Amount, scale: Amount, height: int) -> str:
    """An ink line; one at the very end stays inside the picture."""
    place = share(at, scale)
    return rect(kind, "99.5%" if place == "100.00%" else place, 0, 2, height)


def range_bar(low: Amount, high: Amount, cap: Amount | None = None) -> Markup:
    """A range: dark to its low end, pale to its high end, an ink line at the cap."""
    low, high, cap = fen(low), fen(high), None if cap is None else fen(cap)
    scale = max(high, cap or Decimal(0)) * Decimal("1.08")
    parts = [
        rect("track", "0", 7, "100%", 4),
        rect("maybe", "0", 4, share(high, scale), 10),
        rect("sure", "0", 4, share(low, scale), 10),
        _line("edge", high, scale, 18) if high != low else "",
        _line("cap", cap, scale, 18) if cap is not None else "",
    ]
    return picture("jl-range", 18, parts)


@dataclass(frozen=True, slots=True)
class Budget:
    """One line of a budget (指标): what came, and what became of it; in fen."""

    received: int
    passed: int = 0
    paid: int = 0
    committed: int = 0
    reserved: int = 0

    @property
    def most(self) -> int:
        """What the bar must have room for."""
        return max(self.received, self.received - self.free)

    @property
    def free(self) -> int:
        """What is left; less than zero where more was taken than came."""
        return self.received - self.passed - self.paid - self.committed - self.reserved


def budget_bar(line: Budget, scale: int) -> Markup:
    """Passed down, paid, committed, reserved (hatched) and free (white), with what is over in madder."""
    name = f"hatch{next(_patterns)}"
    pattern = (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="6" height="6"/><line class="hatch" x1="0" y1="0" x2="0" y2="6"/>'
        "</pattern></defs>"
    )
    parts = [rect("track", "0", 0.5, share(line.received, scale), 21)]
    at = 0
    for kind, part in (("passed", line.passed), ("used", line.paid), ("committed", line.committed)):
        if part:
            parts.append(rect(kind, share(at, scale), 0, share(part, scale), 22))
        at += part
    if line.reserved:
        # what is over is drawn over, so the hatch ends where the money does
        inside = min(line.reserved, max(0, line.received - at))
        parts.append(
            f'<rect fill="url(#{name})" x="{share(at, scale)}" y="0" width="{share(inside, scale)}" height="22"/>'
        )
    if line.free < 0:
        parts.append(rect("over", share(line.received, scale), 0, share(-line.free, scale), 22))
    return picture("jl-bar", 22, parts, pattern if line.reserved else "")


def target_bar(value: Amount | None, goal: Amount, *, upper: Amount | None = None) -> Markup:
    """Progress to a goal: an ink line at the goal, a pale band where anything from goal to upper end is right."""
    scale = max(value or 0, upper or goal, goal) * Decimal("1.3")
    parts = [rect("track", "0", 3.5, "100%", 13)]
    if upper is not None:
        parts.append(rect("band", share(goal, scale), 4, share(upper - goal, scale), 12))
    if value is not None:
        parts.append(rect("done" if value >= goal else "short", "0", 6, share(value, scale), 8))
    parts.append(_line("goal", goal, scale, 20))
    return picture("jl-bar", 20, parts)


def ring(done: int, whole: int, *, paused: bool = False) -> Markup:
    """How much of a clock has run: a ring, with two bars where it stands still."""
    part = RING * min(1.0, max(0.0, done / whole if whole else 1.0))
    bars = (
        '<rect class="p" x="6.4" y="6" width="1.8" height="6"/><rect class="p" x="9.8" y="6" width="1.8" height="6"/>'
    )
    return Markup(
        '<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" focusable="false">'
        '<circle class="t" cx="9" cy="9" r="7"/>'
        f'<circle class="e" cx="9" cy="9" r="7" stroke-dasharray="{part:.2f} {RING}" transform="rotate(-90 9 9)"/>'
        f"{bars if paused else ''}</svg>"
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of a map: its column and row, its name, its value and how that is written."""

    column: int
    row: int
    name: str
    value: Amount | None
    text: str = ""


def tile_map(tiles: Sequence[Tile], label: str) -> Markup:
    """Equal tiles, rough direction only, darker for more; a shade is a fifth of the largest value."""
    most = max((tile.value for tile in tiles if tile.value is not None), default=0)
    wide, high = max(tile.column for tile in tiles) + 1, max(tile.row for tile in tiles) + 1
    drawn = []
    for tile in tiles:
        x, y = tile.column * 78 + 1, tile.row * 78 + 1
        shade = 0 if not tile.value or most <= 0 else min(5, 1 + int(Decimal(tile.value) * 5 / Decimal(most)))
        drawn.append(
            f'<g class="q{shade}"><rect x="{x}" y="{y}" width="76" height="76" rx="3"/>'
            f'<text x="{x + 38}" y="{y + 33}" text-anchor="middle">{escape(tile.name)}</text>'
            f'<text class="v" x="{x + 38}" y="{y + 55}" text-anchor="middle">{escape(tile.text)}</text></g>'
        )
    return Markup(
        f'<svg class="jl-tile" viewBox="0 0 {wide * 78} {high * 78}" role="img" aria-label="{escape(label)}">'
        f"{''.join(drawn)}</svg>"
    )


HIGH, TOP, FOOT, LEFT = 260, 14, 34, Decimal(12)


def chart(
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[Amount | None]]],
    label: str,
    *,
    lines: bool = False,
) -> Markup:
    """Columns, or lines, over names; a value that is not known leaves a gap. Up to three series.

    Places across are percentages, so that letters keep their size on a narrow screen.

    Raises:
        ValueError: for more series than an eye can tell apart.
    """
    if len(series) > 3:
        raise ValueError("a picture of more than three series cannot be read; show the table alone")
    top = nice(max((value for _, values in series for value in values if value is not None), default=1))
    step = (100 - LEFT) / max(1, len(names))
    parts = []
    for quarter in range(5):
        value = top * quarter / 4
        kind, at = "grid" if quarter else "base", height(value, top)
        parts.append(f'<line class="{kind}" x1="{LEFT}%" x2="100%" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{LEFT - 1}%" y="{at + 4:.1f}" text-anchor="end">{number(tidy(value))}</text>')
    for place, name in enumerate(names):
        middle = LEFT + step * (place + Decimal("0.5"))
        parts.append(f'<text class="name" x="{middle:.2f}%" y="{HIGH - 12}" text-anchor="middle">{escape(name)}</text>')
    for index, (_name, values) in enumerate(series):
        parts += _lines(index, values, step, top) if lines else _columns(index, len(series), values, step, top)
    return Markup(
        f'<svg class="jl-chart" width="100%" height="{HIGH}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def height(value: Amount, top: Decimal) -> float:
    """Where a value stands in a chart, from its upper edge: a place on the screen, from which no value is read back."""
    return TOP + (HIGH - TOP - FOOT) * (1 - float(value) / float(top))


def _columns(index: int, of: int, values: Sequence[Amount | None], step: Decimal, top: Decimal) -> list[str]:
    width = step * Decimal("0.66") / of
    first = LEFT + (step - width * of) / 2 + width * index
    return [
        f'<rect class="s{index}" x="{first + step * place:.2f}%" y="{height(value, top):.1f}" '
        f'width="{width * Decimal("0.94"):.2f}%" height="{max(0.0, height(0, top) - height(value, top)):.1f}"/>'
        for place, value in enumerate(values)
        if value is not None
    ]


def _lines(index: int, values: Sequence[Amount | None], step: Decimal, top: Decimal) -> list[str]:
    drawn, dots, before = [], [], None
    for place, value in enumerate(values):
        if value is None:
            before = None
            continue
        here = (f"{LEFT + step * (place + Decimal('0.5')):.2f}%", f"{height(value, top):.1f}")
        if before is not None:
            drawn.append(f'<line class="l{index}" x1="{before[0]}" y1="{before[1]}" x2="{here[0]}" y2="{here[1]}"/>')
        dots.append(f'<circle class="d{index}" cx="{here[0]}" cy="{here[1]}" r="3.5"/>')
        before = here
    return drawn + dots


def nice(most: Amount) -> Decimal:
    """The end of a scale: the next 1, 2, 2.5 or 5 times a power of ten."""
    value = Decimal(most)
    if value <= 0:
        return Decimal(1)
    power = Decimal(10) ** value.adjusted()
    return next(
        power * factor for factor in map(Decimal, ("1", "2", "2.5", "4", "5", "8", "10")) if power * factor >= value
    )


def tidy(value: Decimal) -> Decimal:
    """A number without zeros that say nothing."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def swatch(kind: str) -> Markup:
    """The small sample of a colour in a legend; ``reserved`` is hatched."""
    if kind == "reserved":
        name = f"hatch{next(_patterns)}"
        body = (
            f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
            '<line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
            f'<rect fill="url(#{name})" width="14" height="14"/>'
        )
    else:
        body = f'<rect class="{escape(kind)}" x=".5" y=".5" width="13" height="13"/>'
    return Markup(f'<svg class="jl-bar" width="14" height="14" aria-hidden="true" focusable="false">{body}</svg>')
