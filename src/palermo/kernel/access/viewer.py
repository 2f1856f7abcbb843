"""Who is looking: a frozen description of the person, the operator or the public, made once per request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from palermo.kernel.access.models import User

PERSON, OPERATOR, ANONYMOUS = "person", "operator", "anonymous"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The one on whose behalf something is read or changed.

    kind: person (signed in), operator (the command line of this instance: its rights, less identities) or
    anonymous. roles: codes of live memberships. session_ref: pseudonym of the session, for the audit.
    stepped_up: the person has proved who he is within the last five minutes.
    """

    kind: str
    user_id: UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    organisation_ids: tuple[UUID, ...] = ()
    unit_ids: tuple[UUID, ...] = ()
    session_ref: str = ""
    stepped_up: bool = False

    @classmethod
    def anonymous(cls) -> "Viewer":
        return _ANONYMOUS

    @classmethod
    def operator(cls) -> "Viewer":
        return cls(kind=OPERATOR, session_ref="command-line")

    @property
    def is_person(self) -> bool:
        return self.kind == PERSON

    @property
    def organisation_id(self) -> UUID | None:
        """The organisation in whose name the person acts: that of the first live membership."""
        return self.organisation_ids[0] if self.organisation_ids else None

    def has(self, *roles: str) -> bool:
        """Whether the viewer holds one of `roles`."""
        return not self.roles.isdisjoint(roles)


_ANONYMOUS = Viewer(kind=ANONYMOUS)


def viewer_for(user: "User", *, session_ref: str = "", stepped_up: bool = False) -> Viewer:
    """The viewer that `user` is now: live memberships only."""
    from palermo.kernel.organisations.models import Membership

    rows = list(
        Membership.objects.filter(user_id=user.pk, ended_at=None)
        .order_by("created_at")
        .values_list("role", "organisation_id", "unit_id")
    )
    return viewer_of(user, rows, session_ref=session_ref, stepped_up=stepped_up)


def viewer_of(
    user: "User",
    rows: Sequence[tuple[str, UUID, UUID | None]],
    *,
    session_ref: str = "",
    stepped_up: bool = False,
) -> Viewer:
    """The viewer whose live memberships are `rows`: role, organisation and unit, the oldest first."""
    return Viewer(
        kind=PERSON,
        user_id=user.pk,
        roles=frozenset(role for role, _organisation, _unit in rows),
        organisation_ids=tuple(dict.fromkeys(organisation for _role, organisation, _unit in rows)),
        unit_ids=tuple(dict.fromkeys(unit for _role, _organisation, unit in rows if unit)),
        session_ref=session_ref,
        stepped_up=stepped_up,
    )
