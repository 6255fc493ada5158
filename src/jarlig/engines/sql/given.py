"""Which tables of rows, and of keys that were paid before, a run may be given: each must be of use to some offer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from jarlig.ladder.kinds import Rows
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.messages import Place, PolicyError, nearest, problem


def check_given(programme: model.Programme, offers: Iterable[str], rows: Collection[str], paid: Iterable[str]) -> None:
    """Refuse a table that nothing would read: a file that is passed over in silence is taken for one that was used.

    Args:
        programme: the programme.
        offers: ids of the offers asked for.
        rows: names of the tables of rows, ``investment`` or ``2a.investment``.
        paid: names of the tables of keys that were paid before.

    Raises:
        PolicyError: E836 for a list that there is not, E819 for keys that no list is looked up in.
    """
    lists = {offer: _lists(programme, offer) for offer in programme.offers}
    for option, names in (("--rows", rows), ("--paid", paid)):
        for name in names:
            _known(name, lists, option)
    for name in paid:
        _serves(name, {offer: lists[offer] for offer in offers}, rows)


def _lists(programme: model.Programme, offer: str) -> dict[str, model.FactDef]:
    defs = programme.fact_defs(programme.offers[offer])
    return {name: found for name, found in defs.items() if found.columns}


def _known(name: str, lists: Mapping[str, Mapping[str, model.FactDef]], option: str) -> None:
    """A list of some offer, or of the very offer before the dot."""
    shared = dict.fromkeys(list_ for found in lists.values() for list_ in found)
    own = [f"{offer}.{list_}" for offer, found in lists.items() for list_ in found]
    if name in shared or name in own:
        return
    offer, dot, tail = name.partition(".")
    mine = [one for one in own if one.startswith(f"{offer}.")] if dot else []
    near = nearest(name, mine or shared) or next(iter(mine), "") or nearest(tail, shared) or ""
    valid = ", ".join(sorted(mine or shared))
    raise PolicyError((problem("E836", Place(option, 0, 0), name, name=name, near=near, valid=valid, option=option),))


def _serves(name: str, lists: Mapping[str, Mapping[str, model.FactDef]], rows: Collection[str]) -> None:
    """Some offer asked for reads rows whose keys serve once ever, and these keys are of that list."""
    offer, _, list_ = name.rpartition(".")
    once = [of for of, found in lists.items() if offer in ("", of) and list_ in found and _serves_once(found[list_])]
    read = {f"{of}.{list_}" if f"{of}.{list_}" in rows else list_ for of in once} & set(rows)
    if not once:
        why = Words(
            "所测算的事项中，没有一个规定这项明细的单据只能使用一次（key_once: ever），因此不查重",
            "of the offers asked for none says that a document of this list serves only once (key_once: ever), so "
            "nothing is looked up in it",
        )
        remedy = Words("请去掉这个 --paid，或改测相应的事项", "Leave this --paid out, or ask for the offer it is for")
    elif not read:
        why = Words("没有给出这项明细", "the rows of this list are not given")
        remedy = Words(f"请加上 --rows {name}=文件", f"Add --rows {name}=FILE")
    elif name not in read and offer:
        why = Words(f"明细是以 {list_} 给出的", f"its rows are given as {list_}")
        remedy = Words(f"请写作 --paid {list_}=文件", f"Write --paid {list_}=FILE")
    else:
        return
    raise PolicyError((problem("E819", Place("--paid", 0, 0), name, name=name, why=why, remedy=remedy),))


def _serves_once(fact: model.FactDef) -> bool:
    return fact.key_once == "ever" and isinstance(fact.kind, Rows) and bool(fact.kind.key)
