"""The order in which several workers take the tests up: what is named there exists, and goes first."""

import re
from collections import Counter
from pathlib import Path

from tests import order

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_named_is_there() -> None:
    groups = {order.BROWSER, *order.FOLDERS.values()}
    for name in (*order.FIRST, *order.FOLDERS, *order.DIVIDED, *order.SERVED):
        assert name in groups or (ROOT / name).exists(), name


def test_whoever_needs_the_shared_server_is_named() -> None:
    needs = re.compile(r"def test_[^(]*\([^)]*\b(palermo_running|palermo_command|stage_of|visitor|sign_in)\b")
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if needs.search(path.read_text())
    }
    assert found == order.SERVED


def test_a_server_is_shared_a_matrix_divided_and_the_long_come_first() -> None:
    matrix, served = next(iter(order.DIVIDED)), sorted(order.SERVED)
    asked = [
        *(f"src/palermo/kernel/test_many.py::test[{n}]" for n in range(200)),
        "src/palermo/kernel/test_one.py::test",
        *(f"{matrix}::test[{n}]" for n in range(2 * order.DIVIDED[matrix])),
        "tests/faults/test_a.py::test",
        "tests/faults/test_b.py::test",
        f"{served[0]}::test",
        f"{served[1]}::test",
        "tests/browser/test_c.py::test",
    ]
    counted: Counter[str] = Counter()
    groups = [order.group(nodeid, counted) for nodeid in asked]
    place = order.places(groups)
    assert sorted(place, key=lambda name: place[name]) == [
        order.BROWSER,
        "palermo run that is killed",
        "src/palermo/kernel/test_many.py",
        f"{matrix} 0",
        f"{matrix} 1",
        "src/palermo/kernel/test_one.py",
        "tests/browser/test_c.py",
    ]


def test_the_workers_take_whole_groups() -> None:
    """Asked of the scheduler that the run is given: two workers, and no test of a file apart from its others."""
    groups = order.Groups.__new__(order.Groups)
    groups.counted, groups.known = Counter(), {}
    served = sorted(order.SERVED)
    assert {groups._split_scope(f"{name}::test[{n}]") for name in served for n in (0, 1)} == {order.BROWSER}
    first = groups._split_scope(f"{next(iter(order.DIVIDED))}::test[0]")
    assert groups._split_scope(f"{next(iter(order.DIVIDED))}::test[0]") == first
