"""Whether two parts of names may be one name, by sound or as a short form. Pure."""

from functools import lru_cache

from palermo.linkage.names.forms import formal
from palermo.linkage.names.sounding import sounds


@lru_cache(maxsize=1 << 16)
def echoes(part: str) -> frozenset[str]:
    """The sounds of the part and of every name for which it may stand; itself where it has no sound."""
    return frozenset(voices(part) or (part,))


def voices(part: str) -> tuple[str, ...]:
    """The sounds of the part, then those of every name for which it may stand, each once."""
    names = (part, *sorted(formal(part)))
    return tuple(dict.fromkeys(code for name in names for code in sounds(name)))


def alike(one: str, other: str) -> bool:
    """Whether two parts may be spellings or forms of one name. Broad: it finds candidates, it proves nothing."""
    return one == other or not echoes(one).isdisjoint(echoes(other))
