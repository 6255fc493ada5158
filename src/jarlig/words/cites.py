"""Citations for people: 〔第二条第一款〕, 〔2023年申报指南（示例）第3条〕, [clause 2, sentence 1]."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jarlig.ladder.dates import day_text
from jarlig.ladder.steps import PARAMETER, Cite
from jarlig.policy.model import Overlay, Programme
from jarlig.words.catalogue import say

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)*\Z")


def citation(cite: Cite, programme: Programme, lang: str) -> str:
    """A citation in its brackets: a clause of the notice, an article of a guide or place, a reading, a default rule."""
    return say("cite", lang, text=_text(cite, programme, lang))


def citations(cites: Iterable[Cite], programme: Programme, lang: str) -> str:
    """Several citations, one after the other, each once."""
    found = dict.fromkeys(citation(cite, programme, lang) for cite in cites)
    return ("" if lang == "zh" else " ").join(found)


def overlay_name(overlay: Overlay, lang: str) -> str:
    """A guide by its year, a place's rules by their title; marked 示例/sample when they are only illustrative."""
    name = say("guide", lang, year=str(overlay.year)) if overlay.kind == "guide" else overlay.title[lang]
    return marked(name, overlay.sample, lang)


def marked(name: str, sample: bool, lang: str) -> str:
    """The name of a document, marked when it is only illustrative and does not say so itself."""
    return name + sample_mark(sample and not _says_sample(name), lang)


def sample_mark(sample: bool, lang: str) -> str:
    """（示例） or (sample) behind the name of an illustrative document."""
    return say("sample_mark", lang) if sample else ""


def overlay_of(source: str, programme: Programme) -> Overlay | None:
    """The guide or local rules that a citation names."""
    return next((overlay for overlay in programme.overlays() if overlay.source == source), None)


def _says_sample(name: str) -> bool:
    return any(mark in name.lower() for mark in ("示例", "sample", "illustrative"))


def _text(cite: Cite, programme: Programme, lang: str) -> str:
    if cite.source == "reading":
        reading = programme.readings.get(cite.ref)
        says = reading.says[lang].rstrip("。.") if reading else cite.ref
        return say("cite_reading", lang, says=says)
    if cite.source == "default":
        return say("cite_default", lang)
    if cite.source == "notice":
        clause = programme.clauses.get(cite.ref)
        label = clause.label[lang] if clause else ""
        return label or say("the_notice", lang) + _article(cite.ref, lang)
    if cite.source.startswith(PARAMETER):
        return _dated(cite, programme, lang)
    overlay = overlay_of(cite.source, programme)
    kind, _, name = cite.source.partition(":")
    mark = sample_mark(cite.sample, lang)
    title = overlay_name(overlay, lang) if overlay else say("cite." + kind, lang, name=name).strip() + mark
    return title + _article(cite.ref, lang)


def _dated(cite: Cite, programme: Programme, lang: str) -> str:
    """A dated parameter by its title, with the basis of the period that the citation names."""
    name = cite.source.removeprefix(PARAMETER)
    parameter = programme.parameters.get(name)
    if parameter is None:
        return name
    basis = next((value.basis[lang] for value in parameter.values if day_text(value.start) == cite.ref), "")
    return say("cite_dated", lang, title=parameter.title[lang], basis=basis) if basis else parameter.title[lang]


def _article(ref: str, lang: str) -> str:
    """第3条 for a number, any other reference as it is written; set behind the name of the document."""
    if not ref:
        return ""
    return say("article" if _NUMBER.match(ref) else "passage", lang, number=ref)
