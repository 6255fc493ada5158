"""The one order of the log (定序): committed acts get dense numbers, and the tree grows by their hashes.

One process does this at a time, whoever it is: an advisory lock of the database keeps the others waiting. An act whose
transaction is still open is not seen yet and gets a later number; numbers have no gaps. What has none yet stands in
``audit_waiting``, so the work is that of the new acts, however long the log is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from jarlig.service.audit.models import Act, Head, Leaf, Waiting
from jarlig.service.audit.tree import grown, leaf_hash, root
from jarlig.service.ground.clock import now

_LOCK = 0x6A61726C69670001
#: Acts that one transaction puts in order.
BATCH = 5_000
_SIZE = 32


def put_in_order(most: int = BATCH) -> int:
    """Numbers up to so many acts that have none, and returns how many; asked in the role of the worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    head = Head.objects.order_by("-size").first()
    size = head.size if head else 0
    edge = _split(bytes(head.edge)) if head else []
    waiting = list(Waiting.objects.order_by("at", "act").values_list("act", flat=True)[:most])
    found = Act.objects.in_bulk(waiting)
    acts = [found[act] for act in waiting if act in found]  # one that somebody took away is told by ``faults``
    if not acts:
        return 0
    hashes = [leaf_hash(bytes(act.data)) for act in acts]
    Leaf.objects.bulk_create(
        Leaf(number=size + place, act=act, hash=one)
        for place, (act, one) in enumerate(zip(acts, hashes, strict=True))
    )  # fmt: skip
    edge, size = grown(edge, size, hashes)
    Head.objects.create(size=size, root=root(edge), edge=b"".join(edge), at=now())
    Waiting.objects.filter(act__in=acts).delete()
    return len(acts)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the log: the number of a leaf, or a size of the tree, and what does not agree there."""

    number: int
    what: str


def faults() -> list[Fault]:
    """Everything in the stored log that does not agree with itself: bytes, hashes, numbers, roots, what waits."""
    found: list[Fault] = []
    heads = {head.size: bytes(head.root) for head in Head.objects.all()}
    edge: list[bytes] = []
    size = due = 0
    for number, act_hash, data in Leaf.objects.order_by("number").values_list("number", "hash", "act__data").iterator():
        found += [Fault(missing, "number is missing") for missing in range(due, number)]
        due = number + 1
        if leaf_hash(bytes(data)) != bytes(act_hash):
            found.append(Fault(number, "bytes are not those that were hashed"))
        if size != number:
            continue  # behind a gap no root can be right, and the gap has been told
        edge, size = grown(edge, size, [bytes(act_hash)])
        if size in heads and root(edge) != heads[size]:
            found.append(Fault(size, "root is not that of the leaves"))
    found += [Fault(extra, "leaves are missing") for extra in sorted(heads) if extra > due]
    lost = Act.objects.filter(leaf=None, waits=None).order_by("at", "id").values_list("id", flat=True)
    found += [Fault(due, f"act {act} has no number and does not wait for one") for act in lost]
    twice = Leaf.objects.filter(act__waits__isnull=False).order_by("number").values_list("number", flat=True)
    found += [Fault(number, "act waits for a number that it has") for number in twice]
    gone = Waiting.objects.exclude(Exists(Act.objects.filter(pk=OuterRef("act")))).values_list("act", flat=True)
    return found + [Fault(due, f"act {act} waits for a number and is gone") for act in gone]


def _split(edge: bytes) -> list[bytes]:
    return [edge[start : start + _SIZE] for start in range(0, len(edge), _SIZE)]
