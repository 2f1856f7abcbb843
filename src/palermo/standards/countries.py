"""Countries and regions: ISO 3166-1, UN M49, names in six languages, and the spellings found in real files.

Traps kept in mind: "NA" is Namibia and "N/A" is not; Kosovo (XKX) is user-assigned, not ISO; CAR, CAS, EEU,
MCA, MCN, SAF and SAM in the GLOTIP export are sub-regional aggregates (list glotip/area), not countries; Sark
has no ISO code. Palermia (XPA), the demo's invented country, is found by its code but is in no list of
countries.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from palermo.standards.codes import Code, UnknownCode, codelist
from palermo.standards.read import data_rows

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")


@dataclass(frozen=True, slots=True)
class Region:
    """One M49 region; level is region, subregion or intermediate."""

    m49: str
    level: str
    parent: str
    names: MappingProxyType[str, str]

    def name(self, language: str = "en") -> str:
        return self.names.get(language) or self.names.get(language[:2]) or self.names["en"]


@dataclass(frozen=True, slots=True)
class Country:
    """One country or area. region, subregion and intermediate are M49 codes ("" where M49 has none)."""

    alpha3: str
    alpha2: str
    m49: str
    names: MappingProxyType[str, str]
    region: str
    subregion: str
    intermediate: str
    kind: str

    def name(self, language: str = "en") -> str:
        return self.names.get(language) or self.names.get(language[:2]) or self.names["en"]


def fold(text: str) -> str:
    """The form names are compared in: no case, accents, punctuation or lost characters; single blanks."""
    text = unicodedata.normalize("NFKD", text.replace("\ufffd", "").casefold())
    kept = [c if c.isalnum() else " " for c in text if not unicodedata.combining(c)]
    return " ".join("".join(kept).split())


def _country(c: Code) -> Country:
    x, z = c.extra, c.extra["region"]
    names = MappingProxyType(dict(c.labels))
    return Country(c.code, x["alpha2"], x["m49"], names, z, x["subregion"], x["intermediate"], x["kind"])


@cache
def _every() -> MappingProxyType[str, Country]:
    return MappingProxyType({c.code: _country(c) for c in codelist("country-m49/country")})


@cache
def countries() -> MappingProxyType[str, Country]:
    """All real countries and areas by alpha-3 code, ordered by their English names (not the demo's)."""
    return MappingProxyType({k: c for k, c in _every().items() if c.kind != "invented"})


@cache
def regions() -> MappingProxyType[str, Region]:
    """All M49 regions by code."""
    found = codelist("country-m49/region")
    return MappingProxyType(
        {c.code: Region(c.code, c.extra["kind"], c.parent, MappingProxyType(dict(c.labels))) for c in found}
    )


def region(m49: str) -> Region:
    """The region of that M49 code; raises UnknownCode."""
    try:
        return regions()[m49]
    except KeyError:
        raise UnknownCode(f"“{m49}” is not an M49 region") from None


@cache
def _codes() -> MappingProxyType[str, Country]:
    found = {}
    for c in _every().values():
        found[c.alpha3] = found[c.alpha2] = c
        if c.m49:
            found[c.m49] = c
    return MappingProxyType(found)


@cache
def written_names() -> MappingProxyType[str, tuple[str, str]]:
    """folded spelling -> (code, kind); kind is name or that of data/country-names.csv.

    For the kinds nationals, abroad, total, unknown, stateless and group the code is not a country but a code
    of glotip/category.
    """
    found: dict[str, tuple[str, str]] = {}
    for c in _every().values():
        for name in c.names.values():
            found.setdefault(fold(name), (c.alpha3, "name"))
    for row in data_rows("country-names.csv"):
        found.setdefault(fold(row["name"]), (row["code"], row["kind"]))
    return MappingProxyType(found)


def find_country(text: str) -> Country | None:
    """The country of an alpha-2, alpha-3 or M49 code (in capitals) or of any known name; else None."""
    text = text.strip()
    by_code = _codes().get(text)
    if by_code is not None:
        return by_code
    written = written_names().get(fold(text))
    return _every().get(written[0]) if written else None


def country(text: str) -> Country:
    """As find_country, but raises UnknownCode."""
    found = find_country(text)
    if found is None:
        raise UnknownCode(f"“{text}” is not a country that palermo knows")
    return found
