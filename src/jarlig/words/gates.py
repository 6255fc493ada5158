"""What the names of conditions in a table of answers mean: ``when.1`` of an offer in words, in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from jarlig.ladder.steps import Ladder
from jarlig.policy.plans import Plan
from jarlig.words.expressions import Speaker

_OR = {"zh": "；或：", "en": "; or: "}


def gate_words(asked: Iterable[tuple[Plan, Ladder]]) -> dict[str, dict[str, dict[str, str]]]:
    """By offer and name, what a condition asks; where guides or places ask otherwise, each way once."""
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for plan, ladder in asked:
        offer = plan.offer(ladder.offer)
        for lang in _OR:
            speaker = Speaker(plan.programme, offer, plan.fact_defs(ladder.offer), lang, ladder)
            for step in map(ladder.step, ladder.gates):
                words = step.label[lang] or speaker.phrase(step.node)
                found.setdefault((ladder.offer, step.key, lang), {})[words] = None
    told: dict[str, dict[str, dict[str, str]]] = {}
    for (name, key, lang), ways in found.items():
        told.setdefault(name, {}).setdefault(key, {})[lang] = _OR[lang].join(ways)
    return told
