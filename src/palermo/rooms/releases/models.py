"""Releases with their files, checks and reviews, the tombstones of withdrawn ones, and the ledger of privacy."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record

YEARS = (1990, 2100)
FIRST_CAP = Decimal("0.500000")


def person_key(**more: object) -> models.ForeignKey:  # type: ignore[type-arg]
    """Somebody who did it: never changed, never taken away."""
    options = {"related_name": "+", "editable": False, **more}
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, **options)  # type: ignore[arg-type]


class Product(models.TextChoices):
    """What a release holds."""

    TABLES = "count_tables", _("Tables of counts")
    ESTIMATE = "estimate", _("Figure of an estimate")
    OBSERVATORY = "observatory", _("Indicators of a field study")
    MICRODATA = "microdata", _("Synthetic microdata")


class Release(Record):
    """Figures on their way to the public, or there.

    product and source say what is released: a table by its name, a study by its id, the register. series, year and
    number (from 1, given at publication) make the identifier. year_from and year_to: the period that the persons are
    of. columns and parameters: what synthetic microdata are made with. changes: what differs from the version before.
    revision counts the runs; files, checks and reviews belong to one revision. prepared: everybody who wrote or ran
    it; none of them reviews or approves. tables: the protected tables behind it, for later attacks; about: what the
    room that gave the figures says of them. Triggers keep all of it as it was once it is checked.
    """

    machine: ClassVar[str] = "release"

    state = models.CharField(max_length=12, editable=False)
    product = models.CharField(_("product"), max_length=14, choices=Product)
    source = models.CharField(_("source"), max_length=60)
    title = models.CharField(_("title"), max_length=160)
    series = models.CharField(_("series"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year of the release"))
    year_from = models.PositiveSmallIntegerField(_("first year"))
    year_to = models.PositiveSmallIntegerField(_("last year"))
    purpose = models.TextField(_("purpose"))
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    parameters = models.JSONField(default=dict, editable=False)
    changes = models.TextField(_("what has changed since the last version"), blank=True)
    revision = models.PositiveSmallIntegerField(default=0, editable=False)
    made_by = person_key()
    prepared = ArrayField(models.UUIDField(), default=list, editable=False)
    run_at = models.DateTimeField(null=True, editable=False)
    tables = models.JSONField(default=list, editable=False)
    about = models.JSONField(default=dict, editable=False)
    number = models.PositiveIntegerField(null=True, editable=False)
    identifier = models.CharField(max_length=60, null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        indexes = (models.Index(fields=("series", "year", "-number"), name="release_versions"),)
        constraints = (
            models.UniqueConstraint(
                fields=("series", "year", "number"), name="a_release_has_a_number_of_its_own"
            ),
            models.UniqueConstraint(fields=("identifier",), name="an_identifier_is_of_one_release"),
            models.CheckConstraint(
                condition=models.Q(product__in=Product.values), name="a_release_is_of_a_known_product"
            ),
            models.CheckConstraint(
                condition=models.Q(series__regex=r"^[A-Z][A-Z0-9]{1,19}$"),
                name="a_series_is_a_short_code",
            ),
            models.CheckConstraint(
                condition=models.Q(year__range=YEARS)
                & models.Q(year_from__range=YEARS)
                & models.Q(year_to__range=YEARS)
                & models.Q(year_from__lte=models.F("year_to")),
                name="a_release_is_of_years_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(number=None, identifier=None, published_at=None)
                | models.Q(number__isnull=False, identifier__isnull=False, published_at__isnull=False),
                name="a_release_is_numbered_when_it_is_published",
            ),
        )

    def __str__(self) -> str:
        return self.identifier or self.title

    @property
    def years(self) -> str:
        return str(self.year_from) if self.year_from == self.year_to else f"{self.year_from}–{self.year_to}"

    @property
    def open(self) -> bool:
        return self.state == "running"

    @property
    def public(self) -> bool:
        return self.state in ("published", "superseded")


class ReleaseFile(models.Model):
    """A file of one revision, as it was made: the same bytes for ever. What is internal never leaves the house."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="files")
    revision = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=(("public", _("public")), ("internal", _("internal"))))
    content_type = models.CharField(max_length=80)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file of a release")
        verbose_name_plural = _("files of releases")
        constraints = (
            models.UniqueConstraint(
                fields=("release", "revision", "name"), name="a_file_has_a_name_of_its_own"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=("public", "internal")), name="a_file_is_public_or_internal"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Check(models.Model):
    """What a machine found about one revision. `level` ok, warn or block; sentences in English with their figures.

    sentence holds a template and values, so that it is told in the reader's language.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="checks")
    revision = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    level = models.CharField(max_length=5)
    sentence = models.CharField(max_length=400)
    values = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        constraints = (
            models.UniqueConstraint(fields=("release", "revision", "code"), name="a_check_is_made_once"),
            models.CheckConstraint(
                condition=models.Q(level__in=("ok", "warn", "block")), name="a_check_passes_warns_or_blocks"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.level}"


class Review(models.Model):
    """What a person answers for: stage `review` (data protection) or `approval`, of one revision, with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="reviews")
    revision = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=8, choices=(("review", _("review")), ("approval", _("approval"))))
    verdict = models.CharField(max_length=6, choices=(("agree", _("agreed")), ("refuse", _("sent back"))))
    reason = models.CharField(max_length=1000)
    person = person_key()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = (
            models.UniqueConstraint(
                fields=("release", "revision", "person"), name="nobody_judges_a_revision_twice"
            ),
            models.UniqueConstraint(
                fields=("release", "revision", "stage"), name="a_revision_is_judged_once_at_each_stage"
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=("review", "approval"))
                & models.Q(verdict__in=("agree", "refuse")),
                name="a_review_is_a_yes_or_a_no",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.verdict}"


class ReleaseTombstone(models.Model):
    """What stays of a release that was public and was withdrawn; the id is that of the release."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identifier = models.CharField(max_length=60, unique=True)
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=160)
    published_at = models.DateTimeField(_("published"))
    withdrawn_at = models.DateTimeField(_("withdrawn"))
    withdrawn_by = person_key()
    why = models.CharField(_("why it was withdrawn"), max_length=300)

    class Meta:
        verbose_name = _("tombstone of a release")
        verbose_name_plural = _("tombstones of releases")

    def __str__(self) -> str:
        return self.identifier


class Population(models.Model):
    """Persons who spend together: those registered in one year. No person is in two of them.

    cap: the most rho that all releases of them may cost together. It rises only by a CapDecision.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=40, unique=True)
    cap = models.DecimalField(max_digits=12, decimal_places=6, default=FIRST_CAP)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("population of the ledger")
        verbose_name_plural = _("populations of the ledger")
        constraints = (
            models.CheckConstraint(condition=models.Q(cap__gt=0), name="a_cap_is_more_than_nothing"),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def year(self) -> str:
        return self.key.rpartition("-")[2]


class LedgerEntry(models.Model):
    """One line of the ledger; nothing is ever changed or taken away.

    kind `reserved`: rho that a run may spend, booked before it reads any data, and spent from then on whatever
    becomes of the run. kind `outcome`: what became of it (`of` names the reservation): rho 0, the fingerprint of what
    was made, or nothing where it failed. The database refuses a reservation that would go over the cap.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    population = models.ForeignKey(Population, models.PROTECT, related_name="entries")
    release = models.ForeignKey(Release, models.PROTECT, related_name="entries")
    revision = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    of = models.ForeignKey("self", models.PROTECT, related_name="outcomes", null=True)
    rho = models.DecimalField(max_digits=12, decimal_places=6)
    delta = models.FloatField()
    mechanism = models.CharField(max_length=80)
    parameters = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=10, blank=True)
    person = person_key()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("entries of the ledger")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="reserved", of=None, rho__gt=0, result="")
                | models.Q(kind="outcome", of__isnull=False, rho=0, result__in=("made", "failed")),
                name="an_entry_reserves_or_tells_the_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(delta__gt=0, delta__lt=1), name="a_delta_lies_between_0_and_1"
            ),
            models.UniqueConstraint(
                fields=("population", "release", "revision", "kind"), name="a_run_is_booked_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.rho}"


class CapDecision(models.Model):
    """A higher cap: asked for by one person with a reason, agreed by another. The database then raises it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    population = models.ForeignKey(Population, models.PROTECT, related_name="decisions")
    cap = models.DecimalField(max_digits=12, decimal_places=6)
    reason = models.CharField(_("reason"), max_length=1000)
    asked_by = person_key()
    asked_at = models.DateTimeField()
    agreed_by = person_key(null=True)
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("decision about a cap")
        verbose_name_plural = _("decisions about caps")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(agreed_by=None, agreed_at=None)
                | (models.Q(agreed_at__isnull=False) & ~models.Q(agreed_by=models.F("asked_by"))),
                name="a_cap_is_raised_by_a_second_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.population_id} {self.cap}"
