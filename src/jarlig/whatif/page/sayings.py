"""The words of the report (模拟报告), in both languages; what a programme or a table names stands there."""

from __future__ import annotations

from jarlig.ladder.steps import Words

SAYINGS = {
    "simulation": Words("政策模拟", "What if"),
    "title": Words("{a} 与 {b}", "{a} and {b}"),
    "skip": Words("跳到正文", "Skip to the text"),
    "sample": Words("示例", "Illustrative"),
    "samples": Words(
        "{titles}：均为示意，不是政府文件；由此得出的数字也是示意。",
        "{titles}: illustrative, no government documents; so are the figures that come of them.",
    ),
    "contents": Words("目录", "Contents"),
    "and": Words("与", "and"),
    "comma": Words("，", ", "),
    "colon": Words("：", ": "),
    "semicolon": Words("；", "; "),
    "listing": Words("、", ", "),
    "stop": Words("。", "."),
    # the head
    "lead.cases": Words("同样的 {cases} 个案例。", "The same {cases} cases under both."),
    "lead.more": Words("B 比 A 多 {amount} 元（{share}）。", "B costs CNY {amount} more than A ({share})."),
    "lead.less": Words("B 比 A 少 {amount} 元（{share}）。", "B costs CNY {amount} less than A ({share})."),
    "lead.from_nothing": Words("B 比 A 多 {amount} 元。", "B costs CNY {amount} more than A."),
    "lead.equal": Words("资金池核减前，两组规则的费用相同。", "Before pools, both cost the same."),
    "lead.pool": Words(
        "资金池 {pool}（{year}年）可支付 {a} 元，改为 {b} 元。",
        "The pool {pool} of {year} pays CNY {a} under A and {b} under B.",
    ),
    "lead.open": Words(
        "金额未定的申报不计入费用：A\u00a0{a}\u00a0件，B\u00a0{b}\u00a0件。",
        "Claims whose amount is not known are in no sum: {a} under A, {b} under B.",
    ),
    "key.cost": Words("{side} 的费用（元）", "Cost of {side} (CNY)"),
    "key.awards": Words("获得 {count} 件", "{count} awards"),
    "key.difference": Words("差额 B − A（元）", "Difference B − A (CNY)"),
    "key.gain": Words("得到更多的案例", "Cases that gain"),
    "key.lose": Words("得到更少的案例", "Cases that lose"),
    "key.even": Words("{count} 个不变", "{count} unchanged"),
    "key.sum": Words("合计 {amount} 元", "CNY {amount} in all"),
    "key.left_out": Words("{count} 个案例无法使用，未计", "{count} cases could not be used"),
    # parts
    "part.rules": Words("两组规则", "The two sets of rules"),
    "part.offers": Words("按事项", "By offer"),
    "part.pools": Words("资金池：申请与预算", "Pools: take-up against budget"),
    "part.people": Words("谁增谁减", "Who gains and who loses"),
    "part.places": Words("按地区", "By place"),
    "part.groups": Words("按类别", "By group"),
    "part.moves": Words("结论的变化", "How outcomes change"),
    "part.method": Words("口径与依据", "How this was made"),
    # rules
    "warning": Words("注意：", "Note: "),
    "rules.as_written": Words("命令中写作", "Asked for as"),
    "rules.changes": Words("改革改动了什么", "what the reform changes"),
    "rules.none": Words("这项改革没有改动任何规定。", "The reform changes nothing."),
    "changes.what": Words("内容", "What"),
    "changes.before": Words("现行", "As it stands"),
    "changes.after": Words("改为", "Becomes"),
    "cite": Words("〔{text}〕", "[{text}]"),
    # tables
    "bar": Words("图示", "Chart"),
    "scale": Words("同一比例尺，满格 {amount} 元", "one scale; the full width is CNY {amount}"),
    "legend": Words("图例", "Legend"),
    "unit": Words("金额单位：元", "amounts in CNY"),
    "offer": Words("事项", "Offer"),
    "same": Words("规则相同", "same rules"),
    "awards": Words("获得", "Awards"),
    "cost": Words("费用", "Cost"),
    "difference": Words("差额 B − A", "Difference B − A"),
    "open": Words("未定", "Not known"),
    "counted": Words("获得和未定为申报件数", "awards and not known are claims"),
    "cases": Words("案例", "Cases"),
    "place": Words("盟市", "League or city"),
    "total": Words("合计", "Total"),
    "group": Words("按“{name}”", "By “{name}”"),
    "told_only": Words(
        "只作提示、不是支出的事项不比较：{offers}。", "Offers that only inform are no cost and not compared: {offers}."
    ),
    # pools
    "pools.lead": Words(
        "预算是各年指南安排的资金。申请是已经确定的金额；未定的申报会使申请增加，数目见表。",
        "The budget is what the year's guide sets aside. Requests are known amounts; claims that are not known yet "
        "would add to them.",
    ),
    "pools.none": Words("所用指南没有为这些事项安排资金池。", "The guides set no pool aside for these offers."),
    "pool": Words("{year} 年 {name}（{offers}）", "{year} {name} ({offers})"),
    "pool.not_compared": Words("未计入的事项：{offers}", "not counted: {offers}"),
    "pool.side": Words("规则", "Rules"),
    "pool.size": Words("预算", "Budget"),
    "pool.requested": Words("申请", "Requested"),
    "pool.take_up": Words("申请占预算", "Take-up"),
    "pool.factor": Words("系数", "Factor"),
    "pool.approved": Words("分配结果", "Comes to"),
    "pool.absent": Words("没有这个资金池", "no such pool"),
    "pool.whole": Words("足额", "in full"),
    "pool.open": Words("未定 {count} 件", "not known: {count}"),
    "pool.claims": Words("{count} 件", "{count} claims"),
    "pool.floors": Words("先保下限 {amount}", "floors kept first: {amount}"),
    "pool.by_order": Words("按次序", "by order"),
    "pool.decided": Words("见说明", "see note"),
    "pool.ranked": Words("排序依据：{by}", "ranked by {by}"),
    "pool.factor_note": Words("乘于超出下限的部分", "of what is asked above the floors"),
    "pool.in_budget": Words("预算之内", "within the budget"),
    "pool.over": Words("超出预算", "beyond the budget"),
    "pool.line": Words("预算", "the budget"),
    "rule.pro_rata": Words("不足时按比例核减", "pro rata when short"),
    "rule.ranking": Words("不足时按排序", "by rank when short"),
    "rule.first_come": Words("不足时先到先得", "first come, first served when short"),
    # people
    "people.lead": Words(
        "一个案例的变化是它各项申报变化之和，只计两边都已确定的申报；规则相同的事项没有变化。",
        "The change of a case is the sum over its claims that are known on both sides; an offer with the same rules "
        "changes nothing.",
    ),
    "people.also_open": Words(
        "另有未定的申报的案例：{count} 个；它们的变化可能更大或更小。",
        "Cases that also have claims not known on one side: {count}; their change may be larger or smaller.",
    ),
    "people.unsure": Words(
        "差额中另有一部分来自只在一边确定的申报：只在 B 确定的 {after} 元，只在 A 确定的 {before} 元。",
        "A part of the difference comes of claims known on one side only: CNY {after} known under B alone, CNY "
        "{before} under A alone.",
    ),
    "bands.caption": Words("按变化大小", "By size of the change"),
    "bands.size": Words("每个案例变化（元）", "Change of a case (CNY)"),
    "bands.below": Words("不足 {most}", "under {most}"),
    "bands.between": Words("{least} 至 {most}", "{least} to {most}"),
    "bands.above": Words("{least} 以上", "{least} and more"),
    "bands.lose": Words("减少（案例）", "Lose (cases)"),
    "bands.gain": Words("增加（案例）", "Gain (cases)"),
    "bands.lose_sum": Words("减少合计", "Lost in all"),
    "bands.gain_sum": Words("增加合计", "Gained in all"),
    "bands.scale": Words("满格 {count} 个案例", "the full width is {count} cases"),
    "bands.even": Words("不变的案例：{count} 个。", "Unchanged: {count} cases."),
    "bands.lose_short": Words("减少", "lose"),
    "bands.gain_short": Words("增加", "gain"),
    "gains.caption": Words("增加最多的案例", "Largest gains"),
    "losses.caption": Words("减少最多的案例", "Largest losses"),
    "movers.case": Words("案例", "Case"),
    "movers.change": Words("变化", "Change"),
    "movers.by": Words("来自", "From"),
    "movers.offer": Words("{offer}：{before} → {after}", "{offer}: {before} → {after}"),
    "movers.open": Words("另有未定的申报", "other claims not known"),
    "movers.none": Words("没有。", "None."),
    "not_known": Words("未定", "not known"),
    # moves
    "moves.lead": Words(
        "每件申报（一个案例的一个事项）在 A 的结论和在 B 的结论。底色为不变。",
        "Each claim (a case under an offer) by its outcome under A and under B. Shaded: unchanged.",
    ),
    "moves.caption": Words("A 的结论（行）和 B 的结论（列），件数", "Claims by outcome: A in rows, B in columns"),
    "moves.corner": Words("A ＼ B", "A ＼ B"),
    # method
    "method.exact": Words(
        "每件申报的金额与单个测算分毫不差；合计为各件之和，不取整、不抽样。",
        "Each amount is what a single determination gives, to the fen; totals are sums of all claims, nothing rounded "
        "or sampled.",
    ),
    "method.cost": Words(
        "费用是封顶后的测算金额，尚未按资金池核减；核减后的数见资金池一节。",
        "Cost is the capped amount, before a pool scales it; what scaling comes to stands with the pools.",
    ),
    "method.unknown": Words(
        "未定不等于零：结论为“还不能确定”“待指南”“须人工裁定”的申报没有金额，单列件数。",
        "Not known is not zero: claims that are undetermined, await a guide or a person have no amount; they are "
        "counted apart.",
    ),
    "method.behaviour": Words(
        "案例不变：谁会因此改变申报，这里不作推测。",
        "The cases stay as they are: who would apply otherwise is not guessed.",
    ),
    "method.checks": Words(
        "写出前核对过：A 加差额等于 B；各事项、地区、类别、结论之和等于总数；增减之和等于差额。",
        "Checked before writing: A and the difference make B; offers, places, groups and outcomes add up to the total; "
        "gains and losses to the difference.",
    ),
    "method.files": Words("所用文件", "Files"),
    "method.file": Words("文件", "File"),
    "method.what": Words("内容", "What"),
    "method.sha": Words("SHA-256", "SHA-256"),
    "method.engine": Words("jarlig {version}，引擎 {engine}。", "jarlig {version}, engine {engine}."),
    "input.cases": Words("案例表", "cases"),
    "input.history": Words("获奖台账", "history"),
    "input.rows": Words("明细 {name}", "rows of {name}"),
    "input.paid": Words("已支付明细 {name}", "rows of {name} paid before"),
    "input.rules": Words("规则 {side}", "rules {side}"),
    "footer": Words(
        "本报告由规则和数据表算出，只供研究，不是决定。", "Computed from rules and tables, for study; no decision."
    ),
    # outcomes, as everywhere
    "outcome.award": Words("可以确定", "Determined"),
    "outcome.undetermined": Words("还不能确定", "Undetermined"),
    "outcome.awaiting_guide": Words("待指南", "Awaiting the guide"),
    "outcome.needs_decision": Words("须人工裁定", "A person must decide"),
    "outcome.not_eligible": Words("不符合", "Not eligible"),
    "outcome.closed": Words("未开放", "Not open this year"),
    "outcome.lapsed": Words("已失效", "Lapsed"),
    # labels that made-up populations bear
    "label.size": Words("规模", "size"),
    "label.trade": Words("行业", "trade"),
    "label.micro": Words("微型", "micro"),
    "label.small": Words("小型", "small"),
    "label.medium": Words("中型", "medium"),
    "label.large": Words("大型", "large"),
}


def say(key: str, lang: str, **values: str) -> str:
    """A saying in a language, its places filled; KeyError when there is none."""
    text = SAYINGS[key][lang]
    return text.format(**values) if values else text
