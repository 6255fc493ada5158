"""Tables of enterprises and of who may speak for them. They change through acts alone."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, models
from django.db.models import Q

from jarlig.service.bodies.models import Area, Person, Seat, new_id
from jarlig.service.documents.models import StoredFile

#: States in which a membership is alive: asked for, or held.
ALIVE = ("asked", "accepted")


def path_of(enterprise: UUID) -> str:
    """The path of the area in which an enterprise is registered; known also to acts of who may not see it yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.enterprise_path(%s)", [enterprise])
        found: str | None = cursor.fetchone()[0]
    return found or ""


class Enterprise(models.Model):
    """An enterprise (企业), under its unified social credit code.

    A draft until somebody has shown that they may speak for it; its name and area are then those of the licence.
    """

    id = new_id()
    uscc = models.TextField(unique=True)
    name = models.TextField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="enterprises")  # where it is registered (登记地)
    state = models.TextField(default="draft")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    class Meta:
        db_table = "enterprises_enterprise"
        indexes = [models.Index(fields=["merged_into"], condition=Q(state="merged"), name="enterprise_merged_into")]
        constraints = [
            models.CheckConstraint(condition=Q(uscc__regex="^[0-9A-HJ-NPQRTUWXY]{18}$"), name="enterprise_uscc_form"),
            models.CheckConstraint(condition=Q(state="merged") ^ Q(merged_into__isnull=True), name="enterprise_merged"),
        ]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return path_of(self.id)


class Membership(models.Model):
    """A person's place in an enterprise (企业人员): member, signatory (授权签署人) or agent (代办人).

    What the person wrote of the enterprise stays with it: until they are accepted they see this and not the enterprise.
    """

    id = new_id()
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.TextField(default="signatory")
    state = models.TextField(default="asked")
    uscc = models.TextField()  # that of the enterprise, as typed
    stated_name = models.TextField()
    stated_area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    mandate = models.TextField(blank=True)  # what an agent may do (授权事项)
    ends_on = models.DateField(null=True)
    asked_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # why it was refused or ended

    class Meta:
        db_table = "enterprises_membership"
        indexes = [models.Index(fields=["person", "state"], name="membership_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "person"], condition=Q(state__in=ALIVE), name="membership_once"
            ),
            models.CheckConstraint(condition=Q(role__in=("member", "signatory", "agent")), name="membership_role"),
            models.CheckConstraint(
                condition=~Q(role="agent") | (~Q(mandate="") & Q(ends_on__isnull=False)), name="membership_agent_ends"
            ),
        ]

    @property
    def area_path(self) -> str:
        """Where it is decided: at the banner of registration."""
        return path_of(self.enterprise_id)


class AuthorisationLetter(models.Model):
    """A letter by which an enterprise says that a person speaks for it (授权委托书), and what the banner decided."""

    id = new_id()
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="letters")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    state = models.TextField(default="waiting")
    given_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "enterprises_letter"
        indexes = [models.Index(fields=["given_at"], condition=Q(state="waiting"), name="letter_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["membership"], condition=Q(state="waiting"), name="letter_waits_once"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "withdrawn")) | Q(decided_by__isnull=False, seat__isnull=False),
                name="letter_decided_by_a_seat",
            ),
        ]

    @property
    def area_path(self) -> str:
        """Where it is decided."""
        return self.membership.area_path


class LegalPersonProof(models.Model):
    """What a provider of legal persons' identities said at sign-in (法人统一身份认证)."""

    id = new_id()
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="proofs")
    provider = models.TextField()
    subject_index = models.BinaryField()  # the provider's own key of the person, by which equal ones are found
    uscc = models.TextField()
    name = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        db_table = "enterprises_proof"


class Dispute(models.Model):
    """A dispute over who speaks for an enterprise (授权争议): decided by the banner, its reason told to both alike.

    ``upheld`` is one of ``claimant`` (the others end), ``holders`` (the claimant is refused), ``both``.
    """

    id = new_id()
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="disputes")
    claimant = models.ForeignKey(Membership, models.PROTECT, related_name="disputes")
    grounds = models.TextField(blank=True)
    state = models.TextField(default="open")
    opened_at = models.DateTimeField()
    upheld = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "enterprises_dispute"
        constraints = [
            models.UniqueConstraint(fields=["claimant"], condition=Q(state="open"), name="dispute_open_once"),
            models.CheckConstraint(
                condition=~Q(state="decided")
                | (Q(upheld__in=("claimant", "holders", "both"), decided_by__isnull=False) & ~Q(reason="")),
                name="dispute_decided_with_reason",
            ),
        ]

    @property
    def area_path(self) -> str:
        """Where it is decided."""
        return path_of(self.enterprise_id)


class BankAccount(models.Model):
    """An account of an enterprise (对公账户): in its own name, sealed, and in force when a second person confirmed it.

    A change is a new row; the one before stays, with the day on which it stopped.
    """

    id = new_id()
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="accounts")
    sealed = models.BinaryField()
    index = models.BinaryField()
    routing = models.TextField()  # 联行号
    bank = models.TextField()  # as the paper of the bank calls it (开户银行)
    account_name = models.TextField()
    state = models.TextField(default="asked")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)  # from when it is the account: what a hold is counted from
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "enterprises_account"
        indexes = [models.Index(fields=["index"], name="account_index")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(state="confirmed"), name="account_in_force_once"
            ),
            models.UniqueConstraint(fields=["enterprise"], condition=Q(state="asked"), name="account_asked_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("asked_by")), name="account_second_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "refused"))
                | (Q(confirmed_by__isnull=False) & Q(changed_at__isnull=False)),
                name="account_confirmed_by_somebody",
            ),
            models.CheckConstraint(condition=Q(routing__regex="^[0-9]{12}$"), name="account_routing_form"),
        ]

    @property
    def area_path(self) -> str:
        """Under which area its acts are found."""
        return path_of(self.enterprise_id)


class Renaming(models.Model):
    """A change of an enterprise's name (更名), with the document that shows it; accepted, the old name is former."""

    id = new_id()
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="renamings")
    former = models.TextField()
    name = models.TextField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    state = models.TextField(default="asked")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "enterprises_renaming"
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=Q(state="asked"), name="renaming_asked_once"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")), name="renaming_second_person"
            ),
        ]

    @property
    def area_path(self) -> str:
        """Where it is decided."""
        return path_of(self.enterprise_id)
