"""Names that are marked for redaction go out of the whole record before anything is kept of it."""

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any

from palermo.judgments.record import Case

WITHHELD = "[…]"


def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Any of the names, whatever the case, the blanks and the marks between the parts; the longest first."""
    parts = []
    for name in sorted({unicodedata.normalize("NFC", name).strip() for name in names}, key=len, reverse=True):
        pieces = [re.escape(piece) for piece in re.split(r"[\s\-_.,;+%]+", name) if piece]
        if pieces:
            parts.append(r"[\s\-_.,;+%\d]{0,4}".join(pieces))
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def redacted(case: Case) -> Case:
    """The case without the names that it marks, in every text it holds; the marks themselves are not kept."""
    pattern = _pattern(case.redact)
    bare = replace(case, redact=())
    if pattern is None:
        return bare
    found: Case = _without(bare, pattern)
    return found


def without(text: str, names: tuple[str, ...]) -> str:
    """A text outside the record without these names."""
    pattern = _pattern(names)
    return str(_without(text, pattern)) if pattern else text


def cleaned(value: Any, names: tuple[str, ...]) -> Any:
    """What JSON holds, without these names in any of its texts."""
    pattern = _pattern(names)
    return _without(value, pattern) if pattern else value


def occurrences(value: Any, names: tuple[str, ...]) -> int:
    """In how many places of a record or a text the names stand; what is withheld already is no place."""
    pattern = _pattern(names)
    return _places(value, pattern) if pattern else 0


def _places(value: Any, pattern: re.Pattern[str]) -> int:
    if isinstance(value, str):
        return len(pattern.findall(unicodedata.normalize("NFC", value)))
    if isinstance(value, (tuple, list)):
        return sum(_places(one, pattern) for one in value)
    if isinstance(value, dict):
        return sum(_places(one, pattern) for one in value.values())
    if is_dataclass(value) and not isinstance(value, type):
        return sum(_places(getattr(value, one.name), pattern) for one in fields(value))
    return 0


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        normal = unicodedata.normalize("NFC", value)
        return pattern.sub(WITHHELD, normal) if pattern.search(normal) else value
    if isinstance(value, (tuple, list)):
        return type(value)(_without(one, pattern) for one in value)
    if isinstance(value, dict):
        return {key: _without(one, pattern) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: _without(getattr(value, one.name), pattern) for one in fields(value)}
        )
    return value
