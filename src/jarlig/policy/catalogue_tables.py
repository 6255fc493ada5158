"""Messages about tables of many cases: E820 to E839. Each entry: sentence zh, en, hint zh, en, and severity."""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

TABLES: dict[str, Entry] = {
    "E820": (
        "“{text}”不是数据表",
        "“{text}” is no table",
        "文件名以下列之一结尾：{valid}。",
        "The name must end in one of: {valid}.",
        "error",
    ),
    "E821": (
        "列“{text}”的类型是 {type}，不精确或无法识别",
        "the column “{text}” is of type {type}, which is not exact or not known here",
        "请改为文本、整数、定点小数（decimal）、日期（date）或是否（bool）。",
        "Make it text, an integer, a decimal, a date or a yes/no.",
        "error",
    ),
    "E822": ("无法读取数据表：{reason}", "the table cannot be read: {reason}", "", "", "error"),
    "E823": (
        "表头有误：{zh}",
        "the header is wrong: {en}",
        "第一行写列名，每列一个，不重复。",
        "The first row names the columns, each once.",
        "error",
    ),
    "E824": (
        "结果超过一张工作表的 {most} 行",
        "the result has more rows than the {most} of a sheet",
        "请写成 .parquet、.csv 或 .arrow 文件。",
        "Write a .parquet, .csv or .arrow file.",
        "error",
    ),
    "E825": (
        "没有“{name}”这个列",
        "“{name}” is no column of this table",
        "[?是否想写“{near}”？?]报表用的标签列以 group. 开头。",
        "[?Did you mean “{near}”? ?]Labels for reports begin with “group.”.",
        "error",
    ),
    "E826": (
        "缺少“{name}”列",
        "the column “{name}” is missing",
        "每一行都要写明所属案例的编号。",
        "Each row says of which case it is.",
        "error",
    ),
    "E832": (
        "获奖台账此行“{column}”有误：{zh}",
        "the column “{column}” of this row of the history is wrong: {en}",
        "台账不完整会使限额失效，请改正后再测算。",
        "A history with a hole in it would let limits be passed; mend it and run again.",
        "error",
    ),
    "E836": (
        "没有“{name}”这个明细",
        "“{name}” is no list of rows",
        "[?是否想写“{near}”？?]可选：{valid}；写作 --rows 名称=文件。",
        "[?Did you mean “{near}”? ?]Choose {valid}; write --rows NAME=FILE.",
        "error",
    ),
    "E829": (
        "文件不是 UTF-8 编码",
        "the file is not UTF-8",
        "请在表格软件中另存为“CSV UTF-8”。",
        "Save it as “CSV UTF-8” in the spreadsheet program.",
        "error",
    ),
    "E830": (
        "此行有误：{zh}",
        "this row is wrong: {en}",
        "含逗号或换行的内容须加双引号。",
        "Put what contains commas or line breaks in double quotes.",
        "error",
    ),
    "E831": (
        "缺少程序库 {text}",
        "the library {text} is not installed",
        "请安装 jarlig[{extra}]；从代码目录启动的 ./jarlig 会自动安装。",
        "Install jarlig[{extra}]; ./jarlig in a checkout does so by itself.",
        "error",
    ),
}
