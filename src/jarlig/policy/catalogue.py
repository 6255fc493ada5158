"""The catalogue of messages: every sentence that an author of files may be told, under its code.

Codes by group: E1xx the file and its YAML or JSON; E2xx shape (unknown key, missing key, wrong type); E3xx names;
E4xx expressions; E5xx kinds and widths; E6xx figures and bands; E7xx overlays; E8xx facts; E9xx cases, clauses, notice.

To add one: take the next free number of its group; write both languages with the same ``{placeholders}`` (``{text}``,
the wrong piece of the file, is always there; ``{zh}`` in Chinese pairs with ``{en}`` in English for a sentence that
comes ready in both); put a part that needs a value which may be empty into ``[? ?]``; write a test that names the code
beside the file that provokes it. A sentence says what is wrong, the hint how to mend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jarlig.policy.catalogue_allocation import ALLOCATION
from jarlig.policy.catalogue_asking import ASKING
from jarlig.policy.catalogue_check import CHECKS
from jarlig.policy.catalogue_proofs import PROOFS
from jarlig.policy.catalogue_rules import RULES
from jarlig.policy.catalogue_spark import SPARK
from jarlig.policy.catalogue_tables import TABLES
from jarlig.policy.catalogue_whatif import WHATIF


@dataclass(frozen=True, slots=True)
class Template:
    """A message in both languages, its placeholders open."""

    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    severity: Literal["error", "warning"] = "error"


_NEAR_ZH, _NEAR_EN = "[?是否想写“{near}”？?]", "[?Did you mean “{near}”??]"

_FILES: dict[str, Template] = {
    "E101": Template(
        "文件有 {size} 字节，上限为 {most} 字节",
        "the file has {size} bytes; the most is {most}",
        "请把内容分到几个文件里。",
        "Split it into several files.",
    ),
    "E102": Template(
        "文件不是 UTF-8 编码（{found}）",
        "the file is not UTF-8 ({found})",
        "请在编辑器里另存为 UTF-8。",
        "Save it as UTF-8 in your editor.",
    ),
    "E103": Template(
        "这一行有 {size} 个字符，上限为 {most} 个",
        "this line has {size} characters; the most is {most}",
        "请分成几行。",
        "Break it into several lines.",
    ),
    "E104": Template(
        "文件里有看不见的控制字符 {found}",
        "an invisible control character {found}",
        "请删去这个字符。",
        "Remove it.",
    ),
    "E105": Template(
        "文件里有制表符（Tab）",
        "a tab character",
        "缩进和间隔只用空格。",
        "Indent and separate with spaces only.",
    ),
    "E106": Template(
        "嵌套超过 {most} 层",
        "nested more than {most} levels deep",
        "请把内层内容移到单独的条目里。",
        "Move the inner part to an entry of its own.",
    ),
    "E107": Template(
        "文本有 {size} 个字符，上限为 {most} 个",
        "a text of {size} characters; the most is {most}",
        "请缩短这段文本。",
        "Shorten it.",
    ),
    "E108": Template(
        "文件的值超过 {most} 个",
        "the file has more than {most} values",
        "请分成几个文件；大量数据请用 JSON 或表格。",
        "Split the file; for many rows use JSON or a table.",
    ),
    "E109": Template(
        "文件是空的",
        "the file is empty",
        "请写入内容，或删去这个文件。",
        "Write its contents or remove the file.",
    ),
    "E110": Template(
        "没有文件夹“{name}”",
        "there is no folder “{name}”",
        "请核对路径。",
        "Check the path.",
    ),
    "E111": Template(
        "文件夹“{name}”里没有 programme.yaml",
        "the folder “{name}” has no programme.yaml",
        "方案文件夹须有 programme.yaml，写明方案的标识、文号和有效期。",
        "A programme folder needs programme.yaml with its identity, document number and validity.",
    ),
    "E112": Template(
        "文件夹里有 {count} 个文件，上限为 {most} 个",
        "the folder has {count} files; the most is {most}",
        "请只保留本方案的文件。",
        "Keep only the files of this programme there.",
    ),
    "E113": Template(
        "文件无法读取：{reason}",
        "the file cannot be read: {reason}",
        "请核对路径和权限。",
        "Check the path and the permissions.",
    ),
    "E114": Template(
        "没有方案“{name}”，也没有这个文件夹",
        "there is no programme “{name}”, nor a folder of that name",
        "[?是否指 {near}？?]随附的方案：{valid}；自己的方案请给出文件夹路径。",
        "[?Did you mean {near}? ?]Shipped: {valid}; for one of your own give the path of its folder.",
    ),
    "E115": Template(
        "这是电子表格或压缩文件（如 .xlsx、.zip），不是文本文件",
        "this is a spreadsheet or an archive (such as .xlsx or .zip), not a text file",
        "请导出为 JSON，或写成 YAML 文本。",
        "Export it as JSON, or write it as YAML.",
    ),
    "E120": Template(
        "不能使用锚点或引用（“{text}”）",
        "anchors and aliases are not used (“{text}”)",
        "请把内容完整写出；以 & 或 * 开头的文本请加引号。",
        "Write the content out; put a text that begins with & or * in quotes.",
    ),
    "E121": Template(
        "不能使用类型标签“{text}”",
        "type tags such as “{text}” are not used",
        "值的类型由所在的键决定；以 ! 开头的文本请加引号。",
        "The key decides the kind of a value; put a text that begins with ! in quotes.",
    ),
    "E122": Template(
        "键“{text}”重复，第 {first} 行已有",
        "the key “{text}” stands twice; first on line {first}",
        "请只保留一个。",
        "Keep one of them.",
    ),
    "E123": Template(
        "不能使用合并键“<<”",
        "the merge key “<<” is not used",
        "请把内容完整写出。",
        "Write the content out.",
    ),
    "E124": Template(
        "一个文件里有不止一个文档",
        "more than one document in a file",
        "请删去中间的“---”或“...”，或分成几个文件。",
        "Remove the “---” or “...” between them, or split the file.",
    ),
    "E125": Template(
        "键必须是一段文本，不能是列表或映射",
        "a key must be a text, not a list or a mapping",
        "请写成“键: 值”。",
        "Write it as “key: value”.",
    ),
    "E126": Template(
        "引号没有结束",
        "this quote is never closed",
        "请在文本末尾补上引号。",
        "Close it at the end of the text.",
    ),
    "E127": Template(
        "括号没有结束，或列表中缺少逗号",
        "this bracket is never closed, or a comma is missing inside it",
        "请补上“]”或“}”；各项之间用“, ”分隔。",
        "Close it with “]” or “}”; separate the items with “, ”.",
    ),
    "E128": Template(
        "这里不能有冒号：一行里有两个“: ”，或冒号后没有空格，或键没有对齐",
        "a colon that cannot stand here: two “: ” in one line, no space after it, or a key not aligned",
        "冒号后要有空格；文本里含“: ”时请加引号；同级的键要对齐。",
        "Put a space after a colon; put a text that contains “: ” in quotes; align the keys of one level.",
    ),
    "E129": Template(
        "缩进不对，或缺少“键:”",
        "wrong indentation, or a missing “key:”",
        "同级的内容用相同的空格数对齐。",
        "Align what is on one level with the same number of spaces.",
    ),
    "E130": Template(
        "文本不能以“{text}”开头",
        "a text cannot begin with “{text}”",
        "请给这段文本加引号。",
        "Put the text in quotes.",
    ),
    "E131": Template(
        "双引号里的转义“{text}”无效",
        "the escape “{text}” does not exist in double quotes",
        "请改用单引号，或把“\\”写成“\\\\”。",
        "Use single quotes, or write “\\” as “\\\\”.",
    ),
    "E132": Template(
        "不能使用以“%”开头的指令行",
        "directive lines that begin with “%” are not used",
        "请删去这一行；以 % 开头的文本请加引号。",
        "Remove the line; put a text that begins with % in quotes.",
    ),
    "E133": Template(
        "文件结构有误，读到这里无法继续",
        "the structure of the file is wrong; it cannot be read beyond this point",
        "请核对此处的缩进、引号和标点。",
        "Check indentation, quotes and punctuation here.",
    ),
    "E134": Template(
        "文本里有转义得到的无效字符 {found}",
        "an escape makes the invalid character {found}",
        "请删去这个转义。",
        "Remove the escape.",
    ),
    "E135": Template(
        "引号或括号结束之后还有内容",
        "there is more after the closing quote or bracket",
        "请用一对引号括住整段文本。",
        "Put one pair of quotes around the whole text.",
    ),
    "E136": Template(
        "括号内的文本含有“?”",
        "a text with “?” inside brackets",
        "请给这段文本加引号。",
        "Put the text in quotes.",
    ),
    "E137": Template(
        "冒号是全角的“：”",
        "a full-width colon “：”",
        "键后面请用半角冒号和一个空格“: ”。",
        "After a key write a plain colon and a space “: ”.",
    ),
    "E140": Template(
        "JSON 写法有误：{reason}",
        "not valid JSON: {reason}",
        "请核对此处的引号、逗号和括号。",
        "Check quotes, commas and brackets here.",
    ),
    "E141": Template(
        "“{text}”不是数",
        "“{text}” is not a number",
        "未知的值请写 null。",
        "For a value not known write null.",
    ),
}

_SHAPE: dict[str, Template] = {
    "E201": Template(
        "{where}没有“{name}”这个键",
        "“{name}” is not a key of {where}",
        _NEAR_ZH,
        _NEAR_EN,
    ),
    "E202": Template(
        "{where}缺少“{name}”",
        "{where} lacks “{name}”",
        "请补上“{name}:”。",
        "Add “{name}:”.",
    ),
    "E203": Template(
        "这里应为 {expected}，实为 {got}",
        "expected {expected}, got {got}",
    ),
    "E204": Template(
        "“{name}”不在可选值中",
        "“{name}” is not one of the choices",
        _NEAR_ZH + "[?可选：{valid}。?]",
        _NEAR_EN + "[? Choices: {valid}.?]",
    ),
    "E205": Template("数字“{text}”有误：{zh}", "bad number “{text}”: {en}"),
    "E206": Template("日期“{text}”有误：{zh}", "bad date “{text}”: {en}"),
    "E207": Template(
        "这里应有中英文两种文本，实为 {got}",
        "expected a text in both languages, got {got}",
        "请写成 {zh: 中文, en: English}，两项都不能空；花括号内含英文逗号“,”的文本须加引号。",
        "Write {zh: 中文, en: English}, neither empty; inside braces a text that contains a comma needs quotes.",
    ),
    "E208": Template(
        "须且只须写明其中一项：{keys}；实为 {got}",
        "exactly one of these must be given: {keys}; got {got}",
    ),
    "E209": Template(
        "“{name}”不能作名称",
        "“{name}” cannot be a name",
        "名称用小写字母、数字和“_”，以字母开头，且不能是表达式里的保留词。",
        "A name has small letters, digits and “_”, begins with a letter, and is no word that expressions use.",
    ),
    "E210": Template(
        "期间“{text}”的终点早于起点",
        "the period “{text}” ends before it begins",
        "请核对起止日期。",
        "Check both dates.",
    ),
}


CATALOGUE: dict[str, Template] = {
    **_FILES,
    **_SHAPE,
    **{
        code: Template(*texts)
        for texts_of in (RULES, CHECKS, TABLES, ALLOCATION, WHATIF, SPARK, PROOFS, ASKING)
        for code, texts in texts_of.items()
    },
}
