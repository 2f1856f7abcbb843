"""Time-location samples: weights by hand, a known town, errors."""

from __future__ import annotations

import numpy as np
import pytest

from palermo.estimation.estimators import Options, rds
from palermo.estimation.problems import BadInput, BadOptions
from palermo.estimation.rds.timelocation import VenueSample


def test_weights_by_hand() -> None:
    """Event a: drawn with 1/2, 2 of 10 asked; b: drawn with 1/4, 1 of 5. Visits 1, 2, 5: weights 10, 5, 4 in ratio."""
    sample = VenueSample.from_columns(
        ["a", "a", "b"], [1, 2, 5], ["x", "y", "y"], {"a": 0.5, "b": 0.25}, {"a": 10, "b": 5}
    )
    assert sample.weights == pytest.approx(np.array([10, 5, 4]) * 3 / 19)
    found = rds("time-location").estimate(sample, Options(more={"value": "y"}))
    assert found.value == pytest.approx(9 / 19)
    assert "few_events" in {caution.code for caution in found.cautions}


def town(seed: int) -> VenueSample:
    """4,000 people, a quarter in the group, who go out three times as often as the others: 40 of 200 events drawn."""
    draw = np.random.default_rng(seed)
    member = np.arange(4000) < 1000
    visits = 1 + draw.poisson(np.where(member, 8.0, 2.0))
    events = [draw.choice(200, count, replace=False) for count in visits]
    present: dict[int, list[int]] = {event: [] for event in range(200)}
    for person, mine in enumerate(events):
        for event in mine:
            present[int(event)].append(person)
    drawn = draw.choice(200, 40, replace=False)
    asked = [
        (str(event), int(person))
        for event in drawn
        for person in draw.choice(present[int(event)], 10, replace=False)
    ]
    return VenueSample.from_columns(
        [event for event, _person in asked], [float(visits[person]) for _event, person in asked],
        ["yes" if member[person] else "no" for _event, person in asked],
        {str(event): 0.2 for event in drawn}, {str(event): float(len(present[int(event)])) for event in drawn},
    )  # fmt: skip


def test_the_share_of_a_known_town_is_recovered_and_held() -> None:
    """The plain share of those met is near one half: who goes out more is met more."""
    found = [rds("time-location").estimate(town(seed), Options(more={"value": "yes"})) for seed in range(30)]
    plain = np.mean([result.diagnostics["shares"][1]["people"] / result.n_observed for result in found])
    assert plain > 0.4
    assert np.mean([result.value for result in found if result.value is not None]) == pytest.approx(
        0.25, abs=0.02
    )
    held = sum(1 for one in found if one.interval and one.interval.lower <= 0.25 <= one.interval.upper)
    assert held >= 26


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(BadInput) as found:
        VenueSample.from_columns(["a", "", "b"], [1, 0, 2], ["x", "y", "x"], {"a": 2.0}, {"a": 0, "b": 1})
    assert {problem.rule for problem in found.value.problems} == {"event", "visits", "chance", "attendance"}
    with pytest.raises(BadInput):
        VenueSample.from_columns([], [], [], {}, {})


def test_a_stratum_visited_once_is_said() -> None:
    sample = VenueSample.from_columns(
        ["a", "a", "b", "c"], [1, 1, 1, 1], ["x", "y", "x", "y"], {"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 1, "c": 1},
        {"a": "north", "b": "north", "c": "south"},
    )  # fmt: skip
    found = rds("time-location").estimate(sample, Options())
    assert "lonely_strata" in {caution.code for caution in found.cautions}
    assert found.explain()
    with pytest.raises(BadOptions):
        rds("time-location").estimate(sample, Options(more={"value": "z"}))
