"""Jarlig (зарлиг, an edict): from a government support notice to a running programme.

``jarlig.load(name_or_folder)`` gives a ``jarlig.Programme`` with ``determine`` and ``match``; bad input raises
``jarlig.PolicyError``. What they need is imported when first asked for, so that the command starts quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jarlig.engines.answer import Determination
    from jarlig.library import Programme, load
    from jarlig.policy.messages import PolicyError

__version__ = "0.1.0"
__all__ = ["Determination", "PolicyError", "Programme", "__version__", "load"]

_HOMES = {
    "Determination": "jarlig.engines.answer",
    "PolicyError": "jarlig.policy.messages",
    "Programme": "jarlig.library",
    "load": "jarlig.library",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
