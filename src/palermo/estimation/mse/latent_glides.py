"""Glides: all classes of a latent class chain that have anybody are moved at once, along the gradient, compiled.

Hamiltonian dynamics (Neal 2011, MCMC using Hamiltonian dynamics, in the Handbook of Markov Chain Monte Carlo) on the
logits of the chances and on the logs of the shares among those seen, with everybody's class and n_0 integrated out as
in slides. With u_c = pi_c / s_c, S = sum u, U_i = u_i + u_(i+1) + ..., K sticks, and T_w = sum u_c F_wc the log density
is, but for what does not move,

    sum N_w log T_w + (alpha - 1) log u_last - sum_{0 < i < last} log U_i - (1 + alpha) log S
    + sum_c (log pi_c - log s_c + sum_j log lambda_cj (1 - lambda_cj))

Classes with next to no share stay where they are. One step length for all: mass must not depend on the place.
"""

from __future__ import annotations

import math

import numpy as np

from palermo.estimation.mse.draws import compiled, normal, uniform
from palermo.estimation.mse.latent_slides import FLOOR, LIGHTEST, MOST, chances, seen

STRIDE = 1.8  # longest step, times the square root of the number of people


@compiled
def glide(bits, counts, alpha, steps, s, odds, nu, chance, none, pi, inverse, mixed, order, live):  # type: ignore[no-untyped-def]
    """One trajectory of up to `steps` steps, taken or not; gives sum pi / s as it is then."""
    k = odds.shape[1]
    moving = np.zeros(live, dtype=np.int64)
    many = 0
    for o in range(live):
        if pi[order[o]] > LIGHTEST:
            moving[many] = order[o]
            many += 1
    moving = moving[:many]
    total = pi[moving].sum()
    anchor = int(uniform(s) * many)
    at, push = np.zeros((many, k + 1)), np.zeros((many, k + 1))
    speed = np.zeros((many, k + 1))
    u, still = np.zeros(len(nu)), mixed.copy()
    for c in range(len(nu)):
        u[c] = nu[c] * inverse
    for m in range(many):
        c = moving[m]
        at[m, k] = math.log(pi[c])
        for j in range(k):
            at[m, j] = math.log(odds[c, j])
        still -= u[c] * chance[c]
        for j in range(k + 1):
            speed[m, j] = normal(s) if j < k or m != anchor else 0.0
    still = np.maximum(still, 0.0)
    table, row = np.zeros((many, len(counts))), np.zeros(k)
    share, nobody, hidden = np.zeros(many), np.zeros(many), np.zeros(many)
    pull = np.zeros((many, len(counts)))
    here = _field(
        bits,
        counts,
        alpha,
        moving,
        total,
        anchor,
        at,
        u,
        still,
        table,
        row,
        share,
        nobody,
        hidden,
        pull,
        push,
    )
    start = here - 0.5 * (speed**2).sum()
    length = STRIDE * (0.2 + 0.8 * uniform(s)) / math.sqrt(counts.sum())
    taken = 1 + int(uniform(s) * steps)
    for _step in range(taken):
        speed += 0.5 * length * push
        at += length * speed
        here = _field(
            bits,
            counts,
            alpha,
            moving,
            total,
            anchor,
            at,
            u,
            still,
            table,
            row,
            share,
            nobody,
            hidden,
            pull,
            push,
        )
        if here == -math.inf:
            return inverse
        speed += 0.5 * length * push
    if not math.log(uniform(s)) < here - 0.5 * (speed**2).sum() - start:
        return inverse
    return _arrived(moving, at, share, u, still, table, nobody, odds, nu, chance, none, pi, mixed)


@compiled
def _field(  # type: ignore[no-untyped-def]
    bits, counts, alpha, moving, total, anchor, at, u, still, table, row, share, nobody, hidden, pull, push
):
    """The log density at `at`, its gradient into `push`; minus infinity where a class leaves its bounds."""
    many, k = len(moving), len(row)
    far = 0
    top = at[:, k].max()
    whole = np.exp(at[:, k] - top).sum()
    value = 0.0
    for m in range(many):
        c = moving[m]
        for j in range(k):
            if not abs(at[m, j]) < 27:
                return -math.inf
            row[j] = math.exp(at[m, j])
        share[m] = total * math.exp(at[m, k] - top) / whole
        if not share[m] > LIGHTEST:
            return -math.inf
        nobody[m] = chances(bits, row, table[m])
        hidden[m] = seen(nobody[m], row)
        u[c] = share[m] / hidden[m]
        value += math.log(share[m]) - math.log(hidden[m])
        for j in range(k):
            value += at[m, j] - 2 * math.log1p(row[j])
        far = max(far, c)
    for w in range(len(counts)):
        made = still[w]
        for m in range(many):
            pull[m, w] = u[moving[m]] * table[m, w]
            made += pull[m, w]
        if not made > 0:
            return -math.inf
        value += counts[w] * math.log(made)
        for m in range(many):
            pull[m, w] *= counts[w] / made
    slope = np.zeros(len(u))
    value += _sticks(alpha, u, far, slope)
    behind = u.sum()
    _slopes(bits, alpha, moving, total, anchor, at, u, pull, share, nobody, hidden, slope, behind, push)
    return value


@compiled
def _sticks(alpha, u, far, slope):  # type: ignore[no-untyped-def]
    """What the weights add to the log density, but for what lies behind class `far`; its derivative by u into `slope`,
    all but that of log S and of log u_last."""
    last, behind, value = len(u) - 1, 0.0, 0.0
    for i in range(last, -1, -1):
        behind += u[i]
        if 0 < i < last and i <= far:
            value -= math.log(behind)
            slope[i] = -1 / behind
    for i in range(1, len(u)):
        slope[i] += slope[i - 1]
    return value - (1 + alpha) * math.log(behind) + ((alpha - 1) * math.log(u[last]) if far == last else 0.0)


@compiled
def _slopes(bits, alpha, moving, total, anchor, at, u, pull, share, nobody, hidden, slope, whole, push):  # type: ignore[no-untyped-def]
    many, k = len(moving), push.shape[1] - 1
    last, added = len(u) - 1, 0.0
    for m in range(many):
        c = moving[m]
        people = pull[m].sum()
        inside = people + u[c] * (slope[c] - (1 + alpha) / whole) + ((alpha - 1) if c == last else 0.0)
        push[m, k] = inside + 1
        added += inside + 1
        for j in range(k):
            on = 0.0
            for w in range(len(bits)):
                if bits[w, j]:
                    on += pull[m, w]
            p = 1 / (1 + math.exp(-at[m, j]))
            push[m, j] = on - p * people - (inside + 1) * nobody[m] * p / hidden[m] + 1 - 2 * p
    for m in range(many):
        push[m, k] -= share[m] / total * added
    push[anchor, k] = 0.0


@compiled
def _arrived(moving, at, share, u, still, table, nobody, odds, nu, chance, none, pi, mixed):  # type: ignore[no-untyped-def]
    """Put the classes where the trajectory ended."""
    inverse = u.sum()
    for c in range(len(nu)):
        nu[c] = max(u[c] / inverse, FLOOR)
    mixed[:] = still
    for m in range(len(moving)):
        c = moving[m]
        pi[c], none[c] = share[m], nobody[m]
        chance[c] = table[m]
        mixed += u[c] * table[m]
        for j in range(odds.shape[1]):
            odds[c, j] = min(math.exp(at[m, j]), MOST)
    return inverse
