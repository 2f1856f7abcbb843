"""Notices of the kernel, as things that wait for the viewer on the home page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access import notices, proposal_words
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations import queries
from palermo.kernel.organisations.models import ProposalState
from palermo.web.deadlines import passed_on
from palermo.web.room import Due

SHOWN = 20
DECIDERS = ("supervisor", "coordinator", "administrator")


def due_for(viewer: Viewer) -> list[Due]:
    """What the viewer was told and has not marked as seen, and what waits for his agreement.

    An emergency access comes before everything else.
    """
    found = []
    for notice in notices.unseen(viewer)[:SHOWN]:
        urgent = notice.kind == "break_glass"
        url = reverse("account_notices")
        if urgent:
            url = reverse("account_emergency", args=[notice.object_id])
        elif notice.object_kind == "proposal":
            url = reverse("account_request", args=[notice.object_id])
        found.append(Due(title=notices.title_of(notice), url=url, level="overdue" if urgent else "soon"))
    return [*found, *_requests(viewer), *passed_on(viewer)]


def _requests(viewer: Viewer) -> list[Due]:
    if not viewer.has(*DECIDERS):
        return []
    found = []
    for proposal in queries.open_proposals(viewer)[:SHOWN]:
        url = reverse("account_request", args=[proposal.pk])
        if proposal.state == ProposalState.WAITING and queries.may_decide(viewer, proposal):
            title = _("Waits for your agreement: %s") % proposal_words.title(proposal)
            found.append(Due(title=title, url=url, due_at=proposal.expires_at))
        elif proposal.ready_at and proposal.ready_at <= timezone.now() and queries.may_take(proposal):
            title = _("A link is ready: %s") % proposal_words.title(proposal)
            found.append(Due(title=title, url=url, due_at=proposal.expires_at))
    return found
