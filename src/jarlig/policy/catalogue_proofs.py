"""Messages about proofs: E950 to E969. Each entry: sentence zh, en, hint zh, en, and severity."""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

PROOFS: dict[str, Entry] = {
    "E950": (
        "事项 {offer}{where}：条件可以成立，但奖补总是零",
        "offer {offer}{where}: its conditions can hold, but the award is always nothing",
        "请核对数额、分档和上限：能成立的情形都落在零档。",
        "Check the figures, bands and caps: whatever the conditions allow is paid nothing.",
        "error",
    ),
    "E951": (
        "事项 {offer}{where}：两项例外可能同时成立：{facts}",
        "offer {offer}{where}: two exceptions can hold at once: {facts}",
        "此时须由人裁定。如公文已有先后，请在后一项例外中写明（例如 green and not small）。算例：{case}",
        "A person must then decide. If the notice ranks them, say so in the later one (as in green and not small)."
        " As a case: {case}",
        "warning",
    ),
    "E952": (
        "事项 {offer}{where}：事实齐全仍没有数额，缺在“{step}”",
        "offer {offer}{where}: every fact is known and there is still no figure; “{step}” has none",
        "请为每个选项、每一档写出数额。算例：{case}",
        "Write a figure for every choice and every band. As a case: {case}",
        "error",
    ),
    "E953": (
        "事项 {offer}{where}：奖补可能为负：{sum} 元",
        "offer {offer}{where}: the award can be below zero: CNY {sum}",
        "请核对相减的数。算例：{case}",
        "Check what is subtracted. As a case: {case}",
        "error",
    ),
    "E954": (
        "事项 {offer} 与 {other}{where}：同一条款分列的两档重叠：“{fact}”为 {value} 时两项都可获得",
        "offers {offer} and {other}{where}: two tiers of one clause overlap: with “{fact}” = {value} both can be got",
        "请改正分界；两项可以并得的，请写 exclusive 或改引各自条款。算例：{case}",
        "Mend the edge; if one excludes the other, write exclusive. As a case: {case}",
        "warning",
    ),
    "E955": (
        "事项 {offer}{where}：“{fact}”不可能落在“{value}”一档，对应的数额不起作用",
        "offer {offer}{where}: “{fact}” can never lie in the band “{value}”, so the figure written for it is dead",
        "请核对条件与分档。",
        "Check the conditions and the bands.",
        "warning",
    ),
    "E956": (
        "事项 {offer}{where}：一个项目拆成两个，{bound}多得 {gain} 元：一个项目（{whole}）得 {one} 元，"
        "拆成两个（各为{half}[?；另一个{other}?]）合计得 {two} 元",
        "offer {offer}{where}: splitting a project gains {bound} CNY {gain}: one project ({whole}) gets CNY {one}, "
        "two (each {half}[?; the other {other}?]) get CNY {two} together",
        "请考虑按企业设累计上限（limit: {amount: …, per: …, over: …}）。算例：{case}",
        "Consider a limit per enterprise (limit: {amount: …, per: …, over: …}). As a case: {case}",
        "warning",
    ),
    "E957": (
        "事项 {offer}{where}：“{what}”超出{above}",
        "offer {offer}{where}: “{what}” is outside the {above}",
        "下级文件只能降低、收窄、加严；下限只能提高。",
        "A later document may only lower, narrow and make stricter; a floor may only be raised.",
        "error",
    ),
    "E958": (
        "事项 {offer} 与 {other}{where}：同一条款分列的各档之间有空档：“{fact}”为 {value} 时哪一项都得不到",
        "offers {offer} and {other}{where}: between the tiers of one clause there is a gap: with “{fact}” = {value} "
        "neither can be got",
        "请改正分界，或说明空档确是原意。算例：{case}",
        "Mend the edge, or say that the gap is meant. As a case: {case}",
        "warning",
    ),
}
