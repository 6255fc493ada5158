"""One programme ready to be laid out in one language: its plans, its names, and links in place of citations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jarlig.ladder.nodes import All, Node, Not
from jarlig.ladder.steps import Cite, Words
from jarlig.policy import model
from jarlig.policy.expressions import compile_test
from jarlig.policy.ground import Ground
from jarlig.policy.messages import PolicyError
from jarlig.policy.plans import Plan
from jarlig.words import cites, fmt
from jarlig.words.catalogue import say as say_of_words
from jarlig.words.expressions import Speaker
from jarlig.words.handbook_page.sayings import say


@dataclass(frozen=True)
class Link:
    """A text and the place on the page it leads to (``#clause-2.1``); an empty ``href`` leads nowhere."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """A sentence and what it rests on."""

    text: str
    cites: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Tag:
    """A state as a word with its tone; the page gives every tone a glyph of its own."""

    text: str
    tone: str


#: The tone of each state of an offer in a year.
TONES = {"open": "moving", "guide": "unknown", "local": "unknown", "closed": "quiet", "inform": "info"}


class Book:
    """A programme in one language. Plans: ``notice`` alone, ``years`` by guide."""

    def __init__(self, programme: model.Programme, lang: str) -> None:
        self.programme, self.lang = programme, lang
        self.notice = Plan(programme, None)
        self.years = {year: Plan(programme, programme.guides[year]) for year in sorted(programme.guides)}
        self._named: dict[str, dict[Node, str]] = {}

    def say(self, key: str, **values: str) -> str:
        """A saying of the handbook."""
        return say(key, self.lang, **values)

    def words(self, key: str, **values: str) -> str:
        """A saying that explanations share."""
        return say_of_words(key, self.lang, **values)

    def title(self, words: Words) -> str:
        """One text of the programme in the language of the book, as a sentence begins."""
        return fmt.sentence(words[self.lang], self.lang)

    def listed(self, items: Iterable[str]) -> str:
        """Several things in one phrase."""
        return fmt.listed(list(items), self.lang)

    def bodies(self, names: Iterable[str]) -> str:
        """Departments (部门) by name; one that the programme does not name stands as it is spelt."""
        known = self.programme.bodies
        return self.listed(known[name][self.lang] if name in known else name.replace("_", " ") for name in names)

    def speaker(self, plan: Plan, offer: str) -> Speaker:
        """What says the nodes of an offer's ladder."""
        ladder = plan.ladder(offer)
        return Speaker(self.programme, plan.offer(offer), plan.fact_defs(offer), self.lang, ladder)

    def test(self, node: Node, speaker: Speaker) -> str:
        """A condition in words; one that the programme names is told by its name."""
        named = self._conditions(speaker.offer.offer)
        if node in named:
            return named[node]
        if isinstance(node, Not) and node.item in named:
            return self.words("not", item=named[node.item])
        if isinstance(node, All) and any(item in named or isinstance(item, Not) for item in node.items):
            return self.words("and").join(self.test(item, speaker) for item in node.items)
        return speaker.phrase(node)

    def _conditions(self, offer: str) -> dict[Node, str]:
        """The named conditions of the programme, as far as the offer has the facts for them."""
        if offer not in self._named:
            scope = Ground(self.programme, self.programme.offers[offer], None, ()).context.scope
            found: dict[Node, str] = {}
            for condition in self.programme.conditions.values():
                try:
                    found[compile_test(condition.test, scope)] = condition.title[self.lang]
                except PolicyError:
                    continue  # the offer does not know a fact of this condition, so it cannot use it
            self._named[offer] = found
        return self._named[offer]

    # links

    def links(self, of: Iterable[Cite]) -> tuple[Link, ...]:
        """Citations as links, each once."""
        return tuple(dict.fromkeys(self._link(cite) for cite in of))

    def clause(self, ref: str) -> tuple[Link, ...]:
        """The link to a clause of the notice."""
        return self.links((Cite("notice", ref),)) if ref else ()

    def _link(self, cite: Cite) -> Link:
        if cite.source == "reading":
            known = cite.ref in self.programme.readings
            return Link(self.say("cite.reading", name=cite.ref), f"#reading-{cite.ref}" if known else "")
        text = cites.citation(cite, self.programme, self.lang)
        if cite.source == "notice":
            return Link(text, f"#clause-{cite.ref}" if cite.ref in self.programme.clauses else "")
        overlay = cites.overlay_of(cite.source, self.programme)
        return Link(text, self.overlay_href(overlay) if overlay else "")

    def offer_link(self, name: str) -> Link:
        """The link to an offer, by its id and title."""
        offer = self.programme.offers[name]
        return Link(f"{name} {offer.title[self.lang]}", f"#offer-{name}")

    def overlay_href(self, overlay: model.Overlay) -> str:
        """Where a guide or a place's rules stand on the page."""
        return f"#{overlay.kind}-{overlay.id}"

    def overlay_name(self, overlay: model.Overlay) -> str:
        """A guide or a place's rules by name, marked when illustrative."""
        return cites.overlay_name(overlay, self.lang)

    def overlay_link(self, overlay: model.Overlay) -> Link:
        """The link to a guide or a place's rules by name."""
        return Link(self.overlay_name(overlay), self.overlay_href(overlay))

    # states

    def state(self, plan: Plan, offer: str) -> str:
        """What an offer is in a year: open, awaiting the guide or the place, not open, or information."""
        ladder = plan.ladder(offer)
        if ladder.nature == "inform":
            return "inform"
        if ladder.state == "closed":
            return "closed"
        fillers = {term.filled_by for term in ladder.open_terms}
        return "guide" if "guide" in fillers else "local" if "local" in fillers else "open"

    def tag(self, plan: Plan, offer: str) -> Tag:
        """The state as a tag."""
        state = self.state(plan, offer)
        return Tag(self.say("state." + state), TONES[state])


def fingerprint(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the names and contents of the files of a programme, in the order of their names."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()
