"""Names for which a short form may stand, from the table beside this module. Pure."""

import re
from functools import lru_cache

from palermo.linkage.names.data import table

# Spellings that mean nothing: one entry of the table serves all of them.
_LETTERS = (("y", "i"), ("j", "i"), ("w", "v"), ("kh", "h"), ("ph", "f"), ("x", "ks"), ("q", "k"))
_TIGHT = tuple(
    (re.compile(pattern), out)
    for pattern, out in (
        ("ck|c(?!h)", "k"),
        ("ou|oo", "u"),
        ("ee|ei|ai|ie|ii", "i"),
        (r"(.)\1+", r"\1"),
        ("(?<=..)h$", ""),
    )
)


@lru_cache(maxsize=1)
def _forms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for names in table("short_forms").values():
        for name, written in names.items():
            for form in (name, *written.split()):
                found.setdefault(_tight(form), set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}


@lru_cache(maxsize=1 << 18)
def formal(part: str) -> frozenset[str]:
    """sasha -> {aleksandr, aleksandra, ...}; empty for a part that is not in the table."""
    return _forms().get(_tight(part), frozenset())


def _tight(part: str) -> str:
    for written, out in _LETTERS:
        part = part.replace(written, out)
    for pattern, out in _TIGHT:
        part = pattern.sub(out, part)
    return part
