"""Roles of officers (岗位角色): what a seat is for, and which two no person may hold together."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name in code, how people call it, what it does."""

    name: str
    title: Promise
    does: Promise


ROLES = {
    role.name: role
    for role in (
        Role("administrator", _("Administrator"), _("bodies, areas, seats, calendar, texts and jobs")),
        Role("author", _("Author"), _("writes and imports programmes and guides")),
        Role("publisher", _("Publisher"), _("puts in force what an author has written")),
        Role("receiver", _("Receiver"), _("takes in claims and tells all defects at once")),
        Role("reviewer", _("Reviewer"), _("reviews claims and recommends")),
        Role("approver", _("Approver"), _("decides on lists")),
        Role("finance", _("Finance"), _("budget lines, payments and recovery")),
        Role("auditor", _("Auditor"), _("reads everything in its area and changes nothing")),
        Role("discipline", _("Discipline inspection"), _("receives leads and watches recusals")),
        Role("third_party", _("Third party"), _("sees the claims of its contract until that ends")),
    )
}

#: Pairs that no person holds at once, in whatever body and by whatever account, as a deputy no more than on a seat of
#: their own, and why: whoever writes or decides does not also check or pay. The database keeps the same table.
INCOMPATIBLE = {
    frozenset({"author", "publisher"}): _("whoever writes a rule does not put it in force"),
    frozenset({"approver", "finance"}): _("whoever decides does not pay"),
    frozenset({"reviewer", "approver"}): _("whoever reviews does not decide"),
    frozenset({"auditor", "administrator"}): _("whoever audits changes nothing"),
    frozenset({"auditor", "author"}): _("whoever audits changes nothing"),
    frozenset({"auditor", "publisher"}): _("whoever audits changes nothing"),
    frozenset({"auditor", "receiver"}): _("whoever audits changes nothing"),
    frozenset({"auditor", "reviewer"}): _("whoever audits changes nothing"),
    frozenset({"auditor", "approver"}): _("whoever audits changes nothing"),
    frozenset({"auditor", "finance"}): _("whoever audits changes nothing"),
}
