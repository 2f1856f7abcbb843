"""Slides: moves of a latent class chain with everybody's class and the number unseen integrated out, compiled.

The likelihood of those seen is a product of T_w = sum over classes of pi_c F_wc / s_c, with F_wc the chance of history
w in class c, s_c that of being seen at all, pi_c the share of class c among those seen. A slide moves the odds of one
class on all lists, on one, or on each by another factor, and holds pi: so it goes along the direction in which the
data say least and n_0 changes most. Another kind moves share between two classes. Weights follow as
nu_c = (pi_c / s_c) / S, S = sum pi_c / s_c; Jacobian (prod 1/s_c) / S^K.
"""

from __future__ import annotations

import math

import numpy as np

from palermo.estimation.mse.draws import compiled, normal, uniform

SHARED = 0.3  # of the slides, those that move share between two classes
LIGHTEST = 1e-8  # share of those seen under which a class is not moved
FLOOR = 1e-300  # weights smaller than this are written as this
LEAST, MOST = 1e-12, 1e12  # odds of being on a list


@compiled
def ladder(bits):  # type: ignore[no-untyped-def]
    """Products over the lists of each history, one factor at a time: that of history into[i] is that of out[i], a
    history that begins like it (-1: no list), times the factor of list by[i]."""
    many, k = bits.shape
    mask = np.zeros(many, dtype=np.int64)
    rungs = 0
    for w in range(many):
        for j in range(k):
            mask[w] += np.int64(bits[w, j]) << j
            rungs += bits[w, j]
    into, out, by = np.zeros(rungs, np.int64), np.zeros(rungs, np.int64), np.zeros(rungs, np.int64)
    found = np.argsort(mask)
    rung = 0
    for at in range(many):
        w = found[at]
        begun, start = np.int64(0), -1
        for before in range(at):
            one = mask[found[before]]
            if one > begun and mask[w] & (_top(one) - 1) == one:
                begun, start = one, found[before]
        for j in range(k):
            if bits[w, j] and (mask[w] ^ begun) >> j & 1:
                into[rung], out[rung], by[rung] = w, start, j
                start = w
                rung += 1
    return into[:rung].copy(), out[:rung].copy(), by[:rung].copy()


@compiled
def _top(mask):  # type: ignore[no-untyped-def]
    """The power of two above this."""
    top = 1
    while top <= mask:
        top *= 2
    return top


@compiled
def chances(table, odds, chance):  # type: ignore[no-untyped-def]
    """Chance of each history in a class with these odds; returns the chance of being on no list."""
    none = 1.0
    for j in range(len(odds)):
        none /= 1 + odds[j]
    for i in range(len(table.into)):
        out = table.out[i]
        chance[table.into[i]] = (none if out < 0 else chance[out]) * odds[table.by[i]]
    return none


@compiled
def gathered(table, people, on):  # type: ignore[no-untyped-def]
    """Adds to `on` the people on each list; gives all of them. Of `people`, by history, nothing is left."""
    total = 0.0
    for i in range(len(table.into) - 1, -1, -1):
        some, out = people[table.into[i]], table.out[i]
        on[table.by[i]] += some
        if out < 0:
            total += some
        elif out != table.into[i]:
            people[out] += some
    return total


@compiled
def seen(none, odds):  # type: ignore[no-untyped-def]
    """Chance to be on a list at all, also where it is tiny."""
    if none < 0.999:
        return 1 - none
    total = 0.0
    for j in range(len(odds)):
        total += math.log1p(odds[j])
    return -math.expm1(-total)


@compiled
def slides(table, now, room, many, s):  # type: ignore[no-untyped-def]
    """Moves with the classes of people and n_0 integrated out; `awake` classes have a share worth moving. Gives
    sum pi / s as it is then."""
    inverse, awake = _mixture(now)
    for _slide in range(many):
        if awake > 1 and uniform(s) < SHARED:
            inverse = _transfer(table, now, room, s, inverse, awake)
        else:
            inverse = _slid(table, now, room, s, inverse, _chosen(s, now, awake))
    return inverse


@compiled
def _mixture(now):  # type: ignore[no-untyped-def]
    """Fill pi and the chance `mixed` of each history among those seen; gives sum pi / s, and the classes awake."""
    total, inverse, awake = 0.0, 0.0, 0
    for c in now.order:
        now.pi[c] = now.nu[c] * seen(now.none[c], now.odds[c])
        total += now.pi[c]
    now.mixed[:] = 0
    for c in now.order:
        now.pi[c] /= total
        awake += now.pi[c] > LIGHTEST
        inverse += now.nu[c] / total
        for w in range(len(now.mixed)):
            now.mixed[w] += now.nu[c] / total * now.chance[c, w]
    return inverse, awake


@compiled
def _slid(table, now, room, s, inverse, c):  # type: ignore[no-untyped-def]
    """Try to slide the odds of class c; gives sum pi / s as it is then."""
    odds, share, moved, fresh = now.odds[c], now.pi[c], room.moved, room.fresh
    hastings = _steps(s, odds, table.people * share, room.factor)
    before = seen(now.none[c], odds)
    for j in range(len(odds)):
        odds[j] *= room.factor[j]
    none_now = chances(table, odds, fresh)
    after = seen(none_now, odds)
    inverse_now = inverse + share / after - share / before
    ratio = inverse / inverse_now
    value = hastings + 2 * math.log(none_now / now.none[c]) - math.log(after / before)
    value += len(now.nu) * math.log(ratio)
    value += sticks(now.nu, now.alpha, c, before / after, c, 1.0, ratio)
    for w in range(len(moved)):
        moved[w] = now.mixed[w] + share * (fresh[w] / after - now.chance[c, w] / before)
        value += table.counts[w] * math.log(moved[w] / now.mixed[w]) if moved[w] > 0 else -math.inf
    if math.log(uniform(s)) >= value:
        for j in range(len(odds)):
            odds[j] /= room.factor[j]
        return inverse
    for o in range(len(now.nu)):
        now.nu[o] = max(now.nu[o] * ratio, FLOOR)
    now.nu[c] *= before / after
    now.none[c] = none_now
    now.mixed[:] = moved
    now.chance[c] = fresh
    return inverse_now


@compiled
def _transfer(table, now, room, s, inverse, awake):  # type: ignore[no-untyped-def]
    """Move people seen from one class to another, their classes integrated out; gives sum pi / s as it is then."""
    pi, moved = now.pi, room.moved
    c, d = _pair(s, now, awake)
    both = pi[c] + pi[d]
    scale = min(math.exp(3.5 * uniform(s) - 0.5) / math.sqrt(1 + table.people * both), 3.0)
    split = pi[c] / pi[d] * math.exp(scale * normal(s))
    new_c, new_d = both * split / (1 + split), both / (1 + split)
    if min(new_c, new_d) <= LIGHTEST:
        return inverse
    seen_c, seen_d = seen(now.none[c], now.odds[c]), seen(now.none[d], now.odds[d])
    inverse_now = inverse + (new_c - pi[c]) / seen_c + (new_d - pi[d]) / seen_d
    ratio = inverse / inverse_now
    value = math.log(new_c / pi[c] * new_d / pi[d]) + len(now.nu) * math.log(ratio)
    value += sticks(now.nu, now.alpha, c, new_c / pi[c], d, new_d / pi[d], ratio)
    for w in range(len(moved)):
        moved[w] = (
            now.mixed[w]
            + (new_c - pi[c]) / seen_c * now.chance[c, w]
            + (new_d - pi[d]) / seen_d * now.chance[d, w]
        )
        value += table.counts[w] * math.log(moved[w] / now.mixed[w]) if moved[w] > 0 else -math.inf
    if math.log(uniform(s)) >= value:
        return inverse
    for o in range(len(now.nu)):
        now.nu[o] = max(now.nu[o] * ratio, FLOOR)
    now.nu[c] *= new_c / pi[c]
    now.nu[d] *= new_d / pi[d]
    pi[c], pi[d] = new_c, new_d
    now.mixed[:] = moved
    return inverse_now


@compiled
def _pair(s, now, awake):  # type: ignore[no-untyped-def]
    """Two different classes of those awake."""
    here, there = int(uniform(s) * awake), int(uniform(s) * (awake - 1))
    there += there >= here
    c, d = -1, -1
    for one in now.order:
        if now.pi[one] > LIGHTEST:
            c = one if here == 0 else c
            d = one if there == 0 else d
            here, there = here - 1, there - 1
    return c, d


@compiled
def _chosen(s, now, awake):  # type: ignore[no-untyped-def]
    """A class by its share among those seen, which a slide does not change; each that has any stands a chance."""
    u = uniform(s) * (1 + 0.02 * awake)
    for c in now.order:
        if now.pi[c] > LIGHTEST:
            u -= now.pi[c] + 0.02
            if u < 0:
                return c
    return now.order[0]


@compiled
def _steps(s, odds, weight, factor):  # type: ignore[no-untyped-def]
    """Factors for the odds of a class of so many people; log of the ratio of proposals and of d(odds') / d(odds).

    Uniform chances have the density 1 / (1 + odds)^2 in the odds; its ratio, the square of that of the chances of
    being on no list, is added by the caller.
    """
    scale = min(math.exp(3.2 * uniform(s) - 0.5) / math.sqrt(1 + weight), 3.0)
    step, kind, one = scale * normal(s), uniform(s), -1
    ratio = 0.0
    if kind < 0.45:
        total = 0.0
        for j in range(len(odds)):
            total += odds[j] / (1 + odds[j])
        u = uniform(s) * total
        for one in range(len(odds)):
            u -= odds[one] / (1 + odds[one])
            if u < 0:
                break
        now = odds[one] / (1 + odds[one])
        then = odds[one] * math.exp(step)
        then /= 1 + then
        ratio = math.log(then / now * total / (total - now + then))
    for j in range(len(odds)):
        if kind >= 0.8:
            step = scale * normal(s)
        factor[j] = math.exp(step) if one < 0 or j == one else 1.0
        if not LEAST < odds[j] * factor[j] < MOST:
            factor[j] = 1.0
            ratio = -math.inf
        ratio += math.log(factor[j])
    return ratio


@compiled
def sticks(nu, alpha, c, own, d, other, ratio):  # type: ignore[no-untyped-def]
    """Change in log p(nu | alpha) = (alpha - 1) log nu_last - log R_1 - ... - log R_(last - 1), R_i = nu_i + nu_i+1..,

    when nu_c becomes nu_c own ratio, nu_d nu_d other ratio, all others nu ratio. Behind c and d every R changes by
    exactly the ratio, so that weights too small to be written do no harm.
    """
    last, far, shrink = len(nu) - 1, max(c, d), math.log(ratio)
    value = (alpha - 1) * shrink - max(last - 1 - far, 0) * shrink
    if far == last:
        value += (alpha - 1) * math.log(own if c == last else other)
    product, rest, rest_now = 1.0, 0.0, 0.0
    for i in range(last, 0, -1):
        rest += nu[i]
        rest_now += nu[i] * (own if i == c else other if i == d else 1.0)
        if i <= far and i < last:
            product *= rest_now * ratio / rest
    return value - math.log(product)
