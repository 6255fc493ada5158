"""``jarlig ask``: a few questions, and what an enterprise can get under every offer of a programme."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from jarlig.cli import files, help, screen
from jarlig.cli.help import pick
from jarlig.policy.messages import Place, PolicyError, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jarlig.asking import Interview, Question, Result
    from jarlig.library import Programme

_RESULT, _BACK, _MORE = ("结果", "结束", "result", "quit"), ("上一题", "back"), ("继续", "more")
_HOW = (
    "逐题回答；不清楚直接按回车。写“结果”看结果，写“上一题”返回。 / "
    "Answer each question; press Enter where you do not know. “result” shows the result, “back” goes back."
)
_FIRST = (
    "已可给出初步结果：按回车查看；写“继续”可再回答几题，缩小区间。 / "
    "Enough for a first result: press Enter to see it, or write “more” to go on and narrow it."
)


@help.command(
    "ask",
    help="测算问答：回答几个问题，得出各事项可得多少、还缺什么、下一步做什么。每行一个回答，也可由管道输入。 / "
    "Check and estimate: from a few answers to what each offer comes to, what is missing and what to do next. One "
    "answer a line, from a pipe too.",
    epilog="例：\n  jarlig ask PROGRAMME --on 2023-06-15\n  jarlig ask PROGRAMME --answers 问答.json --json / "
    "Examples:\n  jarlig ask PROGRAMME --on 2023-06-15\n  jarlig ask PROGRAMME --answers session.json --json",
)
@click.argument("programme")
@help.option("--on", metavar="DATE", help="申请日期，如 2023-06-15；默认今天 / Application date; default: today.")
@help.option("--at", metavar="DIVISION", help="申请地的 6 位区划代码 / Division code of the place, 6 digits.")
@help.option(
    "--answers",
    metavar="FILE",
    help="接着以前保存的问答，直接给出结果 / A session saved before: its result, no questions.",
)
@help.option("--save", metavar="FILE", help="把问答保存为 JSON / Save the session as JSON.")
@help.option("--json", "json_", is_flag=True, help="输出 JSON / Print JSON.")
def ask(
    lang: str, programme: str, on: str | None, at: str | None, answers: str | None, save: str | None, json_: bool
) -> None:
    """Asks, and prints what comes of it."""
    from jarlig.asking import Interview, from_json
    from jarlig.library import load

    with screen.waiting(pick("读取方案 / reading the programme", lang)):
        read = load(programme)
        if answers is None:
            interview = Interview.begin(read, on, at)
        else:
            _alone(on, at)
            interview = from_json(read, files.contents(answers, lang))
    if answers is None:
        interview = _asked(interview, lang, quiet=json_)
    if save is not None:
        import json

        from jarlig.asking import to_json

        files.write_whole(save, json.dumps(to_json(interview), ensure_ascii=False, indent=1) + "\n")
    if json_:
        screen.print_json(as_json(interview, lang))
    else:
        _print(read, interview, lang)


def _alone(on: str | None, at: str | None) -> None:
    if on is not None or at is not None:
        from jarlig.cli.trouble import Trouble

        raise Trouble(
            "--answers 已记有日期和地点，不能再给 --on 或 --at",
            "--answers holds its day and place already: leave --on and --at out",
        )


def _asked(interview: Interview, lang: str, quiet: bool) -> Interview:
    """The session with answers from the terminal or the pipe, until enough is known or the person has enough."""
    typed = _lines()
    terminal = sys.stdin.isatty()
    wished = not terminal
    if terminal:
        screen.prose(pick(_HOW, lang))
    while (question := interview.next_question()) is not None:
        if not wished and interview.enough():
            screen.say()
            screen.prose(pick(_FIRST, lang))
            if _line(typed, "> ") not in _MORE:
                return interview
            wished = True
        if not quiet:
            _show(question, len(interview.answers) + 1, lang)
        text = _line(typed, "> " if terminal else "")
        if text is None or text.strip().lower() in _RESULT:
            return _ended(interview, question, text, terminal)
        if text.strip().lower() in _BACK:
            interview = interview.forget(list(interview.answers)[-1]) if interview.answers else interview
            continue
        try:
            interview = interview.answer(question.id, text if text.strip() else None)
        except PolicyError as error:
            if not terminal:
                raise
            screen.prose(error.problems[0].zh if lang == "zh" else error.problems[0].en)
    return interview


def _ended(interview: Interview, question: Question, text: str | None, terminal: bool) -> Interview:
    """What is known when no more is said; a pipe that ends too early, before a first result, is told."""
    if text is None and not terminal and not interview.enough():
        title = question.title
        raise PolicyError((problem("E974", Place("<stdin>", len(interview.answers) + 1, 0), "", title=title),))
    return interview


def _lines() -> Iterator[str]:
    source = sys.stdin
    while line := source.readline(4_096):
        yield line.rstrip("\r\n")


def _line(typed: Iterator[str], prompt: str) -> str | None:
    if prompt:
        click.echo(prompt, nl=False)
    return next(typed, None)


def _show(question: Question, number: int, lang: str) -> None:
    from jarlig.words import fmt

    screen.heading(f"{number}. {question.title[lang]}")
    for at, option in enumerate(question.options, 1):
        name = f"{option.id} " if question.kind == "offers" else ""
        screen.prose(f"{at}. {name}{option.title[lang]}", "   ", "      ")
    if question.hint[lang]:
        screen.prose(question.hint[lang], "   ")
    if question.kind == "offers":
        return
    for effect in question.effects[:3]:
        why = effect.why[lang] or effect.rule[lang]
        screen.prose(f"· {effect.offer}：{why}{effect.clause[lang]}" if lang == "zh"
                     else f"· {effect.offer}: {why} {effect.clause[lang]}", "   ", "     ")  # fmt: skip
    if question.worth:
        worth = fmt.money(question.worth, lang)
        screen.prose(pick(f"最多影响{worth} / It can change up to {worth}", lang), "   ")


def _print(read: Programme, interview: Interview, lang: str) -> None:
    from jarlig.words import fmt

    screen.heading(read.title[lang])
    results = [one for one in interview.results() if one.nature != "transfer" and interview.wanted(one.offer)]
    head = [
        pick(text, lang) for text in ("编号 / offer", "事项 / title", "可得金额（元） / sum (CNY)", "下一步 / next")
    ]
    rows = [[one.offer, one.title[lang], sum_of(one, lang), one.next[lang]] for one in results]
    screen.table(head, rows, [2])
    total = interview.total()
    ends = (
        f"{fmt.plain_money(total.low)}–{fmt.plain_money(total.high)}"
        if total.low != total.high
        else fmt.plain_money(total.low)
    )
    screen.prose(pick(f"合计（可同时获得）：{ends}元 / Together, as far as all can be got: CNY {ends}", lang))
    for left in total.unsummed:
        stop = "：" if lang == "zh" else ": "
        screen.prose(f"{fmt.listed(list(left.offers), lang)}{stop}{left.says[lang]}", "  · ", "    ")
    screen.prose(pick("本结果为测算，不代表批准。 / An estimate, not an approval.", lang))


def sum_of(one: Result, lang: str) -> str:
    """What an offer comes to, or why it has no figure."""
    from jarlig.words import catalogue, fmt

    if one.low is None:
        return catalogue.say("outcome." + one.outcome, lang)
    if one.low == one.high:
        return fmt.plain_money(one.low)
    top = catalogue.say("table.unbounded", lang) if one.high is None else fmt.plain_money(one.high)
    return f"{fmt.plain_money(one.low)}–\n{top}"


def as_json(interview: Interview, lang: str) -> dict[str, object]:
    """The session, its results and the question that comes next, as programs read them."""
    from jarlig.asking import to_json
    from jarlig.ladder.numbers import format_money

    def yuan(fen: int | None) -> str | None:
        return None if fen is None else format_money(fen)

    total, question = interview.total(), interview.next_question()
    return {
        "session": to_json(interview),
        "enough": interview.enough(),
        "next": None if question is None else {"question": question.id, "title": question.title[lang]},
        "results": [
            {
                "offer": one.offer,
                "title": one.title[lang],
                "outcome": one.outcome,
                "settled": one.settled,
                "low": yuan(one.low),
                "high": yuan(one.high),
                "says": one.says[lang],
                "missing": list(one.missing),
                "next": one.next[lang],
                "closes": None if one.closes is None else one.closes.isoformat(),
            }
            for one in interview.results()
        ],
        "total": {
            "determined": yuan(total.determined),
            "low": yuan(total.low),
            "high": yuan(total.high) if total.bounded else None,
            "unsummed": [{"offers": list(one.offers), "says": one.says[lang]} for one in total.unsummed],
        },
    }
