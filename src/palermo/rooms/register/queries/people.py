"""Single persons of the register: a list page by page, and one person. Codes and dates, no identity."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.register.models import Event, Person, SourceList
from palermo.rooms.register.models.codes import number_of
from palermo.rooms.register.models.flags import GROUPS, codes_in
from palermo.rooms.register.queries.labels import label
from palermo.rooms.register.queries.tally import form_masks, tally

PER_PAGE = 50
EXACT = ("year", "crime", "status", "sex", "age_group", "citizenship", "area")


def admit(viewer: Viewer, permission: str) -> None:
    """A register is not even known to those who may not read it."""
    if not can(viewer, permission):
        raise NotFound()


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the list, in words."""

    code: str
    year: int | None
    crime: str
    status: str
    sex: str
    age: str
    citizenship: str
    forms: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many persons match: `count` of them if `exact`, else at least `count`; None = `fewer_than` that many.

    Nobody and a few are the same answer, and larger totals go in steps of the threshold: otherwise two
    filters that differ by one person would tell of that person.
    """

    count: int | None
    exact: bool = False
    fewer_than: int | None = None

    @classmethod
    def guarded(cls, count: int, threshold: int) -> "Total":
        """The total as it may be seen without a trace."""
        if count < threshold:
            return cls(None, fewer_than=threshold)
        return cls(count - count % threshold)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; `next` is the cursor of the page after it, `total` says how many match."""

    rows: tuple[Line, ...]
    next: str
    total: Total


def _line(person: Person) -> Line:
    forms = tuple(label("form", code) for code in codes_in("form", person.form_yes))
    return Line(
        code=person.code,
        year=person.year,
        crime=label("crime", person.crime),
        status=label("status", person.status),
        sex=label("sex", person.sex),
        age=label("age_band", person.age_band or person.age_group),
        citizenship=label("citizenship", person.citizenship),
        forms=forms,
        source=person.source_list.name,
    )


def _conditions(wanted: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """(exact conditions on columns, mask of forms of which one must be a yes)."""
    exact = {name: wanted[name] for name in EXACT if wanted.get(name)}
    if wanted.get("source"):
        exact["source_list__name"] = wanted["source"]
    return exact, dict(form_masks("form")).get(wanted.get("form", ""), 0)


def _total(count: int, exact: bool) -> Total:
    return Total(count, exact=True) if exact else Total.guarded(count, settings.PALERMO_THRESHOLD)


def persons(viewer: Viewer, wanted: Mapping[str, Any], *, after: str = "", exact: bool = False) -> Page:
    """Persons who match, newest in the register first. `wanted`: code, year, crime, status, sex, age_group,
    citizenship, area, form (GLOTIP), source. Pages go by cursor, so that the last one is as fast as the first.
    `exact` gives the total as it is; whoever shows it calls `actions.record_exact_view`.
    """
    admit(viewer, "register.person.list")
    if exact:
        require(viewer, "register.exact.view")
    columns, forms = _conditions(wanted)
    found = Person.objects.filter(**columns).select_related("source_list").order_by("-id")
    if wanted.get("code"):
        found = found.filter(id=number_of(wanted["code"]) or 0)
    if forms:
        found = found.extra(where=["form_yes & %s <> 0"], params=[forms])
    if after and (last := number_of(after)) is not None:
        found = found.filter(id__lt=last)
    rows = list(found[: PER_PAGE + 1])
    where = {"source" if name == "source_list__name" else name: value for name, value in columns.items()}
    if forms:
        where["form"] = wanted["form"]
    count = len(rows) if wanted.get("code") else tally(viewer, (), where)[0]["count"]
    more = rows[PER_PAGE - 1].code if len(rows) > PER_PAGE else ""
    return Page(tuple(_line(person) for person in rows[:PER_PAGE]), more, _total(count, exact))


@dataclass(frozen=True, slots=True)
class Answered:
    """A group of flags with what was said: words with yes, words with no. Others were not recorded."""

    group: str
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything the register knows of one person."""

    code: str
    facts: tuple[tuple[str, str], ...]
    answers: tuple[Answered, ...]
    events: tuple[Event, ...]
    provenance: tuple[tuple[str, Any], ...]


def _facts(person: Person) -> tuple[tuple[str, str], ...]:
    names = (
        "crime", "status", "sex", "gender", "age_band", "age_group", "majority", "majority_at_exploitation",
        "majority_at_entry", "citizenship", "country", "area", "source_kind",
    )  # fmt: skip
    fields = {field.name: field for field in Person._meta.get_fields() if hasattr(field, "verbose_name")}
    found = [(str(fields[name].verbose_name), label(name, getattr(person, name))) for name in names]
    others = ", ".join(label("citizenship", code) for code in person.other_citizenships.split())
    if others:
        found.append((_("Other citizenships"), others))
    if person.abducted is not None:
        found.append((_("Abducted"), _("Yes") if person.abducted else _("No")))
    year = str(person.year) if person.year else _("Not recorded")
    return ((_("Year of registration"), year), *((name.capitalize(), word) for name, word in found))


def person(viewer: Viewer, code: str) -> Portrait:
    """One person by public code. Raises `NotFound`, whether there is none or the viewer may not see."""
    admit(viewer, "register.person.view")
    found = Person.objects.filter(id=number_of(code) or 0).select_related("provenance__source_list").first()
    if found is None:
        raise NotFound()
    answers = []
    for group in GROUPS:
        said = found.answers(group)
        yes = tuple(label(group, flag) for flag, answer in said.items() if answer)
        no = tuple(label(group, flag) for flag, answer in said.items() if not answer)
        answers.append(Answered(group, yes, no))
    events = tuple(Event.objects.filter(person=found).order_by("on", "id"))
    where = found.provenance
    provenance = (
        (_("Source list"), where.source_list.name),
        (_("Received"), where.received_at),
        (_("SHA-256 of the file"), where.file_sha256[:16]),
        (_("Hash of the row"), bytes(found.row_hash).hex()[:16]),
        (_("Terms of use"), where.source_list.terms),
    )
    return Portrait(found.code, _facts(found), tuple(answers), events, provenance)


def sources(viewer: Viewer) -> list[str]:
    """The names of the lists in the register."""
    admit(viewer, "register.group.list")
    return list(SourceList.objects.order_by("name").values_list("name", flat=True))
