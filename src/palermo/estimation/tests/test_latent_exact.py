"""Each move of latent classes alone, from exact draws: a move left without its accept step is found."""

from __future__ import annotations

import numpy as np
import pytest

from palermo.estimation.mse.latent_state import Now, Room, Seen
from palermo.estimation.tests.test_latent import from_prior

LISTS, CLASSES, PEOPLE, TURNS = 3, 4, 200, 30


def told(now: Now, seen: Seen) -> list[float]:
    """What is compared before and after: how well it explains the table, the weights, the chances."""
    on = now.odds / (1 + now.odds)
    chance = np.prod(np.where(seen.bits, on[:, None], 1 - on[:, None]), axis=2)
    none = now.nu @ np.prod(1 - on, axis=1)
    fit = seen.counts @ np.log(now.nu @ chance / (1 - none))
    heaviest = on[now.nu.argmax()]
    return [
        fit,
        none,
        np.log(none),
        now.nu.max(),
        (now.nu**2).sum(),
        heaviest[0],
        ((heaviest - 0.5) ** 2).sum(),
    ]


def moved(kind: str, many: int) -> np.ndarray:
    """Parameters from the prior and a table from them are an exact draw of the posterior of that table: whatever is
    true on average of the two before a move is true after it. Differences, draws x figures."""
    from palermo.estimation.mse.draws import stream
    from palermo.estimation.mse.latent_births import births
    from palermo.estimation.mse.latent_glides import glide
    from palermo.estimation.mse.latent_kernel import _wake
    from palermo.estimation.mse.latent_slides import chances, ladder, slides

    random, s, found = np.random.Generator(np.random.Philox(7)), stream(5, 5), []
    bits = ((np.arange(1, 2**LISTS)[:, None] >> np.arange(LISTS)) & 1).astype(bool)
    for alpha, nu, on in zip(*from_prior(random, many, CLASSES, LISTS), strict=True):
        cells = nu @ np.prod(np.where(bits, on[:, None], 1 - on[:, None]), axis=2)
        counts = random.multinomial(PEOPLE, cells / cells.sum())
        some = counts > 0
        seen = Seen(bits[some], counts[some], PEOPLE, *ladder(bits[some]))
        size, order = some.sum(), np.arange(CLASSES)
        nu = np.maximum(nu, 1e-300)
        now = Now(
            on / (1 - on), nu, np.zeros((CLASSES, size)), np.zeros(CLASSES), np.zeros(CLASSES), np.zeros(size),
            order[: _wake(nu, order)], float(alpha),
        )  # fmt: skip
        room = Room(
            np.zeros(size), np.zeros(size), np.zeros(size), np.ones(LISTS), np.zeros(CLASSES), np.zeros(CLASSES, int)
        )  # fmt: skip
        for c in now.order:
            now.none[c] = chances(seen, now.odds[c], now.chance[c])
        before = told(now, seen)
        inverse = slides(seen, now, room, TURNS if kind == "slides" else 0, s)
        if kind == "births":
            births(seen, now, room, TURNS, s, inverse)
        for _turn in range(TURNS if kind == "glides" else 0):
            inverse = glide(seen, now, 6, s, inverse)
        found.append(np.subtract(told(now, seen), before))
    return np.array(found)


@pytest.mark.parametrize("kind", ["slides", "births", "glides"])
def test_a_move_alone_leaves_exact_draws_exact(kind: str) -> None:
    steps = moved(kind, 3000)
    assert (np.abs(steps).max(axis=0) > 0).all()
    error = steps.std(axis=0, ddof=1) / len(steps) ** 0.5
    assert (np.abs(steps.mean(axis=0)) < 4.5 * error).all(), steps.mean(axis=0) / error
