"""What leaves the screen on paper: a summary for a meeting, the plan for the person, the safety plan without a code."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.actions import File
from palermo.kernel.exports.documents.blocks import Block, Document, Facts, Heading, Paragraph, Points, Table
from palermo.kernel.exports.documents.handing import hand_out_document, show_document
from palermo.kernel.exports.documents.letters import Step, plan_sheet
from palermo.rooms.cases import queries
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.plans import Version

CASE, PLAN = "cases.case.print", "cases.plan.print"
NOTES = 10
# Told to nobody but who holds the paper: no code, no office, no word of what it is about.
SAFETY_FILE = "help"


def _out(actor: Viewer, permission: str, case: Case, paper: Document, format: str) -> Document | File:
    """The page to print, or the file; either is on record."""
    if format:
        return hand_out_document(
            actor=actor,
            permission=permission,
            document=paper,
            format=format,
            object_id=case.pk,
            object_kind="case",
        )
    return show_document(
        actor=actor, permission=permission, document=paper, object_id=case.pk, object_kind="case"
    )


def print_case(*, actor: Viewer, case: Case, language: str, format: str = "") -> Document | File:
    """The case for a handover meeting, by code: where it stands, what comes next, what was written last."""
    require(actor, CASE, case.pk)
    with override(language):
        blocks: list[Block] = [
            Facts(_standing(case)),
            Paragraph(case.opening_reason),
            *_next(actor, case),
            *_facts(case, language),
        ]
        if can(actor, "cases.plan.view", case.pk):
            blocks += _risk(actor, case) + _plan(actor, case)
        blocks += _notes(actor, case)
        paper = Document(
            what="case",
            title=_("Case %(code)s: summary") % {"code": case.code},
            language=language,
            dated=timezone.localdate(),
            blocks=tuple(blocks),
            version=_("As of %(day)s") % {"day": _day(timezone.localdate())},
            code=case.person_code,
            reference=case.code,
            issuer=str(case.organisation),
            mark=_("Confidential"),
        )
    return _out(actor, CASE, case, paper, format)


def print_plan(*, actor: Viewer, case: Case, language: str, format: str = "") -> Document | File:
    """The plan in force as the person takes it home, to be signed. NotFound while none is approved."""
    require(actor, PLAN, case.pk)
    with override(language):
        now = queries.in_force(actor, case)
        if now is None or now.plan.agreed_at is None:
            raise NotFound()
        assessed = next(iter(queries.risks(actor, case)), None)
        review = queries.risk_due(assessed)
        paper = plan_sheet(
            language=language,
            person_code=case.person_code,
            agreed_on=timezone.localdate(now.plan.agreed_at),
            steps=[
                Step(goal=line.goal, step=line.text or line.kind, who=line.doer, by=line.action.due_on)
                for line in now.open
            ],
            reference=case.code,
            organisation=str(case.organisation),
            review_on=timezone.localdate(review) if review else None,
        )
    return _out(actor, PLAN, case, paper, format)


def print_safety(*, actor: Viewer, case: Case, language: str, format: str = "") -> Document | File:
    """The safety plan alone: no code, no name, nothing that says what it is about. NotFound while there is none."""
    require(actor, PLAN, case.pk)
    with override(language):
        found = queries.safety(actor, case)
        if found is None:
            raise NotFound()
        rows = tuple(
            (line.sign, _(". ").join(filter(None, (line.step, line.text))), line.call) for line in found.lines
        )
        paper = Document(
            what=SAFETY_FILE,
            title=_("When I need help"),
            language=language,
            dated=timezone.localdate(found.gone_through_at),
            blocks=(Table((_("When"), _("I do this"), _("I call")), rows),),
            version=_day(timezone.localdate(found.gone_through_at)),
        )
    return _out(actor, PLAN, case, paper, format)


def _day(value: date | datetime) -> str:
    return date_format(timezone.localtime(value) if isinstance(value, datetime) else value, "DATE_FORMAT")


def _standing(case: Case) -> tuple[tuple[str, str], ...]:
    status = case.status_said
    return (
        (_("State"), queries.state_name(case.state)),
        (
            _("Status of the person"),
            _("%(status)s, child or age in doubt") % {"status": status} if case.child else status,
        ),
        (_("About"), case.crime_said),
        (_("Risk"), str(case.get_risk_display())),
        (_("Opened"), _day(case.opened_at)),
        (_("Closed"), _day(case.closed_at) if case.closed_at else ""),
        (_("Outcome"), str(case.get_ending_display()) if case.ending else ""),
    )


def _next(actor: Viewer, case: Case) -> list[Block]:
    rows = tuple((clock.label, _day(clock.due_at)) for clock in queries.deadlines(actor, case))
    return [Heading(_("What is due")), Table((_("Step"), _("By when")), rows)] if rows else []


def _facts(case: Case, language: str) -> list[Block]:
    rows = queries.facts_in_words(case, language)
    return [Heading(_("Facts")), Facts(tuple(rows))] if rows else []


def _risk(actor: Viewer, case: Case) -> list[Block]:
    newest = next(iter(queries.risks(actor, case)), None)
    found: list[Block] = []
    if newest is not None:
        head = _("%(level)s, assessed %(day)s") % {
            "level": newest.get_level_display(),
            "day": _day(newest.made_at),
        }
        found += [Heading(_("Risk")), Paragraph(head, "lead")]
        factors = tuple(queries.say("palermo/risk_factor", code) for code in newest.factors)
        found += [Points(factors)] if factors else []
        found += [Paragraph(newest.text)] if newest.text else []
    happened = tuple(
        _(": ").join(filter(None, (queries.say("palermo/risk_cause", row.kind), row.text)))
        for row in queries.happenings(actor, case)
    )
    return found + ([Heading(_("What happened since")), Points(happened)] if happened else [])


def _plan(actor: Viewer, case: Case) -> list[Block]:
    now: Version | None = queries.in_force(actor, case)
    if now is None:
        return [Heading(_("Plan")), Paragraph(_("No plan is approved yet."))]
    goals = tuple(aim.text or aim.kind for aim in now.goals)
    rows = tuple((line.text or line.kind, line.doer, _day(line.action.due_on)) for line in now.open)
    found: list[Block] = [Heading(_("Plan"))]
    found += [Points(goals)] if goals else []
    if rows:
        return [*found, Table((_("Open action"), _("Who"), _("By when")), rows)]
    return [*found, Paragraph(_("Every action of the plan has a result."))]


def _notes(actor: Viewer, case: Case) -> list[Block]:
    """The latest notes, newest first, as they read now: what was corrected is left out."""
    written = [note for note in queries.notes(actor, case) if not hasattr(note, "corrected_by")][:NOTES]
    found: list[Block] = [Heading(_("Latest notes"))] if written else []
    for note in written:
        found += [Paragraph(_day(note.written_at), "quiet"), Paragraph(note.text)]
    return found
