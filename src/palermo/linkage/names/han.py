"""Chinese and Korean names: one letter, one syllable. The family name apart, the given name in one. Pure."""

from anyascii import anyascii

from palermo.linkage.names.data import words

# Family names of two letters.
_TWO = words("two_letters")


def latin(run: str) -> str:
    """Family name, then given name, small Latin letters (Mandarin for Chinese letters)."""
    family = 2 if run[:2] in _TWO and len(run) > 2 else 1
    groups = (run[:family], run[family:]) if len(run) <= family + 2 else tuple(run)
    return " ".join("".join(map(_syllable, group)) for group in groups if group)


def _syllable(letter: str) -> str:
    return anyascii(letter).lower()
