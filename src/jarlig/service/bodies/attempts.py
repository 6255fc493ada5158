"""How often may be tried (尝试次数限制): passwords and codes, by account and by address; time alone unlocks.

The count of an account is raised before its password is looked at, under a lock, so that many processes at once try no
more often than one. That of an address is raised after a failure, since a whole office may come from one address and
should not queue.
"""

from __future__ import annotations

from django.conf import settings

from jarlig.service.bodies import kept
from jarlig.service.ground.personal import index


def _address(address: str) -> str:
    return f"address:{hashed_address(address)}"


def hashed_address(address: str) -> str:
    """An address of the network as it is written down: equal ones are equal, and none is read."""
    return index(address, "address")[:16].hex()


def begin(who: str, address: str) -> bool:
    """Counts an attempt; False when there were too many, and then nothing is tried."""
    window, by_account, by_address = settings.ATTEMPTS
    if kept.counted(_address(address)) >= by_address:
        return False
    return kept.count(f"attempts:{who}", window) <= by_account


def failed(address: str) -> None:
    """The attempt was wrong: its address is counted too."""
    kept.count(_address(address), settings.ATTEMPTS[0])


def succeeded(who: str) -> None:
    """The attempt was right and is taken back; the wrong ones before it stay."""
    kept.count(f"attempts:{who}", settings.ATTEMPTS[0], by=-1)


def first_lock(who: str, address: str) -> bool:
    """Whether it is the first time in this window that somebody is turned away, so that a lock is written down once.

    A locked address is one lock, whatever logins are tried from it: nobody fills the log by knocking.
    """
    window, _by_account, by_address = settings.ATTEMPTS
    is_address = kept.counted(_address(address)) >= by_address
    return kept.first(f"lock:{_address(address) if is_address else who}", window)


def is_worth_noting(what: str, address: str) -> bool:
    """Whether something that fails without any attempt at a password is still written down for this address."""
    window, _by_account, by_address = settings.ATTEMPTS
    return kept.count(f"{what}:{_address(address)}", window) <= by_address
