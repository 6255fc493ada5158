"""Messages about check and estimate (测算问答): E970 to E979.

Each entry: sentence zh, en, hint zh, en, and severity.
"""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

ASKING: dict[str, Entry] = {
    "E970": (
        "没有编号为“{name}”的问题",
        "there is no question “{name}”",
        "[?是否指“{near}”？?]编号由程序给出，请不要改动。",
        "[?Did you mean “{near}”? ?]Ids come with the questions; leave them as they are.",
        "error",
    ),
    "E971": (
        "“{title}”的回答“{text}”有误：{zh}",
        "“{title}”: the answer “{text}” will not do: {en}",
        "",
        "",
        "error",
    ),
    "E972": (
        "这份问答记录不能使用：{zh}",
        "this record of questions and answers cannot be used: {en}",
        "请用程序保存的原文件，或重新开始。",
        "Use the file as it was saved, or begin again.",
        "error",
    ),
    "E973": (
        "这份问答记录属于方案“{theirs}”的另一版本，现为“{ours}”",
        "this record belongs to another version of “{theirs}” than the “{ours}” at hand",
        "方案已经改变，请重新开始。",
        "The programme has changed since: begin again.",
        "error",
    ),
    "E974": (
        "回答在输入结束前没有问完：还有“{title}”",
        "the input ended before the questions did: “{title}” is open",
        "每行一个回答；不清楚的写“不知道”。",
        "One answer a line; write “don't know” where you do not.",
        "error",
    ),
}
