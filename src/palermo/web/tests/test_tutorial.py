"""What the tutorial tells a newcomer to type is taken by the program."""

import re
from pathlib import Path

from palermo.kernel.imports.mapping import read_mapping
from palermo.standards.records.person_record import HEADER

TUTORIAL = Path(__file__).resolve().parents[4] / "docs" / "tutorials" / "first-case.md"


def test_the_mapping_of_the_tutorial_is_read_and_gives_every_needed_column(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "mapping.toml"
    file.write_text(re.sub(r"(?m)^   ", "", block), encoding="utf-8")
    mapping = read_mapping(file)
    given = {*mapping.columns, *mapping.constants}
    assert set(HEADER.required) <= given
    assert given <= {*HEADER.required, *HEADER.optional}
