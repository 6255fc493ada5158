"""Tables of the act log. Its rows are written by ``record`` and ``put_in_order`` alone."""

from __future__ import annotations

import uuid

from django.db import models


class Act(models.Model):
    """An act (行为): what somebody did to a thing, as the exact bytes that are hashed.

    The other columns are read out of ``data`` by the database when the row is written; they are for searching.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data = models.BinaryField()
    at = models.DateTimeField()
    act = models.TextField()
    person = models.UUIDField(null=True)
    seat = models.UUIDField(null=True)
    thing = models.TextField()
    thing_id = models.TextField()
    area = models.TextField()

    class Meta:
        db_table = "audit_act"
        indexes = [
            models.Index(fields=["thing", "thing_id"], name="audit_act_thing"),
            models.Index(fields=["at"], name="audit_act_at"),
            models.Index(fields=["person"], name="audit_act_person"),
        ]


class Leaf(models.Model):
    """The place of an act in the one order (序号), and the hash of its bytes."""

    number = models.BigIntegerField(primary_key=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="leaf")
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_leaf"


class Waiting(models.Model):
    """An act without a number yet (待定序); the database writes it beside the act, the sequencer removes it."""

    act = models.OneToOneField(Act, on_delete=models.PROTECT, primary_key=True, related_name="waits")
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_waiting"
        indexes = [models.Index(fields=["at", "act"], name="audit_waiting_order")]


class Head(models.Model):
    """The tree after some number of leaves: its root, and its right edge to grow from."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    edge = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_head"


class CommitmentKey(models.Model):
    """The key with which values about one person are committed (承诺密钥), as the two pads that HMAC needs.

    Deleting it leaves the log whole and its values of that person without meaning.
    """

    subject = models.UUIDField(primary_key=True)
    inner = models.BinaryField()
    outer = models.BinaryField()

    class Meta:
        db_table = "audit_key"
