"""How much less is known because people were asked site by site: the design effect, and how few sites there are.

Korn and Graubard (1998): the effective number of people is divided by the design effect, never multiplied, and the
normal quantile gives way to Student's with one degree of freedom less than there are sites.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Z = 1.959963984540054
LEAST_SITES = 5  # with fewer, how sites differ cannot be told: the interval takes no account of them


def clustering(
    site: npt.NDArray[np.int64], deviations: npt.NDArray[np.float64], simple: float
) -> tuple[float, float]:
    """(design effect, at least one; quantile for 95 %) of an estimate.

    `deviations`: what each row adds to the error of the estimate (linearised); `simple`: the variance of the estimate
    if people were independent of one another.
    """
    there = len(np.unique(site))
    if there < LEAST_SITES or not simple > 0:
        return 1.0, Z
    together = np.bincount(site, weights=deviations)
    variance = there / (there - 1) * float((together**2).sum())
    return max(1.0, variance / simple), student(there - 1)


def student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t."""
    from scipy.special import stdtrit

    found = float(stdtrit(freedom, 0.975))
    return found if math.isfinite(found) else Z
