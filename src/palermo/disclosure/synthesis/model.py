"""A distribution over rows, fitted to noisy tables by mbi 2. The data are not seen here, so no fault in this
file can cost anybody's privacy.

The default is a mixture of products (Aydore and others, RAP, ICML 2021; Liu and others, NeurIPS 2021): so
many kinds of person, in each of which columns are independent. All its tables of two columns are one product
of matrices, which is how it is fitted here: mbi's estimator with a loss that computes them together. The
alternative is mbi's graphical model on the strongest tables that hang together as a forest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.disclosure.synthesis.extra import exactly, model_library
from palermo.disclosure.synthesis.measure import Measured
from palermo.disclosure.synthesis.plan import Plan
from palermo.disclosure.synthesis.starting import chances

Reals = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Mixture:
    """`products[j][k, v]` is the probability of group v of column j in component k; components weigh
    alike."""

    products: tuple[Reals, ...]

    @property
    def components(self) -> int:
        """How many kinds of rows."""
        return int(self.products[0].shape[0])


def fit_mixture(measured: Measured, plan: Plan, seed: int) -> Mixture:
    """The mixture that is likeliest given the noisy tables (least squares, each by its noise)."""
    sizes = measured.grouped_sizes
    target, weight = _blocks(measured)
    mbi = model_library()
    with exactly():
        estimator = _estimator()(optimizer=_optimizer(plan.rate, plan.steps), num_components=plan.components)
        names = [str(j) for j in range(len(sizes))]
        begun = chances(measured, plan.components, np.random.default_rng(seed))
        start = _model(mbi.Domain(names, sizes), dict(zip(names, map(np.log, begun), strict=True)))
        loss = mbi.MarginalLossFn(((names[0],),), _squares, (target, weight))
        fitted = estimator.estimate(mbi.Domain(names, sizes), loss, 1.0, iters=plan.steps, warm_start=start)
        return Mixture(tuple(np.asarray(fitted.products[name], dtype=float) for name in names))


def _model(domain: Any, logits: dict[str, Reals]) -> Any:
    from mbi.extensions.mixture_of_products import MixtureOfProducts

    return MixtureOfProducts(logits, domain, 1.0)


def _blocks(measured: Measured) -> tuple[Reals, Reals]:
    """All tables as one square matrix of shares, and what each cell weighs: its precision. A table of two
    columns stands once, above the diagonal; one of one column stands in the last row."""
    sizes = measured.grouped_sizes
    ends = np.cumsum(sizes)
    target, weight = np.zeros((ends[-1] + 1, ends[-1])), np.zeros((ends[-1] + 1, ends[-1]))
    place = [slice(int(end - size), int(end)) for end, size in zip(ends, sizes, strict=True)]
    n = measured.total
    for table in measured.two_way:
        i, j = table.columns
        target[place[i], place[j]] = table.counts / n
        weight[place[i], place[j]] = (n / table.sigma) ** 2
    for j, (table, groups) in enumerate(zip(measured.one_way, measured.groups, strict=True)):
        inside = np.bincount(groups)
        target[-1, place[j]] = np.bincount(groups, weights=table.counts) / n
        weight[-1, place[j]] = (n / table.sigma) ** 2 / inside
    return target, weight


def _squares(model: Any, data: Any) -> Any:
    """Half the sum of squares between the model's tables and the noisy ones, in units of noise."""
    import jax.numpy as jnp

    target, weight = data
    products = model.products
    side = jnp.concatenate([products[name] for name in model.domain], axis=1)
    pairs = side.T @ side / model.num_components
    found = jnp.concatenate([pairs, side.mean(axis=0)[None]])
    return 0.5 * jnp.sum(weight * (found - target) ** 2)


@lru_cache(maxsize=8)
def _optimizer(rate: float, steps: int) -> Any:
    """One object for equal settings, so that what is compiled once serves every fit of the same shape."""
    import optax  # type: ignore[import-untyped,unused-ignore]

    return optax.adam(optax.cosine_decay_schedule(rate, steps))


@cache
def _estimator() -> Any:
    """mbi's mixture with the loss on the model itself in place of the loss on one table after the other."""
    import jax
    import optax  # type: ignore[import-untyped,unused-ignore]
    from mbi.extensions.mixture_of_products import MixtureOfProductsEstimator, MixtureOfProductsState

    class ByTables(MixtureOfProductsEstimator):  # type: ignore[misc]
        def _step(self, state: Any, loss_fn: Any, known_total: Any, constraints: Any = ()) -> Any:
            gradient = jax.grad(lambda model: loss_fn.loss_fn(model, loss_fn.data))(state.model)
            updates, moved = self.optimizer.update(gradient, state.opt_state, state.model)
            return MixtureOfProductsState(optax.apply_updates(state.model, updates), moved)

    return ByTables


def draw_mixture(model: Mixture, n: int, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """Rows of groups, and the component of each: as many of each component as its weight says, in each the
    counts of a column rounded by chance, in an order of its own, so that columns are independent within a
    component."""
    k = model.components
    whole, rest = divmod(n, k)
    each = np.full(k, whole)
    each[rng.choice(k, rest, replace=False)] += 1
    made = np.empty((n, len(model.products)), dtype=np.int32)
    starts = np.concatenate([[0], np.cumsum(each)])
    for component in range(k):
        low, high = int(starts[component]), int(starts[component + 1])
        for j, products in enumerate(model.products):
            made[low:high, j] = rng.permutation(_rounded(products[component], high - low, rng))
    return made, np.repeat(np.arange(k, dtype=np.int32), each)


def draw_again(model: Mixture, components: Codes, rng: np.random.Generator) -> Codes:
    """One more row of each of these components, on its own."""
    made = np.empty((len(components), len(model.products)), dtype=np.int32)
    for j, products in enumerate(model.products):
        edges = np.cumsum(products, axis=1)[components]
        made[:, j] = (rng.random((len(components), 1)) * edges[:, -1:] >= edges).sum(axis=1)
    last = np.array([products.shape[1] - 1 for products in model.products], dtype=np.int32)
    return np.asarray(np.minimum(made, last), dtype=np.int32)


def _rounded(chances: Reals, n: int, rng: np.random.Generator) -> Codes:
    """n values of which each occurs as often as its chance says, up to one: systematic sampling."""
    edges = np.cumsum(chances)
    at = (np.arange(n) + rng.random()) / max(n, 1) * edges[-1]
    found = np.searchsorted(edges, at, side="right")
    return np.asarray(np.minimum(found, len(chances) - 1), dtype=np.int32)
