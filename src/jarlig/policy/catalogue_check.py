"""Messages about worked cases, the notice's text, and what a check finds (E9xx).

Each entry: Chinese sentence, English sentence, Chinese hint, English hint, severity; see ``catalogue`` for the rest.
"""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

_CASES: dict[str, Entry] = {
    "E901": ("算例“{name}”：{zh}", "case “{name}”: {en}", "", "", "error"),
    "E910": (
        "算例“{name}”的 like 成环",
        "case “{name}”: its like leads back to itself",
        "请让其中一个算例写出全部事实。",
        "Let one of the cases state all its facts.",
        "error",
    ),
}
_NOTICE: dict[str, Entry] = {
    "E902": (
        "公文第 {paragraph} 段与第 {clause} 条编码时的文本不同",
        "paragraph {paragraph} of the notice is not the text that clause {clause} was encoded from",
        "现为“{found}”。请逐项核对该条的数字和条件，再把 sha256 改为 {sha}。",
        "It now reads “{found}”. Check every figure and condition of the clause, then write the new sha256: {sha}",
        "error",
    ),
    "E903": (
        "第 {clause} 条中“{anchor}”所依据的文字已变",
        "the words of clause {clause} that “{anchor}” rests on have changed",
        "现为“{found}”。请核对后用 anchor 重新标注。",
        "They now read “{found}”. Check them, then anchor them again.",
        "error",
    ),
    "E904": (
        "公文没有第 {paragraph} 段，第 {clause} 条的文本在全文中也找不到",
        "the notice has no paragraph {paragraph}, and the text of clause {clause} is nowhere in it",
        "公文共 {count} 段，请核对是否为同一公文。",
        "It has {count} paragraphs; make sure that it is the same notice.",
        "error",
    ),
    "E905": (
        "第 {clause} 条的文本未变，只是从第 {paragraph} 段移到了第 {moved} 段",
        "the text of clause {clause} is unchanged; it only moved from paragraph {paragraph} to {moved}",
        "请改为 paragraph: {moved}。",
        "Write paragraph: {moved}.",
        "error",
    ),
    "E906": (
        "公文第 {paragraph} 段未归入任何条款：“{found}”",
        "paragraph {paragraph} of the notice belongs to no clause: “{found}”",
        "请为它编写条款；不能编码的写 not_encodable 并说明理由。",
        "Write a clause for it; if it cannot be encoded, say not_encodable and why.",
        "error",
    ),
    "E907": (
        "第 {clause} 条有文字未归入其下任何一项：“{found}”",
        "words of clause {clause} are in none of its parts: “{found}”",
        "请扩大相邻一项的范围，或为它另立一项。",
        "Widen the part beside them, or write a part for them.",
        "warning",
    ),
    "E908": (
        "“{anchor}”标注的范围不在第 {clause} 条之内",
        "the span of “{anchor}” does not lie inside clause {clause}",
        "请用 anchor 重新标注。",
        "Anchor it again.",
        "error",
    ),
    "E909": (
        "第 {paragraph} 段中“{text}”出现 {count} 次",
        "“{text}” stands {count} times in paragraph {paragraph}",
        "标注的文字须恰好出现一次：未出现请照原文抄写，多次出现请多写几个字。",
        "The words must stand there exactly once: copy them as they are, and take more of them if they repeat.",
        "error",
    ),
}
_FILES: dict[str, Entry] = {
    "E920": (
        "第 {clause} 条标为 {encoded}，却没有任何一项引用它",
        "clause {clause} is marked {encoded}, but nothing cites it",
        "请编写对应的条目，或改正 encoded。",
        "Write the entry, or mend encoded.",
        "error",
    ),
    "E921": (
        "第 {clause} 条标为 {encoded}，须写明理由",
        "clause {clause} is marked {encoded} and must say why",
        "请补上 why: {zh: …, en: …}。",
        "Add why: {zh: …, en: …}.",
        "error",
    ),
    "E922": (
        "第 {clause} 条标为 parts，却没有 {clause}.1 等分项",
        "clause {clause} is marked parts, but there is no {clause}.1",
        "请写出各分项。",
        "Write its parts.",
        "error",
    ),
    "E923": (
        "“{name}”引用的第 {clause} 条标为 not_encodable",
        "“{name}” cites clause {clause}, which is marked not_encodable",
        "请改正其中一处。",
        "Mend one of the two.",
        "error",
    ),
    "E924": (
        "中文文本“{text}”里没有汉字",
        "the Chinese text “{text}” has no Chinese character",
        "请译成中文；代号可只写大写字母和数字。",
        "Translate it; a code may be capitals and digits alone.",
        "error",
    ),
    "E925": (
        "英文文本“{text}”里有汉字",
        "the English text “{text}” has Chinese characters",
        "请译成英文。",
        "Translate it.",
        "error",
    ),
    "E926": (
        "事实“{name}”没有写明证明材料",
        "the fact “{name}” has no evidence",
        "请写 evidence；无需材料的身份信息应作主体键。",
        "Name its evidence; an identity that needs none is the key of a subject.",
        "warning",
    ),
    "E927": (
        "事实“{name}”没有写明核实部门",
        "nobody verifies the fact “{name}”",
        "请写 verified_by。",
        "Name who does: verified_by.",
        "warning",
    ),
    "E928": (
        "事实“{name}”没有任何规则用到",
        "no rule reads the fact “{name}”",
        "请删去它，或补上用到它的条件。",
        "Remove it, or write the condition that needs it.",
        "warning",
    ),
    "E929": (
        "{one} 与 {other} 在同一天同时生效",
        "{one} and {other} are in force on the same day",
        "请改正期限，使每一天只有一个。",
        "Mend the periods so that each day has one.",
        "error",
    ),
    "E930": (
        "{one} 的期限超出公文的有效期",
        "{one} reaches beyond the validity of the notice",
        "超出部分的申报一律按已失效处理。",
        "What is filed outside it has lapsed.",
        "error",
    ),
    "E931": (
        "同一张“{shared}”可在事项 {one} 与 {other} 中申报，没有规则排除",
        "the same “{shared}” could be claimed under {one} and {other}, and no rule excludes it",
        "适用默认规则：同一凭证只支持一次。如需写明，请用 exclusive 或 key_once: ever。",
        "The default rule applies: the same evidence never twice. To say it, write exclusive or key_once: ever.",
        "warning",
    ),
}
_OFFERS: dict[str, Entry] = {
    "E940": (
        "事项 {offer}{where}：“{gate}”永远不能成立",
        "offer {offer}{where}: “{gate}” can never hold",
        "照此规定无人能够获得奖补，请核对条件。",
        "Nobody could ever get the award; check the condition.",
        "error",
    ),
    "E941": (
        "事项 {offer}{where}：各项条件互相矛盾，“{gate}”与其他条件不能同时成立",
        "offer {offer}{where}: the conditions contradict each other; “{gate}” cannot hold together with the others",
        "照此规定无人能够获得奖补，请核对条件。",
        "Nobody could ever get the award; check the conditions.",
        "error",
    ),
    "E942": (
        "事项 {offer}{where}：“{fact}”为“{value}”时不可能获得奖补，对应的数额不起作用",
        "offer {offer}{where}: with “{fact}” = {value} no award is possible, so the figure written for it is dead",
        "请核对条件与取值。",
        "Check the conditions and the choices.",
        "warning",
    ),
    "E943": (
        "事项 {offer}{where}：奖补可能超过上限：{zh}",
        "offer {offer}{where}: the award can exceed its cap: {en}",
        "算例：{case}",
        "As a case: {case}",
        "error",
    ),
    "E945": (
        "事项 {offer}{where}：“{fact}”由 {less} 增至 {more}，奖补反而由 {high} 元降至 {low} 元",
        "offer {offer}{where}: when “{fact}” rises from {less} to {more}, the award falls from CNY {high} to {low}",
        "如公文确有此意，请写 may_fall 说明理由。算例：{case}",
        "If the notice means it, say why in may_fall. As a case: {case}",
        "error",
    ),
    "E946": (
        "事项 {offer}{where}：{zh}",
        "offer {offer}{where}: {en}",
        "这是须由人裁定的冲突，依据：{cites}。",
        "A person must decide; the sources that pull apart: {cites}.",
        "warning",
    ),
    "E947": (
        "事项 {offer}{where}：一个项目拆成两个更合算：“{fact}”为 {whole} 时一个项目得 {one} 元，"
        "拆成两个各 {half} 合计得 {two} 元",
        "offer {offer}{where}: splitting a project pays: with “{fact}” of {whole} one project gets CNY {one}, "
        "two of {half} get CNY {two} together",
        "请考虑按企业设累计上限（limit: {amount: …, per: …, over: …}）。",
        "Consider a limit per enterprise (limit: {amount: …, per: …, over: …}).",
        "warning",
    ),
}

CHECKS: dict[str, Entry] = {**_CASES, **_NOTICE, **_FILES, **_OFFERS}
