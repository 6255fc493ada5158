"""The table of stored files. It changes through acts alone."""

from __future__ import annotations

import uuid

from django.db import models


class StoredFile(models.Model):
    """A stored file (已存文件): who handed in which bytes, under which name, for what.

    The bytes lie once under their hash (``store``); rows that share them know nothing of each other. ``thing`` and
    ``thing_id`` are an opaque key of a room above, which also says who else may see the file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.TextField()
    size = models.BigIntegerField()
    kind = models.TextField()  # by content: pdf, jpg, png, xlsx, csv, ofd, xml
    name = models.TextField()  # as it was called where it came from; a text, never a path
    uploaded_by = models.UUIDField()
    uploaded_at = models.DateTimeField()
    purpose = models.TextField()
    thing = models.TextField(blank=True)
    thing_id = models.TextField(blank=True)
    state = models.TextField(default="pending")
    checked_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "documents_file"
        indexes = [
            models.Index(fields=["sha256"], name="file_sha256"),
            models.Index(fields=["uploaded_by", "uploaded_at"], name="file_uploader"),
            models.Index(fields=["thing", "thing_id"], name="file_thing"),
            models.Index(fields=["uploaded_at"], condition=models.Q(state="pending"), name="file_pending"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="file_sha256_form"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="file_not_empty"),
            models.CheckConstraint(condition=~models.Q(state="clean") | models.Q(scanned_at__isnull=False),
                                   name="file_clean_was_scanned"),
        ]  # fmt: skip
