"""Writing credentials: only through functions of the database, each with a proof that the application asks.

The application's role may read accounts and second factors and write none of their columns that open anything
(sql_credentials.py). The proof is a MAC over the kind of change, whom it is for, the new value and the number of the
running transaction: what somebody sees of it fits nothing else and nothing later.
"""

import hashlib
from collections.abc import Sequence
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


def _ask(function: str, *parts: Any) -> Any:
    """Call `function` with `parts` and the proof that goes with them in this transaction."""
    return _ask_each(function, [parts])[0]


@transaction.atomic
def _ask_each(function: str, asked: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """Call `function` once for each in one statement, each with a proof of its own. Returns the answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (transaction_id,) = cursor.fetchone()
        calls, values = [], []
        for parts in asked:
            mac = proof(f"credential|{transaction_id}|{function}|{digest(*parts)}")
            calls.append(f"{function}({', '.join(['%s'] * (len(parts) + 1))})")
            values += [*parts, mac]
        cursor.execute(f"SELECT {', '.join(calls)}", values)
        answers: Sequence[Any] = cursor.fetchone()
        return answers


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


def add_accounts(accounts: Sequence[dict[str, Any]]) -> Sequence[Any]:
    """Write several new accounts at once, each of them as `add_account` takes it. Returns their times."""
    names = ("user_id", "username", "display_name", "email", "language", "is_active", "password")
    return _ask_each("access_account_add", [[account[name] for name in names] for account in accounts])


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
