"""The hash tree of RFC 6962 over the leaves of the log, grown from its right edge.

A tree of ``size`` leaves is kept as the roots of its whole subtrees, largest first: one for every binary digit 1 of
``size``. That is all it takes to add a leaf and to tell the root.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 6962, 2.1): a prefix keeps it apart from every inner node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def grown(edge: Sequence[bytes], size: int, leaves: Iterable[bytes]) -> tuple[list[bytes], int]:
    """The right edge and size of a tree after more leaves.

    Args:
        edge: roots of the whole subtrees, largest first.
        size: leaves so far.
        leaves: hashes of the new leaves, in order.
    """
    stack = list(edge)
    for leaf in leaves:
        stack.append(leaf)
        count = size
        while count & 1:  # each trailing 1 of the size is a subtree as large as what was just built
            right, left = stack.pop(), stack.pop()
            stack.append(node_hash(left, right))
            count >>= 1
        size += 1
    return stack, size


def root(edge: Sequence[bytes]) -> bytes:
    """The root of the tree with that right edge."""
    if not edge:
        return EMPTY
    found = edge[-1]
    for left in reversed(edge[:-1]):
        found = node_hash(left, found)
    return found
