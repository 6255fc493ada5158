"""Where the programmes that come with the package stand."""

from __future__ import annotations

from pathlib import Path


def shipped() -> dict[str, Path]:
    """The folders of the shipped programmes (随附方案), by name."""
    from importlib.resources import files

    root = Path(str(files("jarlig").joinpath("programmes")))
    return {path.parent.name: path.parent for path in sorted(root.glob("*/programme.yaml"))}
