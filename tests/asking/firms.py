"""Made-up enterprises that answer questions truthfully from what they know of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from tests.whatif.test_synth import YEARS, Tables, made

import jarlig
from jarlig.asking import Interview, Question
from jarlig.asking.topics import COUNT, HISTORY, PLACE, SHORTLIST, TOTAL, Topic
from jarlig.engines.answer import Determination, environment
from jarlig.engines.exact.closures import scalar
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import integer
from jarlig.ladder.numbers import format_money
from jarlig.policy.awards import read_history
from jarlig.policy.casefile import Facts
from jarlig.policy.facts import read_facts
from jarlig.policy.messages import PolicyError

NMG, SAMPLE = "nmg-ecommerce-2022", "sample-district-2024"
#: An enterprise is concerned by the offers under which it gets something.
PAYING = ("award", "needs_decision")


@cache
def programme(name: str) -> jarlig.Programme:
    """A shipped programme."""
    return jarlig.load(name)


@dataclass
class Firm:
    """An enterprise with all its facts."""

    programme: jarlig.Programme
    facts: Facts
    on: date
    at: str

    def begin(self) -> Interview:
        """A session about this enterprise; the place is given where the programme does not ask for it."""
        given = None if self.programme.model.applied_at else self.at
        return Interview.begin(self.programme, self.on, given)

    @cached_property
    def exact(self) -> Mapping[str, Determination]:
        """What the exact engine says when everything is known."""
        return {
            offer: self.programme.determine(offer, self.facts, on=self.on, at=self.at or None)
            for offer in self.programme.offers
        }

    def answers(self, interview: Interview, question: Question, everything: bool = False) -> Any:
        """The true answer to a question; None where the enterprise does not know."""
        topic = interview.estimates.topics.by_id[question.id]
        if topic.form == SHORTLIST:
            offers = [option.id for option in question.options]
            return offers if everything else [one for one in offers if self.exact[one].outcome in PAYING] or offers
        if topic.form == PLACE:
            return self.at or None
        if topic.form == HISTORY:
            return self._history()
        if topic.form in (TOTAL, COUNT):
            return self._told(interview, topic)
        value = next((self._fact(offer, topic.name) for offer in (topic.offers or ("",))), None)
        if isinstance(value, list):
            return [str(item) for item in value]
        if isinstance(value, bool):
            return "true" if value else "false"
        return None if value is None else str(value)

    def _fact(self, offer: str, name: str) -> Any:
        own = self.facts.plain.get(offer)
        return own[name] if isinstance(own, Mapping) and name in own else self.facts.plain.get(name)

    def _told(self, interview: Interview, topic: Topic) -> str | None:
        for offer in topic.offers or tuple(self.programme.offers):
            node = interview.reads(offer).sums.get((topic.name, topic.form))
            if node is not None:
                answer = self.exact[offer]
                env = environment(answer.typed, answer.question)
                if topic.form == COUNT:
                    kind = integer()
                    count = scalar(n.Sum(node.rows, node.where, n.Literal(1, kind), kind))(env)
                    return None if count is None else str(count)
                total = scalar(node)(env)
                if total is None:
                    return None
                assert node.kind.scale == 2
                return format_money(total)
        return None

    def _history(self) -> list[dict[str, str]] | None:
        plain = self.facts.plain.get(HISTORY)
        if plain is None:
            return None
        awards = read_history(self.facts, plain, (HISTORY,), self.programme.model)
        found = []
        for award in awards:
            if award.counted and award.on is not None and award.offer is not None:
                row = {"offer": award.offer, "approved": format_money(award.counted)}
                row["on"] = date.fromordinal(award.on).isoformat()
                if award.guide_year is not None:
                    row["guide_year"] = str(award.guide_year)
                found.append(row)
        return found


def firms(name: str, folder: Path, count: int, everyone: bool = False, seed: int = 7) -> Iterator[Firm]:
    """Enterprises of a made-up population whose facts can be read, in the programme's sample year."""
    made(folder, name, enterprises=count, everyone=everyone, seed=seed)
    tables = Tables(name, folder)
    for case, row in tables.cases.items():
        facts = read_facts(tables.facts(case))
        at = str(row.get("at") or row.get(programme(name).model.applied_at) or "")
        firm = Firm(programme(name), facts, date.fromisoformat(str(row["on"])[:10]), at)
        try:
            firm.exact  # noqa: B018  a defect put in on purpose shows here
        except PolicyError:
            continue
        yield firm


assert set(YEARS) == {NMG, SAMPLE}
