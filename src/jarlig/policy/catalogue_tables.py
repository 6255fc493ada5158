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
    "E827": (
        "{most} MiB 内存不够完成测算",
        "{most} MiB of memory are too little for this run",
        "请用 --memory 给更多内存，或分批测算。",
        "Give more with --memory, or split the run.",
        "error",
    ),
    "E828": (
        "不能写在“{text}”上：这一文件正被读取，或另有结果写在其上",
        "“{text}” cannot be written over: it is read, or another result goes there",
        "请换一个文件名。",
        "Give another name.",
        "error",
    ),
    "E826": (
        "缺少“{name}”列",
        "the column “{name}” is missing",
        "请补上这一列；各表应有的列见指南“many-cases”。",
        "Add it; the guide “Many cases” lists the columns of each table.",
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
    "E839": (
        "超过 {most} 行无法使用；最后一行的“{column}”：{zh}",
        "more than {most} rows cannot be used; the last one, column “{column}”: {en}",
        "请核对各列的写法，例如日期写作 2023-06-01、金额不带千分位逗号。",
        "Check how the columns are written: dates as 2023-06-01, amounts without commas.",
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
    "E833": (
        "无法将 Spark 会话的 {name} 设为 {value}，金额可能不精确",
        "the Spark session cannot be set to {name} = {value}; sums could be inexact",
        "请换用允许此设置的会话，或不传入会话，由本程序自行启动。",
        "Hand in a session that allows it, or none, and one is started here.",
        "error",
    ),
    "E834": (
        "无法在 {text} 上启动 Spark：{zh}",
        "Spark does not start on {text}: {en}",
        "请检查主节点地址（如 spark://主机:7077），并确认有工作节点在运行。",
        "Check the address of the master (such as spark://host:7077), and that some worker is running.",
        "error",
    ),
    "E835": (
        "缺少 Java，无法启动 Spark",
        "there is no Java, so Spark cannot start",
        "请安装 Java 17（Debian、Ubuntu：apt-get install openjdk-17-jre-headless），或设置 JAVA_HOME。",
        "Install Java 17 (on Debian or Ubuntu: apt-get install openjdk-17-jre-headless), or set JAVA_HOME.",
        "error",
    ),
    "E816": (
        "案例表已有申请日期列“on”，不能再用 --on 指定",
        "the cases have days of application of their own, so --on cannot set one",
        "请去掉 --on；要让全部案例按同一日期测算，请去掉表中的“on”列。",
        "Leave out --on; to answer for all cases on one day, take the column “on” out of the table.",
        "error",
    ),
    "E837": (
        "有工作节点看不到文件 {text}",
        "a worker does not see the file {text}",
        "数据表和结果所在的文件夹须放在共享存储上，每个工作节点以同一路径可读写。",
        "Keep the tables and the answer on shared storage that every worker has at the same path.",
        "error",
    ),
    "E838": (
        "算出 {rows} 行，文件夹 {text} 中只有 {there} 行",
        "{rows} rows were computed, {there} stand in the folder {text}",
        "有工作节点写到了别处：结果所在的文件夹须放在共享存储上，每个工作节点以同一路径可读写。",
        "A worker wrote elsewhere: keep the answer on shared storage that every worker has at the same path.",
        "error",
    ),
}
