"""What everybody may see, worked out in plain Python from what was done. It knows no SQL and nothing of palermo."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from palermo.kernel.vault.tests.pair_oracle import MEETS, Pairs

FOREVER = 10**9
ALL = frozenset(("case", "identity", "notes"))
WORKERS = frozenset(("first_responder", "case_manager", "supervisor", "child_protection"))
PERSON = frozenset(("case", "identity"))


@dataclass
class Given:
    """One grant; times in minutes since the beginning. roles: of a house or team only who holds one of them there.

    house: in which a person holds it.
    """

    object_id: UUID
    grantee: UUID
    scopes: frozenset[str]
    roles: frozenset[str] = frozenset()
    start: int = 0
    until: int = FOREVER
    emergency: bool = False
    revoked: bool = False
    house: UUID | None = None

    def ahead(self, now: int) -> bool:
        """Live, or still to begin."""
        return not self.revoked and now < self.until

    def live(self, now: int) -> bool:
        return not self.revoked and self.start <= now < self.until


@dataclass
class Somebody:
    """A person: places are (house or team, role) of live memberships."""

    id: UUID
    house: UUID | None
    units: tuple[UUID, ...] = ()
    roles: frozenset[str] = frozenset()
    places: frozenset[tuple[UUID, str]] = frozenset()
    open: bool = True

    def role_ends(self) -> None:
        self.house, self.units, self.roles, self.places = None, (), frozenset(), frozenset()


@dataclass
class Record:
    """A case and the person whom it is about. registrar: the house that wrote the person down."""

    case: UUID
    person: UUID
    house: UUID
    worker: UUID | None
    registrar: UUID | None = None


@dataclass
class Oracle:
    now: int = 0
    people: dict[str, Somebody] = field(default_factory=dict)
    grants: list[Given] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    past: list[Given] = field(default_factory=list)  # what was held of a case until it changed its house
    teams: dict[UUID, UUID] = field(default_factory=dict)  # team -> house

    def __post_init__(self) -> None:
        self.pairs: Pairs[Somebody] = Pairs(self)

    def reaches(self, who: Somebody, grant: Given) -> bool:
        if grant.grantee == who.id:
            return True
        return any(
            place == grant.grantee and (not grant.roles or role in grant.roles) for place, role in who.places
        )

    def held_by(self, who: Somebody) -> list[Given]:
        if not who.open:
            return []
        return [g for g in self.grants if g.live(self.now) and self.reaches(who, g)]

    def sees(self, who: Somebody) -> set[tuple[UUID, str]]:
        return {(g.object_id, scope) for g in self.held_by(who) for scope in g.scopes}

    def objects(self, who: Somebody, scope: str) -> set[UUID]:
        return {thing for thing, held in self.sees(who) if held == scope}

    def holds_until(self, who: Somebody, object_id: UUID, scope: str) -> int:
        """Until when a scope is held by more than an emergency; -1 when it is not."""
        ends = [
            g.until
            for g in self.held_by(who)
            if g.object_id == object_id and scope in g.scopes and not g.emergency
        ]
        return max(ends, default=-1)

    def own_period(self, who: Somebody, scope: str) -> set[UUID]:
        """Cases of which somebody with a role of case work may still read what was written while he held them."""
        if not who.open or not who.roles & WORKERS:
            return set()
        return {g.object_id for g in self.past if scope in g.scopes and self.reaches(who, g)}

    def supervisors(self, house: UUID) -> list[UUID]:
        return [p.id for p in self.people.values() if "supervisor" in p.roles and p.house == house]

    # ------------------------------------------------------------------------------------ what people do

    def give(self, object_id: UUID, grantees: Iterable[UUID], scopes: frozenset[str], **more: int) -> None:
        self.grants += [
            Given(object_id, grantee, scopes, house=self.house_of(grantee), **more)
            for grantee in dict.fromkeys(grantees)
        ]

    def house_of(self, grantee: UUID) -> UUID | None:
        """Where a person holds what he is given now; nothing for a house or a team."""
        return next((p.house for p in self.people.values() if p.id == grantee), None)

    def leaves(self, who: Somebody) -> None:
        """What he holds in person ends; what nobody else of the house would hold goes to its supervisors."""
        house = who.house
        if house is not None:
            gone = [
                g
                for g in self.grants
                if g.grantee == who.id and g.ahead(self.now) and g.house in (house, None)
            ]
            for g in gone:
                g.revoked = True
            for thing in dict.fromkeys(g.object_id for g in gone if not g.emergency):
                if not self.held_in(house, thing, but=who):
                    left = [g for g in gone if g.object_id == thing and not g.emergency]
                    scopes = frozenset().union(*(g.scopes for g in left))
                    until = max(g.until for g in left)
                    self.grants.append(
                        Given(thing, house, scopes, frozenset(("supervisor",)), self.now, until)
                    )
        who.role_ends()

    def held_in(self, house: UUID, thing: UUID, *, but: Somebody) -> bool:
        teams = {unit for p in self.people.values() if p is not but and p.house == house for unit in p.units}
        return any(
            g.house == house
            or (g.grantee == house and (not g.roles or "supervisor" in g.roles))
            or g.grantee in teams
            for g in self.grants
            if g.object_id == thing and not g.emergency and g.ahead(self.now)
        )

    def team(self, who: Somebody) -> list[UUID]:
        """Who works on a thing from its first moment: its maker, his team, the supervisors of his house."""
        assert who.house is not None
        return [who.id, *who.units[:1], *self.supervisors(who.house)]

    def opens(self, who: Somebody, case: UUID, person: UUID) -> None:
        assert who.house is not None
        self.records.append(Record(case, person, who.house, who.id, who.house))
        self.give(case, self.team(who), ALL)
        self.give(person, self.team(who), PERSON)

    def hands_over(self, who: Somebody, record: Record, to: Somebody) -> None:
        """Inside the house: the new worker gets what the giver holds; what the old one held in his own name ends."""
        mine = self.sees(who)
        self.give(record.case, [to.id], frozenset(s for s in ALL if (record.case, s) in mine))
        if person := frozenset(s for s in PERSON if (record.person, s) in mine):
            self.give(record.person, [to.id], person)
        before, record.worker = record.worker, to.id
        if before is not None and before not in self.supervisors(record.house):
            for g in self.grants:
                if g.object_id in (record.case, record.person) and g.grantee == before and not g.emergency:
                    g.revoked = True

    def changes_house(self, record: Record, to: Somebody) -> None:
        """To another house: whoever held the case holds nothing of it any more, in an emergency or not."""
        assert to.house is not None
        ends = [
            g
            for g in self.grants
            if g.object_id == record.case and not g.revoked and not g.emergency and self.now < g.until
        ]
        self.past += [Given(g.object_id, g.grantee, g.scopes, g.roles) for g in ends]
        past = {g.grantee for g in ends}
        for g in self.grants:
            if g.object_id == record.case or (g.object_id == record.person and g.grantee in past):
                g.revoked = True
        record.house, record.worker = to.house, to.id
        new = [to.id, *to.units, *self.supervisors(to.house)]
        self.give(record.case, new, ALL)
        self.give(record.person, new, PERSON)

    # ------------------------------------------------------------- what pairs of persons ask (pair_oracle.World)

    def key(self, who: Somebody) -> UUID:
        return who.id

    def meets_persons(self, who: Somebody) -> bool:
        return who.open and bool(who.roles & MEETS)

    def looks_at(self, who: Somebody, person: UUID) -> bool:
        return (person, "case") in self.sees(who)

    def holds(self, who: Somebody, person: UUID) -> bool:
        return self.holds_until(who, person, "case") >= 0

    def has_a_grant(self, who: Somebody, person: UUID) -> bool:
        return any(g.object_id == person for g in self.held_by(who))

    def answer_for(self, person: UUID) -> set[UUID]:
        people = {p.id for p in self.people.values()}
        held = {
            g.house or self.teams.get(g.grantee, g.grantee)
            for g in self.grants
            if g.object_id == person and g.live(self.now) and not g.emergency
            if g.house or g.grantee not in people
        }
        registrar = next((r.registrar for r in self.records if r.person == person), None)
        return {registrar} if registrar in held else held

    def working_in(self, who: Somebody) -> set[UUID]:
        return {place for place, role in who.places if role in MEETS}
