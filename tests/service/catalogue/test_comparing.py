"""Two versions side by side."""

from __future__ import annotations

from jarlig.service.catalogue import comparing
from jarlig.service.catalogue.comparing import Figure

OLD = {"a.yaml": b'- offer: "2a"\n  cap: {regional: 5_000_000}\n  when: [x, y]\n- offer: b\n', "b.txt": b"1\n2\n3\n"}


def test_a_figure_that_changed_is_told_by_its_offer_and_place() -> None:
    new = {**OLD, "a.yaml": OLD["a.yaml"].replace(b"5_000", b"4_000").replace(b"[x, y]", b"[x]")}
    assert comparing.figures(OLD, new) == [
        Figure("offer 2a", "cap.regional", "5_000_000", "4_000_000"),
        Figure("offer 2a", "when", "x, y", "x"),
    ]


def test_a_note_or_another_file_changes_no_figure() -> None:
    moved = {
        "other.yaml": b"# a note\n" + OLD["a.yaml"].replace(b"{regional: 5_000_000}", b"\n    regional: 5_000_000")
    }
    assert comparing.figures({"a.yaml": OLD["a.yaml"]}, moved) == []
    assert [change.kind for change in comparing.files(OLD, moved)] == ["removed", "removed", "added"]


def test_an_entry_that_is_new_or_gone_is_told() -> None:
    new = {**OLD, "a.yaml": OLD["a.yaml"].replace(b"offer: b", b"offer: c")}
    assert comparing.figures(OLD, new) == [
        Figure("offer b", "offer", "b", None), Figure("offer c", "offer", None, "c"),
    ]  # fmt: skip


def test_lines_have_their_numbers_in_both_files() -> None:
    change = comparing.files(OLD, {**OLD, "b.txt": b"1\n2\n2b\n3\n"})[0]
    assert [(line.kind, line.before, line.after) for line in change.lines] == [
        ("same", 1, 1), ("same", 2, 2), ("new", None, 3), ("same", 3, 4),
    ]  # fmt: skip


def test_far_changes_have_a_gap_between_and_endless_ones_are_cut() -> None:
    before = {"a.txt": b"\n".join(b"%d" % n for n in range(100))}
    after = {"a.txt": before["a.txt"].replace(b"5\n6", b"5\nx\n6", 1) + b"\nend"}
    assert [line.kind for line in comparing.files(before, after)[0].lines].count("gap") == 1
    long = comparing.files({}, {"a.txt": b"x\n" * 5_000})[0]
    assert long.is_cut and len(long.lines) == comparing.MOST_LINES


def test_what_cannot_be_read_has_lines_and_no_figures() -> None:
    assert comparing.figures(OLD, {**OLD, "c.yaml": b"[" * 99}) == []
    assert comparing.files(OLD, {**OLD, "c.yaml": b"\xff"})[0].lines[0].text == "\ufffd"
