"""Posterior modes of all hierarchical log-linear models and importance draws around them, compiled.

Terms are coded +1 and -1 (sum to zero): chi_t(w) = (-1)^|t and w|, eta_w = sum of beta_t chi_t(w). A Walsh-Hadamard
transform turns beta into eta, cells into gradients, and since chi_t chi_u = chi_(t xor u), expected counts into the
whole information matrix: H[t, u] = transform(mu)[t xor u]. K 2^K additions, no design matrix. The cell of nobody (0)
is not observed and has no part in the likelihood.

The log posterior of (beta, s), s = log sigma^2, up to a constant, for p terms, q = p - 1 of them with a prior:
    sum over w > 0 of (n_w eta_w - exp eta_w) - (q + a) s / 2 - (sum beta_t^2 + b) exp(-s) / 2;
with a fixed sigma^2 = 1 (free = False) s stays 0.
"""

from __future__ import annotations

import math

import numpy as np

from palermo.estimation.mse.draws import compiled

MOST_STEPS = 100
NARROW = (8.0, 1.0)  # proposal: degrees of freedom and scale of most draws
WIDE = (3.0, 2.0, 0.3)  # of the others, and their share
RUNG = 0.3  # step of s = log sigma^2
MOST_RUNGS = 64
LIGHT = 14.0  # log weight under the best at which the steps end
LONGEST = 2.0
ENOUGH = 1e-9


@compiled
def transform(v):  # type: ignore[no-untyped-def]
    """Walsh-Hadamard, in place."""
    half = 1
    while half < len(v):
        for start in range(0, len(v), 2 * half):
            for i in range(start, start + half):
                v[i], v[i + half] = v[i] + v[i + half], v[i] - v[i + half]
        half *= 2


@compiled
def log_posterior(counts, terms, p, theta, free, a, b, eta):  # type: ignore[no-untyped-def]
    """Value at theta = (beta of the terms, s); leaves eta by cell in `eta`."""
    eta[:] = 0
    squares = b
    for i in range(p):
        eta[terms[i]] = theta[i]
        squares += theta[i] * theta[i] if i else 0.0
    transform(eta)
    value = 0.0
    for w in range(1, len(eta)):
        value += counts[w] * eta[w] - math.exp(min(eta[w], 600.0))
    return value - (p - 1 + (a if free else 0.0)) * theta[p] / 2 - squares * math.exp(-theta[p]) / 2


@compiled
def curvature(terms, p, theta, free, b, eta, mu, j):  # type: ignore[no-untyped-def]
    """Minus the second derivatives at theta in j (p x p, or one more with s); needs eta. Leaves transform(mu) in mu."""
    for w in range(len(mu)):
        mu[w] = math.exp(min(eta[w], 600.0)) if w else 0.0
    transform(mu)
    tight = math.exp(-theta[p])
    squares = b
    for i in range(p):
        for h in range(i + 1):
            j[i, h] = mu[terms[i] ^ terms[h]]
            j[h, i] = j[i, h]
        if i:
            j[i, i] += tight
            squares += theta[i] * theta[i]
    if free:
        for i in range(p):
            j[i, p] = j[p, i] = -theta[i] * tight if i else 0.0
        j[p, p] = squares * tight / 2


@compiled
def cholesky(j, d):  # type: ignore[no-untyped-def]
    """Lower factor in place; log of the determinant, or nan when j is not positive."""
    log_det = 0.0
    for i in range(d):
        for h in range(i + 1):
            x = j[i, h]
            for m in range(h):
                x -= j[i, m] * j[h, m]
            if h < i:
                j[i, h] = x / j[h, h]
            elif x > 0:
                j[i, i] = math.sqrt(x)
                log_det += math.log(x)
            else:
                return math.nan
    return log_det


@compiled
def mode(counts, margins, terms, p, theta, free, a, b, eta, mu, j, step):  # type: ignore[no-untyped-def]
    """Climb to the mode from theta, changed in place: Newton in beta and the best s for it in turn.

    Returns the Laplace approximation of the log marginal likelihood up to a constant that all models share; nan
    where there is no mode. Leaves the factor of the curvature in j.
    """
    here = log_posterior(counts, terms, p, theta, free, a, b, eta)
    for _step in range(MOST_STEPS):
        curvature(terms, p, theta, False, b, eta, mu, j)
        decrement = _newton(margins, terms, p, theta, mu, j, step)
        if math.isnan(decrement):
            return math.nan
        longest = np.abs(step[:p]).max()
        share = min(1.0, LONGEST / longest) if longest > 0 else 1.0
        here = _advanced(counts, terms, p, theta, free, a, b, eta, step, share, here)
        before = theta[p]
        if free:
            squares = b
            for i in range(1, p):
                squares += theta[i] * theta[i]
            theta[p] = math.log(squares / (p - 1 + a))
            here = log_posterior(counts, terms, p, theta, free, a, b, eta)
        if decrement < ENOUGH and abs(theta[p] - before) < 1e-6:
            break
    curvature(terms, p, theta, free, b, eta, mu, j)
    return here - cholesky(j, p + 1 if free else p) / 2


@compiled
def _newton(margins, terms, p, theta, mu, j, step):  # type: ignore[no-untyped-def]
    """The step of Newton's method for beta into `step`; its decrement, or nan where the curvature is not positive."""
    tight, decrement = math.exp(-theta[p]), 0.0
    if math.isnan(cholesky(j, p)):
        return math.nan
    for i in range(p):
        step[i] = margins[terms[i]] - mu[terms[i]] - (theta[i] * tight if i else 0.0)
        for m in range(i):
            step[i] -= j[i, m] * step[m]
        step[i] /= j[i, i]
        decrement += step[i] * step[i]
    for i in range(p - 1, -1, -1):
        for m in range(i + 1, p):
            step[i] -= j[m, i] * step[m]
        step[i] /= j[i, i]
    return decrement


@compiled
def _advanced(counts, terms, p, theta, free, a, b, eta, step, share, here):  # type: ignore[no-untyped-def]
    """Go the step, or a half of it, a quarter ... of it while the posterior falls; the value there."""
    for i in range(p):
        theta[i] += share * step[i]
    value = log_posterior(counts, terms, p, theta, free, a, b, eta)
    for _halving in range(30):
        if value >= here - 1e-9:
            break
        share /= 2
        for i in range(p):
            theta[i] -= share * step[i]
        value = log_posterior(counts, terms, p, theta, free, a, b, eta)
    return value


@compiled
def terms_of(model, terms):  # type: ignore[no-untyped-def]
    """The terms of a model (bit t: term t), the constant first; how many."""
    p = 0
    for t in range(64):
        if (model >> np.uint64(t)) & np.uint64(1):
            terms[p] = t
            p += 1
    return p


@compiled
def modes(counts, margins, models, begin, free, a, b, found):  # type: ignore[no-untyped-def]
    """Laplace approximations of all models, each climbing from `begin` (beta by term, then s)."""
    size = len(counts)
    terms, theta, step = np.zeros(64, np.int64), np.zeros(66), np.zeros(66)
    eta, mu, j = np.zeros(size), np.zeros(size), np.zeros((66, 66))
    for i in range(len(models)):
        p = terms_of(models[i], terms)
        for m in range(p):
            theta[m] = begin[terms[m]]
        theta[p] = begin[size] if free else 0.0
        found[i] = mode(counts, margins, terms, p, theta, free, a, b, eta, mu, j, step)


@compiled
def _log_t(d, freedom, scale, square):  # type: ignore[no-untyped-def]
    """Log density of a d-dimensional t with this scale at a squared distance from its middle."""
    height = math.lgamma((freedom + d) / 2) - math.lgamma(freedom / 2) - d * math.log(freedom * math.pi) / 2
    return height - d * math.log(scale) - (freedom + d) / 2 * math.log1p(square / (scale * scale * freedom))


@compiled
def _ladder(  # type: ignore[no-untyped-def]
    counts, margins, terms, p, theta, free, a, b, eta, mu, j, step, rungs, modes_at, factors, heights
):
    """Modes of beta for values of s around the joint mode, up and down in steps of RUNG while they weigh anything.

    Fills s, beta, the factor of the curvature and the Laplace weight (log) of each; how many there are. One, at s = 0,
    where sigma^2 is fixed.
    """
    mode(counts, margins, terms, p, theta, free, a, b, eta, mu, j, step)
    middle, many, best = theta[p], 0, -math.inf
    for way in (1, -1):
        if way < 0:
            theta[:p] = modes_at[0]
        for rung in range(way < 0, MOST_RUNGS // 2):
            theta[p] = middle + way * rung * RUNG
            mode(counts, margins, terms, p, theta, False, a, b, eta, mu, j, step)
            height = log_posterior(counts, terms, p, theta, free, a, b, eta)
            for i in range(p):
                height -= math.log(j[i, i])
            modes_at[many] = theta[:p]
            factors[many] = j[:p, :p]
            rungs[many], heights[many] = theta[p], height
            many += 1
            best = max(best, height)
            if not free:
                return many
            if not height > best - LIGHT:
                break
    return many


@compiled
def weigh(counts, margins, model, begin, free, a, b, random, scales, unseen, weights):  # type: ignore[no-untyped-def]
    """Draws of one model: a value of s by the weight of its rung, beta from a mixture of two t around the mode there.

    random: draws x (2 + p), the first two columns uniform (the first rising), the others normal; scales: by draw, as
    `_log_t` is asked for here. Gives eta of the cell of nobody and log importance weights.
    """
    terms, theta, step = np.zeros(64, np.int64), np.zeros(66), np.zeros(66)
    eta, mu, j = np.zeros(len(counts)), np.zeros(len(counts)), np.zeros((66, 66))
    p = terms_of(model, terms)
    rungs, heights = np.zeros(MOST_RUNGS), np.zeros(MOST_RUNGS)
    modes_at, factors = np.zeros((MOST_RUNGS, p)), np.zeros((MOST_RUNGS, p, p))
    for m in range(p):
        theta[m] = begin[terms[m]]
    theta[p] = begin[len(counts)] if free else 0.0
    many = _ladder(
        counts, margins, terms, p, theta, free, a, b, eta, mu, j, step, rungs, modes_at, factors, heights
    )
    heights -= heights[:many].max()
    heights -= math.log(np.exp(heights[:many]).sum())
    rung, below = 0, math.exp(heights[0])
    for r in range(len(scales)):
        while random[r, 0] > below and rung < many - 1:
            rung += 1
            below += math.exp(heights[rung])
        proposal = heights[rung] - (math.log(RUNG) if free else 0.0)
        proposal += _drawn(random[r, 2:], scales[r], p, modes_at[rung], factors[rung], step, theta)
        theta[p] = rungs[rung] + (random[r, 1] - 0.5) * RUNG if free else 0.0
        weights[r] = log_posterior(counts, terms, p, theta, free, a, b, eta) - proposal
        weights[r] -= (p - 1) * math.log(2 * math.pi) / 2
        unseen[r] = eta[0]


@compiled
def _drawn(normals, scale, p, middle, factor, step, theta):  # type: ignore[no-untyped-def]
    """beta into theta; the log density of its proposal there."""
    square, log_root = 0.0, 0.0
    for i in range(p - 1, -1, -1):
        x = normals[i] * scale
        square += x * x
        for m in range(i + 1, p):
            x -= factor[m, i] * step[m]
        step[i] = x / factor[i, i]
        theta[i] = middle[i] + step[i]
        log_root += math.log(factor[i, i])
    near, far = _log_t(p, NARROW[0], NARROW[1], square), _log_t(p, WIDE[0], WIDE[1], square)
    top = max(near, far)
    return log_root + top + math.log((1 - WIDE[2]) * math.exp(near - top) + WIDE[2] * math.exp(far - top))
