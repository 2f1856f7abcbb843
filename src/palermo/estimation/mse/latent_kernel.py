"""One chain of the latent class model, compiled. What it samples stands in latent.py; the moves are:

1. Slides, with the classes of people and the number unseen integrated out. The likelihood of those seen is a product
   of T_w = sum over classes of pi_c F_wc / s_c, with F_wc the chance of history w in class c, s_c that of being seen at
   all, pi_c the share of class c among those seen. A slide moves the odds of one class on all lists, on one, or on
   each by another factor, and holds pi: so it goes along the direction in which the data say least and n_0 changes
   most. Weights follow as nu_c = (pi_c / s_c) / S, S = sum pi_c / s_c; Jacobian (prod 1/s_c) / S^K.
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

SHARED = 0.3  # of the slides, those that move weight between two classes instead
LIGHTEST = 1e-8  # share of those seen under which a class is not moved
ASLEEP = 1e-40
FLOOR = 1e-300
LEAST, MOST = 1e-12, 1e12  # odds of being on a list
MOST_UNSEEN = 1e15


@compiled
def chain(bits, counts, priors, plan, s, odds, nu, trace):  # type: ignore[no-untyped-def]
    """Run one chain. bits: histories x lists (bool); counts of people by history; priors: (a, b) of alpha;
    plan: (sweeps, slides a sweep, sweeps in which labels are sorted by size); s: random stream; odds: classes x
    lists and nu: weights, both where to start, changed in place; trace: sweeps x 2, gets n_0 and alpha.
    """
    classes, k = odds.shape
    people = counts.sum()
    chance = np.zeros((classes, len(counts)))
    none, pi, weight = np.zeros(classes), np.zeros(classes), np.zeros(classes)
    mixed, moved, fresh = np.zeros(len(counts)), np.zeros(len(counts)), np.zeros(len(counts))
    order, row = np.arange(classes), np.zeros(classes, dtype=np.int64)
    size, ones = np.zeros(classes, dtype=np.int64), np.zeros((classes, k), dtype=np.int64)
    factor = np.ones(k)
    alpha = trace[0, 1]
    for sweep in range(plan[0]):
        live = _wake(nu, order)
        for o in range(live):
            none[order[o]] = _chances(bits, odds[order[o]], chance[order[o]])
        _slides(
            bits,
            counts,
            alpha,
            plan[1],
            s,
            odds,
            nu,
            chance,
            none,
            pi,
            mixed,
            moved,
            fresh,
            factor,
            order,
            live,
        )
        trace[sweep, 0] = _people(
            bits, counts, people, s, nu, chance, none, weight, order, live, row, size, ones
        )
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
def _chances(bits, odds, chance):  # type: ignore[no-untyped-def]
    """Chance of each history in a class with these odds; returns the chance of being on no list."""
    none = 1.0
    for j in range(len(odds)):
        none /= 1 + odds[j]
    for w in range(len(chance)):
        p = none
        for j in range(len(odds)):
            if bits[w, j]:
                p *= odds[j]
        chance[w] = p
    return none


@compiled
def _seen(none, odds):  # type: ignore[no-untyped-def]
    """Chance to be on a list at all, also where it is tiny."""
    if none < 0.999:
        return 1 - none
    total = 0.0
    for j in range(len(odds)):
        total += math.log1p(odds[j])
    return -math.expm1(-total)


@compiled
def _slides(  # type: ignore[no-untyped-def]
    bits, counts, alpha, slides, s, odds, nu, chance, none, pi, mixed, moved, fresh, factor, order, live
):
    """Moves with the classes of people and n_0 integrated out; `awake` classes have a share worth moving."""
    people = counts.sum()
    inverse, awake = _mixture(odds, nu, chance, none, pi, mixed, order, live)
    for _slide in range(slides):
        if awake > 1 and uniform(s) < SHARED:
            inverse = _transfer(
                counts,
                people,
                alpha,
                s,
                odds,
                nu,
                chance,
                none,
                pi,
                inverse,
                mixed,
                moved,
                order,
                live,
                awake,
            )
        else:
            c = _chosen(s, pi, order, live, awake)
            inverse = _slid(
                bits,
                counts,
                people,
                alpha,
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
                factor,
                c,
            )


@compiled
def _mixture(odds, nu, chance, none, pi, mixed, order, live):  # type: ignore[no-untyped-def]
    """Fill pi and the chance `mixed` of each history among those seen; gives sum pi / s, and the classes awake."""
    total, inverse, awake = 0.0, 0.0, 0
    for o in range(live):
        c = order[o]
        pi[c] = nu[c] * _seen(none[c], odds[c])
        total += pi[c]
    mixed[:] = 0
    for o in range(live):
        c = order[o]
        pi[c] /= total
        awake += pi[c] > LIGHTEST
        inverse += nu[c] / total
        for w in range(len(mixed)):
            mixed[w] += nu[c] / total * chance[c, w]
    return inverse, awake


@compiled
def _slid(  # type: ignore[no-untyped-def]
    bits, counts, people, alpha, s, odds, nu, chance, none, pi, inverse, mixed, moved, fresh, factor, c
):
    """Try to slide the odds of class c; gives sum pi / s as it is then."""
    hastings = _steps(s, odds[c], people * pi[c], factor)
    before = _seen(none[c], odds[c])
    for j in range(len(factor)):
        odds[c, j] *= factor[j]
    none_now = _chances(bits, odds[c], fresh)
    after = _seen(none_now, odds[c])
    inverse_now = inverse + pi[c] / after - pi[c] / before
    ratio = inverse / inverse_now
    value = hastings + 2 * math.log(none_now / none[c]) - math.log(after / before) + len(nu) * math.log(ratio)
    value += _sticks(nu, alpha, c, before / after, c, 1.0, ratio)
    for w in range(len(mixed)):
        moved[w] = mixed[w] + pi[c] * (fresh[w] / after - chance[c, w] / before)
        value += counts[w] * math.log(moved[w] / mixed[w]) if moved[w] > 0 else -math.inf
    if math.log(uniform(s)) >= value:
        for j in range(len(factor)):
            odds[c, j] /= factor[j]
        return inverse
    for o in range(len(nu)):
        nu[o] = max(nu[o] * ratio, FLOOR)
    nu[c] *= before / after
    none[c] = none_now
    mixed[:] = moved
    chance[c] = fresh
    return inverse_now


@compiled
def _chosen(s, pi, order, live, awake):  # type: ignore[no-untyped-def]
    """A class by its share among those seen, which a slide does not change; each that has any stands a chance."""
    u = uniform(s) * (1 + 0.02 * awake)
    for o in range(live):
        c = order[o]
        if pi[c] > LIGHTEST:
            u -= pi[c] + 0.02
            if u < 0:
                return c
    return order[0]


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
def _sticks(nu, alpha, c, own, d, other, ratio):  # type: ignore[no-untyped-def]
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


@compiled
def _transfer(  # type: ignore[no-untyped-def]
    counts, people, alpha, s, odds, nu, chance, none, pi, inverse, mixed, moved, order, live, awake
):
    """Move people seen from one class to another, their classes integrated out; gives sum pi / s as it is then."""
    here, there = int(uniform(s) * awake), int(uniform(s) * (awake - 1))
    there += there >= here
    c, d = -1, -1
    for o in range(live):
        if pi[order[o]] > LIGHTEST:
            c = order[o] if here == 0 else c
            d = order[o] if there == 0 else d
            here, there = here - 1, there - 1
    both = pi[c] + pi[d]
    scale = min(math.exp(3.5 * uniform(s) - 0.5) / math.sqrt(1 + people * both), 3.0)
    split = pi[c] / pi[d] * math.exp(scale * normal(s))
    new_c, new_d = both * split / (1 + split), both / (1 + split)
    if min(new_c, new_d) <= LIGHTEST:
        return inverse
    seen_c, seen_d = _seen(none[c], odds[c]), _seen(none[d], odds[d])
    inverse_now = inverse + (new_c - pi[c]) / seen_c + (new_d - pi[d]) / seen_d
    ratio = inverse / inverse_now
    value = math.log(new_c / pi[c] * new_d / pi[d]) + len(nu) * math.log(ratio)
    value += _sticks(nu, alpha, c, new_c / pi[c], d, new_d / pi[d], ratio)
    for w in range(len(mixed)):
        moved[w] = (
            mixed[w] + (new_c - pi[c]) / seen_c * chance[c, w] + (new_d - pi[d]) / seen_d * chance[d, w]
        )
        value += counts[w] * math.log(moved[w] / mixed[w]) if moved[w] > 0 else -math.inf
    if math.log(uniform(s)) >= value:
        return inverse
    for o in range(len(nu)):
        nu[o] = max(nu[o] * ratio, FLOOR)
    nu[c] *= new_c / pi[c]
    nu[d] *= new_d / pi[d]
    pi[c], pi[d] = new_c, new_d
    mixed[:] = moved
    return inverse_now


@compiled
def _people(  # type: ignore[no-untyped-def]
    bits, counts, people, s, nu, chance, none, weight, order, live, row, size, ones
):
    """Draw n_0 and the classes of all, unseen and seen; `size` people in each class, `ones` of them on each list."""
    size[:] = 0
    ones[:] = 0
    unseen = 0.0
    for o in range(live):
        weight[order[o]] = nu[order[o]] * none[order[o]]
        unseen += weight[order[o]]
    n0 = poisson(s, min(gamma(s, float(people)) * unseen / max(1 - unseen, 1e-15), MOST_UNSEEN))
    _allot(s, n0, weight, unseen, order, live, row)
    for o in range(live):
        size[order[o]] = row[order[o]]
    for w in range(len(counts)):
        total = 0.0
        for o in range(live):
            weight[order[o]] = nu[order[o]] * chance[order[o], w]
            total += weight[order[o]]
        _allot(s, counts[w], weight, total, order, live, row)
        for o in range(live):
            c = order[o]
            if row[c]:
                size[c] += row[c]
                for j in range(len(bits[w])):
                    if bits[w, j]:
                        ones[c, j] += row[c]
    return n0


@compiled
def _allot(s, count, weight, total, order, live, row):  # type: ignore[no-untyped-def]
    """So many people among the classes by weight, heaviest class first."""
    for o in range(live):
        row[order[o]] = 0
    if count <= 6:
        for _person in range(count):
            u, o = uniform(s) * total, 0
            while o < live - 1 and u >= weight[order[o]]:
                u -= weight[order[o]]
                o += 1
            row[order[o]] += 1
        return
    left = count
    for o in range(live - 1):
        c = order[o]
        if weight[c] >= total:
            row[c] = left
            return
        row[c] = binomial(s, left, weight[c] / total)
        left -= row[c]
        total -= weight[c]
        if left == 0:
            return
    row[order[live - 1]] = left


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
