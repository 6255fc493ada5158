"""The text of a notice (公文) beside its programme: paragraphs, clauses, fingerprints and spans.

The project does not carry the text. A clause carries the SHA-256 of its words, and a figure the span of the words it
rests on (W3C Web Annotation, TextPositionSelector), so that a text in hand is proven to be the one that was encoded.

Normalised (规范化): Unicode NFC; every run of white space, U+00A0 and U+3000 included, becomes one space; ends are
stripped; quotes stay as they are. A paragraph is a line that is not empty, counted from 1. ``from`` and ``to`` of
clauses and anchors alike count characters of the normalised paragraph, from 0, ``to`` not included.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from jarlig.policy import model
from jarlig.policy.messages import Place, PolicyError, Problem, problem, visible

_LINES = re.compile("\r\n|[\r\n\u0085\u2028\u2029]")
_WORD = re.compile(r"\w")
#: What belongs to a clause as a whole: its heading, one sentence long, and the bodies in brackets at its end.
_SENTENCE_END = re.compile(r"[。！？]|[.!?](?=\s)")
_BODIES = re.compile(r"\s*[(（][^()（）]*[)）][.。]?")
#: How much of a text a message shows.
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice's normalised paragraphs; ``lines`` says on which line of ``file`` each one stands."""

    paragraphs: tuple[str, ...]
    lines: tuple[int, ...]
    file: str = "notice"

    def paragraph(self, number: int) -> str | None:
        """The paragraph of that number, counted from 1; None when there is none."""
        return self.paragraphs[number - 1] if 1 <= number <= len(self.paragraphs) else None

    def place(self, number: int) -> Place:
        """Where a paragraph stands in the file."""
        return Place(self.file, self.lines[number - 1], 1)


@dataclass(frozen=True, slots=True)
class Owned:
    """An anchor with the entry it belongs to: offer ``2a``, key ``rate``."""

    entry: str
    key: str
    anchor: model.Anchor
    place: Place

    @property
    def name(self) -> str:
        """How messages name it."""
        return f"{self.entry}.{self.key}"


def normalised(line: str) -> str:
    """One line as fingerprints see it."""
    return " ".join(unicodedata.normalize("NFC", line).split())


def read_notice(text: str, file: str = "notice") -> Notice:
    """The paragraphs of a notice's text."""
    numbered = ((number, normalised(line)) for number, line in enumerate(_LINES.split(text.removeprefix("\ufeff")), 1))
    kept = [(number, line) for number, line in numbered if line]
    return Notice(tuple(line for _, line in kept), tuple(number for number, _ in kept), file)


def fingerprint(words: str) -> str:
    """SHA-256 of normalised words in UTF-8, in hexadecimal."""
    return hashlib.sha256(words.encode()).hexdigest()


def clause_text(notice: Notice, clause: model.Clause) -> str | None:
    """The words at a clause's place in the notice, whether or not they are those that were encoded."""
    return _span(notice, clause.paragraph, clause.start or 0, clause.end)


def words_of(notice: Notice, programme: model.Programme, anchor: model.Anchor) -> str | None:
    """The notice's own words that a figure rests on; None when they are not, or no longer, there."""
    clause = programme.clauses.get(anchor.clause)
    words = _span(notice, clause.paragraph, anchor.start, anchor.end) if clause else None
    return words if words and fingerprint(words) == anchor.sha256 else None


def anchors(programme: model.Programme) -> Iterator[Owned]:
    """Every anchor of the programme."""
    groups = (programme.offers, programme.targets, programme.duties, programme.registers)
    for entries in groups:
        for name, entry in entries.items():
            for key, anchor in entry.anchors.items():
                yield Owned(name, key, anchor, entry.place)


def check_notice(programme: model.Programme, text: str, file: str = "notice") -> tuple[Problem, ...]:
    """What differs between a text in hand and the text that was encoded.

    Clauses that drifted, moved or are missing; anchors whose words changed; paragraphs and words that no clause claims.
    """
    notice = read_notice(text, file)
    found: list[Problem] = []
    drifted: set[str] = set()
    for clause in programme.clauses.values():
        if told := _drift(notice, clause):
            drifted.add(clause.clause)
            found.append(told)
    for owned in anchors(programme):
        found.extend(_anchor_drift(notice, programme, owned, drifted))
    found.extend(_unclaimed(notice, programme))
    return tuple(found)


def anchor(programme: model.Programme, text: str, clause: str, words: str) -> str:
    """The line of YAML that anchors words to a clause, for authors: ``{clause: "2.1", from: 4, to: 9, sha256: …}``.

    Raises:
        PolicyError: E303 for an unknown clause, E909 when the words do not stand in it exactly once.
    """
    notice = read_notice(text)
    place = Place(programme.programme, 0, 0)
    known = programme.clauses.get(clause)
    if known is None:
        valid = ", ".join(list(programme.clauses)[:12])
        raise PolicyError((problem("E303", place, clause, name=clause, near="", valid=valid),))
    start = find(clause_text(notice, known) or "", words, known.paragraph, known.place) + (known.start or 0)
    wanted = normalised(words)
    return f'{{clause: "{clause}", from: {start}, to: {start + len(wanted)}, sha256: {fingerprint(wanted)}}}'


def span(text: str, paragraph: int, words: str = "") -> str:
    """The keys of a clause that is a paragraph, or some words of it: ``paragraph: 6, from: 80, to: 201, sha256: …``.

    Raises:
        PolicyError: E909 when the words do not stand in the paragraph exactly once.
    """
    notice = read_notice(text)
    whole = notice.paragraph(paragraph) or ""
    wanted = normalised(words) or whole
    start = find(whole, wanted, paragraph, Place(notice.file, 0, 0))
    ends = f", from: {start}, to: {start + len(wanted)}" if wanted != whole else ""
    return f"paragraph: {paragraph}{ends}, sha256: {fingerprint(wanted)}"


def find(text: str, words: str, paragraph: int, place: Place) -> int:
    """Where the words stand in a normalised text, exactly once."""
    wanted = normalised(words)
    count = len(re.findall(f"(?={re.escape(wanted)})", text)) if wanted else 0
    if count != 1:
        raise PolicyError((problem("E909", place, wanted[:_SHOWN], count=count, paragraph=paragraph),))
    return text.index(wanted)


def _span(notice: Notice, paragraph: int, start: int, end: int | None) -> str | None:
    text = notice.paragraph(paragraph)
    if text is None or start > len(text) or (end is not None and not start <= end <= len(text)):
        return None
    return text[start:end]


def _drift(notice: Notice, clause: model.Clause) -> Problem | None:
    words = clause_text(notice, clause)
    if words is not None and fingerprint(words) == clause.sha256:
        return None
    values = {"clause": clause.clause, "paragraph": clause.paragraph}
    moved = _moved(notice, clause)
    if moved:
        return problem("E905", clause.place, clause.clause, moved=moved, **values)
    if words is None and notice.paragraph(clause.paragraph) is None:
        return problem("E904", clause.place, clause.clause, count=len(notice.paragraphs), **values)
    shown = words or notice.paragraph(clause.paragraph) or ""
    return problem("E902", clause.place, clause.clause, found=_shown(shown), sha=fingerprint(shown), **values)


def _moved(notice: Notice, clause: model.Clause) -> int:
    """The other paragraph that holds the clause's words at the same span, or 0."""
    for number in range(1, len(notice.paragraphs) + 1):
        words = _span(notice, number, clause.start or 0, clause.end)
        if number != clause.paragraph and words and fingerprint(words) == clause.sha256:
            return number
    return 0


def _anchor_drift(notice: Notice, programme: model.Programme, owned: Owned, drifted: set[str]) -> Iterator[Problem]:
    anchor, clause = owned.anchor, programme.clauses[owned.anchor.clause]
    values = {"clause": clause.clause, "anchor": owned.name}
    if anchor.end <= anchor.start or anchor.start < (clause.start or 0) or anchor.end > (clause.end or anchor.end):
        yield problem("E908", owned.place, owned.key, **values)
        return
    gone = clause.clause in drifted and (_moved(notice, clause) or notice.paragraph(clause.paragraph) is None)
    if not gone and words_of(notice, programme, anchor) is None:
        now = _span(notice, clause.paragraph, anchor.start, anchor.end) or ""
        yield problem("E903", owned.place, owned.key, found=_shown(now), **values)


def _unclaimed(notice: Notice, programme: model.Programme) -> Iterator[Problem]:
    """Paragraphs that no clause claims, and words that only a clause of parts claims."""
    for number, text in enumerate(notice.paragraphs, 1):
        own = [clause for clause in programme.clauses.values() if _stands_at(notice, clause) == number]
        if not own:
            yield problem("E906", notice.place(number), "", paragraph=number, found=_shown(text))
            continue
        covered = _covered(text, [clause for clause in own if clause.encoded != "parts"])
        for start, end in _gaps(text, covered):
            holder = next((clause.clause for clause in own if clause.encoded == "parts"), own[0].clause)
            yield problem("E907", notice.place(number), "", clause=holder, found=_shown(text[start:end]))


def _stands_at(notice: Notice, clause: model.Clause) -> int:
    return _moved(notice, clause) or clause.paragraph


def _covered(text: str, clauses: list[model.Clause]) -> list[tuple[int, int]]:
    return sorted((clause.start or 0, len(text) if clause.end is None else clause.end) for clause in clauses)


def _gaps(text: str, covered: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches outside every span that hold a word, but for the heading and the bodies in brackets at the end."""
    at = 0
    for start, end in [*covered, (len(text), len(text))]:
        between = text[at:start]
        own = (at == 0 and covered and _is_heading(between)) or (start == len(text) and _BODIES.fullmatch(between))
        if _WORD.search(between) and not own:
            yield at, start
        at = max(at, end)


def _is_heading(text: str) -> bool:
    """At most one sentence."""
    return len(_SENTENCE_END.findall(text)) <= 1


def _shown(text: str) -> str:
    return visible(text, _SHOWN)
