"""How many searches one person may make in an hour. The search box is a way to try names one after another.

Counted in the audit, so that every process counts the same; refusals do not count.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.notices import tell_supervisors
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Refused

SEARCH = "vault.person.search"
ALARM = "vault.person.many_searches"
RULE = "vault.searches_per_hour"
WINDOW = timedelta(hours=1)


def count_search(actor: Viewer) -> None:
    """Refuse beyond the limit within an hour; tell the supervisors when it is reached.

    The search that reaches the limit still succeeds, so that the notice is committed with it and cannot be lost to
    the rollback of a refusal.
    """
    limit = settings.PALERMO_SEARCHES_PER_HOUR
    recent = Entry.objects.filter(actor=actor.user_id, at__gt=timezone.now() - WINDOW)
    made = recent.filter(action=SEARCH).count()
    if made >= limit:
        raise Refused(
            _(
                "You have searched very often within an hour, more often than this installation allows. Your "
                "supervisor was told, so that nobody tries out names with your account. Go on without a search, or "
                "try again in an hour."
            ),
            rule=RULE,
        )
    if made == limit - 1 and actor.organisation_id is not None and not recent.filter(action=ALARM).exists():
        tell_supervisors(actor.organisation_id, kind="many_searches", about=actor.user_id)
        record(
            actor=actor,
            action=ALARM,
            object_kind="user",
            object_id=actor.user_id,
            detail={"searches": limit},
            result="alarm",
        )
