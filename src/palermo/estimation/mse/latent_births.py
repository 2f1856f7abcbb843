"""Births: a class of a latent class chain is thrown away and another put in its place, compiled.

Slides (latent_slides.py) move a class as it is; where a class is missing they wait until one happens to grow from
nothing. A birth takes any class d and proposes other chances for it, most often such as would make the histories that
the other classes explain worst, and another share pi_d among those seen, from next to nothing (a death) to a half. The
other classes keep their chances and their shares relative to one another, so what they leave unexplained, and with it
the proposal, is the same before and after. As in slides, everybody's class and n_0 are integrated out.
"""

from __future__ import annotations

import math

from palermo.estimation.mse.draws import compiled, gamma, uniform
from palermo.estimation.mse.latent_slides import FLOOR, LEAST, LIGHTEST, MOST, chances, seen, sticks

HEAVIEST = 0.5  # share of those seen above which a class is not replaced
ANYHOW = 0.3  # of the births, those with chances from the prior
ALSO = 0.02  # part of its people with which each history may be taken, however well it is explained
SHARP = 3.0  # a history on list j makes the chance of a born class Beta(1 + SHARP, 1) there, else Beta(1, 1 + SHARP)


@compiled
def births(  # type: ignore[no-untyped-def]
    bits,
    counts,
    alpha,
    many,
    s,
    odds,
    nu,
    chance,
    none,
    pi,
    inverse,
    mixed,
    moved,
    fresh,
    wanted,
    order,
    live,
):
    """That many births. `wanted`, `moved` and `fresh` are room for one number a history."""
    people = counts.sum()
    row, old = odds[0].copy(), odds[0].copy()
    for _birth in range(many):
        d = order[int(uniform(s) * live)]
        if not LIGHTEST < pi[d] < HEAVIEST:
            continue
        before, share = seen(none[d], odds[d]), pi[d]
        total = 0.0
        for w in range(len(mixed)):
            moved[w] = max(
                mixed[w] - share * chance[d, w] / before, 0.0
            )  # what the others make, as a part of all
            wanted[w] = max(counts[w] - people * moved[w] / (1 - share), 0.0) + ALSO * counts[w]
            total += wanted[w]
        old[:] = odds[d]
        _born(bits, wanted, total, s, row)
        fine = True
        for j in range(len(row)):
            fine = fine and LEAST < row[j] < MOST
        if not fine:
            continue
        now = LIGHTEST * (HEAVIEST / LIGHTEST) ** uniform(s)
        none_now = chances(bits, row, fresh)
        after = seen(none_now, row)
        shrink = (1 - now) / (1 - share)
        inverse_now = shrink * (inverse - share / before) + now / after
        gone = math.log(inverse / inverse_now)
        value = math.log(before / after) + len(nu) * gone
        value += (len(nu) - 2) * math.log(shrink) + math.log(now / share)
        value += _density(bits, wanted, total, old) - _density(bits, wanted, total, row)
        own = now / share / shrink * before / after
        value += sticks(nu, alpha, d, own, d, 1.0, shrink * inverse / inverse_now)
        for w in range(len(mixed)):
            moved[w] = shrink * moved[w] + now * fresh[w] / after
            value += counts[w] * math.log(moved[w] / mixed[w]) if moved[w] > 0 else -math.inf
        if not math.log(uniform(s)) < value:
            continue
        ratio = shrink * inverse / inverse_now
        for c in range(len(nu)):
            nu[c] = max(nu[c] * ratio, FLOOR)
            pi[c] *= shrink
        nu[d] *= own
        pi[d] = now
        odds[d], chance[d] = row, fresh
        none[d], inverse = none_now, inverse_now
        mixed[:] = moved
    return inverse


@compiled
def _born(bits, wanted, total, s, row):  # type: ignore[no-untyped-def]
    """Odds of a new class."""
    if uniform(s) < ANYHOW:
        for j in range(len(row)):
            u = uniform(s)
            row[j] = u / (1 - u)
        return
    u, w = uniform(s) * total, 0
    while w < len(wanted) - 1 and u >= wanted[w]:
        u -= wanted[w]
        w += 1
    for j in range(len(row)):
        on, off = gamma(s, 1 + SHARP * bits[w, j]), gamma(s, 1 + SHARP * (1 - bits[w, j]))
        row[j] = on / off


@compiled
def _density(bits, wanted, total, row):  # type: ignore[no-untyped-def]
    """Log density of these odds in `_born`, as a density of the chances."""
    drawn = 0.0
    for w in range(len(wanted)):
        if wanted[w] > 0:
            one = wanted[w] / total
            for j in range(len(row)):
                p = row[j] / (1 + row[j]) if bits[w, j] else 1 / (1 + row[j])
                one *= (1 + SHARP) * p * p * p
            drawn += one
    return math.log(ANYHOW + (1 - ANYHOW) * drawn)
