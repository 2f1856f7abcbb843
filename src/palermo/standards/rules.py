"""Rules and indicator metadata that are published as prose: the ILO combination rule, SDG 16.2.2."""

from functools import cache
from types import MappingProxyType
from typing import Any

from palermo.standards.read import toml

RULES = ("ilo-2009-rule", "sdg-16-2-2")


@cache
def rule(name: str) -> MappingProxyType[str, Any]:
    """The rule of that name (read only at the top level); raises LookupError."""
    if name not in RULES:
        raise LookupError(f"no rule “{name}”")
    return MappingProxyType(toml("data", f"{name}.toml"))
