"""Three versions: who changed what since it was read."""

from palermo.web.changes import changes_of


def test_only_changed_fields_are_shown_and_clashes_are_marked() -> None:
    rows = changes_of(
        {"risk": "medium", "shelter": "none", "language": "Tigrinya"},
        {"risk": "high", "shelter": "none", "language": "Tigrinya"},
        {"risk": "low", "shelter": "found", "language": "Tigrinya"},
    )
    assert [(r.field, r.by_me, r.by_them, r.clash) for r in rows] == [
        ("risk", True, True, True),
        ("shelter", False, True, False),
    ]


def test_the_same_change_on_both_sides_is_no_clash() -> None:
    (row,) = changes_of({"risk": "low"}, {"risk": "high"}, {"risk": "high"})
    assert not row.clash


def test_a_side_that_does_not_name_a_field_kept_it() -> None:
    (row,) = changes_of({"a": 1, "b": 2}, {"a": 5}, {})
    assert (row.field, row.theirs, row.by_them) == ("a", 1, False)
