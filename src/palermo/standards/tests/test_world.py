"""The map of the world: projected as published, whole, and nothing but lines."""

import json
from pathlib import Path

import pytest

from palermo.standards.countries import countries
from palermo.standards.world import HEIGHT, WIDTH, UnfitMap, project, world

# Without a shape of their own on the map, and whose codes are not on it.
NOT_DRAWN = {"AQ", "BQ", "BV", "CX", "CC", "GF", "GI", "GP", "MQ", "YT", "RE", "SJ", "TK", "TV", "UM"}


def test_the_projection_is_equal_earth() -> None:
    (left, middle), (right, _same) = project(-180, 0), project(180, 0)
    assert (left, right) == (0, WIDTH)
    # Šavrič, Patterson, Jenny (2019): the whole is 2.05458 times as wide as high, a pole 0.59247 of the equator.
    top, bottom = project(0, 90)[1], project(0, -90)[1]
    assert WIDTH / (bottom - top) == pytest.approx(2.05458, abs=1e-4)
    assert (project(180, 90)[0] - project(-180, 90)[0]) / WIDTH == pytest.approx(0.59247, abs=1e-3)
    assert project(0, 0) == pytest.approx((WIDTH / 2, middle))
    assert project(0, -56)[1] == pytest.approx(HEIGHT, abs=3)


def test_every_country_has_a_place_inside_the_drawing() -> None:
    places = world().places
    assert {c.alpha2 for c in countries().values() if c.alpha2 not in places} <= NOT_DRAWN
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT + 10 for x, y in places.values())
    east, west, north = places["JP"], places["MX"], places["NO"]
    assert west[0] < north[0] < east[0]
    assert north[1] < east[1] < places["NG"][1] < places["ZA"][1]


def test_no_line_leaps_across_the_map() -> None:
    for path in (world().land, world().borders, world().disputed):
        for piece in path.split("M")[1:]:
            steps = piece.partition("l")[2].rstrip("z").replace("-", " -").split()
            widths = [abs(int(step)) for step in steps[::2]]
            assert not [w for w in widths if w > WIDTH / 4], piece[:40]


def test_another_map_takes_its_place_and_an_unfit_one_is_refused(tmp_path: Path) -> None:
    theirs = {"source": "An authority", "licence": "its own", "land": "M0 0l9 0 0 9z", "borders": "", "disputed": "",
              "places": {"AA": [1, 2]}}  # fmt: skip
    (tmp_path / "fit.json").write_text(json.dumps(theirs))
    assert world(str(tmp_path / "fit.json")).places["AA"] == (1.0, 2.0)
    for unfit in ({**theirs, "land": '"/><script>'}, {**theirs, "places": {"AA": [1]}}, [], {}):
        (tmp_path / "unfit.json").write_text(json.dumps(unfit))
        with pytest.raises(UnfitMap):
            world.__wrapped__(str(tmp_path / "unfit.json"))
