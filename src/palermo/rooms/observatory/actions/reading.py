"""Opening the answers of one record: with an entry in the audit, in the words that were asked."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from palermo.kernel.access.policy import asked_once, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.vault.texts import Place, open_texts
from palermo.rooms.observatory.actions.keeping import names_of
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import AnswerRow, Attachment, Review, Submission


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answer, both in words."""

    path: str
    label: str
    answer: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One occurrence of a group. title: of its repeat; number: which turn, as 2 or 2.1; empty for the whole record."""

    title: str
    number: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """An opened record."""

    turns: tuple[Turn, ...]
    files: tuple[tuple[Attachment, str], ...]
    reviews: tuple[tuple[Review, str], ...]


@transaction.atomic
def read_submission(*, actor: Viewer, submission: Submission, language: str = "") -> Answers:
    """The answers, files and reviews of a record. Needs the study's grant; the wall asks for the site besides."""
    require(actor, "observatory.study.view", submission.study_id)
    owner = owner_of(submission.study)
    record(
        actor=actor, action="observatory.submission.open", object_kind="submission", object_id=submission.pk
    )
    with asked_once():
        shown = tuple(_turns(actor, submission, language))
        newest = submission.revisions.order_by("-number").first()
        files = names_of(actor, owner, newest.attachments.all()) if newest is not None else []
        reviews = list(submission.reviews.select_related("by"))
        sealed = [
            (Place("observatory_review", "sealed_reason", r.pk), bytes(r.sealed_reason)) for r in reviews
        ]
        reasons = open_texts(actor=actor, owner=owner, sealed=sealed)
    said = tuple((one, text or "") for one, text in zip(reviews, reasons, strict=True))
    return Answers(shown, tuple(files), said)


@transaction.atomic
def answer_rows(*, actor: Viewer, submission: Submission) -> list[dict[str, Any]]:
    """The rows of a record as plain data: where in the form, which turn, and every answer by its path in the group.

    What indicators are made of. Codes stay codes; nothing is put into words.
    """
    require(actor, "observatory.study.view", submission.study_id)
    record(
        actor=actor, action="observatory.submission.open", object_kind="submission", object_id=submission.pk
    )
    with asked_once():
        return [
            {"repeat_path": row.repeat_path, "ordinals": list(row.ordinals), "values": values}
            for row, values in merged(actor, submission)
        ]


def merged(actor: Viewer, submission: Submission) -> list[tuple[AnswerRow, dict[str, Any]]]:
    """Each row with all its answers, coded and sealed. For those who hold the study."""
    rows: Sequence[AnswerRow] = list(submission.answers.all())
    sealed = [(Place("observatory_answerrow", "sealed", row.pk), bytes(row.sealed)) for row in rows]
    texts = open_texts(actor=actor, owner=owner_of(submission.study), sealed=sealed)
    return [
        (row, {**row.values, **(json.loads(text) if text else {})})
        for row, text in zip(rows, texts, strict=True)
    ]


def _turns(actor: Viewer, submission: Submission, language: str) -> Iterator[Turn]:
    schema = submission.form_version.schema
    order = {field["path"]: place for place, field in enumerate(schema["fields"])}
    asked = {field["path"]: field for field in schema["fields"]}
    for row, values in merged(actor, submission):
        paths = sorted(
            ((f"{row.repeat_path}/{name}", value) for name, value in values.items()),
            key=lambda one: (order.get(one[0], len(order)), one[0]),
        )
        questions = tuple(_question(path, value, asked.get(path), language) for path, value in paths)
        title = row.repeat_path.rpartition("/")[2]
        yield Turn(title, ".".join(str(n) for n in row.ordinals), questions)


def _question(path: str, value: Any, asked: dict[str, Any] | None, language: str) -> Question:
    return Question(path, *worded(path, value, asked, language))


def worded(path: str, value: Any, asked: dict[str, Any] | None, language: str) -> tuple[str, str]:
    """A question and its answer in words; the path and the code where there are none."""
    field = asked or {"label": {}, "choices": {}}
    label = _in(field["label"], language) or path.strip("/")
    many = value if isinstance(value, list) else [value]
    words = [_in(field["choices"].get(str(one), {}), language) or _plain(one) for one in many]
    return label, ", ".join(words)


def _plain(value: Any) -> str:
    """A sum without a tail of noughts."""
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _in(words: dict[str, str], language: str) -> str:
    """A label in the language asked for ("English (en)" is "en"), or in the first there is."""
    for name, text in words.items():
        if language and (name.endswith(f"({language})") or name == language):
            return text
    return next(iter(words.values()), "")
