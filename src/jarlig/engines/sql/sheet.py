"""A staged SELECT: columns computed from columns of the stage before, one stage on the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from jarlig.engines.sql.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Value:
    """A printed value: its text, and the stage that must be there before it can be read.

    ``wide`` numbers need more than 63 bits. ``none`` is the text of "is it the known none", empty when it never is.
    ``nullable`` is false only where it is proven that the value is always known. ``plain`` values are names or
    written values, cheap to say twice.
    """

    text: str
    level: int = 0
    wide: bool = False
    none: str = ""
    nullable: bool = True
    plain: bool = False


class Sheet:
    """Columns in stages over a base query. Equal texts are computed once.

    Columns without a name of their own are numbered behind ``prefix``, which no column of the base may begin with.
    """

    def __init__(self, dialect: Dialect, base: str, prefix: str = "_") -> None:
        self.dialect, self.base, self.prefix = dialect, base, prefix
        self._stages: list[dict[str, str]] = []
        self._known: dict[tuple[int, str], Value] = {}

    @property
    def columns(self) -> list[str]:
        """The columns that stand on the base."""
        return [name for stage in self._stages for name in stage]

    def put(self, value: Value, name: str = "") -> Value:
        """The value as a column of its own, in the first stage that can hold it."""
        if value.plain and not name:
            return value
        key = (value.level, value.text)
        if key in self._known and not name:
            return self._known[key]
        while len(self._stages) <= value.level:
            self._stages.append({})
        stage = self._stages[value.level]
        column = self.dialect.ident(name or self._number())
        stage[column] = value.text
        none = value.none
        if none:
            flag = self.dialect.ident(self._number())
            stage[flag] = none
            none = flag
        found = replace(value, text=column, level=value.level + 1, none=none, plain=True)
        self._known.setdefault(key, found)
        return found

    def _number(self) -> str:
        return f"{self.prefix}{sum(map(len, self._stages))}"

    def query(self, wanted: Iterable[str], where: str = "") -> str:
        """The SELECT of some columns, each ``text AS name`` or a name; ``where`` may ask any column."""
        text = self.base
        for stage in self._stages:
            columns = ", ".join(f"{what} AS {name}" for name, what in stage.items())
            text = f"SELECT *, {columns} FROM ({text})"
        condition = f" WHERE {where}" if where else ""
        return f"SELECT {', '.join(wanted)} FROM ({text}){condition}"
