"""``jarlig determine`` and ``jarlig match``: what an enterprise of these facts gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jarlig.cli import calling, files, help, screen
from jarlig.cli.help import pick
from jarlig.cli.words_beside import Beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jarlig.engines.answer import Determination
    from jarlig.library import Programme

_FACTS = help.option(
    "--facts",
    required=True,
    metavar="FILE",
    help="事实文件，JSON 或 YAML；- 为标准输入（必填） / Facts, JSON or YAML; - for standard input (required).",
)
_ON = help.option("--on", metavar="DATE", help="申请日期，如 2023-06-01；默认今天 / Application date; default: today.")
_GUIDE = help.option(
    "--guide", type=int, metavar="YEAR", help="假设适用该年度指南 / What if that year's guide governed."
)
_AT = help.option("--at", metavar="DIVISION", help="申请地的 6 位区划代码 / Division code of the place, 6 digits.")
_JSON = help.option("--json", "json_", is_flag=True, help="输出 JSON / Print JSON.")


@help.command(
    "determine",
    help="测算一个事项：结论、每一步算法、依据条款、还缺什么。 / "
    "What an enterprise gets under one offer: the answer, every step of the sum, its clause, and what is missing.",
    epilog="例：\n  jarlig determine PROGRAMME OFFER --facts 事实.yaml --on 2023-06-01\n"
    "  cat 事实.json | jarlig determine PROGRAMME OFFER --facts - --json / "
    "Examples:\n  jarlig determine PROGRAMME OFFER --facts facts.yaml --on 2023-06-01\n"
    "  cat facts.json | jarlig determine PROGRAMME OFFER --facts - --json",
)
@click.argument("programme")
@click.argument("offer")
@_FACTS
@_ON
@_GUIDE
@_AT
@help.option("--history", metavar="FILE", help="以往获得的奖补（清单） / Earlier awards, a list.")
@help.option("--notice", metavar="FILE", help="公文原文，在各步旁显示原文 / The notice's text, to show its own words.")
@_JSON
@help.option("--trace", is_flag=True, help="列出每一步的取值 / List the value of every step.")
def determine(
    lang: str, programme: str, offer: str, facts: str, on: str | None, guide: int | None, at: str | None,
    history: str | None, notice: str | None, json_: bool, trace: bool,
) -> None:  # fmt: skip
    """Prints the answer for one offer."""
    from jarlig.library import load

    with screen.waiting(pick("测算中 / determining", lang)):
        read = load(programme)
        beside = Beside.of(read.model, notice, lang)
        case = files.facts(facts, lang)
        earlier = files.history(history, lang) if history is not None else None
        answer = read.determine(offer, case, on=on, guide=guide, at=at, history=earlier)
    if json_:
        screen.print_json(as_json(answer, lang))
        return
    from jarlig.words.explain import explain

    spans = beside.spans(read.model.offers[offer])
    screen.say(explain(answer, lang, spans, screen.columns()).rstrip("\n"))
    if trace:
        from jarlig.cli.trace import print_trace

        print_trace(answer, lang, spans or {})
    place = ["--at", at] if at is not None else []
    _hint(read, answer, ["determine", programme, offer, "--facts", facts, *place], lang)


@help.command(
    "match",
    help="测算方案的全部事项，列成一张表。 / What an enterprise gets under every offer of a programme, in one table.",
    epilog="例：\n  jarlig match PROGRAMME --facts 事实.yaml --on 2023-06-01 / "
    "Example:\n  jarlig match PROGRAMME --facts facts.yaml --on 2023-06-01",
)
@click.argument("programme")
@_FACTS
@_ON
@_GUIDE
@_AT
@_JSON
def match(
    lang: str, programme: str, facts: str, on: str | None, guide: int | None, at: str | None, json_: bool
) -> None:
    """Prints the answers for all offers."""
    from jarlig.ladder.dates import day_text
    from jarlig.library import day_of, load

    with screen.waiting(pick("测算中 / determining", lang)):
        read = load(programme)
        case = files.facts(facts, lang)
        answers = read.match(case, on=on, guide=guide, at=at)
    if json_:
        listed = [as_json(answer, lang) for answer in answers]
        screen.print_json({"programme": read.name, "on": day_text(day_of(on)), "answers": listed})
        return
    print_match(answers, lang)
    if answers and all(answer.outcome in ("lapsed", "closed") for answer in answers):
        place = ["--at", at] if at is not None else []
        _hint(read, answers[0], ["match", programme, "--facts", facts, *place], lang)


def print_match(answers: Sequence[Determination], lang: str) -> None:
    """Prints the answers side by side with their totals, and what they hold for."""
    from jarlig.words import fmt, matching
    from jarlig.words.report import match_table

    for line in matching.head(answers, lang):
        screen.prose(fmt.sentence(line, lang))
    screen.say()
    found = match_table(answers, lang)
    rows = [list(row) for row in (*found.rows, *found.totals)]
    screen.table(list(found.columns), rows, [3], totals=len(found.totals))
    for note in (*found.notes, *matching.notes(answers, lang)):
        screen.prose(fmt.sentence(note, lang))


def as_json(answer: Determination, lang: str) -> dict[str, Any]:
    """The answer with its receipt, as programs read it."""
    from jarlig.words import receipts
    from jarlig.words.report import as_json as reported

    return reported(answer, lang, receipts.make(answer))


def _hint(read: Programme, answer: Determination, asked: list[str], lang: str) -> None:
    """After "lapsed" or "closed": how to ask for a day on which the answer would be a figure."""
    if answer.outcome not in ("lapsed", "closed"):
        return
    day = open_day(read, answer.question.offer)
    if day:
        screen.say()
        screen.prose(pick("用 --on 指定开放期内的申请日期： / To ask for a day when it was open, use --on:", lang))
        screen.say("  " + calling.pasteable(*asked, "--on", day))


def open_day(read: Programme, offer: str) -> str:
    """The first day of the latest window in which a guide opened an offer; empty when none ever did."""
    from jarlig.ladder.dates import day_text

    for year in sorted(read.model.guides, reverse=True):
        guide = read.model.guides[year]
        ladder = read.desk.plans.plan(guide.start, year).ladder(offer)
        if ladder.state == "open":
            return day_text((ladder.window or (guide.start, guide.end))[0])
    return ""
