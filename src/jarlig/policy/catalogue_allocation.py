"""Messages about sharing a pool: E840 to E859. Each entry: sentence zh, en, hint zh, en, and severity."""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

_NEAR_ZH, _NEAR_EN = "[?是否想写“{near}”？?]", "[?Did you mean “{near}”??]"
_VALID_ZH, _VALID_EN = _NEAR_ZH + "[?可用：{valid}。?]", _NEAR_EN + "[? Known: {valid}.?]"

ALLOCATION: dict[str, Entry] = {
    "E840": (
        "事项 {offer} 同时列入资金池“{one}”和“{other}”",
        "offer {offer} draws on two pools, “{one}” and “{other}”",
        "一个事项只列入一个资金池。",
        "Let each offer draw on one pool.",
        "error",
    ),
    "E841": (
        "“{name}”在这里不起作用（share: {share}）",
        "“{name}” has nothing to say here (share: {share})",
        "by 用于 ranking 或 pro_rata；first 与 by 同写；partial 用于 ranking 或 first_come。",
        "`by` goes with ranking or pro_rata, `first` with `by`, `partial` with ranking or first_come.",
        "error",
    ),
    "E842": (
        "按比例核减的资金池限定了名额，却没有写明先后次序",
        "a pool shared pro rata has a quota and no order to fill it in",
        "请写 by（按哪个数排序）或 ties（如 [on, case]，先申请者优先）。",
        "Add `by`, the number to rank by, or `ties`, as in [on, case]: earlier claims first.",
        "error",
    ),
    "E843": (
        "“{name}”不是事项 {offer} 的数字事实，不能用来排序",
        "“{name}” is no number of offer {offer}, so claims cannot be ranked by it",
        _VALID_ZH,
        _VALID_EN,
        "error",
    ),
    "E844": (
        "指南没有写明资金池“{pool}”按哪个数排序",
        "the guide does not say by which number the pool “{pool}” is ranked",
        "请在指南的该资金池下写 by: 事实名称，或 by: amount。",
        "Write `by: NAME` under the pool in the guide, the name of a number, or `by: amount`.",
        "error",
    ),
    "E845": (
        "{year} 年指南没有资金池“{name}”",
        "the guide of {year} has no pool “{name}”",
        _VALID_ZH,
        _VALID_EN,
        "error",
    ),
    "E846": (
        "表中缺少列“{name}”：{zh}",
        "the table has no column “{name}”: {en}",
        "[?是否就是列“{near}”？?]请补上这一列。",
        "[?Is it the column “{near}”? ?]Add the column.",
        "error",
    ),
    "E847": (
        "列“{name}”的值“{text}”有误：{zh}",
        "bad value “{text}” in column “{name}”: {en}",
        "请在表中改正；金额以元为单位，最多两位小数。",
        "Mend it in the table; an amount is in yuan with at most two decimals.",
        "error",
    ),
    "E848": (
        "案件“{case}”在事项 {offer} 下不止一行，首见于第 {first} 行",
        "case “{case}” stands more than once under offer {offer}, first in line {first}",
        "每个案件在每个事项下只能有一行。",
        "Keep one row for each case and offer.",
        "error",
    ),
    "E849": (
        "事项 {offer} 不属于 {year} 年指南的任何资金池（共 {rows} 行）",
        "offer {offer} draws on no pool of the guide of {year} (rows: {rows})",
        "该指南的资金池支付 {drawing}：测算时用 --offer 只算这些，在指南中为该事项设资金池，或用 --pool 只分配一个。",
        "Its pools pay {drawing}: run those alone with --offer, give this one a pool, or share one pool with --pool.",
        "error",
    ),
    "E850": (
        "不能有名为“{name}”的列",
        "a column cannot be called “{name}” here",
        "[?是否想写“{near}”？?]请改名或删去这一列[?；可用的列：{valid}?]。",
        "[?Did you mean “{near}”? ?]Rename the column or leave it out[?; columns that are read: {valid}?].",
        "error",
    ),
    "E851": (
        "资金池“{pool}”不能结转 {amount} 元：{zh}",
        "CNY {amount} cannot be carried into the pool “{pool}”: {en}",
        "能否结转、最多结转多少，以上一年度指南的 carry_over 为准。",
        "Whether and how much is carried is what `carry_over` says in the guide of the year before.",
        "error",
    ),
    "E852": (
        "事项 {offer} 不能按因素或份额分配：{zh}",
        "offer {offer} cannot be divided by factors or shares: {en}",
        "所需内容写在该事项的 pool 中，以及 {year} 年指南的 opens 和 fill 中。",
        "It takes a `pool` of the offer, and `opens` and `fill` in the guide of {year}.",
        "error",
    ),
    "E853": (
        "因素“{name}”没有一个地区得分大于零，其权重无从分配",
        "no place has a score above zero in the factor “{name}”, so its weight cannot be shared out",
        "请核对得分，或在指南中把该因素的权重改为 0%。",
        "Check the scores, or give the factor a weight of 0% in the guide.",
        "error",
    ),
    "E854": (
        "地区“{text}”有误：{zh}",
        "the place “{text}” is wrong: {en}",
        "每个地区一行，写 6 位区划代码。",
        "One row for each place, with its division code of 6 digits.",
        "error",
    ),
    "E855": (
        "事项 {offer} 的名额跨年度累计（{over}），须说明此前已用多少",
        "the quota of offer {offer} counts over more than this year ({over}): say how many were awarded before",
        "请加 --taken {offer}=个数；此前没有则写 --taken {offer}=0。",
        "Add --taken {offer}=NUMBER, and --taken {offer}=0 when there were none.",
        "error",
    ),
    "E856": (
        "资金池“{pool}”的金额过大：{zh}",
        "the sums of the pool “{pool}” are too large: {en}",
        "请核对金额是否误以分为单位。",
        "Check whether amounts were given in fen.",
        "error",
    ),
    "E857": (
        "事项 {offer} 的 ties“{text}”无法照办",
        "the order “{text}” under `ties` of offer {offer} is not known",
        "地区之间余数相同时只能按区划代码：ties: division code。",
        "Equal remainders of places are ordered by code alone: ties: division code.",
        "error",
    ),
    "E858": (
        "事项 {offer} 的下限因案件而异，表中没有列“step.floor”",
        "the floor of offer {offer} differs from case to case, and the table has no column “step.floor”",
        "请用 jarlig run --steps 生成含该列的表。",
        "Make the table with jarlig run --steps, which writes the column.",
        "error",
    ),
    "E859": (
        "一项名额由事项 {offers} 共用，而这些事项分属资金池 {pools}",
        "offers {offers} share one quota but draw on the pools {pools}",
        "请在指南中把它们列入同一个资金池。",
        "Put them into one pool in the guide.",
        "error",
    ),
}
