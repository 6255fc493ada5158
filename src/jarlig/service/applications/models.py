"""Tables of files, claims, their rows and evidence, and what was submitted. They change through acts alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from jarlig.service.applications.states import GONE
from jarlig.service.bodies.models import Area, Person, Seat, new_id
from jarlig.service.catalogue.models import Programme, RouteVersion, Version, Window
from jarlig.service.documents.models import StoredFile
from jarlig.service.enterprises.models import Enterprise, path_of


class ApplicationFile(models.Model):
    """A file (申报档案) of an enterprise under a programme for a year: shared answers, evidence, any number of claims.

    ``answers`` are facts of the programme as a file of facts spells them; a fact that is absent is not known.
    ``revision`` grows with every change: who writes on an older one is told.
    """

    id = new_id()
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    year = models.IntegerField()
    answers = models.JSONField(default=dict)
    revision = models.IntegerField(default=0)
    begun_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    state = models.TextField(default="firm")

    class Meta:
        db_table = "applications_file"
        indexes = [models.Index(fields=["enterprise", "programme", "year"], name="application_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "programme", "year"], condition=Q(state="firm"), name="file_of_firm_once"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "programme", "year", "begun_by"], condition=Q(state="own"),
                name="file_of_person_once",
            ),
        ]  # fmt: skip

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return path_of(self.enterprise_id)


class Claim(models.Model):
    """A claim (申报事项): one offer, one applicant, one project, one year. It is what moves.

    ``answers`` are the facts of its offer alone; those of the programme stand in its file. What was submitted stands in
    ``Submission`` and is never changed; ``number`` and what follows are set with the first one.
    """

    id = new_id()
    file = models.ForeignKey(ApplicationFile, models.PROTECT, related_name="claims")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")  # that of its file
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    year = models.IntegerField()
    offer = models.TextField()
    project = models.TextField(blank=True)  # what tells it from another claim of the same offer
    answers = models.JSONField(default=dict)
    revision = models.IntegerField(default=0)
    begun_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    number = models.TextField(null=True, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")  # where it is taken (受理地)
    route = models.ForeignKey(RouteVersion, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # of a withdrawal
    state = models.TextField(default="draft")

    class Meta:
        db_table = "applications_claim"
        indexes = [
            models.Index(fields=["enterprise"], name="claim_of_enterprise"),
            models.Index(fields=["area", "submitted_at"], condition=Q(area__isnull=False), name="claim_taken"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "offer", "project"], condition=~Q(state__in=GONE), name="claim_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "dropped"))
                | Q(number__isnull=False, area__isnull=False, submitted_at__isnull=False),
                name="claim_submitted_whole",
            ),
        ]

    @property
    def area_path(self) -> str:
        """Where it is taken; of a draft, where the enterprise is registered."""
        return self.area.path if self.area_id else path_of(self.enterprise_id)


class Line(models.Model):
    """A row (明细行) of a list that a claim or its file tells: a cost line, a parcel, a person.

    ``cells`` are the columns as a file of facts spells them; an absent one is not known.
    """

    id = new_id()
    file = models.ForeignKey(ApplicationFile, models.PROTECT, related_name="lines")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="lines")  # None: of the file
    fact = models.TextField()
    position = models.IntegerField()
    cells = models.JSONField(default=dict)

    class Meta:
        db_table = "applications_line"
        constraints = [
            models.UniqueConstraint(fields=["file", "claim", "fact", "position"], nulls_distinct=False,
                                    name="line_position_once"),
        ]  # fmt: skip


class Evidence(models.Model):
    """A piece of evidence (证明材料): a stored file as a kind of document, for one claim or for the whole file.

    ``row_key`` names the row of a list that it shows, by the values that tell its rows apart.
    """

    id = new_id()
    file = models.ForeignKey(ApplicationFile, models.PROTECT, related_name="evidence")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="evidence")
    kind = models.TextField()
    fact = models.TextField(blank=True)
    row_key = models.TextField(blank=True)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    attached_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    state = models.TextField(default="attached")

    class Meta:
        db_table = "applications_evidence"
        indexes = [models.Index(fields=["stored"], name="evidence_stored")]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.file.area_path


class Submission(models.Model):
    """What was submitted (申报快照), as exact bytes: everything that the claim said at that instant, and under what.

    Its id, instant and hash are the acknowledgement (受理回执). ``key`` came with the form: the same key is the same
    submission, however often it is sent.
    """

    id = new_id()
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="submissions")
    number = models.IntegerField()
    key = models.UUIDField()
    seen = models.TextField()  # which state of the claim was read and declared true
    window = models.ForeignKey(Window, models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    snapshot = models.BinaryField()
    sha256 = models.TextField()
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        db_table = "applications_submission"
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="submission_number_once"),
            models.UniqueConstraint(fields=["claim", "key"], name="submission_key_once"),
        ]

    @property
    def area_path(self) -> str:
        """Where the claim is taken."""
        return self.claim.area_path


class Stated(models.Model):
    """An invoice that a row of a submission states (列报发票), by the key by which it is one, however it was typed.

    Whether somebody else states it too is answered by the database with yes or no (``jarlig.stated_elsewhere``).
    ``loose`` takes letters that are read for digits as those digits: what agrees in it alone is a look-alike.
    """

    id = models.BigAutoField(primary_key=True)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="stated")
    fact = models.TextField()
    position = models.IntegerField()
    is_shared = models.BooleanField()  # the list is of the file: all its claims state this row, which is one
    key = models.TextField()
    loose = models.TextField()

    class Meta:
        db_table = "applications_stated"
        indexes = [models.Index(fields=["loose"], name="stated_loose")]
        constraints = [
            models.UniqueConstraint(fields=["submission", "fact", "position"], name="stated_row_once"),
        ]


class Correction(models.Model):
    """What an office asks an enterprise to put right (补正通知), all at once, and until which day.

    ``asks`` name what is open again: ``[{"what": "answer", "name": …}]``, with ``rows`` for a list and ``document``.
    """

    id = new_id()
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="corrections")
    asks = models.JSONField()
    reason = models.TextField()
    level = models.TextField()  # of the area of the seat: each level asks as often as the route says
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    answered_by = models.OneToOneField(Submission, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    state = models.TextField(default="open")

    class Meta:
        db_table = "applications_correction"
        indexes = [models.Index(fields=["due_on"], condition=Q(state="open"), name="correction_due")]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(state="open"), name="correction_open_once"),
            models.CheckConstraint(condition=Q(state="answered") ^ Q(answered_by__isnull=True),
                                   name="correction_answered"),
        ]  # fmt: skip

    @property
    def area_path(self) -> str:
        """Where the claim is taken."""
        return self.claim.area_path


class Enclosure(models.Model):
    """A stored file that went with a submission (随附材料); who may read the submission may open it."""

    id = models.BigAutoField(primary_key=True)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="enclosures")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        db_table = "applications_enclosure"
        constraints = [models.UniqueConstraint(fields=["submission", "evidence"], name="enclosed_once")]
