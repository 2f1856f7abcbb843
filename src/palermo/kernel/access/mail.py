"""Reminders by e-mail: who wishes them, and the one message that leaves the house.

The message says that something waits and where to sign in. No name, no case, no kind of case, no code: mail passes
many hands and lies on telephones.
"""

import uuid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.forms import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.kernel.access.models import MailWish, User
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid

NO_SERVER = "django.core.mail.backends.dummy.EmailBackend"


def is_on() -> bool:
    """Whether this instance sends mail at all: it has a server for it, and an address that a message can name."""
    return bool(settings.PALERMO_ORIGIN) and settings.EMAIL_BACKEND != NO_SERVER


def wish_of(viewer: Viewer) -> MailWish | None:
    """What the viewer himself has asked for."""
    if not viewer.is_person:
        return None
    return MailWish.objects.filter(pk=viewer.user_id).first()


@transaction.atomic
def ask_for_mail(*, actor: Viewer, address: str) -> MailWish:
    """Reminders of the actor also go to `address`, until he stops them. Raises Invalid."""
    require(actor, "access.mail.ask")
    address = address.strip()
    try:
        if len(address) > 254:
            raise ValidationError("")
        validate_email(address)
    except ValidationError:
        message = _("Write an e-mail address, like name@example.org.")
        raise Invalid(
            _("Nothing was saved."), problems=[FieldProblem("address", message, "access.mail.address")]
        ) from None
    if not is_on():
        message = _("This installation sends no mail. Your administrator can set it up.")
        raise Invalid(message, problems=[FieldProblem("address", message, "access.mail.off")])
    made, _new = MailWish.objects.update_or_create(pk=actor.user_id, defaults={"address": address})
    record(actor=actor, action="access.mail.ask", object_kind="user", object_id=actor.user_id)
    return made


@transaction.atomic
def stop_mail(*, actor: Viewer) -> None:
    """No mail from now on; the address is forgotten."""
    require(actor, "access.mail.ask")
    MailWish.objects.filter(pk=actor.user_id).delete()
    record(actor=actor, action="access.mail.stop", object_kind="user", object_id=actor.user_id)


def send_reminder(system: Viewer, effect: Any) -> None:
    """Outbox handler: one message to one person (`effect.object_id`), in his language.

    Nothing is sent to an account that was closed meanwhile, or that has stopped the mail. A crash between sending
    and the commit sends it a second time: better twice than never.
    """
    from palermo.kernel.workflow.queries import notification

    wish = MailWish.objects.filter(pk=effect.object_id).first()
    user = User.objects.filter(pk=effect.object_id, is_active=True).first()
    if wish is None or user is None or not is_on():
        return
    with override(user.language or settings.LANGUAGE_CODE):
        body = "\n\n".join(
            (
                notification(effect.ids.get("level", "")),
                f"{settings.PALERMO_ORIGIN.rstrip('/')}{settings.LOGIN_REDIRECT_URL}",
                _("You asked for these messages. They stop on the page “Sign-in and security”."),
            )
        )
        message = EmailMessage(
            subject=_("Something waits for you"),
            body=body,
            to=[wish.address],
            headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<{uuid.uuid4()}@palermo.invalid>"},
        )
    message.send()
