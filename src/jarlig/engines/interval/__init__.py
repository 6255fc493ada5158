"""The interval engine: what an award can be while facts are missing, and which of them to ask for first."""

from jarlig.engines.interval.engine import Estimate, Estimator, Missing

__all__ = ["Estimate", "Estimator", "Missing"]
