"""Reading reconciliations: each function starts from what the viewer may see; the walls say it once more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.models import Progress
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.reconciliation.models import (
    Change,
    Decision,
    Handover,
    Link,
    Listed,
    Pair,
    Person,
    Project,
    Run,
    RunState,
    Source,
    Upload,
    Verdict,
)
from palermo.rooms.reconciliation.queries.facts import Settled, facts
from palermo.rooms.reconciliation.queries.standing import Standing, settled_pairs, standing
from palermo.rooms.register import queries as register
from palermo.rooms.register.actions import pseudonym
from palermo.web.room import Due

DOUBT = (1, 2, 3, 4)  # bands of probability from 0.05 to 0.95


def projects(viewer: Viewer) -> QuerySet[Project]:
    """Every reconciliation, the newest first; for a stranger there is none."""
    require(viewer, "reconciliation.project.view")
    return Project.objects.order_by("-created_at")


def project(viewer: Viewer, project_id: UUID) -> Project:
    """One reconciliation, or NotFound."""
    if not can(viewer, "reconciliation.project.view"):
        raise NotFound()
    found = Project.objects.filter(pk=project_id).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list with what came in of it. records is None for those who may not count it."""

    source: Source
    records: int | None
    deliveries: Sequence[Any]


def lists(viewer: Viewer, found: Project) -> list[ListLine]:
    """The lists of a reconciliation."""
    return [_line(viewer, one) for one in found.sources.select_related("organisation")]


def undeclared(viewer: Viewer) -> list[ListLine]:
    """Lists that came in and take part in nothing yet."""
    if not can(viewer, "reconciliation.list.declare"):
        return []
    return [_line(viewer, one) for one in Source.objects.filter(project=None).select_related("organisation")]


def _line(viewer: Viewer, source: Source) -> ListLine:
    counts = viewer.has("coordinator") or source.organisation_id in viewer.organisation_ids
    records = Listed.objects.filter(source=source).count() if counts else None
    return ListLine(source, records, list(source.deliveries.all()[:5]))


def source(viewer: Viewer, found: Project, source_id: UUID) -> Source:
    """A list of a reconciliation, or NotFound."""
    one = found.sources.filter(pk=source_id).first()
    if one is None:
        raise NotFound()
    return one


def mine_to_bring(viewer: Viewer, found: Project) -> set[UUID]:
    """The lists of which the viewer may bring a file in: those that his organisation holds."""
    if not viewer.has("case_manager", "supervisor"):
        return set()
    held = found.sources.filter(organisation_id__in=viewer.organisation_ids)
    return set(held.values_list("pk", flat=True))


def uploads(viewer: Viewer, one: Source) -> list[Upload]:
    """The viewer's own newest files of a list."""
    return list(Upload.objects.filter(source=one, by_id=viewer.user_id).order_by("-created_at")[:10])


def upload(viewer: Viewer, found: Project, upload_id: UUID) -> tuple[Upload, Progress | None]:
    """A file that the viewer brought, and how far it is, or NotFound."""
    rows = Upload.objects.filter(pk=upload_id, source__project=found, by_id=viewer.user_id)
    one = rows.select_related("source").first()
    if one is None or not can(viewer, "reconciliation.project.view"):
        raise NotFound()
    return one, progress.of(one.pk) if one.state == "waiting" else None


def runs(viewer: Viewer, found: Project) -> QuerySet[Run]:
    return (
        Run.objects.filter(project=found)
        .select_related("asked_by")
        .defer("histories")
        .order_by("-created_at")
    )


def run(viewer: Viewer, found: Project, run_id: UUID) -> tuple[Run, Progress | None]:
    """A run and how far it is, or NotFound."""
    one = Run.objects.filter(project=found, pk=run_id).select_related("asked_by").first()
    if one is None:
        raise NotFound()
    return one, progress.of(one.pk) if one.open else None


def latest(found: Project) -> Run | None:
    """The newest run that is done: its pairs are those to review."""
    return Run.objects.filter(project=found, state=RunState.DONE).order_by("-created_at").first()


def needed() -> Q:
    """Pairs that people should look at: those in doubt, and links of children or across organisations."""
    return Q(band__in=DOUBT) | Q(linked=True, child=True) | Q(linked=True, across=True)


def _spoken(**more: Any) -> Exists:
    return Exists(
        Decision.objects.filter(
            project_id=OuterRef("run__project_id"), left_id=OuterRef("left_id"), right_id=OuterRef("right_id"),
            until=None, **more,
        )
    )  # fmt: skip


def ours(viewer: Viewer) -> Q:
    return Q(left_house__in=viewer.organisation_ids) | Q(right_house__in=viewer.organisation_ids)


def queue(viewer: Viewer, one: Run) -> QuerySet[Pair]:
    """Pairs that wait for this viewer's word, the most doubtful first."""
    mine = _spoken(by_id=viewer.user_id)
    different, same = _spoken(verdict=Verdict.DIFFERENT), _spoken(verdict=Verdict.SAME)
    from_us = _spoken(verdict=Verdict.SAME, house__in=viewer.organisation_ids)
    found = Pair.objects.filter(needed(), ours(viewer), run=one).exclude(mine).exclude(different)
    found = found.exclude(same, across=False, child=False).exclude(from_us, across=True, child=False)
    return found.order_by((F("probability") - 0.5) * (F("probability") - 0.5), "pk")


def to_review(viewer: Viewer, one: Run) -> QuerySet[Pair]:
    """The same for a caller who has not asked yet whether the viewer may review. Raises Refused."""
    require(viewer, "reconciliation.pair.review")
    return queue(viewer, one)


def sample_queue(viewer: Viewer, one: Run) -> QuerySet[Pair]:
    """Pairs of the blind sample that this viewer has still to judge: in an order that says nothing."""
    blind = (
        Decision.objects.filter(
            project_id=OuterRef("run__project_id"), left_id=OuterRef("left_id"), right_id=OuterRef("right_id"),
            until=None, blind=True,
        ).order_by().values("left_id").annotate(n=Count("pk")).filter(n__gte=2)
    )  # fmt: skip
    found = Pair.objects.filter(ours(viewer), run=one, sampled=True)
    return found.exclude(_spoken(by_id=viewer.user_id, blind=True)).exclude(Exists(blind)).order_by("pk")


def pair(viewer: Viewer, found: Project, pair_id: UUID) -> Pair:
    """A pair with a record of the viewer's organisation in it, or NotFound."""
    if not can(viewer, "reconciliation.pair.review"):
        raise NotFound()
    one = Pair.objects.filter(ours(viewer), pk=pair_id, run__project=found).select_related("run").first()
    if one is None:
        raise NotFound()
    return one


def decisions(one: Pair) -> list[Decision]:
    """What stands about a pair, the first word first."""
    rows = Decision.objects.filter(
        project_id=one.run.project_id, left_id=one.left_id, right_id=one.right_id, until=None
    )
    return list(rows.select_related("by").order_by("at"))


def standing_of(one: Pair) -> Standing:
    return standing(decisions(one), child=one.child, across=one.across)


@dataclass(frozen=True, slots=True)
class Review:
    """How far the review of a run is."""

    needed: int
    settled: int
    second: int
    disputed: int

    @property
    def share(self) -> float:
        return self.settled / self.needed if self.needed else 1.0


def review_progress(one: Run) -> Review:
    """Pairs to look at, and what became of them; of those pairs that the viewer sees."""
    said: dict[tuple[UUID, UUID], list[Decision]] = defaultdict(list)
    for row in Decision.objects.filter(project_id=one.project_id, until=None):
        said[row.left_id, row.right_id].append(row)
    words: dict[str, int] = defaultdict(int)
    rows = Pair.objects.filter(needed(), run=one).values_list("left_id", "right_id", "child", "across")
    for left, right, child, across in rows:
        words[standing(said.get((left, right), ()), child=child, across=across).word] += 1
    settled = words["same"] + words["different"]
    return Review(sum(words.values()), settled, words["second"], words["disputed"])


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person of the register: code, the records that stand for him, facts with their conflicts.

    confirmed: people settled that all of these records are one person; else the linkage proposes it.
    """

    person: Person
    records: Sequence[Listed]
    facts: Sequence[Settled]
    confirmed: bool

    @property
    def conflicts(self) -> int:
        return sum(fact.conflict for fact in self.facts)


def persons(viewer: Viewer, found: Project, *, after: str = "", limit: int = 50) -> list[PersonLine]:
    """People by code, a page at a time: those with most records are found by `several`."""
    require(viewer, "reconciliation.person.list")
    rows = Person.objects.filter(project=found, links__closed=None).filter(links__isnull=False).distinct()
    return _lines(list(rows.filter(code__gt=after).order_by("code")[:limit]))


def several(viewer: Viewer, found: Project, *, limit: int = 50) -> list[PersonLine]:
    """People on whom lists have most to say: more than one record, most first."""
    require(viewer, "reconciliation.person.list")
    rows = Person.objects.filter(project=found).annotate(n=Count("links", filter=Q(links__closed=None)))
    return _lines(list(rows.filter(n__gt=1).order_by("-n", "code")[:limit]))


def person(viewer: Viewer, found: Project, code: str) -> PersonLine:
    """One person by code, or NotFound."""
    if not can(viewer, "reconciliation.person.list"):
        raise NotFound()
    one = Person.objects.filter(project=found, code=code.upper()).first()
    if one is None:
        raise NotFound()
    return _lines([one])[0]


def _lines(rows: Sequence[Person]) -> list[PersonLine]:
    records: dict[UUID, list[Listed]] = defaultdict(list)
    links = (
        Link.objects.filter(person__in=rows, closed=None)
        .select_related("listed__source")
        .order_by("listed__code")
    )
    for link in links:
        records[link.person_id].append(link.listed)
    same = [(a, b) for a, b, word in settled_pairs(rows[0].project_id) if word == "same"] if rows else []
    return [
        PersonLine(
            one, records[one.pk], facts(records[one.pk]), _joined([r.pk for r in records[one.pk]], same)
        )
        for one in rows
    ]


def _joined(records: Sequence[UUID], same: Sequence[tuple[UUID, UUID]]) -> bool:
    """Whether the pairs that people settled join all of these records."""
    group = {key: key for key in records}
    for a, b in same:
        if a in group and b in group:
            old, new = group[a], group[b]
            group = {key: new if value == old else value for key, value in group.items()}
    return len(set(group.values())) <= 1


def history(one: Person) -> list[Link]:
    """Every record that ever stood for a person, with what opened and closed the link."""
    return list(
        Link.objects.filter(person=one)
        .select_related("listed", "opened", "closed", "opened__run")
        .order_by("pk")
    )


def changes(viewer: Viewer, found: Project) -> list[Change]:
    """The newest changes of links, with whether each was taken back."""
    require(viewer, "reconciliation.person.list")
    return list(Change.objects.filter(project=found).select_related("by", "run", "undone")[:50])


def change(viewer: Viewer, found: Project, change_id: UUID) -> Change:
    if not can(viewer, "reconciliation.person.list"):
        raise NotFound()
    one = Change.objects.filter(project=found, pk=change_id).first()
    if one is None:
        raise NotFound()
    return one


def counts(found: Project) -> dict[str, int]:
    """People, records and people with more than one record, as links stand now; of those the viewer sees."""
    links = Link.objects.filter(project=found, closed=None)
    stands = links.order_by().values("person_id").annotate(n=Count("pk"))
    return {
        "records": links.count(), "persons": stands.count(), "several": stands.filter(n__gt=1).count(),
    }  # fmt: skip


def effect(viewer: Viewer, found: Project) -> register.Effect:
    """What linking did in the national register: so many records of so many lists are so many persons."""
    require(viewer, "reconciliation.person.list")
    return register.effect(viewer, list(found.sources.values_list("name", flat=True)))


def register_code(viewer: Viewer, one: Person) -> str:
    """The code under which somebody of several records is counted in the national register; "" where he is not."""
    return register.code_of_key(viewer, pseudonym(one.pk))


def handover(viewer: Viewer, handover_id: UUID) -> Handover:
    """Capture histories as they were handed over, or NotFound."""
    if not can(viewer, "reconciliation.histories.view"):
        raise NotFound()
    found = Handover.objects.filter(pk=handover_id).select_related("project", "run").first()
    if found is None:
        raise NotFound()
    return found


def handovers(viewer: Viewer, found: Project) -> list[Handover]:
    """What was handed over of a reconciliation, the newest first; without tables."""
    if not can(viewer, "reconciliation.histories.view"):
        return []
    rows = Handover.objects.filter(project=found).defer("tables", "draws").select_related("made_by")
    return list(rows.order_by("-created_at")[:20])


def due_for(viewer: Viewer) -> list[Due]:
    """Pairs that wait for the viewer's word."""
    if not can(viewer, "reconciliation.pair.review"):
        return []
    found = []
    for one in Project.objects.order_by("-created_at")[:5]:
        newest = latest(one)
        n = queue(viewer, newest).count() if newest is not None else 0
        if n:
            words = ngettext(
                "%(n)s pair of records waits for your word", "%(n)s pairs of records wait for your word", n
            )
            found.append(Due(words % {"n": n}, reverse("reconciliation:review", args=[one.pk])))
    return found


def organisations() -> list[tuple[str, str]]:
    """Organisations that can give a list, as choices."""
    return [
        (str(key), name)
        for key, name in Organisation.objects.filter(closed_on=None).values_list("pk", "name")
    ]
