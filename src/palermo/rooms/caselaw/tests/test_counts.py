"""The counts that a trigger keeps are those that one would count, whatever happened to the cases."""

import random
from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw import actions, queries
from palermo.rooms.caselaw.models import Case
from palermo.rooms.caselaw.tests.conftest import brought, told

pytestmark = pytest.mark.django_db
ACTS = ("recruitment", "transfer", "receipt")
LIVE = """
SELECT code, count(*) FROM caselaw_case c, unnest(c.codes || ARRAY['']) code WHERE c.state = 'published' GROUP BY code
"""


def live() -> dict[str, int]:
    with acting(Viewer.operator()), connection.cursor() as cursor:
        cursor.execute(LIVE)
        return dict(cursor.fetchall())


def kept() -> dict[str, int]:
    """What the page of everything shows."""
    with acting(Viewer.anonymous()) as viewer:
        found = queries.search(viewer)
    facets = {f"{facet}:{code}": n for facet, values in found.facets.items() for code, _text, n in values}
    return facets | ({"": found.total} if found.total else {})


def random_case(dice: random.Random, n: int, status: str) -> dict[str, Any]:
    coded = [{"kind": "act", "concept": act} for act in dice.sample(ACTS, dice.randint(0, 3))]
    return told(f"c-{n}", status=status, country=dice.choice(("FRA", "DEU", "MAR")), codings=coded)


def test_kept_counts_are_live_counts(people: Any) -> None:
    dice, n = random.Random(8), 0
    for _round in range(12):
        what = dice.choice(("import", "import", "change", "publish", "withdraw", "merge"))
        rows = list(Case.objects.none())
        with acting(people.editor.viewer):
            rows = list(Case.objects.filter(state="published").order_by("palermo_id"))
        if what == "import" or len(rows) < 3:
            brought(*(random_case(dice, n + k, dice.choice(("draft", "published"))) for k in range(7)))
            n += 7
        elif what == "change":
            one = dice.choice(rows)
            brought(random_case(dice, int(one.palermo_id[2:]), "published"))
        elif what == "publish":
            publish(people, random_case(dice, n, "draft"))
            n += 1
        else:
            one, other = dice.sample(rows, 2)
            with acting(people.editor.viewer) as viewer:
                given = {"actor": viewer, "case": one, "why": "So it is.", "expected_version": one.version}
                actions.withdraw(**given) if what == "withdraw" else actions.merge(**given, into=other)
        counted = live()
        assert kept() == {k: v for k, v in counted.items() if k.partition(":")[0] in ("", *queries.FACETS)}
    assert live()[""] > 5


def publish(people: Any, value: dict[str, Any]) -> None:
    with acting(people.editor.viewer) as viewer:
        actions.bring_in(actor=viewer, values=[value])
        case = Case.objects.get(palermo_id=value["palermo_id"])
        actions.submit(actor=viewer, case=case, expected_version=case.version)
    with acting(people.coordinator.viewer) as viewer:
        actions.publish(actor=viewer, case=case, expected_version=case.version)
