"""What a guide sets (指南填定的数值), in the words of the programme and with units, as people write figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jarlig.policy.overlay_grammar import plain
from jarlig.service.catalogue.kinds import is_chinese

#: How an author groups the digits of a figure.
GROUPED = re.compile(r"(?<=\d)_(?=\d{3})")
SUM = re.compile(r"[0-9,]+(\.[0-9]+)?")
#: Bands as authors write them, and as laws say them in Chinese: 以上 takes the edge in, 不满 and 超过 leave it out.
BANDS = (
    (re.compile(r"(\S+) to under (\S+)"), r"\1以上、不满\2"), (re.compile(r"under (\S+)"), r"不满\1"),
    (re.compile(r"from (\S+)"), r"\1以上"), (re.compile(r"over (\S+)"), r"超过\1"),
)  # fmt: skip


def words_of(words: Any) -> str:
    """Words of a programme in the language of the reader."""
    return str(words.zh if is_chinese() else words.en)


def set_by_guide(read: Any, offer: str, name: str, value: Any) -> tuple[str, str]:
    """What a guide sets for an offer, and to what; a sum of money has its unit."""
    one = read.offers.get(offer)
    term = one.terms.get(name) if one else None
    figures = {"rate": _("rate"), "cap": _("cap"), "floor": _("floor"), "limit": _("limit"), "amount": _("amount"),
               "split": _("split")}  # fmt: skip
    base, _sign, which = name.partition("_")
    is_figure = base in figures and (not which or which.isdigit())
    is_money = term.form == "money" if term else is_figure and base not in ("rate", "split")
    words = words_of(term.title) if term else f"{figures[base]} {which}".strip() if is_figure else name
    return words, _flat(plain(value), _labels(one), is_money=is_money)


def _labels(offer: Any) -> dict[str, str]:
    """Facts of an offer and what may be chosen in them, by the words in data."""
    found: dict[str, str] = {}
    for fact in offer.facts.values() if offer else ():
        for one in (*fact.columns.values(), fact):
            found[one.name] = words_of(one.title)
            found |= {key: words_of(label) for key, label in one.labels.items()}
    return found


def _key(name: str, labels: Mapping[str, str]) -> str:
    """What a part of a figure is called."""
    parts = {"grown": _("growth of"), "since": _("since"), "from_zero": _("where it was zero"), "bands": _("bands"),
             "of": _("band of"), "share": _("share"), "marginal": _("by bands, each on its own slice")}  # fmt: skip
    if name in labels or name in parts:
        return labels.get(name) or parts[name]
    if is_chinese():
        for band, said in BANDS:
            if band.fullmatch(name):
                return band.sub(said, name)
    return name


def _flat(part: Any, labels: Mapping[str, str], *, is_money: bool) -> str:
    """A figure on one line; one that depends on a choice says on which."""
    chinese = is_chinese()
    if isinstance(part, dict):
        rest = {name: inner for name, inner in part.items() if name != "by"}
        rows = [f"{_key(name, labels)} {_flat(inner, labels, is_money=is_money)}" for name, inner in rest.items()]
        listed = ("；" if chinese else "; ").join(rows)
        by = labels.get(str(part.get("by")), "")
        return _("by %(fact)s: %(listed)s") % {"fact": by, "listed": listed} if by else listed
    if isinstance(part, list):
        return _(", ").join(_flat(inner, labels, is_money=is_money) for inner in part)
    said = GROUPED.sub(",", labels.get(str(part), str(part)))
    if is_money and SUM.fullmatch(said):
        return f"{said} {_('CNY')}" if chinese else f"{_('CNY')} {said}"
    return said
