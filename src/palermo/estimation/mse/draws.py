"""Random numbers inside compiled loops: a counter-based generator of our own, and draws from it.

numba's generators have one hidden state a thread, so that results would depend on threads. Here a stream is an array
of two 64-bit numbers, position and stride, that its caller owns: the position moves by the stride and is mixed
(SplitMix64: Steele, Lea, Flood 2014, OOPSLA; mixing constants of Stafford's variant 13). Same (seed, number of the
stream), same draws, wherever it runs. Import only from modules that are themselves imported lazily: numba is slow
to load.
"""

from __future__ import annotations

import hashlib
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo import compiling

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
TWO53 = 1.0 / (1 << 53)
LN2PI = 0.9189385332046727  # log(2 pi) / 2
FIRST = 3.442619855899  # where the tail of the ziggurat begins; each layer has the area below
AREA = 9.91256303526217e-3


def _layers() -> npt.NDArray[np.float64]:
    edge = [AREA / math.exp(-0.5 * FIRST * FIRST), FIRST]
    while len(edge) < 128:
        edge.append(math.sqrt(-2 * math.log(AREA / edge[-1] + math.exp(-0.5 * edge[-1] ** 2))))
    return np.array([*edge, 0.0])


EDGE = _layers()
RATIO = EDGE[1:] / EDGE[:-1]
SMALL_FACTORIALS = np.array([math.lgamma(k + 1) for k in range(256)])


def stream(seed: int, number: int) -> npt.NDArray[np.uint64]:
    """The stream of this number under this seed (any whole numbers)."""
    position = _scramble(_scramble(seed & MASK) ^ _scramble((number * GOLDEN + 1) & MASK))
    stride = _scramble(position ^ 0xD1B54A32D192ED03) | 1
    return np.array([position, stride], dtype=np.uint64)


def _scramble(z: int) -> int:
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
    return z ^ z >> 31


@cache
def _stamp() -> str:
    """SHA-256 of all files of this folder whose functions are compiled into one another."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted([here / "draws.py", here / "hierarchical_kernel.py", *here.glob("latent*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def compiled(function: Any) -> Any:
    """Compiled once and kept on disk, without Python's lock, so that threads run side by side."""
    return compiling.kept(function, _stamp(), error_model="python")


@compiled
def uniform(s):  # type: ignore[no-untyped-def]
    """Uniform on (0, 1), never 0."""
    s[0] = s[0] + s[1]
    z = s[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (float(z >> np.uint64(11)) + 0.5) * TWO53


@compiled
def normal(s):  # type: ignore[no-untyped-def]
    """Standard normal (ziggurat of 128 layers: Marsaglia and Tsang 2000 in Doornik's form, 2005)."""
    while True:
        s[0] = s[0] + s[1]
        z = s[0]
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
        layer = np.int64(z & np.uint64(127))
        u = (float(z >> np.uint64(11)) + 0.5) * (2 * TWO53) - 1
        if abs(u) < RATIO[layer]:
            return u * EDGE[layer]
        if layer == 0:
            return _normal_tail(s, u < 0)
        x = u * EDGE[layer]
        high = math.exp(-0.5 * (EDGE[layer] * EDGE[layer] - x * x))
        low = math.exp(-0.5 * (EDGE[layer + 1] * EDGE[layer + 1] - x * x))
        if low + uniform(s) * (high - low) < 1:
            return x


@compiled
def _normal_tail(s, negative):  # type: ignore[no-untyped-def]
    while True:
        x = math.log(uniform(s)) / EDGE[1]
        if -2 * math.log(uniform(s)) >= x * x:
            return x - EDGE[1] if negative else EDGE[1] - x


@compiled
def log_factorial(k):  # type: ignore[no-untyped-def]
    """log k!: a table, then Stirling's series (exact to 1e-13 from 256 on)."""
    if k < 256:
        return SMALL_FACTORIALS[int(k)]
    return (k + 0.5) * math.log(k) - k + LN2PI + (1 / 12 - 1 / (360 * k * k)) / k


@compiled
def gamma(s, shape):  # type: ignore[no-untyped-def]
    """Gamma with scale 1 and shape >= 1 (Marsaglia and Tsang 2000)."""
    d = shape - 1.0 / 3
    c = 1 / math.sqrt(9 * d)
    while True:
        x = normal(s)
        v = 1 + c * x
        if v <= 0:
            continue
        v = v * v * v
        u = uniform(s)
        if u < 1 - 0.0331 * x * x * x * x or math.log(u) < 0.5 * x * x + d * (1 - v + math.log(v)):
            return d * v


@compiled
def log_gamma_draw(s, shape):  # type: ignore[no-untyped-def]
    """The log of a gamma draw of any shape > 0: below 1 the draw itself may be too small to be written."""
    if shape >= 1:
        return math.log(gamma(s, shape))
    return math.log(gamma(s, shape + 1)) + math.log(uniform(s)) / shape


@compiled
def poisson(s, mean):  # type: ignore[no-untyped-def]
    """Poisson: by inversion below 10, else by transformed rejection (Hoermann 1993, PTRS)."""
    if mean < 10:
        product, count, floor = uniform(s), 0, math.exp(-mean)
        while product > floor:
            product *= uniform(s)
            count += 1
        return count
    root = math.sqrt(mean)
    b = 0.931 + 2.53 * root
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)
    ready = 0.9277 - 3.6224 / (b - 2)
    log_mean = math.log(mean)
    while True:
        u, v = uniform(s) - 0.5, uniform(s)
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= ready:
            return int(k)
        if k < 0 or (us < 0.013 and v > us):
            continue
        if math.log(v * inverse / (a / (us * us) + b)) <= k * log_mean - mean - log_factorial(k):
            return int(k)


@compiled
def binomial(s, n, p):  # type: ignore[no-untyped-def]
    """Binomial: by inversion while the mean is small, else by transformed rejection (Hoermann 1993, BTRS)."""
    if n <= 0 or p <= 0:
        return 0
    if p >= 1:
        return n
    if p > 0.5:
        return n - _binomial(s, n, 1 - p)
    return _binomial(s, n, p)


@compiled
def _binomial(s, n, p):  # type: ignore[no-untyped-def]
    odds = p / (1 - p)
    if n * p < 10:
        while True:
            chance, u, k = math.exp(n * math.log1p(-p)), uniform(s), 0
            while u > chance and k < n:
                u -= chance
                k += 1
                chance *= odds * (n - k + 1) / k
                if k > 110:
                    break
            if k <= 110:
                return k
    spread = math.sqrt(n * p * (1 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    middle, ready = n * p + 0.5, 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * spread
    mode = math.floor((n + 1) * p)
    top = log_factorial(mode) + log_factorial(n - mode)
    log_odds = math.log(odds)
    while True:
        u, v = uniform(s) - 0.5, uniform(s)
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + middle)
        if k < 0 or k > n:
            continue
        if us >= 0.07 and v <= ready:
            return int(k)
        v = math.log(v * alpha / (a / (us * us) + b))
        if v <= top - log_factorial(k) - log_factorial(n - k) + (k - mode) * log_odds:
            return int(k)
