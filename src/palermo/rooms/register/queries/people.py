"""Single persons of the register: a list page by page, and one person. Codes and dates, no identity."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.register.models import Event, Joined, Person, SourceList
from palermo.rooms.register.models.codes import code_of, number_of
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


def _line(person: Person, names: Mapping[int, str]) -> Line:
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
        source=_named(person.source_list, names),
    )


def _named(found: SourceList, names: Mapping[int, str]) -> str:
    """A list, or the lists of a person who stands on several."""
    return " + ".join(sorted(names[key] for key in found.members)) if found.members else found.name


def _conditions(wanted: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """(exact conditions on columns, mask of forms of which one must be a yes)."""
    exact = {name: wanted[name] for name in EXACT if wanted.get(name)}
    return exact, dict(form_masks("form")).get(wanted.get("form", ""), 0)


def _total(count: int, exact: bool) -> Total:
    return Total(count, exact=True) if exact else Total.guarded(count, settings.PALERMO_THRESHOLD)


def persons(viewer: Viewer, wanted: Mapping[str, Any], *, after: str = "", exact: bool = False) -> Page:
    """Persons who match, newest in the register first; each once, on however many lists that were linked.

    `wanted`: code, year, crime, status, sex, age_group, citizenship, area, form (GLOTIP), source. Pages go by
    cursor, so that the last one is as fast as the first.
    `exact` gives the total as it is; whoever shows it calls `actions.record_exact_view`.
    """
    admit(viewer, "register.person.list")
    if exact:
        require(viewer, "register.exact.view")
    columns, forms = _conditions(wanted)
    found = Person.objects.filter(**columns).select_related("source_list").order_by("-id")
    if wanted.get("source"):
        found = found.filter(source_list_id__in=_with_list(wanted["source"]))
    # The code of a row that stands for somebody is still found; it is not counted beside him.
    if wanted.get("code"):
        found = found.filter(id=number_of(wanted["code"]) or 0)
    else:
        found = found.filter(part_of=None)
    if forms:
        found = found.extra(where=["form_yes & %s <> 0"], params=[forms])
    if after and (last := number_of(after)) is not None:
        found = found.filter(id__lt=last)
    rows = list(found[: PER_PAGE + 1])
    where = dict(columns)
    if wanted.get("source"):
        where["source"] = wanted["source"]
    if forms:
        where["form"] = wanted["form"]
    count = len(rows) if wanted.get("code") else tally(viewer, (), where)[0]["count"]
    more = rows[PER_PAGE - 1].code if len(rows) > PER_PAGE else ""
    names = dict(SourceList.objects.values_list("id", "name"))
    return Page(tuple(_line(person, names) for person in rows[:PER_PAGE]), more, _total(count, exact))


def _with_list(name: str) -> list[int]:
    """A list of this name, and every entry for persons who are on it and on others."""
    found = SourceList.objects.filter(name=name, members=None).values_list("id", flat=True).first()
    if found is None:
        return []
    return [found, *SourceList.objects.filter(members__contains=[found]).values_list("id", flat=True)]


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
    stands_for: str = ""  # the code of the person for whom this row of a list stands, with others


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
    events = tuple(Event.objects.filter(Q(person=found) | Q(person__part_of=found.pk)).order_by("on", "id"))
    where = found.provenance
    provenance = (
        (_("Source list"), where.source_list.name),
        (_("Received"), where.received_at),
        (_("SHA-256 of the file"), where.file_sha256[:16]),
        (_("Hash of the row"), bytes(found.row_hash).hex()[:16]),
        (_("Legal basis"), where.source_list.legal_basis),
        (_("Terms of use"), where.source_list.terms),
    )
    if where.source_list.members or Joined.objects.filter(number=found.pk).exists():
        provenance = ()  # that of each row that stands for the person is told with the row (`joined`)
    stands_for = code_of(found.part_of) if found.part_of is not None else ""
    return Portrait(found.code, _facts(found), tuple(answers), events, provenance, stands_for)


def sources(viewer: Viewer) -> list[str]:
    """The names of the lists in the register."""
    admit(viewer, "register.group.list")
    return list(SourceList.objects.filter(members=None).order_by("name").values_list("name", flat=True))
