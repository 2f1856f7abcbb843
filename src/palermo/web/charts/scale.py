"""Round axis steps and figures written as the reader's language writes them."""

import math

from django.utils.formats import number_format
from django.utils.translation import gettext as _


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
    whole = float(value).is_integer()
    return number_format(
        int(value) if whole else value, 0 if whole else 1, use_l10n=True, force_grouping=True
    )


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
