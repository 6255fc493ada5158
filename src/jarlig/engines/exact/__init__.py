"""The exact engine: one case, exactly; the specification of the language."""

from jarlig.engines.exact.engine import Climber, Exact, RowsTrace, StepTrace
from jarlig.ladder.tables import Table

__all__ = ["Climber", "Exact", "RowsTrace", "StepTrace", "Table"]
