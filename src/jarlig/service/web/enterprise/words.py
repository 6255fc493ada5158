"""States of this part in words (状态用语): each with the tag it wears and what the reader may do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jarlig.service.enterprises.models import BankAccount, Dispute, Membership, Renaming


@dataclass(frozen=True, slots=True)
class Said:
    """A state: its tag, the words on it, and a sentence."""

    tag: str
    words: str
    sentence: str = ""


def role_words(role: str) -> str:
    """A place in an enterprise, as people call it."""
    return {"signatory": _("Signatory"), "member": _("Member"), "agent": _("Agent")}[role]


def place_words(place: Membership, *, letter: bool, disputed: bool) -> Said:
    """The state of a person's place, for that person."""
    if place.over:
        return Said("closed", _("Run out"), _("Your last day is over. A signatory can appoint you again."))
    if place.state == "accepted":
        return Said("approved", _("May speak for it"))
    if place.state == "refused":
        return Said("not_accepted", _("Not accepted"), _("You may ask again with another letter."))
    if place.state == "ended":
        return Said("closed", _("Ended"))
    if disputed:
        return Said("person_decides", _("In dispute"),
                    _("More than one person claims to speak for this enterprise. The office decides and gives its"
                      " reason to all of them. Until then you can only draft."))  # fmt: skip
    if place.role == "member":
        return Said(
            "under_way",
            _("Waits for a signatory"),
            _("A signatory of the enterprise sees your name and decides. Tell them that you have asked."),
        )
    if letter:
        return Said(
            "under_way",
            _("With the office"),
            _("The office of the place of registration compares your letter. Until then you can only draft."),
        )
    return Said("missing", _("Letter missing"),
                _("Hand in the letter of authorisation with the seal of the enterprise."))  # fmt: skip


def account_words(account: BankAccount) -> Said:
    """The state of an account."""
    return {
        "asked": Said("to_be_judged", _("Waits for a second person")),
        "confirmed": Said("in_order", _("In force")),
        "refused": Said("refused", _("Turned down")),
        "replaced": Said("closed", _("Replaced")),
        "retired": Said("closed", _("Out of force")),
    }[account.state]


def renaming_words(renaming: Renaming) -> Said:
    """The state of a renaming."""
    return {
        "asked": Said("under_way", _("With the office")),
        "accepted": Said("approved", _("New name accepted")),
        "refused": Said("not_accepted", _("Not accepted")),
    }[renaming.state]


def dispute_words(dispute: Dispute) -> Said:
    """The state of a dispute, told to both sides alike."""
    if dispute.state == "open":
        return Said("person_decides", _("In dispute"), _("The office has not decided yet."))
    if dispute.state == "withdrawn":
        return Said("withdrawn", _("Withdrawn"), _("Whoever claimed has taken it back."))
    return {
        "claimant": Said(
            "judged", _("Decided"), _("Decided for the person who claimed later; the others' places have ended.")
        ),
        "holders": Said(
            "judged", _("Decided"), _("Decided for those who spoke already; the later claim was not accepted.")
        ),
        "both": Said("judged", _("Decided"), _("Both speak for the enterprise.")),
    }[dispute.upheld]
