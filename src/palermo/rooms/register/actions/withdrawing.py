"""Taking a person out of the register, putting him back, and putting the codes of a row right. No identity.

Coordinators do it by the public code; the colleagues of a case by the case's own pseudonym, without ever
learning the code. What is taken out is no longer counted at once; the key stays, so that neither the case nor
the next delivery of the list brings the person back.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.rooms.register.actions.cases import coded_columns, signature
from palermo.rooms.register.models import Correction, Joined, Mistake, Person, Reason
from palermo.rooms.register.models.codes import number_of

CORRECTABLE = ("year", "crime", "status", "sex", "age_group", "majority", "citizenship", "country", "area")


def ask(function: str, *values: Any) -> Any:
    """What a door of the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(values))})", values)
        return cursor.fetchone()[0]


def _known_reason(reason: str) -> None:
    if reason not in Reason.values:
        problems = [FieldProblem("reason", "", "register.withdrawal.reason")]
        raise Invalid(_("A withdrawal needs one of the reasons."), problems=problems)


@transaction.atomic
def withdraw_person(*, actor: Viewer, code: str, reason: str) -> None:
    """Take the person out: no longer counted, listed or fed. Raises `NotFound` when there is none.

    An erasure keeps nothing but the key and where the row came from; a person withdrawn before may be erased. Whoever
    stands on several lists is taken out of each; each row may be put back alone.
    """
    require(actor, "register.person.withdraw")
    _known_reason(reason)
    if not ask("register_withdraw", number_of(code) or 0, reason):
        raise NotFound()
    audit(
        actor=actor, action="register.person.withdraw", object_kind="register",
        detail={"code": code, "reason": reason},
    )  # fmt: skip


@transaction.atomic
def withdraw_case_person(*, actor: Viewer, pseudonym: bytes, reason: str) -> bool:
    """The same from a case, by its own pseudonym. False when the person was out already.

    Whether the register held anything is not told. Later events of the case are not stored either.
    """
    require(actor, "register.case_event.record")
    _known_reason(reason)
    done = bool(ask("register_withdraw_case", pseudonym, reason, signature(pseudonym, "withdraw", reason)))
    # No code here: it would tie the case, which the caller's entries name, to the register.
    audit(
        actor=actor, action="register.case_person.withdraw", object_kind="register", detail={"reason": reason}
    )
    return done


@transaction.atomic
def restore_person(*, actor: Viewer, code: str) -> None:
    """Undo a withdrawal within its days; never after an erasure. Raises `Conflict` when it is too late."""
    require(actor, "register.person.withdraw")
    if not ask("register_restore", number_of(code) or 0):
        raise Conflict(
            _("This withdrawal can no longer be undone."), rule="register.withdrawal.undo", state="withdrawn"
        )
    audit(actor=actor, action="register.person.restore", object_kind="register", detail={"code": code})


@transaction.atomic
def correct_person(*, actor: Viewer, code: str, changes: Mapping[str, Any], reason: str) -> None:
    """Put codes of a row right (`CORRECTABLE`). Raises `Invalid` with every problem, `NotFound` without a row.

    It holds until the source delivers the row changed: the same file again changes nothing.
    """
    require(actor, "register.person.withdraw")
    problems = [
        FieldProblem(name, "", "register.attribute.name") for name in changes if name not in CORRECTABLE
    ]
    if reason not in Mistake.values:
        problems.append(FieldProblem("reason", "", "register.correction.reason"))
    texts = {name: value for name, value in changes.items() if name != "year" and name in CORRECTABLE}
    values = coded_columns(texts, problems)
    if "age_group" in values:
        values.setdefault("age_band", "")
    if "year" in changes:
        values["year"] = changes["year"]
    held = Person.objects.filter(id=number_of(code) or 0).first()
    if held is None:
        raise NotFound()
    if Joined.objects.filter(number=held.pk).exists():
        words = _("This person is put together from rows of several lists. Correct the row that is wrong.")
        raise Conflict(words, rule="register.correction.joined", state="joined")
    values = {name: value for name, value in values.items() if getattr(held, name) != value}
    if not values:
        raise Invalid(_("Nothing is different from what stands there."), problems=[])
    ask("register_correct", held.pk, json.dumps(values), reason)
    audit(
        actor=actor, action="register.person.correct", object_kind="register", fields=tuple(values),
        detail={"code": code, "reason": reason},
    )  # fmt: skip


@transaction.atomic
def undo_correction(*, actor: Viewer, code: str, correction: int) -> None:
    """Give the row its codes from before. Raises `Conflict` when they were changed since."""
    require(actor, "register.person.withdraw")
    ours = Correction.objects.filter(id=correction, person_id=number_of(code) or 0).exists()
    if not ours:
        raise NotFound()
    if not ask("register_uncorrect", correction):
        raise Conflict(
            _("The row was changed since; correct it anew."), rule="register.correction.undo", state="changed"
        )
    audit(actor=actor, action="register.correction.undo", object_kind="register", detail={"code": code})


@transaction.atomic
def reconcile(*, actor: Viewer) -> int:
    """Count every person anew, where the tables of counts had drifted. Returns how many cells were wrong."""
    from palermo.rooms.register.queries import drift

    require(actor, "register.person.record")
    wrong = len(drift(actor))
    if wrong:
        ask("register_recount")
        audit(actor=actor, action="register.cells.recount", object_kind="register", detail={"cells": wrong})
    return wrong


def forget_withdrawn() -> int:
    """Drop what was kept for undoing withdrawals whose days are over. Returns of how many persons."""
    return int(ask("register_forget_withdrawn"))
