"""What can be said of two persons that may be one, in plain Python: state machines compare the house with it.

It knows no SQL and nothing of palermo. Whoever uses it says who holds what (`World`).
"""

from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar
from uuid import UUID

ANSWERS = {
    "confirm": "same",
    "different": "different",
    "unsure": "unsure",
    "withdraw": "withdrawn",
    "undo": "undone",
    "reopen": "unsure",
}
STANDING = ("proposed", "same", "different")
MEETS = frozenset(
    ("first_responder", "case_manager", "supervisor", "child_protection", "competent_authority")
)
Who = TypeVar("Who")
Asked = TypeVar("Asked", contravariant=True)


class World(Protocol[Asked]):
    """Asked somebody is and what he holds now."""

    def key(self, who: Asked) -> UUID: ...

    def meets_persons(self, who: Asked) -> bool:
        """Holds a role, anywhere, in which one meets persons."""

    def looks_at(self, who: Asked, person: UUID) -> bool:
        """Sees the person, in an emergency or not."""

    def holds(self, who: Asked, person: UUID) -> bool:
        """Sees the person by more than an emergency."""

    def has_a_grant(self, who: Asked, person: UUID) -> bool:
        """Holds anything of the person, whatever the scope."""

    def answer_for(self, person: UUID) -> set[UUID]:
        """The houses that answer for the person: who wrote it down while it holds it, otherwise all that hold it."""

    def working_in(self, who: Asked) -> set[UUID]:
        """The houses in which he has a role in which one meets persons."""


@dataclass
class PairOf:
    """Two persons and where the question stands whether they are one. left: whose side proposed it."""

    left: UUID
    right: UUID
    state: str
    proposer: UUID
    proposed_in: UUID
    answered_in: UUID | None = None


@dataclass
class Pairs(Generic[Who]):
    """Every pair. A pair gives nobody anything: the world never asks for pairs."""

    world: World[Who]
    known: dict[frozenset[UUID], PairOf] = field(default_factory=dict)

    def sides(self, who: Who, person: UUID) -> set[UUID]:
        """In whose name somebody can speak for a person."""
        if not self.world.holds(who, person):
            return set()
        return self.world.answer_for(person) & self.world.working_in(who)

    def propose(self, who: Who, one: UUID, other: UUID, *, apart: bool = False) -> bool:
        """Whether it can be proposed (or said at once that they are two), and then it is."""
        if one == other or not self.world.meets_persons(who) or not self.world.looks_at(who, one):
            return False
        if apart and not self.world.holds(who, other):
            return False
        sides = self.sides(who, one)
        if not sides and self.world.holds(who, one):
            one, other, sides = other, one, self.sides(who, other)
        now = self.known.get(frozenset((one, other)))
        if not sides or (now is not None and now.state in STANDING):
            return False
        house = min(sides)
        self.known[frozenset((one, other))] = PairOf(
            one,
            other,
            "different" if apart else "proposed",
            self.world.key(who),
            house,
            house if apart else None,
        )
        return True

    def may(self, who: Who, pair: PairOf) -> set[str]:
        left, right = self.world.answer_for(pair.left), self.world.answer_for(pair.right)
        ours, theirs = self.sides(who, pair.left), self.sides(who, pair.right)
        if pair.state == "proposed":
            found = {"withdraw"} if ours else set()
            if pair.proposer != self.world.key(who) and (theirs or (left & right and ours)):
                found |= {"different", "unsure"}
                found |= {"confirm"} if pair.proposed_in in left and right else set()
            return found
        if pair.state == "same":
            return {"undo"} if ours | theirs else set()
        if pair.state == "different" and ours | theirs:
            still = pair.answered_in in left | right
            return {"reopen"} if pair.answered_in in ours | theirs or not still else set()
        return set()

    def answer(self, who: Who, pair: PairOf, event: str) -> bool:
        """Whether this can happen to the pair, and then it does."""
        if not self.world.meets_persons(who) or event not in self.may(who, pair):
            return False
        if event in ("confirm", "different", "unsure"):
            pair.answered_in = (sorted(self.sides(who, pair.right)) + sorted(self.sides(who, pair.left)))[0]
        pair.state = ANSWERS[event]
        return True

    def reads(self, who: Who, pair: PairOf) -> bool:
        return self.world.has_a_grant(who, pair.left) or self.world.has_a_grant(who, pair.right)

    def one_with(self, who: Who, person: UUID) -> set[UUID]:
        """The others that somebody sees as the same person: on through whom he holds, to the first whom he does not."""
        group, ends = {person}, [person]
        pairs = [pair for pair in self.known.values() if pair.state == "same" and self.reads(who, pair)]
        while ends:
            end = ends.pop()
            new = {p.right if p.left == end else p.left for p in pairs if end in (p.left, p.right)} - group
            group |= new
            ends += new
        return group - {person}
