"""Projects, the lists that bodies gave, what was delivered of them, and their records: codes open, identity sealed."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record


class Crime(models.TextChoices):
    """Which crime the people on the lists were met in. A project is about one of them, never about both."""

    TRAFFICKING = "trafficking", _("Trafficking in persons")
    SMUGGLING = "smuggling", _("Smuggling of migrants")


class Counted(models.TextChoices):
    """Whether, and by which links, the people of a reconciliation are counted in the national register."""

    NOT = "", _("Not in the register")
    STANDING = "standing", _("Every link that stands")
    DECIDED = "decided", _("Only links that people have decided")


class Project(Record):
    """One linkage of several lists for one purpose, said beforehand, which binds the use of its links.

    counted: whether its people are in the national register, and by which links they are one person there.
    """

    title = models.CharField(_("title"), max_length=160)
    crime = models.CharField(_("crime"), max_length=12, choices=Crime)
    purpose = models.TextField(_("what the links are for"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    counted = models.CharField(
        max_length=10, choices=Counted, default=Counted.NOT, db_default="", blank=True, editable=False
    )

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(crime__in=Crime.values), name="a_reconciliation_is_of_one_crime"
            ),
            models.CheckConstraint(
                condition=models.Q(counted__in=Counted.values), name="people_are_counted_by_a_known_rule"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Source(Record):
    """A list of one organisation. Only with a legal basis does it take part in a linkage.

    organisation: whose key seals the identities and whose reviewers may see them. status: what the body found of the
    people on it (`palermo/person_status`); empty: it does not say.
    """

    name = models.CharField(_("name of the list"), max_length=120, unique=True)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="sources", null=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    terms = models.TextField(_("terms of the body that gave it"), blank=True)
    status = models.CharField(_("who is on the list"), max_length=32, blank=True, default="", db_default="")
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )

    class Meta:
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One file of a list: its fingerprint, when it came, through whom, and what became of its rows."""

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="deliveries")
    file_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    added = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-received_at",)

    def __str__(self) -> str:
        return f"{self.source_id} {self.received_at:%Y-%m-%d}"


class Listed(models.Model):
    """One row of a list: a code, and what does not say who it is. Identity is sealed in its versions.

    key: a keyed one-way form of the list's own number, so that a correction finds its row. filled: a bit for each
    field of the people format that is not empty (place in FIELDS). basis: what the date of birth stands on.
    child: younger than eighteen when recorded; None where that cannot be told. faults: codes of `judging`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    house = models.UUIDField()
    code = models.CharField(max_length=12, unique=True)
    key = models.BinaryField(max_length=16)
    row_hash = models.BinaryField(max_length=16)
    version = models.PositiveIntegerField(default=1)
    recorded_on = models.DateField(null=True)
    sex = models.CharField(max_length=6, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True)
    basis = models.CharField(max_length=10, blank=True)
    nationality = models.CharField(max_length=3, blank=True)
    child = models.BooleanField(null=True)
    filled = models.PositiveSmallIntegerField(default=0)
    faults = ArrayField(models.CharField(max_length=30), default=list)
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "key"), name="a_list_has_each_record_once"),)

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """One wording of a record: its identity sealed for the list's holder, its codes, and the file it came in."""

    id = models.UUIDField(primary_key=True, editable=False)
    listed = models.ForeignKey(Listed, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    coded = models.JSONField(default=dict)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("listed", "number"), name="wordings_are_numbered"),)

    def __str__(self) -> str:
        return f"{self.listed_id} {self.number}"


class WhyRemoved(models.TextChoices):
    """Why a record was taken out for good."""

    REQUEST = "request", _("The person asked for it")
    UNLAWFUL = "unlawful", _("It should never have been on the list")
    MISTAKE = "mistake", _("It was brought in by mistake")
    TERM = "term", _("Its time of keeping is over")


class Removal(models.Model):
    """A record that was taken out, by its key alone: the next delivery of the list does not bring it back."""

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    house = models.UUIDField()
    key = models.BinaryField(max_length=16)
    why = models.CharField(max_length=10, choices=WhyRemoved)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "key"), name="a_record_is_removed_once"),)

    def __str__(self) -> str:
        return f"{self.source_id} {self.at:%Y-%m-%d}"
