"""One question about an installation, answered in a sentence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

Query = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Check:
    """`code` is stable; `message` says what was found; `what_to_do` is empty when all is well."""

    code: str
    ok: bool
    message: str
    what_to_do: str = ""


def verdict(code: str, faults: Sequence[str], good: str, what_to_do: str) -> Check:
    """A check that is well when there are no faults, and otherwise names each of them."""
    if not faults:
        return Check(code, True, good)
    return Check(code, False, "; ".join(faults), what_to_do)


def guarded(code: str, examine: Callable[[], Iterable[Check]]) -> list[Check]:
    """The checks of one part; a part that cannot be examined is itself a finding, and hides no other part."""
    try:
        return list(examine())
    except Exception as error:
        found = _("This could not be examined (%(kind)s).") % {"kind": type(error).__name__}
        return [
            Check(
                code,
                False,
                found,
                _("See that the database runs and its migrations are done; then ask again."),
            )
        ]
