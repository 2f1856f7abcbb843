"""Reading the legal status: for the team by its case, for the authority by what was referred to it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.workflow import queries as workflow
from palermo.kernel.workflow.moves import Move, moves
from palermo.rooms.identification.models import Identification, Notification, Packet, Question, Ruling
from palermo.rooms.identification.queries.rulings import FINAL, explain_by
from palermo.rooms.identification.queries.texts import opened
from palermo.standards.workflows import machine
from palermo.web.room import Due, Sign, Subject

# From referral until the identification is completed (CoE Convention art. 10(2)), not only until recovery ends.
BARRED = (
    "referred", "info_pending", "rg_negative_proposed", "recovery", "protection", "determination",
    "cg_negative_proposed",
)  # fmt: skip
# What waits for the authority.
DECIDES = ("referred", "rg_negative_proposed", "recovery", "protection", "determination", "cg_negative_proposed",
           "review", "info_pending")  # fmt: skip
FEW = 5
# A clock is named after the event that meets it; where that is one of two answers, a name must not give the answer.
TO_DO = {
    "rg_positive": gettext_lazy("Decide on reasonable grounds"),
    "rg_positive_child": gettext_lazy("Decide on reasonable grounds"),
    "rg_negative": gettext_lazy("Confirm or refuse the proposal of a no"),
    "cg_positive": gettext_lazy("Decide on conclusive grounds"),
    "cg_negative": gettext_lazy("Confirm or refuse the proposal of a no"),
    "extend": gettext_lazy("Ask whether more time is needed"),
    "overturn_rg": gettext_lazy("Decide on the review"),
    "overturn_cg": gettext_lazy("Decide on the review"),
    "uphold": gettext_lazy("Decide on the review"),
    "no_indicators": gettext_lazy("Finish the screening"),
    "request_review": gettext_lazy("Ask for a review, if the person wants one"),
    "lapse": gettext_lazy("After this the decision stands, if no review is asked for"),
}
# The rule of a move that is not for the viewer's role or house.
OTHERS = "role"
OF_AUTHORITY = ("request_info", "extend", "early_request", "end_period", "to_determination", "late_review")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the authority's list."""

    found: Identification
    state: str
    what: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the authority, and its answer ("" while there is none)."""

    id: UUID
    number: int
    question: str
    answer: str
    answered: bool


def removal_bar(found: Identification) -> bool:
    """Whether the person must not be removed now. Worked out from the status; nobody can switch it off."""
    state = found.before_missing if found.state == "suspended" else found.state
    return state in BARRED


def signs_of_case(viewer: Viewer, about: Subject) -> list[Sign]:
    """That the person of a case is protected from removal, on the page of the case: no decision, no outcome."""
    found = Identification.objects.filter(case_id=about.key).first()
    if found is None or not removal_bar(found):
        return []
    url = reverse("identification:of-case", args=[about.key])
    return [
        Sign(_("Protected from removal"), url if can(viewer, "identification.status.case", about.key) else "")
    ]


def status_of(viewer: Viewer, person_id: UUID) -> list[Identification]:
    """The identifications of a person that the viewer holds, newest first."""
    return list(_rows().filter(person_id=person_id).order_by("-created_at"))


def of_case(viewer: Viewer, case_id: UUID) -> Identification | None:
    """The identification that hangs on a case; None where none was begun, or it is not the viewer's to see."""
    require(viewer, "identification.status.case", case_id)
    return _rows().filter(case_id=case_id).first()


def status(viewer: Viewer, identification_id: UUID) -> Identification:
    """One identification; NotFound unless the viewer holds it."""
    require(viewer, "identification.status.view", identification_id)
    found = _rows().filter(pk=identification_id).first()
    if found is None:
        raise NotFound()
    return found


def _rows() -> QuerySet[Identification]:
    return Identification.objects.select_related("organisation", "authority", "screening", "begun_by")


def decides(viewer: Viewer, found: Identification) -> bool:
    """Whether the viewer sits in the authority to which this was referred."""
    return found.authority_id in viewer.organisation_ids and viewer.has(
        "competent_authority", "child_protection"
    )


def state_label(state: str) -> str:
    return machine(Identification.machine).state(state).label(get_language() or "en")


def moves_of(viewer: Viewer, found: Identification) -> list[Move]:
    """What can happen now and why not, with the rules of this room added to those of the machine."""
    allowed = can(viewer, "identification.status.move", found.pk)
    sits = found.authority_id in viewer.organisation_ids
    asked = Question.objects.filter(identification_id=found.pk).exists()
    result = []
    for move in moves(viewer, found):
        if move.event == "supply":
            continue  # It happens with the last answer, on the page of the questions.
        why = move.why_not
        others = move.rule == OTHERS
        if not allowed:
            others, why = True, why or _("Your role does not include this.")
        elif (move.event in OF_AUTHORITY or _is_ruling(move.event)) and not sits:
            others, why = True, why or _("Only the authority to which it was referred does this.")
        elif move.event == "request_info" and asked:
            why = why or _("Information was asked once already. Decide on what is known.")
        result.append(replace(move, why_not=why, rule=OTHERS if others else move.rule))
    return sorted(result, key=lambda move: (move.rule == OTHERS, not move.possible))


def own_and_others(found: list[Move]) -> tuple[list[Move], list[Move]]:
    """What the viewer's role can do, now or once something is cleared; and what only others can ever do."""
    return [m for m in found if m.rule != OTHERS], [m for m in found if m.rule == OTHERS]


def _is_ruling(event: str) -> bool:
    return any(word in event for word in ("rg_", "cg_", "overturn", "uphold"))


def packets(viewer: Viewer, found: Identification) -> list[tuple[Packet, dict[str, str]]]:
    """Every packet that was sent, newest first, with its texts by category."""
    rows = list(Packet.objects.filter(identification_id=found.pk).select_related("recipient", "written_by"))
    texts = opened(viewer, found, [(row, "sealed") for row in rows])
    return [(row, _readable(text)) for row, text in zip(rows, texts, strict=True)]


def _readable(text: str) -> dict[str, str]:
    try:
        return dict(json.loads(text))
    except ValueError:
        return {"": text}


def questions(viewer: Viewer, found: Identification) -> list[Asked]:
    """What the authority asked, with the answers."""
    rows = list(
        Question.objects.filter(identification_id=found.pk).select_related("reply").order_by("number")
    )
    replies = [row.reply for row in rows if hasattr(row, "reply")]
    texts = opened(viewer, found, [(row, "sealed") for row in rows] + [(row, "sealed") for row in replies])
    said = {reply.question_id: text for reply, text in zip(replies, texts[len(rows) :], strict=True)}
    return [
        Asked(row.pk, row.number, text, said.get(row.pk, ""), row.pk in said)
        for row, text in zip(rows, texts, strict=False)
    ]


def reasons(viewer: Viewer, found: Identification, rows: list[Ruling]) -> list[str]:
    """The written reasons of the rulings, in their order."""
    return opened(viewer, found, [(row, "sealed_reasons") for row in rows])


def to_do(event: str, label: str) -> str:
    """What a clock asks for, in words that leave the answer open; `label` is the machine's own."""
    return str(TO_DO.get(event, label))


def waiting(viewer: Viewer) -> list[Waiting]:
    """What was referred to the viewer's authority and is not at its end: the oldest deadline first."""
    require(viewer, "identification.status.list")
    rows = _rows().filter(authority_id__in=viewer.organisation_ids, state__in=DECIDES)
    clocks: dict[UUID, workflow.Running] = {}
    for row in workflow.due(viewer, object_kind="identification"):
        clocks.setdefault(row.object_id, row)
    lines = [
        Waiting(
            found=row,
            state=state_label(row.state),
            what=to_do(clocks[row.pk].event, clocks[row.pk].label) if row.pk in clocks else "",
            due_at=clocks[row.pk].due_at if row.pk in clocks else None,
        )
        for row in rows[:200]
    ]
    return sorted(lines, key=lambda x: (x.due_at is None, x.due_at or x.found.created_at))


def status_due_for(viewer: Viewer) -> list[Due]:
    """Deadlines of the legal status, decisions to be handed over, and risk to be looked at after a return."""
    if not can(viewer, "identification.status.view"):
        return []
    clocks = workflow.due(viewer, object_kind="identification")[:20]
    names = dict(
        Identification.objects.filter(pk__in=[c.object_id for c in clocks]).values_list("pk", "code")
    )
    found = [
        Due(
            title=f"{to_do(clock.event, clock.label)} · {names[clock.object_id]}",
            url=reverse("identification:status", args=[clock.object_id]),
            due_at=clock.due_at,
        )
        for clock in clocks
        if clock.object_id in names
    ]
    held = Grant.objects.values("object_id")
    unserved = Ruling.objects.filter(
        event__in=FINAL, service=None, identification_id__in=held
    ).select_related("identification").order_by("written_at")[:10]  # fmt: skip
    found += [
        Due(
            title=_("Explain the decision to the person · %(code)s") % {"code": row.identification.code},
            url=reverse("identification:serve", args=[row.identification_id, row.pk]),
            due_at=explain_by(row),
        )
        for row in unserved
    ]
    if viewer.has("first_responder", "case_manager", "child_protection", "supervisor"):
        anew = Identification.objects.filter(pk__in=held, risk_due_at__gte=timezone.now() - timedelta(days=7))
        found += [
            Due(
                title=_("Found again: assess the risk anew · %(code)s") % {"code": row.code},
                url=reverse("identification:status", args=[row.pk]),
                due_at=row.risk_due_at,
            )
            for row in anew[:10]
        ]
    return found


def notified(viewer: Viewer) -> list[tuple[datetime, str, int | None]]:
    """(month, crime, how many) of the anonymous notifications; None where they are fewer than five."""
    require(viewer, "identification.notification.list")
    rows = Notification.objects.values("month", "crime").annotate(n=Count("id")).order_by("-month", "crime")
    return [(row["month"], row["crime"], row["n"] if row["n"] >= FEW else None) for row in rows]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a status."""

    at: datetime
    who: str
    label: str
    reason: str


def steps(viewer: Viewer, found: Identification) -> list[Step]:
    """The way of the status so far, the newest first, in the reader's language."""
    language = get_language() or "en"
    labels = {event.code: event.label(language) for event in machine(found.machine).events}
    return [
        Step(
            at=row.at,
            who=str(row.actor) if row.actor_id else _("by itself"),
            label=labels.get(row.event, _("Begun")),
            reason=row.reason,
        )
        for row in workflow.history(viewer, found)
    ]
