"""Work out a suggestion, and decide. The rule suggests; only a person decides, and says why."""

from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.kernel.workflow.actions import transition
from palermo.rooms.identification.models import Answers, Decision, Outcome, Screening, Suggestion
from palermo.standards.instruments import indicators
from palermo.standards.instruments import version as instrument_version
from palermo.standards.instruments.rule import suggest

REASON_AT_LEAST = 10
REASON_AT_MOST = 4000


@transaction.atomic
def compute_suggestion(*, actor: Viewer, screening: Screening) -> Suggestion:
    """Apply the rule to the answers as they are and keep what it says, with the versions of both.

    The same answers are worked out once: asking again returns what is there.
    """
    require(actor, "identification.screening.answer", screening.pk)
    answers = Answers.objects.select_for_update().filter(screening_id=screening.pk).first()
    if answers is None:
        raise NotFound()
    found = suggest(
        answers.values, instrument_version(screening.instrument_version).questions(), indicators()
    )
    suggestion, made = Suggestion.objects.get_or_create(
        screening_id=screening.pk,
        answers_version=answers.version,
        instrument_version=screening.instrument_version,
        rule_version=found.rule_version,
        defaults={
            "outcome": found.outcome,
            "child_rule": found.child_rule,
            "aggravated": found.aggravated,
            "findings": [asdict(line) for line in found.findings],
            "positive_dimensions": list(found.positive_dimensions),
        },
    )
    if made:
        record(
            actor=actor,
            action="identification.suggestion.compute",
            object_kind="screening",
            object_id=screening.pk,
            detail={"outcome": found.outcome, "rule": found.rule_version, "answers": answers.version},
        )
    return suggestion


@transaction.atomic
def decide(
    *,
    actor: Viewer,
    screening: Screening,
    suggestion: Suggestion,
    outcome: str,
    reason: str,
    expected_version: int,
    supersedes: Decision | None = None,
) -> Decision:
    """Record a person's own decision beside the suggestion that he saw; it may differ from it.

    A first decision ends the asking; a later one supersedes the one in force (`supersedes`) and never edits it.
    """
    require(actor, "identification.screening.decide", screening.pk)
    reason = reason.strip()
    _check_input(outcome, reason)
    answers = Answers.objects.select_for_update().get(screening_id=screening.pk)
    if suggestion.screening_id != screening.pk or suggestion.answers_version != answers.version:
        raise Conflict(
            _("The answers have changed since this suggestion was worked out. Look at the new one first."),
            rule="identification.suggestion.current",
            state=screening.state,
        )
    in_force = Decision.objects.filter(screening_id=screening.pk, superseded_by=None).first()
    if (in_force.pk if in_force else None) != (supersedes.pk if supersedes else None):
        raise Conflict(
            _("Somebody has decided meanwhile. Look at that decision first; you can still supersede it."),
            rule="identification.decision.in_force",
            state=screening.state,
        )
    transition(
        actor=actor,
        obj=screening,
        event="decide" if supersedes is None else "supersede",
        expected_version=expected_version,
        reason=reason,
    )
    assert actor.user_id is not None
    made = Decision.objects.create(
        screening_id=screening.pk,
        suggestion=suggestion,
        outcome=outcome,
        reason=reason,
        decided_by_id=actor.user_id,
        supersedes=supersedes,
    )
    record(
        actor=actor,
        action="identification.screening.decide",
        object_kind="screening",
        object_id=screening.pk,
        detail={
            "outcome": outcome,
            "suggested": suggestion.outcome,
            "supersedes": supersedes.pk if supersedes else None,
        },
    )
    return made


def _check_input(outcome: str, reason: str) -> None:
    problems = []
    if outcome not in Outcome.values:
        problems.append(FieldProblem("outcome", _("Choose one of the decisions."), "choice"))
    if not REASON_AT_LEAST <= len(reason) <= REASON_AT_MOST:
        problems.append(
            FieldProblem(
                "reason",
                _("Say why in a sentence or more (%(least)s to %(most)s characters).")
                % {"least": REASON_AT_LEAST, "most": REASON_AT_MOST},
                "length",
            )
        )
    if problems:
        raise Invalid(_("The decision is not complete."), problems=problems)
