"""What was expected and what was found, said in Chinese: the short phrases that fill the sentences of the catalogue.

Code names such a phrase in English where it raises a message; the Chinese sentence takes it from here. Texts that an
author wrote, which stand in “ ”, are left as they are.
"""

from __future__ import annotations

import re

#: The placeholders that such phrases fill; any other holds a name or a text of the author's own.
PHRASED = frozenset(("expected", "got", "want", "kind", "what", "where", "left", "right", "side", "who"))

PHRASES = {
    "a mapping": "映射（键: 值）",
    "a list": "列表",
    "a list of rows": "逐行列表",
    "a list of earlier awards": "此前奖补的列表",
    "a mapping of facts": "若干行“名称: 值”",
    "a mapping of columns": "列的映射",
    "a plain column": "单一值的列",
    "rows or set": "明细或集合",
    "a list of earlier awards, or {history: […]}": "此前奖补的列表，或 {history: […]}",
    "overlay of this figure": "对该数额的调整",
    "expect of an award": "奖补算例的 expect",
    "a number": "数字",
    "a whole number": "整数",
    "a date": "日期",
    "a text": "文本",
    "text": "文本",
    "a value at least": "至少一个值",
    "an empty list": "空列表",
    "an empty text": "空文本",
    "a window": "期间",
    "a sum in yuan": "以元为单位的金额",
    "true or false": "true 或 false",
    "none": "无",
    "something else": "其他内容",
    "null": "null（未知）",
    "an expression": "表达式",
    "an expression or a sum over rows": "表达式或明细合计",
    "a plain value": "单一的值",
    "a clause number": "条款编号",
    "a name of small letters, digits and _": "由小写字母、数字和“_”组成的名称",
    "an id of letters, digits, - _ and .": "由字母、数字和“- _ .”组成的编号",
    "64 hexadecimal digits": "64 位十六进制数字",
    "a division code of 6 digits": "6 位区划代码",
    "a division code of 6, 9 or 12 digits": "6、9 或 12 位区划代码",
    "rows.column or a fact": "“行.列”或事实的名称",
    "offer.fact": "“事项.事实”",
    "one part such as league": "league 一类的一个部分",
    "a name, a number or (": "名称、数字或“(”",
    "the end": "结尾处",
    "when": "when",
    "a share": "份额",
    "a written ratio": "写明的比例",
    "money": "金额",
    "usd": "美元金额",
    "ratio": "比例",
    "unit_rate": "单位标准",
    "integer": "整数",
    "number": "数",
    "figure": "数额",
    "shares": "份额",
    "some_of": "集合",
    "date": "日期",
    "month": "月份",
    "yes/no": "是否",
    "rows": "明细",
    "after": "后续条件",
    "anchor": "标注",
    "case": "算例",
    "claims": "申报",
    "clause": "条款",
    "clauses file": "条款文件",
    "closing rule": "附则",
    "condition": "条件",
    "count of rows": "行数",
    "dated value": "分期数值",
    "document": "公文",
    "duty": "职责",
    "every": "每满",
    "exception": "例外",
    "exclusive": "互斥规则",
    "expect": "算例结果",
    "floor": "下限",
    "for_each": "逐项计算",
    "gates": "条件",
    "instalment": "分期支付",
    "less": "扣减",
    "limit": "累计上限",
    "local rules": "地方细则",
    "named condition": "命名条件",
    "offer": "事项",
    "parameter": "参数",
    "part": "组成部分",
    "period": "期间",
    "pool": "资金池",
    "programme": "方案",
    "reading": "解释口径",
    "register": "登记",
    "sum over rows": "明细合计",
    "table": "数额表",
    "target": "目标",
    "term": "待定参数",
    "validity": "有效期",
    "marginal table": "累进表",
    "quantity": "数量",
    "fact": "事实",
    "lower": "降低",
    "raise": "提高",
    "guide": "指南",
    "local": "地方细则",
}
_PATTERNS = tuple(
    (re.compile(pattern, re.DOTALL), chinese)
    for pattern, chinese in (
        (r"fact (.+)", "事实 {0}"),
        (r"one of (.+)", "其中之一：{0}"),
        (r"some of (.+)", "其中一项或几项：{0}"),
        (r"(.+) with (\d+) decimals", "{0}（{1} 位小数）"),
        (r"code \((.+)\)", "代码（{0}）"),
        (r"division \((.+)\)", "区划（{0}）"),
        (r"a mapping \((.+)\)", "映射（{0}）"),
        (r"\{\} or a mapping with (.+)", "{{}} 或含 {0} 的映射"),
        (r"a fact such as (.+)", "形如 {0} 的事实"),
        (r"a row such as (.+)", "形如 {0} 的一行"),
        (r"bands such as (.+)", "形如 {0} 的分档"),
        (r"choices with labels (.+)", "带中英文名称的选项 {0}"),
        (r"an entry that begins with (.+)", "以 {0} 之一开头的条目"),
        (r"nothing below (“.+”)", "{0}以下没有分档"),
        (r"nothing above (“.+”)", "{0}以上没有分档"),
        (r"overlap with (“.+”)", "与{0}重叠"),
        (r"gap after (“.+”)", "{0}之后有空缺"),
        (r"the edge is also in (“.+”)", "该边界值也属于{0}"),
        (r"(\d+) characters", "{0} 个字符"),
        (r"more than (\d+) words and signs", "超过 {0} 个词和符号"),
        (r"deeper than (\d+)", "超过 {0} 层"),
        (r"(.+), expected (.+)", "{0}，这里应为 {1}"),
    )
)


def in_chinese(phrase: str) -> str:
    """The phrase in Chinese; one that is not known is a text of the author's and stays as it is."""
    known = PHRASES.get(phrase)
    if known is not None:
        return known
    for pattern, chinese in _PATTERNS:
        match = pattern.fullmatch(phrase)
        if match:
            return chinese.format(*(PHRASES.get(part, part) for part in match.groups()))
    return phrase
