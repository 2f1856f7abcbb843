"""Records read and written, citations that nothing breaks out of, texts taken out of files. No database."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from palermo.papers import (
    Paper,
    bibtex,
    plain,
    read,
    read_all,
    read_authorities,
    ris,
    rows_of,
    starter,
    written,
)
from palermo.papers.reading import Unreadable
from palermo.papers.records import isbn_is_right, link_is_right
from palermo.papers.texts import DOCX, PDF, TEXT, NoText, clean_docx, is_docx, pages_of

PAPER = Paper(
    "one-1", "manual", "en", {"en": "Of ships & {harbours}: 100 % _sure_",
    "fr": "Des navires"}, bodies=("Office", "Desk"),
    authors=("Tolliver, A.",), year=2020, symbol="A/1", isbn="9780306406157", doi="10.1000/182", licence="CC BY",
    link="https://example.org/a", concepts=("consent",), languages=("en", "fr"), summaries={"en": "Short."},
)  # fmt: skip


def as_csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, sorted({name for row in rows for name in row}))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def test_what_is_written_is_read_again() -> None:
    assert read(written(PAPER)) == (PAPER, [])
    assert read(json.loads(json.dumps(written(PAPER)))) == (PAPER, [])


def test_the_starter_is_right_and_guesses_nothing() -> None:
    found, problems = read_all(rows_of(json.dumps(starter()).encode(), as_csv=False))
    assert problems == []
    assert len(found) == len(starter()) >= 20
    assert not any(paper.isbn or paper.doi or paper.link for _row, paper in found)
    assert not any(paper.verified_in_primary_source for _row, paper in found)


def test_csv_has_lists_and_titles_by_language_and_problems_name_the_line() -> None:
    content = as_csv(
        [
            {"palermo_id": "a", "kind": "manual", "language": "fr", "title_fr": "Un\nmanuel",
            "bodies": "X; Y", "year": "2001"},
            {"palermo_id": "B", "kind": "poem", "language": "fr", "title_fr": "", "year": "12", "link": "javascript:a"},
        ]
    )  # fmt: skip
    found, problems = read_all(rows_of(content, as_csv=True))
    assert [(p.palermo_id, p.titles, p.bodies, p.year) for _row, p in found] == [
        ("a", {"fr": "Un manuel"}, ("X", "Y"), 2001)
    ]
    assert {one.field for one in problems} == {"palermo_id", "kind", "titles", "year", "link"}
    assert {one.line for one in problems} == {4}, "the line on which it begins, though another has two"


def test_a_cell_that_was_made_safe_for_spreadsheets_comes_back() -> None:
    assert rows_of(b"ref,body\na,'=1+1\n", as_csv=True)[0].values["body"] == "=1+1"


@pytest.mark.parametrize(
    ("content", "line"),
    [(b'[\n{"a": 1},\n{"a": }]', 3), (b'[{}, 3]', 1), (b'{"a": 1}', 1), (b'[{"a": 1}] x', 1), (b'[{"a": 1}', 1),
     (b"[" * 100_000, 1), (b'["\xff"]', 1)],
)  # fmt: skip
def test_what_is_no_array_says_where(content: bytes, line: int) -> None:
    with pytest.raises(Unreadable) as raised:
        rows_of(content, as_csv=False)
    assert raised.value.line == line


@pytest.mark.parametrize("name", ["palermo_id", "kind", "language", "titles"])
def test_what_is_needed_is_needed(name: str) -> None:
    values = {key: value for key, value in written(PAPER).items() if key != name}
    assert [wrong[0] for wrong in read(values)[1]] == [name]


@pytest.mark.parametrize(
    ("field", "value"),
    [("palermo_id", "authorities"), ("palermo_id", "A b"), ("kind", "poem"), ("concepts", ["no such"]),
     ("isbn", "9780306406158"),
     ("doi", "11.1/x"), ("link", "javascript:alert(1)"), ("link", "https://me@example.org"), ("year", "20 20"),
     ("titles", {"en": "x" * 501}), ("titles", "text"), ("authors", [["x"]]), ("verified_in_primary_source", "perhaps"),
     ("nothing", "x"), ("access", "all"), ("languages", ["English"])],
)  # fmt: skip
def test_what_is_wrong_is_said(field: str, value: object) -> None:
    paper, wrong = read({**written(PAPER), field: value})
    assert paper is None
    assert field in {one[0] for one in wrong}


def test_numbers_and_addresses() -> None:
    assert isbn_is_right("0-306-40615-2")
    assert isbn_is_right("080442957X")
    assert not isbn_is_right("0-306-40615-3")
    assert link_is_right("https://example.org/a?b=c")
    assert not any(
        link_is_right(text) for text in ("//example.org", "data:text/html,x", "https://", "http://[::1")
    )


def test_citations_name_it_all_and_nothing_breaks_out_of_them() -> None:
    line = plain(PAPER, "https://here.example/one-1")
    assert all(
        part in line for part in ("Tolliver, A.", "2020", "A/1", "ISBN 9780306406157", "doi.org/10.1000/182")
    )
    bad = replace(
        PAPER, titles={"en": "A}, url = {x}\nER  - \nTY  - BOOK \\input{y}"}, authors=(), bodies=("A and B & C",),
        publisher="P\r\nAU  - Other", doi="", isbn="",
    )  # fmt: skip
    made = bibtex(bad)
    plain_braces = made.replace(r"\{", "").replace(r"\}", "")
    assert plain_braces.count("{") == plain_braces.count("}")
    assert r"A\}, url = \{x\}" in made
    assert r"\textbackslash{}input\{y\}" in made
    assert r"author = {{A and B \& C}}" in made
    told = ris(bad)
    assert [line for line in told.split("\r\n") if line.startswith(("ER", "TY", "AU"))] == [
        "TY  - RPRT", "AU  - A and B & C", "ER  - ",
    ]  # fmt: skip
    assert "\n" not in told.replace("\r\n", "")


def test_the_title_of_the_reader_s_language_is_cited() -> None:
    assert "Des navires" in plain(PAPER, language="fr")
    assert "Of ships" in plain(PAPER, language="ar")
    assert "Des navires" in ris(PAPER, language="fr")


def pdf(*texts: str) -> bytes:
    weasyprint = pytest.importorskip("weasyprint")
    pages = "".join(f'<p style="page-break-after: always">{text}</p>' for text in texts)
    made: bytes = weasyprint.HTML(string=f"<html><body>{pages}</body></html>").write_pdf()
    return made


def word(*texts: str, author: str = "") -> bytes:
    from docx import Document

    document = Document()
    for text in texts:
        document.add_paragraph(text)
    document.core_properties.author = author
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_the_text_of_a_pdf_page_by_page() -> None:
    told = pages_of(pdf("The pelican waits.", "La seconde page dort.", "الصفحة الثالثة هنا"), PDF)
    assert told.counted == 3
    assert "pelican" in told.pages[0]
    assert "seconde" in told.pages[1]
    assert told.pages[2].strip()


def test_the_text_of_word_and_of_plain_text() -> None:
    assert "pelican" in pages_of(word("The pelican waits at the harbour."), DOCX).pages[0]
    long = "\n".join(f"line {n} of a long text" for n in range(1000))
    told = pages_of(long.encode(), TEXT)
    assert told.counted is None
    assert len(told.pages) > 3
    assert "line 999" in told.pages[-1]


@pytest.mark.parametrize(
    ("content", "kind"), [(b"%PDF-1.7 broken", PDF), (b"  ", TEXT), (b"PK\x03\x04", DOCX)]
)
def test_what_has_no_text_says_so(content: bytes, kind: str) -> None:
    with pytest.raises(NoText):
        pages_of(content, kind)


def test_it_is_ended_when_it_takes_too_long() -> None:
    with pytest.raises(NoText):
        pages_of(b"x" * 1_000_000, TEXT, seconds=0.001)


def test_a_word_file_loses_who_made_it_and_keeps_its_text() -> None:
    raw = word("The pelican waits at the harbour.", author="Quillmanek")
    assert is_docx(raw)
    cleaned = clean_docx(raw)
    with zipfile.ZipFile(io.BytesIO(cleaned)) as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist())
    assert b"Quillmanek" not in everything
    assert "pelican" in pages_of(cleaned, DOCX).pages[0]


def test_macros_and_other_archives_are_no_word_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word("x"))) as old, zipfile.ZipFile(out, "w") as packed:
        for name in old.namelist():
            packed.writestr(name, old.read(name))
        packed.writestr("word/vbaProject.bin", b"x")
    assert not is_docx(out.getvalue())
    plain_archive = io.BytesIO()
    with zipfile.ZipFile(plain_archive, "w") as packed:
        packed.writestr("a.txt", "x")
    assert not is_docx(plain_archive.getvalue())
    with pytest.raises(ValueError, match="damaged"):
        clean_docx(b"PK\x03\x04 broken")


def test_authorities_are_checked_and_contacts_kept_apart() -> None:
    content = b'ref;kind;country;body;accepts;phone\na-1;extradition;FRA;Office;"fr;en";+1\n'
    (found,), problems = read_authorities(rows_of(content, as_csv=True), date(2026, 1, 1))
    assert problems == []
    assert found[1].accepts == ("fr", "en")
    assert found[1].contacts == {"phone": "+1"}
