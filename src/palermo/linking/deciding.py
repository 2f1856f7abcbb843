"""What people decided about pairs of records, as a file: the next linkage respects it.

    source,record_id,other_source,other_record_id,decision
    police,POL-12,ngo,NGO-7,same
    police,POL-12,ngo,NGO-9,different

"unsure" is kept and changes nothing. Further columns (by whom, when) are read past.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from palermo.estimating.inputs import Refused
from palermo.estimation import Problem
from palermo.linkage.engine import Decisions
from palermo.linking.decoding import Undecodable, decoded
from palermo.linking.inputs import Source

COLUMNS = ("source", "record_id", "other_source", "other_record_id", "decision")
WORDS = ("same", "different", "unsure")
Record = tuple[str, str]


def read_decisions(file: str, sources: Sequence[Source]) -> Decisions:
    """Raises Refused with everything wrong: records that no list has, words, and pairs decided in both ways."""
    try:
        text = decoded(Path(file).read_bytes()).text
    except OSError as error:
        raise Refused.inside(file, [Problem("file", f"this file cannot be read: {error.strerror}")]) from None
    except Undecodable as error:
        raise Refused.inside(file, [error.problem]) from None
    lines = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
    if missing:
        raise Refused.inside(
            file, [Problem("header", f"the columns {', '.join(missing)} are missing", row=1)]
        )
    there = {(one.people.name, record) for one in sources for record in one.people.columns["record_id"]}
    problems: list[Problem] = []
    decided: dict[frozenset[Record], tuple[str, int]] = {}
    for row, line in enumerate(lines, start=2):
        said = {name: (line[name] or "").strip() for name in COLUMNS}
        pair = ((said["source"], said["record_id"]), (said["other_source"], said["other_record_id"]))
        problems += _wrong(row, said["decision"], pair, there)
        known = decided.setdefault(frozenset(pair), (said["decision"], row))
        if {known[0], said["decision"]} == {"same", "different"}:
            problems.append(
                Problem("decision", f"row {known[1]} says “{known[0]}” of the same two records", row=row)
            )
    if problems:
        raise Refused.inside(file, problems)
    pairs = {word: tuple(_pairs(decided, word)) for word in WORDS}
    return Decisions(same=pairs["same"], different=pairs["different"])


def _wrong(row: int, decision: str, pair: tuple[Record, Record], there: set[Record]) -> Iterator[Problem]:
    if decision not in WORDS:
        yield Problem("decision", f"it is {', '.join(WORDS)}", row=row, column="decision", value=decision)
    if pair[0] == pair[1]:
        yield Problem("decision", "a record is the same as itself; nothing is to be decided", row=row)
    for column, (source, record) in zip(("record_id", "other_record_id"), pair, strict=True):
        if (source, record) not in there:
            yield Problem(
                "record_id", f"the list {source} has no such record", row=row, column=column, value=record
            )


def _pairs(decided: dict[frozenset[Record], tuple[str, int]], word: str) -> Iterator[tuple[Record, Record]]:
    for pair, (said, _row) in decided.items():
        if said == word:
            first, second = sorted(pair)
            yield first, second
