"""Names of places and bodies, put in the order in which people look for them."""

from __future__ import annotations

from pypinyin import lazy_pinyin


def order_key(name: str) -> str:
    """The text by which a Chinese name is sorted: its pinyin, as databases without a Chinese collation need it."""
    return " ".join(lazy_pinyin(name)).casefold()
