"""Names for which a short form may stand, from the table beside this module. Pure."""

from functools import lru_cache

from palermo.linkage.names.data import table


@lru_cache(maxsize=1)
def _forms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for names in table("short_forms").values():
        for name, written in names.items():
            for form in (name, *written.split()):
                found.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}


def formal(part: str) -> frozenset[str]:
    """sasha -> {aleksandr, aleksandra}; empty for a part that is not in the table."""
    return _forms().get(part, frozenset())
