"""Which kind of table a file is, and what goes wrong with tables."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from jarlig.policy.messages import Place, PolicyError, problem

#: Kinds of tables by the ending of the file's name.
FORMATS = {".parquet": "parquet", ".csv": "csv", ".xlsx": "xlsx", ".arrow": "arrow", ".feather": "arrow"}
#: The number of the row in its file; no column of a user may bear the name.
LINE = "__line"


def format_of(path: Path) -> str:
    """The kind of a table.

    Raises:
        PolicyError: E820 when the ending says none of them.
    """
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise refused("E820", path, text=path.name, valid=" ".join(FORMATS))
    return found


def refused(code: str, path: Path | str, line: int = 0, text: str = "", **values: object) -> PolicyError:
    """A problem with a table as a whole, or with one of its rows."""
    return PolicyError((problem(code, Place(str(path), line, 0), text, **values),))


def needed(module: str, extra: str) -> ModuleType:
    """A library that an extra of the package brings.

    Raises:
        PolicyError: E831 naming the extra that is to be installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise PolicyError((problem("E831", Place(module, 0, 0), module, extra=extra),)) from error
