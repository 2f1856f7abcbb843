"""Writing credentials: only through functions of the database, each with a proof that the application asks.

The application's role may read accounts and second factors and write none of their columns that open anything
(sql_credentials.py). The proof is a MAC over the kind of change, whom it is for, the new value and the number of the
running transaction: what somebody sees of it fits nothing else and nothing later.
"""

import hashlib
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from palermo.kernel.access.context import proof


def digest(*parts: object) -> str:
    """The parts, each hashed so that no part can run into the next; what is not given is a dash."""
    texts = ("-" if part is None else hashlib.sha256(_text(part).encode()).hexdigest() for part in parts)
    return "|".join(texts)


def _text(part: object) -> str:
    return str(part).lower() if isinstance(part, bool) else str(part)


@transaction.atomic
def _ask(function: str, *parts: Any) -> Any:
    """Call `function` with `parts` and the proof that goes with them in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (transaction_id,) = cursor.fetchone()
        mac = proof(f"credential|{transaction_id}|{function}|{digest(*parts)}")
        places = ", ".join(["%s"] * (len(parts) + 1))
        cursor.execute(f"SELECT {function}({places})", [*parts, mac])
        return cursor.fetchone()[0]


def add_account(
    *,
    user_id: UUID,
    username: str,
    display_name: str,
    email: str,
    language: str,
    is_active: bool,
    password: str,
) -> Any:
    """Write a new account. `password` is sealed. Returns the time at which the database made it."""
    parts = (user_id, username, display_name, email, language, is_active, password)
    return _ask("access_account_add", *parts)


def set_account(
    user_id: UUID,
    *,
    username: str | None = None,
    display_name: str | None = None,
    email: str | None = None,
    is_active: bool | None = None,
    password: str | None = None,
) -> bool:
    """Change what is given of an account. `password` is sealed. Says whether there is such an account."""
    return bool(_ask("access_account_set", user_id, username, display_name, email, is_active, password))


def put_factor(factor_id: int | None, *, user_id: UUID, kind: str, sealed: str) -> int | None:
    """Write a second factor: a new one, or the new content of one that this user has. Returns its id, or None."""
    found: int | None = _ask("access_factor_put", factor_id, user_id, kind, sealed)
    return found


def remove_factors(user_id: UUID, factor_id: int | None = None) -> int:
    """Take away one second factor of a user, or all. Returns how many."""
    return int(_ask("access_factor_remove", user_id, factor_id))
