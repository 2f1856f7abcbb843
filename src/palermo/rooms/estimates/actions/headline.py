"""Which number is shown: one person proposes a result and says why, another agrees. No number goes on its own."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.estimation import Word
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.rooms.estimates import queries
from palermo.rooms.estimates.models import RunState, Study

WHY_AT_LEAST, WHY_AT_MOST = 20, 2000
NOTHING = {
    "headline_run_id": None, "headline_place": None, "headline_why": "", "proposed_at": None, "proposed_by_id": None,
    "agreed_at": None, "agreed_by_id": None,
}  # fmt: skip


@transaction.atomic
def propose(
    *, actor: Viewer, study: Study, run_id: UUID, place: int, why: str, expected_version: int
) -> Study:
    """Propose one result as the answer of the study. Raises Invalid, Conflict, NotFound, Stale.

    A result without a headline number (a hard warning) or with the verdict "do not publish" is refused.
    """
    require(actor, "estimates.headline.propose")
    run, _progress = queries.run(actor, study, run_id)
    why = why.strip()
    if not WHY_AT_LEAST <= len(why) <= WHY_AT_MOST:
        words = _("Say in a sentence or two why this method answers the question (at least 20 characters).")
        raise Invalid(
            _("Nothing was proposed."), problems=[FieldProblem("why", words, "length")], rule="estimates.why"
        )
    if run.state != RunState.DONE or not 0 <= place < len(run.results):
        raise Conflict(_("There is no such result."), rule="estimates.headline.result", state=run.state)
    found = run.result(place)
    if found["estimate"] is None or found["verdict"] == Word.NOT:
        words = _("This result must not be shown: %(why)s")
        reason = " ".join(queries.lines_of(run)[place].reasons)
        reason = reason or _("its method found a fault that takes its number away.")
        raise Conflict(words % {"why": reason}, rule="estimates.headline.verdict", state="withheld")
    if "checks" not in found:
        words = _("This result was not checked. Run the method with all checks, then propose it.")
        raise Conflict(words, rule="estimates.headline.checks", state="unchecked")
    if study.agreed_at is not None:
        raise Conflict(
            _("A result was agreed already. Take it back first."), rule="estimates.agreed", state="agreed"
        )
    study.change(
        {
            **NOTHING, "headline_run_id": run.pk, "headline_place": place, "headline_why": why,
            "proposed_at": timezone.now(), "proposed_by_id": actor.user_id,
        },
        expected_version=expected_version,
    )  # fmt: skip
    _audit(actor, "propose", study)
    return study


@transaction.atomic
def agree(*, actor: Viewer, study: Study, expected_version: int) -> Study:
    """A second person lets the proposed result stand as the answer; releases take it from there."""
    require(actor, "estimates.headline.agree")
    if study.proposed_at is None or study.agreed_at is not None:
        raise Conflict(_("Nothing waits for agreement here."), rule="estimates.proposed", state="none")
    if study.proposed_by_id == actor.user_id:
        words = _("A second person has to agree: you proposed this one yourself.")
        raise Refused(words, rule="estimates.second_person")
    study.change(
        {"agreed_at": timezone.now(), "agreed_by_id": actor.user_id}, expected_version=expected_version
    )
    _audit(actor, "agree", study)
    return study


@transaction.atomic
def take_back(*, actor: Viewer, study: Study, expected_version: int) -> Study:
    """No result stands as the answer any more; the trail keeps that one did."""
    require(actor, "estimates.headline.propose")
    if study.proposed_at is None:
        raise Conflict(_("Nothing was proposed."), rule="estimates.proposed", state="none")
    study.change(NOTHING, expected_version=expected_version)
    _audit(actor, "take_back", study)
    return study


def _audit(actor: Viewer, what: str, study: Study) -> None:
    record(
        actor=actor, action=f"estimates.headline.{what}", object_kind="study", object_id=study.pk,
        detail={"run": str(study.headline_run_id or ""), "place": study.headline_place or 0},
    )  # fmt: skip
