"""What an edit changed: each wording of a record beside the one before it, answer by answer."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from palermo.kernel.access.policy import asked_once, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.crypto import Tampered
from palermo.kernel.vault.texts import Owner
from palermo.rooms.observatory.actions import keeping
from palermo.rooms.observatory.actions.flattening import turns
from palermo.rooms.observatory.actions.instances import read_instance
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.actions.reading import worded
from palermo.rooms.observatory.models import ReviewState, Submission, SubmissionRevision

Said = dict[tuple[str, tuple[int, ...]], Any]


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer that an edit changed, in words. turn: of which repeat, as 2 or 2.1; empty outside of repeats."""

    label: str
    turn: str
    before: str
    after: str


@transaction.atomic
def changes_of(
    *, actor: Viewer, submission: Submission, language: str = ""
) -> dict[int, list[Changed] | None]:
    """By the number of each edit: what it changed. None where one of the two wordings cannot be read."""
    require(actor, "observatory.study.view", submission.study_id)
    rows = list(submission.revisions.select_related("form_version").order_by("number"))
    if len(rows) < 2 or submission.state == ReviewState.WITHDRAWN:
        return {}
    record(
        actor=actor, action="observatory.submission.history", object_kind="submission", object_id=submission.pk
    )  # fmt: skip
    owner = owner_of(submission.study)
    with asked_once():
        said = [_said(actor, owner, one) for one in rows]
    found: dict[int, list[Changed] | None] = {}
    for place, one in enumerate(rows[1:], 1):
        old, new = said[place - 1], said[place]
        known = old is not None and new is not None
        found[one.number] = _compared(one, old or {}, new or {}, language) if known else None
    return found


def _said(actor: Viewer, owner: Owner, revision: SubmissionRevision) -> Said | None:
    """Every answer of a wording by its path and turn; None where it is encrypted still, or does not read."""
    schema = revision.form_version.schema
    try:
        root = read_instance(keeping.open_answers(actor, owner, revision)).root
        found = turns(schema, root, strict=False)
    except (NotFound, Tampered, ValueError):
        return None
    return {
        (f"{turn.path}/{name}", turn.ordinals): value
        for turn in found
        for name, value in {**turn.coded, **turn.telling}.items()
    }


def _compared(revision: SubmissionRevision, old: Said, new: Said, language: str) -> list[Changed]:
    fields = revision.form_version.schema["fields"]
    order = {field["path"]: place for place, field in enumerate(fields)}
    asked = {field["path"]: field for field in fields}
    changed = sorted(
        (key for key in {*old, *new} if old.get(key) != new.get(key)),
        key=lambda key: (order.get(key[0], len(order)), key),
    )

    def words(key: tuple[str, tuple[int, ...]], values: Said) -> tuple[str, str]:
        if key not in values:
            return worded(key[0], "", asked.get(key[0]), language)[0], ""
        return worded(key[0], values[key], asked.get(key[0]), language)

    return [
        Changed(words(key, new)[0], ".".join(map(str, key[1])), words(key, old)[1], words(key, new)[1])
        for key in changed
    ]
