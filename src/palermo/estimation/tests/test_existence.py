"""Verdicts on models against R's, against brute force in whole numbers, and against another linear programme."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from palermo.estimation import CaptureTable
from palermo.estimation.mse.enumerate import expanded, hierarchical
from palermo.estimation.mse.existence import full_rank, verdict
from palermo.estimation.mse.models import as_model
from palermo.estimation.tests.shared import reference, shared_table

ARTIFICIAL = CaptureTable.from_counts("ABC", {"100": 40, "010": 30, "001": 20, "110": 6})
FOUR = (
    "korea_palembang_3list",
    "artificial_3list",
    "australia_4list",
    "hiv_rome_4list",
    "lesbian_allegheny_4list",
)
FIVE = ("uk_2013_5list", "netherlands_5list", "new_orleans_5list", "new_orleans_v186_5list")
Row = list[Fraction]


def parts(table, model):
    """Kept histories, those seen, kept terms: straight from the definitions."""
    seen = {mask for mask, _ in table.cells()}
    kept = sorted(t for t in model if t == 0 or any(w & t == t for w in seen))
    gone = set(model) - set(kept)
    cells = [w for w in range(1, 1 << table.k) if not any(w & t == t for t in gone)]
    return cells, sorted(seen), kept


def null_space(rows: list[Row], columns: int) -> list[Row]:
    """A basis of {c: rows c = 0} by elimination in fractions."""
    rows, pivots = [row[:] for row in rows], []
    for column in range(columns):
        at = len(pivots)
        pivot = next((i for i in range(at, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [one / rows[at][column] for one in rows[at]]
        for i, row in enumerate(rows):
            if i != at and row[column]:
                rows[i] = [a - row[column] * b for a, b in zip(row, rows[at], strict=True)]
        pivots.append(column)
    basis = []
    for free in (c for c in range(columns) if c not in pivots):
        vector = [Fraction(int(c == free)) for c in range(columns)]
        for i, pivot in enumerate(pivots):
            vector[pivot] = -rows[i][free]
        basis.append(vector)
    return basis


def by_brute_force(table, model) -> int:
    """The code from exact null spaces and from all extreme rays of the cone of certificates."""
    cells, seen, kept = parts(table, model)
    row = {w: [Fraction(int(w & t == t)) for t in kept] for w in cells}
    blind = null_space([row[w] for w in cells], len(kept))
    free = null_space([row[w] for w in seen], len(kept))
    values = [[sum(a * b for a, b in zip(row[w], one, strict=True)) for one in free] for w in cells]
    lines = null_space(values, len(free))  # moves nothing: belongs to identifiability, not to existence
    within = null_space(lines, len(free)) if lines else None
    if within is not None:
        values = [[sum(a * b for a, b in zip(v, one, strict=True)) for one in within] for v in values]
    return 2 * bool(blind) + has_ray([v for v in values if any(v)])


def has_ray(values: list[Row]) -> bool:
    if not values:
        return False
    size = len(values[0])
    for chosen in combinations(values, size - 1):
        rays = null_space(list(chosen), size)
        if len(rays) != 1:
            continue
        out = [sum(a * b for a, b in zip(v, rays[0], strict=True)) for v in values]
        if min(out) >= 0 or max(out) <= 0:
            return True
    return False


def by_other_programme(table, model) -> int:
    """Identifiability by a rank in floating point; existence by asking for a certificate instead of a table."""
    cells, seen, kept = parts(table, model)
    design = np.array([[w & t == t for t in kept] for w in cells], dtype=float)
    data = np.array([w in seen for w in cells])
    found = linprog(
        np.zeros(len(kept)), A_ub=-design, b_ub=np.zeros(len(cells)),
        A_eq=np.vstack([design[data], design.sum(axis=0)]), b_eq=np.append(np.zeros(data.sum()), 1.0),
        bounds=(None, None), method="highs-ipm",
    )  # fmt: skip
    assert found.status in (0, 2)
    return 2 * bool(np.linalg.matrix_rank(design) < len(kept)) + (found.status == 0)


@pytest.mark.parametrize(
    ("model", "code"), [("[12,13,23]", 2), ("[12,3]", 1), ("[13,23]", 0), ("[1,2,3]", 0)]
)
def test_the_artificial_table_has_the_codes_of_r(model, code):
    assert verdict(ARTIFICIAL, as_model(model, 3)).code == code


def test_what_is_wrong_is_said_with_the_names_of_the_lists():
    police = CaptureTable.from_counts(("Police", "NGO", "Border"), dict(ARTIFICIAL.cells()))
    missing = verdict(police, as_model("[12,3]", 3))
    assert missing.certificate.exact
    assert set(missing.certificate.empty) == {0b101, 0b110, 0b111}
    [said] = missing.sentences(police.lists)
    assert said.startswith("Nobody was seen on Police + Border; NGO + Border, and this model")
    assert "people on Police and NGO" in said
    blind = verdict(police, as_model("[12,13,23]", 3))
    empty, apart = blind.sentences(police.lists)
    assert empty.startswith("Nobody is on Police + Border; NGO + Border;")
    assert "cannot be told apart: [Police], [NGO], [Police and NGO], [Border]. Any number" in apart


@pytest.mark.parametrize("name", FOUR)
def test_every_model_up_to_four_lists_agrees_with_brute_force(name):
    table = shared_table(name)
    for number in hierarchical(table.k, table.k):
        model = expanded(number)
        found = verdict(table, model)
        assert found.code == by_brute_force(table, model), model
        assert found.certificate is None or found.certificate.exact


def agrees(table, numbers):
    for number in numbers:
        model = expanded(number)
        found = verdict(table, model)
        assert found.code == by_other_programme(table, model), (table.lists, model)
        assert found.certificate is None or proves(found.certificate, table, model)


def proves(certificate, table, model) -> bool:
    """The certificate holds on the real counts, in Python's whole numbers."""
    counts, seen = dict(table.cells()), {mask for mask, _ in table.cells()}
    cells, _seen, _kept = parts(table, model)
    value = {w: sum(c for t, c in certificate.combination if w & t == t) for w in cells}
    margins = sum(c * sum(y for w, y in counts.items() if w & t == t) for t, c in certificate.combination)
    above = {w for w, one in value.items() if one > 0}
    return min(value.values()) >= 0 and margins == 0 and above == set(certificate.empty) and not above & seen


@pytest.mark.parametrize("name", FIVE)
def test_a_sample_of_the_models_of_five_lists_agrees_with_another_programme(name):
    table = shared_table(name)
    numbers = hierarchical(5, 4)
    agrees(table, np.random.Generator(np.random.Philox(key=5)).choice(numbers, 120, replace=False))


@pytest.mark.slow
@pytest.mark.parametrize("name", FIVE)
def test_every_model_of_five_lists_agrees_with_another_programme(name):
    agrees(shared_table(name), hierarchical(5, 4))


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("australia_4list", 3), ("hiv_rome_4list", 3), ("korea_palembang_3list", 2),
        ("lesbian_allegheny_4list", 3), ("uk_2013_5list", 2),
        pytest.param("uk_2013_5list", 4, marks=pytest.mark.slow),
        pytest.param("netherlands_5list", 4, marks=pytest.mark.slow),
        pytest.param("new_orleans_5list", 4, marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_as_many_models_are_fine_as_r_counted(name, order):
    table = shared_table(name)
    [valid] = {
        one["n_models_valid"] for one in reference("mse_bic", name) if one["settings"]["maxorder"] == order
    }
    assert sum(verdict(table, expanded(one)).fine for one in hierarchical(table.k, order)) == valid


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(1, 15), min_size=1), st.integers(0, 112), st.permutations(range(4)))
def test_any_support_agrees_with_brute_force_and_forgets_the_order_of_lists(seen, which, order):
    def moved(mask):
        return sum(1 << order[j] for j in range(4) if mask >> j & 1)

    model = expanded(hierarchical(4, 3)[which])
    table = CaptureTable("ABCD", np.bincount(list(seen), minlength=16))
    found = verdict(seen, model, k=4)
    assert found.code == by_brute_force(table, model)
    assert found.code == verdict([moved(w) for w in seen], [moved(t) for t in model], k=4).code


def test_a_rank_is_full_only_when_it_is():
    assert full_rank(np.eye(4, dtype=np.int64)[:, :3])
    assert not full_rank(np.array([[1, 2], [2, 4], [3, 6]]))
    assert not full_rank(np.ones((2, 3), dtype=np.int64))
