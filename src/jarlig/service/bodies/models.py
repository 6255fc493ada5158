"""Tables of areas, bodies, people, accounts, seats and the calendar. They change through acts alone."""

from __future__ import annotations

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


def new_id() -> models.UUIDField:
    """An id that says nothing about how many there are."""
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class Area(models.Model):
    """An area (地区) with two parents, administrative and fiscal (行政上级、财政上级).

    Manzhouli and Erenhot are administered by a league city and addressed by the region's treasury; a filing office (a
    development zone, 申报办公室) is where papers go in and may have no division code.
    """

    id = new_id()
    name_zh = models.TextField()
    name_en = models.TextField(blank=True)
    level = models.TextField()  # region, league, county, filing
    division = models.TextField(blank=True)  # GB/T 2260; empty for some filing offices
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    fiscal_parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="fiscal_children")
    is_fiscal = models.BooleanField(default=False)  # the treasury addresses it directly
    path = models.TextField(unique=True)  # ids of the administrative line from the top, "/" after each
    order_key = models.TextField(blank=True)  # pinyin, for sorting

    class Meta:
        db_table = "bodies_area"
        constraints = [
            models.UniqueConstraint(fields=["division"], condition=~models.Q(division=""), name="area_division_once"),
            models.CheckConstraint(
                condition=models.Q(level__in=("region", "league", "county", "filing")), name="area_level"
            ),
        ]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.path


class Body(models.Model):
    """A body (机构): a department of an area, or a third party under contract.

    ``department`` is the word that programmes use for it (``commerce``).
    """

    id = new_id()
    name_zh = models.TextField()
    name_en = models.TextField(blank=True)
    department = models.TextField(blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="bodies")
    is_third_party = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "bodies_body"
        constraints = [models.UniqueConstraint(fields=["area", "name_zh"], name="body_name_once_an_area")]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.area.path


class Person(models.Model):
    """A person (自然人), of whom one rule says that nobody decides twice on one case, by whatever account."""

    id = new_id()
    name = models.TextField()
    identity_sealed = models.BinaryField(null=True)  # identity number, encrypted
    identity_index = models.BinaryField(null=True, unique=True)
    phone_sealed = models.BinaryField(null=True)
    language = models.TextField(default="zh-hans")
    state = models.TextField(default="active")

    class Meta:
        db_table = "bodies_person"


class AccountManager(BaseUserManager):
    """Finds accounts by their login."""

    def get_by_natural_key(self, username: str) -> Account:
        """The account of that login, whatever case it is written in."""
        found: Account = self.get(login__iexact=username)
        return found


class Account(AbstractBaseUser):
    """A login of a person (账号). Officers sign in with a second factor.

    ``invited_by`` is the administrator who made it; None where its person signed up by themselves.
    """

    id = new_id()
    person = models.ForeignKey(Person, models.PROTECT, related_name="accounts")
    login = models.TextField(unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = AccountManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        db_table = "bodies_account"
        constraints = [models.UniqueConstraint(models.functions.Lower("login"), name="account_login_once")]

    @property
    def is_staff(self) -> bool:
        """No account opens a site that edits tables."""
        return False

    def get_full_name(self) -> str:
        """The name of its person."""
        return str(self.person.name)


class Session(models.Model):
    """A session (会话): kept under the hash of its key, so that the table opens no door, and ended with its person."""

    key_hash = models.BinaryField(primary_key=True)
    account = models.UUIDField(null=True)
    data = models.TextField()
    expires_at = models.DateTimeField()
    begun_at = models.DateTimeField()

    class Meta:
        db_table = "bodies_session"
        indexes = [
            models.Index(fields=["account"], name="session_account"),
            models.Index(fields=["expires_at"], name="session_expiry"),
        ]


class OneTimeCode(models.Model):
    """A secret that opens one thing once (一次性凭证): an invitation, or the set-up; kept under its hash.

    ``purpose`` is ``invitation`` or ``setup``; the code of the set-up has no account.
    """

    code_hash = models.BinaryField(primary_key=True)
    purpose = models.TextField()
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="codes")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bodies_code"


class Kept(models.Model):
    """A short-lived value of the sign-in (短时记录): attempts made and codes used; see ``kept.py``."""

    key_hash = models.BinaryField(primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "bodies_kept"
        indexes = [models.Index(fields=["expires_at"], name="kept_expiry")]


class Seat(models.Model):
    """A seat (岗位): body, area and role of one person, from a day to a day.

    A third party's seat is bound to a contract and to a list of claims, known here by opaque keys.
    """

    id = new_id()
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats")
    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    area = models.ForeignKey(Area, models.PROTECT, related_name="seats")
    role = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    contract = models.TextField(blank=True)
    claims = ArrayField(models.TextField(), default=list, blank=True)
    state = models.TextField(default="held")

    class Meta:
        db_table = "bodies_seat"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")), name="seat_days"
            ),
            models.CheckConstraint(
                condition=~models.Q(role="third_party") | (~models.Q(contract="") & models.Q(ends_on__isnull=False)),
                name="seat_of_third_party_ends",
            ),
        ]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.area.path


class Deputy(models.Model):
    """A deputy (代理): somebody who sits on another's seat between two days."""

    id = new_id()
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="deputies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="deputyships")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField()
    is_ended = models.BooleanField(default=False)

    class Meta:
        db_table = "bodies_deputy"
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="deputy_days")
        ]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return self.seat.area.path


class CalendarYear(models.Model):
    """The working days of a year (工作日历) as imported, with the document that says so.

    A year that is not in force refuses whatever needs it.
    """

    id = new_id()
    year = models.IntegerField()
    source = models.TextField()
    rest_days = ArrayField(models.DateField(), default=list)  # weekdays off
    work_days = ArrayField(models.DateField(), default=list)  # weekends worked
    state = models.TextField(default="draft")
    imported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField(null=True)
    put_in_force_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "bodies_calendar"
        constraints = [
            models.UniqueConstraint(
                fields=["year"], condition=models.Q(state="in_force"), name="calendar_year_in_force_once"
            )
        ]

    @property
    def area_path(self) -> str:
        """No area: a calendar is the whole region's."""
        return ""


class TextBlock(models.Model):
    """A text block (文书模板): what a letter or page says in one language, a version, with named places to fill in."""

    id = new_id()
    key = models.TextField()
    language = models.TextField()
    body = models.TextField()
    version = models.IntegerField()
    state = models.TextField(default="draft")
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    put_in_force_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "bodies_text"
        constraints = [
            models.UniqueConstraint(fields=["key", "language", "version"], name="text_version_once"),
            models.UniqueConstraint(
                fields=["key", "language"], condition=models.Q(state="in_force"), name="text_in_force_once"
            ),
        ]

    @property
    def area_path(self) -> str:
        """No area: texts are the whole installation's."""
        return ""
