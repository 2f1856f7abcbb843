"""Invented people: correlated categories, some of them rare, drawn from one law as often as wished."""

import numpy as np

from palermo.disclosure.microdata import MISSING, Rows

SIZES = (12, 4, 9, 40, 40, *(3,) * 9)
COLUMNS = ("year", "sex", "age", "citizenship", "country", *(f"means_{i}" for i in range(1, 10)))


def population(seed=1):
    """A function that draws so many people: kinds of people with habits of their own, countries with long tails."""
    law = np.random.default_rng(seed)
    kinds = 12
    shares = law.dirichlet(np.full(kinds, 0.7))
    tables = [law.dirichlet(0.6 / (1 + np.arange(size)) ** 0.8, size=kinds) for size in SIZES]

    def draw(n, chance):
        kind = chance.choice(kinds, n, p=shares)
        codes = np.empty((n, len(SIZES)), dtype=int)
        for j, table in enumerate(tables):
            edges = np.cumsum(table, axis=1)[kind]
            codes[:, j] = np.minimum((chance.random(n)[:, None] > edges).sum(axis=1), SIZES[j] - 1)
        return Rows(COLUMNS, codes, tuple((MISSING, *map(str, range(1, size))) for size in SIZES))

    return draw


def three(n=3000, seed=1):
    """Members, people held out and a file that is as private as can be: a fresh draw that knows nobody."""
    chance, draw = np.random.default_rng(seed), population()
    return draw(n, chance), draw(n, chance), draw(n, chance)
