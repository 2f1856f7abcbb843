"""Five yearly publications of every declared table, and an attacker who kept them all.

An invented register: each year its persons are delivered, some of them a year or two late; some rows are put right and
some persons taken out. Each year every table is counted, frozen, approved by a second person and published, one of them
once more as a release of three persons; one publication of the second year is withdrawn. Then everything that ever was
public is attacked: by `palermo attack-published`, which knows no true count, and by one who is told which cells to look
at. The control publishes the table of the Global Report of the same five years, each protected alone. Seeds
were chosen beforehand.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from bench_measure import ROOT, Figure, ready, scaled, tell

YEARS = (2021, 2022, 2023, 2024, 2025)
PERSONS, ACCUSED, SEED = 1_500, 300, 17  # a year
LEAST = 100
LATE = (0.86, 0.10, 0.04)  # delivered in their year, a year later, two years later
WRONG, TAKEN_OUT = 0.02, 0.005  # of what stands in the register, each year
RELEASED = "glotip"
REASON = "I looked at the checks and at the files; nobody can be found in them."


@dataclass
class CameOut:
    """What came out: for each publication what was true, in the order in which they were counted; the table of
    each year protected alone, with what was true; what was refused."""

    truth: list[dict[Any, int]] = field(default_factory=list)
    alone: list[tuple[tuple[Any, ...], dict[Any, int]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    done: int = 0


def figures(scale: float) -> list[Figure]:
    cast = ready()
    begun = time.process_time()
    found = came_out(cast, scaled(PERSONS, scale, LEAST), YEARS)
    return [*attacked(found, time.process_time() - begun), *_command()]


def came_out(cast: Any, each: int, years: Sequence[int], tables: Sequence[str] = ()) -> CameOut:
    """Years of deliveries and publications, so many persons in each; of these tables alone, where some are named."""
    from palermo.rooms.statistics import queries

    people = invented(each)
    found = CameOut()
    for number, year in enumerate(years):
        deliver(people, number, cast)
        if not tables:
            count(found, number, cast)
        publish(found, number, cast, tables or tuple(queries.PROTECTED))
        tell(f"{year}: {found.done} publications so far, {len(found.refused)} refused")
    return found


def invented(each: int) -> list[tuple[int, int, Any]]:
    """(year of delivery by place, number, attributes) of every person."""
    from palermo.rooms.register.actions.demo import demo_people

    rng = np.random.default_rng(SEED)
    drawn = list(demo_people(rng, each * len(YEARS)))
    late = rng.choice(len(LATE), size=len(drawn), p=LATE)
    found = []
    for number, person in enumerate(drawn):
        of = number % len(YEARS)
        found.append((of + int(late[number]), number, replace(person, year=YEARS[of], events=())))
    return found


def deliver(people: list[tuple[int, int, Any]], number: int, cast: Any) -> None:
    """The delivery of one year; then what was wrong is put right, and who must not be there is taken out."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.register.actions import withdraw_person
    from palermo.rooms.register.actions.attributes import pack
    from palermo.rooms.register.actions.bulk import delivery, write_persons
    from palermo.rooms.register.models import Person
    from palermo.rooms.register.models.codes import code_of

    rng = np.random.default_rng(SEED + number)
    rows = []
    for place, (when, key, person) in enumerate(people):
        if when < number and rng.random() < WRONG:
            person = replace(person, sex="male" if person.sex == "female" else "female")
            people[place] = (when, key, person)
        if when <= number:
            rows.append((key.to_bytes(16, "big"), pack(person)))
    with acting(Viewer.operator()):
        source = delivery(
            source="Invented list", format="demo", terms="Invented data.", run_id=None, file_sha256=""
        )
        write_persons(rows, source)
        _accused(round(len(people) * ACCUSED / PERSONS), YEARS[number], source)
    with acting(cast.coordinator.viewer) as viewer:
        standing = list(Person.objects.order_by("id").values_list("id", flat=True))
        for pk in rng.choice(standing, size=round(TAKEN_OUT * len(standing)), replace=False):
            withdraw_person(actor=viewer, code=code_of(int(pk)), reason="mistake")


def _accused(persons: int, until: int, source: Any) -> None:
    """The stages of proceedings that were reached by the end of a year, as police and courts tell them."""
    from palermo.rooms.register.actions import demo_justice
    from palermo.rooms.register.actions.offenders import charged, write_charges

    home, areas = demo_justice.country_and_areas()
    rng = np.random.default_rng(SEED)
    rows = [row for i in range(persons) for row in demo_justice._rows(rng, i, home, areas)]
    write_charges([charged(row) for row in rows if YEARS[0] <= row.on.year <= until], source)


def count(found: CameOut, number: int, cast: Any) -> None:
    """New states of every population, as far as they are safe beside all that came out."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.errors import DomainError
    from palermo.rooms.statistics import actions

    begun = time.process_time()
    try:
        with acting(cast.analyst.viewer) as viewer:
            actions.count_states(actor=viewer)
    except DomainError as error:
        found.refused.append(f"{YEARS[number]} states: {error.rule}")
    tell(f"{YEARS[number]} states: {time.process_time() - begun:.0f} s of processor")


def publish(found: CameOut, number: int, cast: Any, tables: Sequence[str]) -> None:
    """Freeze and approve each table; one more as a release, which in the second year is withdrawn."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.errors import DomainError
    from palermo.rooms.statistics import actions

    for name in tables:
        begun = time.process_time()
        try:
            with acting(cast.analyst.viewer) as viewer:
                made = actions.make_publication(actor=viewer, table=name)
            with acting(cast.second_analyst.viewer) as viewer:
                actions.approve(actor=viewer, publication_id=made.pk)
            found.done += 1
        except DomainError as error:
            if error.rule != "statistics.nothing":
                found.refused.append(f"{YEARS[number]} {name}: {error.rule}")
        tell(f"{YEARS[number]} {name}: {time.process_time() - begun:.0f} s of processor")
    state = released(number, cast)
    found.done += state == "published"
    if state != "published":
        found.refused.append(f"{YEARS[number]} release: {state}")
    remember(found, cast)


def released(number: int, cast: Any) -> str:
    """A table through all steps of a release; the state in which it ends."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.errors import DomainError
    from palermo.kernel.jobs.models import Effect
    from palermo.rooms.releases import actions
    from palermo.rooms.releases.models import Release

    values = {
        "product": "count_tables", "source": RELEASED, "title": "Detected victims", "series": "GLOTIP",
        "year": YEARS[number], "year_from": YEARS[0], "year_to": YEARS[number], "purpose": REASON, "changes": "",
    }  # fmt: skip
    with acting(cast.analyst.viewer) as viewer:
        made = actions.open_release(actor=viewer, values=values)
        actions.start_run(actor=viewer, release=made, expected_version=made.version)
    with acting(cast.analyst.viewer) as viewer:
        actions.carry_out(viewer, Effect.objects.get(object_id=made.pk))
    steps: list[tuple[Any, Any]] = [
        (cast.second_analyst, actions.review), (cast.coordinator, actions.approve)
    ]  # fmt: skip
    for someone, step in steps:
        with acting(someone.viewer) as viewer:
            made = Release.objects.get(pk=made.pk)
            try:
                step(actor=viewer, release=made, reason=REASON, expected_version=made.version)
            except DomainError as error:
                return f"{made.state}: {error.rule}"
    if number == 1:
        with acting(cast.coordinator.viewer) as viewer:
            made = Release.objects.get(pk=made.pk)
            actions.withdraw(actor=viewer, release=made, why="To try it.", expected_version=made.version)
    return "published"


def remember(found: CameOut, cast: Any) -> None:
    """What is true today, for who is told where to look; and the table protected alone, for the control."""
    from palermo.disclosure import key_of, protect_linked
    from palermo.kernel.access.context import acting
    from palermo.rooms.statistics.queries.plan import POPULATIONS
    from palermo.rooms.statistics.queries.register_tables import glotip_tables, threshold
    from palermo.rooms.statistics.queries.states import all_tables
    from palermo.web.releasable import public_tables

    true: dict[Any, int] = {}
    with acting(cast.analyst.viewer) as viewer:
        for population in POPULATIONS.values():
            tables = all_tables(viewer, population)
            true |= {key_of(t.population, t.dimensions, at): n for t in tables for at, n in t.cells.items()}
        alone = protect_linked(glotip_tables(viewer), threshold()).tables
        out = len(public_tables())
    found.alone.append((alone, true))
    found.truth += [true] * (out - len(found.truth))


def attacked(found: CameOut, cpu: float) -> list[Figure]:
    """Who is told which cells are small, and looks at each: the strictest attacker there is."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.web.releasable import public_tables

    tell("the attack")
    with acting(Viewer.operator()):
        public = public_tables()
    begun = time.process_time()
    dated = [
        (moment, table, true)
        for one, true in zip(public, found.truth, strict=True)
        for moment, table in one.dated()
    ]
    learned, small, withheld = told(dated)
    cells = sum(len(table.cells) for _moment, table, _true in dated)
    took = time.process_time() - begun
    broken, _small, alone = told(
        [
            (datetime(year, 12, 31, tzinfo=UTC), table, true)
            for year, (tables, true) in zip(YEARS, found.alone, strict=False)
            for table in tables
        ]
    )
    tell(
        f"{learned} learned of {small:,} small and {withheld:,} withheld; alone {broken} of {alone:,} withheld"
    )
    refused = ", ".join(found.refused) or "none"
    return [
        Figure(
            "counts under the threshold that five years of publications give away", "0", float(learned), "",
            learned == 0,
            beside=f"{found.done} publications of {len(found.alone)} years, {cells:,} counts: {withheld:,} "
            f"withheld, {small:,} small; refused: {refused}; {cpu:.0f} s of processor to make them, "
            f"{took:.0f} to attack them",
        ),
        Figure(
            "the control, each year protected alone, is broken by the same attacker", ">= 1", float(broken), "",
            broken >= 1, beside=f"{alone:,} withheld",
        ),
    ]  # fmt: skip


def told(dated: Sequence[tuple[datetime, Any, dict[Any, int]]]) -> tuple[int, int, int]:
    """(small counts learned, small counts, counts withheld) over all editions, for who knows where the small are.

    Of each table is given when it was counted, and what was true then. A count withheld in several publications of one
    moment is one count.
    """
    from palermo.disclosure import attack_editions, dated_editions, true_of
    from palermo.rooms.statistics.queries.register_tables import threshold

    rule = threshold()
    learned = mistaken = small = withheld = 0
    for name in dict.fromkeys(table.population for _moment, table, _true in dated):
        mine = [(moment, table) for moment, table, _true in dated if table.population == name]
        truth = {moment: true for moment, table, true in reversed(dated) if table.population == name}
        kept, care, so = dated_editions(mine), set(), {}
        for number, (moment, tables) in enumerate(kept):
            for key in hidden(tables):
                withheld += 1
                so[f"{number}|{key[0]}", key[1]] = truth[moment].get(key, 0)
                if rule.sensitive(truth[moment].get(key, 0)):
                    care.add((f"{number}|{key[0]}", key[1]))
        small += len(care)
        begun = time.process_time()
        found = attack_editions([tables for _moment, tables in kept], care, rule)
        learned += len(true_of(found, so, rule))
        mistaken += len(found) - len(true_of(found, so, rule))
        tell(f"attack on {name}, {len(kept)} editions: {time.process_time() - begun:.0f} s of processor")
    tell(f"{mistaken} more small counts are held for another number than they are, since a count fell")
    return learned, small, withheld


def hidden(tables: Sequence[Any]) -> Iterator[Any]:
    """The cells of an edition that are withheld, each once."""
    from palermo.disclosure import key_of

    keys = (key_of(t.population, t.dimensions, at) for t in tables for at, n in t.cells.items() if n is None)
    yield from dict.fromkeys(keys)


def _command() -> list[Figure]:
    """The project's own command, as an operator runs it."""
    program = [sys.executable, "-m", "palermo.cli", "attack-published", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(program, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    if done.returncode not in (0, 1):
        return [Figure("palermo attack-published", "0", None, "", False, beside=done.stderr[-300:])]
    said = json.loads(done.stdout)
    rows = said["populations"]
    most = max((one["editions"] for one in rows), default=0)
    cells, away = sum(one["cells"] for one in rows), sum(one["withheld"] for one in rows)
    return [
        Figure(
            "palermo attack-published: counts proved to be under the threshold", "0", float(said["learned"]), "",
            said["learned"] == 0,
            beside=f"{len(rows)} populations, at most {most} publications of one, {cells:,} counts, {away:,} withheld",
        )
    ]  # fmt: skip
