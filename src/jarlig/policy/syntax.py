"""The syntax of expressions: a small subset of SQL's scalar expressions, read with exact positions.

    or, and, not · = != <> < <= > >= · [not] in (a, b) · [not] in term · [not] between a and b · is [not] null
    + - * · case when … then … else … end · name · name.part · number · 2022-06-06 · function(a, b) · ( )

A date stands as it is written, never as a sum of three numbers. No text in quotes, no ``%``, no ``/``, no exponents,
no aggregates, no comments, no subqueries. Limits on length,
tokens and depth hold before anything is built, so that a hostile expression ends at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.text import Scalar

MOST_CHARACTERS = 1_000
MOST_TOKENS = 250
MOST_DEPTH = 24

KEYWORDS = frozenset(
    ["and", "or", "not", "in", "between", "is", "null", "case", "when", "then", "else", "end", "true", "false"]
)
TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})(?![\d.])|(?P<number>\d[\d_]*(?:\.\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<op><=|>=|!=|<>|[=<>+\-*(),.]))"
)
COMPARISONS = frozenset(("=", "!=", "<>", "<", "<=", ">", ">="))
#: What a forbidden character usually means, as codes of the catalogue.
FORBIDDEN = {"%": "E405", "'": "E406", '"': "E406", "/": "E411"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign, and where it begins in the text."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Syntax:
    """One node of the syntax tree: an operator with its operands, or a leaf (a name, number, date or word)."""

    op: str
    at: int
    text: str = ""
    items: tuple[Syntax, ...] = ()


def place_at(source: Scalar, at: int) -> Place:
    """The place of a character of an expression."""
    shift = at + (1 if source.quoted else 0)
    return Place(source.place.file, source.place.line, source.place.column + shift)


def parse(source: Scalar) -> Syntax:
    """The syntax tree of an expression.

    Raises:
        PolicyError: E40x at the character where reading stopped.
    """
    return _Parser(source, _tokens(source)).whole()


def _tokens(source: Scalar) -> list[Token]:
    text = source.text
    if len(text) > MOST_CHARACTERS:
        raise _error(source, "E408", 0, what=f"{len(text)} characters", most=f"{MOST_CHARACTERS}")
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        if not text[position:].strip():
            break
        match = TOKEN.match(text, position)
        if match is None:
            at = position + len(text[position:]) - len(text[position:].lstrip())
            raise _error(source, FORBIDDEN.get(text[at], "E402"), at, what=f"“{text[at]}”")
        kind = str(match.lastgroup)
        word = match.group(kind)
        at = match.start(kind)
        if kind in ("number", "date"):
            _no_exponent(source, match.end(), at)
        if kind == "name" and word.lower() in KEYWORDS:
            kind, word = "word", word.lower()
        tokens.append(Token(kind, word, at))
        if len(tokens) > MOST_TOKENS:
            raise _error(source, "E408", at, what=f"more than {MOST_TOKENS} words and signs", most=f"{MOST_TOKENS}")
        position = match.end()
    tokens.append(Token("end", "", len(text)))
    return tokens


def _no_exponent(source: Scalar, end: int, at: int) -> None:
    if end < len(source.text) and (source.text[end].isalpha() or source.text[end] == "_"):
        raise _error(source, "E407", at, what=source.text[at : end + 4])


def _error(source: Scalar, code: str, at: int, **values: object) -> PolicyError:
    return PolicyError((problem(code, place_at(source, at), source.text, **values),))


class _Parser:
    """A precedence climber; ``depth`` is bounded, so no input can exhaust the stack."""

    def __init__(self, source: Scalar, tokens: list[Token]) -> None:
        self.source, self.tokens, self.next, self.depth = source, tokens, 0, 0

    def whole(self) -> Syntax:
        tree = self.any_of()
        if self.peek().kind != "end":
            raise self.wrong()
        return tree

    def peek(self) -> Token:
        return self.tokens[self.next]

    def take(self, *texts: str) -> Token | None:
        """The next token when it is one of these words or signs."""
        token = self.peek()
        if token.text in texts and token.kind in ("op", "word"):
            self.next += 1
            return token
        return None

    def need(self, text: str) -> Token:
        token = self.take(text)
        if token is None:
            raise self.wrong(f"“{text}”")
        return token

    def wrong(self, expected: str = "") -> PolicyError:
        token = self.peek()
        got = f"“{token.text}”" if token.text else "the end"
        return _error(self.source, "E402", token.at, what=f"{got}" + (f", expected {expected}" if expected else ""))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _error(self.source, "E408", self.peek().at, what=f"deeper than {MOST_DEPTH}", most=f"{MOST_DEPTH}")

    def any_of(self) -> Syntax:
        self.deeper()
        items = [self.all_of()]
        while self.take("or"):
            items.append(self.all_of())
        self.depth -= 1
        return items[0] if len(items) == 1 else Syntax("or", items[0].at, "", tuple(items))

    def all_of(self) -> Syntax:
        items = [self.negation()]
        while self.take("and"):
            items.append(self.negation())
        return items[0] if len(items) == 1 else Syntax("and", items[0].at, "", tuple(items))

    def negation(self) -> Syntax:
        token = self.take("not")
        if token is None:
            return self.comparison()
        self.deeper()
        item = self.negation()
        self.depth -= 1
        return Syntax("not", token.at, "", (item,))

    def comparison(self) -> Syntax:
        left = self.total()
        token = self.take(*COMPARISONS)
        if token:
            right = self.total()
            if self.peek().text in COMPARISONS:
                raise _error(self.source, "E404", self.peek().at)
            if "null" in (left.op, right.op):
                raise _error(self.source, "E403", token.at)
            return Syntax("!=" if token.text == "<>" else token.text, token.at, "", (left, right))
        if token := self.take("is"):
            negated = self.take("not")
            self.need("null")
            tree = Syntax("is_null", token.at, "", (left,))
            return Syntax("not", token.at, "", (tree,)) if negated else tree
        negated = self.take("not")
        if token := self.take("in"):
            tree = self.membership(left, token)
        elif token := self.take("between"):
            low = self.total()
            self.need("and")
            high = self.total()
            bounds = (Syntax(">=", token.at, "", (left, low)), Syntax("<=", token.at, "", (left, high)))
            tree = Syntax("and", token.at, "", bounds)
        elif negated:
            raise self.wrong("in, between")
        else:
            return left
        return Syntax("not", token.at, "", (tree,)) if negated else tree

    def membership(self, left: Syntax, token: Token) -> Syntax:
        if not self.take("("):
            return Syntax("in_term", token.at, "", (left, self.atom()))
        items = [self.total()]
        while self.take(","):
            items.append(self.total())
        self.need(")")
        return Syntax("in", token.at, "", (left, *items))

    def total(self) -> Syntax:
        left = self.product()
        while token := self.take("+", "-"):
            left = Syntax(token.text, token.at, "", (left, self.product()))
        return left

    def product(self) -> Syntax:
        left = self.signed()
        while token := self.take("*"):
            left = Syntax("*", token.at, "", (left, self.signed()))
        return left

    def signed(self) -> Syntax:
        token = self.take("-")
        if token is None:
            return self.atom()
        self.deeper()
        item = self.signed()
        self.depth -= 1
        return Syntax("negative", token.at, "", (item,))

    def atom(self) -> Syntax:
        token = self.peek()
        if self.take("("):
            tree = self.any_of()
            self.need(")")
            return tree
        if self.take("case"):
            return self.case(token)
        if self.take("true", "false", "null"):
            return Syntax("null" if token.text == "null" else "word", token.at, token.text)
        if token.kind in ("number", "date"):
            self.next += 1
            return Syntax(token.kind, token.at, token.text)
        if token.kind == "name":
            return self.name(token)
        raise self.wrong("a name, a number or (")

    def name(self, token: Token) -> Syntax:
        self.next += 1
        if self.take("("):
            items = [self.any_of()]
            while self.take(","):
                items.append(self.any_of())
            self.need(")")
            return Syntax("call", token.at, token.text.lower(), tuple(items))
        tree = Syntax("name", token.at, token.text)
        while self.take("."):
            part = self.peek()
            if part.kind != "name" or tree.op == "part":
                raise self.wrong("one part such as league")
            self.next += 1
            tree = Syntax("part", part.at, part.text, (tree,))
        return tree

    def case(self, token: Token) -> Syntax:
        self.deeper()
        items: list[Syntax] = []
        while self.take("when"):
            items.append(self.any_of())
            self.need("then")
            items.append(self.any_of())
        if not items:
            raise self.wrong("when")
        if not self.take("else"):
            raise _error(self.source, "E412", self.peek().at)
        items.append(self.any_of())
        self.need("end")
        self.depth -= 1
        return Syntax("case", token.at, "", tuple(items))
