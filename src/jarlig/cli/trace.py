"""``determine --trace``: the value of every step as the engine holds it, for somebody who computes it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jarlig.cli import screen
from jarlig.cli.help import pick
from jarlig.ladder.dates import day_text, month_text
from jarlig.ladder.kinds import Date, Kind, Month, Number, unit_text
from jarlig.ladder.numbers import format_scaled

if TYPE_CHECKING:
    from jarlig.engines.answer import Determination
    from jarlig.engines.exact import StepTrace


def print_trace(answer: Determination, lang: str, spans: Mapping[str, str]) -> None:
    """Prints the ladder with its values, the rows behind each sum, and the sources; the notice's words where given."""
    screen.heading(pick("逐步取值 / Every step", lang))
    if not answer.trace:
        screen.say(pick("  未计算。 /   Nothing was computed.", lang))
        return
    rows = []
    for traced in answer.trace:
        step = answer.ladder.step(traced.name)
        sources = "; ".join(cite.text for cite in step.cites)
        rows.append((step.name, shown(traced.value, step.node.kind, lang), _rows(traced, lang), sources))
    screen.table(pick("步骤,值,清单,依据 / step,value,rows,source", lang).split(","), rows, [1])
    quoted = [(step.name, spans[step.key]) for step in answer.ladder.steps if step.key in spans]
    for name, words in quoted:
        screen.prose(f"{name}  “{words}”", "", "    ")


def shown(value: Any, kind: Kind, lang: str) -> str:
    """A value without words around it: ``true``, ``2023-06-01``, ``200000.00 CNY``."""
    if value is None:
        return pick("未知 / unknown", lang)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(kind, Number):
        return f"{format_scaled(value, kind.scale)} {unit_text(kind.unit)}".rstrip()
    if isinstance(kind, Date):
        return day_text(value)
    if isinstance(kind, Month):
        return month_text(value)
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _rows(traced: StepTrace, lang: str) -> str:
    """How many rows a sum read, and what became of them."""
    if traced.rows is None:
        return ""
    told = traced.rows
    parts = [(told.counted, "计入 / counted"), (told.left_out, "剔除 / left out"), (told.unknown, "待定 / unknown")]
    listed = [f"{count} {pick(words, lang)}" for count, words in parts if count]
    return f"{told.read}: {', '.join(listed)}" if listed else str(told.read)
