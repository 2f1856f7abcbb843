"""A run: the budget is booked, the worker makes the files and the checks, and only then a person judges."""

import hashlib
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.database.patience import be_patient
from palermo.kernel.errors import Conflict, DomainError, Refused
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.kernel.workflow.actions import transition
from palermo.rooms.releases.actions.ledger import cost, reserve, tell_outcome
from palermo.rooms.releases.actions.making import make
from palermo.rooms.releases.actions.parts import Made
from palermo.rooms.releases.models import Check, Release, ReleaseFile

log = logging.getLogger(__name__)
FAULT = gettext_noop("The release could not be made. That is a fault of the program: please report it.")
KILLED = gettext_noop(
    "The run was cut off after it had begun to read data. What it was allowed to spend is spent; run it again to "
    "spend anew."
)
STOPPED = gettext_noop("Somebody stopped the run.")


@transaction.atomic
def start_run(*, actor: Viewer, release: Release, expected_version: int) -> Release:
    """Make the release in the background. What it may cost is booked now, before any data are read.

    Raises Conflict with the arithmetic where it would overspend, Stale, Refused.
    """
    require(actor, "releases.release.run")
    if actor.user_id is None:
        raise Refused(_("A release is prepared by a person."), rule="releases.person")
    if release.state != "draft":
        raise Conflict(_("Only a draft can be run."), rule="releases.draft", state=release.state)
    release.change(
        {
            "revision": release.revision + 1,
            "prepared": list(dict.fromkeys([*release.prepared, actor.user_id])),
        },
        expected_version=expected_version,
    )
    reserve(actor=actor, release=release)
    transition(
        actor=actor, obj=release, event="run", expected_version=release.version,
        inputs={"revision": release.revision},
    )  # fmt: skip
    progress.begin(release.pk)
    enqueue("releases.run", release.pk, actor=actor, revision=str(release.revision))
    return release


def stop_run(*, actor: Viewer, release: Release) -> None:
    """Ask the run to end. What it was allowed to spend stays spent."""
    require(actor, "releases.release.run")
    if not release.open:
        raise Conflict(_("This run has ended already."), rule="releases.running", state=release.state)
    progress.ask_to_stop(release.pk)
    record(actor=actor, action="releases.run.stop", object_kind="release", object_id=release.pk)


def carry_out(viewer: Viewer, effect: Effect) -> None:
    """The worker's part. It reads data once for each booking: a run that was cut off is not begun again.

    Progress is told past this transaction, so that it survives the process: that is how it is known.
    """
    if effect.object_id is None:
        return
    release = Release.objects.filter(pk=effect.object_id, state="running").first()
    if release is None or str(release.revision) != effect.ids.get("revision"):
        return
    before = progress.of(release.pk)
    if cost(release) and before is not None and before.share > 0:
        _failed(viewer, release, KILLED)
        return
    try:
        with progress.Teller(release.pk) as teller, transaction.atomic():
            teller(0.01, "data")
            be_patient()
            made = make(viewer, release, teller)
            _keep(viewer, release, made)
    except progress.Stopped:
        _failed(viewer, release, STOPPED)
    except DomainError as error:
        _failed(viewer, release, error.message)
    except Exception as error:
        # What it says may hold counts: the log has its kind and where it was raised, never its message.
        frames, trace = [], error.__traceback__
        while trace is not None:
            frames.append(f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
            trace = trace.tb_next
        log.error("Release %s failed: %s in %s", release.pk, type(error).__name__, " ".join(frames[-6:]))
        _failed(viewer, release, FAULT)


def _keep(viewer: Viewer, release: Release, made: Made) -> None:
    """Files, checks and what is behind them, and the release waits for its review."""
    at = timezone.now()
    for file in made.files:
        put_file(release, file.name, file.kind, file.content_type, file.content)
    for found in made.checks:
        Check.objects.create(
            release=release, revision=release.revision, code=found.code, level=found.level, sentence=found.sentence,
            values=dict(found.values), at=at,
        )  # fmt: skip
    Release.objects.filter(pk=release.pk).update(run_at=at, tables=list(made.tables), about=dict(made.about))
    print_of = hashlib.sha256(
        b"".join(hashlib.sha256(file.content).digest() for file in made.files)
    ).hexdigest()
    tell_outcome(actor=viewer, release=release, result="made", sha256=print_of)
    _move(viewer, release, "finish")


def put_file(release: Release, name: str, kind: str, content_type: str, content: bytes) -> ReleaseFile:
    """A file of this revision, with its fingerprint."""
    return ReleaseFile.objects.create(
        release=release, revision=release.revision, name=name, kind=kind, content_type=content_type, content=content,
        sha256=hashlib.sha256(content).hexdigest(), size=len(content), made_at=timezone.now(),
    )  # fmt: skip


def _failed(viewer: Viewer, release: Release, why: str) -> None:
    tell_outcome(actor=viewer, release=release, result="failed")
    _move(viewer, release, "fail", reason=why)


def _move(viewer: Viewer, release: Release, event: str, **more: Any) -> None:
    current = Release.objects.get(pk=release.pk)
    transition(
        actor=viewer, obj=current, event=event, expected_version=current.version,
        inputs={"ran": (current.pk, current.revision)}, **more,
    )  # fmt: skip
    record(
        actor=viewer, action="releases.run.end", object_kind="release", object_id=release.pk,
        detail={"revision": release.revision, "state": current.state},
    )  # fmt: skip
