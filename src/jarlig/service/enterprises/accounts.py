"""Numbers of accounts (对公账号): sealed for their own row, told apart by a keyed index, shown by their end alone."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from jarlig.service.enterprises.models import BankAccount
from jarlig.service.ground.personal import index, masked, seal, unseal

ACCOUNT_FIELD = "bank_account"
_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")"})


def sealed_number(account: UUID, number: str) -> bytes:
    """The number encrypted for the row of this id."""
    return seal(number, f"{ACCOUNT_FIELD}/{account}")


def index_of(number: str) -> bytes:
    """By what equal numbers are found."""
    return index(number, ACCOUNT_FIELD)


def shown(account: BankAccount) -> str:
    """The number with all but its last four digits hidden."""
    return masked(unseal(account.sealed, f"{ACCOUNT_FIELD}/{account.pk}"), first=0)


def full_number(account: BankAccount) -> str:
    """The number in full, for ``reveal_bank_account`` alone."""
    return unseal(account.sealed, f"{ACCOUNT_FIELD}/{account.pk}")


def same_name(one: str, other: str) -> bool:
    """Whether two names of enterprises are the same but for blanks and the width of letters and brackets."""
    return bool(plain_name(one)) and plain_name(one) == plain_name(other)


def plain_name(name: str) -> str:
    """A name as it is compared."""
    return "".join(unicodedata.normalize("NFKC", name).translate(_BRACKETS).split()).casefold()
