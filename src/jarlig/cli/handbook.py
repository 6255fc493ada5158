"""``jarlig handbook``: the handbook of a programme as one page to print, written whole or not at all."""

from __future__ import annotations

import click

from jarlig.cli import files, help, screen
from jarlig.cli.help import pick


@help.command(
    "handbook",
    help="生成办事手册（一个 HTML 文件，可打印）。 / Write the handbook of a programme: one HTML file, ready to print.",
    epilog="例：\n  jarlig handbook PROGRAMME --lang zh --out 手册.html / "
    "Example:\n  jarlig handbook PROGRAMME --lang en --out handbook.html",
)
@click.argument("programme")
@help.option("--out", required=True, metavar="FILE", help="写入的文件（必填） / The file to write (required).")
def handbook(lang: str, programme: str, out: str) -> None:
    """Writes the handbook."""
    from jarlig.library import load
    from jarlig.words.handbook import render

    with screen.waiting(pick("生成中 / writing", lang)):
        page = render(load(programme).model, lang)
    files.write_whole(out, page)
    screen.say(pick("已写入 / written: ", lang).rstrip() + f" {out}")
