"""Rows of persons for synthesis: one row a person, in codes of public lists. For the system alone: nobody reads them.

The categories of every column come from code lists and never from the rows, so that what nobody is can come out of
synthesis, and that somebody is something does not follow from the list (`palermo.disclosure.synthesis.domain`).
"""

from collections.abc import Iterator, Mapping, Sequence

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.models import Person
from palermo.rooms.register.models.flags import GROUPS
from palermo.rooms.register.queries.labels import COUNTRIES, SCHEMES
from palermo.standards import codelist, countries

CRIMES = ("tip", "tip_and_som")
STATUSES = ("presumed", "reasonable_grounds", "identified", "declined", "not_recorded", "")
YES, NO = "yes", "no"
NOT_A_CODE = ("not_recorded", "")


def columns_of(wanted: Sequence[str]) -> tuple[str, ...]:
    """The columns of the rows: a group of answers (form, control, labour) becomes one yes or no for each code."""
    return tuple(
        name
        for one in wanted
        for name in ([f"{one}_{code}" for code in GROUPS[one]] if one in GROUPS else [one])
    )


def lists_of(wanted: Sequence[str], year_from: int, year_to: int) -> dict[str, tuple[str, ...]]:
    """The categories of each column, from code lists; not recorded is a category that synthesis adds itself."""
    found: dict[str, tuple[str, ...]] = {}
    for name in wanted:
        if name == "year":
            found[name] = tuple(str(year) for year in range(year_from, year_to + 1))
        elif name in GROUPS:
            found |= {f"{name}_{code}": (YES, NO) for code in GROUPS[name]}
        elif name in COUNTRIES:
            found[name] = tuple(sorted(countries()))
        else:
            found[name] = tuple(code.code for code in codelist(SCHEMES[name]) if code.code not in NOT_A_CODE)
    return found


def persons_for_synthesis(
    viewer: Viewer, wanted: Sequence[str], year_from: int, year_to: int
) -> Iterator[tuple[str, ...]]:
    """Victims registered in those years, once each, as texts in the order of `columns_of`; empty where not recorded.

    A row that stands for a person together with rows of other lists is not counted beside him.
    """
    require(viewer, "register.person.list")
    rows = Person.objects.filter(
        year__range=(year_from, year_to), crime__in=CRIMES, status__in=STATUSES, part_of=None
    )
    fields = [
        name for one in wanted for name in ([f"{one}_recorded", f"{one}_yes"] if one in GROUPS else [one])
    ]
    for row in rows.order_by("id").values(*fields).iterator(chunk_size=5_000):
        yield tuple(text for one in wanted for text in _texts(one, row))


def _texts(name: str, row: Mapping[str, object]) -> Iterator[str]:
    if name not in GROUPS:
        value = row[name]
        yield "" if value in (None, *NOT_A_CODE) else str(value)
        return
    recorded, yes = int(str(row[f"{name}_recorded"])), int(str(row[f"{name}_yes"]))
    for place in range(len(GROUPS[name])):
        bit = 1 << place
        yield (YES if yes & bit else NO) if recorded & bit else ""
