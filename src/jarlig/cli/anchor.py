"""``jarlig anchor``: the line of YAML that ties a figure to the notice's own words, for authors of a programme."""

from __future__ import annotations

import click

from jarlig.cli import files, help, screen


@help.command(
    "anchor",
    help="在公文的某一条中找到这些文字，输出可放入 anchors 的一行。文字须恰好出现一次。 / "
    "Find these words in a clause of the notice and print the line to put under anchors. They must stand there once.",
    epilog="例：\n  jarlig anchor ./我的方案 --notice 原文.txt 2.1 按实际投资的20% / "
    'Example:\n  jarlig anchor ./my-programme --notice notice.txt 2.1 "20% of the investment"',
)
@click.argument("programme")
@click.argument("clause")
@click.argument("words", nargs=-1, required=True)
@help.option("--notice", required=True, metavar="FILE", help="公文原文（必填） / The notice's text (required).")
def anchor(lang: str, programme: str, clause: str, words: tuple[str, ...], notice: str) -> None:
    """Prints an anchor."""
    from jarlig.library import load
    from jarlig.policy import notice as notices

    text = files.text(notice, lang)
    screen.say(notices.anchor(load(programme).model, text, clause, " ".join(words)))
