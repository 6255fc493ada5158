"""Texts of cells: an engine takes a text itself only where the grammar of facts gives that very text back."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.engines.many.asked import told
from tests.engines.many.running import duckdb, spark
from tests.engines.many.strategies import BLANKS, HOSTILE, code, uscc

from jarlig.engines.sql.backend import Backend
from jarlig.engines.sql.printing import is_wide
from jarlig.engines.sql.reading import Reader, canonical_text
from jarlig.engines.sql.spreadsheet import plainly
from jarlig.ladder.dates import month_text
from jarlig.ladder.kinds import (
    DATE,
    MONTH,
    PURE,
    YES_NO,
    Choice,
    Code,
    Date,
    Division,
    Kind,
    Month,
    Number,
    Some,
    YesNo,
    integer,
    money,
)
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import NumberError, format_scaled
from jarlig.policy.values import FIRST_DAY, LAST_DAY, converter
from jarlig.reference.uscc import ALPHABET, uscc_is_valid

LEVEL = Choice(("low", "mid's", "高", "a\\b"))
KINDS: dict[str, Kind] = {
    "money": money(),
    "signed": money(signed=True),
    "count": integer(),
    "rate": Number(PURE, 6, 0, 10**6),
    "few": Number(PURE, 1, -15, 25),
    "wide": Number(PURE, 9, -(10**21), 10**21),
    "date": DATE,
    "month": MONTH,
    "yes or no": YES_NO,
    "choice": LEVEL,
    "open choice": Choice((), open=True),
    "some": Some(LEVEL),
    "division": Division("village"),
    **{form: Code(form) for form in ("uscc", "invoice", "sha256", "industry", "bank", "text", "project")},
}
NUMBERS = (
    "0", "-0", "0.0", "-0.00", "00", "01", "1", "-1", "+1", "1.", ".5", "0.5", "1.50", "1.005", "1e5", "1E2",
    "1_000", "1,000", "１２", "٣", "0x10", "NaN", "Infinity", "inf", "-inf", "1 ", " 1", "1\t", "1\n", "\u00a01",
    "1\u3000", "--1", "1-", "1/2", "12%", "¥1", "一", "999999999999.99", "1000000000000.00", "999999999999.990",
    "-999999999999.99", "9" * 40, "0." + "0" * 40, "1000000000000", "1000000000001", "2.5", "2.6", "-1.5",
    "-1.6", "1000000000000000000000000000000.0000", "1000000000000000000000000000000.0001",
)  # fmt: skip
DAYS = (
    "2023-06-15", "2024-02-29", "2023-02-29", "2100-02-29", "1900-02-29", "2000-02-29", "1900-01-01",
    "1899-12-31", "2199-12-31", "2200-01-01", "0001-01-01", "0000-01-01", "9999-12-31", "2023-6-15",
    "2023-06-5", "20230615", "2023/06/15", "2023-06-15T00:00:00", "2023-06-15 ", " 2023-06-15", "2023-06-15Z",
    "+2023-06-15", "-2023-06-15", "2023-13-01", "2023-00-10", "2023-04-31", "2023-06", "２０２３-06-15",
    "2023-06-15\n", "2023–06–15", "2023年6月15日", "epoch", "today", "infinity", "2023-12", "2023-1", "0000-01",
    "0001-01", "9999-12",
)  # fmt: skip
WORDS = (
    "", "none", "None", "NONE", "true", "false", "TRUE", "True", "t", "yes", "1", "low", "LOW", "low ", "mid's",
    "mid''s", "高", "a\\b", "a\\\\b", ";", ";low;", "low;高", "low；高", ";;", "150000", "150100", "150102",
    "150102001", "150102001001", "15010", "999999", "0" * 12, "1501 02", "5101", "51011", "A510", "F" * 64,
    "f" * 64, "f" * 63, "\u200b", "a\u200b", "\ufeff", "\x00", "a\x7f", "\u2028", "x" * 201, "高" * 200,
    "高" * 201, "a  b", "~", "!", "鿿", "\ua000", "一", "㐀", "Å", "A\u030a", "ﬁ",
)  # fmt: skip


def around(rng: random.Random, kind: Kind) -> Iterator[str]:
    """Texts on both sides of what is canonical: plain values, and each a character off."""
    for _ in range(60):
        if isinstance(kind, Number):
            value = rng.choice((kind.low, kind.high, 0, rng.randint(kind.low, kind.high), rng.randint(-999, 99_999)))
            text = format_scaled(value, kind.scale)
        elif isinstance(kind, Date):
            text = date.fromordinal(rng.randint(FIRST_DAY - 400, LAST_DAY + 400)).isoformat()
        elif isinstance(kind, Month):
            text = month_text(rng.randint(0, 12 * 2200))
        elif isinstance(kind, Code):
            text = code(kind.form, rng.randrange(10**9))
        else:
            text = rng.choice(WORDS)
        yield text
        yield mutated(rng, text)
        yield rng.choice(BLANKS) + text + rng.choice(BLANKS)


def mutated(rng: random.Random, text: str) -> str:
    """The text with one character changed, left out, doubled, or swapped with the next."""
    if not text:
        return rng.choice(" 0a")
    at, roll = rng.randrange(len(text)), rng.random()
    if roll < 0.6:
        return text[:at] + rng.choice("0123456789ABCXYZabx-.; '\\%_高") + text[at + 1 :]
    if roll < 0.75:
        return text[:at] + text[at + 1 :]
    return text[: at + 1] + text[at:] if roll < 0.9 else text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return duckdb(tmp_path_factory.mktemp("duck"), [])


def read(reader: Reader, text: str) -> tuple[str | None, Any]:
    """The canonical text and the value by the grammar of facts; None for a text that is no value."""
    if reader.optional and text == "none":
        return text, NONE
    try:
        canonical = reader.read(text)
    except NumberError:
        return None, None
    if isinstance(reader.kind, Some):
        return canonical, canonical
    return canonical, converter(reader.kind)(plainly(text, reader.kind))


def wrong(backend: Backend, readers: dict[str, Reader], texts: Iterable[str]) -> tuple[list[Any], set[tuple[str, str]]]:
    """What an engine takes otherwise than the grammar of facts, and all that it takes itself."""
    asked = list(dict.fromkeys(texts))
    backend.put("texts", [("n", "BIGINT"), ("x", backend.dialect.text)], enumerate(asked))
    wanted = []
    for reader in readers.values():
        fast = reader.fast("x")
        none = reader.none("x") if reader.flagged else "FALSE"
        wanted += [fast, f"CASE WHEN {fast} THEN {reader.value('x')} END", f"CASE WHEN {fast} THEN {none} END"]
    columns = ", ".join(f"{text} AS c{at}" for at, text in enumerate(wanted))
    found, taken = [], set()
    for row in backend.ask(f"SELECT n, {columns} FROM texts"):
        text = asked[row[0]]
        for at, (name, reader) in enumerate(readers.items()):
            fast, value, none = row[3 * at + 1 : 3 * at + 4]
            if not fast:
                assert fast is False
                continue
            taken.add((name, text))
            canonical, right = read(reader, text)
            got = told(value, none, reader.kind)
            same = canonical == text or (canonical is not None and isinstance(reader.kind, Number))  # 0.5 is 0.50
            if not same or (right, type(right)) != (got, type(got)):
                found.append((name, text, canonical, right, got))
    return found, taken


def readers(backend: Backend) -> dict[str, Reader]:
    """Readers of every kind, of texts that may be "none" and of others."""
    plain = {name: Reader(backend.dialect, kind, False) for name, kind in KINDS.items()}
    return plain | {f"{name} or none": Reader(backend.dialect, kind, True) for name, kind in KINDS.items()}


def hard(seed: int) -> list[str]:
    """Hostile texts, and texts around the canonical ones of every kind."""
    rng = random.Random(seed)
    near = [text for kind in KINDS.values() for text in around(rng, kind)]
    return [*NUMBERS, *DAYS, *WORDS, *HOSTILE, *near]


@pytest.mark.parametrize("seed", range(4))
def test_duckdb_takes_only_what_the_grammar_gives_back(duck: Backend, seed: int) -> None:
    found, taken = wrong(duck, readers(duck), hard(seed))
    assert found == []
    assert {name for name, _ in taken} >= {name for name in KINDS if name not in ("open choice", "some", "division")}


def test_spark_takes_the_same_texts_as_duckdb_and_no_other(tmp_path: Path, duck: Backend) -> None:
    backend, texts = spark(tmp_path, []), hard(0)
    found, taken = wrong(backend, readers(backend), texts)
    assert found == []
    assert taken == wrong(duck, readers(duck), texts)[1]
    backend.close()


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=40))
@settings(max_examples=25)
def test_no_other_text_is_taken_either(duck: Backend, texts: list[str]) -> None:
    assert wrong(duck, readers(duck), texts)[0] == []


SHAPES = {
    "money": r"-?[0-9]{1,14}(\.[0-9]{0,3})?",
    "date": r"[0-9]{3,4}-[0-9]{1,2}-[0-9]{1,2}",
    "month": r"[0-9]{4}-[01][0-9]",
}


@pytest.mark.parametrize("kind", SHAPES)
@given(data=st.data())
@settings(max_examples=20)
def test_texts_that_nearly_are_values_are_taken_rightly(duck: Backend, kind: str, data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.from_regex(SHAPES[kind], fullmatch=True), min_size=1, max_size=60))
    assert wrong(duck, readers(duck), texts)[0] == []


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("open choice", "some", "division")])
def test_what_is_plainly_written_is_taken_by_the_engine(duck: Backend, name: str) -> None:
    """Else each text of millions would be looked at one by one."""
    kind, rng, texts = KINDS[name], random.Random(7), []
    for _ in range(200):
        if isinstance(kind, Number):
            texts.append(format_scaled(rng.randint(kind.low, kind.high), kind.scale))
        elif isinstance(kind, Date):
            texts.append(date.fromordinal(rng.randint(FIRST_DAY, LAST_DAY)).isoformat())
        elif isinstance(kind, Month):
            texts.append(month_text(rng.randint(12, 12 * 9999 + 11)))
        elif isinstance(kind, YesNo):
            texts = ["true", "false"]
        elif isinstance(kind, Choice):
            texts = list(kind.values)
        else:
            assert isinstance(kind, Code)
            texts.append(code(kind.form, rng.randrange(10**6) * 4 + 1))
    _, taken = wrong(duck, {name: Reader(duck.dialect, kind, False)}, texts)
    assert {text for _, text in taken} == set(texts)


def codes(count: int) -> list[str]:
    """Right codes, and right codes with one character off: each place, and each other character."""
    rng, made = random.Random(11), []
    for _ in range(count):
        right = uscc(rng.randrange(10**9))
        made.append(right)
        at = rng.randrange(18)
        made.append(right[:at] + rng.choice(ALPHABET) + right[at + 1 :])
        made.append("".join(rng.choice(ALPHABET) for _ in range(18)))
        swap = rng.randrange(17)
        made.append(right[:swap] + right[swap + 1] + right[swap] + right[swap + 2 :])
    right, others = uscc(4_711), ALPHABET + "IOSVZ"
    return made + [right[:at] + other + right[at + 1 :] for at in range(18) for other in others]


@pytest.mark.parametrize("engine", [duckdb, spark])
def test_both_check_characters_of_a_code_are_judged_as_the_standard_says(tmp_path: Path, engine: Any) -> None:
    backend = engine(tmp_path, [])
    made = sorted(set(codes(1_500)))
    backend.put("texts", [("x", backend.dialect.text)], ([text] for text in made))
    fast = Reader(backend.dialect, Code("uscc"), False).fast("x")
    taken = {text for (text,) in backend.ask(f"SELECT x FROM texts WHERE {fast}")}
    assert taken == {text for text in made if uscc_is_valid(text)}
    assert 1_500 < len(taken) < len(made) - 3_000
    backend.close()


EXACT: dict[str, tuple[str, Kind, tuple[Any, ...]]] = {
    "whole numbers as money": ("BIGINT", money(), (0, 1, -1, 999_999_999_999, 10**12, 2**63 - 1, -(2**63), None)),
    "whole numbers": ("INTEGER", Number(PURE, 0, -5, 10**9), (-6, -5, 10**9, 10**9 + 1, -(2**31), None)),
    "decimals as money": (
        "DECIMAL(30,4)", money(signed=True),
        ("0", "1.5", "1.0050", "1.0001", "-1.9999", "999999999999.99", "1000000000000", "-1" + "0" * 12, "9" * 26,
         None),
    ),
    "decimals": ("DECIMAL(38,10)", Number(PURE, 6, 0, 10**6), ("0", "1", "0.0000001", "1.0000010000", "9" * 28, None)),
    "wide decimals": (
        "DECIMAL(38,4)", KINDS["wide"], ("0", "1" + "0" * 12, "1" + "0" * 12 + ".0001", "9" * 34, "-0.0001", None),
    ),
    "fine decimals as money": (
        "DECIMAL(38,30)", money(),
        ("0", "99999999.5", "0." + "0" * 29 + "1", "99999999." + "9" * 30, "-0." + "0" * 29 + "1", None),
    ),
    "small whole numbers as money": ("INTEGER", money(), (2**31 - 1, -1, 30_000_000, None)),
    "tiny whole numbers as a rate": ("SMALLINT", KINDS["rate"], (0, 1, 2, None)),
    "narrow decimals": ("DECIMAL(4,2)", KINDS["rate"], ("0.99", "1.00", "1.01", "-0.01", None)),
    "days": ("DATE", DATE, ("1899-12-31", "1900-01-01", "2024-02-29", "2199-12-31", "2200-01-01", "0001-01-01", None)),
    "yes or no": ("BOOLEAN", YES_NO, (True, False, None)),
    "whole numbers as codes": ("BIGINT", Code("bank"), (102_100_099_996, 7, None)),
    "days as texts": ("DATE", Code("text"), ("2024-02-29", None)),
    "yes or no as choices": ("BOOLEAN", Choice(("true", "no")), (True, False, None)),
}  # fmt: skip
SORTS = {"BIGINT": "integer", "INTEGER": "integer", "SMALLINT": "integer", "DATE": "date", "BOOLEAN": "bool"}


@pytest.mark.parametrize("engine", [duckdb, spark])
def test_columns_of_exact_types_give_what_their_texts_would_give(tmp_path: Path, engine: Any) -> None:
    backend = engine(tmp_path, [])
    for name, (what, kind, values) in EXACT.items():
        reader = Reader(backend.dialect, kind, False, SORTS.get(what, "decimal"))
        given = ["NULL" if value is None else repr(str(value)) for value in values]
        listed = ", ".join(f"({at}, CAST({text} AS {what}))" for at, text in enumerate(given))
        fast, value = reader.fast("x"), reader.value("x")
        rows = backend.ask(f"SELECT n, {fast}, CASE WHEN {fast} THEN {value} END FROM (VALUES {listed}) t(n, x)")
        for at, taken, got in sorted(rows):
            if values[at] is None:
                assert taken in (True, None) and got is None, name
                continue
            text = str(values[at]).lower() if what == "BOOLEAN" else str(values[at])
            plain = text.rstrip("0").rstrip(".") if "." in text and isinstance(kind, Number) else text
            _, right = read(reader, plain)
            if taken:
                assert told(got, False, kind) == right and right is not None, (name, text)
            elif reader.is_direct():
                assert right is None, (name, text)
    backend.close()


@given(value=st.integers(-(10**21), 10**21))
def test_a_number_has_one_canonical_text(value: int) -> None:
    kind = KINDS["wide"]
    assert isinstance(kind, Number) and is_wide(kind)
    assert canonical_text(converter(kind)(format_scaled(value, 9)), kind) == format_scaled(value, 9)
