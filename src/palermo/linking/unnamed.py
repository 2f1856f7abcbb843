"""A body's list into an encoded file: the body's side of a linkage without names."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np

from palermo.linkage.people import PersonList
from palermo.linkage.private import encoding as encoded_lists
from palermo.linkage.private import files as encoded_files
from palermo.linkage.private import keys
from palermo.linkage.private.parameters import FEW_ROWS, SMALLEST_LIST, Parameters, Unusable
from palermo.linking import mapping as mapped
from palermo.linking.files import table
from palermo.linking.inputs import read
from palermo.linking.keeping import content, kept, refused

Step = Callable[[float, str], None]
Said = tuple[dict[str, Any], str]
WIDTH = 96


def encode(
    file: str, key_file: Path, out: Path, *, name: str, rows: Path | None, project: str | None,
    fields: Sequence[str] | None, small: bool, mappings: Sequence[str], encoding: str, step: Step,
) -> Said:  # fmt: skip
    """Writes the encoded file and, where asked for, the body's own table of row numbers."""
    (source,) = read([file], mappings=_mappings(mappings), encoding=encoding)
    people = PersonList(name.strip() or source.people.name, source.people.columns)
    try:
        key = keys.read(content(key_file), project, fields)
    except Unusable as error:
        raise refused(str(key_file), error) from None
    try:
        made, order = encoded_lists.encode(
            people, key, Parameters(fields=key.fields), _numbers(len(people)), small=small, step=step
        )
    except Unusable as error:
        told = (
            Unusable(f"{error} (--small encodes it all the same)") if len(people) < SMALLEST_LIST else error
        )
        raise refused(file, told) from None
    kept(out, encoded_files.to_bytes(made))
    if rows:
        ids = people.columns["record_id"]
        lines = table(
            ("row_number", "record_id"), zip(made.numbers.tolist(), (ids[at] for at in order), strict=True)
        )
        kept(rows, "".join(lines).encode())
    minded = [*source.warnings, *_warnings(people, key)]
    found = {
        "list": made.name, "rows": len(made), "project": made.project, "fields": list(key.fields),
        "key_fingerprint": made.key_fingerprint, "parameter_fingerprint": made.parameters.fingerprint,
        "warnings": minded, "files": [str(out), *([str(rows)] if rows else [])],
    }  # fmt: skip
    text = f"{len(made):,} rows of {made.name} are encoded in {out} under the key {made.key_fingerprint}."
    return found, "\n\n".join(
        [fill(text, WIDTH), *(fill(f"Mind: {one}.".replace("..", "."), WIDTH) for one in minded)]
    )


def _mappings(said: Sequence[str]) -> dict[str, mapped.Mapping]:
    if not said:
        return {}
    from palermo.linking import asking

    return asking.mappings(said)


def _numbers(rows: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Random row numbers, all different."""
    while True:
        drawn = np.frombuffer(secrets.token_bytes(8 * rows), np.uint64) >> np.uint64(
            11
        )  # exact in any spreadsheet
        if len(np.unique(drawn)) == rows:
            return drawn


def _warnings(people: PersonList, key: keys.Key) -> Iterator[str]:
    if key.weak:
        yield "the secret is short and could be guessed; join random shares instead (palermo link key)"
    if len(people) < FEW_ROWS and {"document", "phone"} & set(key.fields):
        yield f"in a list of fewer than {FEW_ROWS:,} rows, agree on fewer fields (--fields names,birth,sex,nationality)"
