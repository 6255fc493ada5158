"""Charts as small SVG pictures made here: bars on one scale, drawn in whole thousandths of the full width.

Each stands in the row of a table that says the same in figures, so it is hidden from readers of the screen. Shapes
carry classes, and the style of the page gives them their colours; A and B differ by outline as well as by colour.
"""

from __future__ import annotations

from markupsafe import Markup

from jarlig.ladder.numbers import half_up

WIDTH = 1_000
#: A bar that stands for something is never thinner than this, so that it can be seen.
_LEAST = 4


def length(value: int, most: int) -> int:
    """A bar's length in thousandths of the width, rounded half-up; nothing for nothing."""
    if value <= 0 or most <= 0:
        return 0
    return max(_LEAST, min(WIDTH, half_up(value * WIDTH, most)))


def pair(before: int, after: int, most: int) -> Markup:
    """Two bars, A over B."""
    return _picture(
        "pair", 24,
        _bar("a", 0, 2, length(before, most), 8), _bar("b", 0, 13, length(after, most), 9),
    )  # fmt: skip


def budget(requested: int, size: int, most: int, side: str) -> Markup:
    """What is requested, the part beyond the budget apart, and the budget as a line."""
    whole, limit = length(requested, most), length(size, most)
    inside = min(whole, limit) if requested > size else whole
    beyond = max(_LEAST, whole - inside) if requested > size else 0
    return _picture(
        "budget", 18,
        _bar("track", 0, 4, limit, 10), _bar(side, 0, 4, inside, 10),
        _bar("over", min(inside, WIDTH - beyond), 4, beyond, 10), _bar("line", max(0, limit - 4), 0, 4, 18),
    )  # fmt: skip


def diverging(left: int, right: int, most: int) -> Markup:
    """Two bars that part in the middle: losses to the left, gains to the right."""
    half = WIDTH // 2
    one, other = length(left, most) // 2, length(right, most) // 2
    return _picture(
        "diverging", 18,
        _bar("lose", half - one, 3, one, 12), _bar("gain", half, 3, other, 12), _bar("axis", half - 1, 0, 2, 18),
    )  # fmt: skip


def _bar(kind: str, x: int, y: int, width: int, height: int) -> str:
    if width <= 0:
        return ""
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}"/>'


def _picture(kind: str, height: int, *shapes: str) -> Markup:
    # only numbers and fixed words come in here, so nothing needs escaping
    return Markup(
        f'<svg class="bar bar-{kind}" viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{"".join(shapes)}</svg>'
    )  # fmt: skip
