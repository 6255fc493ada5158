"""The command run in this process; a small programme and its facts, under names with Chinese characters and a space."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.tiny import CODE, NOTICE, edited

from jarlig.cli import app

FACTS = f"""\
uscc: {CODE}
registered_at: "150102"
project_code: P1
level: regional
newly_built: true
recognised_on: 2023-01-01
investment:
  - {{seller: {CODE}, invoice_no: "23151000000000000001", net: 1_000_000.10, category: hardware, paid_on: 2022-07-01}}
  - {{seller: {CODE}, invoice_no: "23151000000000000002", net: 9_000_000, category: other, paid_on: 2022-07-02}}
score: 70
history: []
"""


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command with these arguments, in English unless ``lang`` says otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def started(*arguments: str | Path, stdin: bytes = b"", lang: str = "en") -> Done:
        monkeypatch.setenv("LANG", {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = app.run([str(argument) for argument in arguments])
        return Done(code, *capsys.readouterr())

    return started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the small programme."""
    return edited(tmp_path / "我的 方案")


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A facts file that gets 200,000.02 under offer 1a on 2023-06-01."""
    path = tmp_path / "事实 1.yaml"
    path.write_text(FACTS, "utf-8")
    return path


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """The text of the notice that the small programme was made from."""
    path = tmp_path / "原文.txt"
    path.write_text(NOTICE, "utf-8")
    return path
