"""A whole country in use: 250,000 cases, 1,000,000 encrypted persons, 5,000,000 entries of audit.

What a colleague waits for at the counter, through the pages themselves: the list, a search in it by code, search
before create (the duplicate candidates), and the page of a case that has been worked on.
"""

import random
import time
from typing import Any
from uuid import UUID

from bench_measure import (
    Figure,
    client_of,
    median,
    p95,
    page,
    ready,
    scaled,
    statements,
    superuser,
    tell,
    timed,
)
from bench_persons import People, probes_of, register

CASES, PERSONS, ENTRIES = 250_000, 1_000_000, 5_000_000
OURS = 0.4  # the share of the cases that the visitor's own team holds; the others are another organisation's
VISITS = 60
PIECE = 250_000
NOTES = 6
WORD = "Was seen at the office today; a lawyer will call on Thursday."


def _cases(number: int, cast: Any) -> list[UUID]:
    from palermo.rooms.cases.actions import bulk_cases

    begun = time.monotonic()
    ours = bulk_cases(max(VISITS + 5, round(number * OURS)), actor=cast.case_worker.viewer)
    bulk_cases(number - len(ours), actor=cast.other_worker.viewer)
    tell(f"{number:,} cases after {time.monotonic() - begun:.0f} s")
    return ours


def _work(ids: list[UUID], cast: Any) -> None:
    """What stands on the page of a case after some weeks: notes."""
    from palermo.kernel.access.context import acting
    from palermo.rooms.cases.actions import add_note
    from palermo.rooms.cases.models import Case

    for case_id in ids:
        with acting(cast.case_worker.viewer) as viewer:
            case = Case.objects.get(pk=case_id)
            for _turn in range(NOTES):
                add_note(actor=viewer, case=case, text=WORD)


FILL = """
INSERT INTO audit_entry (seq, at, actor, actor_kind, session_ref, action, object_kind, object_id, purpose, fields,
                         detail, result, prev_hash, hash)
  SELECT seq, now() - (%(last)s - seq) * interval '20 seconds',
         CASE WHEN seq %% 20 = 0 THEN %(worker)s ELSE md5((seq %% 2000)::text)::uuid END, 'person', '',
         CASE seq %% 3 WHEN 0 THEN 'cases.case.view' WHEN 1 THEN 'cases.note.add' ELSE 'vault.person.reveal' END,
         'case', gen_random_uuid(), '', '{}', '{"count": 3}', 'done', sha256(seq::text::bytea), sha256(seq::text::bytea)
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) seq
"""


def _entries(number: int, cast: Any) -> None:
    """Old entries of the audit, about objects that nobody visits: their number counts here, not their chain."""
    begun = time.monotonic()
    with superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        there = connection.execute("SELECT seq FROM audit_head").fetchone()[0]
        for first in range(there + 1, number + 1, PIECE):
            last = min(first + PIECE - 1, number)
            connection.execute(FILL, {"first": first, "last": last, "worker": cast.case_worker.pk})
        connection.execute("UPDATE audit_head SET seq = greatest(seq, %s)", [number])
    tell(f"{number:,} entries of audit after {time.monotonic() - begun:.0f} s")


def _asked(client: Any, probe: Any) -> None:
    """The first step of opening a case: who is it, and do we know the person already?"""
    given, _blank, family = (probe.name or "").partition(" ")
    answer = client.post(
        "/cases/open/",
        {
            "given_names": given, "family_name": family, "birth_date": probe.birth_year or "",
            "document_number": probe.document or "", "phone": probe.phone or "",
        },
    )  # fmt: skip
    if answer.status_code != 200:
        raise SystemExit(f"search before create answered {answer.status_code}")


def _figure(name: str, times: list[float], most: float, beside: str) -> Figure:
    reached = p95(times)
    return Figure(
        name, f"p95 under {most:.0f} ms", median(times), "ms", reached < most, p95=reached, beside=beside
    )


def figures(scale: float) -> list[Figure]:
    cast = ready()
    people = People(seed=7)
    persons, cases, entries = (scaled(n, scale, 2_000) for n in (PERSONS, CASES, ENTRIES))
    register(people, cast, persons)
    ours = _cases(cases, cast)
    rng = random.Random(3)
    chosen = rng.sample(ours, VISITS + 2)
    _work(chosen, cast)
    _entries(entries, cast)
    with superuser() as connection:
        connection.execute("ANALYZE")
        codes = [
            row[0]
            for row in connection.execute(
                "SELECT code FROM cases_case WHERE id = ANY(%s)", [chosen]
            ).fetchall()
        ]
    client = client_of(cast.case_worker)
    page(client, f"/cases/{chosen[-1]}/")
    count = statements(client, f"/cases/{chosen[-2]}/")
    visits = [timed(lambda one=one: page(client, f"/cases/{one}/")) for one in chosen[:VISITS]]
    page(client, "/cases/")
    listed = [timed(lambda: page(client, "/cases/")) for _turn in range(30)]
    found = [timed(lambda code=code: page(client, f"/cases/?q={code}")) for code in codes[:VISITS]]
    kept = [
        timed(lambda n=n: page(client, f"/cases/?risk={n}"))
        for n in ("high", "critical", "low", "medium") * 8
    ]
    probes = probes_of(people, 120)
    _asked(client, probes[0])
    asked = [timed(lambda probe=probe: _asked(client, probe)) for probe in probes]
    among = f"among {cases:,} cases, {persons:,} persons, {entries:,} audit entries"
    return [
        Figure("load: case page, statements", "at most 25", count, "statements", count <= 25, beside=among),
        _figure("load: case page", visits, 400, f"first visits, {NOTES} notes each; {among}"),
        _figure("load: list of cases", listed, 300, f"{len(ours):,} of them the team's own"),
        _figure("load: list by code", found, 300, ""),
        _figure("load: list by risk", kept, 300, ""),
        _figure("load: duplicate candidates", asked, 500, "the page that asks before a case is opened"),
    ]
