"""What questions and results say besides the programme's own words, in both languages side by side."""

from __future__ import annotations

from jarlig.ladder.steps import Words

SAYINGS: dict[str, tuple[str, str]] = {
    # titles
    "for": ("下列事项中，哪些可能与您有关？", "Which of these could concern you?"),
    "at": ("申请地", "place of application"),
    "history": (
        "以前是否获得过本方案的奖补？如有，是哪些事项、大约多少？",
        "Have you received support under this programme before? If so, under what and about how much?",
    ),
    "total": ("{rows}：计入部分的{value}合计", "{rows}: total of {value} that counts"),
    "count": ("{rows}：计入的共多少", "{rows}: how many count"),
    # why it is asked
    "why.for": ("只询问与您有关的事项", "only what concerns you is asked about"),
    "why.at": ("各地可另有规定", "places may have rules of their own"),
    "why.history": (
        "已获得的奖补可能计入限额，或影响再次申请",
        "what was received may count towards a limit, or decide whether one may apply again",
    ),
    "why.gate": ("核对条件：{rule}", "checks a condition: {rule}"),
    "why.fact": ("用于计算可得金额", "it goes into the sum"),
    # how to answer
    "bounds": ("{least} 至 {most}", "{least} to {most}"),
    "bounds.least": ("不小于 {least}", "at least {least}"),
    "bounds.most": ("不大于 {most}", "at most {most}"),
    "hint.for": ("写编号，用顿号或逗号分隔；都有关写“全部”", "write the ids with commas between them, or “all”"),
    "hint.yes_no": ("是或否", "yes or no"),
    "hint.choice": ("写选项的编号、名称或序号", "write an option's id, its name or its number"),
    "hint.set": (
        "可多选，用顿号或逗号分隔；没有写“无”",
        "several are possible, with commas; “none” when there is none",
    ),
    "hint.date": ("如 2023-06-01 或 2023年6月1日", "such as 2023-06-01"),
    "hint.month": ("如 2023-06 或 2023年6月", "such as 2023-06"),
    "hint.money": (
        "如 500万、1,234,567.89；不确定可写范围“400万至600万”，或“约500万”",
        "such as 1,234,567.89 or 5 million; a range (“4m to 6m”) or “about 5m” will do",
    ),
    "hint.number": (
        "如 1,200；不确定可写范围“1000至1500”，或“约1200”",
        "such as 1,200; a range or “about 1,200” will do",
    ),
    "hint.ratio": ("如 20% 或 0.2", "such as 20% or 0.2"),
    "hint.code": ("按证照填写", "as it stands on the certificate"),
    "hint.division": ("6 位区划代码或全称", "a division code of 6 digits, or the full name"),
    "hint.history": (
        "没有写“没有”；有则逐项写“编号 金额 年份”，用分号分隔，如“{example} 80万 2022”",
        "“no”, or for each award “id amount year”, with semicolons between them, such as “{example} 800,000 2022”",
    ),
    "hint.or_none": ("没有写“无”", "write “none” if there is none"),
    "hint.lines": ("只计入：{where}", "count only: {where}"),
    "hint.once": (
        "同一凭证只能用于一个事项，已用于其他事项的不计",
        "the same evidence serves one offer only: leave out what is claimed under another",
    ),
    "unknown": ("不知道", "don't know"),
    "about": ("约{figure}", "about {figure}"),
    # what comes of it
    "set_aside": ("您选择不了解本项", "you left this one out"),
    "transfer": ("拨付给地方政府，企业不能申请", "goes to a government; an enterprise cannot apply"),
    "next.set_aside": ("如需测算，请重新选择", "choose it again to have it estimated"),
    "next.lapsed": ("不再受理新的申请", "no new application is possible"),
    "next.closed_before": ("{day}起受理，届时再申请", "apply from {day}"),
    "next.closed": ("等待下一年度指南", "wait for the next guide"),
    "next.guide": ("{guide}开放本项，受理期{period}", "the {guide} opens it: {period}"),
    "next.not_eligible": (
        "如有关事实有误，请向核实部门更正后再测算",
        "if a fact is wrong, have it corrected by the body that verifies it and ask again",
    ),
    "next.awaiting_guide": ("有关内容公布后再测算", "ask again once the terms are published"),
    "next.open": ("补充{count}项事实后可以确定", "{count} more facts would settle it"),
    "next.list": ("申请时按明细逐笔填报后确定", "settled by the full list of lines, in the application"),
    "next.recognise": ("先由{bodies}认定或核实，再申请", "have it confirmed by {bodies}, then apply"),
    "next.apply": ("备齐材料，可以申请", "gather the evidence and apply"),
    "next.apply_by": ("备齐材料，{day}前申请", "gather the evidence and apply by {day}"),
    "next.inform": ("在纳税申报时享受", "claim it in the tax return"),
    "next.nothing": ("按现有事实没有可得金额", "on these facts there is nothing to get"),
    "next.decide": ("须由主管部门裁定金额", "a person in charge must decide the sum"),
    "step": ("{head}：{figure}", "{head}: {figure}"),
    # what is not summed
    "unsummed.exclusive": (
        "不能同时享受，只计其中较高的",
        "they exclude each other: only the higher is counted",
    ),
    "unsummed.evidence": (
        "使用同一份明细，同一凭证只能用于一个事项，只计其中较高的",
        "they read the same list, and the same evidence serves one offer only: only the higher is counted",
    ),
    "unsummed.limit": ("共用一个限额，只计其中较高的", "they share one limit: only the higher is counted"),
    "unsummed.unbounded": (
        "最高金额尚无法估计，未计入上限",
        "how much at most is not known yet: not in the upper figure",
    ),
    "unsummed.inform": (
        "税收优惠在纳税申报时享受，不是奖补",
        "tax relief is claimed in the tax return and is no award",
    ),
    # reasons why an answer cannot be read
    "bad.yes_no": ("请回答“是”或“否”", "answer yes or no"),
    "bad.choice": ("可选：{options}", "choose one of {options}"),
    "bad.number": ("看不出是多少，可写成 500万 或 5,000,000", "no number can be read; write 5,000,000 or 5 million"),
    "bad.range": ("范围的前一个数不能大于后一个", "the first end of a range is not above the second"),
    "bad.date": ("看不出是哪一天，请写成 2023-06-01", "no day can be read; write 2023-06-01"),
    "bad.month": ("看不出是哪个月，请写成 2023-06", "no month can be read; write 2023-06"),
    "bad.empty": ("没有内容；不清楚请写“不知道”", "nothing here; if you do not know, say “don't know”"),
    "bad.long": ("太长，最多 {most} 字", "too long; at most {most} characters"),
    "bad.many": ("太多，最多 {most} 项", "too many; at most {most}"),
    "bad.shape": ("这里不能这样填", "it does not go here"),
    "bad.offer": ("没有编号为“{offer}”的事项", "there is no offer “{offer}”"),
    "bad.award": (
        "“{text}”看不懂，请写“编号 金额 年份”，如“{example} 80万 2022”",
        "cannot read “{text}”; write “id amount year”, such as “{example} 800,000 2022”",
    ),
    # why a saved session cannot be used
    "saved.json": ("不是有效的 JSON", "it is not valid JSON"),
    "saved.shape": ("“{name}”的内容不对", "“{name}” holds something else than it must"),
    "saved.key": ("有未知的内容“{name}”", "it holds “{name}”, which is not known"),
    "saved.schema": (
        "格式版本为“{found}”，这里只能读 {known}",
        "its format is “{found}”; only {known} can be read here",
    ),
    "saved.size": ("太大，最多 {most} 字节", "it is too large; at most {most} bytes"),
}  # fmt: skip


def say(key: str, lang: str, **values: str) -> str:
    """A saying in one language."""
    zh, en = SAYINGS[key]
    return (zh if lang == "zh" else en).format(**values)


def words(key: str, **values: str | Words) -> Words:
    """A saying in both languages; a value that is ``Words`` gives each its own."""
    zh, en = (
        say(key, lang, **{k: v if isinstance(v, str) else v[lang] for k, v in values.items()}) for lang in ("zh", "en")
    )
    return Words(zh, en)
