"""Messages about what-if comparisons and made-up populations: E860 to E879. Each entry: sentence zh, en, hint zh, en, and severity."""

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
}
