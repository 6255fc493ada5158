"""The exact engine: one case, exactly; the specification of the language."""

from jarlig.engines.exact.engine import JUDGED, Climber, Exact, RowsTrace, StepTrace
from jarlig.ladder.tables import Table

__all__ = ["JUDGED", "Climber", "Exact", "RowsTrace", "StepTrace", "Table"]
