"""Opening what waits in a study with a private key that somebody brings for this once."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import Scalar, record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.observatory.actions.flattening import lay_out
from palermo.rooms.observatory.actions.keys import fingerprint_of, kept_pem, private_key, public_text
from palermo.rooms.observatory.actions.opening import KIND
from palermo.rooms.observatory.models import Envelope, Flattening, Study, StudyKey, Submission

AT_ONCE = 100  # of one run: a page that answers; the next run goes on


@dataclass(frozen=True, slots=True)
class Run:
    """How many records one run opened, how many it could not, and how many of this key still wait for a run."""

    opened: int
    failed: int
    left: int


@transaction.atomic
def open_records(
    *, actor: Viewer, study: Study, passphrase: str, pem: bytes = b"", key: StudyKey | None = None,
    submission: Submission | None = None,
) -> Run:  # fmt: skip
    """Open the study's encrypted records, or one of them. The key is in memory for this call and nowhere after it.

    pem: the file that was handed out; without one that of `key` in the key directory. Raises Invalid.
    """
    require(actor, "observatory.key.use", study.pk)
    private = private_key(pem or (kept_pem(key.fingerprint) if key is not None else b""), passphrase)
    mark = fingerprint_of(public_text(private))
    waiting = Envelope.objects.filter(submission__study=study, fingerprint=mark, opened_at=None)
    if submission is not None:
        waiting = waiting.filter(submission=submission)
    # Those that nobody has tried yet come first, then those that failed longest ago.
    open_to = (Flattening.LOCKED, Flattening.FAILED)
    rows = waiting.filter(submission__flattening__in=open_to).order_by("tried_at", "revision__received_at")
    untried = rows.filter(tried_at=None)
    ids = list(dict.fromkeys([*untried.values_list("submission_id", flat=True)[:AT_ONCE]]))
    more = rows.exclude(tried_at=None).values_list("submission_id", flat=True)[: AT_ONCE - len(ids)]
    ids = list(dict.fromkeys([*ids, *more]))
    if not ids:
        words = _(
            "No record waits for this key. Records open only with the key of the form that they came under."
        )
        problem = FieldProblem("pem", words, "key")
        raise Invalid(_("Nothing was opened."), problems=[problem], rule="observatory.key")
    total = rows.values("submission_id").distinct().count()
    with acting(Viewer.operator()) as system:
        for one in ids:
            lay_out(system, one, private)
    closed = set(waiting.values_list("submission_id", flat=True)) & set(ids)
    opened = len(ids) - len(closed)
    detail: dict[str, Scalar] = {"fingerprint": mark, "opened": opened, "failed": len(ids) - opened}
    record(actor=actor, action="observatory.key.use", object_kind=KIND, object_id=study.pk, detail=detail)
    return Run(opened, len(ids) - opened, max(0, total - len(ids)))
