"""A code that nobody has. Rows of others cannot be seen, so the unique index of the table is asked, not a query."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

from palermo.kernel.vault.codes import new_code

Made = TypeVar("Made")
TRIES = 10


def save_with_code(prefix: str, save: Callable[[str], Made]) -> Made:
    """Call `save` with fresh codes ("S-7K3Q-M294" for the prefix S) until one is free.

    There are 148 million codes: with 100,000 rows one save in 1,500 needs a second try.
    """
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return save(prefix + new_code()[1:])
        except IntegrityError as error:
            diagnosis = getattr(error.__cause__, "diag", None)
            taken = str(getattr(diagnosis, "constraint_name", "")).endswith("_code_key")
            if not taken or attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")
