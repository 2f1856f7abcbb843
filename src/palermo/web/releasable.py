"""How a room offers figures for release, and tells which tables it has made public. Rooms plug in by declaration:

    releasable = {"count_tables": "palermo.rooms.statistics.queries.RELEASABLE"}     # product -> a Releasable
    public_tables = "palermo.rooms.statistics.queries.public_tables"                 # callable() -> PublicTables
    released = {"count_tables": "palermo.rooms.statistics.views.drawing.released"}   # product -> callable(drawn)

    released_before = "palermo.rooms.releases.queries.public.abouts"                  # callable(product, key)

The room of releases takes what is offered and knows no other room by name. Whoever protects a table protects it
together with everything that is public already, whichever room published it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

from palermo.disclosure import Dated, Published
from palermo.kernel.access.viewer import Viewer
from palermo.web.charts import Chart
from palermo.web.room import Words
from palermo.web.tables import Table


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that may be released: its key in its room, what it is called, and what it is based on."""

    key: str
    title: Words
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a room handed over, as it is to be published: rows in words and figures, and how to read them.

    tables: the protected tables behind the rows, as data, for the attack on everything that is public; none where the
    figures are not counts of persons in the register. threshold: under which a count was too small to be shown.
    notes: limits and warnings, one sentence each, in English. codebook: (column, what stands in it). about: kept with
    the release; what stands in it as `drawn` is what the room draws the public page from.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    codebook: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    tables: tuple[Mapping[str, Any], ...] = ()
    threshold: int = 0
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Releasable:
    """What a room gives: its offers, and one of them by its key (NotFound, Conflict where it cannot be given).

    years: those that an offer has; none where the room does not know.
    """

    product: str
    offers: Callable[[Viewer], Sequence[Offer]]
    take: Callable[[Viewer, str], Taken]
    years: Callable[[Viewer, str], Sequence[int]] = lambda _viewer, _key: ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One breakdown of a public release: its table, its chart where one fits, what each figure counts, and how many
    rows only the files have."""

    key: str
    title: Words
    table: Table
    chart: Chart | None = None
    unit: Words = ""
    defined: Sequence[str] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class PublicTables:
    """Protected tables that came out together: when they were counted, when they came out, and the tables as data.

    A table that was counted at another moment than `counted_at` says so: its `as_of`.
    """

    room: str
    counted_at: datetime
    public_at: datetime
    tables: tuple[Mapping[str, Any], ...]

    def dated(self) -> Iterator[Dated]:
        """Each table with the moment at which it was counted."""
        return dated(self.tables, self.counted_at)


def dated(tables: Iterable[Mapping[str, Any]], counted_at: datetime) -> Iterator[Dated]:
    """Tables as data, each with the moment that it names itself, or else with `counted_at`."""
    for table in tables:
        when = table.get("as_of")
        yield datetime.fromisoformat(when) if when else counted_at, Published.from_data(table)


def sources() -> dict[str, Releasable]:
    """Every declared source by product, in the order of INSTALLED_APPS."""
    found: dict[str, Releasable] = {}
    for config in apps.get_app_configs():
        for product, path in getattr(config, "releasable", {}).items():
            if product in found:
                raise ValueError(f"two rooms offer {product}")
            found[product] = import_string(path)
    return found


def drawn(product: str, content: Mapping[str, Any] | None) -> Sequence[Drawn]:
    """A release as the room that gave it draws it, in the reader's language; nothing where that room draws none."""
    if not content:
        return ()
    for config in apps.get_app_configs():
        path = getattr(config, "released", {}).get(product)
        if path:
            found: Sequence[Drawn] = import_string(path)(content)
            return found
    return ()


def public_tables(*, besides: str = "") -> list[PublicTables]:
    """Everything that ever was public, withdrawn or not, of every room `besides` one; in the order of counting."""
    found: list[PublicTables] = []
    for config in apps.get_app_configs():
        path = getattr(config, "public_tables", "")
        if path and config.label != besides:
            told: Iterable[PublicTables] = import_string(path)()
            found.extend(told)
    return sorted(found, key=lambda one: one.counted_at)


def released_before(product: str, key: str) -> list[Mapping[str, Any]]:
    """What was kept (`about`) with every release of this offer that ever was public, withdrawn or not."""
    found: list[Mapping[str, Any]] = []
    for config in apps.get_app_configs():
        path = getattr(config, "released_before", "")
        if path:
            found.extend(import_string(path)(product, key))
    return found
