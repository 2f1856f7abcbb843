"""What the vault keeps: persons without identity, their sealed fields, blind tokens, and keys under other keys."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record


class Purpose(models.TextChoices):
    """Why somebody opens an identity. Codes, so that no name gets into the audit by way of a reason."""

    IDENTIFY = "identify", _("To establish who the person is")
    CONTACT = "contact", _("To reach the person")
    PROTECT = "protect", _("To protect the person from danger")
    SERVICE = "service", _("To arrange a service")
    REFER = "refer", _("To refer the person to another body")
    PROCEEDINGS = "proceedings", _("For proceedings or legal aid")
    CORRECT = "correct", _("To correct or complete the record")
    REQUEST = "request", _("The person asks for their own data")
    OTHER = "other", _("Another reason, written in the case")


class OrganisationKey(models.Model):
    """A key of one organisation, wrapped by a root key. It wraps the data keys of that organisation's persons."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    root_version = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "number"], name="organisation_keys_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} key {self.number}"


class Person(Record):
    """An assisted person as everybody but a few sees him: a code. `wrapped_key` is empty once he was erased."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    holder = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    wrapped_key = models.BinaryField()
    key_number = models.PositiveIntegerField()
    is_child = models.BooleanField(_("child"), default=False)
    is_witness = models.BooleanField(_("protected witness"), default=False)
    erased_at = models.DateTimeField(null=True, editable=False)
    # By which edition of `blind` the person was indexed last.
    edition = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        indexes = (models.Index(fields=["holder", "key_number"], name="person_by_key"),)

    def __str__(self) -> str:
        return self.code


class SealedField(models.Model):
    """One field of an identity. It opens only with the person's key, in this field, at the person's version."""

    pk = models.CompositePrimaryKey("person_id", "field")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    field = models.CharField(max_length=30)
    ciphertext = models.BinaryField()
    row_version = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.field}"


class TextKey(models.Model):
    """The data key of one object of a room (case, screening, referral): it seals the texts that belong to it."""

    object_id = models.UUIDField(primary_key=True, editable=False)
    object_kind = models.CharField(max_length=40)
    holder = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    wrapped_key = models.BinaryField()
    key_number = models.PositiveIntegerField()

    class Meta:
        indexes = (models.Index(fields=["holder", "key_number"], name="text_key_by_key"),)

    def __str__(self) -> str:
        return f"{self.object_kind} {self.object_id}"


class IndexToken(models.Model):
    """One blind token of a person. Read by `vault_search` alone; the primary key is the index it needs."""

    pk = models.CompositePrimaryKey("token", "person_id", "kind")
    token = models.BinaryField(max_length=5)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    kind = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class PendingProbe(models.Model):
    """A search whose holders elsewhere are still to be told. Written by every search alike, found or not."""

    asker = models.UUIDField()
    organisations = ArrayField(models.UUIDField())
    at = models.DateTimeField()
    tokens = ArrayField(models.BinaryField(max_length=5))

    def __str__(self) -> str:
        return f"search of {self.at:%Y-%m-%d %H:%M}"


class MatchNotice(models.Model):
    """For those who look after a person: somebody elsewhere searched for someone who may be this person."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    holder = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    asking = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(fields=["person", "asking", "day"], name="one_match_notice_a_day"),
        )

    def __str__(self) -> str:
        return f"notice about {self.person_id}"


class Ground(models.TextChoices):
    """Why two records are thought to be of one person, or of two. Codes, so that no name gets into the history."""

    DOCUMENT = "document", _("The documents say so")
    FACTS = "facts", _("Name, date of birth or place say so")
    PERSON = "person", _("The person says so")
    COLLEAGUE = "colleague", _("The other organisation says so")
    RELATIVES = "relatives", _("They are relatives, or share a telephone or an address")
    MISTAKE = "mistake", _("It was a mistake")
    OTHER = "other", _("Another reason, written in the case")
    ERASED = "erased", _("The identity of one was erased")


class PairState(models.TextChoices):
    """Where the question stands whether two persons of the vault are one."""

    PROPOSED = "proposed", _("waits for a second person")
    SAME = "same", _("one person")
    DIFFERENT = "different", _("two persons")
    UNSURE = "unsure", _("not known")
    WITHDRAWN = "withdrawn", _("the proposal was withdrawn")
    UNDONE = "undone", _("undone: two persons again")


class Pairing(Record):
    """That two persons of the vault are one, or are not: a link beside them, which changes neither.

    left: whose side proposed it. right: the other by its code alone, which nobody may see who does not hold it;
    `right` is filled only while both sides say that they are one. Written by the functions of `sql_pairs` alone.
    """

    left = models.ForeignKey(Person, models.PROTECT, related_name="+")
    right = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    left_code = models.CharField(max_length=12)
    right_code = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=PairState)
    ground = models.CharField(max_length=12, choices=Ground)
    proposed_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    proposed_house = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    answered_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    answered_house = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+"
    )
    since = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["left_code"], name="pairing_by_left"),
            models.Index(fields=["right_code"], name="pairing_by_right"),
            models.Index(fields=["since"], condition=models.Q(state="proposed"), name="pairings_that_wait"),
        )
        constraints = (
            models.UniqueConstraint(
                Least("left_code", "right_code"),
                Greatest("left_code", "right_code"),
                name="a_pair_has_one_row",
            ),
            models.CheckConstraint(
                condition=~models.Q(left_code=models.F("right_code")), name="nobody_is_paired_with_himself"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="same")
                | models.Q(answered_by__isnull=False, right__isnull=False)
                & ~models.Q(answered_by=models.F("proposed_by")),
                name="two_people_say_that_two_are_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.left_code} {self.state} {self.right_code}"


class PairingStep(models.Model):
    """One line of the history of a pair. Only added to."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    deed = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=PairState)
    ground = models.CharField(max_length=12, choices=Ground, blank=True)
    by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    house = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.deed} {self.at:%Y-%m-%d %H:%M}"
