"""Reading whether two persons of the vault are one. Codes, states and houses; nothing here opens an identity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Organisation
from palermo.kernel.vault.models import Ground, Pairing, PairingStep, PairState, Person

DEEDS = {
    "propose": gettext_lazy("proposed that they are one person"),
    "confirm": gettext_lazy("confirmed that they are one person"),
    "different": gettext_lazy("answered that they are two persons"),
    "apart": gettext_lazy("wrote down that they are two persons"),
    "unsure": gettext_lazy("answered that it cannot be said"),
    "withdraw": gettext_lazy("withdrew the proposal"),
    "undo": gettext_lazy("undid it: they are two persons again"),
    "reopen": gettext_lazy("asked to look at it anew"),
    "erase": gettext_lazy("The identity of one was erased"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. person_id: None where the viewer does not hold that person. houses: only while they are one."""

    code: str
    person_id: UUID | None
    is_child: bool = False
    houses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the history: a colleague by name, somebody elsewhere by the house."""

    at: datetime
    who: str
    did: str
    why: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons and where the question stands whether they are one. `may`: what the viewer can do now."""

    id: UUID
    state: str
    mine: Side
    other: Side
    proposed_by_me: bool
    proposed_house: str
    since: datetime
    may: tuple[str, ...] = ()
    history: tuple[Line, ...] = field(default=())

    @property
    def state_said(self) -> str:
        return str(PairState(self.state).label)


def rows_about(code: str) -> QuerySet[Pairing]:
    """Every pair in which this code is, as far as the viewer reads it."""
    return Pairing.objects.filter(Q(left_code=code) | Q(right_code=code))


def pairs_of(viewer: Viewer, person: Person) -> list[Pair]:
    """Everything that was ever asked about this person, open questions first; NotFound unless the viewer holds it."""
    require(viewer, "vault.same.view", person.pk)
    order = list(PairState.values)
    rows = sorted(rows_about(person.code), key=lambda row: (order.index(row.state), row.since))
    return _pairs(viewer, rows, about=person.code)


def pair(viewer: Viewer, pairing_id: UUID) -> Pair:
    """One pair with its history; NotFound unless the viewer holds one of the two."""
    row = Pairing.objects.filter(pk=pairing_id).first()
    if row is None:
        raise NotFound()
    return _pairs(viewer, [row])[0]


def waiting(viewer: Viewer) -> QuerySet[Pairing]:
    """Proposals about persons whom the viewer holds, made by somebody else, that he may be asked to answer."""
    theirs = Person.objects.filter(code=OuterRef("right_code"))
    rows = Pairing.objects.filter(state=PairState.PROPOSED).exclude(proposed_by_id=viewer.user_id)
    return rows.filter(Exists(theirs)).order_by("since")


def one_with(viewer: Viewer, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Code -> the other codes of the same person, as far as the viewer holds the persons between: one query a step.

    A chain goes on through persons whom the viewer holds and ends at the first whom he does not.
    """
    found: dict[str, set[str]] = {code: {code} for code in codes}
    met: dict[str, set[str]] = {}
    front = set(found)
    while front:
        rows = Pairing.objects.filter(state=PairState.SAME).filter(
            Q(left_code__in=front) | Q(right_code__in=front)
        )
        before = {*met, *front}
        for left, right in rows.values_list("left_code", "right_code"):
            met.setdefault(left, set()).add(right)
            met.setdefault(right, set()).add(left)
        front = set(met) - before
    for code, group in found.items():
        open_ends = [code]
        while open_ends:
            for other in met.get(open_ends.pop(), set()) - group:
                group.add(other)
                open_ends.append(other)
    return {code: tuple(sorted(group - {code})) for code, group in found.items()}


def judged(viewer: Viewer, code: str) -> dict[str, str]:
    """The codes that were compared with this one -> where that stands: what need not be suggested again."""
    rows = rows_about(code).values_list("left_code", "right_code", "state")
    return {right if left == code else left: state for left, right, state in rows}


def _pairs(viewer: Viewer, rows: Sequence[Pairing], about: str = "") -> list[Pair]:
    """The same for one pair or many: five queries."""
    codes = {code for row in rows for code in (row.left_code, row.right_code)}
    held = {person.code: person for person in Person.objects.filter(code__in=codes)}
    may, houses = _asked([row.pk for row in rows])
    steps: dict[UUID, list[PairingStep]] = {}
    for step in PairingStep.objects.filter(pairing__in=[row.pk for row in rows]).select_related(
        "by", "house"
    ):
        steps.setdefault(step.pairing_id, []).append(step)
    names = {
        key: name
        for key, name in Organisation.objects.filter(
            pk__in={row.proposed_house_id for row in rows} | {h for _row, _code, h in houses}
        ).values_list("pk", "name")
    }
    found = []
    for row in rows:
        sides = [
            Side(
                code=code,
                person_id=held[code].pk if code in held else None,
                is_child=code in held and held[code].is_child,
                houses=tuple(sorted(names[h] for pair_id, c, h in houses if (pair_id, c) == (row.pk, code))),
            )
            for code in (row.left_code, row.right_code)
        ]
        # The viewer's own side first: the one that the page is about, or the one that he holds.
        if (about or next((c for c in (row.left_code, row.right_code) if c in held), "")) == row.right_code:
            sides.reverse()
        found.append(
            Pair(
                id=row.pk,
                state=row.state,
                mine=sides[0],
                other=sides[1],
                proposed_by_me=row.proposed_by_id == viewer.user_id,
                proposed_house=names[row.proposed_house_id],
                since=row.since,
                may=may.get(row.pk, ()),
                history=tuple(_line(viewer, step) for step in steps.get(row.pk, ())),
            )
        )
    return found


def _line(viewer: Viewer, step: PairingStep) -> Line:
    if step.by is None or step.house is None:
        who = ""
    else:
        who = str(step.by) if step.house_id in viewer.organisation_ids else str(step.house)
    return Line(
        at=step.at,
        who=who or _("The system"),
        did=str(DEEDS.get(step.deed, step.deed)),
        why=str(Ground(step.ground).label) if step.ground else "",
    )


def _asked(ids: list[UUID]) -> tuple[dict[UUID, tuple[str, ...]], list[tuple[UUID, str, UUID]]]:
    """What can be done with each pair, and who answers for the two of those that are one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT p, vault_pair_may(p) FROM unnest(%s::uuid[]) p", [ids])
        may = {key: tuple(events) for key, events in cursor.fetchall()}
        cursor.execute("SELECT p, h.code, h.house FROM unnest(%s::uuid[]) p, vault_pair_houses(p) h", [ids])
        return may, list(cursor.fetchall())
