"""What is taken and what is not, over a corpus of hostile files."""

from __future__ import annotations

import io
import time
import tracemalloc

import pytest
from hypothesis import given, settings, strategies as st
from tests.service.documents.hostile import NEUTRALISED, REFUSED
from tests.service.documents.made import HARMLESS, pdf

from jarlig.service.documents.check import MOST, check, checked_name
from jarlig.service.ground.errors import Invalid


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_file_is_taken(name: str) -> None:
    made = HARMLESS[name]
    kind, kept = check(io.BytesIO(made), len(made), name)
    assert kept == name
    assert kind == {"JPEG": "jpg"}.get(name.rpartition(".")[2], name.rpartition(".")[2])


@pytest.mark.parametrize("trick", [trick for trick in REFUSED if not trick.startswith("a virus")])
def test_a_hostile_file_is_refused_with_a_sentence(trick: str) -> None:
    name, made = REFUSED[trick]
    inside = made() if callable(made) else made
    began = time.process_time()
    with pytest.raises(Invalid) as caught:
        check(io.BytesIO(inside), len(inside), name)
    assert caught.value.field == "file" and len(str(caught.value)) > 5
    assert time.process_time() - began < 5


def test_the_corpus_is_large_enough() -> None:
    assert len(REFUSED) >= 80 and not REFUSED.keys() & NEUTRALISED.keys()


def test_a_bomb_does_not_fill_the_memory() -> None:
    name, made = REFUSED["a bomb by its ratio"]
    assert callable(made)
    inside = made()
    tracemalloc.start()
    try:
        with pytest.raises(Invalid):
            check(io.BytesIO(inside), len(inside), name)
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


def test_a_file_of_25_megabytes_is_the_largest() -> None:
    with pytest.raises(Invalid, match="25 MB"):
        check(io.BytesIO(b""), MOST + 1, "a.pdf")
    filled = pdf(b"%" + b" " * (MOST - len(pdf(b"%"))))
    assert len(filled) == MOST
    assert check(io.BytesIO(filled), MOST, "a.pdf")[0] == "pdf"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>.pdf".replace("/", "∕"), "=cmd|' !A1.pdf", "é".join("ab") + ".pdf"]
)
def test_a_name_is_a_text_like_any_other(name: str) -> None:
    assert checked_name(name)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_name_that_is_kept_has_what_cannot_be_seen(name: str) -> None:
    try:
        kept = checked_name(name)
    except Invalid:
        return
    assert 0 < len(kept) <= 200
    assert not set(kept) & set("\0\r\n/\\\u202e\u2066")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(HARMLESS)), st.integers(0, 5000), st.integers(0, 255))
def test_a_byte_changed_is_taken_or_refused_and_never_a_fault(name: str, at: int, byte: int) -> None:
    made = bytearray(HARMLESS[name])
    made[at % len(made)] = byte
    try:
        kind, _ = check(io.BytesIO(bytes(made)), len(made), name)
    except Invalid:
        return
    assert kind in ("pdf", "jpg", "png", "xlsx", "ofd", "xml", "csv")
