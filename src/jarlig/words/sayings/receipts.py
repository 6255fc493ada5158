"""Receipts: what a check of one finds."""

SAYINGS = {
    "receipt.not_one": (
        "这不是测算凭证，也不是附有测算凭证的结果文件；请用保存下来的 JSON 原文件",
        "this is no receipt, and no report with one; give the JSON file as it was saved",
    ),
    "receipt.unreadable": ("测算凭证无法读取：{detail}", "the receipt cannot be read: {detail}"),
    "receipt.none_inside": (
        "这份结果里没有测算凭证；请在测算时要求附上",
        "this report holds no receipt; ask for one when the answer is made",
    ),
    "receipt.part_missing": (
        "测算凭证里的“{part}”缺失或格式不对，可能被截断或改动过",
        "the part “{part}” of the receipt is missing or malformed; it may have been cut or changed",
    ),
    "receipt.facts_changed": (
        "测算凭证里的事实被改动过：事实的哈希不符",
        "the facts inside the receipt were changed: their hash does not fit",
    ),
    "receipt.changed": (
        "测算凭证被改动过：整份的哈希不符",
        "the receipt was changed: the hash of the whole does not fit",
    ),
    "receipt.unknown_programme": (
        "找不到方案“{name}”；请给出它的文件夹",
        "the programme “{name}” is not known here; give its folder",
    ),
    "receipt.bad_date": (
        "测算凭证里的申请日期“{on}”无法读取：{detail}",
        "the application date “{on}” cannot be read: {detail}",
    ),
    "receipt.not_answered": (
        "用测算凭证里的事实无法重新测算：{detail}",
        "the facts of the receipt give no answer: {detail}",
    ),
    "receipt.file_changed": ("规则文件 {name} 与当时不同", "the rule file {name} is not what it was"),
    "receipt.file_gone": (
        "当时所用的规则文件 {name} 现已不存在或不再适用",
        "the rule file {name} that governed then is gone or governs no more",
    ),
    "receipt.file_new": ("现在适用的规则文件 {name} 当时没有", "the rule file {name} governs now and did not then"),
    "receipt.figure_differs": (
        "{figure}不符：测算凭证为{then}，重新测算为{now}",
        "{figure} differs: the receipt has {then}, computed again it is {now}",
    ),
    "receipt.steps_differ": ("各步骤的数值与重新测算不符", "the values of the steps differ from those computed again"),
    "receipt.report_differs": (
        "结果文件与其中的测算凭证不符：{figure}在结果中为{then}，在凭证中为{now}",
        "the report and the receipt inside it differ: {figure} is {then} in the report, {now} in the receipt",
    ),
    "receipt.report_part": (
        "结果文件中的“{part}”与重新测算不符",
        "the part “{part}” of the report differs from the one computed again",
    ),
    "receipt.report_unknown": (
        "结果文件中多出“{part}”，测算结果没有这一部分",
        "the report holds “{part}”, which no answer has",
    ),
    "receipt.other_version": (
        "测算凭证由 {then} 版生成，现用 {now} 版核验",
        "the receipt was made by version {then} and is checked by version {now}",
    ),
    "receipt.other_ladder": (
        "计算步骤与当时不同，是否影响金额见上",
        "the steps of the computation are not those of then; whether a figure changed is said above",
    ),
    # what a receipt's figures are called
    "figure.outcome": ("结论", "the answer"),
    "figure.formula_amount": ("公式金额", "the amount by formula"),
    "figure.amount": ("测算金额", "the amount"),
    "figure.low": ("最低金额", "the lowest amount"),
    "figure.high": ("最高金额", "the highest amount"),
    "figure.programme": ("方案", "the programme"),
    "figure.offer": ("事项", "the offer"),
    "figure.on": ("申请日期", "the application date"),
    "figure.guide": ("指南年度", "the year of the guide"),
    "figure.at": ("申请地", "the place of application"),
    "figure.null": ("无", "none"),
}
