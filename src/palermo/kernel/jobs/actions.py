"""Asking for an effect inside a transaction, and carrying it out afterwards."""

import re
from collections.abc import Callable
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.jobs.models import Effect

Handler = Callable[[Viewer, Effect], None]
_CODE = re.compile(r"^[A-Za-z0-9._:-]{1,80}$")


@cache
def handlers() -> dict[str, Handler]:
    """Every declared handler by kind: `jobs = {"cases.reminder": "palermo.rooms.cases.actions.remind"}`."""
    found: dict[str, Handler] = {}
    for config in apps.get_app_configs():
        for kind, dotted in getattr(config, "jobs", {}).items():
            if kind in found:
                raise ValueError(f"job {kind} is declared twice")
            found[kind] = import_string(dotted)
    return found


@transaction.atomic
def enqueue(kind: str, object_id: UUID | None = None, *, actor: Viewer | None = None, **ids: str) -> Effect:
    """Write an effect into the outbox; it happens if and only if this transaction commits.

    `ids` are codes and ids. Anything with a space or another sign of prose is refused, so that no name
    ever becomes a job's argument.
    """
    if kind not in handlers():
        raise ValueError(f"no app declares a handler for {kind!r}")
    for name, value in ids.items():
        if not _CODE.match(value):
            raise ValueError(f"the argument {name} of {kind} is not an id or a code")
    from palermo.kernel.jobs.tasks import carry_out_effect

    effect = Effect.objects.create(
        kind=kind, object_id=object_id, ids=ids, requested_by_id=actor.user_id if actor else None
    )
    carry_out_effect.defer(effect_id=str(effect.pk))
    return effect


def carry_out(effect_id: UUID) -> bool:
    """Run an effect's handler with the rights its asker has now. False when it was done already.

    Everything the handler changes commits together with the mark that it is done; if it fails, nothing does,
    and the worker tries again later.
    """
    effect = Effect.objects.get(pk=effect_id)
    asker = effect.requested_by
    viewer = viewer_for(asker, session_ref="worker") if asker and asker.is_active else Viewer.operator()
    if asker is not None and not asker.is_active:
        Effect.objects.filter(pk=effect_id, done_at=None).update(done_at=timezone.now(), failure="asker left")
        return False
    with acting(viewer):
        locked = Effect.objects.select_for_update().get(pk=effect_id)
        if locked.done_at is not None:
            return False
        handlers()[locked.kind](viewer, locked)
        locked.done_at = timezone.now()
        locked.attempts += 1
        locked.failure = ""
        locked.save(update_fields=["done_at", "attempts", "failure"])
    return True
