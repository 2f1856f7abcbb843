"""Linkage error carried into N: draws of who is whom from a linkage that knows its doubt, where the truth is known."""

import numpy as np
import pytest

from palermo.estimation import BadInput, CaptureTable, Options
from palermo.estimation.estimators import mse
from palermo.estimation.mse.linkage_error import LinkDraws, over_draws
from palermo.estimation.mse.reading import read_any, read_draws

PEOPLE, CHANCES, DRAWS = 1000, (0.4, 0.35), 24
TRUE = 0.75  # of the doubtful pairs


def doubtful(seed: int) -> tuple[LinkDraws, CaptureTable, CaptureTable]:
    """Draws of a linkage that knows its doubt, and the tables of one that links all doubtful pairs, or none of them.

    Six in ten of the true pairs are doubtful, and for every three of them there is a pair just like them that is none:
    whoever knows no more than that links each doubtful pair with a chance of 3/4, and is right so often.
    """
    chance = np.random.Generator(np.random.Philox(key=seed))
    first, second = (chance.random(PEOPLE) < one for one in CHANCES)
    both = int((first & second).sum())
    unsure = int(chance.binomial(both, 0.6))
    pairs = unsure + int(chance.negative_binomial(max(unsure, 1), TRUE))

    def table(linked: int) -> CaptureTable:
        alone = {"10": int(first.sum()) - linked, "01": int(second.sum()) - linked}
        return CaptureTable.from_counts("AB", alone | {"11": linked})

    linked = both - unsure + chance.binomial(pairs, TRUE, DRAWS)
    return (
        LinkDraws.from_tables([table(int(one)) for one in linked]),
        table(both - unsure + pairs),
        table(both - unsure),
    )


def test_the_range_over_draws_holds_the_truth_where_sure_links_miss_it():
    held, all_linked, none_linked, shares, values = 0, 0, 0, [], []
    for seed in range(80):
        draws, all_of_them, none_of_them = doubtful(seed)
        found = over_draws(draws, mse("main"), Options(bootstrap=0))
        held += found.lower <= PEOPLE <= found.upper
        shares.append(found.diagnostics["linkage_share"])
        values.append(found.value)
        sure = [mse("main").estimate(one, Options(bootstrap=0)) for one in (all_of_them, none_of_them)]
        all_linked += sure[0].lower <= PEOPLE <= sure[0].upper
        none_linked += sure[1].lower <= PEOPLE <= sure[1].upper
    assert held >= 73
    assert all_linked < 60
    assert none_linked < 10
    assert np.mean(values) == pytest.approx(PEOPLE, rel=0.03)
    assert 0.05 < np.mean(shares) < 0.5


def file(draws: LinkDraws) -> list[str]:
    lines = ["draw,A,B,count"]
    for number, table in enumerate(draws.tables, start=1):
        for mask, count in table.cells():
            lines.append(",".join(map(str, (number, *(mask >> j & 1 for j in range(2)), count))))
    return lines


def test_a_file_with_a_column_draw_is_many_tables():
    draws, _all, _none = doubtful(3)
    read = read_any(file(draws))
    assert isinstance(read, LinkDraws)
    assert sorted(one.hash for one in read.tables) == sorted(one.hash for one in draws.tables)
    assert {one.hash for one in read_draws(file(draws)).tables} == {one.hash for one in draws.tables}
    assert read.lists == ("A", "B")
    assert read.typical() in read.tables
    assert isinstance(read_any(["A,B,C,count", "1,0,0,5", "0,1,0,4", "1,1,1,3"]), CaptureTable)


def test_everything_wrong_in_a_file_of_draws_is_said():
    with pytest.raises(BadInput) as caught:
        read_any(["draw,A,B,count", "1,1,0,x", "2,1,0,-4", "2,0,1,3"])
    assert {one.row for one in caught.value.problems} == {2, 3}


def test_the_paragraph_says_how_much_of_the_doubt_the_links_are():
    draws, _all, _none = doubtful(5)
    found = over_draws(draws, mse("main"), Options(bootstrap=200))
    share = found.diagnostics["linkage_share"]
    assert 0 < share < 1
    assert f"over {DRAWS} draws of who is whom; {100 * share:.0f} % of the doubt" in found.explain()
    assert over_draws(draws, mse("main"), Options(bootstrap=200)).as_json() == found.as_json()
