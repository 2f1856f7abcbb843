"""Files whole or not at all, and without a formula for a spreadsheet."""

import pytest

from palermo.linking.files import safe, table, written


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "@SUM(A1)", "\tx", "+1+cmd|' /C calc'!A0"])
def test_a_formula_is_made_text(cell):
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["POL-1", "-7", "+251 93 0455", 7, 0.5, ""])
def test_all_else_stays(cell):
    assert safe(cell) == cell


def test_a_failure_leaves_nothing_behind(tmp_path):
    (tmp_path / "b.csv").write_text("before")

    def broken():
        yield "x\n"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        written(tmp_path, {"a.csv": iter(["whole\n"]), "b.csv": broken()})
    assert [path.name for path in tmp_path.iterdir()] == ["b.csv"]
    assert (tmp_path / "b.csv").read_text() == "before"


def test_files_appear_together(tmp_path):
    paths = written(tmp_path / "new", {"a.csv": table(("x", "y"), [(1, "a,b")]), "b.txt": iter(["b"])})
    assert [(tmp_path / "new" / name).read_text() for name in ("a.csv", "b.txt")] == ['x,y\n1,"a,b"\n', "b"]
    assert paths == [str(tmp_path / "new" / name) for name in ("a.csv", "b.txt")]
