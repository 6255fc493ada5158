"""A strict reader of the handbook's pages: tags balanced, ids once, links answered, headings in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "col", "area", "base", "source", "wbr", "embed"})
SHAPES = frozenset({"rect", "path"})
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass
class TableSeen:
    """One table: its caption, whether it has a body, and every header cell without a scope."""

    caption: str = ""
    unscoped: int = 0
    rows: int = 0


@dataclass
class Page(HTMLParser):
    """What a page holds, and everything that is wrong with how it is written."""

    source: str
    faults: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    tables: list[TableSeen] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.feed(self.source)
        self.close()
        self.faults += [f"never closed: {tag}" for tag, _ in self.open]

    @property
    def text(self) -> str:
        """The text that a reader sees, runs of white space as one space."""
        return re.sub(r"\s+", " ", "".join(self.pieces))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.faults.append(f"an attribute twice in {tag}")
        self.tags.append((tag, given))
        self.faults += [f"{name} in {tag}" for name in given if name.startswith("on") or name == "style"]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.hrefs.append(given["href"])
        if tag == "table":
            self.tables.append(TableSeen())
        if tag == "tr":
            self.tables[-1].rows += 1
        if tag == "th" and given.get("scope") not in ("row", "col"):
            self.tables[-1].unscoped += 1
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self.open.append((tag, given.get("lang", self.open[-1][1] if self.open else "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in SHAPES | VOID:
            self.faults.append(f"self-closing: {tag}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"closes {tag} inside {self.open[-1][0] if self.open else 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        names = [tag for tag, _ in self.open]
        if "style" in names:
            return
        self.pieces.append(data)
        if "caption" in names:
            self.tables[-1].caption += data.strip()
        if names and re.fullmatch("h[1-6]", names[-1]):
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)
        if HAN.search(data) and not (self.open and self.open[-1][1].startswith("zh")):
            self.foreign.append(data.strip())
