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
from typing import NamedTuple

import numpy as np

from palermo.estimation.mse.draws import compiled, normal, uniform
from palermo.estimation.mse.latent_slides import FLOOR, LIGHTEST, chances, gathered, seen
from palermo.estimation.mse.latent_state import Row

STRIDE = 2.5  # longest step, times the square root of the number of people: some six in seven glides are taken then
LEAST_STEP = 0.8  # shortest step, as a part of the longest
FAR = 3.0  # longest trajectory, in logits: what the prior of a chance spans
FEW = 10  # people who count for the prior when steps are chosen
LEAST_FAR = 0.5  # shortest trajectory, as a part of the longest


class Path(NamedTuple):
    """A trajectory. `moving`: the classes on it, with the share `total` of those seen between them; `at`: the logits
    of their chances and, last, the logs of their shares; `speed`, `push`: likewise; `anchor`: the class whose share
    follows from the others'. u = pi / s of all classes; `still`: what the classes that do not move make of each
    history; `made`: what all make; `each`: people for each unit of it; `people`: those seen of one class, by history.
    Of each class moving: its odds, the chance of each history, its share, its chance of being on no list and on any."""

    moving: Row
    total: float
    anchor: int
    at: Row
    speed: Row
    push: Row
    u: Row
    slope: Row
    still: Row
    made: Row
    each: Row
    people: Row
    odds: Row
    table: Row
    share: Row
    nobody: Row
    hidden: Row


@compiled
def glide(table, now, steps, s, inverse):  # type: ignore[no-untyped-def]
    """One trajectory of up to `steps` steps, taken or not; gives sum pi / s as it is then."""
    path = _path(now, s, inverse)
    _placed(table, path)
    start = _height(table, now.alpha, path) - _energy(path)
    longest = STRIDE / math.sqrt(table.people + FEW)
    length = longest * (LEAST_STEP + (1 - LEAST_STEP) * uniform(s))
    taken = min(steps, FAR / longest) * (LEAST_FAR + (1 - LEAST_FAR) * uniform(s))
    taken = max(int(taken + uniform(s)), 1)
    if not _glided(table, now.alpha, path, length, taken):
        return inverse
    if not math.log(uniform(s)) < _height(table, now.alpha, path) - _energy(path) - start:
        return inverse
    return _arrived(now, path)


@compiled
def _glided(table, alpha, path, length, steps):  # type: ignore[no-untyped-def]
    """So many leapfrog steps; false where the path leaves its bounds."""
    _pushed(table, alpha, path)
    _kick(path, 0.5 * length)
    for step in range(steps):
        for m in range(path.at.shape[0]):
            for j in range(path.at.shape[1]):
                path.at[m, j] += length * path.speed[m, j]
        if not _placed(table, path):
            return False
        _pushed(table, alpha, path)
        _kick(path, length if step + 1 < steps else 0.5 * length)
    return True


@compiled
def _path(now, s, inverse):  # type: ignore[no-untyped-def]
    """Where a trajectory begins, at a speed drawn at random."""
    moving = now.order[now.pi[now.order] > LIGHTEST]
    many, k = len(moving), now.odds.shape[1]
    histories = len(now.mixed)
    path = Path(
        moving, now.pi[moving].sum(), int(uniform(s) * many),
        np.zeros((many, k + 1)), np.zeros((many, k + 1)), np.zeros((many, k + 1)),
        now.nu * inverse, np.zeros(len(now.nu)),
        now.mixed.copy(), np.zeros(histories), np.zeros(histories), np.zeros(histories),
        np.zeros((many, k)), np.zeros((many, histories)), np.zeros(many), np.zeros(many), np.zeros(many),
    )  # fmt: skip
    for m in range(many):
        c = moving[m]
        path.at[m, k] = math.log(now.pi[c])
        for j in range(k):
            path.at[m, j] = math.log(now.odds[c, j])
        for w in range(histories):
            path.still[w] -= path.u[c] * now.chance[c, w]
        for j in range(k + 1):
            path.speed[m, j] = normal(s) if j < k or m != path.anchor else 0.0
    for w in range(histories):
        path.still[w] = max(path.still[w], 0.0)
    return path


@compiled
def _energy(path):  # type: ignore[no-untyped-def]
    total = 0.0
    for m in range(path.speed.shape[0]):
        for j in range(path.speed.shape[1]):
            total += path.speed[m, j] * path.speed[m, j]
    return 0.5 * total


@compiled
def _kick(path, length):  # type: ignore[no-untyped-def]
    for m in range(path.speed.shape[0]):
        for j in range(path.speed.shape[1]):
            path.speed[m, j] += length * path.push[m, j]


@compiled
def _placed(table, path):  # type: ignore[no-untyped-def]
    """Everything that follows from where the path is; false where a class leaves its bounds."""
    many, k = path.odds.shape
    top, whole = -math.inf, 0.0
    for m in range(many):
        top = max(top, path.at[m, k])
        for j in range(k):
            if not abs(path.at[m, j]) < 27:
                return False
            path.odds[m, j] = math.exp(path.at[m, j])
    for m in range(many):
        path.share[m] = math.exp(path.at[m, k] - top)
        whole += path.share[m]
    path.made[:] = path.still
    for m in range(many):
        path.share[m] *= path.total / whole
        if not path.share[m] > LIGHTEST:
            return False
        path.nobody[m] = chances(table, path.odds[m], path.table[m])
        path.hidden[m] = seen(path.nobody[m], path.odds[m])
        u = path.share[m] / path.hidden[m]
        path.u[path.moving[m]] = u
        for w in range(len(path.made)):
            path.made[w] += u * path.table[m, w]
    return path.made.min() > 0


@compiled
def _height(table, alpha, path):  # type: ignore[no-untyped-def]
    """The log density where the path is."""
    value, far = 0.0, 0
    many, k = path.odds.shape
    for m in range(many):
        value += math.log(path.share[m]) - math.log(path.hidden[m])
        for j in range(k):
            value += path.at[m, j] - 2 * math.log1p(path.odds[m, j])
        far = max(far, path.moving[m])
    for w in range(len(path.made)):
        value += table.counts[w] * math.log(path.made[w])
    last, behind = len(path.u) - 1, 0.0
    for i in range(last, -1, -1):
        behind += path.u[i]
        if 0 < i < last and i <= far:
            value -= math.log(behind)
    return (
        value
        - (1 + alpha) * math.log(behind)
        + ((alpha - 1) * math.log(path.u[last]) if far == last else 0.0)
    )


@compiled
def _pushed(table, alpha, path):  # type: ignore[no-untyped-def]
    """The gradient of the log density into `push`."""
    whole = _slopes(alpha, path)
    many, k = path.odds.shape
    push, people, added = path.push, path.people, 0.0
    for w in range(len(path.made)):
        path.each[w] = table.counts[w] / path.made[w]
    for m in range(many):
        c = path.moving[m]
        for w in range(len(people)):
            people[w] = path.u[c] * path.table[m, w] * path.each[w]
        for j in range(k):
            push[m, j] = 0.0
        everyone = gathered(table, people, push[m])
        inside = everyone + path.u[c] * (path.slope[c] - (1 + alpha) / whole)
        if c == len(path.u) - 1:
            inside += alpha - 1
        push[m, k] = inside + 1
        added += inside + 1
        shrunk = everyone + (inside + 1) * path.nobody[m] / path.hidden[m] + 2
        for j in range(k):
            push[m, j] += 1 - path.odds[m, j] / (1 + path.odds[m, j]) * shrunk
    for m in range(many):
        push[m, k] -= path.share[m] / path.total * added
    push[path.anchor, k] = 0.0


@compiled
def _slopes(alpha, path):  # type: ignore[no-untyped-def]
    """The derivative of the density of the weights by u into `slope`, all but that of log S and of log u_last; S."""
    last, far, behind = len(path.u) - 1, 0, 0.0
    for m in range(len(path.moving)):
        far = max(far, path.moving[m])
    for i in range(last, -1, -1):
        behind += path.u[i]
        path.slope[i] = -1 / behind if 0 < i < last and i <= far else 0.0
    for i in range(1, last + 1):
        path.slope[i] += path.slope[i - 1]
    return behind


@compiled
def _arrived(now, path):  # type: ignore[no-untyped-def]
    """Put the classes where the trajectory ended."""
    inverse = path.u.sum()
    for c in range(len(now.nu)):
        now.nu[c] = max(path.u[c] / inverse, FLOOR)
    now.mixed[:] = path.still
    for m in range(len(path.moving)):
        c = path.moving[m]
        now.pi[c], now.none[c] = path.share[m], path.nobody[m]
        for w in range(len(now.mixed)):
            now.chance[c, w] = path.table[m, w]
            now.mixed[w] += path.u[c] * path.table[m, w]
        for j in range(now.odds.shape[1]):
            now.odds[c, j] = path.odds[m, j]
    return inverse
