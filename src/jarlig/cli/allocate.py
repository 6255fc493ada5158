"""``jarlig allocate``: a table of determinations, or of scores, and a guide in; approved amounts and accounts out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jarlig.cli import help, screen
from jarlig.cli.help import pick
from jarlig.cli.trouble import Trouble, cannot_read, cannot_write
from jarlig.ladder.numbers import NumberError, parse_scaled
from jarlig.policy.messages import PolicyError, visible

if TYPE_CHECKING:
    import pyarrow as pa

    from jarlig.allocation.columns import Ints
    from jarlig.allocation.terms import Guided
    from jarlig.allocation.transfers import Transfer
    from jarlig.library import Programme


@help.command(
    "allocate",
    help="资金分配：把测算结果表按年度指南的资金池分到每一行，合计分毫不差；按因素法或份额把资金分到各地区。 / "
    "Share pools among the claims of a table by the guide of a year, exact to the fen; or divide a sum among places, "
    "by factors or stated shares.",
    epilog="例：\n  jarlig allocate PROGRAMME --guide 2023 \\\n    --claims 测算.csv --out 分配.csv\n"
    "  jarlig allocate PROGRAMME --guide 2023 --pool 11 --out 份额.xlsx / "
    "Examples:\n  jarlig allocate PROGRAMME --guide 2023 \\\n    --claims answers.csv --out approved.csv\n"
    "  jarlig allocate PROGRAMME --guide 2023 --pool 11 --out shares.xlsx",
)
@click.argument("programme")
@help.option("--guide", type=int, required=True, metavar="YEAR", help="年度指南（必填） / The guide's year (required).")
@help.option("--claims", metavar="FILE", help="测算结果表（jarlig run 的结果） / Answers, as jarlig run writes them.")
@help.option("--scores", metavar="FILE", help="各地区因素得分表 / A table of places and their scores.")
@help.option(
    "--pool", default="", metavar="NAME",
    help="只分这一个资金池，或这一个划转事项 / This pool alone, or this offer that goes to places.",
)  # fmt: skip
@help.option(
    "--carried", multiple=True, metavar="POOL=AMOUNT",
    help="上年结转的金额（元），可多次 / What last year's pool left, in yuan.",
)  # fmt: skip
@help.option(
    "--taken", multiple=True, metavar="OFFER=N",
    help="跨年度名额此前已用的个数，可多次 / Awards made before under a quota over several years.",
)  # fmt: skip
@help.option("--out", required=True, metavar="FILE", help="写入的表（必填） / The table to write (required).")
@help.option("--json", "json_", is_flag=True, help="输出 JSON / Print JSON.")
def allocate(
    lang: str, programme: str, guide: int, claims: str | None, scores: str | None, pool: str,
    carried: tuple[str, ...], taken: tuple[str, ...], out: str, json_: bool,
) -> int:  # fmt: skip
    """Prints the account of every pool; exit code 1 when a person must decide about one."""
    from jarlig.library import load
    from jarlig.tabular.formats import needed

    if claims is not None and scores is not None:
        raise Trouble("--claims 与 --scores 只能给一个", "give either --claims or --scores, not both")
    if claims is None and scores is None and not pool:
        raise Trouble(
            "请用 --claims 给出测算结果表，或用 --scores 给出得分表",
            "name a table of determinations with --claims, or one of scores with --scores",
        )
    for module in ("pyarrow", "numpy"):
        needed(module, "many")
    _writable(out)
    if any(name is not None and Path(out).resolve() == Path(name).resolve() for name in (claims, scores)):
        raise Trouble("结果不能写在输入的文件上", "the result cannot be written over what is read")
    money = dict(_pairs("--carried", carried, lambda text: parse_scaled(text, 2)))
    counts = dict(_pairs("--taken", taken, lambda text: parse_scaled(text, 0)))
    read = load(programme)
    try:
        if claims is None:
            return _transfers(lang, read, guide, scores, pool, out, json_)
        return _claims(lang, read, guide, claims, pool, money, counts, out, json_)
    except PolicyError as error:
        raise error.with_sources(read.model.files) from error


def _claims(
    lang: str, read: Programme, year: int, name: str, pool: str, carried: dict[str, int], taken: dict[str, int],
    out: str, json_: bool,
) -> int:  # fmt: skip
    """Shares the pools of a guide."""
    from jarlig.cli import allocate_page

    table, lines = _read(name, lang)
    with screen.waiting(pick("分配中 / sharing", lang)):
        from jarlig.allocation.table import share
        from jarlig.allocation.terms import Guided

        guided = Guided(read.model, year, carried, taken, pool)
        _has_quota(guided, taken)
        shared = share(table, name, guided, lines)
        _write(shared.rows, out)
    page = allocate_page.Page(read.model, guided, lang)
    if json_:
        screen.print_json(page.as_json(shared, out))
    else:
        page.show(shared, out)
    return 1 if any(account.decision for account in shared.accounts) else 0


def _transfers(lang: str, read: Programme, year: int, name: str | None, offer: str, out: str, json_: bool) -> int:
    """Divides sums among places."""
    from jarlig.cli import allocate_page

    table, lines = (None, None) if name is None else _read(name, lang)
    from jarlig.allocation import transfers
    from jarlig.allocation.terms import Guided

    guided = Guided(read.model, year)
    made: tuple[Transfer, ...]
    if table is None:
        made = (_listed(guided, offer),)
    else:
        assert name is not None
        made = transfers.by_scores(table, name, guided, offer, lines)
    if not made:
        raise _no_scores(name or "", offer)
    _write(transfers.as_table(made), out)
    page = allocate_page.Page(read.model, guided, lang)
    if json_:
        screen.print_json(page.transfers_json(made, out))
    else:
        page.show_transfers(made, out)
    return 0


def _no_scores(name: str, offer: str) -> Trouble:
    """A table of scores from which nothing can be shared."""
    shown, of = visible(name), visible(offer)
    if offer:
        return Trouble(f"{shown} 中没有事项 {of} 的行", f"{shown} has no row of offer {of}")
    return Trouble(f"{shown} 中没有数据行，没有地区可分", f"{shown} has no rows, so there is no place to share among")


def _listed(guided: Guided, offer: str) -> Transfer:
    """The closed list of an offer; a pool of the guide, or an offer that goes by scores, needs a table."""
    from jarlig.allocation.transfers import closed_list

    if offer in guided.guide.pools and offer not in guided.programme.offers:
        raise Trouble(
            f"资金池 {visible(offer)} 按测算结果分配，请用 --claims 给出表格",
            f"the pool {visible(offer)} is shared among claims; name their table with --claims",
        )
    found = guided.programme.offers.get(offer)
    if found is not None and found.pool is not None and found.pool.split == "factors":
        raise Trouble(
            f"事项 {visible(offer)} 按因素分配，请用 --scores 给出各地区得分",
            f"offer {visible(offer)} is divided by factors; name the table of scores with --scores",
        )
    return closed_list(guided, offer)


def _has_quota(guided: Guided, taken: dict[str, int]) -> None:
    """Awards made before count only under a quota that is filled by one number."""
    for offer in taken:
        guided.plans.plan(0, guided.year).offer(offer)
        places = [place for plan in guided.pools.values() for place in plan.places if place.offer == offer]
        if not places:
            raise Trouble(
                f"事项 {visible(offer)} 在这里没有名额限制，不能用 --taken",
                f"offer {visible(offer)} has no quota here, so --taken has nothing to count",
            )
        if taken[offer] and any(place.per for place in places):
            raise Trouble(
                f"事项 {visible(offer)} 的名额按主体分别计算，不能用一个数说明已用多少",
                f"the quota of offer {visible(offer)} counts for each subject apart; one number cannot say it",
            )


def _pairs(option: str, given: Iterable[str], number: Callable[[str], int]) -> Iterable[tuple[str, int]]:
    """``NAME=NUMBER`` as often as given, each name once, no number below zero."""
    seen: set[str] = set()
    for text in given:
        name, cut, value = text.partition("=")
        if not cut or not name:
            shown = visible(text)
            raise Trouble(f"{option} 的写法是 名称=数字，实为 {shown}", f"{option} takes NAME=NUMBER, not {shown}")
        try:
            found = number(value)
        except NumberError as error:
            raise Trouble(f"{option} {visible(text)}：{error.zh}", f"{option} {visible(text)}: {error.en}") from error
        if found < 0:
            raise Trouble(f"{option} {visible(text)}：不能是负数", f"{option} {visible(text)}: it cannot be negative")
        if name in seen:
            raise Trouble(f"{option} 中“{visible(name)}”重复", f"{option} names {visible(name)} twice")
        seen.add(name)
        yield name, found


def _read(name: str, lang: str) -> tuple[pa.Table, Ints]:
    """A table that the user names, and on which line of the file each row begins.

    Raises:
        Trouble: there is no such file, or it may not be read.
        PolicyError: it is no table.
    """
    from jarlig.tabular import read_numbered

    try:
        with screen.waiting(pick("读取中 / reading", lang)):
            return read_numbered(Path(name))
    except OSError as error:
        raise cannot_read(name, error) from error


def _writable(name: str) -> None:
    """Whether the table can be written there, asked before the work is done."""
    from jarlig.tabular.formats import format_of

    target, shown = Path(name), visible(name)
    format_of(target)
    if target.is_dir():
        raise Trouble(f"无法写入 {shown}：这是文件夹，请给出文件名", f"cannot write {shown}: a folder; name a file")
    if not target.absolute().parent.is_dir():
        folder = visible(str(target.parent))
        raise Trouble(f"无法写入：没有文件夹 {folder}，请先建立", f"cannot write: no folder {folder}; make it first")


def _write(table: Any, name: str) -> None:
    from jarlig.tabular import write_table

    try:
        write_table(table, Path(name))
    except OSError as error:
        raise cannot_write(name, error) from error
