"""What the invented country has published."""

from typing import Any

import numpy as np
from django.utils import timezone

from palermo.demo import _colleagues
from palermo.demo.figures import publish_figures
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.actions import demo_offenders, demo_register
from palermo.rooms.releases.models import Release
from palermo.rooms.statistics.models import Publication, State


def test_a_newcomer_finds_a_count_tables_and_a_release(db: Any) -> None:
    cast, *_others = _colleagues()
    rng = np.random.default_rng(1)
    with acting(Viewer.operator()):
        demo_register(rng, 600)
        demo_offenders(rng, 150)
    publish_figures(cast, timezone.localdate().year - 1)
    with acting(Viewer.operator()):
        assert State.objects.filter(population="persons").count() == 1
        out = list(Publication.objects.values_list("table", flat=True))
        assert "glotip" in out
        assert len(out) > 2
        made = Release.objects.get()
        assert (made.state, made.series) == ("published", "GLOTIP")
