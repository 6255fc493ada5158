"""The rules as a library: load a programme, ask what an enterprise of these facts can get.

    import jarlig

    programme = jarlig.load("the-name-of-a-programme")        # or the path of a programme folder
    answer = programme.determine("2a", "facts.yaml", on="2023-06-01")
    answer.outcome, answer.yuan                               # "award", Decimal("200000.00")

Money is ``int`` fen, and ``Decimal`` yuan in the properties named ``yuan``; None is unknown and never zero.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jarlig.engines.answer import Desk, Determination
from jarlig.ladder.kinds import DATE, Division, Kind
from jarlig.ladder.numbers import NumberError
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.casefile import Facts
from jarlig.policy.facts import read_facts
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.reading import read_programme
from jarlig.policy.shipped import shipped
from jarlig.policy.values import converter

if TYPE_CHECKING:
    from jarlig.engines.sql.running import Engine, Report

__all__ = ["Programme", "folder_of", "load", "shipped", "today"]

#: Beijing time (北京时间) has had no summer time since 1991; an application date is a day there.
_BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")


def today() -> date:
    """The day it is in China (Asia/Shanghai), wherever the machine stands."""
    return datetime.now(_BEIJING).date()


def folder_of(programme: str | os.PathLike[str]) -> Path:
    """The folder of a programme: a shipped one by its name, or one of the user's own by its path.

    Raises:
        PolicyError: E114 when it is neither; the message lists the shipped ones.
    """
    name = os.fspath(programme)
    known = shipped()
    if name in known:
        return known[name]
    if name and Path(name).is_dir():
        return Path(name)
    near = nearest(name, known) or ""
    raise PolicyError((problem("E114", Place(name, 0, 0), name, name=name, near=near, valid=", ".join(known)),))


def load(programme: str | os.PathLike[str]) -> Programme:
    """The programme of a name (one that is shipped) or of a folder, ready to be asked.

    Raises:
        PolicyError: E114 for an unknown name, or every problem found in the files of the folder.
    """
    return Programme(read_programme(folder_of(programme)))


class Programme:
    """A notice as rules (方案), ready to be asked. Compiled ladders are kept; nothing of a case is.

    Attributes:
        model: everything that the folder says, offers, clauses and guides among it.
        desk: the engines behind the answers, which take dates as ordinals.
    """

    def __init__(self, read: model.Programme) -> None:
        self.model = read
        self.desk = Desk(read)

    @property
    def name(self) -> str:
        """The identity that the programme gives itself."""
        return self.model.programme

    @property
    def title(self) -> Words:
        """The title in both languages: ``.zh`` and ``.en``."""
        return self.model.title

    @property
    def offers(self) -> Mapping[str, model.Offer]:
        """What can be got (奖补事项), by id."""
        return self.model.offers

    def determine(
        self,
        offer: str,
        facts: Mapping[str, Any] | str | os.PathLike[str] | Facts,
        *,
        on: date | str | None = None,
        guide: int | None = None,
        at: str | None = None,
        history: Iterable[Mapping[str, Any]] | None = None,
    ) -> Determination:
        """What an enterprise of these facts gets under one offer (测算).

        Args:
            offer: id of the offer.
            facts: values by name (``Decimal``, ``int``, ``str``, ``bool``, ``date``, lists of rows; never a float), the
                path of a YAML or JSON file, or ``Facts`` read before.
            on: application date, a ``date`` or ``"2023-06-01"``; today in China when not given.
            guide: year of a guide to ask "what if" with; its window is then not asked.
            at: division code of the place of application, 6 digits or more.
            history: earlier awards as rows, ``[]`` for none, in place of those in the facts; not known when absent.

        Returns:
            The determination; ``amount`` in fen, ``yuan`` as ``Decimal``, ``outcome`` one of the eight.

        Raises:
            PolicyError: unknown offer, guide or fact, or a value that cannot be read; says where and how to mend it.
        """
        case = facts_of(facts)
        return self.desk.determine(offer, case, on=day_of(on), guide=guide, at=division_of(at), history=history)

    def match(
        self,
        facts: Mapping[str, Any] | str | os.PathLike[str] | Facts,
        *,
        on: date | str | None = None,
        guide: int | None = None,
        at: str | None = None,
    ) -> tuple[Determination, ...]:
        """The answers of every offer (政策匹配), in the order of the programme; arguments as in ``determine``."""
        return self.desk.match(facts_of(facts), on=day_of(on), guide=guide, at=division_of(at))

    def run(
        self,
        cases: str | os.PathLike[str],
        out: str | os.PathLike[str],
        *,
        offers: Sequence[str] | None = None,
        rows: Mapping[str, str | os.PathLike[str]] | None = None,
        history: str | os.PathLike[str] | None = None,
        paid: Mapping[str, str | os.PathLike[str]] | None = None,
        on: date | str | None = None,
        guide: int | None = None,
        engine: Engine | None = None,
    ) -> Report:
        """What every case of a table gets (批量测算), written as a table: see the guide "Many cases".

        Args:
            cases: table of the cases, ``.parquet``, ``.csv``, ``.xlsx`` or ``.arrow``.
            out: where the table of answers is written; rejects and repeated documents go beside it.
            offers: ids of the offers; all when not given.
            rows: tables of rows by the name of their list.
            history: table of earlier awards; not known when not given.
            paid: tables of documents paid before, by the name of their list.
            on: application date of all cases, where the table has no column of them.
            guide: year of a guide to ask "what if" with.
            engine: makes the engine; DuckDB when not given.

        Returns:
            The report: counts and sums by offer and outcome, rows put aside, and the manifest.

        Raises:
            PolicyError: a table, an offer or a column that cannot be used.
            OSError: a file cannot be read or written.
        """
        from jarlig.engines.sql.running import Files, Options, run

        files = Files(
            Path(cases), Path(out), _paths(rows), None if history is None else Path(history), None, _paths(paid)
        )
        options = Options(None if on is None else day_of(on), guide)
        return run(self.model, tuple(offers or self.offers), files, options, engine)


def _paths(files: Mapping[str, str | os.PathLike[str]] | None) -> dict[str, Path]:
    return {name: Path(path) for name, path in (files or {}).items()}


def facts_of(facts: Mapping[str, Any] | str | os.PathLike[str] | Facts) -> Facts:
    """Facts from a mapping, a path, or as they are.

    Raises:
        PolicyError: the file cannot be read, or a value is a float.
    """
    if isinstance(facts, Facts):
        return facts
    if isinstance(facts, Mapping):
        return read_facts(facts)
    path = Path(facts)
    return read_facts(path, str(path))


def day_of(on: date | str | None) -> int:
    """An application date (申请日期) as its ordinal; today in China when not given.

    Raises:
        PolicyError: E803 when it is no date.
    """
    text = today().isoformat() if on is None else on if isinstance(on, str) else on.isoformat()[:10]
    return int(_value("on", text, DATE))


def division_of(at: str | None) -> str:
    """The division code of a place (区划代码), empty when not given.

    Raises:
        PolicyError: E803 when it is no division code.
    """
    return "" if at is None else str(_value("at", at, Division("county")))


def _value(name: str, text: str, kind: Kind) -> Any:
    try:
        return converter(kind)(text)
    except NumberError as error:
        place = Place(name, 0, 0)
        raise PolicyError((problem("E803", place, text, path=name, zh=error.zh, en=error.en),)) from error
