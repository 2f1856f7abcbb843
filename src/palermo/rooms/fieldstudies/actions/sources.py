"""Sources: what was said, redacted step by step, approved by a second person."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.fieldwork.coding import sentences
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.vault.crypto import Tampered
from palermo.kernel.vault.texts import Place, open_texts, seal_text
from palermo.rooms.fieldstudies.models import FieldStudy, Source, SourceState, Wording
from palermo.rooms.fieldstudies.queries import on_team, owner_of

MOST_TEXT = 200_000
MARKS = ("NAME", "PLACE", "PHONE", "DATE", "GROUP", "OTHER")
FIELDS = (
    "code", "actor_type", "sex", "age_band", "admin1", "month", "mode", "consent_version", "audio", "audio_until",
    "sensitivity",
)  # fmt: skip


def _person(actor: Viewer) -> Any:
    if actor.user_id is None:
        raise Refused(_("A person does this."), rule="fieldstudies.person")
    return actor.user_id


def _team(actor: Viewer, study: FieldStudy) -> None:
    if not on_team(actor, study):
        raise Refused(_("Only the team of the study works on raw words."), rule="fieldstudies.team")


@transaction.atomic
def add_source(*, actor: Viewer, study: FieldStudy, values: Mapping[str, Any], text: str) -> Source:
    """Somebody who was listened to, and the words. Raises Invalid."""
    require(actor, "fieldstudies.source.write", study.pk)
    _team(actor, study)
    text = text.replace("\r\n", "\n").strip()
    problems = []
    if not 1 <= len(text) <= MOST_TEXT:
        problems.append(FieldProblem("text", _("From 1 to 200,000 characters."), "length"))
    if values.get("audio") and not values.get("audio_until"):
        problems.append(FieldProblem("audio_until", _("Say when the recording is destroyed."), "required"))
    if not re.fullmatch(r"[A-Z]{1,3}-[0-9]{1,5}", str(values.get("code") or "")):
        words = _("A code such as M-01: letters, a hyphen, digits. Never a name.")
        problems.append(FieldProblem("code", words, "code"))
    elif Source.objects.filter(study=study, code=values["code"]).exists():
        problems.append(FieldProblem("code", _("There is a source of this code."), "unique"))
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", str(values.get("month") or "")):
        problems.append(FieldProblem("month", _("A month such as 2026-03."), "month"))
    if problems:
        raise Invalid(_("The source was not added."), problems=problems, rule="fieldstudies.source")
    made = Source.objects.create(study=study, **{key: values[key] for key in FIELDS if key in values})
    _word(actor, made, 0, None, text)
    record(actor=actor, action="fieldstudies.source.add", object_kind="source", object_id=made.pk)
    return made


def _word(actor: Viewer, source: Source, number: int, follows: int | None, text: str) -> None:
    key = uuid.uuid4()
    sealed = seal_text(owner=owner_of(source.study), place=_place(key), text=text)
    Wording.objects.create(
        id=key, study=source.study, source=source, number=number, follows=follows, sealed_text=sealed,
        by_id=_person(actor),
    )  # fmt: skip


def _place(key: uuid.UUID) -> Place:
    return Place("fieldstudies_wording", "sealed_text", key)


def read_words(actor: Viewer, source: Source) -> str:
    """The wording that counts, with an entry in the audit. Raises NotFound for raw words and no member of the team."""
    found = Wording.objects.filter(source=source, number=source.current).first()
    if found is None:
        raise NotFound()
    record(
        actor=actor, action="fieldstudies.source.open", object_kind="source", object_id=source.pk,
        detail={"wording": source.current},
    )  # fmt: skip
    (text,) = open_texts(
        actor=actor, owner=owner_of(source.study), sealed=[(_place(found.pk), bytes(found.sealed_text))]
    )
    if text is None:
        raise Tampered("The words are not those that were kept.")
    return text


@transaction.atomic
def open_source(*, actor: Viewer, source: Source) -> str:
    """The words of a source."""
    require(actor, "fieldstudies.study.view", source.study_id)
    return read_words(actor, source)


@transaction.atomic
def redact(
    *, actor: Viewer, source: Source, words: str, mark: str, everywhere: bool, expected_version: int
) -> int:
    """Put [NAME], [PLACE] ... in place of words, once or everywhere. Returns how often.

    Words without a mark say that nothing is left to replace: the wording is offered for approval as it stands.
    """
    require(actor, "fieldstudies.source.write", source.study_id)
    _team(actor, source.study)
    if source.state == SourceState.APPROVED:
        raise Conflict(
            _("These words were approved and stay."), rule="fieldstudies.source", state=source.state
        )
    text, words = read_words(actor, source), words.strip()
    times = 0
    if words:
        if mark not in MARKS:
            problem = FieldProblem("mark", _("Choose what stands in their place."), "choice")
            raise Invalid(_("Nothing was replaced."), problems=[problem], rule="fieldstudies.redact")
        # Whole words: "Ali" is not part of "Alicante". Scripts without spaces between words are matched as they are.
        pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
        text, times = pattern.subn(f"[{mark}]", text, count=0 if everywhere else 1)
        if not times:
            problem = FieldProblem("words", _("The text does not have these words."), "absent")
            raise Invalid(_("Nothing was replaced."), problems=[problem], rule="fieldstudies.redact")
    number = 1 + max(Wording.objects.filter(source=source).values_list("number", flat=True), default=0)
    before = source.current
    source.change(
        {"state": SourceState.REDACTED, "current": number, "redacted_by_id": _person(actor)},
        expected_version=expected_version,
    )
    _word(actor, source, number, before, text)
    record(
        actor=actor, action="fieldstudies.source.redact", object_kind="source", object_id=source.pk,
        detail={"times": times, "mark": mark if words else ""},
    )  # fmt: skip
    return times


@transaction.atomic
def undo(*, actor: Viewer, source: Source, expected_version: int) -> Source:
    """Take the last step of redaction back. Raises Conflict, Stale."""
    require(actor, "fieldstudies.source.write", source.study_id)
    _team(actor, source.study)
    if source.state != SourceState.REDACTED:
        raise Conflict(_("There is no step to take back."), rule="fieldstudies.source", state=source.state)
    step = Wording.objects.get(source=source, number=source.current)
    back = step.follows or 0
    state = SourceState.REDACTED if back else SourceState.RAW
    source.change({"current": back, "state": state}, expected_version=expected_version)
    record(actor=actor, action="fieldstudies.source.undo", object_kind="source", object_id=source.pk)
    return source


@transaction.atomic
def approve(*, actor: Viewer, source: Source, expected_version: int) -> Source:
    """A person who redacted nothing of it finds that it leads to nobody. From then on it can be coded."""
    require(actor, "fieldstudies.source.approve", source.study_id)
    if source.state != SourceState.REDACTED:
        raise Conflict(
            _("Redacted words are approved, and nothing else."),
            rule="fieldstudies.source",
            state=source.state,
        )
    if Wording.objects.filter(source=source, number__gt=0, by_id=_person(actor)).exists():
        raise Refused(_("Whoever redacted it does not approve it."), rule="two_people")
    text = read_words(actor, source)
    units = [[one.start, one.end] for one in sentences(text)]
    source.change(
        {"state": SourceState.APPROVED, "units": units, "approved_by_id": actor.user_id},
        expected_version=expected_version,
    )
    record(actor=actor, action="fieldstudies.source.approve", object_kind="source", object_id=source.pk)
    return source


@transaction.atomic
def destroyed(*, actor: Viewer, source: Source, expected_version: int) -> Source:
    """The recording is gone: the team says so, and the alarm ends."""
    require(actor, "fieldstudies.source.write", source.study_id)
    _team(actor, source.study)
    if not source.audio or source.audio_gone_at:
        raise Conflict(_("There is no recording."), rule="fieldstudies.audio", state=source.state)
    source.change({"audio_gone_at": timezone.now()}, expected_version=expected_version)
    record(actor=actor, action="fieldstudies.audio.destroyed", object_kind="source", object_id=source.pk)
    return source
