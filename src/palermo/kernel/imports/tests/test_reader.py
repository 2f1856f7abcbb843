"""The reader takes a good file whatever its make, and refuses a bad one with every fault at once."""

import gzip
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from palermo.kernel.imports.formats import Counts, Format, Layout
from palermo.kernel.imports.lines import LONGEST_LINE
from palermo.kernel.imports.mapping import Mapping, read_mapping
from palermo.kernel.imports.problems import LEFT_OUT, Problem, Unreadable, presentable
from palermo.kernel.imports.reader import LONGEST_FIELD, Table
from palermo.kernel.imports.rejected import MOST_LISTED, Rejections

LAYOUT = Layout(
    "plain",
    required=("code", "sex", "country"),
    optional=("year",),
    parse=lambda row, n: row,
)
FORMAT = Format("plain", (LAYOUT,), key=lambda record: b"", write=lambda batch: Counts(), preamble=0)
PREAMBLE = Format("pre", (LAYOUT,), key=lambda record: b"", write=lambda batch: Counts(), preamble=3)
GOOD = "code,sex,country\na,female,PA\nb,male,\n"


def read(
    path: Path, fmt: Format = FORMAT, mapping: Mapping | None = None
) -> list[tuple[int, dict[str, str]]]:
    with Table(path, fmt, mapping) as table:
        return [(number, table.as_dict(row)) for number, row in table]


def write(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.encode("utf-16"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        b" Code ,SEX,Country\na,female,PA\nb,male,\n\n",
    ],
    ids=[
        "utf-8",
        "utf-8 with mark",
        "utf-16",
        "semicolon",
        "tab",
        "crlf",
        "header case and blank line",
    ],
)
def test_reads_the_same_rows_whatever_the_make_of_the_file(tmp_path: Path, content: bytes) -> None:
    assert read(write(tmp_path, content)) == [
        (2, {"code": "a", "sex": "female", "country": "PA"}),
        (3, {"code": "b", "sex": "male", "country": ""}),
    ]


def refused(tmp_path: Path, content: bytes | str, fmt: Format = FORMAT) -> tuple[Problem, ...]:
    with pytest.raises(Unreadable) as caught:
        read(write(tmp_path, content), fmt)
    return caught.value.problems


def test_every_fault_of_a_header_is_named_at_once(tmp_path: Path) -> None:
    problems = refused(tmp_path, "code,sexe,year,year\na,b,c,d\n")
    rules = {(problem.column, problem.rule) for problem in problems}
    assert rules == {
        ("sexe", "unknown column; did you mean sex?"),
        ("year", "the column is there twice"),
        ("sex", "the column is missing"),
        ("country", "the column is missing"),
    }


def test_latin_1_is_refused_with_line_and_byte_and_never_guessed(
    tmp_path: Path,
) -> None:
    (problem,) = refused(tmp_path, GOOD.encode() + "c,female,Perú\n".encode("latin-1"))
    assert (problem.row, problem.value) == (4, "byte 0xFA")
    assert "UTF-8" in problem.rule


def test_ragged_rows_are_all_listed(tmp_path: Path) -> None:
    problems = refused(tmp_path, GOOD + "c,female\nd,male,PA,extra\ne,male,PA\n")
    assert [(problem.row, problem.rule) for problem in problems] == [
        (4, "the row has 2 fields, the header has 3"),
        (5, "the row has 4 fields, the header has 3"),
    ]


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * 5_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped(), "ZIP archive or a spreadsheet"),
        (gzip.compress(GOOD.encode(), mtime=0), "gzip"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 500, "old Excel"),
        (b"%PDF-1.7\n", "PDF"),
        (GOOD.encode("utf-16-le"), "without its byte order mark"),
        (b"", "empty"),
        (GOOD.encode() + b"c,fe\0male,PA\n", "NUL"),
        (b"A" * (LONGEST_LINE * 3), "longer than"),
        (GOOD + 'c,"' + "x" * (LONGEST_FIELD + 1) + '",PA\n', "the field is longer"),
        (
            GOOD + 'c,"never closed\n' + "d,male,PA\n" * 40_000,
            "field larger than field limit",
        ),
    ],
)
def test_what_is_not_a_csv_is_refused_in_words(tmp_path: Path, content: bytes | str, said: str) -> None:
    problems = refused(tmp_path, content)
    assert len(problems) == 1
    assert said in problems[0].rule


def test_a_preamble_is_skipped_where_the_format_allows_it(tmp_path: Path) -> None:
    path = write(tmp_path, "Exported on 14/04/2025\n\n" + GOOD)
    assert [number for number, _row in read(path, PREAMBLE)] == [4, 5]
    assert {problem.rule for problem in refused(tmp_path, "Exported on 14/04/2025\n\n" + GOOD)} >= {
        "the column is missing"
    }


def test_a_mapping_renames_columns_and_values_and_adds_constants(
    tmp_path: Path,
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'ignore = ["Remarks"]\n'
        '[columns]\nsex = "Sexe"\n[values.sex]\nF = "female"\n[constants]\ncountry = "PA"\n'
    )
    path = write(tmp_path, "code;Sexe;Remarks\na;F;nothing\n")
    assert read(path, FORMAT, read_mapping(plan)) == [(2, {"code": "a", "sex": "female", "country": "PA"})]


def test_a_wrong_mapping_names_all_its_faults(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('colums = 1\nignore = "x"\n[columns]\nsex = 3\n[values]\nsex = "F"\n')
    with pytest.raises(Unreadable) as caught:
        read_mapping(plan)
    assert {problem.column for problem in caught.value.problems} == {
        "colums",
        "columns.sex",
        "values.sex",
        "ignore",
    }


def test_memory_stays_flat_when_the_file_grows_tenfold(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = write(tmp_path, "code,sex,country\n" + "abcdefgh,female,PA\n" * rows)
        tracemalloc.start()
        with Table(path, FORMAT) as table:
            assert sum(1 for _ in table) == rows
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    assert peak(100_000) < peak(10_000) * 1.2


def test_values_where_names_may_be_and_long_values_are_not_shown() -> None:
    assert presentable(Problem(1, "sex", "Somebody", "r"), hide=True) == Problem(1, "sex", LEFT_OUT, "r")
    assert presentable(Problem(1, "sex", "", "must not be empty"), hide=True).value == ""
    assert len(presentable(Problem(1, "sex", "x" * 500, "r"), hide=False).value) == 60
    assert presentable(Problem(1, "sex", "a\x1b[31m\n", "r"), hide=False).value == "a�[31m�"


def test_rejected_rows_are_formula_safe_and_capped(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "run.rejected.csv"
    rejections = Rejections(target, hide=False)
    rejections.add([Problem(2, "sex", '=HYPERLINK("http://example.org")', "not in the list")])
    for number in range(MOST_LISTED + 10):
        rejections.add([Problem(number, "sex", "x", "not in the list")])
    assert not target.exists()
    assert rejections.keep() == target
    lines = target.read_text().splitlines()
    assert lines[1].startswith("2,sex,\"'=HYPERLINK")
    assert len(lines) == 1 + MOST_LISTED + 1
    assert "and 11 more problems" in lines[-1]
    assert target.stat().st_mode & 0o077 == 0


def test_nothing_rejected_leaves_no_file(tmp_path: Path) -> None:
    rejections = Rejections(tmp_path / "run.rejected.csv", hide=False)
    assert rejections.keep() is None
    assert list(tmp_path.iterdir()) == []
