"""What `palermo doctor` looks at: keys that end, partners whose keys have ended, letters of which nobody knows."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.exchange import Fate, Refusal
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.database.doctor.check import Check, verdict
from palermo.kernel.exchange.keeping import own_card, pinned, seconds
from palermo.kernel.exchange.models import Dispatch, Partner, PartnerState

WARN_DAYS = 14
UNSURE_DAYS = 7


def checks() -> Iterator[Check]:
    """Nothing to say where this instance has no card: it exchanges nothing."""
    with acting(Viewer.operator()):
        faults = [*_keys(), *_partners(), *_letters()]
    yield verdict(
        "exchange.letters", faults, _("Keys and letters of the exchange are in order."),
        _(
            "Fresh keys: `palermo exchange card --new-keys`. A partner whose keys have ended makes fresh ones and "
            "sends its card; letters that nobody knows of are asked after by telephone."
        ),
    )  # fmt: skip


def _keys() -> Iterator[str]:
    card = own_card()
    if card is None:
        return
    last = max((one.until for one in card.keys if one.key.use != "sign"), default=0)
    if last < seconds(timezone.now() + timedelta(days=WARN_DAYS)):
        yield _("the sealing keys of this instance end within %(days)d days") % {"days": WARN_DAYS}


def _partners() -> Iterator[str]:
    now = seconds(timezone.now())
    for one in Partner.objects.filter(state=PartnerState.ACTIVE):
        known = pinned(one)
        try:
            known.card.sealing(now, least=known.least)
        except Refusal:
            yield _("no key of the partner %(id)s is valid today") % {"id": one.pk}


def _letters() -> Iterator[str]:
    long_ago = timezone.now() - timedelta(days=UNSURE_DAYS)
    lost = Dispatch.objects.exclude(kind="receipt").filter(fate=Fate.UNSURE, expires__lt=long_ago).count()
    if lost:
        yield _("letters of which nobody knows for a week whether they arrived: %(n)d") % {"n": lost}
