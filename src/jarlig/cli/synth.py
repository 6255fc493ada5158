"""``jarlig synth``: a population of made-up enterprises, as the tables of many cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jarlig.cli import help, screen
from jarlig.cli.help import pick

if TYPE_CHECKING:
    from jarlig.whatif.synth_papers import Made


@help.command(
    "synth",
    help="虚构一批企业：申报事实、费用明细、以往奖补、快件和有意加入的缺陷，格式同批量测算的数据表。 / "
    "Makes up a population of enterprises: what they state, cost lines, earlier awards, parcels and defects put in on "
    "purpose, as the tables of many cases.",
    epilog="例：\n  jarlig synth PROGRAMME --enterprises 1000 --seed 7 --out 示意数据 / "
    "Example:\n  jarlig synth PROGRAMME --enterprises 1000 --seed 7 --out made-up",
)
@click.argument("programme")
@help.option(
    "--enterprises", required=True, type=int, metavar="N", help="企业数（必填） / How many enterprises (required)."
)
@help.option(
    "--seed", required=True, type=int, metavar="S", help="随机种子（必填） / Seed: the same, the same bytes (required)."
)
@help.option("--out", required=True, metavar="FOLDER", help="写入的新文件夹（必填） / The new folder (required).")
@help.option("--parcels", type=int, default=0, metavar="N", help="快件数，至多十亿 / Rows of parcels, up to 10^9.")
@help.option("--year", type=int, metavar="YEAR", help="指南年度，默认最近 / Year of the guide; default: the latest.")
@help.option(
    "--format",
    "format_",
    type=click.Choice(["parquet", "csv", "xlsx"]),
    default="parquet",
    help="数据表的格式 / Kind of the tables; default: parquet.",
)
@help.option("--profile", metavar="NAME", help="分布配置，名称或 .yaml / A profile: its name, or a .yaml file.")
@help.option("--everyone", is_flag=True, help="人人申报每个事项 / Everybody applies for everything.")
@help.option("--clean", is_flag=True, help="不加入缺陷和红字冲销 / No defects, no reversals.")
@help.option("--json", "json_", is_flag=True, help="输出清单 JSON / Print the manifest as JSON.")
def synth(
    lang: str, programme: str, enterprises: int, seed: int, out: str, parcels: int, year: int | None, format_: str,
    profile: str | None, everyone: bool, clean: bool, json_: bool,
) -> None:  # fmt: skip
    """Makes the population and tells what it holds."""
    from jarlig.library import load
    from jarlig.tabular.formats import needed

    needed("numpy", "many")
    needed("pyarrow", "many")
    from jarlig.whatif.synth import steps_of, synthesise

    read = load(programme)
    with screen.progress(pick("生成中 / making", lang), steps_of(enterprises, parcels)) as tick:
        made = synthesise(
            read, Path(out), enterprises=enterprises, seed=seed, parcels=parcels, year=year, format=format_,
            profile=profile, everyone=everyone, clean=clean, tick=tick,
        )  # fmt: skip
    if json_:
        screen.print_json(made.manifest(Path(out)))
        return
    _tell(made, out, lang)


def _tell(made: Made, out: str, lang: str) -> None:
    """The tables with their rows, and the defects with what is expected of each."""
    from jarlig.whatif.synth_papers import DEFECTS, MADE_UP, expected

    screen.prose(MADE_UP[lang])
    screen.say()
    head = [pick(text, lang) for text in ("表 / table", "行数 / rows")]
    screen.table(head, [(name, f"{rows:,}") for name, rows in made.tables.items()], [1])
    if made.defects:
        screen.say()
        head = [pick(text, lang) for text in ("缺陷 / defect", "案例数 / cases", "应得 / expected")]
        rows = [(DEFECTS[name][lang], f"{made.defects[name]:,}", expected(name)[lang]) for name in sorted(made.defects)]
        screen.table(head, rows, [1])
    screen.say()
    screen.say(pick("已写入 / written: ", lang).rstrip() + f" {out}")
