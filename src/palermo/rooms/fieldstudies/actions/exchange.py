"""There and back: codebooks as .qdc and CSV, the coded study as .qdpx."""

import csv
import io
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.fieldwork import refi
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.exports.writers import safe
from palermo.rooms.fieldstudies.actions.coding import add_segment
from palermo.rooms.fieldstudies.actions.sources import read_words
from palermo.rooms.fieldstudies.models import Code, FieldStudy, Segment, Source, SourceState
from palermo.rooms.fieldstudies.queries import codes, memos

# Taguette reads "name" and "description"; the rest is ours, and it passes over it.
COLUMNS = ("name", "description", "parent", "definition", "include", "exclude", "example", "indicator")
PARTS = ("definition", "include", "exclude", "example")
MOST_BYTES = 20_000_000


def _described(one: Code) -> str:
    said = [one.definition]
    said += [f"{part.title()}: {getattr(one, part)}" for part in PARTS[1:] if getattr(one, part)]
    return "\n".join(part for part in said if part)


def _codes(actor: Viewer, study: FieldStudy) -> tuple[refi.Code, ...]:
    return tuple(
        refi.Code(str(one.pk), one.name, _described(one), str(one.parent_id or ""))
        for one, _deep in codes(actor, study)
    )


@transaction.atomic
def codebook_file(*, actor: Viewer, study: FieldStudy, kind: str) -> bytes:
    """The codebook as .qdc or as CSV."""
    require(actor, "fieldstudies.study.view", study.pk)
    record(actor=actor, action="fieldstudies.codebook.take", object_kind="fieldstudy", object_id=study.pk)
    if kind == "qdc":
        return refi.codebook(_codes(actor, study))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    names: dict[Any, str] = {one.pk: one.name for one, _deep in codes(actor, study)}
    for one, _deep in codes(actor, study):
        row = [one.name, _described(one), names.get(one.parent_id, ""), *(getattr(one, p) for p in PARTS)]
        writer.writerow([safe(cell) for cell in [*row, one.indicator]])
    return out.getvalue().encode()


@transaction.atomic
def project_file(*, actor: Viewer, study: FieldStudy) -> bytes:
    """Approved texts with their codes as .qdpx. Coders are numbered, not named. Needs a fresh sign-in."""
    require(actor, "fieldstudies.project.take", study.pk)
    sources = list(Source.objects.filter(study=study, state=SourceState.APPROVED).select_related("study"))
    rows = {one.pk: list(Segment.objects.filter(source=one, removed=False)) for one in sources}
    people = sorted({str(row.coder_id) for found in rows.values() for row in found})
    # Another key than the account's: the file leaves the house.
    users = {key: str(uuid.uuid5(study.pk, key)) for key in people}
    texts = tuple(_text(actor, one, rows[one.pk], users) for one in sources)
    named = {users[key]: f"Coder {number}" for number, key in enumerate(people, 1)}
    record(
        actor=actor, action="fieldstudies.project.take", object_kind="fieldstudy", object_id=study.pk,
        detail={"sources": len(texts)},
    )  # fmt: skip
    return refi.project(refi.Project(study.title, named, _codes(actor, study), texts))


def _text(actor: Viewer, source: Source, rows: Sequence[Segment], users: dict[str, str]) -> refi.Text:
    words = read_words(actor, source)
    chosen = tuple(
        refi.Selection(
            str(one.pk), one.start, one.end, str(one.code_id), users[str(one.coder_id)],
            words[one.start : one.end][:80], memo,
        )
        for one, memo in zip(rows, memos(actor, source, rows), strict=True)
    )  # fmt: skip
    return refi.Text(str(source.pk), source.code, words, chosen)


def _refused(message: str) -> Invalid:
    return Invalid(
        _("Nothing was taken in."), problems=[FieldProblem("file", message, "file")], rule="fieldstudies.file"
    )


@transaction.atomic
def take_in(*, actor: Viewer, study: FieldStudy, name: str, content: bytes) -> tuple[int, int, int]:
    """Codes of a .qdc, .csv or .qdpx that the study does not have by name, and the segments of texts that it has.

    A text is recognised by its words: what is coded elsewhere comes back to the approved wording that went out. Other
    texts are left out, for nobody here redacted them. Returns new codes, new segments, texts left out. Raises Invalid.
    """
    require(actor, "fieldstudies.study.change", study.pk)
    if len(content) > MOST_BYTES:
        raise _refused(_("The file has more than 20 MB."))
    texts: tuple[refi.Text, ...] = ()
    given: Sequence[refi.Code] | None = None
    new = segments = left = 0
    try:
        if name.lower().endswith(".qdpx"):
            project = refi.read_project(content)
            given, texts = project.codes, project.texts
        elif name.lower().endswith(".qdc"):
            given = refi.read_codebook(content)
        elif name.lower().endswith(".csv"):
            new, segments, left = _from_csv(study, content), 0, 0
        else:
            raise _refused(_("A .qdc, .qdpx or .csv is taken."))
    except refi.Unreadable as error:
        raise _refused(_(str(error))) from None
    if given is not None:
        new, known = _add_codes(study, given)
        segments, left = _come_back(actor, study, texts, known)
    record(
        actor=actor, action="fieldstudies.file.take_in", object_kind="fieldstudy", object_id=study.pk,
        detail={"codes": new, "segments": segments},
    )  # fmt: skip
    return new, segments, left


def _add_codes(study: FieldStudy, given: Sequence[refi.Code]) -> tuple[int, dict[str, Code]]:
    there = {one.name: one for one in Code.objects.filter(study=study)}
    known: dict[str, Code] = {}
    new = 0
    for one in given:
        name = " ".join(one.name.split())[:80]
        if not name:
            raise _refused(_("A code has no name."))
        if name not in there:
            there[name] = Code.objects.create(
                study=study, name=name, definition=one.description[:5000], parent=known.get(one.parent)
            )
            new += 1
        known[one.guid] = there[name]
    return new, known


def _come_back(
    actor: Viewer, study: FieldStudy, texts: Sequence[refi.Text], known: dict[str, Code]
) -> tuple[int, int]:
    sources = Source.objects.filter(study=study, state=SourceState.APPROVED).select_related("study")
    ours = {read_words(actor, one): one for one in sources} if texts else {}
    made = left = 0
    for text in texts:
        source = ours.get(text.text)
        if source is None:
            left += 1
            continue
        has = set(Segment.objects.filter(source=source, removed=False).values_list("code_id", "start", "end"))
        for one in text.selections:
            place = (known[one.code].pk, one.start, one.end)
            if place not in has:
                add_segment(
                    actor=actor,
                    source=source,
                    code=known[one.code],
                    start=one.start,
                    end=one.end,
                    memo=one.memo,
                )
                has.add(place)
                made += 1
    return made, left


def _from_csv(study: FieldStudy, content: bytes) -> int:
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        raise _refused(_("The CSV is not in UTF-8, or broken.")) from None
    head = "name" if rows and "name" in rows[0] else "tag" if rows and "tag" in rows[0] else ""
    if not head:
        raise _refused(_("The CSV needs a column “name” (or “tag”, as Taguette writes it)."))
    there = {one.name: one for one in Code.objects.filter(study=study)}
    new = 0
    for row in rows[:5000]:
        name = " ".join((row.get(head) or "").split())[:80]
        if not name or name in there:
            continue
        values = {part: (row.get(part) or "").strip()[:5000] for part in PARTS}
        values["definition"] = values["definition"] or (row.get("description") or "").strip()[:5000]
        parent = there.get((row.get("parent") or "").strip())
        there[name] = Code.objects.create(study=study, name=name, parent=parent, **values)
        new += 1
    return new
