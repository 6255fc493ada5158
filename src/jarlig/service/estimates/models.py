"""The table of kept estimates. It changes through acts alone."""

from __future__ import annotations

from django.db import models

from jarlig.service.catalogue.models import Programme


class EstimateSession(models.Model):
    """An estimate in progress (测算记录): what was answered, and nothing about who answered.

    ``code_hash`` is the SHA-256 of its code, which is not kept; ``answers`` what ``jarlig.asking.to_json`` says;
    ``sha256`` that of the version that was in force when it last changed; ``on`` the day of application that it is made
    for. ``revision`` counts the changes, so that of two at the same moment none is lost unseen.
    """

    code_hash = models.BinaryField(primary_key=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    sha256 = models.TextField()
    on = models.DateField()
    answers = models.JSONField()
    revision = models.IntegerField(default=1)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "estimates_session"
        indexes = [models.Index(fields=["expires_at"], name="estimate_expiry")]
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("begun_at")), name="estimate_ends"),
        ]
