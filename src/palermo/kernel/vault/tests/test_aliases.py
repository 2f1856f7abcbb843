"""Other names of a person, each on its own."""

from palermo.kernel.vault.identity import Identity


def test_aliases_are_told_apart_by_arabic_marks_too() -> None:
    for between in (";", "\n", "؛", "،", " ؛ "):
        assert Identity(aliases=f"سلمى{between}Zarquella").names == ("سلمى", "Zarquella")
    assert Identity(aliases="Vibble, Zarquella").names == ("Vibble, Zarquella",)
