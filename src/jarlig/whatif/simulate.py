"""Two sets of rules over the same cases (政策模拟): guides, reforms or places, read once and compared.

A set of rules is written ``rules`` (as they stand: the guide by its window), ``2023`` (the guide of that year for all),
a reform file, ``at:150200`` (as if all applied there), or several of these joined by ``+``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType, Sequence
from dataclasses import dataclass
from pathlib import Path

from jarlig import __version__
from jarlig.allocation.transfers import place_name
from jarlig.engines.sql.asides import write_rejects
from jarlig.engines.sql.asking import Amended, Asked, Rules
from jarlig.engines.sql.population import Progress
from jarlig.engines.sql.running import (
    Engine,
    Files,
    Options,
    check,
    file_sha256,
    opened,
    samples_of,
    sha256_of,
)
from jarlig.ladder.dates import day_text
from jarlig.ladder.steps import Words
from jarlig.library import division_of
from jarlig.policy import model
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.source import PROGRAMME_LIMITS
from jarlig.policy.text import Mapping
from jarlig.whatif.budget import is_amended, pools
from jarlig.whatif.compare import NO_LABEL, NO_PLACE, Comparer, lines
from jarlig.whatif.compared import Comparison, Line, SideTold, summed
from jarlig.whatif.overruled import warnings
from jarlig.whatif.reform import Reform, Reformed, read_reform, reformed
from jarlig.whatif.reform_words import told

_YEAR = re.compile(r"[0-9]{4}\Z")
_AS_THEY_STAND, _AT = "rules", "at:"
_ENDINGS = (".yaml", ".yml")
_EMPTY = Mapping({}, {}, Place("", 0, 0))


@dataclass(frozen=True)
class Side:
    """One set of rules: a guide for all, a place for all, a reform; nothing of these is the rules as they stand.

    ``text`` is how it was asked for, as a report may show it: of a reform file only the name.
    """

    text: str
    guide: int | None = None
    at: str = ""
    reform: Reformed | None = None


def side_of(text: str, programme: model.Programme) -> Side:
    """The set of rules that a text names.

    Raises:
        PolicyError: E874 when it names none, E812 for a guide that there is not, E803 for a place; or what is wrong
            with the reform, at its line.
        OSError: the reform file cannot be read.
    """
    whole = Path(text)
    parts = [text] if whole.suffix in _ENDINGS and whole.is_file() else text.split("+")
    guide: int | None = None
    at, file, seen = "", None, set[str]()
    for part in parts:
        kind = _kind(part)
        if not kind:
            why = Words(f"不认识“{part}”", f"“{part}” is not known")
            raise _no_side(text, why)
        if kind in seen:
            raise _no_side(text, Words("同一类规则写了两次", "one kind of rules is given twice"))
        seen.add(kind)
        if kind == "guide":
            guide = int(part)
            if guide not in programme.guides:
                valid = ", ".join(str(known) for known in sorted(programme.guides))
                place = Place(programme.programme, 0, 0)
                raise PolicyError((problem("E812", place, part, year=part, valid=valid),))
        elif kind == "at":
            at = _place(division_of(part.removeprefix(_AT)), text, programme)
        elif kind == "reform":
            file = Path(part)
    reform = None if file is None else reformed(programme, _read(file), guide)
    shown = "+".join(Path(part).name if part.endswith(_ENDINGS) else part for part in parts)
    return Side(shown, guide, at, reform)


def _place(at: str, text: str, programme: model.Programme) -> str:
    """A place where the programme's rules hold: elsewhere every comparison would say that nothing changes."""
    begins = programme.region[:2]
    if begins and not at.startswith(begins):
        zh = f"{at} 不在方案适用的地区，其代码以 {begins} 开头"
        raise _no_side(text, Words(zh, f"{at} is not in the programme's region, whose codes begin with {begins}"))
    return at


def _kind(part: str) -> str:
    if part == _AS_THEY_STAND:
        return "rules"
    if _YEAR.match(part):
        return "guide"
    if part.startswith(_AT):
        return "at"
    return "reform" if part.endswith(_ENDINGS) else ""


def _no_side(text: str, why: Words) -> PolicyError:
    return PolicyError((problem("E874", Place(text, 0, 0), text, zh=why.zh, en=why.en),))


def _read(file: Path) -> Reform:
    with file.open("rb") as stream:
        return read_reform(stream.read(PROGRAMME_LIMITS.file_bytes + 1), str(file))


def simulate(
    programme: model.Programme,
    sides: tuple[Side, Side],
    offers: Sequence[str],
    files: Files,
    on: int | None = None,
    engine: Engine | None = None,
    progress: Progress = lambda words: None,
) -> Comparison:
    """Compare two sets of rules over the cases of a table; rows that cannot be used are written beside the report.

    Args:
        programme: the programme as it stands.
        sides: the two sets of rules.
        offers: ids of the offers.
        files: the tables; ``out`` is the report, beside which the work is done.
        on: application date of all cases, when the table has none.
        engine: makes the engine; DuckDB when not given.
        progress: told what is being done.

    Raises:
        PolicyError: as `engines.sql.running.run`.
        Imbalance: sums of the comparison do not agree, a fault of this program.
    """
    check(programme, offers, files, Options(on))
    rules = [_rules(programme, side, plan) for side, plan in zip(sides, ("plan", "plan_b"), strict=True)]
    with opened(rules, offers, files, on, engine, progress) as (population, folder):
        before, after = population.cases.asked
        comparer = Comparer(population, before, after)
        if not comparer.offers:
            listed = ", ".join(comparer.told_only)
            raise PolicyError((problem("E876", Place("--offer", 0, 0), listed, offers=listed),))
        progress(Words("逐项比较", "comparing"))
        comparer.answer()
        moves, by_offer, unsure = comparer.moves()
        tallies, bands, also_open = comparer.tallies()
        found_places = comparer.places()
        names = {code: _place_name(code) for code, *_ in found_places if code is not None}
        offers_told = tuple(
            Line(offer, programme.offers[offer].title, by_offer[offer], same=offer not in comparer.changed)
            for offer in comparer.offers
        )
        progress(Words("核对资金池", "sharing the pools"))
        shared = pools(comparer, folder)
        comparison = Comparison(
            programme=programme.programme,
            title=programme.title,
            sides=(
                _told(programme, sides[0], before, comparer.governed(before)),
                _told(programme, sides[1], after, comparer.governed(after)),
            ),
            cases=population.answered,
            left_out=population.left_out,
            total=summed(line.figures for line in offers_told),
            offers=offers_told,
            places=lines(found_places, names, NO_PLACE),
            groups={name: lines(found, {}, NO_LABEL) for name, found in comparer.groups().items()},
            moves=moves,
            unsure=unsure,
            winners=tallies[1],
            losers=tallies[-1],
            even=tallies[0],
            also_open=also_open,
            bands=bands,
            gains=comparer.movers(1),
            losses=comparer.movers(-1),
            pools=shared,
            told_only=comparer.told_only,
            samples=_samples(rules, (before, after)),
            manifest=_manifest(programme, sides, comparer.offers, files, on, population.backend.dialect.name),
        )
        rejects = population.rejects
    write_rejects(rejects, files.rejects_or_default)
    comparison.check()
    return comparison


def _rules(programme: model.Programme, side: Side, plan: str) -> Rules:
    reform = side.reform
    amended = Amended(reform.programme, reform.reform.start, reform.reform.end) if reform else None
    return Rules(programme, side.guide, side.at, plan, amended)


def _place_name(code: str) -> Words:
    name = place_name(code)
    return Words(name.zh, name.en)


def _samples(rules: Sequence[Rules], asked: Sequence[Asked]) -> tuple[Words, ...]:
    """Titles of the documents that are only illustrative, among those that governed a case on either side."""
    found = (title for one, of in zip(rules, asked, strict=True) for title in samples_of(one, of.plans))
    return tuple(dict.fromkeys(found))


# the sides in words


def _told(programme: model.Programme, side: Side, asked: Asked, governed: MappingType[int, int]) -> SideTold:
    names: list[Words] = []
    notes: list[Words] = []
    if side.guide is not None:
        names.append(programme.guides[side.guide].title)
        notes.append(Words("假设全部案例适用该指南，不问申报期", "as if this guide governed every case on any day"))
    if side.at:
        name = _place_name(side.at)
        names.append(Words(f"都在{name.zh}申报", f"all apply in {name.en}"))
    if side.reform is not None:
        names.append(side.reform.reform.title)
        notes += _reform_notes(side.reform, asked, governed)
    if not names:
        names.append(Words("现行规则", "The rules as they stand"))
        notes.append(Words("按申请日期适用当年指南", "the day of application picks the guide"))
    changes = [] if side.reform is None else told(side.reform, programme)
    return SideTold(
        side.text,
        Words("，".join(name.zh for name in names), _headed(", ".join(name.en for name in names))),
        tuple(notes),
        side.reform is not None,
        tuple((one.entry, one.what, one.before, one.after, one.cite) for one in changes),
        () if side.reform is None else warnings(side.reform, programme, side.guide),
    )


def _headed(text: str) -> str:
    """A text as a heading begins."""
    return text[:1].upper() + text[1:]


def _reform_notes(reform: Reformed, asked: Asked, governed: MappingType[int, int]) -> list[Words]:
    """For which applications the reform holds, and what that means for its pools."""
    first, last = day_text(reform.reform.start), day_text(reform.reform.end)
    inside = sum(cases for plan, cases in governed.items() if is_amended(asked.rules, plan))
    outside = sum(governed.values()) - inside
    notes = [
        Words(
            f"改革适用于 {first} 至 {last} 的申请：{inside:,} 个案例适用，{outside:,} 个按现行规则",
            f"the reform holds for applications from {first} to {last}: {inside:,} cases; {outside:,} as rules stand",
        )
    ]
    years: dict[bool, set[int | None]] = {True: set(), False: set()}
    for plan in asked.plans:
        guide = asked.rules.numbers.plan(plan).guide
        years[is_amended(asked.rules, plan)].add(guide.year if guide else None)
    split = sorted(year for year in years[True] & years[False] if year is not None)
    if any("pools" in reform.reform.entries["guide"].get(str(year), _EMPTY).entries for year in split):
        listed = ", ".join(str(year) for year in split)
        notes.append(
            Words(
                f"改革只适用于 {listed} 年的部分申请；资金池全年一笔，按改革后的规定计",
                f"the reform holds for some applications of {listed} only; a pool is one sum a year, taken as reformed",
            )
        )
    return notes


def _manifest(
    programme: model.Programme, sides: Sequence[Side], offers: Sequence[str], files: Files, on: int | None, engine: str
) -> dict[str, object]:
    """What is needed to compare again and come to the same."""
    return {
        "jarlig": __version__,
        "programme": programme.programme,
        "programme_files": {name: sha256_of(data) for name, data in sorted(programme.files.items())},
        "rules": [
            {"side": name, "asked": side.text,
             "sha256": None if side.reform is None else sha256_of(side.reform.reform.source)}
            for name, side in zip("AB", sides, strict=True)
        ],
        "offers": list(offers),
        "on": None if on is None else day_text(on),
        "engine": engine,
        "inputs": {name: {"file": path.name, "sha256": file_sha256(path)} for name, path in files.inputs.items()},
    }
