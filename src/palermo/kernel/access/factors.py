"""Second factors of allauth, kept our way: sealed for their owner, written only through the database's functions.

allauth saves and deletes its `Authenticator` rows itself, in many places. So the model is taught once, when palermo
starts: content is sealed for user and kind when it is written and opened when it is read, and writes of the
application's role go through `credentials.py`. A path of allauth's that we did not think of is refused by the
database, since the role may write none of these columns.
"""

import json
from typing import Any

from allauth.mfa.models import Authenticator, AuthenticatorManager
from django.db import models, router
from django.utils.translation import gettext as _

from palermo.kernel.access import credentials
from palermo.kernel.access.sealing import Unsealable, open_credential, seal_credential
from palermo.kernel.errors import Refused

OWNER = "owner"
# What is no credential: when a factor was used last.
OPEN_FIELDS = frozenset({"last_used_at"})


def sealed_content(factor: Authenticator) -> str:
    """The content of a factor as it may touch the database."""
    return seal_credential(json.dumps(factor.data), kind=factor.type, user_id=factor.user_id)


def _open(factor: Authenticator) -> None:
    held = factor.__dict__.get("data")
    if held is None:
        return
    try:
        factor.data = json.loads(open_credential(held["sealed"], kind=factor.type, user_id=factor.user_id))
    except (Unsealable, KeyError, TypeError) as error:
        raise Refused(
            _(
                "This second factor is not what its owner enrolled. Ask an administrator to reset the sign-in."
            ),
            rule="access.factor.foreign",
        ) from error


def _from_db(cls: type[Authenticator], *given: Any, **options: Any) -> Authenticator:
    factor: Authenticator = models.Model.from_db.__func__(cls, *given, **options)  # type: ignore[attr-defined]
    _open(factor)
    return factor


def _save(factor: Authenticator, *args: Any, **options: Any) -> None:
    alias = options.get("using") or router.db_for_write(Authenticator, instance=factor)
    wanted = options.get("update_fields")
    if alias == OWNER or (wanted is not None and set(wanted) <= OPEN_FIELDS):
        models.Model.save(factor, *args, **options)
        return
    made = credentials.put_factor(
        factor.pk, user_id=factor.user_id, kind=factor.type, sealed=sealed_content(factor)
    )
    if made is None:
        raise Authenticator.DoesNotExist
    factor.pk = made
    factor._state.adding, factor._state.db = False, alias


def _delete(factor: Authenticator, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
    if (options.get("using") or factor._state.db) == OWNER:
        return models.Model.delete(factor, *args, **options)
    gone = credentials.remove_factors(factor.user_id, factor.pk)
    return gone, {Authenticator._meta.label: gone}


class Factors(models.QuerySet[Authenticator]):
    """Deletes row by row through the database's function, unless the owner asks."""

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.db == OWNER:
            return super().delete()
        gone = sum(credentials.remove_factors(user, pk) for user, pk in self.values_list("user_id", "pk"))
        return gone, {Authenticator._meta.label: gone}


def teach() -> None:
    """Replace how allauth's model reads and writes; once, when the applications are ready."""
    content = Authenticator._meta.get_field("data")
    content.pre_save = lambda factor, add: {"sealed": sealed_content(factor)}
    Authenticator.from_db = classmethod(_from_db)
    Authenticator.save = _save
    Authenticator.delete = _delete
    AuthenticatorManager._queryset_class = Factors
