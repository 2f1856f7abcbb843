"""Reading lists: everything wrong at once and in words, and no name ever in a message."""

import pytest

from palermo.estimating.inputs import Refused
from palermo.linkage.people import FIELDS
from palermo.linking import inputs
from palermo.linking.decoding import Undecodable, decoded
from palermo.linking.mapping import read_mapping

HEADER = ",".join(FIELDS)
ROW = "A1,2024-01-02,Amina,Diallo,,F,1998-05-17,day,GIN,Labé,+22462,K123"


@pytest.fixture
def file(tmp_path):
    def make(text, name="police.csv", encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return str(path)

    return make


def one(path, **more):
    return inputs.read([path], **more)[0]


def refused(*paths, **more):
    with pytest.raises(Refused) as caught:
        inputs.read(list(paths), **more)
    return [problem for _file, problem in caught.value.problems]


def test_a_list_in_the_people_format(file):
    found = one(file(f"{HEADER}\n{ROW}\n"))
    assert found.people.name == "police"
    row = found.people.row(0)
    assert (row.record_id, row.given_name, row.sex, row.nationality) == ("A1", "Amina", "female", "GIN")
    assert found.warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_as_it_says_itself(file, encoding):
    found = one(file(f"{HEADER}\n{ROW.replace('Amina', 'ሀ አሚና')}\n", encoding=encoding))
    assert found.people.row(0).given_name == "ሀ አሚና"


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1251", ["Олена", "Наталія", "Шевченко", "Григорьевна"]),
        ("cp1256", ["فاطمة", "أحمد", "الخطيب", "يوسف"]),
        ("cp1252", ["José", "Muñoz", "Ramírez", "Peña", "Núñez"]),
    ],
)
def test_an_older_code_page_is_read_where_its_words_are_words_and_it_is_said(file, encoding, names):
    rows = "\n".join(f"{at},{name},{names[0]}" for at, name in enumerate(names * 3))
    found = one(file(f"record_id,given_name,family_name\n{rows}\n", encoding=encoding))
    assert found.people.columns["given_name"][: len(names)] == tuple(names)
    assert found.encoding == encoding
    assert "is not UTF-8" in found.warnings[0]


def test_bytes_that_are_words_under_no_code_page_are_refused(file):
    noise = bytes(range(128, 256))
    (problem,) = refused(file(b"record_id,given_name\n1," + noise + b"\n"))
    assert problem.rule == "encoding"
    assert "--encoding" in problem.message


def test_a_code_page_can_be_said(file):
    path = file("record_id,given_name\n1,Ёлка\n", encoding="koi8-r")
    assert one(path, encoding="koi8-r").people.row(0).given_name == "Ёлка"
    assert refused(path, encoding="utf-8")[0].rule == "encoding"
    assert refused(path, encoding="klingon")[0].column == "--encoding"


def test_names_harmed_before_they_were_saved_are_noticed():
    harmed = "record_id,given_name\n" + "".join(
        f"{at},{name.encode().decode('cp1252')}\n" for at, name in enumerate(["José", "Núñez", "Peña", "Díaz"])
    )  # fmt: skip
    assert "wrong code page" in decoded(harmed.encode()).warning
    assert "�" in decoded("given_name\nJos\ufffd\n".encode()).warning
    assert decoded("given_name\nJosé Núñez\nSãmia Øystein\n".encode()).warning == ""


@pytest.mark.parametrize("raw", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"given_name\n\0\0\0\n"])
def test_what_is_no_text_is_refused(raw):
    with pytest.raises(Undecodable):
        decoded(raw)


def test_everything_wrong_is_said_at_once(file):
    bad = file(
        "record_id,recorded_on,given_name,sex,birth_date,birth_precision,nationality\n"
        "1,2024-13-01,Anonyma,female,1998,year,NPL\n"
        "1,2024-01-01,Anonyma,filly,soon,exactly,Atlantis\n"
        ",2024-01-01,Anonyma,f,1998,year,NPL\n"
        "4,2024-01-01\n"
    )
    missing = bad.replace("police", "elsewhere")
    problems = refused(bad, missing)
    found = {(one.row, one.column) for one in problems}
    assert found == {
        (2, "recorded_on"), (3, "sex"), (3, "birth_date"), (3, "birth_precision"), (3, "nationality"),
        (3, "record_id"), (4, "record_id"), (5, ""), (None, ""),
    }  # fmt: skip
    assert not any("Anonyma" in str(one) + one.value for one in problems)
    assert {one.value for one in problems} >= {"2024-13-01", "filly", "Atlantis"}


def test_a_file_of_nonsense_is_not_repeated_in_full(file):
    rows = "\n".join(f"{at},A,never" for at in range(5000))
    problems = refused(file(f"record_id,given_name,birth_date\n{rows}\n"))
    assert len(problems) < 250
    assert "4,800 more" in problems[-1].message


def test_any_column_may_be_absent_and_records_are_numbered(file):
    found = one(file("Given name;phone\nAmina;12\nBinta;\n"))
    assert found.people.columns["record_id"] == ("1", "2")
    assert found.people.columns["given_name"] == ("Amina", "Binta")
    assert "numbered" in found.warnings[0]


def test_columns_that_are_not_known_are_named(file):
    assert "shoe size" in one(file("record_id,given_name,shoe size\n1,A,37\n")).warnings[0]
    assert "no column" not in str(refused(file("a,b\n1,2\n"))[0])
    assert "mapping file" in refused(file("a,b\n1,2\n"))[0].message


def test_a_mapping_file(file, tmp_path):
    path = file("N°;Prénom;Sexe;Notes\n7;Awa;Femme;x\n", name="abri.csv")
    told = tmp_path / "abri.toml"
    told.write_text(
        'ignore = ["Notes"]\n[columns]\nrecord_id = "N°"\ngiven_name = "Prénom"\nsex = "Sexe"\n'
        '[values.sex]\nFemme = "female"\n[constants]\nnationality = "SEN"\n',
        encoding="utf-8",
    )
    found = one(path, mappings={"": read_mapping(told)})
    assert found.people.row(0).record_id == "7"
    assert (found.people.row(0).sex, found.people.row(0).nationality) == ("female", "SEN")
    assert found.warnings == ()
    assert refused(path, mappings={"police": read_mapping(told)})[-1].column == "--mapping"


@pytest.mark.parametrize(
    "text", ["[columns", "[wrong]\na=1", "[columns]\nname='x'", "ignore=3", "[values]\nsex='x'"]
)
def test_a_mapping_file_is_read_strictly(tmp_path, text):
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused):
        read_mapping(path)


def test_two_files_of_one_name_are_numbered_and_the_same_file_twice_is_told(file):
    first, second = (file(f"{HEADER}\n{ROW}\n", name=f"{folder}/police.csv") for folder in ("a", "b"))
    found = inputs.read([first, second])
    assert [one.people.name for one in found] == ["police", "police_2"]
    assert any("says the same as police" in told for told in found[1].warnings)


def test_lists_of_one_record_and_of_none(file):
    none = one(file(f"{HEADER}\n"))
    assert len(none.people) == 0
    assert none.warnings == ("holds no record",)
    assert refused(file(""))[0].rule == "empty"
    assert len(one(file(f"{HEADER}\n{ROW}\n\n\n")).people) == 1


def test_marks_of_direction_and_zero_width_signs_are_kept_for_the_linkage(file):
    found = one(file("record_id,given_name\n1,\u202bفاطمة\u202c\n2,Ami\u200bna\n"))
    assert len(found.people) == 2


def test_dates_as_lists_have_them(file):
    said = ["1998", "1998-05", "1998-05-17", "2056-02-30", "17/05/1998", "about 17", "", "n/a", "2569-01-01"]
    rows = "\n".join(f"{at},A,{text}" for at, text in enumerate(said))
    assert len(one(file(f"record_id,given_name,birth_date\n{rows}\n")).people) == len(said)


def test_a_broken_quote_is_told_with_its_row(file):
    (problem,) = refused(file('record_id,given_name\n1,"Awa\n2,Binta\n'))
    assert problem.rule == "csv"
