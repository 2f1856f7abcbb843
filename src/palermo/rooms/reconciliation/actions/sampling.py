"""A stratified sample of pairs that two people judge blind, so that precision rests on more than the model."""

from collections import defaultdict
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict
from palermo.rooms.reconciliation.models import Pair, Run, RunState

SIZE = 300


@transaction.atomic
def draw_sample(*, actor: Viewer, run: Run, size: int = SIZE) -> int:
    """Choose pairs at random, as many from each band of probability as there are to have; returns how many.

    Drawn once for a run: a sample that is drawn until it pleases measures nothing.
    """
    require(actor, "reconciliation.sample.draw")
    if run.state != RunState.DONE:
        raise Conflict(
            _("Only a finished run can be sampled."), rule="reconciliation.sample", state=run.state
        )
    if Pair.objects.filter(run=run, sampled=True).exists():
        raise Conflict(
            _("The sample of this run is drawn already."), rule="reconciliation.sample", state="drawn"
        )
    bands: dict[int, list[UUID]] = defaultdict(list)
    for key, band in Pair.objects.filter(run=run).order_by("pk").values_list("pk", "band"):
        bands[band].append(key)
    chosen = _chosen(bands, size, np.random.default_rng(run.pk.int % 2**63))
    Pair.objects.filter(pk__in=chosen).update(sampled=True)
    record(
        actor=actor, action="reconciliation.sample.draw", object_kind="reconciliation_run", object_id=run.pk,
        detail={"pairs": len(chosen)},
    )  # fmt: skip
    return len(chosen)


def _chosen(bands: dict[int, list[UUID]], size: int, rng: np.random.Generator) -> list[UUID]:
    """Equal shares of the bands; what a small band cannot fill goes to the others."""
    chosen: list[UUID] = []
    left = sorted(bands.items(), key=lambda item: len(item[1]))
    for place, (_band, keys) in enumerate(left):
        share = min(len(keys), -(-(size - len(chosen)) // (len(left) - place)))
        chosen += [keys[i] for i in rng.choice(len(keys), size=share, replace=False)]
    return chosen
