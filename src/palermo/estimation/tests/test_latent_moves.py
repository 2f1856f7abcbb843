"""Pieces of the moves of latent classes: products by a ladder, the slope of a glide, steps that can be undone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from palermo.estimation.mse.latent_state import Now, Seen


def table(masks: list[int], k: int, random: np.random.Generator) -> Seen:
    from palermo.estimation.mse.latent_slides import ladder

    bits = ((np.array(masks)[:, None] >> np.arange(k)) & 1).astype(bool)
    counts = random.integers(1, 40, len(masks))
    return Seen(bits, counts, counts.sum(), *ladder(bits))


def somewhere(seen: Seen, classes: int, random: np.random.Generator) -> tuple[Now, float]:
    """Classes of which the last but one has next to nobody, as they are after a mixture was made; sum pi / s."""
    from palermo.estimation.mse.latent_slides import _mixture, chances

    k, many = seen.bits.shape[1], len(seen.counts)
    nu = random.dirichlet(np.ones(classes))
    nu[-2] = 1e-13
    nu /= nu.sum()
    now = Now(
        random.gamma(1.0, 0.5, (classes, k)), nu, np.zeros((classes, many)), np.zeros(classes), np.zeros(classes),
        np.zeros(many), np.argsort(-nu), 0.7,
    )  # fmt: skip
    for c in range(classes):
        now.none[c] = chances(seen, now.odds[c], now.chance[c])
    inverse, _awake = _mixture(now)
    return now, inverse


@pytest.mark.parametrize(
    ("masks", "k"),
    [
        (list(range(1, 16)), 4),
        ([9, 4, 63, 17, 5, 33, 37], 6),  # no order, histories without any that begins like them
        ([7], 3),
        ([128, 64, 255, 3, 131], 8),
    ],
)
def test_the_ladder_multiplies_and_gathers(masks: list[int], k: int) -> None:
    from palermo.estimation.mse.latent_slides import chances, gathered

    random = np.random.Generator(np.random.Philox(len(masks)))
    seen = table(masks, k, random)
    odds, chance = random.gamma(1.0, 1.0, k), np.zeros(len(masks))
    none = chances(seen, odds, chance)
    on = odds / (1 + odds)
    assert none == pytest.approx(np.prod(1 - on))
    assert chance == pytest.approx(np.prod(np.where(seen.bits, on, 1 - on), axis=1))
    people, found = random.gamma(1.0, 5.0, len(masks)), np.ones(k)
    wanted = people.sum(), 1 + people @ seen.bits
    assert gathered(seen, people.copy(), found) == pytest.approx(wanted[0])
    assert found == pytest.approx(wanted[1])


def begun(classes: int = 4) -> tuple[Seen, Now, Any, float]:
    from palermo.estimation.mse.draws import stream
    from palermo.estimation.mse.latent_glides import _path, _placed

    random = np.random.Generator(np.random.Philox(classes))
    seen = table([1, 2, 3, 4, 6, 7, 9, 11], 4, random)
    now, inverse = somewhere(seen, classes, random)
    path = _path(now, stream(1, 1), inverse)
    assert _placed(seen, path)
    return seen, now, path, inverse


def test_a_glide_follows_the_slope_of_its_own_density() -> None:
    from palermo.estimation.mse.latent_glides import _height, _placed, _pushed

    seen, now, path, _inverse = begun()
    assert len(path.moving) == 3  # the one with next to nobody stays
    _pushed(seen, now.alpha, path)
    slope, here, step = path.push.copy(), path.at.copy(), 1e-5
    for place in np.ndindex(here.shape):
        heights = []
        for way in (step, -step):
            path.at[:] = here
            path.at[place] += way
            assert _placed(seen, path)
            heights.append(_height(seen, now.alpha, path))
        if place != (path.anchor, here.shape[1] - 1):
            assert (heights[0] - heights[1]) / (2 * step) == pytest.approx(slope[place], abs=1e-4)
        else:
            assert slope[place] == 0.0


def test_the_density_of_a_glide_is_that_of_the_model() -> None:
    """Differences between two places against the formula written out: shares, sticks, chances, people seen."""
    from palermo.estimation.mse.latent_glides import _height, _placed

    seen, now, path, _inverse = begun()

    def written() -> float:
        odds, u = now.odds.copy(), path.u.copy()
        odds[path.moving] = np.exp(path.at[:, :-1])
        on = odds / (1 + odds)
        some = 1 - np.prod(1 - on, axis=1)
        share, nu = u * some, u / u.sum()
        behind = np.cumsum(nu[::-1])[::-1]
        chance = np.prod(np.where(seen.bits, on[:, None], 1 - on[:, None]), axis=2)
        value = seen.counts @ np.log(u @ chance)
        value += (now.alpha - 1) * np.log(nu[-1]) - np.log(behind[1:-1]).sum()  # density of the weights
        value -= np.log(some).sum() + len(nu) * np.log(u.sum())  # from weights to shares among those seen
        moving = path.moving
        return float(value + np.log(share[moving]).sum() + np.log(on[moving] * (1 - on[moving])).sum())

    first = written() - _height(seen, now.alpha, path)
    random = np.random.Generator(np.random.Philox(9))
    for _place in range(5):
        path.at[:] += random.normal(0, 0.5, path.at.shape)
        assert _placed(seen, path)
        assert written() - _height(seen, now.alpha, path) == pytest.approx(first, abs=1e-8)


def test_a_glide_turned_round_comes_back() -> None:
    from palermo.estimation.mse.latent_glides import _glided

    seen, now, path, _inverse = begun(5)
    here = path.at.copy()
    assert _glided(seen, now.alpha, path, 0.05, 40)
    assert np.abs(path.at - here).max() > 0.5
    path.speed[:] *= -1
    assert _glided(seen, now.alpha, path, 0.05, 40)
    assert path.at == pytest.approx(here, abs=1e-8)
