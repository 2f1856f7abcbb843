"""Code lists, countries, mappings, country packs, workflows and record formats: data and their loader.

Only the standard library is used here, so that every other part of palermo (and any script) can read the
standards. Nothing is read before it is asked for, everything read is kept and frozen.
"""

from palermo.standards.codes import (
    Code,
    CodeList,
    Scheme,
    UnknownCode,
    UnknownScheme,
    code,
    codelist,
    lists,
    schemes,
)
from palermo.standards.countries import Country, Region, countries, country, find_country, region, regions
from palermo.standards.mappings import Mapping, mapping
from palermo.standards.rules import rule

__all__ = [
    "Code",
    "CodeList",
    "Country",
    "Mapping",
    "Region",
    "Scheme",
    "UnknownCode",
    "UnknownScheme",
    "code",
    "codelist",
    "countries",
    "country",
    "find_country",
    "lists",
    "mapping",
    "region",
    "regions",
    "rule",
    "schemes",
]
