"""Notices of the kernel, as things that wait for the viewer on the home page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access import notices, proposal_words
from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations import queries
from palermo.kernel.organisations.models import ProposalState
from palermo.web.deadlines import passed_on
from palermo.web.room import Due, codes_of

SHOWN = 20
READ = 100  # notices that are looked at for one home page
CODES = 3  # codes that a line of several notices names
DECIDERS = ("supervisor", "coordinator", "administrator")


def due_for(viewer: Viewer) -> list[Due]:
    """What the viewer was told and has not marked as seen, and what waits for his agreement.

    An emergency access comes before everything else; what has no date comes after what has one, a line for a kind.
    """
    found: list[Due] = []
    alike: dict[str, list[Notice]] = {}
    for notice in notices.unseen(viewer)[:READ]:
        if notice.kind == "break_glass":
            url = reverse("account_emergency", args=[notice.object_id])
            found.append(Due(title=notices.title_of(notice), url=url, level="overdue"))
        elif notice.object_kind == "proposal":
            url = reverse("account_request", args=[notice.object_id])
            found.append(Due(title=notices.title_of(notice), url=url, level="soon"))
        else:
            alike.setdefault(notice.kind, []).append(notice)
    told = [Due(title=_in_one(viewer, group), url=reverse("account_notices")) for group in alike.values()]
    return [*found, *told, *_requests(viewer), *passed_on(viewer)]


def _in_one(viewer: Viewer, group: list[Notice]) -> str:
    """The sentence of a kind of notice once, with the codes of what it is about or else how often it was said."""
    title, many = notices.title_of(group[0]), len(group)
    keys = [notice.object_id for notice in group if notice.object_id]
    known = codes_of(viewer, group[0].object_kind, keys) if keys else {}
    codes = list(dict.fromkeys(known[key] for key in keys if key in known))
    if codes:
        more = len(codes) - CODES
        listed = " · ".join(codes[:CODES]) + (f" · +{more}" if more > 0 else "")
        return _("%(title)s: %(codes)s") % {"title": title, "codes": listed}
    return _("%(title)s (%(n)s times)") % {"title": title, "n": many} if many > 1 else title


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
