"""The page of benchmarks, made from the figures of the last runs: docs/guide/benchmarks.md.

    python bench/table.py          write the page
    python bench/table.py --print  print it

A test compares the page with what is made here, so it cannot say anything that was not measured.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "guide" / "benchmarks.md"

_HEAD = """# Benchmarks 测速结果

Every figure on this page was measured by `bench/run.py` and put here by `bench/table.py`; a test keeps both equal.
Engines run side by side in the same run, on the same rows, each in a process of its own, and their answers are compared
with whole-number arithmetic. A bar that is not met says so. The method: [bench/README.md](../../bench/README.md).

本页数字均由 `bench/run.py` 实测，由 `bench/table.py` 写入，并有测试核对两者一致。
各引擎在同一次运行中、对同样的数据、在各自的进程里轮流计算，结果与整数运算核对。
没有达到的标准如实写明。测法见 [bench/README.md](../../bench/README.md)（英文）。
"""
_COLUMNS = "| What 内容 | Measured 实测 | Beside it 对照 | Bar 标准 | Met 达到 |\n| --- | ---: | --- | ---: | :---: |"
_BEYOND = """
## Beyond what was measured 推算

Not measured, but drawn on in a straight line from the time of {small} to {large} parcels, on machines like this one
that each take a part of the files. Sorting hashes in memory takes eight bytes a parcel: where that is more than a
machine has, the keys are split by their hash first.

以下不是实测，而是按 {small} 到 {large} 件快件所用时间的斜率直线外推，机器与本机相同，各算一部分文件。
在内存中排序时每件快件的散列值占 8 字节，超过一台机器的内存时，须先按散列值分开。

| Parcels 件数 | Hours 小时 | pricing 计价 | duplicates 查重 | Hashes 散列值, GB | Machines for a day 一天所需台数 |
| ---: | ---: | ---: | ---: | ---: | ---: |
"""


class Row(NamedTuple):
    """A line of the table."""

    en: str
    zh: str
    measured: str
    beside: str = ""
    bar: str = ""
    met: bool | None = None


#: Bars of bench/many.py: in Chinese, and how a figure of them is written.
_BARS = {
    "rows a second, to SQL by hand": ("与手写 SQL 的速度之比", "{:.2f} ×"),
    "rows a second, to OpenFisca-core": ("与 OpenFisca-core 的速度之比", "{:.1f} ×"),
    "wrong totals": ("错误的合计", "{:,.0f}"),
    "wrong rows": ("错误的行", "{:,.0f}"),
    "cost lines a second in the row stage": ("明细汇总每秒行数", "{:,.0f}"),
    "seconds of the whole run": ("全程秒数", "{:,.0f} s"),
    "peak memory, GB": ("内存峰值", "{:.2f} GB"),
    "exponent from a tenth to all": ("从十分之一到全部的增长指数", "{:.2f}"),
    "wrong sums and answers": ("错误的合计与结果", "{:,.0f}"),
    "parcels priced a second": ("每秒计价件数", "{:,.0f}"),
    "keys looked for a second": ("每秒查重键数", "{:,.0f}"),
    "wrong sums, missed and false duplicates": ("错误的合计、漏报和误报的重复", "{:,.0f}"),
}


def results(folder: Path) -> dict[str, Any]:
    """The figures of each bench that has run."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def rows(found: Mapping[str, Any]) -> Iterator[Row]:
    """The lines of the table."""
    makers = (
        ("exact", exact), ("many", many), ("allocation", allocation), ("proof", proof), ("simulate", simulate),
        ("spark", spark), ("service", service),
    )  # fmt: skip
    for name, make in makers:
        if name in found:
            yield from make(found[name])
    for name in sorted(found.keys() - {name for name, _ in makers}):
        yield from barred(name, name, found[name].get("bars", []))


def exact(found: Mapping[str, Any]) -> Iterator[Row]:
    """One case."""
    for row in found["programme"]:
        if row["rows"] in (0, 5_000):
            trace = (", traced", "，带过程") if row["traced"] else ("", "")
            yield Row(
                f"one case, {row['offers']} offers, {row['rows']:,} rows{trace[0]}",
                f"单个案例，{row['offers']} 个事项，{row['rows']:,} 行明细{trace[1]}",
                f"{row['us']:,.0f} µs", "", f"≤ {row['bar_us']:,.0f} µs", row["us"] <= row["bar_us"],
            )  # fmt: skip
    plain = {row["engine"]: row for row in found.get("five_rules", []) if not row["traced"]}
    if plain:
        ours, others = plain["jarlig"], [plain["openfisca"], plain["zen"]]
        beside = "; ".join(
            f"{name} {one['us']:,.0f} µs, wrong {one['wrong']:,} of {one['of']:,}"
            for name, one in zip(("OpenFisca-core", "zen-engine"), others, strict=True)
        )
        fastest = min(one["us"] for one in others)
        yield Row("one case, five rules", "单个案例，五条规则", f"{ours['us']:,.1f} µs, wrong {ours['wrong']}", beside,
                  f"< {fastest:,.0f} µs", ours["us"] < fastest)  # fmt: skip


def many(found: Mapping[str, Any]) -> Iterator[Row]:
    """Many cases."""
    if part := found.get("five"):
        for engine in part["engines"]:
            peak = f"{engine['peak_mb']:,} MB" if engine.get("peak_mb") else ""
            wrong = f"wrong {engine['wrong']:,}" if "wrong" in engine else ""
            name = engine["engine"]
            yield Row(
                f"five rules, {engine['rows']:,} cases: {name}", f"五条规则，{engine['rows']:,} 个案例",
                f"{engine['rows_per_second']:,} cases/s", ", ".join(text for text in (peak, wrong) if text),
            )  # fmt: skip
        ratios = part["ratios"]
        for name, en, zh in (
            ("by hand to OpenFisca", "the SQL by hand to OpenFisca-core", "手写 SQL 与 OpenFisca-core 之比"),
            ("to OpenFisca, awards alone", "awards alone, as OpenFisca-core gives them, to it",
             "只算奖补额时与 OpenFisca-core 之比"),
            ("by hand to OpenFisca, awards alone", "awards alone, the SQL by hand to OpenFisca-core",
             "只算奖补额时手写 SQL 与 OpenFisca-core 之比"),
            ("by hand to OpenFisca, nothing unknown",
             "awards alone, nothing unknown, the SQL by hand to OpenFisca-core",
             "只算奖补额且没有未知项时手写 SQL 与 OpenFisca-core 之比"),
            ("numpy to OpenFisca", "numpy int64 to OpenFisca-core", "numpy int64 与 OpenFisca-core 之比"),
            ("to OpenFisca, totals", "totals by outcome, to OpenFisca-core", "只算合计时与 OpenFisca-core 之比"),
        ):  # fmt: skip
            yield Row(f"five rules: {en}", f"五条规则：{zh}", f"{ratios[name]:.1f} ×")
        yield from barred("five", "五条规则", part["bars"])
    if part := found.get("population"):
        for size in part["sizes"]:
            yield Row(
                f"{size['offers']} offers, {size['enterprises']:,} enterprises, {size['lines']:,} cost lines",
                f"{size['offers']} 个事项，{size['enterprises']:,} 家企业，{size['lines']:,} 行费用明细",
                f"{size['seconds']:,.0f} s", f"{size['peak_mb']:,} MB, {size['answers']:,} answers",
            )  # fmt: skip
        yield from barred("population", "企业总体", part["bars"])
    if part := found.get("parcels"):
        large = part["sizes"][-1]
        by_hand = large["by_hand"]["pricing_seconds"]
        yield Row(
            f"{large['parcels']:,} parcels priced by carrier, league and month",
            f"{large['parcels']:,} 件快件按企业、盟市、月份计价", f"{large['pricing_seconds']:,.1f} s",
            f"SQL by hand {by_hand:,.1f} s",
        )  # fmt: skip
        yield Row(
            f"{large['keys']:,} keys, duplicates in the file and against an earlier one",
            f"{large['keys']:,} 个键，文件内及与以往文件查重",
            f"{large['duplicates_seconds']:,.1f} s", f"{large['told']:,} told, each compared on the whole key",
        )  # fmt: skip
        yield from barred("parcels", "快件", part["bars"])


def allocation(found: Mapping[str, Any]) -> Iterator[Row]:
    """Sharing of pools."""
    names = {"in_memory": ("in memory", "内存"), "sql": ("in SQL", "SQL")}
    for name, limit in found["bars"].items():
        en, zh = names[name]
        equal = "all rows equal" if found["all_rows_equal"] else "rows differ"
        yield Row(
            f"{found['claims']:,} claims shared in {found['pools']} pools, {en}",
            f"{found['claims']:,} 项申请在 {found['pools']} 个资金池内分配（{zh}）",
            f"{found['seconds'][name]:.2f} s", equal, f"≤ {limit:g} s",
            found["seconds"][name] <= limit,
        )  # fmt: skip


def proof(found: Mapping[str, Any]) -> Iterator[Row]:
    """Proofs."""
    for one in found["programmes"]:
        name, plain = one["programme"], one["check_s"]
        took = f"{one['check_prove_s']:.1f} s"
        yield Row(f"check --prove {name}", f"检查并证明 {name}", took, f"check alone {plain:.1f} s")


def simulate(found: Mapping[str, Any]) -> Iterator[Row]:
    """Two sets of rules beside one."""
    offers = len(found["offers_with_other_rules"])
    yield Row(
        f"a reform of {offers} offers compared over {found['cases']:,} cases",
        f"{found['cases']:,} 个案例，比较改动 {offers} 个事项的改革",
        f"{found['seconds']['comparison']:.1f} s, {found['ratio']:.2f} ×",
        f"one run {found['seconds']['run']:.1f} s", f"≤ {found['bar']:g} ×", found["ratio"] <= found["bar"],
    )  # fmt: skip


#: Engines of bench/spark.py in both languages.
_SPARKS = {
    "duckdb": ("DuckDB", "DuckDB"),
    "spark local": ("Spark in one process", "单进程 Spark"),
    "spark cluster": ("Spark, a master and two workers", "Spark 主节点和两个工作节点"),
    "spark cluster, a worker killed": ("the same, a worker killed at its work", "同上，途中强行结束一个工作节点"),
}


def spark(found: Mapping[str, Any]) -> Iterator[Row]:
    """Spark beside DuckDB."""
    for one in found["engines"]:
        en, zh = _SPARKS[one["engine"]]
        beside = f"rows that differ {one['differing_rows']:,}"
        if "tasks_tried_again" in one:
            beside += f"; killed after {one['tasks_finished_by_the_lost']} tasks, holding "
            beside += f"{one['tasks_held_by_the_lost']}; tried again {one['tasks_tried_again']}"
        yield Row(
            f"five rules, {found['cases']:,} cases, from files to file: {en}",
            f"五条规则，{found['cases']:,} 个案例，从文件到文件：{zh}", f"{one['seconds']:,.1f} s", beside,
        )  # fmt: skip
    yield from barred("spark", "Spark", found["bars"])


#: How bench/service.py names the languages of a page, in both.
_PAGES = {"zh-hans": ("in Chinese", "中文"), "en": ("in English", "英文")}


def service(found: Mapping[str, Any]) -> Iterator[Row]:
    """A page of the service beside a view that does nothing, at the ninety-fifth of a hundred requests."""
    empty = found["pages"]["empty"]
    for name, (en, zh) in _PAGES.items():
        one = found["pages"][name]
        yield Row(
            f"public page of a programme, {en}, p95 to an empty view",
            f"方案公开页面（{zh}），第 95 百分位，与空视图之比",
            f"{one['p95_ratio']:.1f} ×", f"{one['p95_ms']:.1f} ms; empty {empty['p95_ms']:.1f} ms",
        )  # fmt: skip


def barred(en: str, zh: str, bars: list[Mapping[str, Any]]) -> Iterator[Row]:
    """The bars of a part; a figure is written as the bar says, or plainly."""
    for one in bars:
        words, form = _BARS.get(one["what"], (one.get("zh", one["what"]), "{:,.3g}"))
        sign = "≥" if one["least"] else "≤"
        measured, limit = form.format(one["measured"]), form.format(one["bar"])
        yield Row(f"{en}: {one['what']}", f"{zh}：{words}", measured, "", f"{sign} {limit}", one["met"])


def machine(found: Mapping[str, Any]) -> str:
    """The machine of each part of bench/many.py, one line for all where it was the same."""
    told = []
    for name, part in found.get("many", {}).items():
        one = part["machine"]
        versions = ", ".join(f"{library} {number}" for library, number in one["versions"].items())
        told.append(
            f"- {name}: {one['processor']}, {one['cores']} cores 核, {one['memory_gb']} GB; Python {one['python']}, "
            f"{versions}; load before 开始前负载 {one['load'][0]:g}; median of {part['rounds']} 取中位数"
        )
    return "\n".join(told)


def page(found: Mapping[str, Any]) -> str:
    """The whole page."""
    marks = {None: "", True: "yes 是", False: "**no 否**"}
    lines = [
        f"| {row.en}<br>{row.zh} | {row.measured} | {row.beside} | {row.bar} | {marks[row.met]} |"
        for row in rows(found)
    ]
    text = "\n".join([_HEAD, _COLUMNS, *lines, "", machine(found), ""])
    parcels = found.get("many", {}).get("parcels")
    if parcels:
        small, large = (f"{size['parcels']:,}" for size in parcels["sizes"])
        text += _BEYOND.format(small=small, large=large)
        for one in parcels["extrapolated"]:
            hours = [f"{one[name]:,}" for name in ("hours", "pricing_hours", "duplicates_hours", "hashes_gb")]
            text += f"| {one['parcels']} | {' | '.join(hours)} | {one['machines_for_a_day']:,} |\n"
    return text


def main() -> None:
    """Write or print the page."""
    text = page(results(HERE / "results"))
    if "--print" in sys.argv:
        print(text, end="")
    else:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
