"""Answers: the eight outcomes, the amounts, what is missing and what to do next."""

SAYINGS = {
    # the outcomes by name
    "outcome.award": ("可以确定", "Determined"),
    "outcome.range": ("区间", "Range"),
    "outcome.undetermined": ("还不能确定", "Undetermined"),
    "outcome.awaiting_guide": ("待指南", "Awaiting the guide"),
    "outcome.awaiting_value": ("待公布", "Awaiting a published value"),
    "outcome.needs_decision": ("须人工裁定", "A person must decide"),
    "outcome.not_eligible": ("不符合", "Not eligible"),
    "outcome.closed": ("未开放", "Not open this year"),
    "outcome.lapsed": ("已失效", "Lapsed"),
    # the head
    "head.applied": ("申请日期{day}", "applied for on {day}"),
    "head.at": ("申请地{at}", "at {at}"),
    "head.what_if": ("假设适用{guide}", "asked as if {guide} applied"),
    "head.no_guide": ("没有适用的申报指南", "no application guide applies"),
    "head.stop": (" · ", " · "),
    "verdict": ("{name}：{text}", "{name}: {text}"),
    # what each outcome comes to
    "award": ("测算金额{amount}", "{amount}"),
    "award.nil": ("无奖补", "no award"),
    "award.nil.inform": ("按所填数据没有减税额", "no tax is saved on the data given"),
    "award.inform": ("按所填数据约为{amount}", "{amount} on the data given"),
    "range": ("在{low}与{high}之间", "between {low} and {high}"),
    "range.point": (
        "缺少的事实不影响金额（{low}），补齐后方可作为结论",
        "the facts that are missing do not change the sum of {low}; it is settled once they are given",
    ),
    "range.about": (
        "按概数测算为{low}；填写准确数或明细后可能变化",
        "{low} on rough figures; the exact ones, or the list of lines, may change it",
    ),
    "range.rough": ("其中有按概数测算的，填写准确数或明细后可能变化", "on rough figures, so exact ones may change it"),
    "range.open": ("不低于{low}，最高金额尚无法估计", "at least {low}; how much at most is not known yet"),
    "undetermined": (
        "因缺少有关事实，最高金额无法估计，暂不给出金额；未填不等于零",
        "facts are missing that leave the sum without a bound: no estimate; not given is not zero",
    ),
    "awaiting.terms": (
        "下列内容尚未公布，公布前不能测算金额",
        "the terms below have not been published; until then there is no amount",
    ),
    "awaiting.no_guide": (
        "{day}没有适用的申报指南，指南公布前不能测算金额",
        "no application guide applies on {day}; until one is published there is no amount",
    ),
    "needs_decision": (
        "依据现有规定不能得出唯一结论，须由人裁定并写明理由",
        "the rules alone do not give one answer: a person must decide and give the reason",
    ),
    "not_eligible": ("有{count}项条件不符合，不予支持", "{count} conditions are not met; nothing is paid"),
    "not_eligible.one": ("有1项条件不符合，不予支持", "1 condition is not met; nothing is paid"),
    "closed.not_opened": ("{guide}未开放本项", "the {guide} does not open this measure"),
    "closed.by_place": ("{guide}未开放本项", "the {guide} close this measure"),
    "closed.before": (
        "{guide}的受理期为{first}至{last}，{day}尚未开始受理",
        "the {guide} takes applications from {first} until {last}; {day} is too early",
    ),
    "closed.after": (
        "{guide}的受理期为{first}至{last}，{day}已截止",
        "the {guide} took applications from {first} until {last}; {day} is too late",
    ),
    "lapsed.after": (
        "通知有效期至{last}，{day}已失效，不再受理新的申请",
        "the notice was in force until {last}; on {day} no new application is possible",
    ),
    "lapsed.before": (
        "通知自{first}起生效，{day}尚未生效",
        "the notice is in force from {first}; on {day} it was not yet",
    ),
    # what to do next
    "next.on": (
        "如需查看受理期内的结果，请以受理期内的日期查询，例如 --on {day}",
        "to see the answer within the window, ask with a date inside it, such as --on {day}",
    ),
    "next.valid_on": (
        "有效期内已提交的申请，按提交日期测算，例如 --on {day}",
        "an application filed in time is answered by its own date: ask with it, such as --on {day}",
    ),
    "next.guide": ("{guide}开放本项，受理期{period}", "the {guide} opens this measure: {period}"),
    "next.no_guide": (
        "已公布的后续指南均未开放本项，请等待下一年度指南",
        "no published guide opens it again later: wait for the next one",
    ),
    "next.refused": (
        "如果上面的事实有误，请向核实部门更正后再查询",
        "if a fact above is wrong, have it corrected by the body that verifies it and ask again",
    ),
    "next.awaiting": (
        "有关内容公布后，请用同样的事实再次查询",
        "once the terms are published, ask again with the same facts",
    ),
    "next.ask": ("咨询：{bodies}", "ask: {bodies}"),
    # sections
    "section.settle": ("还需补充的事实（按影响从大到小）", "What would settle it (largest effect first)"),
    "section.open": ("由谁确定", "Who must set what"),
    "section.decide": ("须裁定的事项", "What must be decided"),
    "section.refused": ("不符合的原因", "Why not"),
    "section.tests": ("条件", "Conditions"),
    "section.sum": ("计算过程（金额单位：元）", "How it is worked out (sums in CNY)"),
    "section.amounts": ("三个金额", "Three amounts"),
    "section.pay": ("支付安排", "How it is paid"),
    "section.later": ("资金分配时确定", "Decided later, at allocation"),
    "section.next": ("下一步", "What to do next"),
    "section.notes": ("说明", "Notes"),
    # what is missing
    "missing.cell": ("{rows}第{line}行的“{column}”", "{rows}, line {line}: {column}"),
    "missing.worth": ("{what}：最多影响{worth}", "{what}: worth up to {worth}"),
    "missing.unbounded": ("{what}：影响金额无法估计", "{what}: its effect has no bound"),
    "missing.about": (
        "{what}：现按概数测算，填写准确数或明细后金额可能变化",
        "{what}: only a rough figure so far; the exact one, or the list of lines, may change the sum",
    ),
    "missing.nothing": ("{what}：不影响金额", "{what}: does not change the sum"),
    "missing.decides": ("用来判断：{phrase}", "needed for the condition: {phrase}"),
    "missing.enters": ("用来计算：{label}", "needed for the sum: {label}"),
    "missing.sources": ("材料：{evidence}", "evidence: {evidence}"),
    "missing.verified": ("由{body}核实", "verified by {body}"),
    # terms, decisions
    "open.guide": ("{term}：由年度申报指南确定", "{term}: set by the year's application guide"),
    "open.local": ("{term}：由盟市细则确定", "{term}: set by the local rules of the league or city"),
    "open.parameter": ("{term}：该日期尚无公布的数值", "{term}: no published value for that date"),
    "open.at_most": ("（不超过{most}）", " (at most {most})"),
    "doubt": ("{label}，涉及{cites}：请裁定如何处理", "{label}, under {cites}: decide which prevails"),
    "judged": ("裁定{term}：在{low}至{high}之间，并写明理由", "decide {term}: from {low} to {high}, with the reason"),
    # amounts
    "amount.formula": ("公式金额", "By formula"),
    "amount.formula.note": ("适用上限、限额之前", "before any cap or limit"),
    "amount.capped": ("测算金额", "Capped"),
    "amount.capped.note": ("适用上限、限额、下限并四舍五入之后", "after caps, limits, floor and rounding"),
    "amount.capped.undecided": ("待裁定", "to be decided"),
    "amount.approved": ("批准金额", "Approved"),
    "amount.approved.later": ("待定", "later"),
    "amount.approved.note": (
        "按当年预算分配后确定，不超过测算金额",
        "set by the year's budget; the capped amount is an upper limit",
    ),
    "later.note": ("由资金分配确定，不超过测算金额", "allocation decides later; the capped amount is an upper limit"),
    # notes
    "note.inform": (
        "仅供参考：在纳税申报时享受，不在此支付",
        "information: claimed in the tax return, never paid here",
    ),
    "note.transfer": (
        "转移支付：拨付给地方政府，不直接付给企业",
        "transfer: goes to a government, not to an enterprise",
    ),
    "note.samples": ("{names}为示例，不是政府文件", "{names}: illustrative, not a government document"),
    "note.sample_programme": ("本方案", "this programme"),
    "note.what_if": (
        "本结果为假设：按指定的指南测算，未核对受理期",
        "a what-if: the guide was named, its window was not asked",
    ),
    "note.no_place": (
        "未填申请地，未计地方细则；请填写注册地或申请地（--at）",
        "no place of application is given, so no local rules are applied; give it with --at or the registered place",
    ),
    "note.estimate": ("本结果为测算，不代表批准", "an estimate, not an approval"),
    "span": ("原文：“{words}”", "the clause: “{words}”"),
    # the table over several offers
    "nature.inform": ("税收测算", "Tax information"),
    "nature.transfer": ("转移支付", "Transfer"),
    "table.nature": ("{outcome}（{nature}）", "{outcome} ({nature})"),
    "table.offer": ("编号", "offer"),
    "table.title": ("事项", "title"),
    "table.outcome": ("结论", "answer"),
    "table.amount": ("测算金额（元）", "amount (CNY)"),
    "table.total": ("合计：可以确定的", "total: determined"),
    "table.ranges": ("合计：区间（不计入上项）", "total: ranges (not in the total above)"),
    "table.uncounted": ("没有金额、未计入合计的：{count}项", "without an amount, not counted: {count}"),
    "table.twice": (
        "“{fact}”同时计入了事项{offers}，均未计入合计：同一凭证只能用于一个事项，请在每行用 for 写明。",
        "“{fact}” is counted under {offers} at once, so none of them is in the total: the same evidence serves one "
        "offer only; say for which on each line (for: …).",
    ),
    "table.unbounded": ("无法估计", "no bound"),
    "table.exclusive": (
        "其中有不能同时享受的事项，合计数不等于可以同时获得的金额",
        "some of these exclude each other: the total cannot all be had at once",
    ),
}
