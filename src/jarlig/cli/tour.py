"""``jarlig tour``: the shipped programmes checked, their example enterprises answered, and what to try next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jarlig.cli import calling, check, help, screen, show
from jarlig.cli.help import pick
from jarlig.ladder.dates import day_text
from jarlig.ladder.kinds import Code, Division
from jarlig.ladder.numbers import NumberError, parse_date
from jarlig.words import fmt

if TYPE_CHECKING:
    from jarlig.engines.answer import Determination
    from jarlig.library import Programme

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
#: Problems of a programme that are shown; its own check shows them all.
_MOST_PROBLEMS = 3


@dataclass(frozen=True)
class Enterprise:
    """An example enterprise: its facts, and what it is called."""

    file: Path
    facts: Any
    name: str
    at: str


@help.command(
    "tour",
    help="快速了解：校验随附方案，测算示例企业在各开放事项下可得多少，再列出接着可以运行的命令。 / "
    "A look around: check the shipped programmes, tell what the example enterprises get under every open offer, and "
    "say which commands to try next.",
)
@help.option(
    "--on", metavar="DATE", help="申请日期；默认为示例事实所及之日 / Application date; default: where the facts end."
)
def tour(lang: str, on: str | None) -> int:
    """Prints the look around; exit code 1 when a shipped programme does not pass its check."""
    from jarlig.library import load, shipped

    passed = True
    tried: list[tuple[str, str]] = []
    for name, folder in shipped().items():
        read = load(name)
        passed = _checked(read, name, lang) and passed
        enterprises = list(_enterprises(read, folder))
        if enterprises:
            tried += _answers(read, name, enterprises, on, lang)
    _next(next(iter(shipped()), ""), tried, lang)
    return 0 if passed else 1


def _checked(read: Programme, name: str, lang: str) -> bool:
    """Prints how the check of a programme went, with its first problems; whether it passed."""
    from jarlig.engines.check import check as checked

    with screen.progress(pick("校验 / checking", lang), None) as tick:
        report = checked(read.model, None, "notice", tick)
    screen.heading(show.marked(read.title, read.model.sample, lang))
    screen.say(check.summary(read, report, lang, brief=True))
    for problem in report.problems[:_MOST_PROBLEMS]:
        check.show_problem(problem, lang)
    if not report.ok:
        screen.say(pick("全部： / all of them: ", lang) + calling.pasteable("check", name))
    return report.ok


def _enterprises(read: Programme, folder: Path) -> Iterator[Enterprise]:
    """The example enterprises of a programme, from the facts files in its folder ``enterprises``."""
    from jarlig.policy.facts import read_facts

    shared = read.model.facts
    name = next((fact.name for fact in shared.values() if fact.kind == Code("text")), "")
    place = next((fact.name for fact in shared.values() if isinstance(fact.kind, Division)), "")
    for path in sorted((folder / "enterprises").glob("*.yaml")):
        facts = read_facts(path, calling.shown(path))
        at = facts.plain.get(place)
        yield Enterprise(path, facts, str(facts.plain.get(name) or path.stem), at[:6] if isinstance(at, str) else "")


def _answers(
    read: Programme, name: str, enterprises: list[Enterprise], on: str | None, lang: str
) -> list[tuple[str, str]]:
    """Prints what each enterprise gets, with totals; returns commands that show one answer in full."""
    from jarlig.library import day_of

    day = day_of(on) if on is not None else where_facts_end(read, enterprises)
    told: list[Determination] = []
    rows: list[tuple[str, ...]] = []
    with screen.progress(pick("测算 / determining", lang), len(enterprises)) as tick:
        for enterprise in enterprises:
            answers = read.desk.match(enterprise.facts, on=day, at=enterprise.at)
            mine = [answer for answer in answers if _is_told(answer)]
            rows += [_row(answer, enterprise.name if not index else "", lang) for index, answer in enumerate(mine)]
            if not mine:
                rows.append((enterprise.name, "", _why_nothing(answers, lang), "", ""))
            told += mine
            tick(enterprise.name)
    shown = pick("{0} 家示例企业，申请日期 {1} / {0} example enterprises, applying on {1}", lang)
    screen.heading(shown.format(len(enterprises), fmt.day(day, lang)))
    _print_answers(read, told, rows, lang)
    return _commands(name, enterprises, told, day)


def _print_answers(read: Programme, told: list[Determination], rows: list[tuple[str, ...]], lang: str) -> None:
    """Prints the table with its totals, and what must be known to read it."""
    from jarlig.words.catalogue import say
    from jarlig.words.cites import overlay_name, overlay_of
    from jarlig.words.report import match_table

    sources = sorted({source for answer in told for source in answer.samples})
    overlays = [overlay for overlay in (overlay_of(source, read.model) for source in sources) if overlay]
    named = ("、" if lang == "zh" else ", ").join(overlay_name(overlay, lang) for overlay in overlays)
    screen.prose(
        pick("企业均为虚构，金额仅作演示。 / The enterprises are made up: the sums only show how it works.", lang)
    )
    if named:
        screen.prose(pick("所依据的示例文件： / Illustrative documents behind them: ", lang) + named)
    found = match_table(told, lang)
    total = pick("奖补合计 / total of awards", lang)
    head = [
        pick("企业 / enterprise", lang),
        *(say(f"table.{key}", lang) for key in ("offer", "title", "outcome", "amount")),
    ]
    screen.table(head, [*rows, (total, "", "", "", fmt.plain_money(found.total))], [4], totals=1, whole=(1,))
    if found.high is None or found.high > 0:
        high = say("table.unbounded", lang) if found.high is None else fmt.money(found.high, lang)
        said = pick("区间未计入合计，共 {0} 至 {1}。 / Ranges are not in the total; they add up to {0} to {1}.", lang)
        screen.prose(said.format(fmt.money(found.low, lang), high))
    left_out = (
        "转移支付不计入合计。不符合、未开放、未填事实的事项和税收测算未列出。 / "
        "Transfers are not in the total. Left out: what does not apply, is not open, or has no facts; tax information."
    )
    screen.prose(pick(left_out, lang))


def _is_told(answer: Determination) -> bool:
    """Whether an answer is worth a line: a sum, a decision to take, or a range of which most facts were stated."""
    if answer.nature == "inform":
        return False
    if answer.outcome == "range":
        own = answer.plan.offer(answer.question.offer).facts
        stated = sum(answer.facts.plain.get(name) is not None for name in own)
        return 2 * stated > len(own)
    return answer.outcome == "needs_decision" or bool(answer.amount)


def _row(answer: Determination, name: str, lang: str) -> tuple[str, ...]:
    from jarlig.words.catalogue import say

    outcome = say("outcome." + answer.outcome, lang)
    if answer.nature != "award":
        outcome = say("table.nature", lang, outcome=outcome, nature=say("nature." + answer.nature, lang))
    return name, answer.question.offer, answer.title[lang], outcome, _sum(answer)


def _sum(answer: Determination) -> str:
    if answer.amount is not None:
        return fmt.plain_money(answer.amount)
    if answer.outcome == "range" and answer.low is not None and answer.high is not None:
        return f"{fmt.plain_money(answer.low)}–\n{fmt.plain_money(answer.high)}"
    return ""


def _why_nothing(answers: tuple[Determination, ...], lang: str) -> str:
    """Why an enterprise has no line of its own: the conditions that it fails most often."""
    failed = Counter(step.label[lang] for answer in answers for step in answer.refused if step.label[lang])
    if not failed:
        return pick("没有可得的事项 / nothing to get", lang)
    label, _ = failed.most_common(1)[0]
    return pick("不符合条件： / not met: ", lang) + label


def where_facts_end(read: Programme, enterprises: list[Enterprise]) -> int:
    """The latest date in the facts that lies in a guide's window: by then all that they state has happened."""
    guides = read.model.guides.values()
    dates = {day for enterprise in enterprises for day in _dates(enterprise.facts.plain)}
    inside = [day for day in dates if any(guide.start <= day <= guide.end for guide in guides)]
    return max(inside, default=max((guide.start for guide in guides), default=read.model.valid[0]))


def _dates(value: Any) -> Iterator[int]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _dates(item)
    elif isinstance(value, list):
        for item in value:
            yield from _dates(item)
    elif isinstance(value, str) and _DATE.match(value):
        try:
            yield parse_date(value)
        except NumberError:
            return


def _commands(
    name: str, enterprises: list[Enterprise], answers: list[Determination], day: int
) -> list[tuple[str, str]]:
    """One answer in full, for the first enterprise that gets something, and all its answers."""
    files = {id(enterprise.facts): enterprise for enterprise in enterprises}
    first = next((answer for answer in answers if answer.amount), None)
    if first is None:
        return []
    enterprise = files[id(first.facts)]
    place = ["--at", enterprise.at] if enterprise.at else []
    asked = ["--facts", calling.shown(enterprise.file), "--on", day_text(day), *place]
    one = calling.pasteable("determine", name, first.question.offer, *asked)
    return [
        ("每一步的算法和依据 / every step of a sum, and its clause", one),
        ("一家企业的全部事项 / everything for one enterprise", calling.pasteable("match", name, *asked)),
    ]


def _next(name: str, tried: list[tuple[str, str]], lang: str) -> None:
    """Prints commands to go on with."""
    if not name:
        return
    more = [
        *tried,
        ("方案里有什么 / what the programme holds", calling.pasteable("show", name)),
        ("全部命令 / all commands", calling.pasteable("--help")),
    ]
    screen.heading(pick("接下来可以运行 / Try next", lang))
    for about, command in more:
        screen.say(f"  {pick(about, lang)}\n    {command}")
