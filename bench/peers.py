"""The five shared rules in two other engines, each written as its own documentation teaches."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy
import zen
from cases import Case
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Firm = build_entity(key="firm", plural="firms", label="an enterprise", is_person=True)


class Level(Enum):
    """Levels of a platform."""

    regional = "regional"
    industry = "industry"
    enterprise = "enterprise"


def _variable(name: str, kind: type, formula: Callable | None = None, **more: object) -> type[Variable]:
    body = {"value_type": kind, "entity": Firm, "definition_period": DateUnit.YEAR, "label": name, **more}
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def _platform(firm, period, parameters):
    rule = parameters(period).platform
    award = numpy.minimum(firm("invested", period) * rule.rate, rule.cap[firm("level", period)])
    return numpy.where(firm("newly_built", period) & firm("approved", period), award, 0)


def _node(firm, period, parameters):
    return firm("interconnected", period) * parameters(period).node


def _warehouse(firm, period, parameters):
    rule = parameters(period).warehouse
    left = rule.cap - firm("warehouse_before", period)
    return numpy.maximum(0, numpy.minimum(firm("warehouse", period) * rule.rate, left))


def _service(firm, period, parameters):
    rule = parameters(period).service
    return numpy.minimum(firm("service_cost", period) * rule.rate, rule.cap)


def _parcels(firm, period, parameters):
    return firm("parcels", period) * numpy.minimum(firm("parcel_rate", period), parameters(period).parcel)


FORMULAS = {"a": _platform, "b": _node, "c": _warehouse, "d": _service, "e": _parcels}


def openfisca_system() -> TaxBenefitSystem:
    """The rules for OpenFisca-core: variables ``a`` to ``e`` with dated parameters."""

    def value(number: float) -> dict:
        return {"values": {"2022-01-01": {"value": number}}}

    system = TaxBenefitSystem([Firm])
    system.parameters = ParameterNode(
        "",
        data={
            "platform": {
                "rate": value(0.2),
                "cap": {"regional": value(5e6), "industry": value(4e6), "enterprise": value(3e6)},
            },
            "node": value(5e6),
            "warehouse": {"rate": value(0.3), "cap": value(3e6)},
            "service": {"rate": value(0.2), "cap": value(2e6)},
            "parcel": value(0.3),
        },
    )
    inputs = {
        "newly_built": bool,
        "approved": bool,
        "invested": float,
        "interconnected": bool,
        "warehouse": float,
        "warehouse_before": float,
        "service_cost": float,
        "parcels": int,
        "parcel_rate": float,
    }
    system.add_variable(_variable("level", Enum, possible_values=Level, default_value=Level.regional))
    for name, kind in inputs.items():
        system.add_variable(_variable(name, kind))
    for name, formula in FORMULAS.items():
        system.add_variable(_variable(name, float, formula))

    return system


def openfisca() -> Callable[[Case, bool], list[float]]:
    """OpenFisca-core: a fresh simulation for each case, five variables calculated."""
    system = openfisca_system()

    def run(case: Case, traced: bool) -> list[float]:
        simulation = SimulationBuilder().build_default_simulation(system, 1)
        simulation.trace = traced
        simulation.set_input("level", "2023", numpy.array([case.level]))
        for name in ("invested", "warehouse", "warehouse_before", "service_cost"):
            simulation.set_input(name, "2023", numpy.array([getattr(case, name) / 100]))
        for name in ("newly_built", "approved", "interconnected", "parcels"):
            simulation.set_input(name, "2023", numpy.array([getattr(case, name)]))
        simulation.set_input("parcel_rate", "2023", numpy.array([case.parcel_rate / 10_000]))
        return [float(simulation.calculate(name, "2023")[0]) for name in FORMULAS]

    return run


ZEN_RULES = {
    "a": "newly_built and approved ? min([round(invested * 0.2, 2), level == 'regional' ? 5000000 : "
    "level == 'industry' ? 4000000 : 3000000]) : 0",
    "b": "interconnected ? 5000000 : 0",
    "c": "max([0, min([round(warehouse * 0.3, 2), 3000000 - warehouse_before])])",
    "d": "min([round(service_cost * 0.2, 2), 2000000])",
    "e": "round(parcels * min([parcel_rate, 0.3]), 2)",
}


def zen_decision() -> Any:
    """The rules for zen-engine: one expression node."""
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "rules",
            "type": "expressionNode",
            "name": "rules",
            "position": {"x": 1, "y": 0},
            "content": {"expressions": [{"id": key, "key": key, "value": text} for key, text in ZEN_RULES.items()]},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "rules", "type": "edge"},
        {"id": "2", "sourceId": "rules", "targetId": "out", "type": "edge"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def zen_engine() -> Callable[[Case, bool], list[float]]:
    """GoRules zen-engine: one expression node, evaluated once for each case."""
    decision = zen_decision()

    def run(case: Case, traced: bool) -> list[float]:
        facts = {
            "level": case.level,
            "newly_built": case.newly_built,
            "approved": case.approved,
            "invested": case.invested / 100,
            "interconnected": case.interconnected,
            "warehouse": case.warehouse / 100,
            "warehouse_before": case.warehouse_before / 100,
            "service_cost": case.service_cost / 100,
            "parcels": case.parcels,
            "parcel_rate": case.parcel_rate / 10_000,
        }
        result = decision.evaluate(facts, {"trace": True})["result"] if traced else decision.evaluate(facts)["result"]
        return [float(result[name]) for name in ZEN_RULES]

    return run
