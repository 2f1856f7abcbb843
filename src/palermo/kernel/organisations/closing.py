"""When an organisation closes, what it has begun with others ends. The kernel knows no room: who must know, says so."""

from collections.abc import Callable
from uuid import UUID

from palermo.kernel.access.viewer import Viewer

_hearers: list[Callable[..., None]] = []


def when_closed(function: Callable[..., None]) -> Callable[..., None]:
    """Let `function(actor=, organisation_id=)` be called in the transaction in which an organisation is closed."""
    if function not in _hearers:
        _hearers.append(function)
    return function


def tell_closed(*, actor: Viewer, organisation_id: UUID) -> None:
    """Everybody who must know hears it now; if one of them refuses, the organisation is not closed."""
    for hear in _hearers:
        hear(actor=actor, organisation_id=organisation_id)
