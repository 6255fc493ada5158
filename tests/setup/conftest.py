"""The start script as a module, and a small checkout for it to set up."""

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root() -> Path:
    """The checkout these tests stand in."""
    return ROOT


@pytest.fixture
def start() -> ModuleType:
    """The script ./jarlig, loaded anew for each test so that a test may replace its parts."""
    loader = SourceFileLoader("start_script", str(ROOT / "jarlig"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with empty locks and a package of one line, in a folder with a space and Chinese characters."""
    folder = tmp_path / "检出 目录"
    (folder / "requirements").mkdir(parents=True)
    for name in ("setup", "run", "test"):
        (folder / "requirements" / f"{name}.txt").write_text("")
    (folder / "src/jarlig").mkdir(parents=True)
    (folder / "src/jarlig/__init__.py").write_text("")
    (folder / "src/jarlig/__main__.py").write_text("import sys; print('ran with', sys.argv[1:])\n")
    return folder
