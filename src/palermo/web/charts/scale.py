"""Round axis steps and figures written as the reader's language writes them."""

import math

from django.utils import numberformat
from django.utils.formats import get_format
from django.utils.translation import gettext as _

# Where Django's locale groups no digits (Arabic), a space does: it belongs to no national habit, and to SI.
NARROW_SPACE = "\u202f"


def nice_ticks(highest: float, *, about: int = 5) -> list[float]:
    """Round values from 0 to at or above `highest`, in steps of 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    # Counts of whole persons have no half persons between them.
    step = max(step, 1.0) if float(highest).is_integer() else step
    count = math.ceil(round(highest / step, 9))
    return [round(i * step, 10) for i in range(count + 1)]


def figure(value: float | None) -> str:
    """A number in the reader's language, whole or with one decimal; a suppressed value as a word."""
    if value is None:
        return _("withheld")
    places = 0 if float(value).is_integer() else 1
    separator = get_format("THOUSAND_SEPARATOR") if get_format("NUMBER_GROUPING") else NARROW_SPACE
    return numberformat.format(
        round(value, places) if places else int(value),
        get_format("DECIMAL_SEPARATOR"),
        decimal_pos=places,
        grouping=3,
        thousand_sep=separator,
        force_grouping=True,
    )


def isolated(text: str, rtl: bool) -> str:
    """Ranges and signs ("18-25", "41+") keep their order inside a line that runs right to left."""
    return f"\u2066{text}\u2069" if rtl and not any(letter.isalpha() for letter in text) else text


def wrap(text: str, width: int, lines: int = 2) -> list[str]:
    """`text` in at most `lines` lines of about `width` letters, the last one cut with an ellipsis."""
    found: list[str] = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if len(longer) <= width or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    if len(found) > lines:
        found = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    return [line if len(line) <= width + 2 else line[: width - 1].rstrip() + "…" for line in found]
