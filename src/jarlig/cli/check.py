"""``jarlig check`` and ``jarlig test``: whether a programme says what it must, and gives the figures of its cases."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from jarlig.cli import files, help, screen
from jarlig.cli.help import pick
from jarlig.cli.trouble import colourful
from jarlig.policy.messages import PolicyError, Problem

if TYPE_CHECKING:
    from jarlig.engines.cases import CaseReport
    from jarlig.engines.findings import CheckReport
    from jarlig.library import Programme

#: How a property stands, in the order in which it is counted.
_STATUS = {
    "proved": "已证明 / proved",
    "not_proved": "未能证明 / not proved",
    "refuted": "有反例 / refuted",
}


@help.command(
    "check",
    help="校验方案：名称、类型、限额、分档、标签、证明材料，能证明的逐项证明，算例一并运行；给出公文原文则逐条比对。"
    "加 --prove 则由求解器对全部事实逐项证明，不成立的给出反例。 / "
    "Check a programme: names, kinds, ceilings, bands, labels and evidence, what can be proved is proved, the worked "
    "cases are run; with the notice's text, every clause is compared. With --prove a solver proves each property for "
    "all facts, and shows a case where one does not hold.",
    epilog="例：\n  jarlig check PROGRAMME --prove\n  jarlig check ./我的方案 --notice 原文.txt / "
    "Examples:\n  jarlig check PROGRAMME --prove\n  jarlig check ./my-programme --notice notice.txt",
)
@click.argument("programme")
@help.option("--notice", metavar="FILE", help="公文原文 / The notice's text.")
@help.option("--save", metavar="FILE", help="把反例写成算例文件 / Write the counterexamples as a file of cases.")
@help.option(
    "--prove", is_flag=True, help="由求解器逐项证明（需要 jarlig[prove]） / Prove by a solver (needs jarlig[prove])."
)
@help.option(
    "--seconds", metavar="N", type=click.FloatRange(0, 3_600), default=5.0, show_default=False,
    help="每项性质最多用几秒，默认 5 / Seconds for each property, 5 when not given.",
)  # fmt: skip
def check(lang: str, programme: str, notice: str | None, save: str | None, prove: bool, seconds: float) -> int:
    """Prints what is wrong, doubtful and proven; exit code 1 when something is wrong."""
    from jarlig.engines.check import check as checked

    if prove:
        from jarlig.tabular.formats import needed

        needed("z3", "prove")
    read = _read(programme, lang)
    if read is None:
        return 1
    text = files.text(notice, lang) if notice is not None else None
    try:
        with screen.progress(pick("校验 / checking", lang), None) as tick:
            report = checked(read.model, text, notice or "notice", tick, seconds if prove else None)
    except PolicyError as error:
        return _unreadable(error, lang)
    for problem in (*report.problems, *report.warnings):
        show_problem(problem, lang)
    if save is not None and report.cases_text:
        files.write_whole(save, report.cases_text)
        screen.say(pick("反例已写入 / counterexamples written: ", lang).rstrip() + f" {save}")
    screen.say(summary(read, report, lang))
    return 0 if report.ok else 1


@help.command(
    "test",
    help="运行方案的算例（cases/*.yaml），逐个比对结论和金额。 / "
    "Run the worked cases of a programme (cases/*.yaml) and compare every outcome and figure.",
    epilog="例：\n  jarlig test PROGRAMME\n  jarlig test ./我的方案 / "
    "Examples:\n  jarlig test PROGRAMME\n  jarlig test ./my-programme",
)
@click.argument("programme")
def test(lang: str, programme: str) -> int:
    """Prints the cases that fail and how many passed; exit code 1 when one fails or there is none."""
    from jarlig.engines.cases import run_cases

    read = _read(programme, lang)
    if read is None:
        return 1
    try:
        with screen.progress(pick("算例 / cases", lang), None) as tick:
            report = run_cases(read.model, lambda name, held: tick(name), read.desk)
    except PolicyError as error:
        return _unreadable(error, lang)
    for problem in report.problems:
        show_problem(problem, lang)
    screen.say(cases_line(report, lang))
    return 0 if report.run and not report.failed else 1


def show_problem(problem: Problem, lang: str) -> None:
    """Prints a problem with its line of the file."""
    screen.say(problem.render("zh" if lang == "zh" else "en", colourful(sys.stdout)))


def cases_line(report: CaseReport, lang: str) -> str:
    """How the cases went, in one line."""
    if not report.run:
        return pick("没有算例（cases/*.yaml） / no worked cases (cases/*.yaml)", lang)
    if not report.failed:
        return pick(f"算例 {report.run} 个，全部通过 / {report.run} worked cases, all passed", lang)
    failed = ", ".join(report.failed)
    counts = f"{report.passed}", f"{len(report.failed)}"
    return pick(
        "算例：{0} 个通过，{1} 个不符（{2}） / worked cases: {0} passed, {1} failed ({2})".format(*counts, failed), lang
    )


def summary(read: Programme, report: CheckReport, lang: str, brief: bool = False) -> str:
    """What the check comes to, in a few lines; ``brief`` leaves out which properties are not proved."""
    found = Counter(finding.status for finding in report.findings)
    shown = {status: words for status, words in _STATUS.items() if found[status] or report.solver}
    proofs = [f"{pick(words, lang)} {found[status]}" for status, words in shown.items()]
    if report.solver and found["refuted"] > 1:  # one counterexample serves every guide and place that shares it
        proofs[-1] += pick("（相同的只列一次） / (those alike are told once)", lang)
    lines = [
        pick(
            f"事项 {len(read.offers)} 个，编译 {report.ladders} 种组合 / "
            f"offers: {len(read.offers)}, combinations of guide and place: {report.ladders}",
            lang,
        )
    ]
    if proofs:
        about = "性质（求解器）： / properties (by solver): " if report.solver else "性质： / properties: "
        lines.append(pick(about, lang) + ("，" if lang == "zh" else ", ").join(proofs))
    unproved = [finding for finding in report.findings if finding.status == "not_proved"]
    if not brief:
        between = "：" if lang == "zh" else ": "
        lines += [f"  ? {finding.offer}{finding.where[lang]}{between}{finding.says[lang]}" for finding in unproved]
    if report.cases is not None:
        lines.append(cases_line(report.cases, lang))
    counts = f"{len(report.problems)}", f"{len(report.warnings)}"
    verdict = "✓ 校验通过，{1} 条提醒 / ✓ the check passed, warnings: {1}"
    if not report.ok:
        verdict = "✕ 校验未通过：{0} 处错误，{1} 条提醒 / ✕ the check failed, errors: {0}, warnings: {1}"
    return "\n".join([*lines, pick(verdict.format(*counts), lang)])


def _read(programme: str, lang: str) -> Programme | None:
    """The programme; None, with its problems printed, when its files cannot be read: finding that out was the task."""
    from jarlig.library import folder_of, load

    folder = folder_of(programme)
    try:
        return load(folder)
    except PolicyError as error:
        _unreadable(error, lang)
        return None


def _unreadable(error: PolicyError, lang: str) -> int:
    for problem in error.problems:
        show_problem(problem, lang)
    count = len(error.problems)
    screen.say(pick(f"✕ 方案无法读取：{count} 处错误 / ✕ the programme cannot be read, errors: {count}", lang))
    return 1
