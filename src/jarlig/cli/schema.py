"""``jarlig schema``: JSON Schema of each kind of file, so that an editor completes keys and underlines mistakes."""

from __future__ import annotations

import json

from jarlig.cli import files, help, screen
from jarlig.cli.help import pick
from jarlig.cli.trouble import Trouble
from jarlig.policy.messages import nearest


@help.command(
    "schema",
    help="输出方案文件的 JSON Schema（2020-12），供编辑器补全和校验。 / "
    "JSON Schema (2020-12) of the files of a programme, for editors to complete and validate.",
    epilog="例：\n  jarlig schema --kind measures\n  jarlig schema --out .vscode / "
    "Examples:\n  jarlig schema --kind measures\n  jarlig schema --out .vscode",
)
@help.option("--kind", metavar="NAME", help="只输出一类文件 / Only one kind of file.")
@help.option("--out", metavar="DIR", help="写成文件，每类一个 / Write files, one for each kind.")
def schema(lang: str, kind: str | None, out: str | None) -> None:
    """Prints or writes the schemas."""
    from jarlig.policy.reading import schemas
    from jarlig.whatif.reform import schema as of_reform

    found = {**schemas(), "reform": of_reform()}
    if kind is not None and kind not in found:
        near = nearest(kind, found)
        meant_zh, meant_en = (f"是否指 {near}？", f"did you mean {near}? ") if near else ("", "")
        zh = f"没有“{kind}”这类文件。{meant_zh}可选：{'、'.join(found)}。"
        raise Trouble(zh, f"there is no kind of file “{kind}”; {meant_en}there are {', '.join(found)}")
    chosen = found if kind is None else {kind: found[kind]}
    if out is None:
        screen.print_json(chosen if kind is None else chosen[kind])
        return
    for name, described in chosen.items():
        path = files.inside(out, f"{name}.schema.json")
        files.write_whole(path, json.dumps(described, ensure_ascii=False, indent=2) + "\n")
        screen.say(pick("已写入 / written: ", lang).rstrip() + f" {path}")
