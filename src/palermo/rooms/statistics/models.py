"""What other bodies have published (observations, population), and what this instance publishes."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record


class Observation(models.Model):
    """One published figure of another body, as it was printed: a count of persons, or "<5".

    `value` is the count; where the body printed "<n", value is null and `below` is n. `occurrence` numbers the
    rows of one list that have the same key but different values: the contradiction is kept, not resolved.
    `area_code` is the code as the body gave it; pseudo codes of groups of countries are not countries.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(_("source"), max_length=120)
    area_code = models.CharField(max_length=40)
    area_name = models.CharField(max_length=160)
    region = models.CharField(_("region"), max_length=80)
    subregion = models.CharField(_("subregion"), max_length=80)
    is_country = models.BooleanField()
    indicator = models.CharField(_("indicator"), max_length=80)
    dimension = models.CharField(_("dimension"), max_length=60)
    category = models.CharField(_("category"), max_length=160)
    sex = models.CharField(_("sex"), max_length=20)
    age = models.CharField(_("age"), max_length=20)
    year = models.SmallIntegerField(_("year"))
    occurrence = models.SmallIntegerField(default=1)
    value = models.IntegerField(_("value"), null=True)
    below = models.SmallIntegerField(null=True)

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "source", "area_code", "area_name", "indicator", "dimension", "category", "sex", "age",
                    "year", "occurrence",
                ),
                name="an_observation_has_one_key",
            ),
            models.CheckConstraint(
                condition=models.Q(value__gte=0, below=None) | models.Q(value=None, below__gt=0),
                name="an_observation_is_a_count_or_below_one",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("indicator", "dimension", "year"), name="observation_by_what_and_when"),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.area_code} {self.year}"


class Population(models.Model):
    """Resident persons of an area in a year, the denominator of rates; `sex` and `age` as in GLOTIP."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(_("source"), max_length=120)
    area_code = models.CharField(max_length=40)
    year = models.SmallIntegerField(_("year"))
    sex = models.CharField(_("sex"), max_length=20, default="Total")
    age = models.CharField(_("age"), max_length=20, default="Total")
    persons = models.BigIntegerField(_("persons"))

    class Meta:
        verbose_name = _("population")
        verbose_name_plural = _("populations")
        constraints = (
            models.UniqueConstraint(
                fields=("area_code", "year", "sex", "age"), name="a_population_is_known_once"
            ),
            models.CheckConstraint(condition=models.Q(persons__gt=0), name="a_population_is_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}"


class Publication(models.Model):
    """A protected table as it was on one day, frozen. Made by one person, public once another approves.

    `content` is the table as it is shown (withheld cells are absent from it, not hidden in it) and `sha256`
    its fingerprint. `shown` are the protected tables behind it, against which every later edition is audited (see
    editions.py). `number` counts the editions of a table from 1, when they are approved. `again`: the edition of
    which this is a re-publication. A database trigger refuses any change of what was made; withdrawing leaves a
    trace.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.CharField(_("table"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    number = models.PositiveIntegerField(null=True)
    shown = models.JSONField(default=list)
    again = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, editable=False)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        indexes = (models.Index(fields=("table", "-approved_at"), name="publication_latest_first"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(approved_by=None, approved_at=None)
                | (models.Q(approved_at__isnull=False) & ~models.Q(approved_by=models.F("made_by"))),
                name="a_publication_is_approved_by_a_second_person",
            ),
            models.UniqueConstraint(fields=("table", "number"), name="an_edition_has_a_number_of_its_own"),
            models.CheckConstraint(
                condition=models.Q(approved_at=None, number=None)
                | models.Q(approved_at__isnull=False, number__isnull=False),
                name="an_edition_is_numbered_when_it_is_approved",
            ),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.made_at:%Y-%m-%d}"

    @property
    def state(self) -> str:
        """withdrawn, published or waiting."""
        if self.withdrawn_at:
            return "withdrawn"
        return "published" if self.approved_at else "waiting"


class Tombstone(models.Model):
    """What stays of an edition that was public and was withdrawn; the id is that of the publication."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.CharField(_("table"), max_length=40)
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    published_at = models.DateTimeField(_("published"))
    withdrawn_at = models.DateTimeField(_("withdrawn"))
    why = models.CharField(_("why it was withdrawn"), max_length=300)

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        constraints = (
            models.UniqueConstraint(fields=("table", "number"), name="an_edition_is_withdrawn_once"),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.number}"


class State(models.Model):
    """The protected counts of a whole population on one day: what may be asked of it until the next one is made.

    `shown` are the tables as `Published.as_data` writes them, without anything that is withheld. Kept for ever: each
    later state is protected together with all of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    population = models.CharField(_("population"), max_length=40)
    number = models.PositiveIntegerField()
    as_of = models.DateTimeField(_("as of"))
    method = models.CharField(max_length=20)
    version = models.CharField(max_length=10)
    threshold = models.PositiveSmallIntegerField()
    withheld = models.PositiveIntegerField()
    shown = models.JSONField()

    class Meta:
        verbose_name = _("state of the counts")
        verbose_name_plural = _("states of the counts")
        constraints = (
            models.UniqueConstraint(
                fields=("population", "number"), name="a_state_of_a_population_has_a_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.population} {self.number}"


class CountingState(models.TextChoices):
    """Where a count is."""

    WAITING = "waiting", _("Under way")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class Counting(Record):
    """A count of every population in the background: asked for by a person, carried out by the worker, one at a time.

    made: how many populations are new. refused: the population of which no new count would be safe.
    """

    state = models.CharField(
        max_length=10, choices=CountingState, default=CountingState.WAITING, editable=False
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    made = models.PositiveSmallIntegerField(default=0, editable=False)
    refused = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=CountingState.values), name="a_count_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", ended_at=None)
                | (~models.Q(state="waiting") & models.Q(ended_at__isnull=False)),
                name="a_count_that_ended_says_when",
            ),
            models.UniqueConstraint(
                fields=("state",), condition=models.Q(state="waiting"), name="one_count_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d} {self.state}"

    @property
    def open(self) -> bool:
        return self.state == CountingState.WAITING
