"""Names of the language's own closed lists, in both languages; what a programme names stands in the programme."""

from __future__ import annotations

from collections.abc import Mapping

from jarlig.ladder.kinds import CNY, Choice, Code, Date, Division, Kind, Month, Number, Rows, Some, YesNo, unit_text
from jarlig.ladder.steps import Words

PAYEES: Mapping[str, Words] = {
    "enterprise": Words("企业", "enterprise"),
    "unit": Words("单位", "unit"),
    "park": Words("园区运营方", "park operator"),
    "carrier": Words("承运企业", "carrier"),
    "circle": Words("生活圈组织方", "circle organiser"),
    "county": Words("旗县", "banner or county"),
    "city": Words("盟市", "league or city"),
}
NATURES: Mapping[str, Words] = {
    "award": Words("奖补", "award"),
    "transfer": Words("转移支付", "transfer"),
    "inform": Words("政策提示", "information"),
}
CLAIMS: Mapping[str, Words] = {
    "once": Words("一次", "once"),
    "year": Words("每年一次", "once a year"),
    "guide_year": Words("每个指南年度一次", "once a guide year"),
    "month": Words("每月一次", "once a month"),
}
RHYTHMS: Mapping[str, Words] = {
    "once": Words("一次", "once"),
    "yearly": Words("每年", "yearly"),
    "quarterly": Words("每季度", "quarterly"),
    "monthly": Words("每月", "monthly"),
    "standing": Words("长期", "standing"),
}
ENCODED: Mapping[str, Words] = {
    "offer": Words("事项", "offer"),
    "target": Words("目标", "target"),
    "duty": Words("职责", "duty"),
    "register": Words("登记", "register"),
    "rule": Words("规则", "rule"),
    "parts": Words("分款编码", "in parts"),
    "open": Words("待定", "open"),
    "not_encodable": Words("不编码", "not encodable"),
}
#: What an offer is in a year (事项的年度状态); the fourth, lapsed, is a matter of the date.
STATES: Mapping[str, Words] = {
    "open": Words("开放", "open"),
    "guide": Words("待指南", "awaits guide"),
    "local": Words("待细则", "awaits place"),
    "closed": Words("未开", "not open"),
}
FILLERS: Mapping[str, Words] = {
    "guide": Words("年度指南", "the yearly guide"),
    "local": Words("盟市", "the league or city"),
}
_CODES: Mapping[str, Words] = {
    "uscc": Words("统一社会信用代码", "USCC"),
    "invoice": Words("发票号码", "invoice number"),
    "sha256": Words("SHA-256", "SHA-256"),
    "industry": Words("行业代码", "industry code"),
    "project": Words("项目编号", "project number"),
    "bank": Words("联行号", "bank routing code"),
}
_LEVELS: Mapping[str, Words] = {
    "region": Words("省级", "region"),
    "league": Words("盟市级", "league"),
    "county": Words("旗县级", "county"),
    "township": Words("苏木乡镇级", "township"),
    "village": Words("嘎查村级", "village"),
}


def kind_words(kind: Kind, units: Mapping[str, Words]) -> Words:
    """What form a fact takes (事实的类型), for somebody who has to state it."""
    if isinstance(kind, Number):
        return _number(kind, units)
    if isinstance(kind, Choice | Some):
        one = isinstance(kind, Choice)
        return Words("选项", "choice") if one else Words("多选", "choices")
    if isinstance(kind, Code):
        return _CODES.get(kind.form, Words("文本", "text"))
    if isinstance(kind, Division):
        level = _LEVELS[kind.level]
        return Words(f"区划代码（{level.zh}）", f"division code ({level.en})")
    if isinstance(kind, Rows):
        return Words(f"清单，最多 {kind.most:,} 行", f"list of at most {kind.most:,} rows")
    plain = {YesNo: Words("是/否", "yes/no"), Date: Words("日期", "date"), Month: Words("月份", "month")}
    return plain[type(kind)]


def _number(kind: Number, units: Mapping[str, Words]) -> Words:
    if kind.unit == CNY:
        return Words("金额（元）", "money (CNY)")
    if not kind.unit:
        return Words("比例", "ratio") if kind.scale else Words("整数", "whole number")
    name = unit_text(kind.unit)
    unit = units.get(name, Words(name, name.replace("_", " ")))
    return Words(f"数量（{unit.zh}）", f"quantity ({unit.en})")
