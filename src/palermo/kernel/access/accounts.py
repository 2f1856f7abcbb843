"""Accounts of colleagues: made and closed by administrators, who never learn a password; see also `recovery`."""

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Session, User
from palermo.kernel.access.policy import require
from palermo.kernel.access.sessions import end_stored, stored
from palermo.kernel.access.signing_out import end_all
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, NotFound, Refused


class _LinkToken(PasswordResetTokenGenerator):
    """A link that works once: its token is bound to the password it replaces and to whether the account is open."""

    key_salt = "palermo.kernel.access.password_link"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk}{user.password}{user.is_active}{timestamp}"


LINK = _LinkToken()


def users(viewer: Viewer, text: str = "") -> QuerySet[User]:
    """Colleagues whose user name or shown name holds `text`, with `role_count` live memberships; open ones first."""
    require(viewer, "access.user.list")
    found = User.objects.annotate(role_count=Count("memberships", filter=Q(memberships__ended_at=None)))
    if text.strip():
        found = found.filter(Q(username__icontains=text.strip()) | Q(display_name__icontains=text.strip()))
    return found.order_by("-is_active", "username")


def user(viewer: Viewer, user_id: UUID) -> User:
    """One colleague's account. Raises NotFound."""
    require(viewer, "access.user.list")
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def create_user(
    *, actor: Viewer, username: str, display_name: str = "", language: str = ""
) -> tuple[User, str]:
    """Make an account without a password. Returns it and the path of the link by which its owner sets one.

    The link is shown once to the administrator, who hands it over in person; it is never sent or stored.
    """
    require(actor, "access.user.create")
    name = username.strip().lower()
    if not name or any(sign.isspace() for sign in name):
        problem = FieldProblem("username", _("A user name without spaces is needed."), "access.username")
        raise Invalid(problem.message, problems=[problem])
    try:
        with transaction.atomic():
            made = User.objects.create_user(name, None, display_name=display_name.strip(), language=language)
    except IntegrityError as error:
        problem = FieldProblem("username", _("There is an account of this name."), "access.username.unique")
        raise Invalid(problem.message, problems=[problem]) from error
    record(actor=actor, action="access.user.create", object_kind="user", object_id=made.pk)
    return made, password_path(made)


def password_path(found: User) -> str:
    """The path, good for one day and one use, at which `found` sets a password."""
    return reverse("account_password_link", args=[found.pk, LINK.make_token(found)])


@transaction.atomic
def deactivate(*, actor: Viewer, user_id: UUID) -> None:
    """Close an account now: its sessions and contexts end on every worker before this returns."""
    require(actor, "access.user.deactivate")
    if user_id == actor.user_id:
        raise Refused(_("Another administrator has to close your own account."), rule="access.own_account")
    if not User.objects.filter(pk=user_id, is_active=True).update(is_active=False):
        raise NotFound()
    end_all(user_id)
    record(actor=actor, action="access.user.deactivate", object_kind="user", object_id=user_id)


def holder_of_link(user_id: UUID, token: str) -> User | None:
    """Whose link this is, while it works; None for every link that does not, whatever the reason."""
    found = User.objects.filter(pk=user_id, is_active=True).first()
    return found if found is not None and LINK.check_token(found, token) else None


@transaction.atomic
def set_first_password(*, user_id: UUID, token: str, password: str) -> User:
    """Set the password that a link allows, and end the link. Raises NotFound or Invalid."""
    found = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if found is None or not LINK.check_token(found, token):
        raise NotFound()
    try:
        validate_password(password, found)
    except ValidationError as error:
        problems = [FieldProblem("password", message, "access.password") for message in error.messages]
        raise Invalid(_("This password is too easy to guess."), problems=problems) from error
    found.set_password(password)
    # The link speaks for its holder, whoever else is signed in to this browser.
    with acting(Viewer.anonymous()):
        found.save(update_fields=["password"])
    end_all(user_id)
    return found


def sessions_of(viewer: Viewer) -> QuerySet[Session]:
    """The viewer's own live sessions, the one used last first."""
    from django.utils import timezone

    require(viewer, "access.session.end")
    assert viewer.user_id is not None
    return Session.objects.filter(user_id=viewer.user_id, expire_date__gt=timezone.now()).order_by(
        "-last_seen_at"
    )


@transaction.atomic
def end_other_sessions(*, actor: Viewer, keep: str) -> int:
    """Sign out everywhere but in the session whose key is `keep`. Returns how many sessions ended."""
    require(actor, "access.session.end")
    assert actor.user_id is not None
    # Written first: the end of all contexts is also the end of this transaction's own.
    record(actor=actor, action="access.session.end_others", object_kind="user", object_id=actor.user_id)
    return end_all(actor.user_id, but=keep)


@transaction.atomic
def end_one_session(*, actor: Viewer, hashed_key: str, keep: str) -> None:
    """End one other session of one's own. The contexts of all end; the living ones open again at once."""
    from palermo.kernel.access.context import close_all

    require(actor, "access.session.end")
    assert actor.user_id is not None
    own = Session.objects.filter(user_id=actor.user_id, session_key=hashed_key)
    if hashed_key == stored(keep) or not own.exists():
        raise NotFound()
    end_stored(hashed_key)
    record(actor=actor, action="access.session.end", object_kind="user", object_id=actor.user_id)
    close_all(actor.user_id)
