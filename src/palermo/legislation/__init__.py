"""Texts of laws as provisions, and what is done with them: read from plain text, written and read as Akoma Ntoso,
compared word by word. Pure: no database and no Django.
"""

from palermo.legislation.akoma import Unreadable, from_akoma, to_akoma
from palermo.legislation.comparing import Difference, compare
from palermo.legislation.provisions import KINDS, LawText, Provision, frbr_uri, parse, plain

__all__ = [
    "KINDS",
    "Difference",
    "LawText",
    "Provision",
    "Unreadable",
    "compare",
    "frbr_uri",
    "from_akoma",
    "parse",
    "plain",
    "to_akoma",
]
