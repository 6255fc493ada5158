"""Tables of programmes, their versions and files, windows, routes, interpretations and recognitions.

They change through acts alone. The rules themselves stand in the files of a version; nothing of them is copied here
but what a list needs: titles, years, days.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jarlig.service.bodies.models import Area, Body, Person, new_id


class Programme(models.Model):
    """A programme (方案) of an area: a notice as rules, known by the identity that its folder gives itself."""

    id = new_id()
    key = models.TextField(unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")  # leads it (牵头部门)

    class Meta:
        db_table = "catalogue_programme"

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.area.path


class Version(models.Model):
    """A version of a programme folder (方案版本), byte for byte as it was imported.

    ``sha256`` is that of all its files together (``digest.whole``); ``report`` is what the check said, ``proof`` its
    count of properties. What is in force was imported by one person and put in force by another.
    """

    id = new_id()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    sha256 = models.TextField()
    title_zh = models.TextField()
    title_en = models.TextField()
    document = models.TextField(blank=True)  # number of the notice
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.TextField(blank=True)  # name of the file that was uploaded
    report = models.JSONField(default=dict)
    proof = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    imported_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    put_in_force_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    in_force_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # of a withdrawal
    state = models.TextField(default="draft")

    class Meta:
        db_table = "catalogue_version"
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["programme"], condition=models.Q(state="in_force"), name="version_in_force_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("in_force", "superseded"))
                | (models.Q(put_in_force_by__isnull=False) & models.Q(in_force_at__isnull=False)
                   & ~models.Q(put_in_force_by=models.F("imported_by"))),
                name="version_by_two_persons",
            ),
        ]  # fmt: skip

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.programme.area_path


class FolderImport(models.Model):
    """A folder that was imported (送检方案): kept as it came until a job has checked it and made its version.

    ``report`` says why there is none: ``reason`` in both languages, ``problems`` where the folder has some.
    """

    id = new_id()
    into = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+")  # whose version it must be
    sha256 = models.TextField()
    source = models.TextField(blank=True)  # name of the file that was uploaded
    packed = models.BinaryField()  # emptied when the version has the files
    imported_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    job = models.BigIntegerField(null=True)
    report = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)
    version = models.OneToOneField(Version, models.PROTECT, null=True, related_name="+")
    state = models.TextField(default="waiting")

    class Meta:
        db_table = "catalogue_import"
        indexes = [models.Index(fields=["imported_by", "-imported_at"], name="import_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="done", version__isnull=False, ended_at__isnull=False)
                | models.Q(state="failed", version__isnull=True, ended_at__isnull=False)
                | models.Q(state="waiting", version__isnull=True, ended_at__isnull=True),
                name="import_came_to_something",
            )
        ]  # fmt: skip

    @property
    def area_path(self) -> str:
        """Under which area its acts are found: that of its programme, where it is known."""
        programme = self.into or (self.version.programme if self.version else None)
        return programme.area_path if programme else ""


class File(models.Model):
    """A file of a version, by its name inside the folder."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="files")
    name = models.TextField()
    sha256 = models.TextField()
    data = models.BinaryField()

    class Meta:
        db_table = "catalogue_file"
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="file_name_once")]


class Guide(models.Model):
    """A guide of a year (年度申报指南) as a version of a programme carries it.

    In the rules half a guide is a file of the programme folder, read together with the notice; so it is here. A new
    version of a guide is a new version of the folder, with the same two persons, and this row is what lists need of it.
    """

    id = new_id()
    version = models.ForeignKey(Version, models.PROTECT, related_name="guides")
    year = models.IntegerField()
    title_zh = models.TextField()
    title_en = models.TextField()
    document = models.TextField(blank=True)
    file = models.TextField()
    is_sample = models.BooleanField(default=False)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        db_table = "catalogue_guide"
        constraints = [models.UniqueConstraint(fields=["version", "year"], name="guide_year_once")]


class Window(models.Model):
    """The window of an offer in a guide's year (受理期), from an instant up to another, which is outside.

    Windows of one offer and year never overlap: the database keeps it. A lapsed one is not opened again; the next is
    another window.
    """

    id = new_id()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="windows")
    offer = models.TextField()
    year = models.IntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reason = models.TextField(blank=True)  # of the last change
    state = models.TextField(default="open")

    class Meta:
        db_table = "catalogue_window"
        constraints = [
            models.CheckConstraint(condition=models.Q(closes_at__gte=models.F("opens_at")), name="window_instants")
        ]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.programme.area_path


class RouteVersion(models.Model):
    """A version of a route (审核流程): steps as data, taken from a guide or written in the service.

    A claim that runs keeps the version it began with; a new one is a new row.
    """

    id = new_id()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="routes")
    year = models.IntegerField()
    name = models.TextField()
    number = models.IntegerField()
    title_zh = models.TextField()
    title_en = models.TextField()
    offers = ArrayField(models.TextField(), default=list)
    steps = models.JSONField()
    corrections = models.JSONField(default=dict)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")  # whose guide it comes from
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    put_in_force_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    state = models.TextField(default="draft")

    class Meta:
        db_table = "catalogue_route"
        constraints = [
            models.UniqueConstraint(fields=["programme", "year", "name", "number"], name="route_number_once"),
            models.UniqueConstraint(
                fields=["programme", "year", "name"], condition=models.Q(state="in_force"), name="route_in_force_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("in_force", "superseded"))
                | (models.Q(put_in_force_by__isnull=False) & ~models.Q(put_in_force_by=models.F("set_by"))),
                name="route_by_two_persons",
            ),
        ]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.programme.area_path


class Interpretation(models.Model):
    """An interpretation (政策解释): a question about a clause and its answer. It is written once and never changed.

    It counts when a second person has confirmed it; a later one may replace it.
    """

    id = new_id()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="interpretations")
    number = models.IntegerField()
    clause = models.TextField()
    question_zh = models.TextField()
    question_en = models.TextField(blank=True)
    answer_zh = models.TextField()
    answer_en = models.TextField(blank=True)
    dated = models.DateField()
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "catalogue_interpretation"
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="interpretation_number_once")]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.programme.area_path


class Confirmation(models.Model):
    """The confirmation of an interpretation (确认) by another person than the one who wrote it."""

    interpretation = models.OneToOneField(Interpretation, models.PROTECT, primary_key=True, related_name="confirmation")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_confirmation"


class RecognitionImport(models.Model):
    """A list of recognitions that was imported (认定名单导入), with an outcome for every row."""

    id = new_id()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    source = models.TextField()
    sha256 = models.TextField()
    rows = models.JSONField()  # [line, cells, outcome, sentence zh, sentence en]
    done = models.IntegerField()
    skipped = models.IntegerField()
    imported_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_recognition_import"
        constraints = [models.UniqueConstraint(fields=["programme", "body", "sha256"], name="import_once")]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.programme.area_path


class Recognition(models.Model):
    """A recognition (认定): what a body vouches for of an enterprise, in place of the applicant's own answer.

    ``kind`` is the fact of the programme that it answers: its name, or ``offer.name`` for a fact of one offer;
    ``value`` (a level, say) is written as in a file of facts; ``subject`` is the code of the project, park or circle
    where it is about one.
    """

    id = new_id()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="recognitions")
    kind = models.TextField()
    uscc = models.TextField()
    subject = models.TextField(blank=True)
    value = models.TextField()
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    number = models.TextField(blank=True)  # of the document
    dated = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.ForeignKey(RecognitionImport, models.PROTECT, null=True, related_name="recognitions")
    reason = models.TextField(blank=True)  # of its end
    ended_on = models.DateField(null=True)
    state = models.TextField(default="valid")

    class Meta:
        db_table = "catalogue_recognition"
        indexes = [models.Index(fields=["programme", "uscc", "kind"], name="recognition_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "uscc", "subject"], condition=models.Q(state="valid"),
                name="recognition_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("dated")),
                name="recognition_days",
            ),
        ]  # fmt: skip

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.programme.area_path
