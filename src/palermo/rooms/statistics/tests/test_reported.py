"""What countries reported, with UNODC's own suppression repaired: no "<5" follows from a total on our pages."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from palermo.disclosure import TOTAL
from palermo.rooms.statistics.queries.reported import SEXES, withheld_again

DATASET = Path(__file__).resolve().parents[6] / "shared" / "data" / "glotip" / "data_glotip_2024-05.csv"


def test_a_sex_that_follows_by_subtraction_is_withheld_with_the_other() -> None:
    found = withheld_again({TOTAL: (50, None), "female": (47, None), "male": (None, 5)})
    assert found.again == 1
    assert found.cells[TOTAL].value == 50
    assert found.cells["female"].withheld
    assert found.cells["male"].withheld
    assert found.cells["male"].value is None


def test_what_does_not_follow_stays_as_it_was_printed() -> None:
    free = withheld_again({TOTAL: (50, None), "female": (40, None), "male": (None, 5)})
    assert free.again == 0, "there are others who were not printed: the total leaves the men open"
    assert free.cells["female"].value == 40
    two = withheld_again({TOTAL: (54, None), "female": (50, None), "male": (None, 5), "unknown": (None, 5)})
    assert two.again == 0, "the four may be men or unknown"
    assert not withheld_again({TOTAL: (9, None), "female": (9, None)}).again


def test_a_total_that_gives_its_only_part_away_is_withheld() -> None:
    found = withheld_again({TOTAL: (3, None), "male": (None, 5)})
    assert found.again == 1
    assert found.cells[TOTAL].withheld


@pytest.mark.skipif(not DATASET.is_file(), reason="the UNODC dataset is not at hand")
def test_of_the_real_dataset_no_hidden_sex_follows_on_our_pages() -> None:
    lines: dict[tuple[str, str], dict[str, list[tuple[int | None, int | None]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    with DATASET.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if (
                row["Indicator"] == "Detected trafficking victims"
                and row["Dimension"] == "Total"
                and row["Age"] == "Total"
            ):
                text = row["txtVALUE"].replace(",", "")
                value = (None, int(text[1:])) if text.startswith("<") else (int(text), None)
                lines[row["Iso3_code"], row["Year"]][SEXES[row["Sex"]]].append(value)
    repaired = followed = 0
    for line in lines.values():
        if any(len(values) > 1 for values in line.values()) or not {TOTAL, "female", "male"} <= set(line):
            continue
        printed = {code: values[0] for code, values in line.items()}
        found = withheld_again(printed)
        followed += by_hand(printed)
        repaired += bool(found.again)
        kept = {code: (int(cell.value), None) for code, cell in found.cells.items() if cell.value is not None}
        still = {code: printed[code] for code in printed if printed[code][1] is not None}
        assert not by_hand(kept | still)
    assert followed > 100
    assert repaired >= followed


def by_hand(line: dict[str, tuple[int | None, int | None]]) -> bool:
    """Whether the one hidden part is the total less the others, and smaller than five."""
    hidden = [code for code, (count, _below) in line.items() if count is None]
    if len(hidden) != 1 or TOTAL in hidden or TOTAL not in line:
        return False
    counts = {code: count or 0 for code, (count, _below) in line.items()}
    rest = counts[TOTAL] - sum(count for code, count in counts.items() if code != TOTAL)
    shown = {code for code, (count, _below) in line.items() if count is not None} - {TOTAL}
    return bool(shown) and 0 <= rest < 5
