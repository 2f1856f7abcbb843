"""Search before create over 1,000,000 encrypted persons: whether the right one is found, and how long it takes.

Invented lists of the generator (noise 0.5; their errors, half as often as at full noise). The store holds every record
but one of each person who is asked for; that one is the probe, spelt and mistaken as another office would have it.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench_measure import Figure, median, p95, ready, scaled, superuser, tell

SEED, NOISE = 11, 0.5
BATCH, ASKED, STRANGERS = 2_000, 2_000, 500


@dataclass(frozen=True)
class Sought:
    """A probe and the places in the store of the person's other records; none for a stranger."""

    probe: Any
    places: tuple[int, ...]


def identity_of(record: Any) -> Any:
    """A record of a list, as the vault keeps it: a year of another calendar is refused there, and left out here."""
    from palermo.kernel.vault.identity import Identity

    year = record.birth_date[:4]
    return Identity(
        family_name=record.family_name, given_names=record.given_name, aliases=record.other_names,
        birth_date=record.birth_date if "1880" <= year <= "2200" else "", nationality=record.nationality,
        phone=record.phone, document_number=record.document_no,
    )  # fmt: skip


def invented(number: int) -> tuple[list[Any], list[Sought]]:
    """About `number` records to register, and the probes: of persons who have another record, and of strangers."""
    from palermo.kernel.vault.blind import Probe
    from palermo.linkage.generator import sized

    lists = sized(number, noise=NOISE, seed=SEED)
    whose: dict[int, list[Any]] = {}
    for one, persons in zip(lists.lists, lists.persons, strict=True):
        for record, person in zip(one.rows(), persons, strict=True):
            whose.setdefault(int(person), []).append(record)
    rng = random.Random(SEED)
    several = sorted(person for person, records in whose.items() if len(records) > 1)
    chosen = rng.sample(several, min(ASKED + STRANGERS, len(several) // 2))
    strangers = set(chosen[: len(chosen) * STRANGERS // (ASKED + STRANGERS)])
    asked = set(chosen) - strangers
    store: list[Any] = []
    sought: list[Sought] = []
    for person, records in whose.items():
        kept = [] if person in strangers else records
        if person in asked or person in strangers:
            probe = records[rng.randrange(len(records))]
            kept = [record for record in kept if record is not probe]
            places = tuple(range(len(store), len(store) + len(kept)))
            sought.append(Sought(Probe.of(identity_of(probe)), places))
        store += kept
    rng.shuffle(sought)
    return store, sought


def registered(store: Sequence[Any], cast: Any) -> list[Any]:
    """All of them with the searcher's team, in batches; their ids in the order of the store."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.vault.actions import register_persons

    begun, told, ids = time.monotonic(), 0.0, []
    for first in range(0, len(store), BATCH):
        with acting(Viewer.operator()):
            ids += register_persons(
                actor=Viewer.operator(), organisation_id=cast.organisation.pk, grantee=("unit", cast.unit.pk),
                identities=[identity_of(record) for record in store[first : first + BATCH]],
            )  # fmt: skip
        if time.monotonic() - told > 30:
            told = time.monotonic()
            tell(f"{len(ids):,} persons after {told - begun:.0f} s")
    with superuser() as connection:
        connection.execute("VACUUM ANALYZE")
    return ids


def searched(sought: Sequence[Sought], member: Any) -> Iterator[tuple[Sought, float, list[Any]]]:
    """Each probe with the milliseconds of its search, commit and all, and whom it found."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.vault.queries import search

    for one in sought[:5]:  # Plans, caches and compiled patterns.
        with acting(member.viewer):
            search(member.viewer, one.probe)
    for one in sought:
        begun = time.perf_counter()
        with acting(member.viewer):  # with its commit: the colleague at the counter waits for that too
            found = search(member.viewer, one.probe)
        yield one, (time.perf_counter() - begun) * 1000, [match.person_id for match in found]


def place_of(one: Sought, ids: Sequence[Any], found: Sequence[Any]) -> int | None:
    """Where the first record of the person stands among those found; 0 is first."""
    right = {ids[place] for place in one.places}
    return next((place for place, person_id in enumerate(found) if person_id in right), None)


def share(places: Sequence[int | None], among: int) -> float:
    """How many of a hundred stand among the first so many."""
    return 100 * sum(place is not None and place < among for place in places) / max(len(places), 1)


def figures(scale: float) -> list[Figure]:
    cast = ready()
    from django.conf import settings

    settings.PALERMO_SEARCHES_PER_HOUR = 1_000_000
    store, sought = invented(scaled(1_000_000, scale, 10_000))
    tell(f"{len(store):,} records invented")
    ids = registered(store, cast)
    done = list(searched(sought, cast.case_worker))
    known = [(one, place_of(one, ids, found)) for one, _took, found in done if one.places]
    once = [place for one, place in known if len(one.places) == 1]
    places = [place for _one, place in known]
    there = [took for one, took, _found in done if one.places]
    absent = [took for one, took, _found in done if not one.places]
    nobody = list(searched(sought[:500], cast.other_worker))
    assert not any(found for _one, _took, found in nobody)
    none = [took for _one, took, _found in nobody]
    over = f"over {len(store):,} persons, {len(places)} probes who are there, {len(absent)} who are not"
    return [
        Figure(
            "search before create", "p95 under 100 ms", median(there), "ms", p95(there) < 100, p95=p95(there),
            beside=over,
        ),
        Figure(
            "search: the right person among twenty", "at least 94 %", share(places, 20), "%", share(places, 20) >= 94,
            beside=f"of those who are there once only {share(once, 20):.1f} %",
        ),
        Figure(
            "search: the right person first", "at least 88 %", share(places, 1), "%", share(places, 1) >= 88,
            beside=f"of those who are there once only {share(once, 1):.1f} %",
        ),
        Figure(
            "search for somebody who is not there", "as long: 0.9 to 1.1 times", median(absent), "ms",
            0.9 <= median(absent) / median(there) <= 1.1, p95=p95(absent),
            beside=f"{median(absent) / median(there):.2f} times as long as for one who is there",
        ),
        Figure(
            "search by one who may see nobody", "p95 under 100 ms", median(none), "ms", p95(none) < 100, p95=p95(none),
            beside=f"{len(none)} of the same probes, nobody found",
        ),
    ]  # fmt: skip
