"""Invented microdata in the shape of CTDC's Global Synthetic Dataset: 20 columns, and nobody in them exists.

    .venv/bin/python tools/invented_rows.py 50000 --seed 7 > invented.csv

Kinds of exploitation decide who is exploited, on which way, by which means and by whom recruited; most rows are
unlike every other one (about 94 % of 50,000), which is the hard case for a release. Columns and code lists are those of
the codebook of February 2024.
"""

import argparse
import csv
import sys

import numpy as np

from palermo.disclosure.microdata import Rows

KINDS = 14
ORIGINS = 45
MEANS = (
    "meansDebtBondageEarnings", "meansThreats", "meansAbusePsyPhySex", "meansFalsePromises", "meansDrugsAlcohol",
    "meansDenyBasicNeeds", "meansExcessiveWorkHours", "meansWithholdDocs",
)  # fmt: skip
TYPES = ("isForcedLabour", "isSexualExploit", "isOtherExploit")
RECRUITERS = (
    "recruiterRelationIntimatePartner", "recruiterRelationFriend", "recruiterRelationFamily", "recruiterRelationOther",
)  # fmt: skip
COLUMNS = (
    "yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation", *MEANS, *TYPES, *RECRUITERS,
)  # fmt: skip


def invented(n: int, seed: int) -> Rows:
    """n invented people, coded by the codebook's lists. The same seed makes the same people, and the same world for
    any number of them."""
    from palermo.disclosing.domains import known

    lists = known("ctdc-2024")
    world, rng = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    categories = tuple(("", *lists[name]) for name in COLUMNS)
    sizes = [len(one) for one in categories]
    codes = np.zeros((n, len(COLUMNS)), dtype=np.int32)
    kind = _drawn(np.tile(world.dirichlet(np.full(KINDS, 1.5)), (n, 1)), rng)
    codes[:, 0] = 1 + _drawn(_bumps(world, KINDS, sizes[0] - 1, 0.16)[kind], rng)
    codes[:, 1] = _drawn(_mostly(world, KINDS, (0.02, 0.34, 0.63, 0.01), 12)[kind], rng)
    codes[:, 2] = _drawn(_bumps(world, KINDS, sizes[2], 0.25)[kind], rng)
    codes[:, 3], codes[:, 4] = _ways(kind, world, rng, sizes[3])
    for at, (name, usual) in enumerate(
        zip(COLUMNS[5:], (*[0.2] * 8, 0.45, 0.5, 0.12, *[0.12] * 4), strict=True), 5
    ):
        chance = world.beta(usual * 1.6, (1 - usual) * 1.6, KINDS)[kind]
        where = world.normal(0, 0.7, (sizes[4],))[codes[:, 4]] + world.normal(0, 0.4, sizes[2])[codes[:, 2]]
        if name in MEANS and at > 5:
            where = where + 1.2 * (codes[:, at - 1] > 0) - 0.3
        codes[:, at] = rng.random(n) < 1 / (
            1 + np.exp(-(np.log(chance + 1e-3) - np.log1p(1e-3 - chance) + where))
        )
    return Rows(COLUMNS, codes, categories)


def _ways(kind, world, rng, places):
    """Origin and destination: each kind has origins of its own, each origin a few destinations, itself among them."""
    chosen = 1 + world.choice(places - 1, ORIGINS, replace=False)
    size = 1 / np.arange(1, ORIGINS + 1) ** 0.9
    origins = world.dirichlet(0.15 + 8 * size / size.sum(), KINDS)
    ways = world.dirichlet(np.full(ORIGINS, 0.06), ORIGINS)
    ways = 0.55 * ways + 0.45 * np.eye(ORIGINS)
    origin = _drawn(origins[kind], rng)
    target = _drawn(ways[origin], rng)
    unknown = rng.random(len(kind)) < 0.08
    return np.where(unknown, 0, chosen[origin]), np.where(rng.random(len(kind)) < 0.05, 0, chosen[target])


def _bumps(world, kinds, size, width):
    """Distributions over ordered values, each with a top of its own."""
    at = np.linspace(0, 1, size)
    tops, widths = world.random(kinds), width * (0.5 + world.random(kinds))
    made = np.exp(-0.5 * ((at[None] - tops[:, None]) / widths[:, None]) ** 2) + 0.03
    return made / made.sum(axis=1, keepdims=True)


def _mostly(world, kinds, usual, firmness):
    return world.dirichlet(firmness * np.array(usual) + 0.02, kinds)


def _drawn(chances, rng):
    edges = np.cumsum(chances, axis=1)
    return (rng.random((len(chances), 1)) * edges[:, -1:] >= edges).sum(axis=1).clip(max=chances.shape[1] - 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", type=int)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    rows = invented(given.rows, given.seed)
    csv.writer(sys.stdout, lineterminator="\n").writerows([rows.columns, *rows.to_records()])


if __name__ == "__main__":
    main()
