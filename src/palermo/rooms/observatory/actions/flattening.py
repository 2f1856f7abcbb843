"""The worker's part: the answers of a record as rows. What goes wrong is told by code and path; the XML stays."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4
from xml.etree.ElementTree import Element

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import asked_once, require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.kernel.vault.texts import Place, seal_text
from palermo.rooms.observatory.actions import keeping
from palermo.rooms.observatory.actions.duplicates import came_before, content_mark
from palermo.rooms.observatory.actions.facts import note_facts
from palermo.rooms.observatory.actions.instances import local, read_instance
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.actions.receiving import JOB
from palermo.rooms.observatory.actions.unsealing import open_all
from palermo.rooms.observatory.actions.wordings import known, without_weight
from palermo.rooms.observatory.models import AnswerRow, Flattening, ReviewState, Submission
from palermo.rooms.observatory.queries.shapes import is_coded

ANSWERS = "observatory_answerrow"
OURS = ("/meta/instanceID", "/meta/deprecatedID")


class Unfit(Exception):
    """An answer does not have the form that its question asks for. Holds a code and a path, never the answer."""

    def __init__(self, code: str, path: str) -> None:
        super().__init__(f"{code} {path}")


@dataclass(slots=True)
class Turn:
    """The answers of one occurrence of one group. coded: of few values; telling: can say who somebody is."""

    path: str
    ordinals: tuple[int, ...]
    coded: dict[str, Any] = field(default_factory=dict)
    telling: dict[str, Any] = field(default_factory=dict)


def turns(schema: dict[str, Any], root: Element, *, strict: bool = True) -> list[Turn]:
    """The rows of a filled form: the whole record first, then each turn of each repeat, in document order.

    Raises Unfit at the first answer that is not what its type says, or, not `strict`, keeps it as it is. What the form
    does not know is kept as telling.
    """
    fields = {one["path"]: one for one in schema["fields"]}
    repeats = frozenset(schema["repeats"])
    found = [Turn("", ())]
    waiting: deque[tuple[Element, str, Turn]] = deque([(root, "", found[0])])
    counts: dict[tuple[str, tuple[int, ...]], int] = {}
    while waiting:
        element, path, turn = waiting.popleft()
        for child in element:
            below = f"{path}/{local(child)}"
            if below in repeats:
                key = (below, turn.ordinals)
                counts[key] = counts.get(key, 0) + 1
                inner = Turn(below, (*turn.ordinals, counts[key]))
                found.append(inner)
                waiting.append((child, below, inner))
            elif len(child):
                waiting.append((child, below, turn))
            elif (text := (child.text or "").strip()) and below not in OURS:
                _answer(turn, below, text, fields.get(below), strict)
    return sorted(found, key=lambda turn: (turn.path, turn.ordinals))


def _answer(turn: Turn, path: str, text: str, asked: dict[str, Any] | None, strict: bool) -> None:
    name = path[len(turn.path) + 1 :]
    if asked is None or not is_coded(asked):
        turn.telling[name] = text
        return
    try:
        turn.coded[name] = _typed(asked, path, text)
    except Unfit:
        if strict:
            raise
        turn.telling[name] = text


def _typed(asked: dict[str, Any], path: str, text: str) -> Any:
    try:
        if asked["type"] == "int":
            return int(text)
        if asked["type"] == "decimal":
            return _decimal(text)
    except (ValueError, OverflowError):
        raise Unfit("number", path) from None
    if asked["control"] in ("select", "rank"):
        return text.split()
    return text


def _decimal(text: str) -> float:
    found = float(text)
    if found != found or found in (float("inf"), float("-inf")):
        raise ValueError("not a number")
    return found


def flatten(viewer: Viewer, effect: Effect) -> None:
    """Make the rows of a record's newest XML anew. May be done again at any time: the same XML gives the same rows."""
    if viewer.kind == OPERATOR and effect.object_id is not None:
        lay_out(viewer, effect.object_id)


def lay_out(viewer: Viewer, submission_id: UUID, key: RSAPrivateKey | None = None) -> str:
    """What `flatten` does; with a key for encrypted records where somebody brings one. Returns how it ended."""
    rows = Submission.objects.select_for_update(of=("self",), no_key=True).select_related("study", "form")
    submission = rows.filter(pk=submission_id).first()
    if submission is None or submission.state == ReviewState.WITHDRAWN:
        return ""
    problem, is_open, flags = "", False, set(submission.flags)
    try:
        with transaction.atomic(), asked_once():
            is_open, noticed = open_all(viewer, submission, key)
        flags |= noticed
        with transaction.atomic(), asked_once():
            flags |= _write(viewer, submission) if is_open else set()
    except Unfit as error:
        problem = str(error)
    except Exception as error:  # whatever it is: the record stays, and somebody is shown that it waits
        problem = f"error {type(error).__name__}"
    done = Flattening.FAILED if problem else Flattening.DONE if is_open else Flattening.LOCKED
    values: dict[str, Any] = {"flattening": done, "problem": problem[:200]}
    if not problem and flags != set(submission.flags):
        values["flags"] = sorted(flags)
        if submission.state == ReviewState.RECEIVED:
            values["state"] = ReviewState.FLAGGED
    if not problem and is_open:
        values["content_mark"] = submission.content_mark
    submission.change(values, expected_version=submission.version)
    return done


def _write(viewer: Viewer, submission: Submission) -> set[str]:
    """The rows; returns what the machine notices of the answers."""
    owner = owner_of(submission.study)
    rows = submission.revisions.select_related("form_version").defer(*without_weight("form_version"))
    revision = rows.get(instance_id=submission.current_instance)
    schema = known(revision.form_version).schema
    xml = keeping.open_answers(viewer, owner, revision)
    instance = read_instance(xml)
    made = []
    for turn in turns(schema, instance.root):
        row_id = uuid4()
        text = json.dumps(turn.telling, ensure_ascii=False) if turn.telling else ""
        sealed = seal_text(owner=owner, place=Place(ANSWERS, "sealed", row_id), text=text)
        made.append(
            AnswerRow(
                id=row_id, submission=submission, repeat_path=turn.path, ordinals=list(turn.ordinals),
                values=turn.coded, sealed=sealed,
            )
        )  # fmt: skip
    AnswerRow.objects.filter(submission=submission).delete()
    AnswerRow.objects.bulk_create(made, batch_size=500)
    note_facts(submission, xml)
    submission.content_mark = content_mark(submission, schema, instance.root)
    return {"same_answers"} if came_before(submission) else set()


@transaction.atomic
def flatten_again(*, actor: Viewer, submission: Submission, expected_version: int) -> None:
    """Ask for the rows of a record once more, after what stood in the way was put right."""
    require(actor, "observatory.submission.review", submission.study_id)
    if submission.flattening not in (Flattening.FAILED, Flattening.LOCKED):
        words = _("The answers of this record are no problem.")
        raise Conflict(words, rule="observatory.submission", state=submission.flattening)
    locked = submission.flattening == Flattening.LOCKED
    values = {"flattening": Flattening.LOCKED if locked else Flattening.WAITING, "problem": ""}
    submission.change(values, expected_version=expected_version)
    enqueue(JOB, submission.pk)
    record(
        actor=actor,
        action="observatory.submission.flatten",
        object_kind="submission",
        object_id=submission.pk,
    )
