"""What a linkage found, kept without identity: pairs with reasons as codes, and which records stand for whom."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.utils import timezone

from palermo.kernel.database.locks import take_turns
from palermo.linkage import explaining, numbers
from palermo.linkage.people import PersonRecord
from palermo.rooms.reconciliation.actions.people import free_codes
from palermo.rooms.reconciliation.models import Change, Kind, Link, Listed, Pair, Person, Run

LEAST = 0.02  # below, a pair is neither linked nor worth a person's look
MOST_PAIRS = 200_000
BANDS = (0.05, 0.2, 0.5, 0.8, 0.95)
SHARED_BY = 3  # so many records with one telephone: the recruiter's or the shelter's, not the person's


def band_of(probability: float) -> int:
    """Place among the bands of probability, from 0 (hardly) to 5 (almost surely)."""
    return sum(probability >= edge for edge in BANDS)


def keep_pairs(
    run: Run,
    found: Any,
    records: Sequence[PersonRecord],
    listed: Sequence[Listed],
    tell: Callable[[float], None],
) -> int:
    """The pairs that are linked or in doubt, with reasons and warnings; returns how many."""
    every = found.pairs
    wanted = (every.probability >= LEAST) | (found.cluster[every.left] == found.cluster[every.right])
    order = np.flatnonzero(wanted)
    order = order[np.argsort(-every.probability[order], kind="stable")][:MOST_PAIRS]
    chosen = [
        (float(every.probability[at]), float(every.weight[at]), int(every.left[at]), int(every.right[at]))
        for at in order
    ]
    phones = Counter(filter(None, (numbers.phone(one.phone) for one in records)))
    rows = []
    for place, (probability, weight, one, other) in enumerate(chosen):
        left, right = (one, other) if listed[one].pk < listed[other].pk else (other, one)
        linked = bool(found.cluster[one] == found.cluster[other])
        rows.append(
            _pair(
                run,
                (probability, weight, linked),
                listed[left],
                listed[right],
                records[left],
                records[right],
                phones,
            )
        )
        if len(rows) >= 2000:
            Pair.objects.bulk_create(rows)
            rows = []
            tell(place / len(chosen))
    Pair.objects.bulk_create(rows)
    return len(chosen)


def _pair(
    run: Run, told: tuple[float, float, bool], left: Listed, right: Listed, a: PersonRecord, b: PersonRecord,
    phones: Mapping[str, int],
) -> Pair:  # fmt: skip
    probability, weight, linked = told
    reasons = [_coded(one) for one in explaining.explain(a, b)]
    return Pair(
        id=uuid.uuid4(), run=run, left=left, right=right, left_code=left.code, right_code=right.code,
        left_source=left.source_id, right_source=right.source_id, left_house=left.house, right_house=right.house,
        probability=probability, weight=weight, linked=linked, band=band_of(probability), reasons=reasons,
        child=bool(left.child or right.child), across=left.house != right.house,
        warnings=_warnings(a, b, reasons, phones),
    )  # fmt: skip


def _coded(reason: Any) -> dict[str, Any]:
    """A reason as its code and the whole numbers in it: a year's difference is told, a year is not."""
    values = {name: value for name, value in dict(reason.values).items() if isinstance(value, int)}
    return {"field": str(reason.field), "kind": str(reason.kind), "agrees": reason.agrees, "values": values}


def _warnings(
    a: PersonRecord, b: PersonRecord, reasons: list[dict[str, Any]], phones: Mapping[str, int]
) -> list[str]:
    """Signs that speak against a merge however alike two records are."""
    found = []
    one, other = numbers.document(a.document_no), numbers.document(b.document_no)
    if one and other and one != other and not numbers.one_slip(one, other):
        found.append("two_documents")
    agrees = {reason["field"]: reason["agrees"] for reason in reasons}
    born_apart = (
        a.birth_date[:4] and b.birth_date[:4] and agrees.get("birth_date", agrees.get("birth")) is False
    )
    if (
        agrees.get("family_name")
        and agrees.get("given_name") is False
        and (born_apart or (a.phone and a.phone == b.phone))
    ):
        found.append("siblings")
    if (phone := numbers.phone(a.phone)) and phone == numbers.phone(b.phone) and phones[phone] >= SHARED_BY:
        found.append("shared_phone")
    return found


def keep_links(run: Run, found: Any, listed: Sequence[Listed]) -> tuple[int, int]:
    """Let records stand for people as this run found them. Returns how many links changed, and how many people.

    A person keeps his code as long as some of his records stay together: each cluster, the largest first, takes the
    person for whom most of its records stood.
    """
    take_turns("reconciliation.links", run.project_id)
    before = {
        link.listed_id: link
        for link in Link.objects.filter(project_id=run.project_id, closed=None).select_related("person")
    }
    clusters: dict[int, list[int]] = defaultdict(list)
    for place, cluster in enumerate(found.cluster):
        clusters[int(cluster)].append(place)
    ordered = sorted(
        clusters.values(), key=lambda places: (-len(places), min(str(listed[p].pk) for p in places))
    )
    taken: set[UUID] = set()
    meant: dict[UUID, UUID | None] = {}
    groups: list[tuple[UUID | None, list[int]]] = []
    for places in ordered:
        votes = Counter(before[listed[p].pk].person_id for p in places if listed[p].pk in before)
        person = next((key for key, _n in votes.most_common() if key not in taken), None)
        if person is not None:
            taken.add(person)
        groups.append((person, places))
    fresh = _persons(run, sum(person is None for person, _places in groups))
    change = Change.objects.create(
        id=uuid.uuid4(), project_id=run.project_id, kind=Kind.RUN, run=run, at=timezone.now()
    )
    opened: list[Link] = []
    for person, places in groups:
        key = person if person is not None else next(fresh).pk
        for place in places:
            meant[listed[place].pk] = key
            old = before.get(listed[place].pk)
            if old is None or old.person_id != key:
                opened.append(
                    Link(
                        project_id=run.project_id, listed=listed[place], person_id=key, house=listed[place].house,
                        probability=float(found.probability[place]), opened=change,
                    )
                )  # fmt: skip
    gone = [link.pk for key, link in before.items() if meant.get(key) != link.person_id]
    Link.objects.filter(pk__in=gone).update(closed=change)
    Link.objects.bulk_create(opened, batch_size=2000)
    Change.objects.filter(pk=change.pk).update(records=len(opened))
    return len(opened), len(groups)


def _persons(run: Run, number: int) -> Any:
    codes = free_codes(number, "N", Person)
    made = [Person(id=uuid.uuid4(), project_id=run.project_id, code=code) for code in codes]
    return iter(Person.objects.bulk_create(made, batch_size=2000))
