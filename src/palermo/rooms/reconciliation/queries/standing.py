"""What the decisions about two records come to: who still has to say something, what is settled, what is disputed.

A merge across organisations needs one person of each side; records of children need two people; any other pair needs
one. One "different" is enough to keep two records apart, for that does no harm to anybody. Blind answers of the sample
measure the linkage and count as well once the sample pair has both.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from palermo.rooms.reconciliation.models import Decision, Listed, Verdict

SAME, DIFFERENT = Verdict.SAME.value, Verdict.DIFFERENT.value


@dataclass(frozen=True, slots=True)
class Standing:
    """What is decided about a pair. word: same, different, disputed, unsure, second (one more person), none."""

    word: str
    by: tuple[UUID, ...] = ()
    houses: tuple[UUID, ...] = ()

    @property
    def settled(self) -> bool:
        return self.word in (SAME, DIFFERENT)


def standing(decisions: Iterable[Decision], *, child: bool, across: bool) -> Standing:
    """The standing of one pair, from the decisions that stand."""
    rows = list(decisions)
    by, houses = tuple(one.by_id for one in rows), tuple(one.house for one in rows)
    said = {one.verdict for one in rows}
    if not rows:
        return Standing("none")
    if {SAME, DIFFERENT} <= said:
        return Standing("disputed", by, houses)
    if DIFFERENT in said:
        return Standing(DIFFERENT, by, houses)
    same = [one for one in rows if one.verdict == SAME]
    if not same:
        return Standing("unsure", by, houses)
    sides = {one.house for one in same} & {same[0].left_house, same[0].right_house}
    both = not across or len(sides) == 2
    two = not child or len({one.by_id for one in same}) >= 2
    return Standing(SAME if both and two else "second", by, houses)


def settled_pairs(project_id: UUID) -> list[tuple[UUID, UUID, str]]:
    """Every pair of a reconciliation on which people have settled: (left, right, same or different)."""
    grouped: dict[tuple[UUID, UUID], list[Decision]] = defaultdict(list)
    for one in Decision.objects.filter(project_id=project_id, until=None).order_by("at"):
        grouped[one.left_id, one.right_id].append(one)
    ids = {key for pair in grouped for key in pair}
    children = set(Listed.objects.filter(pk__in=ids, child=True).values_list("pk", flat=True))
    found = []
    for (left, right), rows in sorted(grouped.items()):
        across = rows[0].left_house != rows[0].right_house
        now = standing(rows, child=bool({left, right} & children), across=across)
        if now.settled:
            found.append((left, right, now.word))
    return found
