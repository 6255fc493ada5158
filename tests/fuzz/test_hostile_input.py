"""Mutated programme and fact files: always an answer or a clear message, never a traceback or a hang.

Files are mutated as bytes, and the facts of enterprises and of worked cases as trees: a value becomes null, a list, a
mapping, a range, a figure, another value of the same facts; a row is doubled, claimed under some offer, cut short.
``JARLIG_FUZZ`` sets how many files of each sort are tried (2,000 unless set; 20,000 in the full run).
"""

from __future__ import annotations

import copy
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.policy.hostile import peak

from jarlig.engines.answer import Desk
from jarlig.ladder.numbers import parse_date
from jarlig.policy.casefile import Facts
from jarlig.policy.cases import case_facts, read_cases
from jarlig.policy.facts import read_facts
from jarlig.policy.messages import PolicyError
from jarlig.policy.model import Programme
from jarlig.policy.plans import Plans
from jarlig.policy.reading import read_files, read_programme

PROGRAMMES = Path(__file__).parents[2] / "src/jarlig/programmes"
COUNT = int(os.environ.get("JARLIG_FUZZ", "2000"))
SHARDS = range(4)
#: Bytes by which reading the files of one shard may raise the peak of memory.
MOST_GROWTH = 50_000_000
SCRAPS = [
    b"",
    b"null",
    b"~",
    b"[]",
    b"{}",
    b"[[",
    b"]",
    b"}",
    b"{",
    b": ",
    b"- ",
    b"&a ",
    b"*a",
    b"!!python/object",
    b"<<",
    b"%",
    b"20%",
    b"-1",
    b"1e999",
    b"0x1F",
    b"99999999999999999999999999999999999999999",
    b"0.00000000001",
    "１２".encode(),
    b"\x00",
    b"\xff",
    b"\t",
    b"'",
    b'"',
    b"# ",
    b"|",
    b">",
    b"---\n",
    b"open",
    b"by",
    b"bands",
    b"decide",
    b"table",
    b"dated",
    b"{open: money}",
    b"{open: figure}",
    b"{by: on}",
    b"case when",
    b"and or not",
    b"= null",
    b"((((((",
    b"claim_year",
    b"on",
    b"at",
    b"__class__",
    b"2022-13-45",
    b"rolling 99999999999 months",
    b"../../etc",
    "ЖЖ".encode(),
    "\u202e".encode(),
    b"true",
    b"sample: true",
]


def mutated(data: bytes, r: random.Random) -> bytes:
    """The file with one to four changes: bytes flipped, lines moved, doubled, cut, indented, scraps put in."""
    lines = data.split(b"\n")
    for _ in range(r.randint(1, 4)):
        at = r.randrange(len(lines))
        line = lines[at]
        cut = r.randrange(len(line) + 1)
        match r.randrange(9):
            case 0:
                lines[at] = line[:cut] + r.choice(SCRAPS) + line[cut:]
            case 1:
                lines[at] = line[:cut] + r.choice(SCRAPS)
            case 2 if len(lines) > 1:
                del lines[at]
            case 3:
                lines.insert(at, lines[r.randrange(len(lines))])
            case 4:
                lines[at] = b" " * r.randrange(6) + line.lstrip()
            case 5 if line:
                lines[at] = line[: max(0, cut - 1)] + bytes([r.randrange(256)]) + line[cut:]
            case 6:
                words = line.split(b" ")
                words[r.randrange(len(words))] = r.choice(r.choice(lines).split(b" "))
                lines[at] = b" ".join(words)
            case 7:
                key, colon, _ = line.partition(b": ")
                lines[at] = key + colon + r.choice(SCRAPS)
            case _:
                lines[at] = line.replace(b"0", r.choice([b"", b"00", b"-0", b"9" * 20]), 1)
    return b"\n".join(lines)


@pytest.fixture(scope="module")
def programmes() -> list[Programme]:
    return [read_programme(folder) for folder in sorted(PROGRAMMES.iterdir()) if (folder / "programme.yaml").is_file()]


def small(programme: Programme, name: str) -> dict[str, bytes]:
    """The files that one file needs beside it; the worked cases and other measures are left out for speed."""
    keep = ("programme.yaml", "clauses.yaml", name)
    whole = name.startswith(("guides/", "local/", "programme", "clauses"))
    return {n: d for n, d in programme.files.items() if n in keep or (whole and n.startswith("measures/"))}


def use(files: dict[str, bytes]) -> None:
    """Read a programme and compile all that it says."""
    programme = read_files(files)
    plans = Plans(programme)
    places = ["", *(overlay.at for overlay in programme.locals.values())]
    for year in [None, *programme.guides]:
        for place in places:
            plan = plans.plan(programme.valid[0], year, place)
            for offer in programme.offers:
                plan.ladder(offer)


def in_child(work: Callable[[], None]) -> int:
    """Run work in a process of its own and give the bytes by which its peak of memory grew; its failure is ours."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def body() -> None:
        before = peak()
        work()
        theirs.send(peak() - before)

    child = context.Process(target=body)
    child.start()
    child.join()
    assert child.exitcode == 0, "see the traceback of the child"
    return ours.recv()


@pytest.mark.parametrize("shard", SHARDS)
def test_a_mutated_programme_file_is_read_or_refused_with_a_message(programmes, shard):
    """The bound of memory is on the growth over all files of a shard, so that no single file can take more."""
    r = random.Random(f"programme {shard}")
    names = [(p, name) for p in programmes for name in p.files if not name.startswith(("cases/", "enterprises/"))]

    def read_all() -> None:
        refused = 0
        for _ in range(COUNT // len(SHARDS)):
            programme, name = r.choice(names)
            files = small(programme, name)
            files[name] = mutated(files[name], r)
            started = time.process_time()
            try:
                use(files)
            except PolicyError as error:
                refused += 1
                assert all(p.en and p.zh and p.place.file for p in error.problems)
            assert time.process_time() - started < 2, files[name]
        assert refused > 0

    assert in_child(read_all) < MOST_GROWTH


@pytest.mark.parametrize("shard", SHARDS)
def test_a_mutated_facts_file_is_answered_or_refused_with_a_message(programmes, shard):
    r = random.Random(f"facts {shard}")
    desks = [(Desk(p), path) for p in programmes for path in sorted((Path(p.folder) / "enterprises").glob("*.yaml"))]
    answered = 0
    for _ in range(COUNT // len(SHARDS)):
        desk, path = r.choice(desks)
        offer = r.choice(list(desk.programme.offers))
        year = r.choice([None, *desk.programme.guides])
        on = desk.programme.guides[year].start if year else parse_date("2023-06-01")
        started = time.process_time()
        try:
            answer = desk.determine(offer, read_facts(mutated(path.read_bytes(), r), path.name), on=on, guide=year)
            answered += 1
            assert answer.amount is None or answer.amount >= 0
            assert answer.outcome != "award" or answer.amount is not None
        except PolicyError as error:
            assert all(p.en and p.zh for p in error.problems)
        assert time.process_time() - started < 2
    assert answered > 0


def trees(programmes: list[Programme]) -> list[tuple[Desk, str, dict[str, Any]]]:
    """The facts of every enterprise and of every worked case, each with its desk and the file it stands in."""
    found: list[tuple[Desk, str, dict[str, Any]]] = []
    for programme in programmes:
        desk = Desk(programme)
        for path in sorted((Path(programme.folder) / "enterprises").glob("*.yaml")):
            found.append((desk, path.name, dict(read_facts(path.read_bytes(), path.name).plain)))
        cases = read_cases(programme)
        found += [(desk, case.offer, dict(case_facts(case, cases).plain)) for case in cases.values()]
    return found


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every value of a tree, as the list or mapping that holds it and its place there."""
    found: list[tuple[Any, Any]] = []
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for at, value in entries:
        found += [(tree, at), *places(value)]
    return found


def restructured(tree: dict[str, Any], r: random.Random, offers: list[str]) -> dict[str, Any]:
    """The facts with one to three values of another shape."""
    made = copy.deepcopy(tree)
    for _ in range(r.randint(1, 3)):
        spots = places(made)
        if not spots:
            return made
        holder, at = r.choice(spots)
        value = holder[at]
        other, key = r.choice(spots)
        ends = [None, "0", "5", "-1", value, [], {}, ["1"], "none", "2024-05"]
        shapes = [
            None, "", "none", "0", "-1", "true", [], {}, [value], [None], [[value]], {"a": value}, {"about": value},
            {"about": r.choice(ends)}, {"from": r.choice(ends), "to": r.choice(ends)}, {"from": value},
            copy.deepcopy(other[key]), *offers[:1],
        ]  # fmt: skip
        match r.randrange(5):
            case 0 if isinstance(holder, list):
                holder.insert(r.randrange(len(holder) + 1), copy.deepcopy(value))
            case 1 if isinstance(value, dict):
                value["for"] = r.choice([*offers, None, "x", "", [offers[0]], {"a": "b"}, ["for"]])
            case 2 if isinstance(holder, dict):
                holder[r.choice([*holder, *offers, "history", "decisions", "for", "reverses", "at"])] = holder.pop(at)
            case 3 if holder is made:
                made[r.choice(offers)] = {at: value}
            case _:
                holder[at] = r.choice(shapes)
    return made


@pytest.mark.parametrize("shard", SHARDS)
def test_facts_of_any_structure_are_answered_or_refused_with_a_message(programmes, shard):
    r = random.Random(f"structure {shard}")
    known = trees(programmes)
    answered = refused = 0
    for _ in range(COUNT // len(SHARDS)):
        desk, name, tree = r.choice(known)
        offers = list(desk.programme.offers)
        facts = restructured(tree, r, offers)
        offer = name if name in offers and r.random() < 0.8 else r.choice(offers)
        year = r.choice(list(desk.programme.guides))
        on = desk.programme.guides[year].start
        started = time.process_time()
        try:
            answer = desk.determine(offer, Facts(facts, name), on=on, guide=year)
            answered += 1
            assert answer.amount is None or answer.amount >= 0
            assert answer.outcome != "award" or answer.amount is not None
        except PolicyError as error:
            refused += 1
            assert all(p.en and p.zh for p in error.problems)
        assert time.process_time() - started < 2, facts
    assert answered and refused


@pytest.mark.parametrize("text", ["tax_credit: a\ntax_credit: b\n", '{"a": 1, "a": 2}', "x: [{net: 1, net: 2}]\n"])
def test_a_key_given_twice_is_refused(text):
    with pytest.raises(PolicyError):
        read_facts(text.encode(), "f.yaml")
