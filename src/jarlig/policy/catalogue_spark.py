"""Messages about Spark at work: E880 to E889. Each entry: sentence zh, en, hint zh, en, and severity."""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

SPARK: dict[str, Entry] = {
    "E880": (
        "{text} 上的计算内存不足：{why}",
        "the work on {text} ran out of memory: {why}",
        "请在 spark-defaults.conf 中调大 spark.executor.memory，或分批测算；单机测算请用 --engine duckdb。",
        "Give workers more (spark.executor.memory in spark-defaults.conf) or split the cases; on one machine take "
        "--engine duckdb.",
        "error",
    ),
    "E881": (
        "{text} 上的工作节点接连失去，测算未完成：{why}",
        "the workers of {text} were lost again and again, the run did not end: {why}",
        "请查看工作节点的日志（退出码 137 多半是系统因内存不足而结束进程），再重新测算；没有留下不完整的结果。",
        "Look into the logs of the workers (exit code 137 is mostly the system short of memory), then run again; "
        "no half answer was left.",
        "error",
    ),
    "E882": (
        "{seconds} 秒内 {text} 没有任何工作节点接受计算",
        "no worker of {text} took up any work in {seconds} seconds",
        "请确认有工作节点在运行，且内存和核数没有被其他程序占满。",
        "See that some worker is running, with memory and cores that no other program holds.",
        "error",
    ),
    "E883": (
        "{text} 上的磁盘已满：{why}",
        "a disk of {text} is full: {why}",
        "请清理结果所在的文件夹或工作节点的临时文件夹（spark.local.dir），再重新测算。",
        "Make room where the answer is written, or in the scratch folder of workers (spark.local.dir), and run again.",
        "error",
    ),
    "E884": (
        "{text} 上的计算被取消：{why}",
        "the work on {text} was cancelled: {why}",
        "没有留下不完整的结果，重新测算即可。",
        "No half answer was left; run again.",
        "error",
    ),
    "E885": (
        "{text} 上的计算出错：{why}",
        "Spark failed on {text}: {why}",
        "请改用 --engine duckdb 测算同样的数据表，并报告此问题。",
        "Run the same tables with --engine duckdb, and report this.",
        "error",
    ),
}
