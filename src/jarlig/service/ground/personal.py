"""What is personal (个人信息): encrypted where it is stored, told apart by a keyed index, shown masked.

Identity numbers, telephone numbers and bank accounts are read in full only by an act that says why.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class Unreadable(Exception):
    """What is stored cannot be decrypted: it was made with another key, for another field, or was changed."""


def key(purpose: str) -> bytes:
    """The key of the installation for one purpose; none of them tells another."""
    secret = base64.b64decode(settings.DATA_KEY)
    return hmac.new(secret, b"jarlig:" + purpose.encode(), hashlib.sha256).digest()


def seal(text: str, field: str) -> bytes:
    """Encrypts a text for one field: moved to another, it can no longer be read."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key("seal")).encrypt(nonce, text.encode(), field.encode())


def unseal(sealed: bytes, field: str) -> str:
    """Decrypts a text.

    Raises:
        Unreadable: see there.
    """
    stored = bytes(sealed)
    try:
        return AESGCM(key("seal")).decrypt(stored[:_NONCE], stored[_NONCE:], field.encode()).decode()
    except InvalidTag:
        raise Unreadable(field) from None


def index(text: str, field: str) -> bytes:
    """The same 32 bytes for the same text and field, by which equal ones are found without reading any."""
    return hmac.new(key("index"), f"{field}\0{text}".encode(), hashlib.sha256).digest()


def masked(text: str, *, first: int = 3, last: int = 4) -> str:
    """A number with its middle hidden; hidden whole when it is too short for that."""
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :]
