"""Made-up data for bench/many.py: the same bytes for the same seed, typed Parquet files, batch by batch.

Codes, invoice numbers and digests are of the made-up kinds of `jarlig.whatif.synth_arrays`: none can be a real one.
What the shipped programme's enterprises look like is said in population.yaml.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from jarlig.ladder.kinds import CNY, Number
from jarlig.whatif import synth_arrays as arrays

SEED = 20220606
BATCH = 500_000
#: One in so many cost lines takes back part of the line before it.
REVERSED = 0.05
#: Parcels whose digest stands twice in the file, and parcels whose digest an earlier file has.
PLANTED = 1_000
#: Carriers of each league; a case is a carrier and a month.
CARRIERS, MONTHS = 25, 12
MONEY = Number(CNY, 2, -(10**16), 10**16)
RATE = Number((("CNY", 1), ("parcel", -1)), 4, 0, 100_000)
_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint16)
_WORDS = ((1, 0x9E3779B97F4A7C15), (2, 0xBF58476D1CE4E5B9), (3, 0x94D049BB133111EB))
SPEC: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "population.yaml").read_text("utf-8"))


class Writer:
    """A Parquet file written batch by batch; texts that never repeat are kept out of the dictionaries."""

    def __init__(self, path: Path, plain: tuple[str, ...] = (), compression: str = "snappy") -> None:
        self.path, self.plain, self.compression = path, plain, compression
        self._writer: Any = None

    def write(self, columns: Mapping[str, Any]) -> None:
        """Write a batch of columns."""
        table = pa.table(dict(columns))
        if self._writer is None:
            named = [name for name in table.column_names if name not in self.plain]
            self._writer = pq.ParquetWriter(
                self.path, table.schema, compression=self.compression, use_dictionary=named, write_statistics=named
            )
        self._writer.write_table(table)

    def close(self) -> Path:
        """End the file."""
        self._writer.close()
        return self.path


def batches(total: int, *seed: int) -> Iterator[tuple[np.ndarray, np.random.Generator]]:
    """Serial numbers from 0 in batches, each with a generator of its own."""
    for number, start in enumerate(range(0, total, BATCH)):
        yield np.arange(start, min(start + BATCH, total)), np.random.default_rng([SEED, *seed, number])


# the five shared rules

LEVELS = ("regional", "industry", "enterprise")
#: One in a hundred cells is empty.
UNKNOWN = 0.01
FIVE = ("level", "newly_built", "approved", "invested", "interconnected", "warehouse", "service_cost", "parcels",
        "parcel_rate")  # fmt: skip


def five(folder: Path, rows: int) -> None:
    """``five.parquet``, ``history.parquet``, and ``earlier.npy``: fen of earlier awards of each case."""
    cases, history = Writer(folder / "five.parquet", ("uscc",)), Writer(folder / "history.parquet", ("uscc",))
    earlier = []
    for serial, rng in batches(rows, 5):
        n = len(serial)
        known = {name: rng.random(n) >= UNKNOWN for name in FIVE}
        codes = arrays.codes(serial)
        money = {
            "invested": rng.integers(1_000_000, 5_000_000_000, n),
            "warehouse": rng.integers(1_000_000, 2_000_000_000, n),
            "service_cost": rng.integers(10_000, 1_500_000_000, n),
        }
        yes = {"newly_built": 0.8, "approved": 0.7, "interconnected": 0.1}
        level = rng.integers(0, 3, n)
        made = {
            "case": pa.array(serial),
            "uscc": arrays.texts(codes),
            "level": arrays.labels(level, list(LEVELS), known["level"]),
            **{name: arrays.flags(rng.random(n) < share, known[name]) for name, share in yes.items()},
            **{name: arrays.numbers(fen, MONEY, known[name]) for name, fen in money.items()},
            "parcels": arrays.numbers(rng.integers(0, 2_000_000, n), Number((), 0, 0, 10**12), known["parcels"]),
            "parcel_rate": arrays.numbers(rng.integers(500, 6_000, n), RATE, known["parcel_rate"]),
        }
        cases.write(made)
        paid = np.where(rng.random(n) < 0.25, rng.integers(1, 300_000_001, n), 0)
        some = paid > 0
        earlier.append(paid)
        count = int(some.sum())
        history.write({
            "offer": arrays.labels(np.zeros(count, np.int64), ["c"]),
            "on": arrays.days(np.full(count, date(2023, 1, 2).toordinal())),
            "guide_year": pa.array(np.full(count, 2023)),
            "state": arrays.labels(np.zeros(count, np.int64), ["paid"]),
            "approved": arrays.numbers(paid[some], MONEY),
            "recovered": arrays.numbers(np.zeros(count, np.int64), MONEY),
            "uscc": arrays.texts(codes[some]),
        })  # fmt: skip
    cases.close()
    history.close()
    np.save(folder / "earlier.npy", np.concatenate(earlier))


# enterprises and their cost lines


def drawn(how: Mapping[str, Any], serial: np.ndarray, rng: np.random.Generator) -> Any:
    """One column."""
    n = len(serial)
    known = rng.random(n) >= how["unknown"] if "unknown" in how else None
    if "pick" in how:
        return arrays.labels(rng.integers(0, len(how["pick"]), n), how["pick"], known)
    if "share" in how:
        return arrays.flags(rng.random(n) < how["share"], known)
    if "days" in how:
        low, high = (day.toordinal() for day in how["days"])
        return arrays.days(rng.integers(low, high + 1, n), known)
    if "money" in how:
        return arrays.numbers(fen(how["money"], n, rng), MONEY, known)
    if "whole" in how:
        return arrays.numbers(rng.integers(how["whole"][0], how["whole"][1] + 1, n), Number((), 0, 0, 10**9), known)
    return arrays.named(how["named"], serial, 10, known=known)


def fen(between: tuple[int, int], n: int, rng: np.random.Generator) -> np.ndarray:
    """Sums between two numbers of yuan, small ones as likely as large ones by their order of size."""
    low, high = np.log(between)
    return np.exp(rng.uniform(low, high, n)).astype(np.int64) * 100 + rng.integers(0, 100, n)


def counts(serial: np.ndarray, mean: int) -> np.ndarray:
    """How many lines each enterprise has: from none to twice the mean, exactly the mean on average over ten."""
    spread = np.array([0, 2, 1, 1, 0, 2, 2, 1, 1, 0])  # ten enterprises, ten lines
    return spread[(serial * 7) % 10] * mean


def population(folder: Path, enterprises: int) -> dict[str, int]:
    """``cases.parquet``, ``history.parquet`` and a file for each list; gives the lines of each list."""
    past = SPEC["history"]
    own = ("uscc", *(name for name, how in SPEC["cases"].items() if "named" in how))
    cases, history = Writer(folder / "cases.parquet", own), Writer(folder / "history.parquet", ("uscc",))
    for serial, rng in batches(enterprises, 1):
        codes = arrays.codes(serial)
        columns = {name: drawn(how, serial, rng) for name, how in SPEC["cases"].items()}
        cases.write({"case": pa.array(serial), "uscc": arrays.texts(codes), **columns})
        some = serial[rng.random(len(serial)) < past["share"]]
        n = len(some)
        history.write({
            "offer": arrays.labels(rng.integers(0, len(past["offers"]), n), past["offers"]),
            "on": arrays.days(np.full(n, date(2022, 9, 1).toordinal())),
            "guide_year": pa.array(np.full(n, 2022)),
            "state": arrays.labels(np.zeros(n, np.int64), ["paid"]),
            "approved": arrays.numbers(fen((1_000, 3_000_000), n, rng), MONEY),
            "recovered": arrays.numbers(np.zeros(n, np.int64), MONEY),
            "uscc": arrays.texts(codes[some - serial[0]]),
            "project_code": arrays.named("P-", some, 10),
            **{name: arrays.named(SPEC["cases"][name]["named"], some, 10) for name in ("park_code", "circle_code")},
        })  # fmt: skip
    cases.close()
    history.close()
    return {name: lines(folder, name, at, enterprises) for at, name in enumerate(SPEC["lists"])}


def lines(folder: Path, name: str, number: int, enterprises: int) -> int:
    """One list of cost lines, in the order of their cases; gives how many."""
    how, first = SPEC["lists"][name], 0
    writer = Writer(folder / f"{name}.parquet", ("invoice_no",))
    sellers = arrays.texts(arrays.codes(np.arange(2_000) + 10**9))
    for serial, rng in batches(enterprises, 2, number):
        case = np.repeat(serial, counts(serial, how["a_case"]))
        n = len(case)
        line = np.arange(first, first + n) + number * 10**12
        first += n
        seller = pa.DictionaryArray.from_arrays(pa.array((case % 2_000).astype(np.int16)), sellers)
        follows = np.append(False, case[1:] == case[:-1])
        reverses = taken_back(follows, rng)
        net = fen(SPEC["net"]["money"], n, rng)
        net[reverses] = -(np.roll(net, 1)[reverses] // 2)
        invoice = arrays.invoices(line, np.full(n, 2023))
        named = pa.array(np.where(reverses, 0, 1)).cast(pa.bool_())
        before = arrays.texts(np.roll(invoice, 1, axis=0))
        writer.write({
            "case": pa.array(case),
            "invoice_no": arrays.texts(invoice),
            "reverses": pc.if_else(named, pa.scalar("none"), before),
            how["seller"]: seller,
            "net": arrays.numbers(net, MONEY),
            "paid_on": drawn(SPEC["paid_on"], line, rng),
            **{column: drawn(what, line, rng) for column, what in how.get("more", {}).items()},
        })  # fmt: skip
    writer.close()
    return first


def taken_back(follows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Which lines take back part of the line before, which is a line of the same case and takes nothing back itself."""
    chance = REVERSED * len(follows) / max(1, int(follows.sum()))
    some: np.ndarray = follows & (rng.random(len(follows)) < chance * (1 + chance))
    while (both := some & np.roll(some, 1)).any():
        some = some & ~(both & ~np.roll(both, 1))
    return some


# parcels


def digests(serial: np.ndarray) -> np.ndarray:
    """Digests in the form of SHA-256, a row of characters each; one serial has one digest, and no two the same."""
    raw = np.zeros((len(serial), 4), np.uint64)
    for word, step in _WORDS:
        mixed = (serial.astype(np.uint64) + np.uint64(word)) * np.uint64(step)
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(0xD6E8FEB86659FD93)
        raw[:, word] = mixed ^ (mixed >> np.uint64(32))
    raw[:, 0] = raw[:, 1] & np.uint64(0xFFFFFFFF00000000)  # eight zeros in front mark what is made up
    return _HEX[raw.view(np.uint8)].view(np.uint8).reshape(len(serial), 64)


def carriers() -> tuple[list[dict[str, Any]], list[str]]:
    """The cases: every carrier of every league in every month; and the months."""
    spec = SPEC["parcels"]
    months = [f"2023-{at + 1:02d}" for at in range(MONTHS)]
    codes = arrays.texts(arrays.codes(np.arange(CARRIERS * len(spec["leagues"])) + 2 * 10**9)).to_pylist()
    found = []
    for at, (league, what) in enumerate(spec["leagues"].items()):
        for carrier in range(CARRIERS):
            for month in months:
                found.append({
                    "case": len(found), "on": spec["on"], "at": league, "uscc": codes[at * CARRIERS + carrier],
                    "claim_month": month, "registered_at": what["county"], "tax_credit": "a",
                    "on_dishonesty_list": False, "on_abnormal_list": False, "commitment_signed": True,
                })  # fmt: skip
    return found, months


def parcels(folder: Path, rows: int, paid: int) -> None:
    """``carriers.parquet``, ``parcels.parquet``, ``paid.parquet`` (an earlier file), and what is to be found.

    ``sums.npy`` has the fen of each case; ``within.csv`` and ``against.csv`` the rows (from 1) whose digest an
    earlier row or the earlier file has.
    """
    cases, months = carriers()
    pq.write_table(pa.Table.from_pylist(cases), folder / "carriers.parquet")
    leagues = list(SPEC["parcels"]["leagues"].values())
    planted = min(PLANTED, rows // 10)
    # the last rows take the digests of rows before them, of other cases; the earlier file has those of the first
    twins = np.arange(rows - planted, rows)
    villages = [f"{one['villages']}{at // 100 + 1}1{at // 10 % 10 + 1:02d}2{at % 10 + 1:02d}"
                for one in leagues for at in range(300)]  # fmt: skip
    words = list(dict.fromkeys(band for one in leagues for band in one["bands"]))
    rates = np.array([[one["bands"].get(word, 0) for word in words] for one in leagues])
    size = CARRIERS * MONTHS
    sums = np.zeros(len(cases), np.int64)
    writer = Writer(folder / "parcels.parquet", ("waybill_hash",))
    for serial, rng in batches(rows, 3):
        n = len(serial)
        case = serial * len(cases) // rows
        league, month = case // size, case % MONTHS
        stray, late = rng.random(n) < 0.02, rng.random(n) < 0.03
        there = np.where(stray, 1 - league, league)
        then = np.where(late, (month + 1) % MONTHS, month)
        bands = np.array([len(one["bands"]) for one in leagues])
        band = rng.integers(0, bands[league], n)
        serial = np.where(serial >= twins[0], serial - rows // 2, serial)
        writer.write({
            "case": pa.array(case),
            "waybill_hash": arrays.texts(digests(serial)),
            "gacha": arrays.labels(there * 300 + rng.integers(0, 300, n), villages),
            "month": arrays.labels(then, months),
            "distance_band": arrays.labels(band, words),
        })  # fmt: skip
        counted = ~stray & ~late
        np.add.at(sums, case[counted], rates[league[counted], band[counted]])
    writer.close()
    np.save(folder / "sums.npy", (sums + 50) // 100)
    earlier = Writer(folder / "paid.parquet", ("waybill_hash",))
    for serial, _ in batches(paid, 4):
        earlier.write({"waybill_hash": arrays.texts(digests(np.where(serial < planted, serial, serial + rows)))})
    earlier.close()
    for name, found in (("within", twins + 1), ("against", np.arange(planted) + 1)):
        with (folder / f"{name}.csv").open("w", newline="") as stream:
            csv.writer(stream).writerows([[int(row)] for row in found])
