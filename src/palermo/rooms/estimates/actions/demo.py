"""The demonstration's study: an invented country's lists, drawn from a population whose true size is known."""

from typing import Any

import numpy as np

from palermo.estimation import CaptureTable
from palermo.kernel.access.context import acting
from palermo.rooms.estimates.actions.running import start_run
from palermo.rooms.estimates.actions.studies import open_study

LISTS = ("Police", "NGOs", "Labour inspection", "Health", "Border")
SEEN_BY = (0.11, 0.14, 0.07, 0.06, 0.05)
TOGETHER = {(0, 4): 2.5, (1, 3): 2.0}  # odds: police and border, NGOs and health know of each other
TRUTH = 3200


def demo_studies(rng: np.random.Generator, *, cast: Any, year: int) -> None:
    """One study of five lists with a run that the worker takes up when it starts."""
    table = CaptureTable.from_histories(LISTS, _drawn(rng))
    with acting(cast.analyst.viewer) as viewer:
        study = open_study(
            actor=viewer,
            values={
                "title": "Palermia: adults and children, all forms", "crime": "trafficking",
                "year_from": year - 1, "year_to": year,
                "about": f"Invented from beginning to end: drawn from {TRUTH:,} people. Police and border refer to "
                "each other, and so do NGOs and health services; the other lists know nothing of one another.",
            },
            tables={"": table},
        )  # fmt: skip
        start_run(
            actor=viewer, study=study, methods=["main", "stepwise", "downhill", "chao"],
            settings={"order": 2, "p": 0.02, "bootstrap": 1000, "seed": 1, "checks": True},
        )  # fmt: skip


def _drawn(rng: np.random.Generator) -> np.ndarray:
    """The histories of those whom at least one list saw."""
    masks = np.arange(1 << len(LISTS))
    bits = (masks[:, None] >> np.arange(len(LISTS))) & 1
    chance = np.prod(np.where(bits, SEEN_BY, 1 - np.array(SEEN_BY)), axis=1)
    for (one, other), odds in TOGETHER.items():
        chance = chance * np.where(bits[:, one] & bits[:, other], odds, 1.0)
    drawn = rng.choice(masks, size=TRUTH, p=chance / chance.sum())
    return drawn[drawn > 0]
