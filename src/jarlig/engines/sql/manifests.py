"""Whether a manifest (运行清单) holds all that is needed to run again and to compare; a person may have edited it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_TEXT, _NUMBER = (str,), (int,)
_OPTIONAL_TEXT, _OPTIONAL_NUMBER = (str, type(None)), (int, type(None))
_INPUT = {"file": _TEXT, "sha256": _TEXT}
_ANSWER = {**_INPUT, "content": _TEXT}
_TOTAL = {"offer": _TEXT, "outcome": _TEXT, "cases": _NUMBER, "formula_amount": _OPTIONAL_TEXT,
          "amount": _OPTIONAL_TEXT}  # fmt: skip


def fault_of(manifest: object) -> str:
    """The first entry that is missing or of another kind, such as ``answer.sha256``; empty when all is there.

    Args:
        manifest: what the JSON of the file holds.
    """
    return next(_faults(manifest), "")


def _faults(manifest: object) -> Iterator[str]:
    parts = {"inputs": dict, "programme_files": dict, "answer": dict, "offers": list, "totals": list}
    if not isinstance(manifest, dict):
        yield "inputs"
        return
    yield from _entries("", manifest, {name: (kind,) for name, kind in parts.items()})
    yield from _entries("", manifest, {"on": _OPTIONAL_TEXT, "guide": _OPTIONAL_NUMBER})
    if "cases" not in manifest["inputs"]:
        yield "inputs.cases"
    for name, entry in manifest["inputs"].items():
        yield from _entries(f"inputs.{name}.", entry, _INPUT)
    yield from _entries("answer.", manifest["answer"], _ANSWER)
    files = manifest["programme_files"]
    yield from _entries("programme_files.", files, dict.fromkeys(files, _TEXT))
    yield from ("offers" for offer in manifest["offers"] if not isinstance(offer, str))
    for at, total in enumerate(manifest["totals"], 1):
        yield from _entries(f"totals.{at}.", total, _TOTAL)


def _entries(where: str, found: object, kinds: Mapping[str, tuple[type, ...]]) -> Iterator[str]:
    for name, kind in kinds.items():
        if not isinstance(found, dict) or name not in found or not isinstance(found[name], kind):
            yield where + name
