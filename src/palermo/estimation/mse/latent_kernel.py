"""One chain of the latent class model, compiled. What it samples stands in latent.py; the moves are:

1. Slides (latent_slides.py), births (latent_births.py) and a glide (latent_glides.py), with the classes of people
   and n_0 integrated out.
2. Given the parameters, n_0 (negative binomial, from the prior 1/N), its classes, and the classes of those seen,
   as counts a history (multinomial): work grows with the histories, not with the people.
3. Labels of neighbouring classes exchanged, then alpha, both with the weights integrated out.
4. Chances, weights.

Classes with a weight under 1e-40 are passed by until they are drawn anew.
"""

from __future__ import annotations

import math

import numpy as np

from palermo.estimation.mse.draws import binomial, compiled, gamma, log_gamma_draw, normal, poisson, uniform
from palermo.estimation.mse.latent_births import births
from palermo.estimation.mse.latent_glides import glide
from palermo.estimation.mse.latent_slides import FLOOR, LEAST, MOST, chances, ladder, slides
from palermo.estimation.mse.latent_state import Now, Room, Seen

ASLEEP = 1e-40
MOST_UNSEEN = 1e15


@compiled
def chain(bits, counts, priors, plan, s, odds, nu, trace):  # type: ignore[no-untyped-def]
    """Run one chain. bits: histories x lists (bool); counts of people by history; priors: (a, b) of alpha;
    plan: (sweeps, slides a sweep, sweeps in which labels are sorted by size, births a sweep, steps of a
    glide); s: random stream; odds: classes x
    lists and nu: weights, both where to start, changed in place; trace: sweeps x 2, gets n_0 and alpha.
    """
    classes, k = odds.shape
    into, out, by = ladder(bits)
    table = Seen(bits, counts, counts.sum(), into, out, by)
    chance, none, pi = np.zeros((classes, len(counts))), np.zeros(classes), np.zeros(classes)
    mixed, order = np.zeros(len(counts)), np.arange(classes)
    room = Room(
        np.zeros(len(counts)), np.zeros(len(counts)), np.zeros(len(counts)), np.ones(k), np.zeros(classes),
        np.zeros(classes, dtype=np.int64),
    )  # fmt: skip
    size, ones = np.zeros(classes, dtype=np.int64), np.zeros((classes, k), dtype=np.int64)
    alpha = trace[0, 1]
    for sweep in range(plan[0]):
        now = Now(odds, nu, chance, none, pi, mixed, order[: _wake(nu, order)], alpha)
        for c in now.order:
            none[c] = chances(table, odds[c], chance[c])
        inverse = slides(table, now, room, plan[1], s)
        inverse = births(table, now, room, plan[3], s, inverse)
        if plan[4]:
            glide(table, now, plan[4], s, inverse)
        trace[sweep, 0] = _people(table, now, room, s, size, ones)
        if sweep < plan[2]:
            _sorted(size, ones)
        else:
            _relabel(size, ones, alpha, s)
        alpha = _concentration(size, alpha, priors[0], priors[1], s)
        _parameters(size, ones, alpha, s, odds, nu)
        trace[sweep, 1] = alpha


@compiled
def _wake(nu, order):  # type: ignore[no-untyped-def]
    """Order the classes by weight, heaviest first; how many have any."""
    for i in range(1, len(order)):
        one, at = order[i], i - 1
        while at >= 0 and nu[order[at]] < nu[one]:
            order[at + 1] = order[at]
            at -= 1
        order[at + 1] = one
    live = 1
    while live < len(order) and nu[order[live]] > ASLEEP:
        live += 1
    return live


@compiled
def _people(table, now, room, s, size, ones):  # type: ignore[no-untyped-def]
    """Draw n_0 and the classes of all, unseen and seen; `size` people in each class, `ones` of them on each list."""
    weight, row = room.weight, room.row
    size[:] = 0
    ones[:] = 0
    unseen = 0.0
    for c in now.order:
        weight[c] = now.nu[c] * now.none[c]
        unseen += weight[c]
    n0 = poisson(s, min(gamma(s, float(table.people)) * unseen / max(1 - unseen, 1e-15), MOST_UNSEEN))
    _allot(s, n0, unseen, now.order, weight, row)
    for c in now.order:
        size[c] = row[c]
    for w in range(len(table.counts)):
        total = 0.0
        for c in now.order:
            weight[c] = now.nu[c] * now.chance[c, w]
            total += weight[c]
        _allot(s, table.counts[w], total, now.order, weight, row)
        for c in now.order:
            if row[c]:
                size[c] += row[c]
                for j in range(ones.shape[1]):
                    if table.bits[w, j]:
                        ones[c, j] += row[c]
    return n0


@compiled
def _allot(s, count, total, order, weight, row):  # type: ignore[no-untyped-def]
    """So many people among the classes by weight, heaviest class first."""
    for c in order:
        row[c] = 0
    if count <= 6:
        for _person in range(count):
            u, o = uniform(s) * total, 0
            while o < len(order) - 1 and u >= weight[order[o]]:
                u -= weight[order[o]]
                o += 1
            row[order[o]] += 1
        return
    left = count
    for c in order[:-1]:
        if weight[c] >= total:
            row[c] = left
            return
        row[c] = binomial(s, left, weight[c] / total)
        left -= row[c]
        total -= weight[c]
        if left == 0:
            return
    row[order[-1]] = left


@compiled
def _exchange(size, ones, c):  # type: ignore[no-untyped-def]
    size[c], size[c + 1] = size[c + 1], size[c]
    for j in range(ones.shape[1]):
        ones[c, j], ones[c + 1, j] = ones[c + 1, j], ones[c, j]


@compiled
def _sorted(size, ones):  # type: ignore[no-untyped-def]
    """Larger classes first: only while the chain warms up, for labels far from this order mix badly."""
    for i in range(1, len(size)):
        for c in range(i - 1, -1, -1):
            if size[c] >= size[c + 1]:
                break
            _exchange(size, ones, c)


@compiled
def _relabel(size, ones, alpha, s):  # type: ignore[no-untyped-def]
    """Exchange neighbours, the weights integrated out: each stick is Beta(1 + n_c, alpha + people behind c)."""
    last, behind = len(size) - 1, 0
    for c in range(last - 1, -1, -1):
        one, other = size[c], size[c + 1]
        if one != other:
            if c == last - 1:
                value = math.lgamma(1.0 + other) - math.lgamma(1.0 + one)
                value += math.lgamma(alpha + one) - math.lgamma(alpha + other)
            else:
                value = math.log((alpha + behind + other) / (alpha + behind + one))
            if value >= 0 or math.log(uniform(s)) < value:
                _exchange(size, ones, c)
        behind += size[c + 1]


@compiled
def _concentration(size, alpha, a, b, s):  # type: ignore[no-untyped-def]
    """alpha given the sizes, its prior Gamma(a, b), weights integrated out; two steps on the log scale."""
    here = _log_sizes(size, alpha) + a * math.log(alpha) - b * alpha
    for _step in range(2):
        other = max(alpha * math.exp(normal(s) * math.exp(3 * uniform(s) - 1)), 1e-30)
        there = _log_sizes(size, other) + a * math.log(other) - b * other
        if math.log(uniform(s)) < there - here:
            alpha, here = other, there
    return alpha


@compiled
def _log_sizes(size, alpha):  # type: ignore[no-untyped-def]
    total, behind = 0.0, 0
    for c in range(len(size) - 2, -1, -1):
        behind += size[c + 1]
        if behind or size[c]:
            total += (
                math.log(alpha) + math.lgamma(alpha + behind) - math.lgamma(1.0 + alpha + behind + size[c])
            )
    return total


@compiled
def _parameters(size, ones, alpha, s, odds, nu):  # type: ignore[no-untyped-def]
    """Weights by sticks, in logs since they may be too small to be written; chances from Beta(1 + on, 1 + off)."""
    behind, log_left = size.sum(), 0.0
    for c in range(len(size)):
        behind -= size[c]
        if c == len(size) - 1:
            nu[c] = max(math.exp(log_left), FLOOR)
        elif size[c] == 0:
            stays = math.log(uniform(s)) / (alpha + behind)  # log(1 - V), V from Beta(1, alpha + behind)
            nu[c] = max(-math.expm1(stays) * math.exp(log_left), FLOOR)
            log_left += stays
        else:
            mine, theirs = math.log(gamma(s, 1.0 + size[c])), log_gamma_draw(s, alpha + behind)
            top = max(mine, theirs)
            whole = top + math.log(math.exp(mine - top) + math.exp(theirs - top))
            nu[c] = max(math.exp(log_left + mine - whole), FLOOR)
            log_left += theirs - whole
        if nu[c] > ASLEEP:
            for j in range(odds.shape[1]):
                if size[c] == 0:
                    u = uniform(s)
                    odds[c, j] = u / (1 - u)
                else:
                    odds[c, j] = gamma(s, 1.0 + ones[c, j]) / gamma(s, 1.0 + size[c] - ones[c, j])
                odds[c, j] = min(max(odds[c, j], LEAST * 10), MOST / 10)
