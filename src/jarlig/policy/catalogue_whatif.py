"""Messages about what-if comparisons and made-up populations: E860 to E879.

Each entry: sentence zh, en, hint zh, en, and severity.
"""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

WHATIF: dict[str, Entry] = {
    "E860": (
        "文件夹“{name}”已有内容",
        "the folder “{name}” is not empty",
        "请换一个新文件夹；已有的文件不会被覆盖。",
        "Name a new folder; what is there is never overwritten.",
        "error",
    ),
    "E861": (
        "{what} 应在 {least} 与 {most} 之间，实为 {text}",
        "{what} must lie between {least} and {most}, not {text}",
        "",
        "",
        "error",
    ),
    "E862": (
        "没有名为“{name}”的分布配置",
        "there is no profile “{name}”",
        "可选：{valid}；也可给出自己的 .yaml 文件。[?是否指“{near}”？?]",
        "There are {valid}; a .yaml file of your own will do too. [?Did you mean “{near}”??]",
        "error",
    ),
    "E863": (
        "分布配置的“{key}”有误：{zh}",
        "the profile's “{key}” is wrong: {en}",
        "可参照随附的 default.yaml。",
        "The shipped default.yaml shows what stands where.",
        "error",
    ),
    "E864": (
        "该方案没有可以容纳大量快件的明细",
        "the programme has no list that could hold so many rows",
        "请去掉 --parcels。",
        "Leave --parcels out.",
        "error",
    ),
    "E865": (
        "{count} 件快件超过 {cases} 家申报企业各 {most} 件的上限",
        "{count} parcels are more than {cases} applicants may claim with {most} each",
        "请增加 --enterprises，或减少 --parcels。",
        "Ask for more --enterprises or fewer --parcels.",
        "error",
    ),
    "E870": (
        "方案中没有{what}“{name}”",
        "the programme has no {what} “{name}”",
        "[?是否指“{near}”？?][?可选：{valid}。?]",
        "[?Did you mean “{near}”??] [?There are {valid}.?]",
        "error",
    ),
    "E871": (
        "“{name}”写为空，表示删去，但原文件中没有它",
        "“{name}” is null, which removes it, but it is not there",
        "[?是否指“{near}”？?]请改正名称，或删去这一行。",
        "[?Did you mean “{near}”? ?]Correct the name, or leave the line out.",
        "error",
    ),
    "E872": (
        "“{name}”说明这是哪一个条目，不能更改",
        "“{name}” says which entry it is and cannot be changed",
        "请删去这一行；改动写在条目的编号之下。",
        "Leave the line out; changes stand under the id of their entry.",
        "error",
    ),
    "E873": (
        "按此改动，方案不成立：{where}：{zh}",
        "with this change the programme does not hold: {where}: {en}",
        "请一并改动与之抵触的条目。",
        "Change what it conflicts with as well.",
        "error",
    ),
    "E874": (
        "“{text}”不是一组规则：{zh}",
        "“{text}” is no set of rules: {en}",
        "请写 rules（现行规则）、指南年度（如 2023）、改革文件（.yaml）、at:区划代码，或用 + 连接其中几项。",
        "Write rules (as they stand), the year of a guide (2023), a reform file (.yaml), at:CODE of a place, or a "
        "combination joined by +.",
        "error",
    ),
    "E875": (
        "报告数据不能写成 {name}",
        "the data of a report cannot be written as {name}",
        "请用 .json、.xlsx 或 .parquet。",
        "Use .json, .xlsx or .parquet.",
        "error",
    ),
    "E876": (
        "所选事项只作提示，没有费用可以比较：{offers}",
        "the offers only inform; there is no cost to compare: {offers}",
        "请另选事项，或不写 --offer。",
        "Choose other offers, or leave --offer out.",
        "error",
    ),
}
