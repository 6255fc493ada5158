"""Every sentence that an explanation can say, in Chinese and English side by side, under one key.

Other modules name a key and its values; none of them holds a sentence of its own, so nothing can be said in one
language only. Chinese is written as an office writes: 以上 and 以下 include the figure, 超过 and 不足 do not.
"""

from __future__ import annotations

from collections.abc import Mapping

from jarlig.ladder.steps import Words
from jarlig.words.sayings import answers, phrases, receipts, steps


def _joined(*parts: Mapping[str, tuple[str, str]]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for part in parts:
        for key, (zh, en) in part.items():
            assert key not in found, key
            found[key] = Words(zh, en)
    return found


SAYINGS = _joined(phrases.SAYINGS, steps.SAYINGS, answers.SAYINGS, receipts.SAYINGS)


def say(key: str, lang: str, **values: str) -> str:
    """A saying with its values filled in.

    Raises:
        KeyError: there is no such saying, or a value that it needs is missing.
    """
    return SAYINGS[key][lang].format(**values)


def words(key: str, **values: str | Words) -> Words:
    """A saying in both languages at once; a value that is ``Words`` gives each language its own.

    Raises:
        KeyError: as ``say``.
    """
    zh, en = (
        say(key, lang, **{k: value if isinstance(value, str) else value[lang] for k, value in values.items()})
        for lang in ("zh", "en")
    )
    return Words(zh, en)
