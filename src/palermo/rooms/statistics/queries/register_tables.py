"""Tables from the national register: counted exactly, protected as a whole, then shown.

All breakdowns of a table and all years are protected together, once; a page of one year is a part of that. To
protect each page on its own would withhold different cells on each, and one page would give away the other.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from palermo.disclosure import (
    TOTAL,
    Dimension,
    Key,
    Protected,
    Published,
    Rule,
    Table,
    Unprotectable,
    protect_linked,
)
from palermo.disclosure.protect import VERSION
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.queries import flag_tally, justice_tally, tally
from palermo.rooms.statistics.queries.from_states import Kept, kept_tables
from palermo.rooms.statistics.queries.plan import AGES, FORMS, NOT_RECORDED, SEXES, VICTIMS
from palermo.rooms.statistics.queries.view import STAGES, Cell, Part, Protection, TableView, not_known
from palermo.standards import codelist, mapping

WHO = {
    "women": ("female", "adult"), "girls": ("female", "child"), "men": ("male", "adult"), "boys": ("male", "child"),
}  # fmt: skip
ANSWERED = "answered"
FIRST = 3 + len(STAGES)  # tables of `glotip`; those of the answers stand after them
KEEP = 48  # protected results kept in memory
_KEPT: dict[str, Protected] = {}
GROUP_OF = {"purpose": "form", "control": "control", "labour": "labour"}  # part -> group of flags
GROUPS = {
    "form": tuple(c.code for c in codelist("palermo/form")),
    "control": tuple(c.code for c in codelist("palermo/control")),
    "labour": tuple(c.code for c in codelist("palermo/labour")),
}
Counts = dict[tuple[str, ...], int]
Place = Callable[[str], tuple[str, ...]]
# Protects tables for the public: the exact counts, and the tables as they are shown inside, in; see editions.py.
Wall = Callable[[Sequence[Table], Sequence[Published]], Protected]


def threshold() -> Rule:
    """The rule of this instance."""
    return Rule(settings.PALERMO_THRESHOLD)


def glotip_tables(viewer: Viewer) -> list[Table]:
    """The exact counts behind `glotip`: who, form, citizenship, and one table for each stage of justice."""
    who = counted(tally(viewer, ("year", "sex", "majority"), VICTIMS), ("year", "sex", "majority"))
    form = counted(tally(viewer, ("year", "form"), VICTIMS), ("year", "form"))
    citizens = counted(tally(viewer, ("year", "citizenship"), VICTIMS), ("year", "citizenship"))
    justice = justice_tally(viewer, ("stage", "year", "sex"), {"crime": VICTIMS["crime"]})
    year = Dimension("year", _codes(who, 0))
    for at, count in who.items():
        form[at[0], TOTAL] = form.get((at[0], TOTAL), 0) + count
    tables = [
        Table.from_counts((year, Dimension("sex", SEXES), Dimension("age", AGES)), who),
        Table.from_counts((year, Dimension("form", FORMS, overlapping=True)), form),
        Table.from_counts((year, Dimension("citizenship", _codes(citizens, 1))), citizens),
    ]
    for stage in STAGES:
        rows = counted((r for r in justice if r["stage"] == stage), ("year", "sex"))
        dimensions = (Dimension("year", _codes(rows, 0)), Dimension("sex", SEXES))
        tables.append(Table.from_counts(dimensions, rows, population=stage))
    return tables


def glotip(viewer: Viewer, *, exact: bool = False, wall: Wall | None = None) -> TableView:
    """Detected victims by sex, age, form and citizenship, and persons in contact with justice, by year."""
    kept = kept_tables(viewer)
    if kept and not exact:
        shown, protection = kept.first, kept.protection
    else:
        shown, protection = _shown(glotip_tables(viewer), exact, wall)
    citizens = shown[2].dimensions[1].categories
    parts = [
        _part("who", shown[0], ("who", tuple(WHO)), lambda row, code: (row, *WHO[code])),
        _part("sex", shown[0], ("sex", (*SEXES, TOTAL)), lambda row, code: (row, code, TOTAL)),
        _part("age", shown[0], ("age", (*AGES, TOTAL)), lambda row, code: (row, TOTAL, code)),
        _part("form", shown[1], ("form", (*FORMS, TOTAL)), lambda row, code: (row, code)),
        _part("citizenship", shown[2], ("citizenship", (*citizens, TOTAL)), lambda row, code: (row, code)),
        *(
            _part(stage, table, ("sex", (*SEXES, TOTAL)), lambda row, code: (row, code))
            for stage, table in zip(STAGES, shown[3:], strict=True)
        ),
    ]
    years = _years(shown[0].dimensions[0].categories)
    return _view("glotip", parts, protection, exact, years, kept)


def profile(viewer: Viewer, *, exact: bool = False, wall: Wall | None = None) -> TableView:
    """One-way counts of what is recorded, with shares of the persons who have an answer in the group.

    Sex, age and citizenship are the totals of the GLOTIP table and carry its pattern. The groups of answers are
    protected with that table as already out, so that neither page can be used against the other.
    """
    kept = kept_tables(viewer)
    if kept and not exact:
        shown, protection, answered = kept.tables, kept.protection, bool(kept.answers)
    else:
        first, more = glotip_tables(viewer), _answers(viewer)
        if exact:
            shown, protection = _shown([*first, *more], exact)
        else:
            result, more = _with_answers(first, more)
            if wall:
                result = wall([*first, *more], result.tables)
            shown, protection = list(result.tables), _protection(result)
        answered = bool(more)
    parts = [
        _profile_part("sex", shown[0], lambda code: (TOTAL, code, TOTAL), SEXES),
        _profile_part("age", shown[0], lambda code: (TOTAL, TOTAL, code), AGES),
        _profile_part("citizenship", shown[2], lambda code: (TOTAL, code), shown[2].dimensions[1].categories),
    ]
    if answered:
        lists = shown[FIRST:]
        parts += [
            _profile_part(key, lists[2 * place + 1], lambda code: (code,), GROUPS[group], ANSWERED)
            for place, (key, group) in enumerate(GROUP_OF.items())
        ]
    return _view("htcds-profile", parts, protection, exact, (), kept)


def _with_answers(first: list[Table], more: list[Table]) -> tuple[Protected, list[Table]]:
    """The GLOTIP tables and the answers beside them; without the answers where these cannot be made safe."""
    out = protected(first, threshold())
    try:
        return protected([*first, *more], threshold(), before=out.tables), more
    except Unprotectable:
        return out, []


def live(viewer: Viewer, population: str) -> tuple[Published, ...]:
    """What the national pages show of a population now: nothing that is shown there can be withheld elsewhere."""
    if population not in ("persons", *STAGES) or kept_tables(viewer):
        return ()
    result, _more = _with_answers(glotip_tables(viewer), _answers(viewer))
    return tuple(table for table in result.tables if table.population == population)


def exact_answers(viewer: Viewer) -> list[Table]:
    """The groups of answers as they are counted behind the profile."""
    return _answers(viewer)


def _answers(viewer: Viewer) -> list[Table]:
    """For each group of answers: persons with and without an answer, and persons under each answer."""
    tables = []
    for key, group in GROUP_OF.items():
        found = flag_tally(viewer, group, VICTIMS)
        name = "form" if group == "form" else group
        split: Counts = {
            ("answered",): found["answered"],
            ("unanswered",): found["persons"] - found["answered"],
        }
        tables.append(Table.from_counts((Dimension(name, ("answered", "unanswered")),), split))
        counts: Counts = {(row["code"],): row["yes"] for row in found["codes"]}
        counts |= {(ANSWERED,): found["answered"], (TOTAL,): found["persons"]}
        parents = dict.fromkeys(GROUPS[group], ANSWERED)
        if key == "purpose":
            # The three GLOTIP forms stand between, so that detail and GLOTIP table check each other.
            rows = tally(viewer, ("form",), VICTIMS)
            counts |= {(str(r["form"]),): int(r["count"]) for r in rows if r["form"]}
            parents |= {link.from_code: link.to_code for link in mapping("palermo/form", "glotip/form")}
            parents |= dict.fromkeys(FORMS[:3], ANSWERED)
        codes = tuple(dict.fromkeys((ANSWERED, *parents.values(), *GROUPS[group])))
        # An answer may be "no", so that the codes need not cover the persons who answered.
        dimension = Dimension(name, codes, parents, overlapping=True, covering=False)
        tables.append(Table.from_counts((dimension,), counts))
    return tables


def _profile_part(key: str, table: Published, place: Place, among: Iterable[str], whole: str = TOTAL) -> Part:
    """Counts and shares of `whole`; a share is shown only where both of its counts are."""
    total = table.cells[place(whole)]
    codes = [code for code in among if table.cells[place(code)] != 0]
    codes.sort(key=lambda code: -(table.cells[place(code)] or 0))
    lines = []
    for code in (*codes, whole):
        count = table.cells[place(code)]
        share = round(100 * count / total, 1) if count is not None and total else None
        lines.append((_cell(count), Cell(share, withheld=count is None or total is None)))
    return Part(
        key, key, "measure", (*codes, whole) if codes else (), ("persons", "share"),
        tuple(lines) if codes else (), "bar", whole == ANSWERED,
    )  # fmt: skip


def counted(rows: Iterable[Mapping[str, Any]], by: tuple[str, ...]) -> Counts:
    """Counts by codes as text; what is empty is "not recorded", never a category of its own."""
    found: Counts = {}
    for row in rows:
        at = tuple(str(row[name]) if row[name] not in (None, "") else NOT_RECORDED for name in by)
        found[at] = found.get(at, 0) + int(row["count"])
    return found


def _codes(counts: Counts, axis: int) -> tuple[str, ...]:
    """The codes that occur, in order; what is not recorded stands last."""
    codes = {at[axis] for at in counts}
    return tuple(sorted(codes, key=lambda code: (code == NOT_RECORDED, code)))


def _shown(
    tables: list[Table], exact: bool, wall: Wall | None = None
) -> tuple[list[Published], Protection | None]:
    if exact:
        return [Published(t.dimensions, dict(t.cells), t.population) for t in tables], None
    result = protected(tables, threshold())
    if wall:
        result = wall(tables, result.tables)
    return list(result.tables), _protection(result)


def protected(
    tables: Sequence[Table],
    rule: Rule,
    before: Sequence[Published] = (),
    withhold: frozenset[Key] = frozenset(),
) -> Protected:
    """Protect; the same counts are protected once per process, since the result is always the same.

    What is kept in memory holds no withheld count.
    """
    counts = [(t.population, t.dimensions, sorted(t.cells.items())) for t in tables]
    out = [sorted((at, str(n)) for at, n in t.cells.items()) for t in before]
    key = (
        "statistics-"
        + hashlib.sha256(repr((VERSION, rule, counts, out, sorted(withhold))).encode()).hexdigest()
    )
    if key not in _KEPT:
        if len(_KEPT) >= KEEP:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = protect_linked(tables, rule, before=before, withhold=withhold)
    return _KEPT[key]


def _part(
    key: str,
    table: Published,
    columns: tuple[str, tuple[str, ...]],
    place: Callable[[str, str], tuple[str, ...]],
) -> Part:
    """Years by one dimension out of a protected table; columns without anybody are left out."""
    rows = table.dimensions[0].categories
    columns_by, codes = columns
    if not rows:
        return not_known(key) if key in STAGES else Part(key, "year", columns_by, (), (), ())
    every = (*rows, TOTAL)
    kept = tuple(
        code for code in codes if code == TOTAL or any(table.cells[place(row, code)] != 0 for row in every)
    )
    cells = tuple(tuple(_cell(table.cells[place(row, code)]) for code in kept) for row in every)
    return Part(key, "year", columns_by, every, kept, cells, "stacked", key == "form")


def _protection(result: Protected) -> Protection:
    withheld = len(result.primary) + len(result.secondary)
    return Protection(result.method, result.version, result.rule.threshold, result.cells, withheld)


def _cell(count: int | None) -> Cell:
    return Cell(withheld=True) if count is None else Cell(count)


def _years(codes: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(code) for code in codes if code.isdigit())


def _view(
    name: str,
    parts: list[Part],
    protection: Protection | None,
    exact: bool,
    years: tuple[int, ...],
    kept: Kept | None = None,
) -> TableView:
    as_of = kept.as_of if kept and not exact else timezone.now()
    return TableView(
        name, as_of.isoformat(timespec="seconds"), tuple(parts), years=years, exact=exact,
        protection=protection,
    )  # fmt: skip
