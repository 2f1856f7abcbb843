"""A person known from several lists: the rows that stand for him, what each says, and why one of them counts.

The database chooses (`models.sql_joining`); here the same rule (`models.rules`) is told in words. A test holds the two
against each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.models import Person, RowLink, SourceList, Why
from palermo.rooms.register.models.codes import code_of, number_of
from palermo.rooms.register.models.rules import RULES, STRENGTH, Rule
from palermo.rooms.register.queries.labels import label
from palermo.rooms.register.queries.people import admit

REASONS = {
    "only": gettext_lazy("only one list says it"),
    "agree": gettext_lazy("all lists that say it agree"),
    "status": gettext_lazy("a decision counts over a screening, a screening over what the person said"),
    "basis": gettext_lazy("a document counts over a statement, a statement over an estimate"),
    "later": gettext_lazy("equally good: the later record counts"),
    "earlier": gettext_lazy("equally good: the earlier record counts, as the year does"),
    "order": gettext_lazy("equally good and of the same day: the record that came first counts"),
}
BASES = {
    "document": gettext_lazy("document"),
    "statement": gettext_lazy("statement"),
    "estimate": gettext_lazy("estimate"),
    "": gettext_lazy("not said"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One row's word about a fact."""

    code: str
    source: str
    word: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A fact of the person: what counts, by which step of the rule, and what every row says."""

    name: str
    title: str
    word: str
    reason: str
    conflict: bool
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A row that stands for the person: its list, on what legal basis it is here, and since when it is linked."""

    code: str
    source: str
    legal_basis: str
    terms: str
    received_at: datetime
    status: str
    basis: str
    day: date | None
    since: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Together:
    """Everything beside the facts themselves."""

    rows: tuple[Standing, ...]
    facts: tuple[Chosen, ...]


def together(viewer: Viewer, code: str) -> Together | None:
    """How a person comes together from rows of lists; None for a person of one row."""
    admit(viewer, "register.person.view")
    number = number_of(code) or 0
    rows = list(
        Person.objects.filter(part_of=number)
        .select_related("provenance__source_list")
        .annotate(happened=Max("events__on"))
        .order_by("id")
    )
    if not rows:
        return None
    links = {
        (link.source_list_id, bytes(link.source_key)): link
        for link in RowLink.objects.filter(joined_id=number, until=None)
    }
    return Together(tuple(_standing(row, links) for row in rows), tuple(_facts(rows)))


def _standing(row: Person, links: Mapping[tuple[int, bytes], RowLink]) -> Standing:
    link = links.get((row.source_list_id, bytes(row.source_key)))
    where = row.provenance
    return Standing(
        code_of(row.pk), where.source_list.name, where.source_list.legal_basis, where.source_list.terms,
        where.received_at, label("status", row.status), str(BASES[row.basis]), _day(row),
        link.since if link else None, str(Why(link.why).label) if link else "",
    )  # fmt: skip


def _day(row: Person) -> date | None:
    """The day of what the row last says; of a year alone, its last day."""
    happened: date | None = getattr(row, "happened", None)
    return happened or (date(row.year, 12, 31) if row.year else None)


def _facts(rows: Sequence[Person]) -> Iterable[Chosen]:
    fields = {field.name: field for field in Person._meta.get_fields() if hasattr(field, "verbose_name")}
    for rule in RULES:
        name = rule.columns[0]
        if found := chosen(rule, rows):
            row, reason = found
            told = [one for one in rows if getattr(one, name)]
            yield Chosen(
                name, str(fields[name].verbose_name), label(name, getattr(row, name)), str(REASONS[reason]),
                len({getattr(one, name) for one in told}) > 1,
                tuple(
                    Told(code_of(one.pk), one.provenance.source_list.name, label(name, getattr(one, name)), one is row)
                    for one in told
                ),
            )  # fmt: skip


def chosen(rule: Rule, rows: Sequence[Person]) -> tuple[Person, str] | None:
    """The row whose word counts for a fact, and the step of the rule that decided; None where no row says anything."""
    name = rule.columns[0]
    told = sorted((one for one in rows if getattr(one, name)), key=lambda one: _place(rule, one))
    if not told:
        return None
    first = told[0]
    rivals = [one for one in told[1:] if getattr(one, name) != getattr(first, name)]
    if not rivals:
        return first, "agree" if told[1:] else "only"
    best = _place(rule, first)
    closest = min(_place(rule, one) for one in rivals)
    if closest[:2] != best[:2]:
        return first, rule.strength
    return first, rule.first if closest[2] != best[2] else "order"


def _place(rule: Rule, row: Person) -> tuple[int, int, int, int]:
    """Where a row stands in the order of the rule: the lowest counts. "Unknown" comes after every other word."""
    value, day = getattr(row, rule.columns[0]), _day(row)
    strength = STRENGTH[rule.strength].get(getattr(row, rule.strength), 0)
    far = date.max.toordinal()
    if day is None:
        when = far
    else:
        when = day.toordinal() if rule.first == "earlier" else -day.toordinal()
    return (int(value == "unknown"), -strength, when, row.pk)


@dataclass(frozen=True, slots=True)
class Effect:
    """What linking lists did: so many records of so many lists are so many persons."""

    lists: int
    records: int
    persons: int


def effect(viewer: Viewer, names: Sequence[str]) -> Effect:
    """How many rows of these lists there are, and how many persons they come to, exactly. For those who see rows."""
    admit(viewer, "register.person.view")
    keys = list(SourceList.objects.filter(name__in=names, members=None).values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT p.source_list_id), count(*), count(DISTINCT coalesce(p.part_of, p.id)) "
            "FROM register_person p LEFT JOIN register_joined j ON j.number = p.id "
            "WHERE j.number IS NULL AND p.source_list_id = ANY(%s)",
            [keys],
        )
        return Effect(*cursor.fetchone())


def code_of_key(viewer: Viewer, key: bytes) -> str:
    """The code under which somebody is counted for whom rows stand that are linked under this key; "" for nobody."""
    if not can(viewer, "register.person.view"):
        return ""
    found = RowLink.objects.filter(joined__key=key, until=None).values_list("joined_id", flat=True).first()
    return code_of(found) if found is not None and Person.objects.filter(pk=found).exists() else ""
