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
def births(table, now, room, many, s, inverse):  # type: ignore[no-untyped-def]
    """That many births; gives sum pi / s as it is then."""
    row, old = now.odds[0].copy(), now.odds[0].copy()
    for _birth in range(many):
        d = now.order[int(uniform(s) * len(now.order))]
        if not LIGHTEST < now.pi[d] < HEAVIEST:
            continue
        before, share = seen(now.none[d], now.odds[d]), now.pi[d]
        total = _lacking(table, now, room, d, share, before)
        old[:] = now.odds[d]
        _born(table.bits, room.wanted, total, s, row)
        fine = True
        for j in range(len(row)):
            fine = fine and LEAST < row[j] < MOST
        if not fine:
            continue
        given = LIGHTEST * (HEAVIEST / LIGHTEST) ** uniform(s)
        none_now = chances(table, row, room.fresh)
        after = seen(none_now, row)
        shrink = (1 - given) / (1 - share)
        inverse_now = shrink * (inverse - share / before) + given / after
        value = math.log(before / after) + len(now.nu) * math.log(inverse / inverse_now)
        value += (len(now.nu) - 2) * math.log(shrink) + math.log(given / share)
        value += _density(table.bits, room.wanted, total, old) - _density(table.bits, room.wanted, total, row)
        own, ratio = given / share / shrink * before / after, shrink * inverse / inverse_now
        value += sticks(now.nu, now.alpha, d, own, d, 1.0, ratio)
        value = _explained(table, now, room, shrink, given, after, value)
        if not math.log(uniform(s)) < value:
            continue
        for c in range(len(now.nu)):
            now.nu[c] = max(now.nu[c] * ratio, FLOOR)
            now.pi[c] *= shrink
        now.nu[d] *= own
        now.pi[d] = given
        now.odds[d], now.chance[d] = row, room.fresh
        now.none[d], inverse = none_now, inverse_now
        now.mixed[:] = room.moved
    return inverse


@compiled
def _lacking(table, now, room, d, share, before):  # type: ignore[no-untyped-def]
    """What the classes but d make of each history, as a part of all, into `moved`; the people whom they do not
    explain into `wanted`; gives the sum of these."""
    total = 0.0
    for w in range(len(now.mixed)):
        room.moved[w] = max(now.mixed[w] - share * now.chance[d, w] / before, 0.0)
        least = table.counts[w] - table.people * room.moved[w] / (1 - share)
        room.wanted[w] = max(least, 0.0) + ALSO * table.counts[w]
        total += room.wanted[w]
    return total


@compiled
def _explained(table, now, room, shrink, given, after, value):  # type: ignore[no-untyped-def]
    """The chance of each history with the born class into `moved`; adds to `value` what the table says of it."""
    moved = room.moved
    for w in range(len(moved)):
        moved[w] = shrink * moved[w] + given * room.fresh[w] / after
        value += table.counts[w] * math.log(moved[w] / now.mixed[w]) if moved[w] > 0 else -math.inf
    return value


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
