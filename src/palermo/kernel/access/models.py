"""Users, sessions, the database context of a request, and grants."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models, router, transaction
from django.utils.translation import gettext_lazy as _

from palermo.kernel.access import credentials
from palermo.kernel.access.fields import SealedPassword, open_password

# What the application's role may write of an account by itself; everything else opens something or names somebody.
OPEN_FIELDS = frozenset({"language", "theme", "last_login"})
GUARDED_FIELDS = ("username", "display_name", "email", "is_active", "password")


class Accounts(models.QuerySet["User"]):
    """Changes what guards an account through the database's functions (`credentials.py`), row by row."""

    def update(self, **values: Any) -> int:
        if self.db == "owner" or set(values) <= OPEN_FIELDS:
            return super().update(**values)
        with transaction.atomic():
            found = list(self.select_for_update().values_list("pk", flat=True))
            return sum(credentials.set_account(pk, **values) for pk in found)


class UserRows(BaseUserManager["User"]):
    """Creates users; a user without a usable password signs in with a passkey."""

    def get_queryset(self) -> Accounts:
        return Accounts(self.model, using=self._db)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff who can sign in. Holds no right by itself: roles are memberships, access is grants."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    password = SealedPassword(_("password"), max_length=255)
    username = models.CharField(_("user name"), max_length=150, unique=True)
    display_name = models.CharField(_("name shown to colleagues"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=5, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserRows] = UserRows()

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> Self:
        """Open the sealed hash; one that was not sealed for this user is an unusable password."""
        found = super().from_db(db, field_names, values, **options)
        if "password" in found.__dict__:
            found.password = open_password(found.password, found.pk)
        return found

    def save(self, *args: Any, **options: Any) -> None:
        """Write the account; what guards it goes through the database's functions (`credentials.py`)."""
        alias = options.get("using") or router.db_for_write(User, instance=self)
        wanted = options.get("update_fields")
        if alias == "owner" or (wanted is not None and set(wanted) <= OPEN_FIELDS):
            super().save(*args, **options)
        elif self._state.adding:
            self._add(alias)
        else:
            names = GUARDED_FIELDS if wanted is None else [name for name in GUARDED_FIELDS if name in wanted]
            if not credentials.set_account(self.pk, **{name: self._written(name) for name in names}):
                raise User.DoesNotExist
            open_names = OPEN_FIELDS if wanted is None else OPEN_FIELDS & set(wanted)
            if open_names:
                super().save(using=alias, update_fields=open_names)
        self._password = None

    def _written(self, name: str) -> Any:
        field = self._meta.get_field(name)
        assert isinstance(field, models.Field)
        return field.pre_save(self, False)

    @classmethod
    def add_all(cls, users: Sequence["User"]) -> None:
        """Write several new accounts in one statement."""
        made = credentials.add_accounts([{"user_id": user.pk, **user._guarded()} for user in users])
        alias = router.db_for_write(User)
        for user, created_at in zip(users, made, strict=True):
            user.created_at = created_at
            user._state.adding, user._state.db = False, alias

    def _guarded(self) -> dict[str, Any]:
        return {name: self._written(name) for name in (*GUARDED_FIELDS, "language")}

    def _add(self, alias: str) -> None:
        self.created_at = credentials.add_account(user_id=self.pk, **self._guarded())
        self._state.adding, self._state.db = False, alias


class Session(AbstractBaseSession):
    """A signed-in browser. `session_key` is the SHA-256 of the cookie, so a stolen dump holds no live session."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(auto_now=True)
    device = models.CharField(max_length=120, blank=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        from palermo.kernel.access.sessions import SessionStore

        return SessionStore


class Context(models.Model):
    """The database's own idea of a session. Only its SECURITY DEFINER functions can read or write it."""

    token_sha256 = models.BinaryField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=10)
    user = models.ForeignKey(User, models.CASCADE, null=True)
    session_ref = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user"]), models.Index(fields=["expires_at"])]


class Secret(models.Model):
    """The key that proves to the database that the application, not an injected statement, opens a context."""

    name = models.CharField(primary_key=True, max_length=40)
    inner_pad = models.BinaryField(max_length=64)
    outer_pad = models.BinaryField(max_length=64)


class MailWish(models.Model):
    """That somebody wants reminders by e-mail too, and where. His own to write; no message holds a fact."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    address = models.EmailField(_("e-mail"), max_length=254)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.user_id)


class Grantee(models.TextChoices):
    """Whom a grant is for."""

    PERSON = "person", _("Person")
    UNIT = "unit", _("Team")
    ORGANISATION = "organisation", _("Organisation")


class Grant(models.Model):
    """A right on one object, for one person or team, for some scopes, a purpose and a time.

    roles: where the grantee is a house or a team, only those who hold one of these roles in it; empty is everybody.
    house_id: where the grantee is a person, the house in which he holds it; it ends with his last working role there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    grantee_kind = models.CharField(max_length=12, choices=Grantee)
    grantee_id = models.UUIDField()
    house_id = models.UUIDField(null=True, blank=True)
    roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    scopes = ArrayField(models.CharField(max_length=20))
    purpose = models.CharField(max_length=200)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    break_glass = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["object_id", "grantee_id"], name="grant_by_object"),
            models.Index(fields=["grantee_id", "object_kind", "object_id"], name="grant_by_grantee"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(break_glass=False) | models.Q(valid_until__isnull=False),
                name="break_glass_always_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(roles=[]) | ~models.Q(grantee_kind="person"),
                name="roles_are_named_of_a_house_or_a_team",
            ),
            models.CheckConstraint(
                condition=models.Q(house_id=None) | models.Q(grantee_kind="person"),
                name="a_house_is_named_of_what_a_person_holds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.object_id} -> {self.grantee_kind} {self.grantee_id}"


class Counter(models.Model):
    """A count or mark of sign-in limits, shared by all workers. Keys are hashed by allauth; no identity."""

    key = models.CharField(primary_key=True, max_length=250)
    value = models.TextField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="counter_by_end")]


class DemoAccount(models.Model):
    """An account of the demonstration country, whose sign-in page shows its own code. Written by the owner alone."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)


class Notice(models.Model):
    """Something a person, or those with a role in an organisation, must know. Says what kind and where, never who."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=30, blank=True, default="")
    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, null=True, related_name="+"
    )
    about = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["organisation", "role", "-created_at"], name="notice_by_role"),
            models.Index(fields=["user", "-created_at"], name="notice_by_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | ~models.Q(role=""), name="notices_have_a_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"


class NoticeSeen(models.Model):
    """That one reader has seen a notice. It says nothing about any other reader of the same notice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="seen")
    reader = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "reader"], name="a_reader_sees_a_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.reader_id}"
