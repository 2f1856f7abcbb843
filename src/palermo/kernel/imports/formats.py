"""What a room says about a file it can take: its columns, how a row is read, and how rows are written.

A room declares its formats in its `apps.py`: `imports = {"ctdc": "palermo.rooms.register.actions.CTDC"}`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.apps import apps
from django.utils.module_loading import import_string

from palermo.kernel.access.viewer import Viewer

BATCH_ROWS = 10_000
MOST_ROWS = 20_000_000


class Row(NamedTuple):
    """One accepted row: where it stood, what it means, its identity and the how-manieth of that identity."""

    number: int
    record: Any
    key: bytes
    occurrence: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction writes. `terms` is what is known of the licence of the list."""

    actor: Viewer
    run_id: UUID
    source: str
    file_sha256: str
    terms: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Counts:
    """How the rows of a batch met the database."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )


# Gives the record, or the list of problems of the row. Takes the row under the format's own column names.
Parse = Callable[[dict[str, str], int], Any]


class Across(Protocol):
    """What rows must fit one another; made anew for every file, so that it remembers this file only."""

    def problems(self, record: Any, number: int) -> list[Any]:
        """What in this accepted row contradicts an earlier one."""

    def close(self) -> None:
        """Forget everything."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One set of columns under which a format is met. Names are compared without case and outer blanks."""

    name: str
    required: tuple[str, ...]
    parse: Parse
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. The layout that shares most columns with the header is the one it is held against.

    key: bytes that are equal for rows that mean the same (the source's own record number if it has one, else
    a hash of the content); the importer numbers equal keys, so that the second of two stays the second.
    write: writes one batch inside the open transaction. identity: columns that may say who a
    person is; a format that has any shows no value of a refused row, for a name may stand in a wrong column.
    numbered: the column with the source's own record number, if it has one: a number that comes twice in a
    file is a fault of the second row. preamble: lines before the header that may be skipped. by_mapping: with
    a mapping file, columns that it does not name are ignored. across: judges rows against one another.
    terms: what is known about the licence. says: in words, what may stand in a column (`palermo formats`).
    """

    name: str
    layouts: tuple[Layout, ...]
    key: Callable[[Any], bytes]
    write: Callable[[Batch], Counts]
    identity: frozenset[str] = field(default_factory=frozenset)
    numbered: str = ""
    preamble: int = 0
    by_mapping: bool = False
    across: Callable[[], Across] | None = None
    terms: str = ""
    says: Callable[[], Mapping[str, str]] = dict
    permission: str = "imports.file.import"
    batch_rows: int = BATCH_ROWS
    most_rows: int = MOST_ROWS

    @property
    def holds_identity(self) -> bool:
        """Whether files of this kind may say who a person is."""
        return bool(self.identity)


@cache
def declared() -> Mapping[str, str]:
    """The dotted path of every format that an installed app declares, by name."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        for name, path in getattr(config, "imports", {}).items():
            if name in found:
                raise ValueError(f"import format {name} is declared twice")
            found[name] = path
    return found


def format_named(name: str) -> Format:
    """The declared format of that name. Raises KeyError when there is none."""
    found = import_string(declared()[name])
    if not isinstance(found, Format):
        raise TypeError(f"{declared()[name]} is not an import format")
    return found
