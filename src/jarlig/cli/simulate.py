"""``jarlig simulate``: two sets of rules over the same cases, as a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jarlig.cli import files, help, screen
from jarlig.cli.help import pick
from jarlig.cli.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jarlig.engines.sql.running import Files
    from jarlig.whatif.compared import Comparison

_ALL = "all"
_EXAMPLES = (
    "  jarlig simulate PROGRAMME rules reform.yaml --cases cases.csv \\\n      --out report.html\n"
    "  jarlig simulate PROGRAMME 2023 2024 --cases cases.csv \\\n      --out report.html --data report.xlsx"
)


@help.command(
    "simulate",
    help="比较两组规则：同样的案例各花多少、谁增谁减、资金池够不够，写成一份报告。\n\n"
    "A 和 B 各写作：rules（现行规则）、2023（该年度指南）、改革文件 .yaml、at:150200（都在该地申报），或用 + 连接。 / "
    "Compares two sets of rules over the same cases: what each costs, who gains and loses, whether pools suffice; as a "
    "report.\n\n"
    "A and B are each: rules (as they stand), 2023 (the guide of that year), a reform file .yaml, at:150200 (as if all "
    "applied there), or several joined by +.",
    epilog=f"例：\n{_EXAMPLES} / Examples:\n{_EXAMPLES}",
)
@click.argument("programme")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@help.option("--offer", "offers", multiple=True, metavar="ID", help="事项，可多次；默认全部 / Offers; all by default.")
@help.option("--cases", required=True, metavar="FILE", help="案例表（必填） / The table of cases (required).")
@help.option("--rows", multiple=True, metavar="NAME=FILE", help="明细表，可多次 / A table of rows; repeatable.")
@help.option("--history", metavar="FILE", help="获奖台账 / The table of earlier awards.")
@help.option("--on", metavar="DATE", help="表中没有申请日期时用 / Application date, if the table has none.")
@help.option("--out", required=True, metavar="REPORT", help="报告（.html，必填） / The report (.html, required).")
@help.option("--data", metavar="FILE", help="报告数据：.json .xlsx .parquet / The report as data.")
@help.option("--rejects", metavar="FILE", help="无法使用的行写到哪里 / Where rows put aside are written.")
@help.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="引擎 / The engine.")
@help.option("--master", metavar="URL", help="Spark 集群，默认 local[*] / The Spark cluster; local[*] by default.")
@help.option("--memory", type=click.IntRange(256), metavar="MIB", help="DuckDB 的内存上限 / Memory for DuckDB, in MiB.")
@help.option("--json", "json_", is_flag=True, help="输出 JSON / Print JSON.")
def simulate(
    lang: str, programme: str, before: str, after: str, offers: Sequence[str], cases: str, rows: Sequence[str],
    history: str | None, on: str | None, out: str, data: str | None, rejects: str | None, engine: str,
    master: str | None, memory: int | None, json_: bool,
) -> None:  # fmt: skip
    """Compares and writes the report."""
    from jarlig.cli.run import engine_of, tables_of
    from jarlig.engines.sql.running import Files
    from jarlig.library import day_of, load
    from jarlig.whatif.data import as_json, check_ending, write
    from jarlig.whatif.page import render
    from jarlig.whatif.simulate import side_of, simulate as compare

    if Path(out).suffix.lower() not in (".html", ".htm"):
        raise Trouble(f"报告应为 .html 文件，实为“{out}”", f"the report is an .html file, not “{out}”")
    read = load(programme)
    paths = Files(
        Path(cases), Path(out), {name: Path(file) for name, file in tables_of("--rows", rows)},
        Path(history) if history else None, Path(rejects) if rejects else None,
    )  # fmt: skip
    if data is not None:
        check_ending(Path(data))
    _not_over(paths, data, before, after)
    sides = side_of(before, read.model), side_of(after, read.model)
    chosen = tuple(read.offers) if not offers or _ALL in offers else tuple(dict.fromkeys(offers))
    made = engine_of(engine, master, memory)
    with screen.progress(pick("政策模拟 / comparing", lang), None) as tick:
        day = None if on is None else day_of(on)
        found = compare(read.model, sides, chosen, paths, day, made, lambda words: tick(words[lang]))
    files.write_whole(out, render(found, lang))
    if data is not None:
        write(found, Path(data))
    if json_:
        screen.print_json(as_json(found))
        return
    _say(found, paths, data, lang)


def _not_over(paths: Files, data: str | None, *sides: str) -> None:
    """Nothing that is read is written over."""
    read = {path.resolve() for path in paths.inputs.values()}
    read |= {Path(part).resolve() for side in sides for part in (side, *side.split("+"))}
    for name in (str(paths.out), data, str(paths.rejects_or_default)):
        if name is not None and Path(name).resolve() in read:
            raise Trouble("报告不能写在输入的文件上", "the report cannot be written over what is read")


def _say(found: Comparison, paths: Files, data: str | None, lang: str) -> None:
    """The comparison in a small table: both costs by offer, and who gains and loses."""
    from jarlig.cli.calling import shown
    from jarlig.words.fmt import plain_money

    def signed(fen: int) -> str:
        return ("+" if fen > 0 else "") + plain_money(fen)

    screen.heading(found.title[lang])
    for name, side in zip("AB", found.sides, strict=True):
        screen.prose(f"{name}  {side.name[lang]}", "", "   ")
        for warning in side.warnings:
            screen.prose("! " + pick(f"{warning.zh}。 / {warning.en}.", lang), "   ", "     ")
    screen.say()
    text = (
        "事项,A（元）,B（元）,差额,未定 / "
        "Offer,A (CNY),B (CNY),Difference,Unknown"
    )
    rows = []
    for key, figures in (*((line.key, line.figures) for line in found.offers), ("", found.total)):
        name = key or pick("合计 / Total", lang)
        sums = [plain_money(figures.cost[0]), plain_money(figures.cost[1]), signed(figures.difference)]
        one, other = figures.open
        rows.append([name, *sums, f"{one:,}" if one == other else f"{one:,} → {other:,}"])
    screen.table(pick(text, lang).split(","), rows, [1, 2, 3, 4], totals=1)
    screen.say()
    gain, lose, even = found.winners, found.losers, found.even
    screen.prose(
        pick(
            f"{found.cases:,} 个案例：{gain.cases:,} 个增加（{signed(gain.change)}），{lose.cases:,} 个减少"
            f"（{signed(lose.change)}），{even.cases:,} 个不变 / "
            f"Cases: {found.cases:,}; gain: {gain.cases:,} ({signed(gain.change)}); lose: {lose.cases:,} "
            f"({signed(lose.change)}); unchanged: {even.cases:,}",
            lang,
        )
    )
    for line in found.pools_that_differ:
        a, b = (plain_money(fen) for fen in line.paid)
        screen.prose(
            pick(
                f"资金池 {line.pool}（{line.year}年）：分配后可支付 {a} → {b} 元 / "
                f"Pool {line.pool} of {line.year}: paid after sharing, CNY {a} → {b}",
                lang,
            )
        )
    if found.left_out:
        where = shown(paths.rejects_or_default)
        screen.prose(
            pick(
                f"✕ {found.left_out:,} 个案例无法使用，原因见 {where} / "
                f"✕ cases that cannot be used: {found.left_out:,}; the reasons: {where}",
                lang,
            )
        )
    if found.samples:
        zh, en = "、".join(words.zh for words in found.samples), "; ".join(words.en for words in found.samples)
        screen.prose(pick(f"示例文件，不是政府文件：{zh} / Illustrative, not government documents: {en}", lang))
    screen.prose(pick(f"报告：{shown(paths.out)} / Report: {shown(paths.out)}", lang))
    if data is not None:
        screen.prose(pick(f"数据：{data} / Data: {data}", lang))
