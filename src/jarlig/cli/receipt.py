"""``jarlig receipt verify``: whether an award can be computed again, bit for bit, from what its receipt names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jarlig.cli import files, help, screen
from jarlig.cli.help import pick

if TYPE_CHECKING:
    from jarlig.policy import model


receipt = help.Group("receipt", help="核验测算凭证。 / Verify the receipt of a determination.")


@help.command(
    "verify",
    help="按凭证重新测算并逐项比对：规则文件、事实、金额。FILE 为凭证，或 determine --json 的输出；- 为标准输入。 / "
    "Compute the figures of a receipt again and compare rules, facts and sums. FILE is a receipt or what "
    "determine --json printed; - for standard input.",
    epilog="例：\n  jarlig determine PROGRAMME OFFER --facts 事实.yaml --json > 凭证.json\n"
    "  jarlig receipt verify 凭证.json / "
    "Example:\n  jarlig determine PROGRAMME OFFER --facts facts.yaml --json > r.json\n"
    "  jarlig receipt verify r.json",
)
@click.argument("file")
@help.option(
    "--programme",
    "folder",
    metavar="DIR",
    help="方案文件夹，非随附方案时给出 / Folder of the programme, if not shipped.",
)
def verify(lang: str, file: str, folder: str | None) -> int:
    """Prints whether a receipt holds; exit code 1 when it does not."""
    from jarlig.library import load
    from jarlig.words.receipts import verify as verified

    source = files.contents(file, lang)
    with screen.waiting(pick("核验中 / verifying", lang)):
        own = load(folder).model if folder is not None else None
        found = verified(source, lambda name: _programme(name, own))
    for problem in found.problems:
        screen.prose(f"✕ {problem[lang]}", "", "  ")
    for note in found.notes:
        screen.prose(f"· {note[lang]}", "", "  ")
    good, bad = (
        "凭证属实：重新测算的结果完全一致 / The receipt holds: the same figures came out",
        "凭证不符 / The receipt does not hold",
    )
    screen.say(pick(good if found.ok else bad, lang))
    return 0 if found.ok else 1


receipt.add_command(verify)


def _programme(name: str, own: model.Programme | None) -> model.Programme | None:
    """The programme that a receipt names: the one at hand, or a shipped one; None when it is neither."""
    from jarlig.library import load, shipped

    found = own if own is not None else load(name).model if name in shipped() else None
    return found if found is not None and found.programme == name else None
