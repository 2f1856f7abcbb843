"""The checklists against which a State's law is read: one row an obligation, in our words, never the treaty's text.

Five instruments, 176 rows. obligation says how strongly the instrument asks; rows of different strength are never
added up. verified says whether the provision was seen in a source (yes, partial) or is from general knowledge (no):
counsel checks against the authentic text before anybody relies on a row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from palermo.standards.codes import codelist

INSTRUMENTS: Mapping[str, str] = {
    "TIP": "Protocol to Prevent, Suppress and Punish Trafficking in Persons, 2000",
    "SOM": "Protocol against the Smuggling of Migrants by Land, Sea and Air, 2000",
    "UNTOC": "United Nations Convention against Transnational Organized Crime, 2000",
    "COE": "Council of Europe Convention on Action against Trafficking in Human Beings, 2005",
    "EU": "Directive 2011/36/EU as amended by Directive (EU) 2024/1712",
}
SCHEMES = {
    "TIP": "law/tip-protocol", "SOM": "law/som-protocol", "UNTOC": "law/untoc", "COE": "law/coe-cets-197",
    "EU": "law/eu-2011-36",
}  # fmt: skip
OBLIGATIONS = (
    "mandatory", "mandatory-qualified", "definition", "endeavour", "consider", "where-appropriate", "structural",
)  # fmt: skip
PILLARS = ("prevention", "protection", "prosecution", "partnership")


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One obligation. code: "TIP 3(a)"; slug: the same for an address, "tip-3-a"; the texts are English."""

    instrument: str
    provision: str
    title: str
    obligation: str
    pillar: str
    question: str
    verified: str

    @property
    def code(self) -> str:
        return f"{self.instrument} {self.provision}"

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.code.lower()).strip("-")


@cache
def checklist() -> Mapping[str, ChecklistRow]:
    """Every row by its slug, in the order of the instruments."""
    rows = [
        ChecklistRow(
            name, one.code, one.label("en"), one.extra["obligation"], one.extra["pillar"], one.extra["question"],
            one.verified,
        )
        for name, scheme in SCHEMES.items()
        for one in codelist(scheme)
    ]  # fmt: skip
    return {row.slug: row for row in rows}


def rows_of(instrument: str = "", pillar: str = "") -> list[ChecklistRow]:
    """The rows of an instrument, of a pillar, or of both; all without either."""
    return [
        row
        for row in checklist().values()
        if instrument in ("", row.instrument) and pillar in ("", row.pillar)
    ]
