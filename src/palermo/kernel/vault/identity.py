"""What identifies a person, field by field, and what each field may hold. Pure but for the words of its errors."""

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import date

from django.utils.translation import gettext as _

from palermo.kernel.errors import FieldProblem, Invalid
from palermo.linkage import dates
from palermo.standards import countries

LONG = frozenset(("address", "notes_on_identity", "aliases"))
SHORT_LIMIT, LONG_LIMIT = 200, 4000
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Between two aliases: a line end, a semicolon, or the semicolon and comma of Arabic, Persian and Urdu. The Latin comma
# is left alone: "Doe, Jane" is one name.
_BETWEEN = re.compile("[\n;\u061b\u060c]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Identity:
    """Every field may be empty. `birth_date` is ISO and may be partial; `nationality` is ISO 3166-1 alpha-3; `aliases`
    stand on lines of their own or between semicolons, also Arabic ones."""

    family_name: str = ""
    given_names: str = ""
    aliases: str = ""
    birth_date: str = ""
    nationality: str = ""
    phone: str = ""
    document_number: str = ""
    address: str = ""
    notes_on_identity: str = ""

    def __repr__(self) -> str:
        """Names the filled fields only: an identity must not slip into a log or an error page."""
        return f"Identity({', '.join(self.filled())})"

    def filled(self) -> dict[str, str]:
        return {name: value for name in FIELDS if (value := getattr(self, name))}

    @property
    def names(self) -> tuple[str, ...]:
        """The full name first, then each alias."""
        full = f"{self.given_names} {self.family_name}".strip()
        if not self.aliases:
            return (full,) if full else ()
        return tuple(name.strip() for name in (full, *_BETWEEN.split(self.aliases)) if name.strip())

    @property
    def birth_year(self) -> int | None:
        return dates.birth_year(self.birth_date)


FIELDS = tuple(field.name for field in fields(Identity))


def checked(identity: Identity) -> Identity:
    """The identity without outer spaces, or Invalid with every problem. No message repeats a value."""
    cleaned = Identity(
        **{name: unicodedata.normalize("NFC", value.strip()) for name, value in identity.filled().items()}
    )
    problems = []
    for name, value in cleaned.filled().items():
        limit = LONG_LIMIT if name in LONG else SHORT_LIMIT
        if len(value) > limit:
            problems.append(
                FieldProblem(name, _("At most %(limit)d characters.") % {"limit": limit}, "length")
            )
        if (_CONTROL_BUT_LINES if name in LONG else _CONTROL).search(value):
            problems.append(
                FieldProblem(name, _("This holds characters that cannot be shown."), "characters")
            )
    if cleaned.birth_date and not _is_date(cleaned.birth_date):
        problems.append(FieldProblem("birth_date", _("Write 1998, 1998-05 or 1998-05-17."), "date"))
    if cleaned.nationality and cleaned.nationality not in countries():
        problems.append(FieldProblem("nationality", _("Choose a country."), "choice"))
    if problems:
        raise Invalid(
            _("The identity has mistakes. Nothing was saved."), problems=problems, rule="vault.identity"
        )
    return cleaned


def _is_date(text: str) -> bool:
    year = dates.birth_year(text)
    if year is None or not 1880 <= year <= 2200:
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True
