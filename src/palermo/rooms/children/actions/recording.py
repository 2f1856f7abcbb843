"""Begin the protection of a child, and write down what does not move it on."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, Refused
from palermo.kernel.vault.texts import open_texts
from palermo.kernel.workflow.actions import begin, reckon, transition
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases import queries as cases_read
from palermo.rooms.cases.actions.age import settle_age
from palermo.rooms.children.actions import papers
from palermo.rooms.children.actions.papers import Given
from palermo.rooms.children.actions.refusing import check
from palermo.rooms.children.models import ChildProtection, Guardian, GuardianName, Kind
from palermo.rooms.children.queries import codes
from palermo.rooms.children.queries.texts import owner_of, place
from palermo.web.room import Subject

SURE = ("under_18", "not_sure", "to_be_decided")
CHILDHOOD = 18


def comes_of_age(birth_month: date | None) -> datetime | None:
    """The end of the estimated month, 18 years on: the benefit of the doubt is the child's."""
    if birth_month is None:
        return None
    years, month = divmod(birth_month.month, 12)
    day = date(birth_month.year + CHILDHOOD + years, month + 1, 1)
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def begin_child(
    *,
    actor: Viewer,
    about: Subject,
    situation: str,
    age: str,
    language: str = "",
    birth_month: date | None = None,
) -> ChildProtection:
    """Open the file of a child in a case; "under 18" and "not sure" are on the child track at once.

    Raises Conflict for a case about an adult, or where the file is open. Nobody is asked for consent.
    """
    require(actor, "children.child.begin", about.key)
    if about.child is False:
        raise Conflict(_("This case is about an adult."), rule="children.child.adult")
    if ChildProtection.objects.filter(pk=about.key).exists():
        raise Conflict(_("The file of this child is open already."), rule="children.child.once")
    check(
        (situation not in codes.codes(codes.SITUATION), "situation", _("Choose with whom the child is.")),
        (age not in SURE, "age", _("Choose: under 18, or not sure.")),
        (
            bool(language) and language not in codes.codes(codes.LANGUAGE),
            "language",
            _("Choose the language."),
        ),
    )
    assert actor.user_id is not None
    made = ChildProtection(
        id=about.key,
        person_id=about.person_id,
        person_code=about.person_code,
        case_code=about.code,
        organisation_id=about.organisation_id,
        situation=situation,
        language=language,
        birth_month=birth_month,
        turns_18_at=comes_of_age(birth_month),
        opened_by_id=actor.user_id,
    )
    begin(actor=actor, obj=made)
    # Also where somebody says "adult": until that is decided the age is in doubt.
    settle_age(actor=actor, case_id=about.key, child=True)
    if age != "to_be_decided":
        transition(actor=actor, obj=made, event="treat_as_child", expected_version=made.version)
    _trace(actor, made, "children.child.begin", age)
    return made


@transaction.atomic
def add_record(
    *, actor: Viewer, child: ChildProtection, what: str, expected_version: int, given: Given
) -> ChildProtection:
    """Write down an age assessment, a view, what is known of family, a contact; or the month of birth, the risk,
    another guardian. Raises Stale where the file has moved on since it was opened.
    """
    require(actor, "children.record.add", child.pk)
    if not actor.has(*RECORDS[what][0]):
        raise Refused(_("Your role does not include this."), rule=f"children.record.{what}")
    child.change({}, expected_version=expected_version)
    RECORDS[what][1](actor, child, given)
    _trace(actor, child, f"children.record.{what}", what)
    return child


def _birth(actor: Viewer, child: ChildProtection, given: Given) -> None:
    month = given["birth_month"]
    check((month > timezone.localdate(), "birth_month", _("The month is not in the future.")))
    child.change(
        {"birth_month": month, "turns_18_at": comes_of_age(month)},
        expected_version=child.version,
        base={"birth_month": child.birth_month},
    )
    reckon(actor=actor, obj=child)


def _risk(actor: Viewer, child: ChildProtection, given: Given) -> None:
    case = cases_read.case(actor, child.pk)
    cases.assess_risk(
        actor=actor, case=case, risk=given["risk"], reason=given["text"], expected_version=case.version
    )
    child.change({"risk_due_at": None}, expected_version=child.version)


def _view(actor: Viewer, child: ChildProtection, given: Given) -> None:
    papers.hear(actor, child, child.state, given)


def _situation(actor: Viewer, child: ChildProtection, given: Given) -> None:
    values = {"situation": given["situation"], "language": given.get("language") or ""}
    base = {name: getattr(child, name) for name in values}
    child.change(values, expected_version=child.version, base=base)


def _contact(actor: Viewer, child: ChildProtection, given: Given) -> None:
    if child.state not in ("closed", "follow_up"):
        raise Conflict(_("This is for the time after closing."), rule="children.follow_up", state=child.state)
    papers.keep(actor, child, Kind.FOLLOW_UP, [given["wellbeing"]], given.get("text", ""))


def _guardian(actor: Viewer, child: ChildProtection, given: Given) -> None:
    if not Guardian.objects.filter(child=child, ended_at=None).exists():
        words = _("The first guardian is appointed as a step.")
        raise Conflict(words, rule="children.guardian.first", state=child.state)
    papers.appoint(actor, child, given)


FIELD = ("first_responder", "case_manager", "supervisor", "child_protection")
WORKERS = ("case_manager", "supervisor", "child_protection")
Keeper = Callable[[Viewer, ChildProtection, Given], Any]
# what -> (who may write it, how it is kept)
RECORDS: dict[str, tuple[tuple[str, ...], Keeper]] = {
    "age": (FIELD, papers.assess_age),
    "view": (FIELD, _view),
    "birth": (FIELD, _birth),
    "situation": (FIELD, _situation),
    "family": (WORKERS, papers.trace_family),
    "risk": (WORKERS, _risk),
    "contact": (WORKERS, _contact),
    "guardian": (("child_protection",), _guardian),
}


@transaction.atomic
def reveal_guardian(*, actor: Viewer, child: ChildProtection, purpose: str) -> dict[str, str]:
    """Name and reach of the guardian, freshly signed in, with the trace written first."""
    require(actor, "children.guardian.reveal", child.pk)
    now = Guardian.objects.filter(child=child, ended_at=None).first()
    row = GuardianName.objects.filter(guardian=now).first() if now else None
    if row is None:
        raise Conflict(_("There is no guardian whose name you may see."), rule="children.guardian.none")
    record(
        actor=actor,
        action="children.guardian.reveal",
        object_kind="case",
        object_id=child.pk,
        purpose=purpose,
        fields=("name", "reach"),
    )
    columns = ("sealed_name", "sealed_reach")
    spots = [(place("guardianname", row.pk, column), getattr(row, column)) for column in columns]
    texts = open_texts(actor=actor, owner=owner_of(child), sealed=spots)
    return {name: text or "" for name, text in zip(("name", "reach"), texts, strict=True)}


def _trace(actor: Viewer, child: ChildProtection, action: str, what: str) -> None:
    record(actor=actor, action=action, object_kind="case", object_id=child.pk, detail={"what": what})
