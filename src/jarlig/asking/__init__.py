"""Check and estimate (测算问答): from a few questions to what an enterprise can get from a whole programme."""

from jarlig.asking.interview import ENOUGH, LEAST, Interview
from jarlig.asking.question import Effect, Option, Question
from jarlig.asking.result import Result, Verifier
from jarlig.asking.saved import from_json, to_json
from jarlig.asking.sums import SumStep
from jarlig.asking.total import Total, Unsummed

__all__ = [
    "ENOUGH",
    "LEAST",
    "Effect",
    "Interview",
    "Option",
    "Question",
    "Result",
    "SumStep",
    "Total",
    "Unsummed",
    "Verifier",
    "from_json",
    "to_json",
]
