"""Has a log-linear model an estimate on these data, and do the data tell it apart from other answers?

log mu_w = sum of alpha_t over the terms t of the model with t inside w. Three things can happen, and all three depend
only on which histories were seen, never on how often:

1. A term whose margin is zero (nobody is on all lists of t) has its maximum at alpha_t = -infinity. The extended model
   leaves out t and every history that contains it (Chan, Silverman, Vincent 2021).
2. What is left has a maximum if and only if positive numbers x_w exist with the same margins as the data (Fienberg and
   Rinaldo, Annals of Statistics 40, 2012). One linear programme decides: maximise s with x_w >= s. Where s
   stays at 0, its dual is a combination of margins that is zero on the data and nowhere negative: the certificate.
3. The unseen number is identified if and only if the design of the kept histories has full column rank. For
   hierarchical models this is a count: see `is_identifiable`.

The sign of s depends on the support alone, so the programme is put with 1 for every history seen: its numbers stay
small, and a certificate is checked again in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.models import closure
from palermo.estimation.mse.table import CaptureTable
from palermo.saying import Sentence, phrase, phrases

NO_MLE = 1
NOT_IDENTIFIABLE = 2
PRIME = 2_147_483_629  # a rank that is full modulo one prime is full
FLAT = 1e-6  # s, as a share of the mean of a history, that counts as zero; met values are 0 or far above
LARGEST = 10_000  # denominators looked for in a certificate
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Certificate:
    """Whole numbers c_t: the sum of c_t n*_t is 0 on the data, and c adds to 0 or more in every kept history.

    `empty` are the histories in which it is above 0: nobody was seen there, and the model can push their expected
    numbers towards zero without end. `exact` says that both were checked in whole numbers.
    """

    combination: tuple[tuple[int, int], ...]
    empty: tuple[int, ...]
    exact: bool

    def margins(self, lists: Sequence[str]) -> str:
        """The combination in words: "everybody seen - on A + on A and B = 0"."""
        parts = []
        for term, times in self.combination:
            size = "" if abs(times) == 1 else f"{abs(times)} x "
            parts.append(f"{'-' if times < 0 else '+'} {size}{_margin(term, lists)}")
        text = " ".join(parts)
        return f"{text.removeprefix('+ ')} = 0"

    def sentence(self, lists: Sequence[str]) -> Sentence:
        """What it means, with the names of the lists."""
        smallest = [w for w in self.empty if not any(o != w and o & w == o for o in self.empty)]
        named: list[object] = [members(w, lists) for w in smallest[:6]]
        if len(smallest) > 6:
            named.append([phrases("{n} other combination", "{n} other combinations", len(smallest) - 6)])
        return phrase(
            "Nobody was seen on {named}, and this model fits the better the closer it brings their expected "
            "numbers to zero, so it never arrives at an estimate ({margins}).",
            named=named, margins=self.margins(lists),
        )  # fmt: skip


@dataclass(frozen=True)
class Existence:
    """The verdict on one model: `exists` (a maximum likelihood estimate), `identifiable`, and why not.

    `minus_infinity` are the terms with an empty margin. `direction` are the terms with the sign in which their
    parameters can all move, by the same amount, without a change in what any list shows; () when identifiable.
    """

    exists: bool
    identifiable: bool
    minus_infinity: tuple[int, ...] = ()
    certificate: Certificate | None = None
    direction: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    @property
    def code(self) -> int:
        """0 fine, 1 no maximum, 2 not identifiable, 3 neither: the codes of the R packages."""
        return NO_MLE * (not self.exists) + NOT_IDENTIFIABLE * (not self.identifiable)

    @property
    def fine(self) -> bool:
        return self.exists and self.identifiable

    def sentences(self, lists: Sequence[str]) -> list[Sentence]:
        """Everything that is to be said about this model on these data, in words."""
        said = []
        if self.minus_infinity:
            named = [members(t, lists) for t in self.minus_infinity]
            said.append(
                phrase("Nobody is on {named}; the model takes this overlap to be impossible.", named=named)
            )
        if self.certificate is not None:
            said.append(self.certificate.sentence(lists))
        if not self.identifiable:
            said.append(unidentified(self.direction, lists))
        return said


def unidentified(direction: Sequence[tuple[int, int]], lists: Sequence[str]) -> Sentence:
    """Why the unseen cannot be told apart from the terms of the model."""
    terms: list[str] = [_bracket(t, lists) for t, _sign in direction if t]
    if len(terms) > 8:
        terms = [*terms[:8], phrase("others")]
    return phrase(
        "These terms and the number of the unseen cannot be told apart: {named}. Any number of "
        "unseen people, with these "
        "terms moved to match, fits what the lists show equally well.", named=terms,
    )  # fmt: skip


def verdict(data: CaptureTable | Iterable[int], model: Iterable[int], *, k: int | None = None) -> Existence:
    """Existence and identifiability of `model` (masks; closed downwards, single lists added) on a table or support.

    A support is the histories that were seen; then `k` is the number of lists. Remembered by (support, model).
    """
    if isinstance(data, CaptureTable):
        seen, k = tuple(int(w) for w in np.flatnonzero(data.counts)), data.k
    else:
        seen = tuple(sorted({int(w) for w in data} - {0}))
        k = k or max(seen, default=1).bit_length()
    return _verdict(seen, tuple(sorted(closure(model, k))), k)


@lru_cache(maxsize=65_536)
def _verdict(seen: tuple[int, ...], model: tuple[int, ...], k: int) -> Existence:
    support = np.array(seen, dtype=np.int64)
    terms = np.array(model, dtype=np.int64)
    met = (terms[:, None] & support[None, :] == terms[:, None]).any(axis=1)
    met[terms == 0] = True
    kept, gone = terms[met], terms[~met]
    cells = kept_cells(k, gone)
    direction = () if is_identifiable(cells, kept, k) else _direction(kept)
    certificate = _certificate(support, cells, kept)
    return Existence(certificate is None, not direction, tuple(int(t) for t in gone), certificate, direction)


def kept_cells(k: int, gone: Ints) -> Ints:
    """Histories (never 0) that contain no term at minus infinity."""
    cells = np.arange(1, 1 << k, dtype=np.int64)
    for term in gone:
        cells = cells[cells & term != term]
    return cells


def is_identifiable(cells: Ints, kept: Ints, k: int) -> bool:
    """Full column rank of the design of the kept histories, exactly.

    Every kept term but 0 is itself a kept history, so those rows determine the null space up to one direction:
    d_t = (-1)^|t|, whose value in history w is e(w) = sum of (-1)^|t| over the kept terms t inside w (the Euler
    characteristic of what the model says about w). The rank is full exactly when e(w) is not 0 somewhere.
    """
    return bool(characteristic(kept, k)[cells].any())


def characteristic(kept: Ints, k: int) -> Ints:
    """e(w) for all 2**k histories."""
    value = np.zeros(1 << k, dtype=np.int64)
    value[kept] = [(-1) ** int(t).bit_count() for t in kept]
    for j in range(k):
        halves = value.reshape(-1, 2, 1 << j)
        halves[:, 1] += halves[:, 0]
    return value


def _direction(kept: Ints) -> tuple[tuple[int, int], ...]:
    return tuple((int(t), (-1) ** int(t).bit_count()) for t in kept)


def _certificate(support: Ints, cells: Ints, kept: Ints) -> Certificate | None:
    """None where the maximum exists. Support that alone determines every parameter needs no programme."""
    if len(support) == len(cells) or full_rank(_design(support, kept)):
        return None
    dual = _programme(support, cells, kept)
    return None if dual is None else _checked(dual, support, cells, kept)


def _design(cells: Ints, kept: Ints) -> Ints:
    inside: npt.NDArray[np.bool_] = cells[:, None] & kept[None, :] == kept[None, :]
    return inside.astype(np.int64)


def full_rank(matrix: Ints) -> bool:
    """Whether the columns of a matrix of whole numbers are independent; True is proved modulo a prime.

    False may in principle be wrong by an unlucky prime; here it only means that the linear programme is asked.
    """
    rows = matrix.copy() % PRIME
    if rows.shape[0] < rows.shape[1]:
        return False
    for column in range(rows.shape[1]):
        below = np.flatnonzero(rows[column:, column])
        if not len(below):
            return False
        pivot = column + int(below[0])
        rows[[column, pivot]] = rows[[pivot, column]]
        rows[column] = rows[column] * pow(int(rows[column, column]), -1, PRIME) % PRIME
        hit = np.flatnonzero(rows[column + 1 :, column]) + column + 1
        rows[hit] = (rows[hit] - rows[hit, column][:, None] * rows[column]) % PRIME
    return True


def _programme(support: Ints, cells: Ints, kept: Ints) -> npt.NDArray[np.float64] | None:
    """Maximise s over x_w = s + r_w, r >= 0, with the margins of the support; the dual prices where s stays at 0."""
    from scipy.optimize import linprog

    design = _design(cells, kept).T.astype(float)
    margins = _design(support, kept).sum(axis=0) * (len(cells) / len(support))
    equal = np.hstack([design, design.sum(axis=1, keepdims=True)])
    cost = np.zeros(equal.shape[1])
    cost[-1] = -1.0
    answer = linprog(cost, A_eq=equal, b_eq=margins, bounds=(0, None), method="highs-ds")
    if answer.status != 0:
        raise ArithmeticError(f"the linear programme of existence failed: {answer.message}")
    if float(answer.fun or 0.0) < -FLAT:
        return None
    return np.asarray(-answer.eqlin.marginals, dtype=float)


def _checked(dual: npt.NDArray[np.float64], support: Ints, cells: Ints, kept: Ints) -> Certificate:
    """The dual prices as whole numbers, with the proof that they are what they claim."""
    scale = float(np.abs(dual).max()) or 1.0
    parts = [Fraction(float(one) / scale).limit_denominator(LARGEST) for one in dual]
    times = lcm(*(part.denominator for part in parts))
    whole = [int(part * times) for part in parts]
    common = gcd(*whole) or 1
    whole = [one // common for one in whole]
    coefficients = np.array(whole, dtype=np.int64)
    value = _design(cells, kept) @ coefficients
    exact = bool((value >= 0).all() and value.any() and not (_design(support, kept) @ coefficients).any())
    return Certificate(
        tuple((int(t), one) for t, one in zip(kept, whole, strict=True) if one),
        tuple(int(w) for w in cells[value > 0]),
        exact,
    )


def members(mask: int, lists: Sequence[str]) -> list[str]:
    """The lists of a history by name."""
    return [name for j, name in enumerate(lists) if mask >> j & 1] or [phrase("no list")]


def history(mask: int, lists: Sequence[str]) -> str:
    """A history or a term in words: "A and C"."""
    return " and ".join(name for j, name in enumerate(lists) if mask >> j & 1) or "no list"


def _bracket(mask: int, lists: Sequence[str]) -> str:
    return f"[{history(mask, lists)}]"


def _margin(term: int, lists: Sequence[str]) -> str:
    return f"people on {history(term, lists)}" if term else "everybody seen"


def summary(existence: Existence, lists: Sequence[str]) -> Mapping[str, object]:
    """The verdict as plain values, for diagnostics and for `check`."""
    certificate = existence.certificate
    return {
        "code": existence.code,
        "exists": existence.exists,
        "identifiable": existence.identifiable,
        "minus_infinity": [history(t, lists) for t in existence.minus_infinity],
        "certificate": certificate.margins(lists) if certificate else "",
        "sentences": existence.sentences(lists),
    }
