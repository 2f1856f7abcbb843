"""The ledger of privacy: what releases of the same persons may cost together. Booked before data are read.

The database keeps the sum under the cap, with the row of the population locked; nothing here could get around it.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.disclosure.spending import STEP, arithmetic, counted, plain, rho_of
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.rooms.releases.models import CapDecision, LedgerEntry, Population, Product, Release

MECHANISM = "discrete Gaussian noise, zCDP"
OVER = "spending_stays_under_the_cap"
HIGHEST_CAP = Decimal(20)
WHY = (20, 1000)


def cost(release: Release) -> Decimal:
    """The rho that a run of this release spends of each of its populations; 0 where no noise protects anybody."""
    if release.product != Product.MICRODATA:
        return Decimal(0)
    asked = release.parameters
    return counted(rho_of(float(asked["epsilon"]), float(asked["delta"])))


def cohorts(release: Release) -> list[str]:
    """The populations of which a release is: those registered in each of its years. In order, so that no two
    reservations wait for each other."""
    return [f"registered-{year}" for year in range(release.year_from, release.year_to + 1)]


@transaction.atomic
def reserve(*, actor: Viewer, release: Release) -> list[LedgerEntry]:
    """Book what a run of this revision may spend, in every population or in none.

    Raises Conflict with the arithmetic where it would go over a cap.
    """
    rho = cost(release)
    if not rho:
        return []
    made = []
    for key in cohorts(release):
        population, _new = Population.objects.get_or_create(key=key)
        made.append(_booked(actor, release, population, rho))
    record(
        actor=actor, action="releases.ledger.reserve", object_kind="release", object_id=release.pk,
        detail={"rho": plain(rho), "populations": len(made), "revision": release.revision},
    )  # fmt: skip
    return made


def _person(actor: Viewer) -> UUID:
    """Whoever spends is a person. Raises Refused."""
    if actor.user_id is None:
        raise Refused(_("A person answers for what is spent."), rule="releases.person")
    return actor.user_id


def _booked(actor: Viewer, release: Release, population: Population, rho: Decimal) -> LedgerEntry:
    entry = LedgerEntry(
        population=population, release=release, revision=release.revision, kind="reserved", rho=rho,
        delta=float(release.parameters["delta"]), mechanism=MECHANISM, person_id=_person(actor), at=timezone.now(),
        parameters={**release.parameters, "columns": release.columns},
    )  # fmt: skip
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        told = getattr(error.__cause__, "diag", None)
        if told is None or told.constraint_name != OVER:
            raise
        spent, asked, cap = (Decimal(text) for text in str(told.message_detail).split())
        message = _(
            "This run would overspend what releases of the persons registered in %(year)s may cost: %(sum)s."
        )
        raise Conflict(
            message % {"year": population.year, "sum": arithmetic(spent, asked, cap)}, rule="releases.cap",
            state="overspent",
        ) from error  # fmt: skip
    return entry


@transaction.atomic
def tell_outcome(*, actor: Viewer, release: Release, result: str, sha256: str = "") -> None:
    """What became of the run that was booked; what was booked stays spent."""
    booked = LedgerEntry.objects.filter(release=release, revision=release.revision, kind="reserved")
    for entry in booked.order_by("population__key"):
        LedgerEntry.objects.create(
            population_id=entry.population_id, release=release, revision=release.revision, kind="outcome", of=entry,
            rho=0, delta=entry.delta, mechanism=entry.mechanism, sha256=sha256, result=result, at=timezone.now(),
            person_id=_person(actor),
        )  # fmt: skip


@transaction.atomic
def ask_for_cap(*, actor: Viewer, population_id: UUID, cap: str, reason: str) -> CapDecision:
    """Ask that the cap of a population rises. Another person has to agree. Raises Invalid, NotFound."""
    if not can(actor, "releases.ledger.view"):
        raise NotFound()
    require(actor, "releases.cap.ask")
    if actor.user_id is None:
        raise Refused(_("A cap is asked for by a person."), rule="releases.person")
    population = Population.objects.filter(pk=population_id).first()
    if population is None:
        raise NotFound()
    problems = [*_wrong_cap(population, cap), *_wrong_reason(reason)]
    if problems:
        raise Invalid(_("Nothing was asked for."), problems=problems, rule="releases.cap")
    made = CapDecision.objects.create(
        population=population, cap=Decimal(cap).quantize(STEP), reason=reason.strip(), asked_by_id=actor.user_id,
        asked_at=timezone.now(),
    )  # fmt: skip
    _audit(actor, "ask", made)
    return made


def _wrong_cap(population: Population, cap: str) -> Iterable[FieldProblem]:
    try:
        wanted = Decimal(cap)
    except InvalidOperation:
        yield FieldProblem("cap", _("Give a number, such as 0.75."), "number")
        return
    if not population.cap < wanted <= HIGHEST_CAP:
        words = _("More than %(cap)s, which it is now, and at most %(most)s.")
        told = {"cap": plain(population.cap), "most": plain(HIGHEST_CAP)}
        yield FieldProblem("cap", words % told, "range")


def _wrong_reason(reason: str) -> Iterable[FieldProblem]:
    if not WHY[0] <= len(reason.strip()) <= WHY[1]:
        yield FieldProblem("reason", _("Say why in a sentence or two (at least 20 characters)."), "length")


@transaction.atomic
def agree_to_cap(*, actor: Viewer, decision_id: UUID) -> CapDecision:
    """A second person agrees; the database raises the cap in the same statement."""
    if not can(actor, "releases.ledger.view"):
        raise NotFound()
    require(actor, "releases.cap.agree")
    found = (
        CapDecision.objects.select_for_update(of=("self",))
        .select_related("population")
        .filter(pk=decision_id)
        .first()
    )
    if found is None:
        raise NotFound()
    if found.agreed_at is not None:
        raise Conflict(_("This was agreed to already."), rule="releases.cap.once", state="agreed")
    if found.asked_by_id == actor.user_id:
        words = _("A second person has to agree: you asked for this one yourself.")
        raise Refused(words, rule="releases.second_person")
    if found.cap <= found.population.cap:
        raise Conflict(
            _("The cap is as high already."), rule="releases.cap.rises", state=plain(found.population.cap)
        )
    found.agreed_by_id, found.agreed_at = actor.user_id, timezone.now()
    found.save(update_fields=["agreed_by", "agreed_at"])
    found.population.refresh_from_db()
    _audit(actor, "agree", found)
    return found


def _audit(actor: Viewer, verb: str, decision: CapDecision) -> None:
    detail: dict[str, Any] = {"population": decision.population.key, "cap": plain(decision.cap)}
    record(
        actor=actor,
        action=f"releases.cap.{verb}",
        object_kind="cap_decision",
        object_id=decision.pk,
        detail=detail,
    )


__all__ = [
    "agree_to_cap", "ask_for_cap", "cohorts", "cost", "reserve", "tell_outcome",
]  # fmt: skip
