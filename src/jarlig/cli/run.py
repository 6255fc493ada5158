"""``jarlig run``: what every case of a table gets."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jarlig.cli import files, help, screen
from jarlig.cli.help import pick
from jarlig.cli.trouble import Trouble
from jarlig.policy.messages import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jarlig.engines.sql.running import Engine, Files, Options, Report
    from jarlig.library import Programme

_ALL = "all"


@help.command(
    "run",
    help="批量测算：数据表中每个案例各得多少，与单个测算分毫不差。 / "
    "What every case of a table gets, to the same fen as one case would.",
    epilog="例：\n  jarlig run PROGRAMME --cases cases.parquet --out answer.parquet \\\n"
    "      --rows NAME=rows.parquet --history history.csv\n"
    "  jarlig run PROGRAMME --again answer.manifest.json / "
    "Examples:\n  jarlig run PROGRAMME --cases cases.parquet --out answer.parquet \\\n"
    "      --rows NAME=rows.parquet --history history.csv\n"
    "  jarlig run PROGRAMME --again answer.manifest.json",
)
@click.argument("programme")
@help.option("--offer", "offers", multiple=True, metavar="ID", help="事项，可多次；默认全部 / Offers; all by default.")
@help.option("--cases", metavar="FILE", help="案例表：.parquet .csv .xlsx .arrow / The table of cases.")
@help.option("--rows", multiple=True, metavar="NAME=FILE", help="明细表，可多次 / A table of rows; repeatable.")
@help.option("--history", metavar="FILE", help="获奖台账 / The table of earlier awards.")
@help.option("--paid", multiple=True, metavar="NAME=FILE", help="已付的单据，用于查重 / Keys paid before, to be told.")
@help.option("--out", metavar="FILE", help="结果表 / The table of answers.")
@help.option("--rejects", metavar="FILE", help="无法使用的行写到哪里 / Where rows put aside are written.")
@help.option("--on", metavar="DATE", help="表中没有申请日期时用 / Application date, if the table has none.")
@help.option("--guide", type=int, metavar="YEAR", help="假设适用该年度指南 / What if that year's guide governed.")
@help.option("--steps", is_flag=True, help="每一步一列（仅一个事项） / A column for every step (one offer only).")
@help.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="引擎 / The engine.")
@help.option("--master", metavar="URL", help="Spark 集群，默认 local[*] / The Spark cluster; local[*] by default.")
@help.option("--memory", type=click.IntRange(256), metavar="MIB", help="DuckDB 的内存上限 / Memory for DuckDB, in MiB.")
@help.option("--again", metavar="MANIFEST", help="按清单重算并比对 / Run again from a manifest and compare.")
@help.option("--json", "json_", is_flag=True, help="输出 JSON / Print JSON.")
def run(
    lang: str, programme: str, offers: Sequence[str], cases: str | None, rows: Sequence[str], history: str | None,
    paid: Sequence[str], out: str | None, rejects: str | None, on: str | None, guide: int | None, steps: bool,
    engine: str, master: str | None, memory: int | None, again: str | None, json_: bool,
) -> int:  # fmt: skip
    """Runs the cases of a table; exit code 0 when it ran, 1 when a manifest is not come to again."""
    from jarlig.engines.sql.running import Files, Options
    from jarlig.library import day_of, load

    read = load(programme)
    made = engine_of(engine, master, memory)
    if again is not None:
        return _again(read, again, made, lang, json_)
    if cases is None or out is None:
        raise Trouble("须给出 --cases 和 --out", "give --cases and --out")
    chosen = tuple(read.offers) if not offers or _ALL in offers else tuple(dict.fromkeys(offers))
    if steps and len(chosen) != 1:
        raise Trouble("--steps 只能用于一个事项，请加 --offer", "--steps goes with one offer; add --offer")
    paths = Files(
        Path(cases), Path(out), {name: Path(file) for name, file in tables_of("--rows", rows)},
        Path(history) if history else None, Path(rejects) if rejects else None,
        {name: Path(file) for name, file in tables_of("--paid", paid)},
    )  # fmt: skip
    report = _ran(read, chosen, paths, Options(None if on is None else day_of(on), guide, steps), made, lang)
    from jarlig.engines.sql.running import manifest_text
    from jarlig.words.gates import gate_words

    manifest, told = paths.manifest, {**report.manifest, "refused": gate_words(report.asked)}
    files.write_whole(str(manifest), manifest_text(told))
    if json_:
        screen.print_json(told)
        return 0
    _say(read, report, paths, manifest, lang)
    return 0


def tables_of(option: str, given: Sequence[str]) -> list[tuple[str, str]]:
    """Names and files of texts ``NAME=FILE``, as an option gives them."""
    found: list[tuple[str, str]] = []
    for text in given:
        name, cut, file = text.partition("=")
        if not cut or not name or not file:
            raise Trouble(f"{option} 应写作 名称=文件，实为“{text}”", f"{option} is written NAME=FILE, not “{text}”")
        if any(name == known for known, _ in found):
            raise Trouble(f"{option} {name} 给了两次", f"{option} {name} is given twice")
        found.append((name, file))
    return found


def engine_of(name: str, master: str | None, memory: int | None) -> Engine:
    """What makes the engine of that name."""
    from jarlig.engines.sql.duck import MEMORY_MIB
    from jarlig.engines.sql.running import duckdb

    if name == "duckdb":
        if master is not None:
            raise Trouble("--master 只用于 --engine spark", "--master goes with --engine spark")
        return duckdb(memory or MEMORY_MIB)
    from jarlig.engines.sql.spark import SparkBackend

    return lambda folder, paths: SparkBackend(folder, paths, master or "local[*]")


def _ran(
    read: Programme, offers: Sequence[str], paths: Files, options: Options, engine: Engine, lang: str
) -> Report:
    from jarlig.engines.sql.running import run as run_files

    with screen.progress(pick("批量测算 / running", lang), None) as tick:
        return run_files(read.model, offers, paths, options, engine, lambda words: tick(words[lang]))


def _again(read: Programme, manifest: str, engine: Engine, lang: str, json_: bool) -> int:
    """Runs a manifest's run once more beside its answer, and compares; its files are named from its own folder."""
    from jarlig.engines.sql.running import Files, Options, differences, workplace
    from jarlig.library import day_of

    then = _manifest_of(manifest, lang)
    folder = Path(manifest).parent.resolve()
    tables = {name: folder / entry["file"] for name, entry in then["inputs"].items()}
    rows, paid = ({n.partition(" ")[2]: path for n, path in tables.items() if n.startswith(kind)}
                  for kind in ("rows ", "paid "))  # fmt: skip
    history, cases, answer = tables.get("history"), tables["cases"], Path(then["answer"]["file"])
    offers, guide = then["offers"], then["guide"]
    on = None if then["on"] is None else day_of(then["on"])
    with workplace(Path(manifest)) as place:
        paths = Files(cases, place / f"again{answer.suffix}", rows, history, None, paid)
        report = _ran(read, offers, paths, Options(on, guide), engine, lang)
    found = differences(then, report.manifest, folder)
    if json_:
        screen.print_json({"same": not found, "differences": [{"zh": w.zh, "en": w.en} for w in found]})
    elif found:
        for words in found:
            screen.prose("✕ " + words[lang])
    else:
        screen.prose(
            pick(
                "✓ 重算一致：每个案例的结论和金额相同，结果文件未经改动 / "
                "✓ the same again: outcome and sums of every case, and the file is as it was written",
                lang,
            )
        )
    return 1 if found else 0


def _manifest_of(name: str, lang: str) -> dict[str, Any]:
    """A manifest with all that is needed to run again and to compare: told before the work, not after it."""
    from jarlig.engines.sql.manifests import fault_of

    try:
        found: dict[str, Any] = json.loads(files.contents(name, lang))
    except ValueError as error:
        raise Trouble(f"{name} 不是运行清单", f"{name} is no manifest of a run") from error
    fault = visible(fault_of(found))
    if fault:
        raise Trouble(
            f"{name} 不是完整的运行清单：“{fault}”缺失或有误",
            f"{name} is no manifest of a run, or not a whole one: “{fault}” is missing or wrong",
        )
    return found


def _say(read: Programme, report: Report, paths: Files, manifest: Path, lang: str) -> None:
    """The run in a table: a row for each offer."""
    from jarlig.cli.calling import shown
    from jarlig.words.catalogue import say

    heads = pick("事项,获得,金额（元）,其他结论 / Offer,Awards,Amount (CNY),Other outcomes", lang).split(",")
    rows, total, awards = [], Decimal(0), 0
    told_of = {line.offer for line in report.lines}
    for offer in (offer for offer in read.offers if offer in told_of):
        mine = {line.outcome: line for line in report.lines if line.offer == offer}
        award = mine.pop("award", None)
        listed = sorted(mine.items(), key=lambda item: -item[1].cases)
        others = [f"{say(f'outcome.{outcome}', lang)} {line.cases:,}" for outcome, line in listed]
        sum_ = award.amount if award and award.amount is not None else Decimal(0)
        told = read.offers[offer].nature != "inform"
        if told:
            awards, total = awards + (award.cases if award else 0), total + sum_
        note = "" if told else "（参考）" if lang == "zh" else " (information)"
        cells = "；" if lang == "zh" else "; "
        rows.append([f"{offer}{note}", f"{award.cases if award else 0:,}", f"{sum_:,.2f}", cells.join(others)])
    rows.append([pick("合计 / Total", lang), f"{awards:,}", f"{total:,.2f}", ""])
    screen.heading(f"{read.title[lang]}")
    cases = f"{report.cases:,}"
    screen.prose(pick(f"测算 {cases} 个案例 / Cases answered: {cases}", lang))
    screen.say()
    screen.table(heads, rows, [1, 2], totals=1)
    screen.say()
    if report.rejects:
        count, where = f"{report.rejects:,}", shown(paths.rejects_or_default)
        out = f"{report.left_out:,}"
        screen.prose(
            pick(
                f"✕ 有 {count} 行无法使用，{out} 个案例未测算，原因见 {where} / "
                f"✕ rows that cannot be used: {count}; cases left out: {out}; the reasons: {where}",
                lang,
            )
        )
    if report.repeated:
        count, where = f"{report.repeated:,}", shown(paths.repeated)
        screen.prose(
            pick(
                f"! 有 {count} 行单据与其他案例重复或已经付过，金额未作扣减，请核实：{where} / "
                f"! rows whose document stands in another case or was paid before: {count}; no sum was "
                f"changed, they are for you to judge: {where}",
                lang,
            )
        )
    for name, offers in report.shared:
        screen.prose(
            pick(
                f"! 明细 {name} 没有 for 列，同一行在 {'、'.join(offers)} 下各计一次；一张单据只能用于一个事项 / "
                f"! the rows of {name} have no column “for”, so {', '.join(offers)} each count them all; a document "
                "serves one offer only",
                lang,
            )
        )
    screen.prose(pick(f"结果：{shown(paths.out)} / Answers: {shown(paths.out)}", lang))
    screen.prose(pick(f"清单：{shown(manifest)} / Manifest: {shown(manifest)}", lang))
    if report.samples:
        screen.prose(
            pick(
                f"示例文件，不是政府文件：{'、'.join(words.zh for words in report.samples)} / "
                f"Illustrative, not government documents: {'; '.join(words.en for words in report.samples)}",
                lang,
            )
        )
