"""The checklists as they are shipped."""

from collections import Counter

from palermo.standards.checklists import INSTRUMENTS, OBLIGATIONS, PILLARS, checklist, rows_of


def test_each_instrument_has_its_rows_and_each_row_an_address_of_its_own() -> None:
    rows = checklist().values()
    assert Counter(row.instrument for row in rows) == {
        "TIP": 42, "SOM": 46, "UNTOC": 30, "COE": 33, "EU": 25,
    }  # fmt: skip
    assert len(checklist()) == 176 == len({row.code for row in rows})
    assert {row.instrument for row in rows} == set(INSTRUMENTS)


def test_rows_say_how_strong_they_are_where_they_belong_and_who_has_seen_the_text() -> None:
    for row in checklist().values():
        assert row.obligation in OBLIGATIONS, row.code
        assert row.pillar in PILLARS, row.code
        assert row.verified in ("yes", "partial", "no"), row.code
        assert row.question.endswith("?"), row.code
        assert row.title.strip(), row.code


def test_rows_are_found_by_instrument_and_pillar() -> None:
    assert checklist()["tip-3-a"].code == "TIP 3(a)"
    both = rows_of("TIP", "protection")
    assert both
    assert {(row.instrument, row.pillar) for row in both} == {("TIP", "protection")}
    assert len(rows_of()) == 176
