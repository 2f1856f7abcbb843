"""Saying that two persons of the vault are one, or are not. Two people say it; whoever answers for one can undo it.

It is a link and nothing else: no grant, no identity and no record changes, so undoing it leaves everything as it was.
"""

from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, DomainError, FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.vault.blind import Probe
from palermo.kernel.vault.codes import parse_code
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.models import Ground, Pairing, PairState, Person, SealedField
from palermo.kernel.vault.pairings import judged
from palermo.kernel.vault.queries import search
from palermo.kernel.vault.scoring import Match
from palermo.kernel.vault.sealing import opened
from palermo.kernel.vault.sql_ranked import COMPARED
from palermo.kernel.vault.unlock import person_key

RULE = "vault.same"
# What each answer needs a reason for: it goes into the history, where the other side reads it.
EVENTS = ("confirm", "different", "unsure", "withdraw", "undo", "reopen")
WHY = ("different", "undo")


@transaction.atomic
def propose_same(*, actor: Viewer, person_id: UUID, other_code: str, ground: str) -> UUID:
    """Propose that a person whom the actor looks after is the same as the one with that code. Returns the pair's id.

    The code may be of a person elsewhere: whether there is one is not told; who looks after that one is asked.
    """
    return _pair(actor, person_id, other_code, ground, "propose")


@transaction.atomic
def set_apart(*, actor: Viewer, person_id: UUID, other_code: str, ground: str) -> UUID:
    """Write down that two persons, both of whom the actor sees, are two: they are not suggested again."""
    return _pair(actor, person_id, other_code, ground, "apart")


def _pair(actor: Viewer, person_id: UUID, other_code: str, ground: str, wanted: str) -> UUID:
    require(actor, "vault.same.propose", person_id)
    code = _checked(other_code, ground)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pair, came FROM vault_pair(%s, %s, %s, %s)", [person_id, code, wanted, ground])
        made, came = cursor.fetchone()
    if came != "done":
        raise _refusal(came)
    _record(actor, wanted, person_id, made, ground)
    return UUID(str(made))


def _checked(other_code: str, ground: str) -> str:
    code = parse_code(other_code)
    problems = []
    if code is None:
        problems.append(FieldProblem("other_code", _("This is not a whole code. Look at it again."), "code"))
    if ground not in Ground.values or ground == Ground.ERASED:
        problems.append(FieldProblem("ground", _("Say why."), "required"))
    if problems:
        raise Invalid(_("Nothing was proposed."), problems=problems, rule=RULE)
    assert code is not None
    return code


@transaction.atomic
def answer_same(*, actor: Viewer, pairing_id: UUID, event: str, ground: str = "") -> None:
    """Let one of EVENTS happen to a pair: confirm, different or unsure by a second person; withdraw; undo; reopen."""
    if event not in EVENTS or not Pairing.objects.filter(pk=pairing_id).exists():
        raise NotFound()
    require(actor, "vault.same.answer")
    if (event in WHY or ground) and (ground not in Ground.values or ground == Ground.ERASED):
        problem = FieldProblem("ground", _("Say why."), "required")
        raise Invalid(_("Nothing was changed."), problems=[problem], rule=RULE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT came, own, other FROM vault_pair_move(%s, %s, %s)", [pairing_id, event, ground]
        )
        came, left, right = cursor.fetchone()
    if came != "done":
        raise _refusal(came)
    # Both trails tell it where both sides know of each other; a proposal that is answered or taken back is of one side.
    if right is not None and event != "withdraw":
        _record(actor, event, right, pairing_id, ground)
    _record(actor, event, left, pairing_id, ground)


def _refusal(came: str) -> DomainError:
    if came == "absent":
        return NotFound()
    if came == "self":
        problem = FieldProblem("other_code", _("This is the code of the same record."), "code")
        return Invalid(_("Nothing was proposed."), problems=[problem], rule=RULE)
    if came == "own":
        return Refused(
            _("You proposed it yourself. A second person has to answer."), rule="vault.same.two_people"
        )
    if came == "stale":
        words = _("Who proposed this does not look after the person any more. It has to be proposed anew.")
        return Conflict(words, rule="vault.same.left", state="proposed")
    if came in PairState.values:
        words = _("This cannot be done now. Where it stands: %(state)s.") % {"state": PairState(came).label}
        return Conflict(words, rule=RULE, state=came)
    words = _("Only who looks after the person, in the organisation that answers for it, can do this.")
    return Refused(words, rule="vault.same.side")


def _record(actor: Viewer, event: str, person_id: UUID, pairing_id: UUID, ground: str) -> None:
    record(
        actor=actor,
        action=f"vault.same.{event}",
        object_kind="person",
        object_id=person_id,
        purpose=ground,
        detail={"pairing": str(pairing_id)},
    )


@transaction.atomic
def look_for_doubles(*, actor: Viewer, person_id: UUID) -> list[tuple[Match, str]]:
    """Persons whom the actor may see and who may be this one, each with where that question stands ("" where nobody
    asked it). It is a search like any other: on record, and other holders are told that the actor's house asked.
    """
    require(actor, "vault.same.look", person_id)
    person = Person.objects.filter(pk=person_id, erased_at=None).first()
    if person is None:
        raise NotFound()
    known = judged(actor, person.code)
    found = [match for match in search(actor, _probe(person)) if match.person_id != person_id]
    return [
        (match, known.get(match.code, ""))
        for match in found
        if known.get(match.code) not in (PairState.SAME, PairState.DIFFERENT)
    ]


def _probe(person: Person) -> Probe:
    """What the person's own identity asks with; opened in memory and shown to nobody."""
    rows = SealedField.objects.filter(person_id=person.pk, field__in=COMPARED)
    identity = Identity(**opened(person_key(person), person.pk, person.version, rows))
    return Probe.of(identity)
